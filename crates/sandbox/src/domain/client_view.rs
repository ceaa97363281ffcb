//! Domain values as the types of the client protocol. Nothing else in the sandbox builds those
//! types, except the fault that adds unknown values to an answer, so that a change of the protocol
//! changes this module only.

use kassa_core::form::FieldKind;
use kassa_protocol::client::{
    ActionForm, AmountView, CardPaymentResultInfo, CodeView, Element, ErrorActions, GatewayAnswer,
    MethodView, MinorAmount, Offer, PaymentExtendInfo, PaymentState, PublishedAnswer, Refusal,
    RiskDecision, SESSION_FAILED, SavedMethodDetail, SavedMethodView, SessionConfig, TokenAnswer,
};
use kassa_protocol::{
    ChallengeWindowSize, DisplayType, ElementType, PaymentMethodType, PaymentStatus, WaitsFor,
};

use super::card::CardRecord;
use super::field::Field;
use super::merchant::card_form_path;
use super::method::{Category, CodeKind, Interaction, Method, Terminal};
use super::money::Money;
use super::payment::{CANCELLED, NextAction, Payment, RISK_REJECT, Status, message_of};
use super::scenario::ChallengeWindow;
use super::session::{Environment, Session};
use super::simulator::{Simulator, three_ds_method_path};
use super::test_card::StoredCard;
use super::web_url::Origin;
use crate::api::PaymentResultInfo;
use crate::clock::{self, Millis, epoch_millis};

/// Message of [`SESSION_FAILED`] for a session that is over or never existed.
pub const NO_SESSION: &str = "The session is unknown or has expired; create a new one";

/// Scheme of a wallet app that no phone has.
const APP_SCHEME: &str = "kassa-wallet";

/// Text of the protocol, in which an empty one means the same as an absent one.
fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The answer of an operation that was refused.
#[must_use]
pub fn refusal(code: &str, message: &str) -> GatewayAnswer {
    let refusal =
        Refusal { error_code: text(code), error_message: text(message), ..Refusal::default() };
    GatewayAnswer { success: false, refusal, ..GatewayAnswer::default() }
}

/// An answer with what the original reads besides. `offered` is the method, in the answer to a query.
#[must_use]
pub fn published(answer: GatewayAnswer, offered: Option<Method>) -> PublishedAnswer {
    let show_type = if answer.success { None } else { text("NONE") };
    PublishedAnswer {
        payment_session_config: offered.filter(|_| answer.success).map(session_config),
        error_actions: Some(ErrorActions { show_type }),
        answer,
    }
}

/// The answer for a session that is over or never existed.
#[must_use]
pub fn expired_or_unknown() -> GatewayAnswer {
    refusal(SESSION_FAILED, NO_SESSION)
}

/// The answer for a page of the other environment.
#[must_use]
pub fn other_environment(session: &Session, requested: Environment) -> GatewayAnswer {
    let of_session = session.environment.as_str();
    let message = format!(
        "The session was created for {of_session}, the page requests {}",
        requested.as_str()
    );
    let mut answer = refusal(SESSION_FAILED, &message);
    answer.refusal.environment = text(of_session);
    answer
}

/// The answer that opens a session.
#[must_use]
pub fn query_answer(session: &Session, state: PaymentState, now: Millis) -> GatewayAnswer {
    let saved = session.stored_card.as_deref().and_then(StoredCard::find);
    let offer = Offer {
        payment_amount_view: Some(amount_view(&session.amount)),
        payment_amount: Some(minor_amount(&session.amount)),
        order_amount_view: Some(amount_view(&session.order_amount)),
        order_amount: Some(minor_amount(&session.order_amount)),
        payment_methods: vec![method(session)],
        saved_payment_methods: saved.map(stored_card).into_iter().collect(),
        merchant_name: text(&session.merchant_name),
        payment_redirect_url: return_page(session),
        redirect_url: return_page(session),
        payment_session_expiry_time: text(&clock::iso(session.expires_at)),
        frame_url: session.method.is_card().then(|| card_form_path(&session.client_id)),
    };
    GatewayAnswer { offer, ..payment_answer(state, now) }
}

/// The answer to a submit and to an inquiry.
#[must_use]
pub fn payment_answer(state: PaymentState, now: Millis) -> GatewayAnswer {
    let payment = PaymentState { server_time: Some(epoch_millis(now)), ..state };
    GatewayAnswer { success: true, payment, ..GatewayAnswer::default() }
}

/// The answer with a card's token.
#[must_use]
pub fn token_answer(token: String, card: &CardRecord) -> TokenAnswer {
    TokenAnswer {
        success: true,
        card_token: Some(token),
        brand: text(&card.brand),
        last_four: text(&card.last_four),
        ..TokenAnswer::default()
    }
}

/// The answer to a card that was refused.
#[must_use]
pub fn token_refusal(code: &str, message: &str) -> TokenAnswer {
    TokenAnswer { error_code: text(code), error_message: text(message), ..TokenAnswer::default() }
}

/// `paymentStatus`.
#[must_use]
pub fn payment_status(status: Status) -> PaymentStatus {
    match status {
        Status::Processing => PaymentStatus::Processing,
        Status::Pending => PaymentStatus::Pending,
        Status::Success => PaymentStatus::Success,
        Status::Fail => PaymentStatus::Fail,
        Status::Cancelled => PaymentStatus::Cancelled,
    }
}

/// `paymentSessionConfig`: the session's kind. The SDK only distinguishes cards from other methods; the
/// original also needs the other two members, which choose its checkout app.
#[must_use]
pub fn session_config(method: Method) -> SessionConfig {
    let category = match method.category() {
        Category::Card => "CARD",
        Category::OnlineBanking => "BANK",
        Category::AlipayPlus
        | Category::Atm
        | Category::BankTransfer
        | Category::Bnpl
        | Category::CarrierBilling
        | Category::DirectDebit
        | Category::MobileBankingApp
        | Category::Otc
        | Category::RealTime
        | Category::Va
        | Category::Wallet => "APM",
    };
    SessionConfig {
        product_scene: "CASHIER_PAYMENT".to_owned(),
        product_scene_version: "1.0".to_owned(),
        payment_method_category_type: category.to_owned(),
    }
}

/// The merchant's page for the buyer after the payment.
fn return_page(session: &Session) -> Option<String> {
    session.redirect_url.as_ref().map(ToString::to_string)
}

/// The label of a currency on a page, and what stands between label and number.
fn label(money: &Money) -> (&'static str, &'static str) {
    // A code stands off from the number, a symbol does not.
    match money.currency.code() {
        "MYR" => ("RM", " "),
        "EUR" => ("\u{20ac}", ""),
        "GBP" => ("\u{a3}", ""),
        "JPY" => ("\u{a5}", ""),
        "KRW" => ("\u{20a9}", ""),
        "PHP" => ("\u{20b1}", ""),
        "THB" => ("\u{e3f}", ""),
        "USD" => ("$", ""),
        code => (code, " "),
    }
}

/// An amount in minor units.
#[must_use]
pub fn minor_amount(money: &Money) -> MinorAmount {
    MinorAmount {
        currency: money.currency.code().to_owned(),
        currency_label: text(label(money).0),
        value: money.minor.to_string(),
    }
}

/// An amount with its text on a page.
#[must_use]
pub fn amount_view(money: &Money) -> AmountView {
    let (label, divider) = label(money);
    AmountView {
        currency: money.currency.code().to_owned(),
        value: money.decimal(),
        formatted_value: Some(money.formatted()),
        currency_label: text(label),
        currency_divider: text(divider),
        currency_symbol_position: text("L"),
    }
}

/// The session's method and the fields that the page shows.
#[must_use]
pub fn method(session: &Session) -> MethodView {
    let method = session.method;
    // The field for the bank is left out when the merchant's page has collected the bank.
    let fields = method
        .shown_fields(session.scenario.ask_here)
        .filter(|(field, _)| session.bank.is_none() || !field.is_bank());
    MethodView {
        payment_method_type: Some(method.as_str().into()),
        payment_method_name: text(method.display_name()),
        category: text(method.category().as_str()),
        inter_action_type: interaction_type(method).and_then(text),
        payment_elements: fields.map(|(field, needed)| element(field, needed)).collect(),
    }
}

/// `interActionType`: one of the published values, and none for a card, as in the published sample.
/// Fields that may stay empty do not make it a form. An approval elsewhere has no value of its own:
/// like a redirect, it is a next step that shows no code.
fn interaction_type(method: Method) -> Option<&'static str> {
    match (&method.row().web, method.needs_fields()) {
        (Interaction::Card, _) => None,
        (Interaction::Redirect | Interaction::App { .. } | Interaction::Wait, false) => {
            Some("REDIRECT")
        }
        (Interaction::Redirect | Interaction::App { .. } | Interaction::Wait, true) => {
            Some("COLLECT_REDIRECT")
        }
        (Interaction::Codes(_), false) => Some("SHOW_CODE"),
        (Interaction::Codes(_), true) => Some("COLLECT_SHOW_CODE"),
    }
}

/// A field that the page shows.
#[must_use]
pub fn element(field: &Field, mandatory: bool) -> Element {
    let (shortest, longest) = field.length.unzip();
    Element {
        payment_element_key: field.key.to_owned(),
        element_type: Some(element_type(field.kind)),
        element_mandatory: mandatory,
        title: field.title.and_then(text),
        default_text: field.placeholder.and_then(text),
        options: field.options.clone(),
        min_length: shortest,
        max_length: longest,
        country: field.country.clone(),
        sub_payment_element_view: field.parts.iter().map(|part| element(part, mandatory)).collect(),
        ..Element::default()
    }
}

fn element_type(kind: FieldKind) -> ElementType {
    match kind {
        FieldKind::Bank => ElementType::Bank,
        FieldKind::Blik => ElementType::Blik,
        FieldKind::Consent => ElementType::Consent,
        FieldKind::Cpf => ElementType::Cpf,
        FieldKind::Date => ElementType::Date,
        FieldKind::Email => ElementType::Email,
        FieldKind::Name => ElementType::Name,
        FieldKind::Number => ElementType::Number,
        FieldKind::Phone => ElementType::Phone,
        FieldKind::Select => ElementType::Select,
        FieldKind::Text => ElementType::Text,
    }
}

/// A stored card.
#[must_use]
pub fn stored_card(card: &StoredCard) -> SavedMethodView {
    SavedMethodView {
        payment_method_type: Some(PaymentMethodType::Card),
        payment_method_id: text(card.id),
        payment_method_detail: Some(SavedMethodDetail {
            brand: card.brand.to_owned(),
            last4: card.last_four().to_owned(),
        }),
    }
}

/// The state of a payment. `gateway` is the origin of the simulators.
#[must_use]
pub fn payment_state(payment: &Payment, session: &Session, gateway: &Origin) -> PaymentState {
    let is_final = payment.status.is_final();
    let mut state = PaymentState {
        attempt_id: text(&payment.attempt_id),
        payment_status: Some(payment_status(payment.status)),
        payment_result_code: text(&payment.code),
        payment_result_message: text(&payment.message),
        extend_info: return_page(session)
            .map(|page| PaymentExtendInfo { payment_redirect_url: Some(page) }),
        card_payment_result_info: payment.card.as_ref().filter(|_| is_final).map(card_result),
        pop_risk_decision_result_info: risk(payment, session).filter(|_| is_final),
        ..PaymentState::default()
    };
    if let Some(key) = payment.open_key() {
        add_next_action(&mut state, payment, session, key, gateway);
    }
    state
}

fn add_next_action(
    state: &mut PaymentState,
    payment: &Payment,
    session: &Session,
    key: &str,
    gateway: &Origin,
) {
    let method = session.method;
    let until = payment.next_until.map(epoch_millis);
    match payment.next {
        NextAction::Nothing => {}
        NextAction::Redirect => {
            state.action_form = action_form(payment, method, gateway);
            state.normal_url = redirect_url(payment, method, gateway);
        }
        NextAction::App => {
            state.normal_url = redirect_url(payment, method, gateway);
            if let Interaction::App { scheme, applink } = method.interaction(Terminal::Wap) {
                state.scheme_url = scheme.then(|| format!("{APP_SCHEME}://pay/{key}"));
                state.applink_url =
                    applink.then(|| format!("{gateway}{}", Simulator::App.path(key)));
            }
        }
        NextAction::Code => {
            state.code_form_views = payment
                .codes
                .iter()
                .map(|code| CodeView {
                    code: code.text.clone(),
                    code_expire_time: until,
                    display_type: Some(display_type(code.kind)),
                })
                .collect();
        }
        NextAction::Wait => {
            state.waits_for = Some(WaitsFor::Approval);
            state.expire_time = until;
        }
        NextAction::ThreeDsMethod => state.three_ds_method_url = Some(three_ds_method_path(key)),
        NextAction::Challenge => {
            state.challenge = Some(true);
            state.challenge_url = Some(Simulator::Challenge.path(key));
            state.challenge_window_size = Some(window_size(session.scenario.challenge_window));
        }
        NextAction::ChallengePage => {
            state.challenge = Some(true);
            state.action_form = action_form(payment, method, gateway);
        }
    }
}

fn window_size(window: ChallengeWindow) -> ChallengeWindowSize {
    match window {
        ChallengeWindow::W250H400 => ChallengeWindowSize::W250H400,
        ChallengeWindow::W390H400 => ChallengeWindowSize::W390H400,
        ChallengeWindow::W500H600 => ChallengeWindowSize::W500H600,
        ChallengeWindow::W600H400 => ChallengeWindowSize::W600H400,
        ChallengeWindow::FullScreen => ChallengeWindowSize::FullScreen,
    }
}

fn display_type(kind: CodeKind) -> DisplayType {
    match kind {
        CodeKind::Qr => DisplayType::QrCode,
        CodeKind::Text | CodeKind::Number => DisplayType::Text,
        CodeKind::Barcode => DisplayType::Barcode,
    }
}

fn redirect_url(payment: &Payment, method: Method, gateway: &Origin) -> Option<String> {
    payment.redirect_path(method).map(|path| format!("{gateway}{path}"))
}

/// The page that the buyer goes to, when there is one.
#[must_use]
pub fn action_form(payment: &Payment, method: Method, gateway: &Origin) -> Option<ActionForm> {
    redirect_url(payment, method, gateway).map(|redirect_url| ActionForm {
        action_form_type: text("RedirectActionForm"),
        method: text("GET"),
        redirect_url: Some(redirect_url),
    })
}

/// The state of a session that the merchant cancelled before it was paid.
#[must_use]
pub fn cancelled_state() -> PaymentState {
    PaymentState {
        payment_status: Some(PaymentStatus::Cancelled),
        payment_result_code: text(CANCELLED),
        payment_result_message: text(message_of(CANCELLED)),
        ..PaymentState::default()
    }
}

/// The card's data in a payment result for the merchant's server.
impl From<&CardRecord> for PaymentResultInfo {
    fn from(card: &CardRecord) -> Self {
        let mut info = card_result(card);
        let cardholder_name = info.hold_name.take();
        Self { card: info, cardholder_name }
    }
}

/// The card's data in a payment result for the merchant's page.
#[must_use]
pub fn card_result(card: &CardRecord) -> CardPaymentResultInfo {
    let masked = "*".repeat(card.length.saturating_sub(card.last_four.len()));
    CardPaymentResultInfo {
        card_no: Some(format!("{masked}{}", card.last_four)),
        card_brand: text(&card.brand),
        card_bin: text(&card.bin),
        last_four: text(&card.last_four),
        issuer_name: text("Kassa Sandbox Bank"),
        issuing_country: text(&card.country),
        funding: text("CREDIT"),
        avs_result_raw: text("Y"),
        cvv_result_raw: text("Y"),
        hold_name: text(&card.holder),
        fingerprint: text(&card.fingerprint),
        expiry_month: text(&card.expiry_month),
        expiry_year: text(&card.expiry_year),
    }
}

/// The decision of risk control about a card payment.
#[must_use]
pub fn risk(payment: &Payment, session: &Session) -> Option<RiskDecision> {
    let authenticated = session.three_ds || payment.three_ds.is_some();
    payment.card.as_ref().map(|_| RiskDecision {
        risk_decision: text(if payment.code == RISK_REJECT { "REJECT" } else { "ACCEPT" }),
        risk_auth_decision: text(if authenticated { "3D" } else { "NON_3D" }),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::field::FieldSpec;

    #[test]
    fn elements_have_what_the_page_needs() {
        let spain = ["ES".to_owned()];
        let of = |word: &str| {
            let spec = FieldSpec::parse(word, &spain).unwrap();
            let (field, needed) = spec.in_page(true).unwrap();
            serde_json::to_value(element(field, needed)).unwrap()
        };
        assert_eq!(
            of("phone"),
            json!({ "paymentElementKey": "phone", "elementType": "PHONE", "elementMandatory": true,
                    "country": "ES" })
        );
        assert_eq!(of("bank^:FPX")["options"][0], json!({ "value": "MYM2U", "text": "Maybank" }));
        assert_eq!(of("bank^:FPX")["elementMandatory"], false);
        let name = of("name");
        assert_eq!(name["subPaymentElementView"][1]["paymentElementKey"], "lastName");
        assert_eq!(name["subPaymentElementView"][1]["maxLength"], 32);
        let spec = FieldSpec::parse("bank^:FPX", &spain).unwrap();
        assert!(spec.in_page(false).is_none());
    }
}

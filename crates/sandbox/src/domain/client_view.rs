//! Domain values as the types of the client protocol. Nothing else in the sandbox builds those
//! types, so that a change of the protocol changes this module only.

use kassa_core::form::Kind;
use kassa_protocol::PaymentStatus;
use kassa_protocol::client::{
    ActionForm, AmountView, CardPaymentResultInfo, Choice, CodeView, Element, MethodView,
    PaymentState, RiskDecision, SavedMethodDetail, SavedMethodView, SessionConfig,
};

use super::card::CardRecord;
use super::field::{Field, FieldOption};
use super::method::{Category, CodeKind, Interaction, Method, Terminal};
use super::money::Money;
use super::payment::{CANCELLED, NextAction, Payment, RISK_REJECT, Status, message_of};
use super::session::Session;
use super::simulator::{Simulator, three_ds_method_path};
use super::test_card::StoredCard;
use super::web_url::Origin;
use crate::clock::Millis;

/// Scheme of a wallet app that no phone has.
const APP_SCHEME: &str = "kassa-wallet";

/// A moment, epoch milliseconds.
#[must_use]
pub fn time(at: Millis) -> String {
    at.to_string()
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

/// The session's kind. The SDK only distinguishes cards from other methods.
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
        payment_method_category_type: category.to_owned(),
    }
}

/// An amount with what a page writes for it.
#[must_use]
pub fn amount(money: &Money) -> AmountView {
    // A code stands off from the number, a symbol does not.
    let (label, divider) = match money.currency.code() {
        "MYR" => ("RM", " "),
        "EUR" => ("\u{20ac}", ""),
        "GBP" => ("\u{a3}", ""),
        "JPY" => ("\u{a5}", ""),
        "KRW" => ("\u{20a9}", ""),
        "PHP" => ("\u{20b1}", ""),
        "THB" => ("\u{e3f}", ""),
        "USD" => ("$", ""),
        code => (code, " "),
    };
    AmountView {
        currency: money.currency.code().to_owned(),
        value: money.minor.to_string(),
        formatted_value: money.formatted(),
        currency_label: label.to_owned(),
        currency_divider: divider.to_owned(),
        currency_symbol_position: "L".to_owned(),
    }
}

/// The session's method and the fields that the page shows.
#[must_use]
pub fn method(session: &Session) -> MethodView {
    let method = session.method;
    // A bank that the buyer chose on the merchant's page is not chosen again.
    let fields = method
        .shown_fields(session.scenario.ask_here)
        .filter(|(field, _)| session.bank.is_none() || !field.is_bank());
    MethodView {
        payment_method_type: method.as_str().to_owned(),
        payment_method_name: method.display_name().to_owned(),
        category: method.category().as_str().to_owned(),
        inter_action_type: interaction_type(method).to_owned(),
        payment_elements: fields.map(|(field, needed)| element(field, needed)).collect(),
    }
}

/// `interActionType`. Fields that may stay empty do not make it a form.
fn interaction_type(method: Method) -> &'static str {
    match (&method.row().web, method.needs_fields()) {
        (Interaction::Card | Interaction::Wait, _) => "COLLECT",
        (Interaction::Redirect | Interaction::App { .. }, false) => "REDIRECT",
        (Interaction::Redirect | Interaction::App { .. }, true) => "COLLECT_REDIRECT",
        (Interaction::Codes(_), false) => "SHOW_CODE",
        (Interaction::Codes(_), true) => "COLLECT_SHOW_CODE",
    }
}

/// A field that the page shows.
#[must_use]
pub fn element(field: &Field, mandatory: bool) -> Element {
    let choice =
        |option: &FieldOption| Choice { value: option.value.clone(), text: option.text.clone() };
    let (shortest, longest) = field.length.unzip();
    Element {
        payment_element_key: field.key.to_owned(),
        element_type: element_type(field.kind).to_owned(),
        element_mandatory: mandatory,
        title: field.title.to_owned(),
        default_text: field.placeholder.map(str::to_owned),
        options: field.options.iter().map(choice).collect(),
        min_length: shortest,
        max_length: longest,
        country: field.country.clone(),
        sub_payment_element_view: field.parts.iter().map(|part| element(part, mandatory)).collect(),
    }
}

fn element_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Bank => "BANK",
        Kind::Blik => "BLIK",
        Kind::Consent => "CONSENT",
        Kind::Cpf => "CPF",
        Kind::Date => "DATE",
        Kind::Email => "EMAIL",
        Kind::Name => "NAME",
        Kind::Number => "NUMBER",
        Kind::Phone => "PHONE",
        Kind::Select => "SELECT",
        Kind::Text => "TEXT",
    }
}

/// A stored card.
#[must_use]
pub fn stored_card(card: &StoredCard) -> SavedMethodView {
    SavedMethodView {
        payment_method_type: "CARD".to_owned(),
        payment_method_id: card.id.to_owned(),
        payment_method_detail: SavedMethodDetail {
            brand: card.brand.to_owned(),
            last4: card.last_four().to_owned(),
        },
    }
}

/// The state of a payment. `gateway` is the origin of the simulators.
#[must_use]
pub fn payment_state(payment: &Payment, session: &Session, gateway: &Origin) -> PaymentState {
    let is_final = payment.status.is_final();
    let mut state = PaymentState {
        attempt_id: Some(payment.attempt_id.clone()),
        payment_status: Some(payment_status(payment.status)),
        payment_result_code: Some(payment.code.clone()),
        payment_result_message: Some(payment.message.clone()),
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
    let until = payment.next_until.map(time);
    match payment.next {
        NextAction::Nothing => {}
        NextAction::Redirect => {
            state.action_form = action_form(payment, method, gateway);
            state.normal_url = state.action_form.as_ref().map(|form| form.redirect_url.clone());
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
                    code_expire_time: until.clone().unwrap_or_default(),
                    display_type: display_type(code.kind).to_owned(),
                })
                .collect();
        }
        NextAction::Wait => {
            state.waits_for = Some("APPROVAL".to_owned());
            state.expire_time = until;
        }
        NextAction::ThreeDsMethod => state.three_ds_method_url = Some(three_ds_method_path(key)),
        NextAction::Challenge => {
            let size = session.scenario.challenge_window.as_str().to_owned();
            state.challenge = Some(true);
            state.challenge_url = Some(Simulator::Challenge.path(key));
            state.challenge_window_size = Some(size);
        }
        NextAction::ChallengePage => {
            state.challenge = Some(true);
            state.action_form = action_form(payment, method, gateway);
        }
    }
}

fn display_type(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Qr => "QRCODE",
        CodeKind::Text | CodeKind::Number => "TEXT",
        CodeKind::Barcode => "BARCODE",
    }
}

fn redirect_url(payment: &Payment, method: Method, gateway: &Origin) -> Option<String> {
    payment.redirect_path(method).map(|path| format!("{gateway}{path}"))
}

/// The page that the buyer goes to, when there is one.
#[must_use]
pub fn action_form(payment: &Payment, method: Method, gateway: &Origin) -> Option<ActionForm> {
    redirect_url(payment, method, gateway).map(|redirect_url| ActionForm {
        action_form_type: "RedirectActionForm".to_owned(),
        method: "GET".to_owned(),
        redirect_url,
        parameters: None,
    })
}

/// The state of a session that the merchant cancelled before it was paid.
#[must_use]
pub fn cancelled_state() -> PaymentState {
    PaymentState {
        payment_status: Some(PaymentStatus::Cancelled),
        payment_result_code: Some(CANCELLED.to_owned()),
        payment_result_message: Some(message_of(CANCELLED).to_owned()),
        ..PaymentState::default()
    }
}

/// The facts about a card that a merchant may see after a payment.
#[must_use]
pub fn card_result(card: &CardRecord) -> CardPaymentResultInfo {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
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
        risk_decision: if payment.code == RISK_REJECT { "REJECT" } else { "ACCEPT" }.to_owned(),
        risk_auth_decision: if authenticated { "3D" } else { "NON_3D" }.to_owned(),
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
                    "title": "Phone number", "country": "ES" })
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

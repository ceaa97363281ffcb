//! The protocol between the SDK in the buyer's browser and the gateway (`POST /mgw.htm`).
//!
//! A request is a JSON array with one object, its operation is named in the header
//! `Operation-Type`; an answer is one flat JSON object.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{PaymentStatus, Text};

/// Opens a session.
pub const QUERY: &str = "com.ipay.iexpcashier.sdkAction.query";
/// Pays.
pub const SUBMIT: &str = "com.ipay.iexpcashier.cashier.submitPayByPaymentSession";
/// Asks how a payment stands. Ours.
pub const INQUIRE: &str = "kassa.payment.inquire";

/// `errorCode` for a session that is unknown, expired or of the other environment.
pub const SESSION_FAILED: &str = "INQUIRY_PAYMENT_SESSION_FAILED";

/// What the sandbox reads of any of the three requests.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Three parts joined by `&&`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_session_data: Option<Text>,
    /// Submit: how it is paid.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub payment_method: Option<ChosenMethod>,
    /// Submit: the form's values by the keys of their elements, and `cardToken`, the one-time token
    /// from the card frame (ours).
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub payment_factors: Option<BTreeMap<String, Value>>,
    /// Query: what the merchant told the SDK to pass on, whatever it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_appoint_param: Option<Value>,
    /// The buyer's terminal.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub env_info: Option<EnvInfo>,
    /// Extras.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub ext_params: Option<ExtParams>,
}

impl Request {
    /// Whether the merchant wants the security code of a stored card:
    /// `merchantAppointParam.storedCard.needCVV`.
    #[must_use]
    pub fn needs_cvc(&self) -> bool {
        let told = self.merchant_appoint_param.as_ref();
        match told.and_then(|told| told.pointer("/storedCard/needCVV")) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            Some(Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => {
                false
            }
        }
    }
}

/// The method that the buyer chose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChosenMethod {
    /// Such as `CARD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_type: Option<Text>,
}

/// The buyer's terminal, as far as the sandbox reads it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvInfo {
    /// `WEB` or `WAP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal_type: Option<Text>,
}

/// Extras of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtParams {
    /// Makes a submit idempotent; at most 64 characters. Ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<Text>,
    /// Inquire: whether the card issuer's hidden page was done, `Y`, or not in time, `N`. Ours.
    #[serde(default, rename = "threeDSCompInd", skip_serializing_if = "Option::is_none")]
    pub three_ds_comp_ind: Option<Text>,
}

/// An answer that did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// False.
    pub success: bool,
    /// Why, as a code.
    #[serde(default)]
    pub error_code: String,
    /// Why, for an engineer.
    #[serde(default)]
    pub error_message: String,
    /// The session's own environment when it is not the caller's. Ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

/// Money, ready to be shown and to be computed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AmountView {
    /// ISO 4217 code.
    pub currency: String,
    /// Minor units.
    pub value: String,
    /// Grouped and with its decimals, without the currency.
    pub formatted_value: String,
    /// What to write for the currency.
    pub currency_label: String,
    /// What stands between label and number.
    pub currency_divider: String,
    /// `L` or `R` of the number.
    pub currency_symbol_position: String,
}

/// What the session is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionConfig {
    /// `CASHIER_PAYMENT`.
    pub product_scene: String,
    /// `CARD`, `BANK` or `APM`.
    pub payment_method_category_type: String,
}

/// A method that the buyer may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MethodView {
    /// Such as `CARD`.
    pub payment_method_type: String,
    /// For the buyer, English.
    pub payment_method_name: String,
    /// Such as `CARD` or `ONLINE_BANKING`.
    pub category: String,
    /// `COLLECT`: a form first; `REDIRECT`: straight to another page; `SHOW_CODE`: a code in the
    /// page; `COLLECT_REDIRECT` and `COLLECT_SHOW_CODE`: after a form.
    pub inter_action_type: String,
    /// Fields to collect; the card's are in the frame.
    #[serde(default)]
    pub payment_elements: Vec<Element>,
}

/// A field to collect.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Element {
    /// The member of `paymentFactors` that the value becomes.
    pub payment_element_key: String,
    /// Such as `PHONE`; an open list.
    pub element_type: String,
    /// Whether it may not stay empty.
    pub element_mandatory: bool,
    /// The label, English.
    pub title: String,
    /// What to write in the empty field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_text: Option<String>,
    /// What can be chosen. Ours.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// The fewest characters. Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u16>,
    /// The most characters. Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u16>,
    /// ISO 3166 alpha-2: where a national phone number belongs. Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Elements of which this one is only the heading.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sub_payment_element_view: Vec<Self>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub text: String,
}

/// A stored card that the session was created for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedMethodView {
    /// `CARD`.
    pub payment_method_type: String,
    /// The merchant's id of it.
    pub payment_method_id: String,
    /// For display.
    pub payment_method_detail: SavedMethodDetail,
}

/// What may be shown of a stored card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedMethodDetail {
    /// Such as `VISA`.
    pub brand: String,
    /// Last four digits.
    pub last4: String,
}

/// A code to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeView {
    /// What it says.
    pub code: String,
    /// Until when it is good, epoch milliseconds.
    pub code_expire_time: String,
    /// `QRCODE`, `BARCODE` or `TEXT`.
    pub display_type: String,
}

/// A page that the buyer must go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionForm {
    /// `RedirectActionForm`.
    pub action_form_type: String,
    /// `GET` or `POST`.
    pub method: String,
    /// Where to.
    pub redirect_url: String,
    /// JSON text of the fields of a `POST`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<String>,
}

/// Facts about the card that may be shown or kept. All are text and all are optional.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CardPaymentResultInfo {
    /// Masked number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_no: Option<String>,
    /// Such as `VISA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_brand: Option<String>,
    /// First six digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_bin: Option<String>,
    /// Last four digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_four: Option<String>,
    /// The bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_name: Option<String>,
    /// ISO 3166 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuing_country: Option<String>,
    /// `CREDIT`, `DEBIT`, `PREPAID`, `CHARGE` or `DEFERRED_DEBIT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funding: Option<String>,
    /// Raw address check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avs_result_raw: Option<String>,
    /// Raw security code check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cvv_result_raw: Option<String>,
    /// The holder's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_name: Option<String>,
    /// The same for the same number, and nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Two digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_month: Option<String>,
    /// Two digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_year: Option<String>,
}

/// What risk control said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RiskDecision {
    /// `ACCEPT` or `REJECT`.
    pub risk_decision: String,
    /// `3D` or `NON_3D`.
    pub risk_auth_decision: String,
}

/// How a session's payment stands; part of every successful answer. Empty without a payment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentState {
    /// The attempt that started this payment. Ours: an inquiry after a silent submit must not take
    /// an earlier attempt's failure for the silent one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<String>,
    /// State of the payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_status: Option<PaymentStatus>,
    /// Why it is in that state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_result_code: Option<String>,
    /// The same for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_result_message: Option<String>,
    /// A page on which the buyer goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normal_url: Option<String>,
    /// The same as a form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_form: Option<ActionForm>,
    /// Opens the app by its own scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme_url: Option<String>,
    /// Opens the app by a web address that it takes over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applink_url: Option<String>,
    /// Codes to show.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code_form_views: Vec<CodeView>,
    /// `APPROVAL`: the buyer has to approve on their phone. Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
    /// Until when that is awaited, epoch milliseconds. Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_time: Option<String>,
    /// Path of the card issuer's hidden page. Ours.
    #[serde(rename = "threeDSMethodUrl", skip_serializing_if = "Option::is_none")]
    pub three_ds_method_url: Option<String>,
    /// True when `challenge_url` or `action_form` is the card issuer's check. Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<bool>,
    /// Path of the card issuer's check, for a frame. Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_url: Option<String>,
    /// EMVCo's size of that frame, `01` to `05`. Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_window_size: Option<String>,
    /// Facts about the card, once the payment is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_payment_result_info: Option<CardPaymentResultInfo>,
    /// What risk control said, once the payment is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pop_risk_decision_result_info: Option<RiskDecision>,
}

/// Answer to [`QUERY`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryAnswer {
    /// True.
    pub success: bool,
    /// What the session is for.
    pub payment_session_config: SessionConfig,
    /// What is to be paid.
    pub payment_amount_view: AmountView,
    /// What the order costs.
    pub order_amount_view: AmountView,
    /// What the buyer may use.
    pub payment_methods: Vec<MethodView>,
    /// The stored card that the session is for.
    pub saved_payment_methods: Vec<SavedMethodView>,
    /// Who sells. Ours.
    pub merchant_name: String,
    /// Where the buyer ends. Ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_redirect_url: Option<String>,
    /// ISO 8601. Ours.
    pub payment_session_expiry_time: String,
    /// Epoch milliseconds. Ours.
    pub server_time: String,
    /// Path of the card form on the gateway. Ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame_url: Option<String>,
    /// How the session's payment stands, if there is one.
    #[serde(flatten)]
    pub state: PaymentState,
}

/// Answer to [`SUBMIT`] and [`INQUIRE`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentAnswer {
    /// True.
    pub success: bool,
    /// Epoch milliseconds: what the other times are measured against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<String>,
    /// How the session's payment stands, if there is one.
    #[serde(flatten)]
    pub state: PaymentState,
}

/// What the card frame posts to its own origin to exchange a card for a token. Ours.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenRequest {
    /// Session id, three parts.
    pub session: Text,
    /// `paymentMethodId` of a stored card, instead of number, expiry and holder.
    pub stored: Text,
    /// The card's number, digits.
    pub number: Text,
    /// Two digits.
    pub expiry_month: Text,
    /// Two digits.
    pub expiry_year: Text,
    /// Three or four digits.
    pub cvc: Text,
    /// The holder's name.
    pub holder: Text,
}

/// Answer to a [`TokenRequest`]. Ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenAnswer {
    /// True.
    pub success: bool,
    /// Good once, for this session, ten minutes.
    pub card_token: String,
    /// Such as `VISA`.
    pub brand: String,
    /// For display.
    pub last_four: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_survive_what_they_do_not_know() {
        let answer: PaymentAnswer = serde_json::from_str(
            r#"{"success":true,"paymentStatus":"TELEPORTED","shiny":{"new":[1]},"serverTime":"1"}"#,
        )
        .unwrap();
        assert_eq!(answer.state.payment_status.unwrap().as_str(), "TELEPORTED");
    }

    #[test]
    fn an_empty_state_adds_nothing() {
        let answer =
            PaymentAnswer { success: true, server_time: None, state: PaymentState::default() };
        assert_eq!(serde_json::to_string(&answer).unwrap(), r#"{"success":true}"#);
    }
}

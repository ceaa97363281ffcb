//! The signed API between a merchant's server and the gateway (`/ams/…/v1/payments/…`).
//!
//! Every member is optional here: a missing one is the reader's to name.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::client::{ActionForm, CardPaymentResultInfo, RiskDecision};
use crate::{PaymentStatus, ResultStatus, Text};

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallResult {
    /// Upper snake case, at most 64 characters.
    pub result_code: String,
    /// `S`, `F` or `U`.
    pub result_status: ResultStatus,
    /// For people, at most 256 characters.
    pub result_message: String,
}

/// Money.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    /// ISO 4217 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Text>,
    /// Positive integer in minor units, at most 16 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Text>,
}

impl Amount {
    /// An amount of `value` minor units.
    #[must_use]
    pub fn new(currency: &str, value: &str) -> Self {
        Self { currency: Some(currency.into()), value: Some(value.into()) }
    }
}

/// What is bought.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The merchant's id, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_order_id: Option<Text>,
    /// At most 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_description: Option<Text>,
    /// What the order costs.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub order_amount: Option<Amount>,
    /// When present, the payment may be lower than the order.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub order_discount_amount: Option<Amount>,
    /// Who sells.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub merchant: Option<Merchant>,
}

/// Who sells, as the buyer should see it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Merchant {
    /// Name shown to the buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_display_name: Option<Text>,
    /// Registered name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_name: Option<Text>,
}

/// How it is paid.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentMethod {
    /// Such as `CARD`; an open list, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_type: Option<Text>,
    /// Of a stored card, at most 128 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_id: Option<Text>,
    /// Free form, such as `{"is3DSAuthentication": true}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_meta_data: Option<Value>,
}

/// Request of `createPaymentSession`, as far as the sandbox reads it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePaymentSessionRequest {
    /// `CASHIER_PAYMENT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_code: Option<Text>,
    /// Idempotency key, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<Text>,
    /// What is bought.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub order: Option<Order>,
    /// What is to be paid.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub payment_amount: Option<Amount>,
    /// How it is paid.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub payment_method: Option<PaymentMethod>,
    /// Where the buyer ends, at most 2048 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_redirect_url: Option<Text>,
    /// Where results are notified, at most 2048 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_notify_url: Option<Text>,
    /// ISO 8601 with offset, at most one hour ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_session_expiry_time: Option<Text>,
    /// When the unpaid order closes, ISO 8601 with offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_expiry_time: Option<Text>,
    /// Free text; the sandbox reads the member `sandbox` when it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Text>,
}

/// Answer of `createPaymentSession`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePaymentSessionResponse {
    /// How the call ended.
    pub result: CallResult,
    /// For the browser SDK, unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_session_data: Option<String>,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_session_expiry_time: Option<String>,
    /// At most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_session_id: Option<String>,
}

/// Request of `inquiryPayment`: one of the two; the payment id wins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiryPaymentRequest {
    /// The merchant's id of the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<Text>,
    /// The gateway's id of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<Text>,
}

/// Answer of `inquiryPayment`. Everything but `result` means something only when the call's
/// status is `S`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiryPaymentResponse {
    /// How the call ended; not how the payment did.
    pub result: CallResult,
    /// State of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_status: Option<PaymentStatus>,
    /// Why it is in that state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_result_code: Option<String>,
    /// The same for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_result_message: Option<String>,
    /// The merchant's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<String>,
    /// The gateway's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<String>,
    /// What is or was to be paid.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub payment_amount: Option<Amount>,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_create_time: Option<String>,
    /// When it was paid, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_time: Option<String>,
    /// Such as `CARD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_type: Option<String>,
    /// Where the buyer can still go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_action_form: Option<ActionForm>,
    /// Facts about the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_result_info: Option<CardPaymentResultInfo>,
    /// What risk control said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pop_risk_decision_result_info: Option<RiskDecision>,
    /// The merchant's text, echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
}

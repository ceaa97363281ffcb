//! The signed API between a merchant's server and the gateway (`/ams/…/v1/payments/…`).
//!
//! Every member is optional here: a missing one is the reader's to name.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::client::{ActionForm, CardPaymentResultInfo, RiskDecision};
use crate::{Flag, NotifyType, PaymentStatus, ResultStatus, Text, TransactionType};

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

/// How the money is taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentFactor {
    /// Whether the payment is an authorisation, as card payments are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_authorization: Option<Flag>,
    /// `AUTOMATIC`, which is the default, or `MANUAL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_mode: Option<Text>,
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
    /// How the money is taken.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub payment_factor: Option<PaymentFactor>,
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
    /// At most 32 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_account_id: Option<Text>,
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
    /// What happened to the money, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transactions: Vec<Transaction>,
    /// The merchant's text, echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
}

/// One movement of money, or an attempt at one, in the answer of `inquiryPayment`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// How it ended.
    pub transaction_result: CallResult,
    /// The gateway's id: a payment's, capture's or refund's; a cancellation has the payment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// What it is.
    pub transaction_type: TransactionType,
    /// How it stands.
    pub transaction_status: PaymentStatus,
    /// How much it moves.
    pub transaction_amount: Amount,
    /// The merchant's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_request_id: Option<String>,
    /// When it happened, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_time: Option<String>,
}

/// Request of `cancel`: one of the two; the payment id wins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelRequest {
    /// The gateway's id of the payment, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<Text>,
    /// The merchant's id of the session, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<Text>,
    /// At most 32 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_account_id: Option<Text>,
}

/// Answer of `cancel`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelResponse {
    /// How the call ended.
    pub result: CallResult,
    /// The gateway's id, when there was a payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<String>,
    /// The merchant's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<String>,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_time: Option<String>,
}

/// Request of `refund`, as far as the sandbox reads it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundRequest {
    /// Idempotency key, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_request_id: Option<Text>,
    /// The payment, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<Text>,
    /// At most what was paid and not yet given back.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub refund_amount: Option<Amount>,
    /// The seller's id, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_refund_id: Option<Text>,
    /// At most 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_reason: Option<Text>,
    /// Where the result is notified, instead of the session's address; at most 2048 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_notify_url: Option<Text>,
    /// Whether only the notification tells the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_async_refund: Option<Flag>,
    /// The capture that is given back, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_id: Option<Text>,
    /// At most 32 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_account_id: Option<Text>,
}

/// Answer of `refund`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundResponse {
    /// How the call ended.
    pub result: CallResult,
    /// The merchant's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_request_id: Option<String>,
    /// The gateway's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_id: Option<String>,
    /// The payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<String>,
    /// What was asked for.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub refund_amount: Option<Amount>,
    /// What the buyer gets, in the currency that they paid in.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub actual_refund_amount: Option<Amount>,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_time: Option<String>,
}

/// Request of `inquiryRefund`: one of the two; the refund id wins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiryRefundRequest {
    /// The merchant's id, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_request_id: Option<Text>,
    /// The gateway's id, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_id: Option<Text>,
    /// At most 32 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_account_id: Option<Text>,
}

/// Answer of `inquiryRefund`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiryRefundResponse {
    /// How the call ended.
    pub result: CallResult,
    /// The merchant's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_request_id: Option<String>,
    /// The gateway's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_id: Option<String>,
    /// The payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<String>,
    /// What was asked for.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub refund_amount: Option<Amount>,
    /// `SUCCESS`, `PROCESSING` or `FAIL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_status: Option<PaymentStatus>,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_time: Option<String>,
}

/// Request of `capture`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureRequest {
    /// Idempotency key, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_request_id: Option<Text>,
    /// The payment, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<Text>,
    /// At most what was authorised and not yet captured.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub capture_amount: Option<Amount>,
}

/// Answer of `capture`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureResponse {
    /// How the call ended.
    pub result: CallResult,
    /// The merchant's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_request_id: Option<String>,
    /// The gateway's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_id: Option<String>,
    /// The payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_id: Option<String>,
    /// What was captured.
    #[serde(
        default,
        deserialize_with = "crate::object::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub capture_amount: Option<Amount>,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_time: Option<String>,
}

/// Request of `retrievePaymentSession`: one of the two; the session id wins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RetrievePaymentSessionRequest {
    /// The merchant's id of the session, at most 64 characters. One official SDK spells it with
    /// underscores.
    #[serde(default, alias = "payment_request_id", skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<Text>,
    /// The gateway's id of the session, at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_session_id: Option<Text>,
}

/// Answer of `retrievePaymentSession`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RetrievePaymentSessionResponse {
    /// How the call ended.
    pub result: CallResult,
    /// The order as it stands in the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
}

/// What the gateway posts to `paymentNotifyUrl` about a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentNotification {
    /// What it is about.
    pub notify_type: NotifyType,
    /// How the payment ended; of a pending one, that it is under way.
    pub result: CallResult,
    /// The merchant's id.
    pub payment_request_id: String,
    /// The gateway's id.
    pub payment_id: String,
    /// What is or was to be paid.
    pub payment_amount: Amount,
    /// What the buyer pays, in the currency that they pay in.
    pub actual_payment_amount: Amount,
    /// ISO 8601.
    pub payment_create_time: String,
    /// When it was paid, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_time: Option<String>,
    /// Such as `CARD`.
    pub payment_method_type: String,
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

/// What the gateway posts about a capture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureNotification {
    /// `CAPTURE_RESULT`.
    pub notify_type: NotifyType,
    /// How it ended.
    pub result: CallResult,
    /// The merchant's id.
    pub capture_request_id: String,
    /// The gateway's id.
    pub capture_id: String,
    /// The payment.
    pub payment_id: String,
    /// How much.
    pub capture_amount: Amount,
    /// ISO 8601.
    pub capture_time: String,
}

/// What the gateway posts about a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundNotification {
    /// `REFUND_RESULT`.
    pub notify_type: NotifyType,
    /// How it ended.
    pub result: CallResult,
    /// `SUCCESS` or `FAIL`.
    pub refund_status: PaymentStatus,
    /// The merchant's id.
    pub refund_request_id: String,
    /// The gateway's id.
    pub refund_id: String,
    /// How much.
    pub refund_amount: Amount,
    /// ISO 8601.
    pub refund_time: String,
}

/// What a merchant answers a notification with, and nothing else stops the repetition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Acknowledgement {
    /// `SUCCESS` with status `S`.
    pub result: CallResult,
}

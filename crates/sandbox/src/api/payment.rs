//! `inquiryPayment`, `cancel`, `capture`, `refund` and `inquiryRefund`.

use kassa_protocol::client::{ActionForm, RiskDecision};
use kassa_protocol::{PaymentStatus, Text, object};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::{Amount, CallResult, Flag, PaymentResultInfo};

/// Kind of a movement of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TransactionType {
    /// Money that is taken at once.
    Payment,
    /// Money that is held until it is captured.
    Authorization,
    /// Held money that is taken.
    Capture,
    /// Money that goes back.
    Refund,
    /// A payment that is taken back as a whole.
    Cancel,
    /// Held money that is released.
    Void,
}

/// Request of `inquiryPayment`: one of the two; the payment id wins.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiryPaymentRequest {
    /// The merchant's id of the session.
    pub payment_request_id: Option<Text>,
    /// The gateway's id of the payment.
    pub payment_id: Option<Text>,
    /// At most 32 characters.
    pub merchant_account_id: Option<Text>,
}

/// Answer of `inquiryPayment`. Everything but `result` means something only when the call's
/// status is `S`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiryPaymentResponse {
    /// The result of the call, not of the payment.
    pub result: CallResult,
    /// State of the payment.
    pub payment_status: Option<PaymentStatus>,
    /// The reason of the state, as a code.
    pub payment_result_code: Option<String>,
    /// The same for people.
    pub payment_result_message: Option<String>,
    /// The merchant's id.
    pub payment_request_id: Option<String>,
    /// The gateway's id.
    pub payment_id: Option<String>,
    /// The amount of the payment.
    #[serde(default, deserialize_with = "object::optional")]
    pub payment_amount: Option<Amount>,
    /// The amount that a paid payment took, in the buyer's currency.
    #[serde(default, deserialize_with = "object::optional")]
    pub actual_payment_amount: Option<Amount>,
    /// Until when money is held that can be captured, ISO 8601.
    pub auth_expiry_time: Option<String>,
    /// ISO 8601.
    pub payment_create_time: Option<String>,
    /// When it was paid, ISO 8601.
    pub payment_time: Option<String>,
    /// Such as `CARD`.
    pub payment_method_type: Option<String>,
    /// The page on which the buyer can continue.
    pub redirect_action_form: Option<ActionForm>,
    /// The card's data: brand, issuer, checks.
    pub payment_result_info: Option<PaymentResultInfo>,
    /// The decision of risk control.
    pub pop_risk_decision_result_info: Option<RiskDecision>,
    /// The movements of the money, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transactions: Vec<Transaction>,
    /// The `metadata` of the session, unchanged.
    pub metadata: Option<String>,
}

/// One movement of money, or an attempt at one, in the answer of `inquiryPayment`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// The result.
    pub transaction_result: CallResult,
    /// The gateway's id: a payment's, capture's or refund's; a cancellation has the payment's.
    pub transaction_id: Option<String>,
    /// The kind.
    pub transaction_type: TransactionType,
    /// The state.
    pub transaction_status: PaymentStatus,
    /// The amount.
    pub transaction_amount: Amount,
    /// The merchant's id.
    pub transaction_request_id: Option<String>,
    /// Its time, ISO 8601.
    pub transaction_time: Option<String>,
}

/// Request of `cancel`: one of the two; the payment id wins.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelRequest {
    /// The gateway's id of the payment, at most 64 characters.
    pub payment_id: Option<Text>,
    /// The merchant's id of the session, at most 64 characters.
    pub payment_request_id: Option<Text>,
    /// At most 32 characters.
    pub merchant_account_id: Option<Text>,
}

/// Answer of `cancel`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelResponse {
    /// The result of the call.
    pub result: CallResult,
    /// The gateway's id, when there was a payment.
    pub payment_id: Option<String>,
    /// The merchant's id.
    pub payment_request_id: Option<String>,
    /// ISO 8601.
    pub cancel_time: Option<String>,
}

/// Request of `refund`, as far as the sandbox reads it.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundRequest {
    /// Idempotency key, at most 64 characters.
    pub refund_request_id: Option<Text>,
    /// The payment, at most 64 characters.
    pub payment_id: Option<Text>,
    /// At most the amount that was paid and not yet refunded.
    #[serde(default, deserialize_with = "object::optional")]
    pub refund_amount: Option<Amount>,
    /// The seller's id, at most 64 characters.
    pub reference_refund_id: Option<Text>,
    /// At most 256 characters.
    pub refund_reason: Option<Text>,
    /// Address for the notification in place of the session's; at most 2048 characters.
    pub refund_notify_url: Option<Text>,
    /// Whether the result comes by notification only.
    pub is_async_refund: Option<Flag>,
    /// The capture that is refunded, at most 64 characters.
    pub capture_id: Option<Text>,
    /// At most 32 characters.
    pub merchant_account_id: Option<Text>,
}

/// Answer of `refund`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundResponse {
    /// The result of the call.
    pub result: CallResult,
    /// The merchant's id.
    pub refund_request_id: Option<String>,
    /// The gateway's id.
    pub refund_id: Option<String>,
    /// The payment.
    pub payment_id: Option<String>,
    /// The requested amount.
    #[serde(default, deserialize_with = "object::optional")]
    pub refund_amount: Option<Amount>,
    /// The amount in the buyer's currency.
    #[serde(default, deserialize_with = "object::optional")]
    pub actual_refund_amount: Option<Amount>,
    /// ISO 8601.
    pub refund_time: Option<String>,
}

/// Request of `inquiryRefund`: one of the two; the refund id wins.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiryRefundRequest {
    /// The merchant's id, at most 64 characters.
    pub refund_request_id: Option<Text>,
    /// The gateway's id, at most 64 characters.
    pub refund_id: Option<Text>,
    /// At most 32 characters.
    pub merchant_account_id: Option<Text>,
}

/// Answer of `inquiryRefund`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InquiryRefundResponse {
    /// The result of the call.
    pub result: CallResult,
    /// The merchant's id.
    pub refund_request_id: Option<String>,
    /// The gateway's id.
    pub refund_id: Option<String>,
    /// The payment.
    pub payment_id: Option<String>,
    /// The requested amount.
    #[serde(default, deserialize_with = "object::optional")]
    pub refund_amount: Option<Amount>,
    /// `SUCCESS`, `PROCESSING` or `FAIL`.
    pub refund_status: Option<PaymentStatus>,
    /// ISO 8601.
    pub refund_time: Option<String>,
}

/// Request of `capture`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureRequest {
    /// Idempotency key, at most 64 characters.
    pub capture_request_id: Option<Text>,
    /// The payment, at most 64 characters.
    pub payment_id: Option<Text>,
    /// At most what was authorised and not yet captured.
    #[serde(default, deserialize_with = "object::optional")]
    pub capture_amount: Option<Amount>,
    /// `FINAL`, which is the default and closes the authorisation, or `NON_FINAL`.
    pub capture_type: Option<Text>,
    /// Whether this capture closes the authorisation.
    pub is_last_capture: Option<Flag>,
}

/// Answer of `capture`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureResponse {
    /// The result of the call.
    pub result: CallResult,
    /// The merchant's id.
    pub capture_request_id: Option<String>,
    /// The gateway's id.
    pub capture_id: Option<String>,
    /// The payment.
    pub payment_id: Option<String>,
    /// The captured amount.
    #[serde(default, deserialize_with = "object::optional")]
    pub capture_amount: Option<Amount>,
    /// ISO 8601.
    pub capture_time: Option<String>,
}

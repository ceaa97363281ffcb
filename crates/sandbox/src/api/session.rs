//! `createPaymentSession` and `retrievePaymentSession`.

use kassa_protocol::{Text, object};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::{Amount, CallResult, Order, PaymentFactor, PaymentMethod};

/// Request of `createPaymentSession`, as far as the sandbox reads it.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePaymentSessionRequest {
    /// `CASHIER_PAYMENT`.
    pub product_code: Option<Text>,
    /// Idempotency key, at most 64 characters.
    pub payment_request_id: Option<Text>,
    /// The order.
    #[serde(default, deserialize_with = "object::optional")]
    pub order: Option<Order>,
    /// The amount to pay.
    #[serde(default, deserialize_with = "object::optional")]
    pub payment_amount: Option<Amount>,
    /// The payment method.
    #[serde(default, deserialize_with = "object::optional")]
    pub payment_method: Option<PaymentMethod>,
    /// Page of the merchant to which the buyer returns, at most 2048 characters.
    pub payment_redirect_url: Option<Text>,
    /// Address for notifications, at most 2048 characters.
    pub payment_notify_url: Option<Text>,
    /// ISO 8601 with offset, at most one hour ahead.
    pub payment_session_expiry_time: Option<Text>,
    /// When the unpaid order closes, ISO 8601 with offset.
    pub payment_expiry_time: Option<Text>,
    /// How the money is captured.
    #[serde(default, deserialize_with = "object::optional")]
    pub payment_factor: Option<PaymentFactor>,
    /// Free text; the sandbox reads the member `sandbox` when it is JSON.
    pub metadata: Option<Text>,
}

/// Answer of `createPaymentSession`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePaymentSessionResponse {
    /// The result of the call.
    pub result: CallResult,
    /// For the browser SDK, unchanged.
    pub payment_session_data: Option<String>,
    /// ISO 8601.
    pub payment_session_expiry_time: Option<String>,
    /// At most 64 characters.
    pub payment_session_id: Option<String>,
}

/// Request of `retrievePaymentSession`: one of the two; the session id wins.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RetrievePaymentSessionRequest {
    /// The merchant's id of the session, at most 64 characters. One official SDK spells it with
    /// underscores.
    #[serde(alias = "payment_request_id")]
    pub payment_request_id: Option<Text>,
    /// The gateway's id of the session, at most 64 characters.
    pub payment_session_id: Option<Text>,
}

/// Answer of `retrievePaymentSession`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RetrievePaymentSessionResponse {
    /// The result of the call.
    pub result: CallResult,
    /// The order as it stands in the session.
    pub order: Option<Order>,
}

//! Types of the signed API between a merchant's server and the gateway
//! (`/ams/…/v1/payments/…`), with the published names.
//!
//! Every member of a request is optional here, and scalars are [`Text`], because real callers send
//! numbers and booleans both bare and as text: the handler's error names the missing or wrong
//! member.

mod flag;
mod notification;
mod payment;
mod session;

use kassa_protocol::client::CardPaymentResultInfo;
use kassa_protocol::{Text, object};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_with::skip_serializing_none;

pub use flag::Flag;
pub use kassa_protocol::ResultStatus;
pub use notification::*;
pub use payment::*;
pub use session::*;

/// The result of a call.
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
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    /// ISO 4217 code.
    pub currency: Option<Text>,
    /// Positive integer in minor units, at most 16 digits.
    pub value: Option<Text>,
}

/// The order.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The merchant's id, at most 64 characters.
    pub reference_order_id: Option<Text>,
    /// At most 256 characters.
    pub order_description: Option<Text>,
    /// The amount of the order.
    #[serde(default, deserialize_with = "object::optional")]
    pub order_amount: Option<Amount>,
    /// When present, the payment may be lower than the order.
    #[serde(default, deserialize_with = "object::optional")]
    pub order_discount_amount: Option<Amount>,
    /// The merchant.
    #[serde(default, deserialize_with = "object::optional")]
    pub merchant: Option<Merchant>,
}

/// The merchant, as the buyer sees it.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Merchant {
    /// Name shown to the buyer.
    pub merchant_display_name: Option<Text>,
    /// Registered name.
    pub merchant_name: Option<Text>,
}

/// The payment method.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentMethod {
    /// Such as `CARD`; an open list, at most 64 characters.
    pub payment_method_type: Option<Text>,
    /// Of a stored card, at most 128 characters.
    pub payment_method_id: Option<Text>,
    /// Free form, such as `{"is3DSAuthentication": true}`.
    pub payment_method_meta_data: Option<Value>,
}

/// The card's data in the result of a payment. The names are those of the client protocol, except
/// for the name on the card.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentResultInfo {
    /// Brand, issuer, checks.
    #[serde(flatten)]
    pub card: CardPaymentResultInfo,
    /// The name on the card, at most 64 characters.
    pub cardholder_name: Option<String>,
}

/// How the money is captured.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentFactor {
    /// Whether the payment is an authorisation, as card payments are.
    pub is_authorization: Option<Flag>,
    /// `AUTOMATIC`, which is the default, or `MANUAL`.
    pub capture_mode: Option<Text>,
}

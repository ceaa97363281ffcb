//! Notifications, which the gateway posts to the merchant.

use kassa_protocol::PaymentStatus;
use kassa_protocol::client::RiskDecision;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::{Amount, CallResult, PaymentResultInfo};

/// Subject of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NotifyType {
    /// A payment came to its end.
    PaymentResult,
    /// A payment was begun whose money comes later.
    PaymentPending,
    /// Authorised money was captured.
    CaptureResult,
    /// Money went back.
    RefundResult,
}

impl NotifyType {
    const ALL: [Self; 4] =
        [Self::PaymentResult, Self::PaymentPending, Self::CaptureResult, Self::RefundResult];

    /// The published name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PaymentResult => "PAYMENT_RESULT",
            Self::PaymentPending => "PAYMENT_PENDING",
            Self::CaptureResult => "CAPTURE_RESULT",
            Self::RefundResult => "REFUND_RESULT",
        }
    }

    /// Reads the published name; `None` for an unknown one.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// The message to `paymentNotifyUrl` about a payment.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentNotification {
    /// The subject.
    pub notify_type: NotifyType,
    /// The result of the payment; of a pending one, that it is under way.
    pub result: CallResult,
    /// The merchant's id.
    pub payment_request_id: String,
    /// The gateway's id.
    pub payment_id: String,
    /// The amount of the payment.
    pub payment_amount: Amount,
    /// The amount that a paid payment took, in the buyer's currency.
    pub actual_payment_amount: Option<Amount>,
    /// Until when money is held that can be captured, ISO 8601.
    pub auth_expiry_time: Option<String>,
    /// ISO 8601.
    pub payment_create_time: String,
    /// When it was paid, ISO 8601.
    pub payment_time: Option<String>,
    /// Such as `CARD`.
    pub payment_method_type: String,
    /// The card's data: brand, issuer, checks.
    pub payment_result_info: Option<PaymentResultInfo>,
    /// The decision of risk control.
    pub pop_risk_decision_result_info: Option<RiskDecision>,
    /// The `metadata` of the session, unchanged.
    pub metadata: Option<String>,
}

/// The message about a capture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureNotification {
    /// `CAPTURE_RESULT`.
    pub notify_type: NotifyType,
    /// The result.
    pub result: CallResult,
    /// The merchant's id.
    pub capture_request_id: String,
    /// The gateway's id.
    pub capture_id: String,
    /// The payment.
    pub payment_id: String,
    /// The amount.
    pub capture_amount: Amount,
    /// ISO 8601.
    pub capture_time: String,
}

/// The message about a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundNotification {
    /// `REFUND_RESULT`.
    pub notify_type: NotifyType,
    /// The result.
    pub result: CallResult,
    /// `SUCCESS` or `FAIL`.
    pub refund_status: PaymentStatus,
    /// The merchant's id.
    pub refund_request_id: String,
    /// The gateway's id.
    pub refund_id: String,
    /// The amount.
    pub refund_amount: Amount,
    /// ISO 8601.
    pub refund_time: String,
}

/// A merchant's answer to a notification. No other answer stops the repetition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Acknowledgement {
    /// `SUCCESS` with status `S`.
    pub result: CallResult,
}

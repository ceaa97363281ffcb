//! The rules for money after it was paid: captures, refunds, cancellations.
//!
//! *Invariant:* never more is captured than was authorised, and never more is refunded than was
//! taken. A caller reads the account and stores the change in one transaction.

use kassa_protocol::PaymentStatus;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::client_view;
use super::money::{Currency, Money};
use super::payment::{CANCELLED, Payment, SUCCESS, Status};
use super::session::Session;
use crate::api::{CallResult, ResultStatus, Transaction, TransactionType};
use crate::clock::{self, Millis};

const MINUTE: Millis = 60 * 1000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// A capture of held money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// `captureId`.
    pub id: String,
    /// `captureRequestId`.
    pub request_id: String,
    /// The payment's id.
    pub payment_id: String,
    /// The amount.
    pub amount: Money,
    /// When it happened.
    pub at: Millis,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// `refundId`.
    pub id: String,
    /// `refundRequestId`.
    pub request_id: String,
    /// The payment's id.
    pub payment_id: String,
    /// The capture's id, when the merchant named one.
    pub capture_id: Option<String>,
    /// The amount.
    pub amount: Money,
    /// When it happened.
    pub at: Millis,
}

/// The cancellation of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancellation {
    /// When it happened.
    pub at: Millis,
    /// Whether the payment was paid, so that its money went back.
    pub paid: bool,
}

/// The rule that forbids a capture, refund or cancellation.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// The payment is not paid.
    #[error("The payment is not paid, so nothing of it can be {0}")]
    NotPaid(&'static str),
    /// The merchant cancelled the payment.
    #[error("The payment was cancelled")]
    Cancelled,
    /// The session captures automatically.
    #[error(
        "The payment was captured automatically; only a session with paymentFactor.captureMode \
         MANUAL is captured by call"
    )]
    CapturedAutomatically,
    /// The money is authorised only.
    #[error("The money is authorised, but nothing of it was captured; cancel releases it")]
    NothingCaptured,
    /// Another currency than the payment's.
    #[error("{field}.currency is {given}; the payment is in {paid}")]
    Currency {
        /// Name of the amount.
        field: &'static str,
        /// The currency of the amount.
        given: Currency,
        /// The currency of the payment.
        paid: Currency,
    },
    /// More than was authorised and not yet captured.
    #[error("captureAmount is {given}, but only {left} is authorised and not captured")]
    CaptureTooMuch {
        /// The amount.
        given: Money,
        /// The highest possible amount.
        left: Money,
    },
    /// More than was paid, or captured, and not yet refunded.
    #[error("refundAmount is {given}, but only {left} is {of}")]
    RefundTooMuch {
        /// The amount.
        given: Money,
        /// The highest possible amount.
        left: Money,
        /// The kind of the remaining amount, for the message.
        of: &'static str,
    },
    /// No capture has the id.
    #[error("captureId names no capture of this payment")]
    UnknownCapture,
    /// Money was captured by call or refunded.
    #[error("Money of this payment was captured or refunded already; refund the rest")]
    Moved,
    /// The published time for cancelling is over.
    #[error("The payment could be cancelled until {}; refund it", clock::iso(*.0))]
    CancelWindow(Millis),
}

impl LedgerError {
    /// The published result code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPaid(_) | Self::CapturedAutomatically | Self::NothingCaptured => {
                "ORDER_STATUS_INVALID"
            }
            Self::Cancelled => CANCELLED,
            Self::Currency { .. } => "CURRENCY_NOT_SUPPORT",
            Self::CaptureTooMuch { .. } => "CAPTURE_AMOUNT_EXCEED",
            Self::RefundTooMuch { .. } => "REFUND_AMOUNT_EXCEED",
            Self::UnknownCapture => "PARAM_ILLEGAL",
            Self::Moved => "PROCESS_FAIL",
            Self::CancelWindow(_) => "CANCEL_WINDOW_EXCEED",
        }
    }
}

/// A payment with all movements of its money.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// The payment's session.
    pub session: &'a Session,
    /// The payment.
    pub payment: &'a Payment,
    /// Its captures.
    pub captures: &'a [Capture],
    /// Its refunds.
    pub refunds: &'a [Refund],
}

impl Account<'_> {
    /// Whether so much may be captured.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn may_capture(&self, amount: &Money) -> Result<(), LedgerError> {
        self.require_paid("captured")?;
        if !self.session.manual_capture {
            return Err(LedgerError::CapturedAutomatically);
        }
        self.require_currency(amount, "captureAmount")?;
        let left = self.session.amount.minor.saturating_sub(self.captured());
        if amount.minor > left {
            let left = amount.of_same(left);
            return Err(LedgerError::CaptureTooMuch { given: *amount, left });
        }
        Ok(())
    }

    /// Whether so much may be refunded.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn may_refund(&self, amount: &Money, capture_id: Option<&str>) -> Result<(), LedgerError> {
        self.require_paid("refunded")?;
        self.require_currency(amount, "refundAmount")?;
        if self.session.manual_capture && self.captures.is_empty() {
            return Err(LedgerError::NothingCaptured);
        }
        let within = |left: u64, of| {
            let left = amount.of_same(left);
            if amount.minor <= left.minor {
                return Ok(());
            }
            Err(LedgerError::RefundTooMuch { given: *amount, left, of })
        };
        let refunded: u64 = self.refunds.iter().map(|refund| refund.amount.minor).sum();
        within(self.taken().saturating_sub(refunded), "paid and not refunded")?;
        let Some(id) = capture_id else {
            return Ok(());
        };
        let capture = self.captures.iter().find(|capture| capture.id == id);
        let capture = capture.ok_or(LedgerError::UnknownCapture)?;
        let of_capture = |refund: &&Refund| refund.capture_id.as_deref() == Some(id);
        let refunds = self.refunds.iter().filter(of_capture);
        let refunded: u64 = refunds.map(|refund| refund.amount.minor).sum();
        within(capture.amount.minor.saturating_sub(refunded), "left of this capture")
    }

    /// Whether the payment may be cancelled as a whole.
    ///
    /// Before it is paid: always. Afterwards the published windows hold: until 00:15 of the next day
    /// in UTC+8, and for money that is only authorised seven days. A payment that was captured by
    /// call or refunded, even in part, can only be refunded.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn may_cancel(&self, now: Millis) -> Result<(), LedgerError> {
        match self.payment.status {
            Status::Processing | Status::Pending | Status::Fail | Status::Cancelled => {
                return Ok(());
            }
            Status::Success => {}
        }
        if !self.refunds.is_empty() || !self.captures.is_empty() {
            return Err(LedgerError::Moved);
        }
        let paid_at = self.payment.ended_at.unwrap_or(self.payment.created_at);
        let last = if self.session.manual_capture {
            paid_at.saturating_add(7 * DAY)
        } else {
            end_of_cancel_window(paid_at)
        };
        if now > last { Err(LedgerError::CancelWindow(last)) } else { Ok(()) }
    }

    fn require_paid(&self, purpose: &'static str) -> Result<(), LedgerError> {
        match self.payment.status {
            Status::Success => Ok(()),
            Status::Cancelled => Err(LedgerError::Cancelled),
            Status::Processing | Status::Pending | Status::Fail => {
                Err(LedgerError::NotPaid(purpose))
            }
        }
    }

    fn require_currency(&self, amount: &Money, field: &'static str) -> Result<(), LedgerError> {
        let (given, paid) = (amount.currency, self.session.amount.currency);
        if given == paid { Ok(()) } else { Err(LedgerError::Currency { field, given, paid }) }
    }

    fn captured(&self) -> u64 {
        self.captures.iter().map(|capture| capture.amount.minor).sum()
    }

    fn taken(&self) -> u64 {
        if self.session.manual_capture { self.captured() } else { self.session.amount.minor }
    }
}

/// 00:15 of the day after, in UTC+8.
fn end_of_cancel_window(paid_at: Millis) -> Millis {
    let there = paid_at.saturating_add(8 * HOUR);
    let midnight = there.div_euclid(DAY).saturating_add(1).saturating_mul(DAY);
    midnight.saturating_add(15 * MINUTE).saturating_sub(8 * HOUR)
}

/// The movements of a payment's money, in order.
#[must_use]
pub fn transactions(account: &Account<'_>, cancellation: Option<Cancellation>) -> Vec<Transaction> {
    let Account { session, payment, captures, refunds } = account;
    let cancelled = cancellation.filter(|_| payment.status == Status::Cancelled);
    let was_paid = payment.status == Status::Success || cancelled.is_some_and(|it| it.paid);
    let (status, result) = if was_paid {
        (PaymentStatus::Success, succeeded())
    } else {
        (client_view::payment_status(payment.status), result_of(payment))
    };
    let mut all = vec![Transaction {
        transaction_result: result,
        transaction_id: Some(payment.id.clone()),
        transaction_type: if session.manual_capture {
            TransactionType::Authorization
        } else {
            TransactionType::Payment
        },
        transaction_status: status,
        transaction_amount: (&session.amount).into(),
        transaction_request_id: Some(session.request_id.clone()),
        transaction_time: Some(clock::iso(payment.ended_at.unwrap_or(payment.created_at))),
    }];
    let late = payment.returned_at.map(|at| {
        let kind = TransactionType::Payment;
        (at, moved(kind, &payment.id, &session.request_id, &session.amount, at))
    });
    let captured = captures.iter().map(|it| {
        (it.at, moved(TransactionType::Capture, &it.id, &it.request_id, &it.amount, it.at))
    });
    let refunded = refunds.iter().map(|it| {
        (it.at, moved(TransactionType::Refund, &it.id, &it.request_id, &it.amount, it.at))
    });
    let cancelled = cancelled.map(|it| {
        let kind =
            if session.manual_capture { TransactionType::Void } else { TransactionType::Cancel };
        (it.at, moved(kind, &payment.id, &session.request_id, &session.amount, it.at))
    });
    let later = cancelled.into_iter().chain(late).chain(captured).chain(refunded);
    let mut later: Vec<(Millis, Transaction)> = later.collect();
    // Stable: money that came late came before its refund.
    later.sort_by_key(|(at, _)| *at);
    all.extend(later.into_iter().map(|(_, transaction)| transaction));
    all
}

fn moved(
    kind: TransactionType,
    id: &str,
    request_id: &str,
    amount: &Money,
    at: Millis,
) -> Transaction {
    Transaction {
        transaction_result: succeeded(),
        transaction_id: Some(id.to_owned()),
        transaction_type: kind,
        transaction_status: PaymentStatus::Success,
        transaction_amount: amount.into(),
        transaction_request_id: Some(request_id.to_owned()),
        transaction_time: Some(clock::iso(at)),
    }
}

/// The result of a call or of a movement that succeeded.
#[must_use]
pub fn succeeded() -> CallResult {
    CallResult {
        result_code: SUCCESS.to_owned(),
        result_status: ResultStatus::Success,
        result_message: "success".to_owned(),
    }
}

/// The result of a payment; a payment under way has the status `U`.
#[must_use]
pub fn result_of(payment: &Payment) -> CallResult {
    CallResult {
        result_code: payment.code.clone(),
        result_status: match payment.status {
            Status::Success => ResultStatus::Success,
            Status::Fail | Status::Cancelled => ResultStatus::Fail,
            Status::Processing | Status::Pending => ResultStatus::Unknown,
        },
        result_message: payment.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_for_cancelling_ends_a_quarter_past_midnight_in_utc_8() {
        for (paid, last) in [
            ("2026-11-18T11:06:40Z", "2026-11-18T16:15:00Z"),
            ("2026-11-18T15:59:59Z", "2026-11-18T16:15:00Z"),
            ("2026-11-18T16:00:00Z", "2026-11-19T16:15:00Z"),
            ("2026-11-18T16:10:00Z", "2026-11-19T16:15:00Z"),
        ] {
            let paid = clock::parse_iso(paid).unwrap();
            assert_eq!(clock::iso(end_of_cancel_window(paid)), last);
        }
    }
}

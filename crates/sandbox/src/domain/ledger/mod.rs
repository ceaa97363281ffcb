//! The rules for money after it was paid: captures, refunds, cancellations.
//!
//! *Invariant:* never more is captured than was authorised, nothing is captured after the
//! authorisation was closed, and never more is refunded than was taken. A caller reads the account
//! and stores the change in one transaction.

mod transactions;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::money::{Currency, Money};
use super::payment::{CANCELLED, Payment, SUCCESS, Status};
use super::session::Session;
use crate::api::{CallResult, ResultStatus};
use crate::clock::{self, Millis};

pub use transactions::transactions;

const MINUTE: Millis = 60 * 1000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// How long authorised money is held, unless it is captured. Source: the public documentation of
/// captures.
const HOLD: Millis = 7 * DAY;

/// Why a capture or refund failed. It stays failed: the same request gets the same result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// `resultCode`.
    pub code: String,
    /// `resultMessage`.
    pub message: String,
}

/// A requested capture of held money.
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
    /// Whether it is the last one, which closes the authorisation.
    #[serde(default)]
    pub is_last: bool,
    /// When it happened.
    pub at: Millis,
    /// Why it failed; none for one that succeeded.
    #[serde(default)]
    pub failure: Option<Failure>,
}

/// A requested refund.
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
    /// Why it failed; none for one that succeeded.
    #[serde(default)]
    pub failure: Option<Failure>,
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
    /// An earlier capture was the last one.
    #[error(
        "An earlier capture closed the authorisation and released the rest; captureType NON_FINAL \
         keeps it open"
    )]
    AuthorisationClosed,
    /// The money was not captured in time.
    #[error("The money was held until {}, and then released", clock::iso(*.0))]
    HoldOver(Millis),
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
            Self::NotPaid(_)
            | Self::CapturedAutomatically
            | Self::AuthorisationClosed
            | Self::HoldOver(_)
            | Self::NothingCaptured => "ORDER_STATUS_INVALID",
            Self::Cancelled => CANCELLED,
            Self::Currency { .. } => "CURRENCY_NOT_SUPPORT",
            Self::CaptureTooMuch { .. } => "CAPTURE_AMOUNT_EXCEED",
            Self::RefundTooMuch { .. } => "REFUND_AMOUNT_EXCEED",
            Self::UnknownCapture => "PARAM_ILLEGAL",
            Self::Moved => "PROCESS_FAIL",
            Self::CancelWindow(_) => "CANCEL_WINDOW_EXCEED",
        }
    }

    /// The result of a request that this rule forbids. None when the request is malformed: it was
    /// never begun, and its id is free for a correct one.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        match self {
            Self::UnknownCapture => None,
            Self::NotPaid(_)
            | Self::Cancelled
            | Self::CapturedAutomatically
            | Self::AuthorisationClosed
            | Self::HoldOver(_)
            | Self::NothingCaptured
            | Self::Currency { .. }
            | Self::CaptureTooMuch { .. }
            | Self::RefundTooMuch { .. }
            | Self::Moved
            | Self::CancelWindow(_) => {
                Some(Failure { code: self.code().to_owned(), message: self.to_string() })
            }
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
    /// Its captures that succeeded.
    pub captures: &'a [Capture],
    /// Its refunds that succeeded.
    pub refunds: &'a [Refund],
}

impl Account<'_> {
    /// Whether so much may be captured.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn may_capture(&self, amount: &Money, now: Millis) -> Result<(), LedgerError> {
        self.require_paid("captured")?;
        if !self.session.manual_capture {
            return Err(LedgerError::CapturedAutomatically);
        }
        self.require_currency(amount, "captureAmount")?;
        if self.captures.iter().any(|capture| capture.is_last) {
            return Err(LedgerError::AuthorisationClosed);
        }
        let hold_ends = self.hold_ends();
        if now >= hold_ends {
            return Err(LedgerError::HoldOver(hold_ends));
        }
        let left = self.not_captured();
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
        let last = if self.session.manual_capture {
            self.hold_ends()
        } else {
            end_of_cancel_window(self.paid_at())
        };
        if now > last { Err(LedgerError::CancelWindow(last)) } else { Ok(()) }
    }

    /// Until when money is held that can be captured; none when there is no such money.
    #[must_use]
    pub fn held_until(&self, now: Millis) -> Option<Millis> {
        let (at, _) = self.released()?;
        (self.payment.status == Status::Success && at > now).then_some(at)
    }

    /// When the money that was not captured is released, and how much; none when everything was
    /// captured, or is captured without a call.
    fn released(&self) -> Option<(Millis, Money)> {
        let rest = self.session.amount.of_same(self.not_captured());
        if !self.session.manual_capture || rest.minor == 0 {
            return None;
        }
        let last = self.captures.iter().find(|capture| capture.is_last);
        Some((last.map_or(self.hold_ends(), |capture| capture.at), rest))
    }

    fn paid_at(&self) -> Millis {
        self.payment.ended_at.unwrap_or(self.payment.created_at)
    }

    fn hold_ends(&self) -> Millis {
        self.paid_at().saturating_add(HOLD)
    }

    fn not_captured(&self) -> u64 {
        self.session.amount.minor.saturating_sub(self.captured())
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
    use crate::domain::card::CardRecord;
    use crate::domain::payment::Attempt;

    fn capture(minor: u64, is_last: bool, at: Millis) -> Capture {
        let amount = Session::sample(|_| {}).amount.of_same(minor);
        let text = |text: &str| text.to_owned();
        let (id, request_id, payment_id) = (text("c"), text("request"), text("p"));
        Capture { id, request_id, payment_id, amount, is_last, at, failure: None }
    }

    #[test]
    fn held_money_is_captured_until_the_last_capture_or_the_seventh_day() {
        let session = Session::sample(|session| session.manual_capture = true);
        let card = CardRecord::stored("SANDBOX_CARD_VISA", None, false, b"k").ok();
        let attempt = Attempt { card, ..Attempt::default() };
        let payment = Payment::start(&session, attempt, ("p".to_owned(), "s".to_owned()), 0);
        let ends = 7 * DAY;
        let code = |result: Result<(), LedgerError>| result.map_err(|error| error.code());
        for (captures, now, minor, expected, held, moved) in [
            (vec![], 1, 4200, Ok(()), Some(ends), vec![4200]),
            (vec![], 1, 4201, Err("CAPTURE_AMOUNT_EXCEED"), Some(ends), vec![4200]),
            (vec![], ends - 1, 1, Ok(()), Some(ends), vec![4200]),
            (vec![], ends, 1, Err("ORDER_STATUS_INVALID"), None, vec![4200, 4200]),
            (vec![capture(1200, false, 5)], 9, 3000, Ok(()), Some(ends), vec![4200, 1200]),
            (
                vec![capture(1200, true, 5)],
                9,
                1,
                Err("ORDER_STATUS_INVALID"),
                None,
                vec![4200, 1200, 3000],
            ),
            (
                vec![capture(1200, false, 5), capture(3000, false, 6)],
                9,
                1,
                Err("CAPTURE_AMOUNT_EXCEED"),
                None,
                vec![4200, 1200, 3000],
            ),
            (
                vec![capture(1200, false, 5)],
                ends,
                1,
                Err("ORDER_STATUS_INVALID"),
                None,
                vec![4200, 1200, 3000],
            ),
        ] {
            let account =
                Account { session: &session, payment: &payment, captures: &captures, refunds: &[] };
            let amount = session.amount.of_same(minor);
            assert_eq!(code(account.may_capture(&amount, now)), expected, "{captures:?} {now}");
            assert_eq!(account.held_until(now), held, "{captures:?} {now}");
            let all = transactions(&account, None, now).into_iter();
            let amounts = all.map(|one| one.transaction_amount.value.unwrap().as_str().parse());
            assert_eq!(amounts.map(Result::unwrap).collect::<Vec<u64>>(), moved, "{captures:?}");
        }
    }

    #[test]
    fn only_a_request_that_was_begun_has_failed() {
        let malformed = LedgerError::UnknownCapture;
        assert_eq!((malformed.code(), malformed.failure()), ("PARAM_ILLEGAL", None));
        let forbidden = LedgerError::AuthorisationClosed;
        let failure = forbidden.failure().unwrap();
        assert_eq!(
            (failure.code, failure.message),
            (forbidden.code().into(), forbidden.to_string())
        );
    }

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

//! What may happen to money after it was paid: captures, refunds, cancellations. The rules, without
//! I/O.
//!
//! *Invariant:* never more is captured than was authorised, and never more goes back than was
//! taken. What decides is read and kept in one transaction.

use kassa_protocol::server::{CallResult, Transaction};
use kassa_protocol::{PaymentStatus, ResultStatus, TransactionType};
use serde::{Deserialize, Serialize};

use crate::clock::{self, Millis};
use crate::domain::money::Money;
use crate::domain::payment::{CANCELLED, Payment, Status};
use crate::domain::session::Session;

const MINUTE: Millis = 60 * 1000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// Money that was held and then taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// `captureId`.
    pub id: String,
    /// `captureRequestId`.
    pub request_id: String,
    /// Of this payment.
    pub payment_id: String,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Millis,
}

/// Money that went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// `refundId`.
    pub id: String,
    /// `refundRequestId`.
    pub request_id: String,
    /// Of this payment.
    pub payment_id: String,
    /// Of this capture, when the merchant named one.
    pub capture_id: Option<String>,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Millis,
}

/// A session that the merchant closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancellation {
    /// When.
    pub at: Millis,
    /// Whether money was paid, and so went back.
    pub paid: bool,
}

/// Why the rules do not allow something: a published result code, and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// Upper snake case.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

/// A payment with all that happened to its money.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// The payment's session.
    pub session: &'a Session,
    /// The payment.
    pub payment: &'a Payment,
    /// What was captured.
    pub captures: &'a [Capture],
    /// What went back.
    pub refunds: &'a [Refund],
}

impl Account<'_> {
    /// Whether so much may be captured.
    ///
    /// # Errors
    /// With the rule that is against it.
    pub fn may_capture(&self, amount: &Money) -> Result<(), Denied> {
        self.require_paid("captured")?;
        if !self.session.manual_capture {
            return Err(denied(
                "ORDER_STATUS_INVALID",
                "The payment was captured by itself; only a session with paymentFactor.captureMode \
                 MANUAL is captured by call",
            ));
        }
        self.require_currency(amount, "captureAmount")?;
        let left = self.session.amount.units().saturating_sub(self.captured());
        within(
            amount,
            left,
            "CAPTURE_AMOUNT_EXCEED",
            "captureAmount",
            "authorised and not captured",
        )
    }

    /// Whether so much may go back.
    ///
    /// # Errors
    /// With the rule that is against it.
    pub fn may_refund(&self, amount: &Money, capture_id: Option<&str>) -> Result<(), Denied> {
        self.require_paid("refunded")?;
        self.require_currency(amount, "refundAmount")?;
        if self.session.manual_capture && self.captures.is_empty() {
            return Err(denied(
                "ORDER_STATUS_INVALID",
                "The money is authorised, but nothing of it was captured; cancel lets go of it",
            ));
        }
        let refunded: u64 = self.refunds.iter().map(|refund| refund.amount.units()).sum();
        let left = self.taken().saturating_sub(refunded);
        within(amount, left, "REFUND_AMOUNT_EXCEED", "refundAmount", "paid and not refunded")?;
        let Some(id) = capture_id else {
            return Ok(());
        };
        let capture =
            self.captures.iter().find(|capture| capture.id == id).ok_or_else(|| {
                denied("PARAM_ILLEGAL", "captureId names no capture of this payment")
            })?;
        let of_capture: u64 = self
            .refunds
            .iter()
            .filter(|refund| refund.capture_id.as_deref() == Some(id))
            .map(|refund| refund.amount.units())
            .sum();
        let left = capture.amount.units().saturating_sub(of_capture);
        within(amount, left, "REFUND_AMOUNT_EXCEED", "refundAmount", "left of this capture")
    }

    /// Whether the payment may be taken back as a whole.
    ///
    /// Before it is paid: always. Afterwards the published windows hold: until 00:15 of the next day
    /// in UTC+8, and for money that is only authorised seven days. What was captured by call or
    /// refunded, even in part, can only be refunded.
    ///
    /// # Errors
    /// With the rule that is against it.
    pub fn may_cancel(&self, now: Millis) -> Result<(), Denied> {
        match self.payment.status {
            Status::Processing | Status::Pending | Status::Fail | Status::Cancelled => {
                return Ok(());
            }
            Status::Success => {}
        }
        if !self.refunds.is_empty() || !self.captures.is_empty() {
            return Err(denied(
                "PROCESS_FAIL",
                "Money of this payment was captured or refunded already; refund the rest",
            ));
        }
        let paid_at = self.payment.ended_at.unwrap_or(self.payment.created_at);
        let last = if self.session.manual_capture {
            paid_at.saturating_add(7 * DAY)
        } else {
            end_of_next_day_grace(paid_at)
        };
        if now > last {
            return Err(denied(
                "CANCEL_WINDOW_EXCEED",
                format!("The payment could be cancelled until {}; refund it", clock::iso(last)),
            ));
        }
        Ok(())
    }

    fn require_paid(&self, what: &str) -> Result<(), Denied> {
        match self.payment.status {
            Status::Success => Ok(()),
            Status::Cancelled => Err(denied(CANCELLED, "The payment was cancelled")),
            Status::Processing | Status::Pending | Status::Fail => Err(denied(
                "ORDER_STATUS_INVALID",
                format!("The payment is not paid, so nothing of it can be {what}"),
            )),
        }
    }

    fn require_currency(&self, amount: &Money, field: &str) -> Result<(), Denied> {
        if amount.currency == self.session.amount.currency {
            return Ok(());
        }
        Err(denied(
            "CURRENCY_NOT_SUPPORT",
            format!(
                "{field}.currency is {}; the payment is in {}",
                amount.currency, self.session.amount.currency
            ),
        ))
    }

    fn captured(&self) -> u64 {
        self.captures.iter().map(|capture| capture.amount.units()).sum()
    }

    fn taken(&self) -> u64 {
        if self.session.manual_capture { self.captured() } else { self.session.amount.units() }
    }
}

/// 00:15 of the day after, in UTC+8.
fn end_of_next_day_grace(paid_at: Millis) -> Millis {
    let there = paid_at.saturating_add(8 * HOUR);
    let midnight = there.div_euclid(DAY).saturating_add(1).saturating_mul(DAY);
    midnight.saturating_add(15 * MINUTE).saturating_sub(8 * HOUR)
}

fn within(
    amount: &Money,
    left: u64,
    code: &'static str,
    field: &str,
    what: &str,
) -> Result<(), Denied> {
    if amount.units() <= left {
        return Ok(());
    }
    let left = amount.of_same(left).with_code();
    Err(denied(code, format!("{field} is {}, but only {left} is {what}", amount.with_code())))
}

fn denied(code: &'static str, message: impl Into<String>) -> Denied {
    Denied { code, message: message.into() }
}

/// What happened to a payment's money, in order.
#[must_use]
pub fn transactions(account: &Account<'_>, cancellation: Option<Cancellation>) -> Vec<Transaction> {
    let Account { session, payment, captures, refunds } = account;
    let taken_back = cancellation.filter(|_| payment.status == Status::Cancelled);
    let was_paid = payment.status == Status::Success || taken_back.is_some_and(|it| it.paid);
    let (status, result) = if was_paid {
        (PaymentStatus::Success, succeeded())
    } else {
        (payment.status.to_wire(), ended(payment))
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
        transaction_amount: session.amount.to_wire(),
        transaction_request_id: Some(session.request_id.clone()),
        transaction_time: Some(clock::iso(payment.ended_at.unwrap_or(payment.created_at))),
    }];
    let captured = captures.iter().map(|it| {
        (it.at, moved(TransactionType::Capture, &it.id, &it.request_id, &it.amount, it.at))
    });
    let refunded = refunds.iter().map(|it| {
        (it.at, moved(TransactionType::Refund, &it.id, &it.request_id, &it.amount, it.at))
    });
    let mut later: Vec<(Millis, Transaction)> = captured.chain(refunded).collect();
    later.sort_by_key(|(at, _)| *at);
    all.extend(later.into_iter().map(|(_, transaction)| transaction));
    if let Some(cancellation) = taken_back {
        let kind =
            if session.manual_capture { TransactionType::Void } else { TransactionType::Cancel };
        let (id, amount) = (&payment.id, &session.amount);
        all.push(moved(kind, id, &session.request_id, amount, cancellation.at));
    }
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
        transaction_amount: amount.to_wire(),
        transaction_request_id: Some(request_id.to_owned()),
        transaction_time: Some(clock::iso(at)),
    }
}

/// The result of a call or of a movement that went well.
#[must_use]
pub fn succeeded() -> CallResult {
    CallResult {
        result_code: "SUCCESS".to_owned(),
        result_status: ResultStatus::Success,
        result_message: "success".to_owned(),
    }
}

/// How a payment ended, as a result; of one that is under way, that this is not known.
#[must_use]
pub fn ended(payment: &Payment) -> CallResult {
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
            assert_eq!(clock::iso(end_of_next_day_grace(paid)), last);
        }
    }
}

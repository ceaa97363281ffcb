//! Payments in a transaction: reads their current state, and stores each change together with the
//! notification about it.
//!
//! Time changes payments without any call: they settle, close, or are approved by a scenario. Every
//! payment that is read here has first been brought up to the current time.

use crate::clock::Millis;
use crate::domain::ledger::Refund;
use crate::domain::notification::Notification;
use crate::domain::payment::{Decision, Payment};
use crate::domain::session::Session;
use crate::ids;
use crate::store::{Rows, StoreError};

/// How many payments [`settle_due`] settles at most in one call.
const BATCH: u32 = 64;

/// In place of the digest of a request, for a refund that no request made.
const NO_REQUEST: &str = "";

/// The session of a payment.
///
/// # Errors
/// Those of the data file.
pub fn session_of(rows: &Rows<'_>, payment: &Payment) -> Result<Session, StoreError> {
    rows.session(&payment.session_id)?.ok_or(StoreError::NoSession)
}

/// Stores a new payment, or another attempt at one after the failed attempt `earlier`, which is
/// thereby no result of the order.
///
/// # Errors
/// Those of the data file; also when the attempt has a payment already.
pub fn add(
    rows: &Rows<'_>,
    session: &Session,
    earlier: Option<Payment>,
    payment: &Payment,
) -> Result<(), StoreError> {
    if let Some(mut earlier) = earlier {
        earlier.end_retries();
        rows.change_payment(&earlier, None)?;
    }
    let notification = Notification::of_payment(None, payment, session)?;
    rows.add_payment(payment, notification.as_ref())
}

/// Applies `change`, which returns whether it changed the payment; stores a changed payment.
/// Returns the same flag.
///
/// # Errors
/// Those of the data file.
pub fn change(
    rows: &Rows<'_>,
    payment: &mut Payment,
    change: impl FnOnce(&mut Payment) -> bool,
) -> Result<bool, StoreError> {
    let before = payment.clone();
    if !change(payment) {
        return Ok(false);
    }
    let session = session_of(rows, payment)?;
    let notification = Notification::of_payment(Some(&before), payment, &session)?;
    rows.change_payment(payment, notification.as_ref())?;
    tracing::debug!(payment = payment.id, status = ?payment.status, code = payment.code, "changed");
    Ok(true)
}

/// The merchant cancelled the order of a failed payment: the buyer cannot try again.
///
/// # Errors
/// Those of the data file.
pub fn end_retries(
    rows: &Rows<'_>,
    payment: &mut Payment,
    session: &Session,
    now: Millis,
) -> Result<(), StoreError> {
    if !payment.end_retries() {
        return Ok(());
    }
    let notification = Notification::of_cancelled_order(payment, session, now)?;
    rows.change_payment(payment, notification.as_ref())
}

/// Applies a decision of a simulator. A cancellation is final: money that comes for a code afterwards is
/// refunded at once, and the merchant is notified of that.
///
/// # Errors
/// Those of the data file.
pub fn decide(
    rows: &Rows<'_>,
    payment: &mut Payment,
    session: &Session,
    decision: &Decision,
    now: Millis,
) -> Result<bool, StoreError> {
    if rows.cancellation(&session.id)?.is_none() {
        return change(rows, payment, |payment| payment.decide(decision, session, now));
    }
    if *decision != Decision::Approve || !may_receive_late_money(rows, payment, session)? {
        return Ok(false);
    }
    change(rows, payment, |payment| {
        payment.return_late_money(now);
        true
    })?;
    let id = ids::unguessable()?;
    // The merchant did not request it, and knows the payment's id; unless a refund of its own, which
    // failed, has that id.
    let is_free = rows.refund_of_request(&session.client_id, &payment.id)?.is_none();
    let refund = Refund {
        request_id: if is_free { payment.id.clone() } else { id.clone() },
        id,
        payment_id: payment.id.clone(),
        capture_id: None,
        amount: session.amount,
        at: now,
        failure: None,
    };
    let notification = Notification::of_refund(&refund, session, None)?;
    rows.add_refund(&session.client_id, &refund, NO_REQUEST, notification.as_ref())?;
    tracing::info!(payment = payment.id, "late money of a cancelled order refunded");
    Ok(true)
}

/// Whether money may still arrive although the order was closed or cancelled. A code that was paid
/// before cannot be paid again.
///
/// # Errors
/// Those of the data file.
pub fn may_receive_late_money(
    rows: &Rows<'_>,
    payment: &Payment,
    session: &Session,
) -> Result<bool, StoreError> {
    let was_paid = rows.cancellation(&session.id)?.is_some_and(|cancelled| cancelled.paid);
    Ok(!was_paid && payment.may_receive_late_money(session))
}

/// Settles payments that time has changed, a limited number; gives how many were due.
///
/// # Errors
/// Those of the data file.
pub fn settle_due(rows: &Rows<'_>, now: Millis) -> Result<usize, StoreError> {
    let due = rows.due_payments(now, BATCH)?;
    let count = due.len();
    for mut payment in due {
        if !change(rows, &mut payment, |payment| payment.settle(now))? {
            // Otherwise it would stay due, and the worker would never sleep.
            rows.mark_payment_not_due(&payment)?;
        }
    }
    Ok(count)
}

/// The payment with this `paymentId`.
///
/// # Errors
/// Those of the data file.
pub fn by_id(rows: &Rows<'_>, id: &str, now: Millis) -> Result<Option<Payment>, StoreError> {
    settled(rows, rows.payment(id)?, now)
}

/// The payment that an attempt started.
///
/// # Errors
/// Those of the data file.
pub fn of_attempt(
    rows: &Rows<'_>,
    session_id: &str,
    attempt_id: &str,
    now: Millis,
) -> Result<Option<Payment>, StoreError> {
    settled(rows, rows.payment_of_attempt(session_id, attempt_id)?, now)
}

/// The last payment of a session.
///
/// # Errors
/// Those of the data file.
pub fn last(rows: &Rows<'_>, session_id: &str, now: Millis) -> Result<Option<Payment>, StoreError> {
    settled(rows, rows.last_payment(session_id)?, now)
}

/// Every payment of a session, in order.
///
/// # Errors
/// Those of the data file.
pub fn of_session(
    rows: &Rows<'_>,
    session_id: &str,
    now: Millis,
) -> Result<Vec<Payment>, StoreError> {
    all_settled(rows, rows.payments(session_id)?, now)
}

/// Payments under way, the newest first, at most `limit`.
///
/// # Errors
/// Those of the data file.
pub fn under_way(rows: &Rows<'_>, limit: u32, now: Millis) -> Result<Vec<Payment>, StoreError> {
    let mut payments = all_settled(rows, rows.open_payments(limit)?, now)?;
    payments.retain(|payment| !payment.status.is_final());
    Ok(payments)
}

/// The payment with this code.
///
/// # Errors
/// Those of the data file.
pub fn of_code(rows: &Rows<'_>, code: &str, now: Millis) -> Result<Option<Payment>, StoreError> {
    settled(rows, rows.payment_of_code(code)?, now)
}

/// The payment with this key of its simulators.
///
/// # Errors
/// Those of the data file.
pub fn of_simulator(
    rows: &Rows<'_>,
    key: &str,
    now: Millis,
) -> Result<Option<Payment>, StoreError> {
    settled(rows, rows.payment_of_simulator(key)?, now)
}

fn settled(
    rows: &Rows<'_>,
    payment: Option<Payment>,
    now: Millis,
) -> Result<Option<Payment>, StoreError> {
    let Some(mut payment) = payment else {
        return Ok(None);
    };
    change(rows, &mut payment, |payment| payment.settle(now))?;
    Ok(Some(payment))
}

fn all_settled(
    rows: &Rows<'_>,
    mut payments: Vec<Payment>,
    now: Millis,
) -> Result<Vec<Payment>, StoreError> {
    for payment in &mut payments {
        change(rows, payment, |payment| payment.settle(now))?;
    }
    Ok(payments)
}

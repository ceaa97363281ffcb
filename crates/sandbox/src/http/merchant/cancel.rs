//! `cancel`.

use crate::api::{CancelRequest, CancelResponse};
use serde_json::{Value, json};

use super::input::{optional, parse};
use super::{ApiError, success};
use crate::app::App;
use crate::domain::ledger::{Account, Cancellation};
use crate::domain::payment::{Payment, Status};
use crate::domain::session::Session;
use crate::{clock, payments};

/// Closes a session, and cancels its payment if there is one. A cancellation is final, and the same
/// call again gets the same answer.
///
/// The merchant is notified of a payment that was still under way, or that the buyer could still have
/// tried again, since that is its end; not of one that was paid before, since the answer of this call
/// is enough.
pub(super) fn cancel(app: &App, client_id: &str, body: &[u8]) -> Result<Value, ApiError> {
    let request: CancelRequest = parse(body)?;
    let payment_id = optional(request.payment_id.as_ref(), "paymentId", 64)?;
    let request_id = optional(request.payment_request_id.as_ref(), "paymentRequestId", 64)?;
    optional(request.merchant_account_id.as_ref(), "merchantAccountId", 32)?;
    if payment_id.is_none() && request_id.is_none() {
        return Err(ApiError::illegal(
            "paymentRequestId and paymentId are missing; one of them is needed",
        ));
    }
    let now = app.clock.now();
    let outcome = app.store.run(|rows| {
        let Some(session) =
            super::session_of(rows, client_id, payment_id.as_deref(), request_id.as_deref(), now)?
        else {
            return Ok(Err(ApiError::new("ORDER_NOT_EXIST", "There is no order with this id")));
        };
        let mut payment = payments::last(rows, &session.id, now)?;
        if let Some(known) = rows.cancellation(&session.id)? {
            return Ok(Ok((session, payment, known)));
        }
        let mut cancellation = Cancellation { at: now, paid: false };
        if let Some(payment) = &mut payment {
            let (captures, refunds) = (rows.captures(&payment.id)?, rows.refunds(&payment.id)?);
            let account =
                Account { session: &session, payment, captures: &captures, refunds: &refunds };
            if let Err(error) = account.may_cancel(now) {
                return Ok(Err(error.into()));
            }
            cancellation.paid = payment.status == Status::Success;
            // A failed payment keeps its result: closing the session is enough.
            if payment.status == Status::Fail {
                payments::end_retries(rows, payment, &session, now)?;
            } else {
                payments::change(rows, payment, |payment| {
                    payment.cancel(now);
                    true
                })?;
            }
        }
        rows.add_cancellation(&session.id, &cancellation)?;
        Ok(Ok((session, payment, cancellation)))
    })?;
    let (session, payment, cancellation) = outcome?;
    Ok(answer(&session, payment.as_ref(), cancellation))
}

fn answer(session: &Session, payment: Option<&Payment>, cancellation: Cancellation) -> Value {
    json!(CancelResponse {
        result: success(),
        payment_id: payment.map(|payment| payment.id.clone()),
        payment_request_id: Some(session.request_id.clone()),
        cancel_time: Some(clock::iso(cancellation.at)),
    })
}

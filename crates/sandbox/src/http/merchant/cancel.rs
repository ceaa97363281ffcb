//! `cancel`.

use kassa_protocol::server::{CancelRequest, CancelResponse};
use serde_json::{Value, json};

use super::create::optional;
use super::{Refused, parse, success};
use crate::app::App;
use crate::clock;
use crate::domain::ledger::{Account, Cancellation, Denied};
use crate::domain::payment::{Payment, Status};
use crate::domain::session::Session;

/// Closes a session, and takes back its payment if there is one. What was cancelled stays
/// cancelled, and the same call again gets the same answer.
///
/// The merchant is notified of a payment that was still under way, since that is its end; not of
/// one that was paid before: this answer says so already.
pub(super) fn cancel(app: &App, client_id: &str, body: &[u8]) -> Result<Value, Refused> {
    let request: CancelRequest = parse(body)?;
    let payment_id = optional(&request.payment_id, "paymentId", 64)?;
    let request_id = optional(&request.payment_request_id, "paymentRequestId", 64)?;
    optional(&request.merchant_account_id, "merchantAccountId", 32)?;
    if payment_id.is_none() && request_id.is_none() {
        return Err(Refused::illegal(
            "paymentRequestId and paymentId are missing; one of them is needed",
        ));
    }
    let now = app.clock.now();
    let outcome = app.store.run(|rows| {
        let Some(session) =
            super::session_of(rows, client_id, payment_id.as_deref(), request_id.as_deref(), now)?
        else {
            return Ok(Err(Refused::new("ORDER_NOT_EXIST", "There is no order with this id")));
        };
        let mut payment = rows.last_payment(&session.id, now)?;
        if let Some(known) = rows.cancellation(&session.id)? {
            return Ok(Ok((session, payment, known)));
        }
        let mut cancellation = Cancellation { at: now, paid: false };
        if let Some(payment) = &mut payment {
            let (captures, refunds) = (rows.captures(&payment.id)?, rows.refunds(&payment.id)?);
            let account =
                Account { session: &session, payment, captures: &captures, refunds: &refunds };
            if let Err(denied) = account.may_cancel(now) {
                return Ok(Err(denied.into()));
            }
            cancellation.paid = payment.status == Status::Success;
            // A failed payment stays what it is; that the session is closed is enough.
            if payment.status != Status::Fail {
                payment.cancel(now);
                rows.change_payment(payment)?;
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

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Self {
        Self::new(denied.code, denied.message)
    }
}

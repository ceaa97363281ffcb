//! `capture`.

use kassa_protocol::server::{CaptureRequest, CaptureResponse};
use serde_json::{Value, json};

use super::create::{AMOUNT, content, missing, required};
use super::{Refused, no_payment, parse, repeated_otherwise, success};
use crate::app::App;
use crate::domain::ledger::{Account, Capture};
use crate::domain::money::Money;
use crate::domain::session::Environment;
use crate::{clock, ids, notify};

/// Takes money that a payment holds. A refusal keeps nothing: its id is free for another try.
pub(super) fn capture(
    app: &App,
    client_id: &str,
    environment: Environment,
    body: &[u8],
) -> Result<Value, Refused> {
    let request: CaptureRequest = parse(body)?;
    let content = content(environment, body)?;
    let request_id = required(&request.capture_request_id, "captureRequestId", 64)?;
    let payment_id = required(&request.payment_id, "paymentId", 64)?;
    let amount = request.capture_amount.ok_or_else(|| missing("captureAmount", AMOUNT))?;
    let amount = Money::parse(&amount, "captureAmount")?;
    let now = app.clock.now();
    let outcome = app.store.run(|rows| {
        if let Some((capture, earlier)) = rows.capture_of_request(client_id, &request_id)? {
            return Ok(if earlier == content {
                Ok(capture)
            } else {
                Err(repeated_otherwise("captureRequestId", &request_id))
            });
        }
        let Some((session, payment)) = super::payment_of(rows, client_id, &payment_id, now)? else {
            return Ok(Err(no_payment()));
        };
        let captures = rows.captures(&payment.id)?;
        let account =
            Account { session: &session, payment: &payment, captures: &captures, refunds: &[] };
        if let Err(denied) = account.may_capture(&amount) {
            return Ok(Err(denied.into()));
        }
        let capture = Capture {
            id: ids::unguessable()?,
            request_id,
            payment_id: payment.id,
            amount,
            at: now,
        };
        rows.add_capture(client_id, &capture, &content)?;
        notify::captured(rows, &session, &capture)?;
        Ok(Ok(capture))
    })?;
    Ok(answer(&outcome?))
}

fn answer(capture: &Capture) -> Value {
    json!(CaptureResponse {
        result: success(),
        capture_request_id: Some(capture.request_id.clone()),
        capture_id: Some(capture.id.clone()),
        payment_id: Some(capture.payment_id.clone()),
        capture_amount: Some(capture.amount.to_wire()),
        capture_time: Some(clock::iso(capture.at)),
    })
}

//! `capture`.

use crate::api::{CaptureRequest, CaptureResponse};
use serde_json::{Value, json};

use super::input::{amount, digest, parse, required};
use super::{ApiError, no_payment, repeated_differently, success};
use crate::app::App;
use crate::domain::ledger::{Account, Capture};
use crate::domain::notification::Notification;
use crate::domain::session::Environment;
use crate::{clock, ids};

/// Captures held money. A refused call stores nothing, so its id is free for another try.
pub(super) fn capture(
    app: &App,
    client_id: &str,
    environment: Environment,
    body: &[u8],
) -> Result<Value, ApiError> {
    let request: CaptureRequest = parse(body)?;
    let digest = digest(environment, body)?;
    let request_id = required(request.capture_request_id.as_ref(), "captureRequestId", 64)?;
    let payment_id = required(request.payment_id.as_ref(), "paymentId", 64)?;
    let amount = amount(request.capture_amount.as_ref(), "captureAmount")?;
    let now = app.clock.now();
    let outcome = app.store.run(|rows| {
        if let Some((capture, earlier)) = rows.capture_of_request(client_id, &request_id)? {
            return Ok(if earlier == digest {
                Ok(capture)
            } else {
                Err(repeated_differently("captureRequestId", &request_id))
            });
        }
        let Some((session, payment)) = super::payment_of(rows, client_id, &payment_id, now)? else {
            return Ok(Err(no_payment()));
        };
        let captures = rows.captures(&payment.id)?;
        let account =
            Account { session: &session, payment: &payment, captures: &captures, refunds: &[] };
        if let Err(error) = account.may_capture(&amount) {
            return Ok(Err(error.into()));
        }
        let capture = Capture {
            id: ids::unguessable()?,
            request_id,
            payment_id: payment.id,
            amount,
            at: now,
        };
        let notification = Notification::of_capture(&capture, &session)?;
        rows.add_capture(client_id, &capture, &digest, notification.as_ref())?;
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
        capture_amount: Some((&capture.amount).into()),
        capture_time: Some(clock::iso(capture.at)),
    })
}

//! `capture`.

use crate::api::{CaptureRequest, CaptureResponse, Flag};
use kassa_protocol::Text;
use serde_json::{Value, json};

use super::input::{amount, digest, parse, required};
use super::{ApiError, no_payment, repeated_differently, success};
use crate::app::App;
use crate::domain::ledger::{Account, Capture};
use crate::domain::notification::Notification;
use crate::domain::quote::Quoted;
use crate::domain::session::Environment;
use crate::{clock, ids};

/// Captures held money. A capture that the rules forbid has failed, and the same call again gets the
/// same result; a malformed call stores nothing, so its id is free.
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
    let is_last = is_last(request.capture_type.as_ref(), request.is_last_capture)?;
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
        let failure = match account.may_capture(&amount, now) {
            Ok(()) => None,
            Err(error) => match error.failure() {
                None => return Ok(Err(error.into())),
                failure => failure,
            },
        };
        let capture = Capture {
            id: ids::unguessable()?,
            request_id,
            payment_id: payment.id,
            amount,
            is_last,
            at: now,
            failure,
        };
        let notification = Notification::of_capture(&capture, &session)?;
        rows.add_capture(client_id, &capture, &digest, notification.as_ref())?;
        Ok(Ok(capture))
    })?;
    answer(outcome?)
}

/// Whether a capture closes the authorisation: unless the merchant says that others follow.
fn is_last(kind: Option<&Text>, flag: Option<Flag>) -> Result<bool, ApiError> {
    match kind.map(Text::as_str) {
        None => Ok(flag.is_none_or(|flag| flag.0)),
        Some("FINAL") => Ok(true),
        Some("NON_FINAL") => Ok(flag == Some(Flag(true))),
        Some(other) => Err(ApiError::illegal(format!(
            "captureType is {}; accepted are FINAL and NON_FINAL",
            Quoted(other)
        ))),
    }
}

fn answer(capture: Capture) -> Result<Value, ApiError> {
    if let Some(failure) = capture.failure {
        return Err(failure.into());
    }
    Ok(json!(CaptureResponse {
        result: success(),
        capture_request_id: Some(capture.request_id),
        capture_id: Some(capture.id),
        payment_id: Some(capture.payment_id),
        capture_amount: Some((&capture.amount).into()),
        capture_time: Some(clock::iso(capture.at)),
    }))
}

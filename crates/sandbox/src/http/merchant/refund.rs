//! `refund` and `inquiryRefund`.

use crate::api::{InquiryRefundRequest, InquiryRefundResponse, RefundRequest, RefundResponse};
use kassa_protocol::PaymentStatus;
use serde_json::{Value, json};

use super::input::{amount, digest, notify_url, optional, parse, required};
use super::{ApiError, no_payment, repeated_differently, success};
use crate::app::App;
use crate::domain::ledger::{Account, Refund};
use crate::domain::notification::Notification;
use crate::domain::session::Environment;
use crate::{clock, ids};

/// Refunds money, at once even when the merchant requests an asynchronous refund. A refund that the
/// rules forbid has failed, and the same call again gets the same result; a malformed call stores
/// nothing, so its id is free.
pub(super) fn refund(
    app: &App,
    client_id: &str,
    environment: Environment,
    body: &[u8],
) -> Result<Value, ApiError> {
    let request: RefundRequest = parse(body)?;
    let digest = digest(environment, body)?;
    let request_id = required(request.refund_request_id.as_ref(), "refundRequestId", 64)?;
    let payment_id = required(request.payment_id.as_ref(), "paymentId", 64)?;
    let amount = amount(request.refund_amount.as_ref(), "refundAmount")?;
    optional(request.reference_refund_id.as_ref(), "referenceRefundId", 64)?;
    optional(request.refund_reason.as_ref(), "refundReason", 256)?;
    optional(request.merchant_account_id.as_ref(), "merchantAccountId", 32)?;
    let capture_id = optional(request.capture_id.as_ref(), "captureId", 64)?;
    let notify_url = notify_url(
        request.refund_notify_url.as_ref(),
        "refundNotifyUrl",
        &app.config.notify_hosts,
    )?;
    let now = app.clock.now();
    let outcome = app.store.run(|rows| {
        if let Some((refund, earlier)) = rows.refund_of_request(client_id, &request_id)? {
            return Ok(if earlier == digest {
                Ok(refund)
            } else {
                Err(repeated_differently("refundRequestId", &request_id))
            });
        }
        let Some((session, payment)) = super::payment_of(rows, client_id, &payment_id, now)? else {
            return Ok(Err(no_payment()));
        };
        let (captures, refunds) = (rows.captures(&payment.id)?, rows.refunds(&payment.id)?);
        let account = Account {
            session: &session,
            payment: &payment,
            captures: &captures,
            refunds: &refunds,
        };
        let failure = match account.may_refund(&amount, capture_id.as_deref()) {
            Ok(()) => None,
            Err(error) => match error.failure() {
                None => return Ok(Err(error.into())),
                failure => failure,
            },
        };
        let refund = Refund {
            id: ids::unguessable()?,
            request_id,
            payment_id: payment.id,
            capture_id,
            amount,
            at: now,
            failure,
        };
        let notification = Notification::of_refund(&refund, &session, notify_url.as_ref())?;
        rows.add_refund(client_id, &refund, &digest, notification.as_ref())?;
        Ok(Ok(refund))
    })?;
    let refund = outcome?;
    if let Some(failure) = refund.failure {
        return Err(failure.into());
    }
    Ok(json!(RefundResponse {
        result: success(),
        refund_request_id: Some(refund.request_id),
        refund_id: Some(refund.id),
        payment_id: Some(refund.payment_id),
        refund_amount: Some((&refund.amount).into()),
        actual_refund_amount: Some((&refund.amount).into()),
        refund_time: Some(clock::iso(refund.at)),
    }))
}

/// Gives the state of a refund.
pub(super) fn inquire(app: &App, client_id: &str, body: &[u8]) -> Result<Value, ApiError> {
    let request: InquiryRefundRequest = parse(body)?;
    let refund_id = optional(request.refund_id.as_ref(), "refundId", 64)?;
    let request_id = optional(request.refund_request_id.as_ref(), "refundRequestId", 64)?;
    optional(request.merchant_account_id.as_ref(), "merchantAccountId", 32)?;
    let refund = match (&refund_id, &request_id) {
        (Some(id), _) => app.store.run(|rows| rows.refund(client_id, id))?,
        (None, Some(id)) => {
            app.store.run(|rows| rows.refund_of_request(client_id, id))?.map(|(refund, _)| refund)
        }
        (None, None) => {
            return Err(ApiError::illegal(
                "refundRequestId and refundId are missing; one of them is needed",
            ));
        }
    };
    let refund = refund
        .ok_or_else(|| ApiError::new("REFUND_NOT_EXIST", "There is no refund with this id"))?;
    let is_done = refund.failure.is_none();
    Ok(json!(InquiryRefundResponse {
        result: success(),
        refund_request_id: Some(refund.request_id),
        refund_id: Some(refund.id),
        payment_id: Some(refund.payment_id),
        refund_amount: Some((&refund.amount).into()),
        refund_time: is_done.then(|| clock::iso(refund.at)),
        refund_status: Some(if is_done { PaymentStatus::Success } else { PaymentStatus::Fail }),
    }))
}

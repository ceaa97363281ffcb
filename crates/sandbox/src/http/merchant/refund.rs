//! `refund` and `inquiryRefund`.

use kassa_protocol::PaymentStatus;
use kassa_protocol::server::{
    InquiryRefundRequest, InquiryRefundResponse, RefundRequest, RefundResponse,
};
use serde_json::{Value, json};

use super::create::{AMOUNT, address, content, missing, optional, required};
use super::{Refused, no_payment, parse, repeated_otherwise, success};
use crate::app::App;
use crate::domain::ledger::{Account, Refund};
use crate::domain::money::Money;
use crate::domain::session::Environment;
use crate::{clock, ids, notify};

/// Gives money back. It is done at once, asynchronous or not; a refusal keeps nothing: its id is
/// free for another try.
pub(super) fn refund(
    app: &App,
    client_id: &str,
    environment: Environment,
    body: &[u8],
) -> Result<Value, Refused> {
    let request: RefundRequest = parse(body)?;
    let content = content(environment, body)?;
    let request_id = required(&request.refund_request_id, "refundRequestId", 64)?;
    let payment_id = required(&request.payment_id, "paymentId", 64)?;
    let amount = request.refund_amount.ok_or_else(|| missing("refundAmount", AMOUNT))?;
    let amount = Money::parse(&amount, "refundAmount")?;
    optional(&request.reference_refund_id, "referenceRefundId", 64)?;
    optional(&request.refund_reason, "refundReason", 256)?;
    optional(&request.merchant_account_id, "merchantAccountId", 32)?;
    let capture_id = optional(&request.capture_id, "captureId", 64)?;
    let notify_url = address(&request.refund_notify_url, "refundNotifyUrl")?;
    let now = app.clock.now();
    let outcome = app.store.run(|rows| {
        if let Some((refund, earlier)) = rows.refund_of_request(client_id, &request_id)? {
            return Ok(if earlier == content {
                Ok(refund)
            } else {
                Err(repeated_otherwise("refundRequestId", &request_id))
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
        if let Err(denied) = account.may_refund(&amount, capture_id.as_deref()) {
            return Ok(Err(denied.into()));
        }
        let refund = Refund {
            id: ids::unguessable()?,
            request_id,
            payment_id: payment.id,
            capture_id,
            amount,
            at: now,
        };
        rows.add_refund(client_id, &refund, &content)?;
        notify::refunded(rows, &session, &refund, notify_url.as_deref())?;
        Ok(Ok(refund))
    })?;
    let refund = outcome?;
    Ok(json!(RefundResponse {
        result: success(),
        refund_request_id: Some(refund.request_id),
        refund_id: Some(refund.id),
        payment_id: Some(refund.payment_id),
        refund_amount: Some(refund.amount.to_wire()),
        actual_refund_amount: Some(refund.amount.to_wire()),
        refund_time: Some(clock::iso(refund.at)),
    }))
}

/// Tells how a refund stands.
pub(super) fn inquire(app: &App, client_id: &str, body: &[u8]) -> Result<Value, Refused> {
    let request: InquiryRefundRequest = parse(body)?;
    let refund_id = optional(&request.refund_id, "refundId", 64)?;
    let request_id = optional(&request.refund_request_id, "refundRequestId", 64)?;
    optional(&request.merchant_account_id, "merchantAccountId", 32)?;
    let refund = match (&refund_id, &request_id) {
        (Some(id), _) => app.store.run(|rows| rows.refund(client_id, id))?,
        (None, Some(id)) => {
            app.store.run(|rows| rows.refund_of_request(client_id, id))?.map(|(refund, _)| refund)
        }
        (None, None) => {
            return Err(Refused::illegal(
                "refundRequestId and refundId are missing; one of them is needed",
            ));
        }
    };
    let refund = refund
        .ok_or_else(|| Refused::new("REFUND_NOT_EXIST", "There is no refund with this id"))?;
    Ok(json!(InquiryRefundResponse {
        result: success(),
        refund_request_id: Some(refund.request_id),
        refund_id: Some(refund.id),
        payment_id: Some(refund.payment_id),
        refund_amount: Some(refund.amount.to_wire()),
        refund_status: Some(PaymentStatus::Success),
        refund_time: Some(clock::iso(refund.at)),
    }))
}

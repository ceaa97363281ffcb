//! `inquiryPayment`.

use kassa_wire::server::{InquiryPaymentRequest, InquiryPaymentResponse};
use serde_json::{Value, json};

use super::create::optional;
use super::{Refused, parse, success};
use crate::app::App;
use crate::clock;
use crate::payments::{Payment, Status};
use crate::sessions::Session;

/// Tells how a payment stands.
pub(super) fn inquire(app: &App, client_id: &str, body: &[u8]) -> Result<Value, Refused> {
    let request: InquiryPaymentRequest = parse(body)?;
    let payment_id = optional(&request.payment_id, "paymentId", 64)?;
    let request_id = optional(&request.payment_request_id, "paymentRequestId", 64)?;
    if payment_id.is_none() && request_id.is_none() {
        return Err(Refused::illegal(
            "paymentRequestId and paymentId are missing; one of them is needed",
        ));
    }
    let now = app.clock.now();
    let found = app.store.run(|rows| {
        if let Some(id) = payment_id.as_deref() {
            let Some(payment) = rows.payment(id, now)? else {
                return Ok(None);
            };
            let session = rows.session(&payment.session_id)?;
            return Ok(session.map(|session| (session, Some(payment))));
        }
        let id = request_id.as_deref().unwrap_or_default();
        let Some((session, _)) = rows.session_of_request(client_id, id)? else {
            return Ok(None);
        };
        let payment = rows.last_payment(&session.id, now)?;
        Ok(Some((session, payment)))
    })?;
    // Another merchant's payment is no payment.
    let (session, payment) = found
        .filter(|(session, _)| session.client_id == client_id)
        .ok_or_else(|| Refused::new("ORDER_NOT_EXIST", "There is no payment with this id"))?;
    let payment = payment.ok_or_else(|| {
        Refused::new("ORDER_NOT_EXIST", "The session exists, but nothing was paid or tried yet")
    })?;
    Ok(json!(answer(app, &session, payment)))
}

fn answer(app: &App, session: &Session, payment: Payment) -> InquiryPaymentResponse {
    let over = payment.status.is_final();
    InquiryPaymentResponse {
        result: success(),
        payment_status: Some(payment.status.to_wire()),
        payment_request_id: Some(session.request_id.clone()),
        payment_amount: Some(session.amount.to_wire()),
        payment_create_time: Some(clock::iso(payment.created_at)),
        payment_time: payment
            .ended_at
            .filter(|_| payment.status == Status::Success)
            .map(clock::iso),
        payment_method_type: Some(session.method.as_str().to_owned()),
        redirect_action_form: payment.action_form(session.method, &app.config.gateway_origin),
        payment_result_info: payment.card.as_ref().filter(|_| over).map(|card| card.result_info()),
        pop_risk_decision_result_info: payment.risk(session).filter(|_| over),
        metadata: session.metadata.clone(),
        payment_result_code: Some(payment.code),
        payment_result_message: Some(payment.message),
        payment_id: Some(payment.id),
    }
}

//! `inquiryPayment`.

use kassa_protocol::server::{InquiryPaymentRequest, InquiryPaymentResponse, Transaction};
use serde_json::{Value, json};

use super::create::optional;
use super::{Refused, parse, success};
use crate::app::App;
use crate::clock;
use crate::domain::ledger::{self, Account, Cancellation};
use crate::domain::payment::{self, Payment, Status};
use crate::domain::session::Session;
use crate::store::{Rows, StoreError};

/// What there is to tell.
struct Found {
    session: Session,
    payment: Option<Payment>,
    cancellation: Option<Cancellation>,
    transactions: Vec<Transaction>,
}

/// Tells how a payment stands.
pub(super) fn inquire(app: &App, client_id: &str, body: &[u8]) -> Result<Value, Refused> {
    let request: InquiryPaymentRequest = parse(body)?;
    let payment_id = optional(&request.payment_id, "paymentId", 64)?;
    let request_id = optional(&request.payment_request_id, "paymentRequestId", 64)?;
    optional(&request.merchant_account_id, "merchantAccountId", 32)?;
    if payment_id.is_none() && request_id.is_none() {
        return Err(Refused::illegal(
            "paymentRequestId and paymentId are missing; one of them is needed",
        ));
    }
    let now = app.clock.now();
    let found = app.store.run(|rows| {
        let (by_id, by_request) = (payment_id.as_deref(), request_id.as_deref());
        let Some(session) = super::session_of(rows, client_id, by_id, by_request, now)? else {
            return Ok(None);
        };
        let payments = rows.payments(&session.id, now)?;
        // Without an id the last one is meant, but all that was tried is told.
        let payment = match by_id {
            Some(id) => payments.iter().find(|payment| payment.id == id).cloned(),
            None => payments.last().cloned(),
        };
        let cancellation = rows.cancellation(&session.id)?;
        let told = payments.iter().filter(|payment| by_id.is_none_or(|id| payment.id == id));
        let transactions = transactions(rows, &session, told, cancellation)?;
        Ok(Some(Found { session, payment, cancellation, transactions }))
    })?;
    // Another merchant's payment is no payment.
    let found =
        found.ok_or_else(|| Refused::new("ORDER_NOT_EXIST", "There is no payment with this id"))?;
    if found.payment.is_none() && found.cancellation.is_none() {
        return Err(Refused::new(
            "ORDER_NOT_EXIST",
            "The session exists, but nothing was paid or tried yet",
        ));
    }
    Ok(json!(answer(app, found)))
}

fn transactions<'p>(
    rows: &Rows<'_>,
    session: &Session,
    payments: impl Iterator<Item = &'p Payment>,
    cancellation: Option<Cancellation>,
) -> Result<Vec<Transaction>, StoreError> {
    let mut all = Vec::new();
    for payment in payments {
        let (captures, refunds) = (rows.captures(&payment.id)?, rows.refunds(&payment.id)?);
        let account = Account { session, payment, captures: &captures, refunds: &refunds };
        all.extend(ledger::transactions(&account, cancellation));
    }
    Ok(all)
}

fn answer(app: &App, found: Found) -> InquiryPaymentResponse {
    let Found { session, payment, cancellation, transactions } = found;
    let base = InquiryPaymentResponse {
        result: success(),
        payment_status: None,
        payment_result_code: None,
        payment_result_message: None,
        payment_request_id: Some(session.request_id.clone()),
        payment_id: None,
        payment_amount: Some(session.amount.to_wire()),
        payment_create_time: None,
        payment_time: None,
        payment_method_type: Some(session.method.as_str().to_owned()),
        redirect_action_form: None,
        payment_result_info: None,
        pop_risk_decision_result_info: None,
        transactions,
        metadata: session.metadata.clone(),
    };
    // A cancelled order is cancelled, whatever was tried before.
    let given_up = cancellation.is_some()
        && payment.as_ref().is_none_or(|payment| payment.status == Status::Fail);
    let state = given_up.then(payment::cancelled_state);
    let base = match state {
        Some(state) => InquiryPaymentResponse {
            payment_status: state.payment_status,
            payment_result_code: state.payment_result_code,
            payment_result_message: state.payment_result_message,
            ..base
        },
        None => InquiryPaymentResponse {
            payment_status: payment.as_ref().map(|payment| payment.status.to_wire()),
            payment_result_code: payment.as_ref().map(|payment| payment.code.clone()),
            payment_result_message: payment.as_ref().map(|payment| payment.message.clone()),
            ..base
        },
    };
    let Some(payment) = payment else {
        return base;
    };
    let over = payment.status.is_final();
    let was_paid =
        payment.status == Status::Success || cancellation.is_some_and(|cancelled| cancelled.paid);
    InquiryPaymentResponse {
        payment_create_time: Some(clock::iso(payment.created_at)),
        payment_time: payment.ended_at.filter(|_| was_paid).map(clock::iso),
        redirect_action_form: payment.action_form(session.method, &app.config.gateway_origin),
        payment_result_info: payment.card.as_ref().filter(|_| over).map(|card| card.result_info()),
        pop_risk_decision_result_info: payment.risk(&session).filter(|_| over),
        payment_id: Some(payment.id),
        ..base
    }
}

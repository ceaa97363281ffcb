//! `inquiryPayment`.

use crate::api::{InquiryPaymentRequest, InquiryPaymentResponse, Transaction};
use serde_json::{Value, json};

use super::input::{optional, parse};
use super::{ApiError, success};
use crate::app::App;
use crate::domain::client_view;
use crate::domain::ledger::{self, Account, Cancellation};
use crate::domain::payment::{Payment, Status};
use crate::domain::session::Session;
use crate::store::{Rows, StoreError};
use crate::{clock, payments};

/// The content of the answer.
struct Found {
    session: Session,
    payment: Option<Payment>,
    cancellation: Option<Cancellation>,
    transactions: Vec<Transaction>,
}

/// Gives the state of a payment and its transactions.
pub(super) fn inquire(app: &App, client_id: &str, body: &[u8]) -> Result<Value, ApiError> {
    let request: InquiryPaymentRequest = parse(body)?;
    let payment_id = optional(request.payment_id.as_ref(), "paymentId", 64)?;
    let request_id = optional(request.payment_request_id.as_ref(), "paymentRequestId", 64)?;
    optional(request.merchant_account_id.as_ref(), "merchantAccountId", 32)?;
    if payment_id.is_none() && request_id.is_none() {
        return Err(ApiError::illegal(
            "paymentRequestId and paymentId are missing; one of them is needed",
        ));
    }
    let now = app.clock.now();
    let found = app.store.run(|rows| {
        let (by_id, by_request) = (payment_id.as_deref(), request_id.as_deref());
        let Some(session) = super::session_of(rows, client_id, by_id, by_request, now)? else {
            return Ok(None);
        };
        let payments = payments::of_session(rows, &session.id, now)?;
        // Without an id the last payment is meant, but the transactions are those of all payments.
        let payment = match by_id {
            Some(id) => payments.iter().find(|payment| payment.id == id).cloned(),
            None => payments.last().cloned(),
        };
        let cancellation = rows.cancellation(&session.id)?;
        let listed = payments.iter().filter(|payment| by_id.is_none_or(|id| payment.id == id));
        let transactions = transactions(rows, &session, listed, cancellation)?;
        Ok(Some(Found { session, payment, cancellation, transactions }))
    })?;
    // Payments of other merchants are not found.
    let found = found
        .ok_or_else(|| ApiError::new("ORDER_NOT_EXIST", "There is no payment with this id"))?;
    if found.payment.is_none() && found.cancellation.is_none() {
        return Err(ApiError::new(
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
        payment_amount: Some((&session.amount).into()),
        payment_create_time: None,
        payment_time: None,
        payment_method_type: Some(session.method.as_str().to_owned()),
        redirect_action_form: None,
        payment_result_info: None,
        pop_risk_decision_result_info: None,
        transactions,
        metadata: session.metadata.clone(),
    };
    // A cancelled order is cancelled, even after failed payments.
    let is_closed = cancellation.is_some()
        && payment.as_ref().is_none_or(|payment| payment.status == Status::Fail);
    let state = is_closed.then(client_view::cancelled_state);
    let base = match state {
        Some(state) => InquiryPaymentResponse {
            payment_status: state.payment_status,
            payment_result_code: state.payment_result_code,
            payment_result_message: state.payment_result_message,
            ..base
        },
        None => InquiryPaymentResponse {
            payment_status: payment
                .as_ref()
                .map(|payment| client_view::payment_status(payment.status)),
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
        redirect_action_form: client_view::action_form(
            &payment,
            session.method,
            &app.config.gateway_origin,
        ),
        payment_result_info: payment.card.as_ref().filter(|_| over).map(client_view::card_result),
        pop_risk_decision_result_info: client_view::risk(&payment, &session).filter(|_| over),
        payment_id: Some(payment.id),
        ..base
    }
}

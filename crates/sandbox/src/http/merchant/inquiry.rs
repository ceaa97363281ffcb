//! `inquiryPayment`.

use crate::api::{InquiryPaymentRequest, InquiryPaymentResponse, PaymentResultInfo, Transaction};
use serde_json::{Value, json};

use super::input::{optional, parse};
use super::{ApiError, success};
use crate::app::App;
use crate::clock::{self, Millis};
use crate::domain::client_view;
use crate::domain::ledger::{self, Account, Cancellation};
use crate::domain::payment::{Payment, Status};
use crate::domain::session::Session;
use crate::payments;
use crate::store::{Rows, StoreError};

/// The content of the answer.
struct Found {
    session: Session,
    payment: Option<Payment>,
    cancellation: Option<Cancellation>,
    /// Until when money of the payment is held.
    held_until: Option<Millis>,
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
        let cancellation = rows.cancellation(&session.id)?;
        let mut found = Found {
            session,
            payment: None,
            cancellation,
            held_until: None,
            transactions: Vec::new(),
        };
        for payment in payments {
            // Data files of earlier versions have an id for each attempt.
            if by_id.is_none_or(|id| payment.id == id) {
                found.add(rows, payment, now)?;
            }
        }
        Ok(Some(found))
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

impl Found {
    /// Adds an attempt with its transactions; the last one decides about the payment.
    fn add(&mut self, rows: &Rows<'_>, payment: Payment, now: Millis) -> Result<(), StoreError> {
        // Nothing of a failed attempt is captured; money that came later belongs to the last one.
        let (captures, refunds) = match payment.status {
            Status::Fail if payment.returned_at.is_none() => (Vec::new(), Vec::new()),
            Status::Fail
            | Status::Processing
            | Status::Pending
            | Status::Success
            | Status::Cancelled => (rows.captures(&payment.id)?, rows.refunds(&payment.id)?),
        };
        let account = Account {
            session: &self.session,
            payment: &payment,
            captures: &captures,
            refunds: &refunds,
        };
        self.transactions.extend(ledger::transactions(&account, self.cancellation, now));
        self.held_until = account.held_until(now);
        self.payment = Some(payment);
        Ok(())
    }
}

fn answer(app: &App, found: Found) -> InquiryPaymentResponse {
    let Found { session, payment, cancellation, held_until, transactions } = found;
    let base = InquiryPaymentResponse {
        result: success(),
        payment_status: None,
        payment_result_code: None,
        payment_result_message: None,
        payment_request_id: Some(session.request_id.clone()),
        payment_id: None,
        payment_amount: Some((&session.amount).into()),
        actual_payment_amount: None,
        auth_expiry_time: held_until.map(clock::iso),
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
        actual_payment_amount: was_paid.then(|| (&session.amount).into()),
        payment_create_time: Some(clock::iso(payment.created_at)),
        payment_time: payment.ended_at.filter(|_| was_paid).map(clock::iso),
        redirect_action_form: client_view::action_form(
            &payment,
            session.method,
            &app.config.gateway_origin,
        ),
        payment_result_info: payment.card.as_ref().filter(|_| over).map(PaymentResultInfo::from),
        pop_risk_decision_result_info: client_view::risk(&payment, &session).filter(|_| over),
        payment_id: Some(payment.id),
        ..base
    }
}

//! The movements of a payment's money, as `inquiryPayment` lists them.

use kassa_protocol::PaymentStatus;

use super::{Account, Cancellation, result_of, succeeded};
use crate::api::{Transaction, TransactionType};
use crate::clock::{self, Millis};
use crate::domain::client_view;
use crate::domain::money::Money;
use crate::domain::payment::Status;

/// The movements of a payment's money until `now`, in order.
#[must_use]
pub fn transactions(
    account: &Account<'_>,
    cancellation: Option<Cancellation>,
    now: Millis,
) -> Vec<Transaction> {
    let Account { session, payment, captures, refunds } = account;
    let cancelled = cancellation.filter(|_| payment.status == Status::Cancelled);
    let was_paid = payment.status == Status::Success || cancelled.is_some_and(|it| it.paid);
    let (status, result) = if was_paid {
        (PaymentStatus::Success, succeeded())
    } else {
        (client_view::payment_status(payment.status), result_of(payment))
    };
    let mut all = vec![Transaction {
        transaction_result: result,
        transaction_id: Some(payment.id.clone()),
        transaction_type: if session.manual_capture {
            TransactionType::Authorization
        } else {
            TransactionType::Payment
        },
        transaction_status: status,
        transaction_amount: (&session.amount).into(),
        transaction_request_id: Some(session.request_id.clone()),
        transaction_time: Some(clock::iso(payment.ended_at.unwrap_or(payment.created_at))),
    }];
    let late = payment.returned_at.map(|at| {
        let kind = TransactionType::Payment;
        (at, moved(kind, &payment.id, &session.request_id, &session.amount, at))
    });
    let captured = captures.iter().map(|it| {
        (it.at, moved(TransactionType::Capture, &it.id, &it.request_id, &it.amount, it.at))
    });
    let refunded = refunds.iter().map(|it| {
        (it.at, moved(TransactionType::Refund, &it.id, &it.request_id, &it.amount, it.at))
    });
    let cancelled = cancelled.map(|it| {
        let kind =
            if session.manual_capture { TransactionType::Void } else { TransactionType::Cancel };
        (it.at, moved(kind, &payment.id, &session.request_id, &session.amount, it.at))
    });
    let released = account
        .released()
        .filter(|(at, _)| payment.status == Status::Success && *at <= now)
        .map(|(at, rest)| {
            (at, moved(TransactionType::Void, &payment.id, &session.request_id, &rest, at))
        });
    let later = cancelled.into_iter().chain(late).chain(captured).chain(released).chain(refunded);
    let mut later: Vec<(Millis, Transaction)> = later.collect();
    // Stable: money that came late came before its refund, and a last capture before the release.
    later.sort_by_key(|(at, _)| *at);
    all.extend(later.into_iter().map(|(_, transaction)| transaction));
    all
}

fn moved(
    kind: TransactionType,
    id: &str,
    request_id: &str,
    amount: &Money,
    at: Millis,
) -> Transaction {
    Transaction {
        transaction_result: succeeded(),
        transaction_id: Some(id.to_owned()),
        transaction_type: kind,
        transaction_status: PaymentStatus::Success,
        transaction_amount: amount.into(),
        transaction_request_id: Some(request_id.to_owned()),
        transaction_time: Some(clock::iso(at)),
    }
}

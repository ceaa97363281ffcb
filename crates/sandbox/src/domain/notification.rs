//! Notifications: the changes of a payment, capture or refund that are notified, and the messages.

use serde::Serialize;

use super::client_view;
use super::ledger::{self, Account, Capture, Refund};
use super::payment::{Payment, Status};
use super::session::Session;
use super::web_url::WebUrl;
use crate::api::{
    CallResult, CaptureNotification, NotifyType, PaymentNotification, PaymentResultInfo,
    RefundNotification,
};
use crate::clock::{self, Millis};

/// A notification that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The payment that it is about.
    pub payment_id: String,
    /// The merchant.
    pub client_id: String,
    /// The merchant's id of the session.
    pub request_id: String,
    /// Its subject.
    pub kind: NotifyType,
    /// Where it goes.
    pub url: WebUrl,
    /// The bytes that are signed and sent.
    pub body: String,
    /// When its subject happened. It is due from then on.
    pub at: Millis,
}

impl Notification {
    /// The notification that a payment's change calls for, if any. `before` is the payment before the
    /// change; none for a new one. A failure after which the buyer may try again is no result yet.
    ///
    /// # Errors
    /// When the message cannot be written as JSON.
    pub fn of_payment(
        before: Option<&Payment>,
        payment: &Payment,
        session: &Session,
    ) -> Result<Option<Self>, serde_json::Error> {
        // Money that arrives after the order was closed is a second ending.
        let status_before = before.map(|before| before.status);
        let is_late = status_before == Some(Status::Fail) && payment.status == Status::Success;
        let ends = payment.is_over() && (is_late || !before.is_some_and(Payment::is_over));
        let pends = payment.status == Status::Pending && status_before != Some(Status::Pending);
        let (kind, result, at) = if ends {
            let at = payment.ended_at.unwrap_or(payment.created_at);
            (NotifyType::PaymentResult, ledger::result_of(payment), at)
        } else if pends {
            // A pending payment has the result of a payment under way.
            (NotifyType::PaymentPending, ledger::succeeded(), payment.created_at)
        } else {
            return Ok(None);
        };
        let message = payment_message(kind, result, session, payment);
        let url = session.notify_url.as_ref();
        Self::new(session, &payment.id, kind, url, &message, at)
    }

    /// The notification of an order that the merchant cancelled when the buyer could still have tried
    /// again after a failure.
    ///
    /// # Errors
    /// When the message cannot be written as JSON.
    pub fn of_cancelled_order(
        failed: &Payment,
        session: &Session,
        now: Millis,
    ) -> Result<Option<Self>, serde_json::Error> {
        let mut payment = failed.clone();
        payment.cancel(now);
        let (kind, result) = (NotifyType::PaymentResult, ledger::result_of(&payment));
        let message = payment_message(kind, result, session, &payment);
        Self::new(session, &payment.id, kind, session.notify_url.as_ref(), &message, now)
    }

    /// The notification of a capture; none of one that failed, whose call was answered with that.
    ///
    /// # Errors
    /// When the message cannot be written as JSON.
    pub fn of_capture(
        capture: &Capture,
        session: &Session,
    ) -> Result<Option<Self>, serde_json::Error> {
        if capture.failure.is_some() {
            return Ok(None);
        }
        let kind = NotifyType::CaptureResult;
        let message = CaptureNotification {
            notify_type: kind,
            result: ledger::succeeded(),
            capture_request_id: capture.request_id.clone(),
            capture_id: capture.id.clone(),
            payment_id: capture.payment_id.clone(),
            capture_amount: (&capture.amount).into(),
            capture_time: clock::iso(capture.at),
        };
        let url = session.notify_url.as_ref();
        Self::new(session, &capture.payment_id, kind, url, &message, capture.at)
    }

    /// The notification of a refund; none of one that failed, whose call was answered with that.
    /// `url` replaces the session's address.
    ///
    /// # Errors
    /// When the message cannot be written as JSON.
    pub fn of_refund(
        refund: &Refund,
        session: &Session,
        url: Option<&WebUrl>,
    ) -> Result<Option<Self>, serde_json::Error> {
        if refund.failure.is_some() {
            return Ok(None);
        }
        let kind = NotifyType::RefundResult;
        let message = RefundNotification {
            notify_type: kind,
            result: ledger::succeeded(),
            refund_status: client_view::payment_status(Status::Success),
            refund_request_id: refund.request_id.clone(),
            refund_id: refund.id.clone(),
            refund_amount: (&refund.amount).into(),
            refund_time: clock::iso(refund.at),
        };
        let url = url.or(session.notify_url.as_ref());
        Self::new(session, &refund.payment_id, kind, url, &message, refund.at)
    }

    /// None for a merchant that gave no address.
    fn new(
        session: &Session,
        payment_id: &str,
        kind: NotifyType,
        url: Option<&WebUrl>,
        message: &impl Serialize,
        at: Millis,
    ) -> Result<Option<Self>, serde_json::Error> {
        let Some(url) = url else {
            return Ok(None);
        };
        Ok(Some(Self {
            payment_id: payment_id.to_owned(),
            client_id: session.client_id.clone(),
            request_id: session.request_id.clone(),
            kind,
            url: url.clone(),
            body: serde_json::to_string(message)?,
            at,
        }))
    }
}

fn payment_message(
    notify_type: NotifyType,
    result: CallResult,
    session: &Session,
    payment: &Payment,
) -> PaymentNotification {
    let is_final = payment.status.is_final();
    let paid_at = payment.ended_at.filter(|_| payment.status == Status::Success);
    let account = Account { session, payment, captures: &[], refunds: &[] };
    PaymentNotification {
        notify_type,
        result,
        payment_request_id: session.request_id.clone(),
        payment_id: payment.id.clone(),
        payment_amount: (&session.amount).into(),
        actual_payment_amount: paid_at.map(|_| (&session.amount).into()),
        auth_expiry_time: paid_at.and_then(|at| account.held_until(at)).map(clock::iso),
        payment_create_time: clock::iso(payment.created_at),
        payment_time: paid_at.map(clock::iso),
        payment_method_type: session.method.as_str().to_owned(),
        payment_result_info: payment
            .card
            .as_ref()
            .filter(|_| is_final)
            .map(PaymentResultInfo::from),
        pop_risk_decision_result_info: client_view::risk(payment, session).filter(|_| is_final),
        metadata: session.metadata.clone(),
    }
}

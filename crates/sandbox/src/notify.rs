//! Notifications: the gateway tells merchants how payments, captures and refunds ended.
//!
//! They are queued in the transaction that keeps the change, so none is lost between the two, and a
//! restart goes on where the program stopped. A try that was cut off by the end of the program is
//! made again: a merchant may see one notification twice, never not at all.
//!
//! *Invariant:* one worker sends. Of one payment's notifications only the first that is not over
//! is on its way; those of other payments do not wait for it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use kassa_protocol::server::{
    CallResult, CaptureNotification, PaymentNotification, RefundNotification,
};
use kassa_protocol::{NotifyType, PaymentStatus};
use serde::Serialize;
use serde_json::Value;
use tokio::task::JoinSet;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::app::App;
use crate::clock::{self, Millis};
use crate::domain::address;
use crate::domain::card::CardFacts;
use crate::domain::ledger::{self, Capture, Refund};
use crate::domain::payment::{Payment, Status};
use crate::domain::session::Session;
use crate::signature::Envelope;
use crate::store::{Notification, Rows, StoreError, Tried};

const MINUTE: Millis = 60 * 1000;
const HOUR: Millis = 60 * MINUTE;

/// How long after one try the next one comes, in milliseconds. The first comes at once; after the
/// eighth it is given up, 24 h 22 min later. Source: the public documentation of `notifyPayment`.
pub const WAITS: [Millis; 7] =
    [2 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR];

/// How long a merchant may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes. An acknowledgement has about a hundred.
const LONGEST_ANSWER: u64 = 64 * 1024;
/// How much of an answer is kept, in characters.
const KEPT: usize = 200;
/// How many notifications are on their way at once.
const MOST: usize = 32;
/// The worker looks at least this often, because a sleeping computer's timers sleep too.
const LONGEST_NAP: Duration = Duration::from_secs(60);
/// How long the worker waits when the data file cannot be used.
const TROUBLE: Duration = Duration::from_secs(1);

/// Queues the notification that a payment ended.
pub(crate) fn ended(
    rows: &Rows<'_>,
    session: &Session,
    payment: &Payment,
) -> Result<(), StoreError> {
    let at = payment.ended_at.unwrap_or(payment.created_at);
    let body = about(NotifyType::PaymentResult, ledger::ended(payment), session, payment);
    queue(rows, session, &payment.id, session.notify_url.as_deref(), &body, at)
}

/// Queues the notification that a payment was begun whose money comes later, by a code for example.
/// Its result says only that the payment is under way.
///
/// # Errors
/// Those of the file.
pub fn pending(rows: &Rows<'_>, session: &Session, payment: &Payment) -> Result<(), StoreError> {
    let body = about(NotifyType::PaymentPending, ledger::succeeded(), session, payment);
    let at = payment.created_at;
    queue(rows, session, &payment.id, session.notify_url.as_deref(), &body, at)
}

/// Queues the notification that money was captured.
pub(crate) fn captured(
    rows: &Rows<'_>,
    session: &Session,
    capture: &Capture,
) -> Result<(), StoreError> {
    let body = CaptureNotification {
        notify_type: NotifyType::CaptureResult,
        result: ledger::succeeded(),
        capture_request_id: capture.request_id.clone(),
        capture_id: capture.id.clone(),
        payment_id: capture.payment_id.clone(),
        capture_amount: capture.amount.to_wire(),
        capture_time: clock::iso(capture.at),
    };
    let url = session.notify_url.as_deref();
    queue(rows, session, &capture.payment_id, url, &body, capture.at)
}

/// Queues the notification that money went back; `url` goes before the session's address.
pub(crate) fn refunded(
    rows: &Rows<'_>,
    session: &Session,
    refund: &Refund,
    url: Option<&str>,
) -> Result<(), StoreError> {
    let body = RefundNotification {
        notify_type: NotifyType::RefundResult,
        result: ledger::succeeded(),
        refund_status: PaymentStatus::Success,
        refund_request_id: refund.request_id.clone(),
        refund_id: refund.id.clone(),
        refund_amount: refund.amount.to_wire(),
        refund_time: clock::iso(refund.at),
    };
    let url = url.or(session.notify_url.as_deref());
    queue(rows, session, &refund.payment_id, url, &body, refund.at)
}

fn about(
    notify_type: NotifyType,
    result: CallResult,
    session: &Session,
    payment: &Payment,
) -> PaymentNotification {
    let over = payment.status.is_final();
    PaymentNotification {
        notify_type,
        result,
        payment_request_id: session.request_id.clone(),
        payment_id: payment.id.clone(),
        payment_amount: session.amount.to_wire(),
        actual_payment_amount: session.amount.to_wire(),
        payment_create_time: clock::iso(payment.created_at),
        payment_time: payment
            .ended_at
            .filter(|_| payment.status == Status::Success)
            .map(clock::iso),
        payment_method_type: session.method.as_str().to_owned(),
        payment_result_info: payment.card.as_ref().filter(|_| over).map(CardFacts::result_info),
        pop_risk_decision_result_info: payment.risk(session).filter(|_| over),
        metadata: session.metadata.clone(),
    }
}

/// A merchant that gave no address is not told.
fn queue(
    rows: &Rows<'_>,
    session: &Session,
    payment_id: &str,
    url: Option<&str>,
    body: &impl Serialize,
    at: Millis,
) -> Result<(), StoreError> {
    let Some(url) = url else {
        return Ok(());
    };
    let body = serde_json::to_value(body)?;
    let kind = body.get("notifyType").and_then(Value::as_str).unwrap_or_default();
    rows.queue(&Notification {
        number: 0,
        payment_id: payment_id.to_owned(),
        client_id: session.client_id.clone(),
        request_id: session.request_id.clone(),
        kind: kind.to_owned(),
        url: url.to_owned(),
        body: body.to_string(),
        created_at: at,
        due_at: Some(at),
        acknowledged_at: None,
        tries: 0,
    })
}

/// Settles payments and sends notifications when their time comes, until the future is dropped.
pub(crate) async fn work(app: Arc<App>) {
    let mut sending = JoinSet::new();
    let mut under_way = HashMap::new();
    loop {
        let nap = match look(app.clone()).await {
            Ok((due, nap)) => {
                for notification in due {
                    let number = notification.number;
                    let known = under_way.values().any(|other| *other == number);
                    if known || under_way.len() >= MOST {
                        continue;
                    }
                    let app = app.clone();
                    let task = sending.spawn_blocking(move || deliver(&app, &notification));
                    under_way.insert(task.id(), number);
                }
                nap
            }
            Err(error) => {
                eprintln!("kassa-sandbox: storage: {error}");
                TROUBLE
            }
        };
        tokio::select! {
            () = app.store.stirred() => {}
            () = app.clock.moved() => {}
            Some(ended) = sending.join_next_with_id() => {
                let id = match ended {
                    Ok((id, ())) => id,
                    Err(error) => error.id(),
                };
                under_way.remove(&id);
            }
            () = tokio::time::sleep(nap) => {}
        }
    }
}

/// What is due now, and how long there is nothing else to do.
async fn look(app: Arc<App>) -> Result<(Vec<Notification>, Duration), StoreError> {
    let work = tokio::task::spawn_blocking(move || {
        let now = app.clock.now();
        app.store.run(|rows| {
            while rows.settle_due(now)? > 0 {}
            let nap = rows.next_due(now)?.map_or(LONGEST_NAP, |at| {
                Duration::from_millis(u64::try_from(at.saturating_sub(now)).unwrap_or_default())
            });
            Ok((rows.due(now, MOST.saturating_mul(2))?, nap.min(LONGEST_NAP)))
        })
    });
    work.await.unwrap_or(Err(StoreError::Other("the worker's look was cut short")))
}

/// One try, to its end. Blocks.
fn deliver(app: &App, notification: &Notification) {
    let at = app.clock.now();
    let (status, answer, acknowledged) = match post(app, notification, at) {
        Ok((status, body)) => {
            (Some(status), begin_of(&body), status == 200 && is_acknowledgement(&body))
        }
        Err(why) => (None, why, false),
    };
    let wait = usize::try_from(notification.tries).ok().and_then(|tries| WAITS.get(tries));
    let due_at = wait.filter(|_| !acknowledged).map(|wait| at.saturating_add(*wait));
    let tried = Tried { at, status, answer };
    let kept = app.store.run(|rows| rows.tried(notification.number, &tried, acknowledged, due_at));
    if let Err(error) = kept {
        // It stays due. Sending it again at once would be a storm.
        eprintln!("kassa-sandbox: storage: {error}");
        std::thread::sleep(TROUBLE);
    }
}

fn post(app: &App, notification: &Notification, at: Millis) -> Result<(u16, Vec<u8>), String> {
    let url = &notification.url;
    let path = address::origin_of_page(url)
        .and_then(|_| address::path_of(url))
        .ok_or_else(|| "The address is neither https nor http on this computer".to_owned())?;
    let time = clock::iso(at);
    let client_id = &notification.client_id;
    let body = notification.body.as_bytes();
    let envelope = Envelope { method: "POST", path: &path, client_id, time: &time };
    let signature = envelope.sign(body, &app.gateway_key).map_err(|error| error.to_string())?;
    let mut response = agent(url)
        .post(url)
        .header("content-type", "application/json; charset=UTF-8")
        .header("client-id", client_id)
        .header("request-time", &time)
        .header("signature", &signature)
        .send(body)
        .map_err(|error| error.to_string())?;
    let status = response.status().as_u16();
    let reader = response.body_mut().with_config().limit(LONGEST_ANSWER);
    let body = reader.read_to_vec().map_err(|error| format!("HTTP {status}, then {error}"))?;
    Ok((status, body))
}

fn agent(url: &str) -> ureq::Agent {
    let mut config = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        // An address that moved is not the merchant's word any more.
        .max_redirects(0)
        .max_redirects_will_error(false);
    if url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")) {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        config = config.tls_config(
            TlsConfig::builder()
                .root_certs(RootCerts::new_with_certs(&system_roots()))
                .unversioned_rustls_crypto_provider(provider)
                .build(),
        );
    } else {
        // A proxy's own loopback is not ours.
        config = config.proxy(None);
    }
    config.build().into()
}

/// Whom the computer trusts, a developer's own authority included. Without any, no https address is
/// reached, and the try says so.
fn system_roots() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs();
    found.certs.iter().map(|root| Certificate::from_der(root).to_owned()).collect()
}

/// Only the published answer stops the repetition: code SUCCESS and status S. Its message is for
/// people.
fn is_acknowledgement(body: &[u8]) -> bool {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let says = |member: &str, text: &str| {
        answer.pointer(member).and_then(Value::as_str).is_some_and(|value| value == text)
    };
    says("/result/resultCode", "SUCCESS") && says("/result/resultStatus", "S")
}

fn begin_of(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(KEPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_is_the_published_one() {
        assert_eq!(WAITS.len() + 1, 8, "tries");
        assert_eq!(WAITS.iter().sum::<Millis>(), 24 * HOUR + 22 * MINUTE);
    }

    #[test]
    fn only_the_published_answer_acknowledges() {
        for (body, acknowledges) in [
            (
                r#"{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}"#,
                true,
            ),
            (r#"{"result":{"resultCode":"SUCCESS","resultStatus":"S"},"more":1}"#, true),
            (r#"{"result":{"resultCode":"SUCCESS","resultStatus":"F"}}"#, false),
            (r#"{"result":{"resultCode":"success","resultStatus":"S"}}"#, false),
            (r#"{"resultCode":"SUCCESS","resultStatus":"S"}"#, false),
            (r#"[{"resultCode":"SUCCESS","resultStatus":"S"}]"#, false),
            (r#"[{"result":{"resultCode":"SUCCESS","resultStatus":"S"}}]"#, false),
            (r#"{"ok":true}"#, false),
            ("SUCCESS", false),
            ("", false),
        ] {
            assert_eq!(is_acknowledgement(body.as_bytes()), acknowledges, "{body}");
        }
    }
}

//! The worker that settles payments, sends notifications and removes expired cards, each when it is due.
//!
//! Notifications are queued in the transaction that stores the change, so none is lost between the
//! two, and a restarted program continues. A delivery that the end of the program cut off is made
//! again: a merchant may receive a notification twice, never not at all.
//!
//! *Invariant:* there is one worker. Of one payment's notifications only the first that is not over
//! is sent; those of other payments do not wait for it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use thiserror::Error;
use tokio::task::JoinSet;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Host;

use crate::app::{App, log_store_error};
use crate::clock::{self, Millis};
use crate::domain::notification::Notification;
use crate::domain::notify_hosts::{self, HostRefused, NotifyHosts};
use crate::domain::web_url::WebUrl;
use crate::keys::KeyError;
use crate::payments;
use crate::signature::Envelope;
use crate::store::{Delivery, QueuedNotification, StoreError};

const MINUTE: Millis = 60 * 1000;
const HOUR: Millis = 60 * MINUTE;

/// Time from one delivery to the next, in milliseconds. The first is made at once; after the eighth
/// the notification is given up, 24 h 22 min later. Source: the public documentation of
/// `notifyPayment`.
pub const WAITS: [Millis; 7] =
    [2 * MINUTE, 10 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 15 * HOUR];

/// Time that a merchant has for its answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes. An acknowledgement has about a hundred.
const LONGEST_ANSWER: u64 = 64 * 1024;
/// How much of an answer is stored, in characters.
const STORED_ANSWER: usize = 200;
/// How many notifications are sent at once.
const MOST_AT_ONCE: u32 = 32;
/// The longest sleep of the worker: timers stand still while the computer sleeps.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// Pause after the data file could not be used.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// A delivery without an answer.
#[derive(Debug, Error)]
enum DeliveryError {
    #[error(transparent)]
    Signature(#[from] KeyError),
    #[error(transparent)]
    Host(#[from] HostRefused),
    #[error(transparent)]
    Request(ureq::Error),
    #[error("HTTP {status}, then {error}")]
    Answer { status: u16, error: ureq::Error },
}

/// Runs until the future is dropped.
pub(crate) async fn run(app: Arc<App>) {
    let mut sending = JoinSet::new();
    let mut under_way = HashMap::new();
    loop {
        let pause = match find_due(&app).await {
            Ok((due, pause)) => {
                for queued in due {
                    let number = queued.number;
                    let is_sent = under_way.values().any(|other| *other == number);
                    if is_sent || under_way.len() >= MOST_AT_ONCE as usize {
                        continue;
                    }
                    let app = app.clone();
                    let task = sending.spawn_blocking(move || deliver(&app, &queued));
                    under_way.insert(task.id(), number);
                }
                pause
            }
            Err(_) => RETRY_PAUSE,
        };
        tokio::select! {
            () = app.store.due_changed() => {}
            () = app.clock.moved() => {}
            Some(ended) = sending.join_next_with_id() => {
                let id = match ended {
                    Ok((id, ())) => id,
                    Err(error) => error.id(),
                };
                under_way.remove(&id);
            }
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Settles what is due and removes expired cards; gives the due notifications, and the time until
/// something else is due.
async fn find_due(app: &Arc<App>) -> Result<(Vec<QueuedNotification>, Duration), StoreError> {
    let work = app.transaction(|rows, now| {
        while payments::settle_due(rows, now)? > 0 {}
        let removed_cards = rows.remove_expired_cards(now)?;
        let pause = rows.next_due(now)?.map_or(LONGEST_SLEEP, |at| {
            Duration::from_millis(u64::try_from(at.saturating_sub(now)).unwrap_or_default())
        });
        // Some of them may be on their way.
        let due = rows.due_notifications(now, MOST_AT_ONCE.saturating_mul(2))?;
        Ok((due, pause.min(LONGEST_SLEEP), removed_cards))
    });
    let (due, pause, removed_cards) = work.await?;
    if removed_cards > 0 {
        tracing::debug!(removed_cards, "card tokens expired");
        let app = app.clone();
        let work = tokio::task::spawn_blocking(move || app.store.empty_log());
        if let Ok(Err(error)) = work.await {
            log_store_error(&error);
        }
    }
    Ok((due, pause))
}

/// One delivery. Blocks.
fn deliver(app: &App, queued: &QueuedNotification) {
    let at = app.clock.now();
    let notification = &queued.notification;
    let (status, answer, acknowledged) = match post(app, notification, at) {
        Ok((status, body)) => {
            (Some(status), start_of(&body), status == 200 && is_acknowledgement(&body))
        }
        Err(error) => {
            tracing::warn!(payment = notification.payment_id, %error, "no answer to a notification");
            (None, error.to_string(), false)
        }
    };
    tracing::info!(
        kind = notification.kind.as_str(),
        payment = notification.payment_id,
        status,
        acknowledged,
        "notification sent"
    );
    let wait = usize::try_from(queued.deliveries).ok().and_then(|count| WAITS.get(count));
    let due_at = wait.filter(|_| !acknowledged).map(|wait| at.saturating_add(*wait));
    let delivery = Delivery { at, status, answer };
    let stored =
        app.store.run(|rows| rows.add_delivery(queued.number, &delivery, acknowledged, due_at));
    if let Err(error) = stored {
        log_store_error(&error);
        // It stays due, and must not be sent again at once.
        std::thread::sleep(RETRY_PAUSE);
    }
}

fn post(
    app: &App,
    notification: &Notification,
    at: Millis,
) -> Result<(u16, Vec<u8>), DeliveryError> {
    // Sessions outlive a start of the sandbox, which may have allowed the host.
    app.config.notify_hosts.check(&notification.url)?;
    let url = notification.url.normalised();
    let path = notification.url.request_target();
    let time = clock::iso(at);
    let client_id = &notification.client_id;
    let body = notification.body.as_bytes();
    let envelope = Envelope { method: "POST", path, client_id, time: &time };
    let signature = envelope.sign(body, &app.gateway_key)?;
    let mut response = agent(&notification.url, &app.config.notify_hosts)
        .post(url.as_str())
        .header("content-type", "application/json; charset=UTF-8")
        .header("client-id", client_id)
        .header("request-time", &time)
        .header("signature", &signature)
        .send(body)
        .map_err(DeliveryError::Request)?;
    let status = response.status().as_u16();
    let reader = response.body_mut().with_config().limit(LONGEST_ANSWER);
    let body = reader.read_to_vec().map_err(|error| DeliveryError::Answer { status, error })?;
    Ok((status, body))
}

fn agent(url: &WebUrl, hosts: &NotifyHosts) -> ureq::Agent {
    let mut config = ureq::Agent::config_builder()
        .timeout_global(Some(ANSWER_LIMIT))
        .http_status_as_error(false)
        // The merchant registered this address, and no other.
        .max_redirects(0)
        .max_redirects_will_error(false);
    if url.normalised().scheme() == "https" {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        config = config.tls_config(
            TlsConfig::builder()
                .root_certs(RootCerts::new_with_certs(&system_roots()))
                .unversioned_rustls_crypto_provider(provider)
                .build(),
        );
    }
    if is_this_machine(url) {
        // A proxy's loopback is another computer's.
        config = config.proxy(None);
    }
    let resolver = CheckedResolver {
        host: url.normalised().host().map(|host| host.to_owned()),
        hosts: hosts.clone(),
        resolver: DefaultResolver::default(),
    };
    ureq::Agent::with_parts(config.build(), DefaultConnector::default(), resolver)
}

fn is_this_machine(url: &WebUrl) -> bool {
    url.normalised().host().is_some_and(|host| notify_hosts::is_this_machine(&host.to_owned()))
}

/// Gives the addresses of a name that may be used. The connection is made to one of them, so that a
/// name cannot resolve to another between the check and the connection.
#[derive(Debug)]
struct CheckedResolver<R> {
    /// The host of the notification's address.
    host: Option<Host<String>>,
    hosts: NotifyHosts,
    resolver: R,
}

impl<R: Resolver> Resolver for CheckedResolver<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let resolved = self.resolver.resolve(uri, config, timeout)?;
        let Some(host) = self.host.as_ref().filter(|host| is_host_of(host, uri)) else {
            // The proxy of the environment, which resolves the name itself.
            return Ok(resolved);
        };
        for address in &resolved[..] {
            self.hosts
                .check_address(host, address.ip())
                .map_err(|error| ureq::Error::Other(Box::new(error)))?;
        }
        Ok(resolved)
    }
}

fn is_host_of(host: &Host<String>, uri: &Uri) -> bool {
    uri.host().and_then(|name| Host::parse(name).ok()).is_some_and(|named| named == *host)
}

/// The certificate authorities of the operating system, a developer's own included. Without any no
/// `https:` address is reached, and the delivery records that.
fn system_roots() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs();
    found.certs.iter().map(|root| Certificate::from_der(root).to_owned()).collect()
}

/// Only the published answer stops the repetition: code SUCCESS and status S. Its message does not
/// count.
fn is_acknowledgement(body: &[u8]) -> bool {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let has_text = |member: &str, text: &str| {
        answer.pointer(member).and_then(Value::as_str).is_some_and(|value| value == text)
    };
    has_text("/result/resultCode", "SUCCESS") && has_text("/result/resultStatus", "S")
}

fn start_of(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(STORED_ANSWER).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Resolves every name to these addresses.
    #[derive(Debug)]
    struct Fixed(&'static [&'static str]);

    impl Resolver for Fixed {
        fn resolve(
            &self,
            _: &Uri,
            _: &Config,
            _: NextTimeout,
        ) -> Result<ResolvedSocketAddrs, ureq::Error> {
            let mut resolved = self.empty();
            self.0.iter().for_each(|address| resolved.push(address.parse().unwrap()));
            Ok(resolved)
        }
    }

    #[test]
    fn a_name_is_refused_when_one_of_its_addresses_is() {
        for (addresses, allowed, refusal) in [
            (["8.8.8.8:443", "10.0.0.1:443"].as_slice(), ["shop.example"].as_slice(), "10.0.0.1"),
            (&["[fd00::1]:443"], &["shop.example"], "fd00::1"),
            (&["[::ffff:169.254.169.254]:443"], &["shop.example"], "169.254.169.254"),
            (&["127.0.0.1:1"], &["shop.example"], ""),
            (&["127.0.0.1:1"], &["shop.example", "10.0.0.1"], ""),
        ] {
            let hosts: Vec<_> = allowed.iter().map(|host| host.parse().unwrap()).collect();
            let resolver = CheckedResolver {
                host: Some(Host::Domain("shop.example".to_owned())),
                hosts: hosts.into(),
                resolver: Fixed(addresses),
            };
            let config = ureq::Agent::config_builder().proxy(None).build();
            let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), resolver);
            let error = agent.get("http://shop.example/").call().unwrap_err().to_string();
            let switch = format!("--allow-notify-host {refusal}");
            // Nothing listens on port 1, which only an allowed address finds out.
            assert_eq!(error.contains(&switch), !refusal.is_empty(), "{addresses:?}: {error}");
        }
    }

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

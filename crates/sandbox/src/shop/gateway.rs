//! The shop's calls to the gateway: signed HTTP, like those of every merchant.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::api::{CallResult, ResultStatus};
use crate::app::{App, DEMO_CLIENT};
use crate::clock::{self, Clock};
use crate::keys::KeyError;
use crate::signature::{Envelope, SignatureError};

/// Time limit of a call.
const LIMIT: Duration = Duration::from_secs(10);

/// A call without a trustworthy answer.
#[derive(Debug, Error)]
pub(super) enum GatewayError {
    #[error("request: {0}")]
    Request(#[source] serde_json::Error),
    #[error("key: {0}")]
    Key(#[from] KeyError),
    #[error("the gateway does not answer: {0}")]
    NoAnswer(#[from] ureq::Error),
    #[error("the answer's signature is not the gateway's")]
    Signature(#[from] SignatureError),
    #[error("answer: {0}")]
    Answer(#[source] serde_json::Error),
}

/// An answer whose signature was checked.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    pub(super) result: CallResult,
    /// The other members.
    #[serde(flatten)]
    pub(super) body: serde_json::Map<String, Value>,
}

impl Answer {
    /// Whether the operation succeeded.
    pub(super) fn is_success(&self) -> bool {
        self.result.result_status == ResultStatus::Success
    }

    /// A member that is text, by its JSON pointer; empty when there is none.
    pub(super) fn text(&self, member: &str, pointer: &str) -> &str {
        let found = self.body.get(member).and_then(|value| value.pointer(pointer));
        found.and_then(Value::as_str).unwrap_or_default()
    }

    /// The whole answer.
    pub(super) fn into_value(self) -> Result<Value, serde_json::Error> {
        let mut body = self.body;
        body.insert("result".to_owned(), serde_json::to_value(self.result)?);
        Ok(Value::Object(body))
    }
}

/// Calls one operation of the server API. Blocks.
pub(super) fn call(
    app: &App,
    client_id: &str,
    operation: &str,
    request: &impl Serialize,
) -> Result<Answer, GatewayError> {
    let environment = if client_id == DEMO_CLIENT { "sandbox/" } else { "" };
    let path = format!("/ams/{environment}api/v1/payments/{operation}");
    let body = serde_json::to_vec(request).map_err(GatewayError::Request)?;
    // Servers of merchants have the system's clock, also while a test moves the sandbox's.
    let time = clock::iso(Clock::system_now());
    let envelope = Envelope { method: "POST", path: &path, client_id, time: &time };
    let signature = envelope.sign(&body, &app.merchant_key)?;
    let mut response = agent()
        .post(format!("{}{path}", app.config.gateway_origin))
        .header("Content-Type", "application/json; charset=UTF-8")
        .header("Client-Id", client_id)
        .header("Request-Time", &time)
        .header("Signature", &signature)
        .send(&body[..])?;
    let header = |name: &str| {
        response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
    };
    let (time, signature, client) =
        (header("response-time"), header("signature"), header("client-id"));
    let body = response.body_mut().read_to_vec()?;
    let key = app.gateway_key.public()?;
    let envelope = Envelope { method: "POST", path: &path, client_id: &client, time: &time };
    envelope.verify(&body, &signature, &key)?;
    serde_json::from_slice(&body).map_err(GatewayError::Answer)
}

/// The address of the simulator where a payment waits for its buyer, or of the list of all when it
/// does not wait. The list of simulators is an interface of the sandbox, which real gateways do not
/// have. Blocks.
pub(super) fn simulator(app: &App, request_id: &str) -> String {
    let gateway = &app.config.gateway_origin;
    let list = format!("{gateway}/simulators");
    let read = || -> Option<Value> {
        let mut answer = agent().get(format!("{list}?format=json")).call().ok()?;
        serde_json::from_slice(&answer.body_mut().read_to_vec().ok()?).ok()
    };
    let found = read().unwrap_or_default();
    let payments = found.get("payments").and_then(Value::as_array).into_iter().flatten();
    let page = payments
        .filter(|payment| payment.get("paymentRequestId").is_some_and(|id| *id == *request_id))
        .find_map(|payment| payment.get("page").and_then(Value::as_str));
    page.map_or(list, |page| format!("{gateway}{page}"))
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .timeout_global(Some(LIMIT))
        .http_status_as_error(false)
        .build()
        .into()
}

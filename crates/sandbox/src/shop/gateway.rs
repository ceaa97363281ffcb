//! How the shop's server talks to the gateway: signed HTTP, like every merchant's.

use std::time::Duration;

use kassa_protocol::ResultStatus;
use serde::Serialize;
use serde_json::Value;

use crate::app::{App, DEMO_CLIENT};
use crate::clock;
use crate::signature::Envelope;

/// Why there is no trustworthy answer. The words are for an engineer.
#[derive(Debug)]
pub(super) struct NoAnswer(pub(super) String);

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// An answer whose signature was checked.
#[derive(Debug)]
pub(super) struct Answer {
    /// The whole answer.
    pub(super) body: Value,
    /// `result.resultCode`.
    pub(super) code: String,
    /// Whether `result.resultStatus` is `S`.
    pub(super) success: bool,
}

/// Calls one operation of the server API. Blocks.
pub(super) fn call(
    app: &App,
    client_id: &str,
    operation: &str,
    request: &impl Serialize,
) -> Result<Answer, NoAnswer> {
    let world = if client_id == DEMO_CLIENT { "sandbox/" } else { "" };
    let path = format!("/ams/{world}api/v1/payments/{operation}");
    let no = |what: &str, error: &dyn std::fmt::Display| NoAnswer(format!("{what}: {error}"));
    let body = serde_json::to_vec(request).map_err(|error| no("request", &error))?;
    let time = clock::iso(app.clock.now());
    let envelope = Envelope { method: "POST", path: &path, client_id, time: &time };
    let signature =
        envelope.sign(&body, &app.merchant_key).map_err(|error| no("signing", &error))?;
    let mut response = agent()
        .post(format!("{}{path}", app.config.gateway_origin))
        .header("Content-Type", "application/json; charset=UTF-8")
        .header("Client-Id", client_id)
        .header("Request-Time", &time)
        .header("Signature", &signature)
        .send(&body[..])
        .map_err(|error| no("the gateway does not answer", &error))?;
    let header = |name: &str| {
        response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
    };
    let (time, signature, client) =
        (header("response-time"), header("signature"), header("client-id"));
    let body = response.body_mut().read_to_vec().map_err(|error| no("reading", &error))?;
    let key = app.gateway_key.public().map_err(|error| no("key", &error))?;
    Envelope { method: "POST", path: &path, client_id: &client, time: &time }
        .verify(&body, &signature, &key)
        .map_err(|_| NoAnswer("the answer's signature is not the gateway's".to_owned()))?;
    let body: Value = serde_json::from_slice(&body).map_err(|error| no("reading", &error))?;
    let result = |name: &str| body.pointer(name).and_then(Value::as_str).unwrap_or_default();
    let code = result("/result/resultCode").to_owned();
    let success = ResultStatus::from(result("/result/resultStatus")) == ResultStatus::Success;
    Ok(Answer { body, code, success })
}

/// The address of the simulator where a payment waits for its buyer, or of the list of all when it
/// waits nowhere. No merchant's server could know that: it is the sandbox's. Blocks.
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
        .timeout_global(Some(Duration::from_secs(10)))
        .http_status_as_error(false)
        .build()
        .into()
}

//! Answers to the page, and the faults that spoil them.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kassa_protocol::client::Refusal;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::domain::scenario::Fault;
use crate::ids;
use crate::serve::CloseInstead;
use crate::store::StoreError;

/// `Result-Status` of an answer that the gateway could give.
const OK: u16 = 1000;
/// `Result-Status` of a call that the gateway could not read.
const UNREADABLE: u16 = 1001;
/// How long a call hangs before its connection closes.
const HANG: Duration = Duration::from_secs(60);

/// An answer that ends a call early.
#[derive(Debug)]
pub(crate) struct Reply {
    status: u16,
    code: &'static str,
    message: String,
}

impl Reply {
    /// The call is not one that the gateway can read.
    pub(crate) fn bad_call(message: impl Into<String>) -> Self {
        Self { status: UNREADABLE, code: "PARAM_ILLEGAL", message: message.into() }
    }

    /// The sandbox itself failed.
    pub(crate) fn broken() -> Self {
        Self {
            status: OK,
            code: "UNKNOWN_EXCEPTION",
            message: "The sandbox could not use its data file; its terminal says why".to_owned(),
        }
    }
}

impl From<StoreError> for Reply {
    fn from(error: StoreError) -> Self {
        eprintln!("kassa-sandbox: storage: {error}");
        Self::broken()
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let tips = utf8_percent_encode(&self.message, NON_ALPHANUMERIC).to_string();
        let mut response = json_response(self.status, &refusal(self.code, &self.message));
        if let Ok(tips) = HeaderValue::from_str(&tips) {
            response.headers_mut().insert("tips", tips);
        }
        response
    }
}

/// An answer that did not do what was asked.
pub(crate) fn refusal(code: &str, message: &str) -> Value {
    json!(Refusal {
        success: false,
        error_code: code.to_owned(),
        error_message: message.to_owned(),
        environment: None,
    })
}

/// Performs an operation, or not, and answers, or not, as the fault says.
pub(crate) async fn play<F>(fault: Fault, perform: impl Fn() -> F) -> Response
where
    F: Future<Output = Result<Value, Reply>>,
{
    match fault {
        Fault::None => answer(perform().await),
        Fault::Delay(time) => {
            tokio::time::sleep(time).await;
            answer(perform().await)
        }
        Fault::Hang => {
            tokio::time::sleep(HANG).await;
            close()
        }
        Fault::Drop => close(),
        Fault::Lost => {
            let _ = perform().await;
            close()
        }
        Fault::Http500 => (StatusCode::INTERNAL_SERVER_ERROR, "ordered fault\n").into_response(),
        Fault::Html => {
            let page = "<!doctype html><title>Sign in</title><p>Please sign in to this network.";
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
        }
        Fault::Truncated => spoil(perform().await, |text| {
            let half = text.chars().count() / 2;
            (text.chars().take(half).collect(), "application/json")
        }),
        Fault::ContentType => spoil(perform().await, |text| (text, "text/plain; charset=utf-8")),
        Fault::Unknown => answer(perform().await.map(add_unknown)),
        Fault::Status(status) => json_response(
            status,
            &refusal("SYSTEM_ERROR", "The session ordered this Result-Status"),
        ),
        Fault::Empty => spoil(perform().await, |_| (String::new(), "application/json")),
        Fault::Duplicate => {
            let _ = perform().await;
            answer(perform().await)
        }
    }
}

fn close() -> Response {
    let mut response = StatusCode::OK.into_response();
    response.extensions_mut().insert(CloseInstead);
    response
}

fn answer(outcome: Result<Value, Reply>) -> Response {
    match outcome {
        Ok(value) => json_response(OK, &value),
        Err(reply) => reply.into_response(),
    }
}

fn spoil(
    outcome: Result<Value, Reply>,
    change: impl FnOnce(String) -> (String, &'static str),
) -> Response {
    match outcome {
        Ok(value) => {
            let (text, kind) = change(value.to_string());
            response(OK, text, kind)
        }
        Err(reply) => reply.into_response(),
    }
}

fn json_response(status: u16, value: &Value) -> Response {
    response(status, value.to_string(), "application/json; charset=utf-8")
}

fn response(status: u16, body: String, kind: &'static str) -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .header(header::CACHE_CONTROL, "no-store")
        .header("result-status", status)
        .header("mgw-traceid", ids::unguessable().unwrap_or_default())
        .body(Body::from(body))
        .unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// What a newer gateway might say: a reader must not mind.
fn add_unknown(mut value: Value) -> Value {
    if let Some(answer) = value.as_object_mut() {
        answer.insert("fromTheFuture".to_owned(), json!({"nested": [1, null, {"deep": true}]}));
        answer.insert("supportedLanguages".to_owned(), json!([{"locale": "xx_XX"}]));
        if let Some(methods) = answer.get_mut("paymentMethods").and_then(Value::as_array_mut) {
            for method in methods.iter_mut().filter_map(Value::as_object_mut) {
                method.insert("webRedirectType".to_owned(), json!("HOLOGRAM"));
            }
            methods.push(json!({
                "paymentMethodType": "TELEPATHY",
                "paymentMethodName": "Telepathy",
                "category": "MIND",
                "interActionType": "THINK",
                "paymentElements": [{"elementType": "BRAINWAVE", "paymentElementKey": "wave"}],
            }));
        }
        if let Some(risk) =
            answer.get_mut("popRiskDecisionResultInfo").and_then(Value::as_object_mut)
        {
            risk.insert("postRiskDecision".to_owned(), json!("PONDER"));
        }
    }
    value
}

//! Answers to the page, and the faults that are injected into them.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kassa_protocol::client::Refusal;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use thiserror::Error;

use crate::app::log_store_error;
use crate::domain::fault::Fault;
use crate::http::connection::CloseInstead;
use crate::ids;
use crate::store::StoreError;

/// `Result-Status` of an answer that the gateway could give.
const OK: u16 = 1000;
/// `Result-Status` of a call that the gateway could not read.
const UNREADABLE: u16 = 1001;
/// How long a call hangs before its connection closes.
const HANG: Duration = Duration::from_secs(60);

/// A call that ends without the answer of its operation.
#[derive(Debug, Error)]
pub(crate) enum CallError {
    /// The gateway cannot read the call.
    #[error("{0}")]
    Unreadable(String),
    /// The data file could not be used.
    #[error("The sandbox could not use its data file; its log has the reason")]
    Store(StoreError),
}

impl CallError {
    pub(crate) fn unreadable(message: impl Into<String>) -> Self {
        Self::Unreadable(message.into())
    }

    fn result_status(&self) -> u16 {
        match self {
            Self::Unreadable(_) => UNREADABLE,
            Self::Store(_) => OK,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "PARAM_ILLEGAL",
            Self::Store(_) => "UNKNOWN_EXCEPTION",
        }
    }
}

impl From<StoreError> for CallError {
    fn from(error: StoreError) -> Self {
        log_store_error(&error);
        Self::Store(error)
    }
}

impl IntoResponse for CallError {
    fn into_response(self) -> Response {
        let message = self.to_string();
        let tips = utf8_percent_encode(&message, NON_ALPHANUMERIC).to_string();
        let mut response = json_response(self.result_status(), &refusal(self.code(), &message));
        if let Ok(tips) = HeaderValue::from_str(&tips) {
            response.headers_mut().insert("tips", tips);
        }
        response
    }
}

/// The answer of an operation that was refused.
pub(crate) fn refusal(code: &str, message: &str) -> Value {
    json!(Refusal {
        success: false,
        error_code: code.to_owned(),
        error_message: message.to_owned(),
        environment: None,
    })
}

/// Performs an operation and answers, as far as the fault allows.
pub(crate) async fn answer_with_fault<F>(fault: Fault, perform: impl Fn() -> F) -> Response
where
    F: Future<Output = Result<Value, CallError>>,
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
        Fault::Http500 => (StatusCode::INTERNAL_SERVER_ERROR, "injected fault\n").into_response(),
        Fault::Html => {
            let page = "<!doctype html><title>Sign in</title><p>Please sign in to this network.";
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
        }
        Fault::Truncated => altered(perform().await, |text| {
            let half = text.chars().count() / 2;
            (text.chars().take(half).collect(), "application/json")
        }),
        Fault::ContentType => altered(perform().await, |text| (text, "text/plain; charset=utf-8")),
        Fault::Unknown => answer(perform().await.map(add_unknown)),
        Fault::Status(status) => json_response(
            status,
            &refusal("SYSTEM_ERROR", "The session's scenario has this Result-Status"),
        ),
        Fault::Empty => altered(perform().await, |_| (String::new(), "application/json")),
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

fn answer(outcome: Result<Value, CallError>) -> Response {
    match outcome {
        Ok(value) => json_response(OK, &value),
        Err(error) => error.into_response(),
    }
}

fn altered(
    outcome: Result<Value, CallError>,
    change: impl FnOnce(String) -> (String, &'static str),
) -> Response {
    match outcome {
        Ok(value) => {
            let (text, kind) = change(value.to_string());
            response(OK, text, kind)
        }
        Err(error) => error.into_response(),
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

/// Members and values that a newer gateway might send. Readers have to ignore them.
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

//! Answers to the page, and the faults that are injected into them.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kassa_protocol::client::{Element, MethodView, PublishedAnswer, TokenAnswer};
use kassa_protocol::json::{FromJson, Json, ToJson, read};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use thiserror::Error;

use crate::app::log_store_error;
use crate::domain::client_view;
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

/// An answer to a page or to the card form.
pub(crate) trait ClientAnswer: FromJson + ToJson + PartialEq + Send + 'static {
    /// The answer that refuses.
    fn refusal(code: &str, message: &str) -> Self;

    /// Adds values that a newer gateway might send. Readers have to ignore them.
    fn add_unknown_values(&mut self);
}

impl ClientAnswer for PublishedAnswer {
    fn refusal(code: &str, message: &str) -> Self {
        client_view::published(client_view::refusal(code, message), None)
    }

    fn add_unknown_values(&mut self) {
        if self.answer.offer.payment_methods.is_empty() {
            return;
        }
        self.answer.offer.payment_methods.push(MethodView {
            payment_method_type: Some("TELEPATHY".into()),
            payment_method_name: Some("Telepathy".to_owned()),
            category: Some("MIND".to_owned()),
            inter_action_type: Some("THINK".to_owned()),
            payment_elements: vec![Element {
                payment_element_key: "wave".to_owned(),
                element_type: Some("BRAINWAVE".into()),
                ..Element::default()
            }],
        });
    }
}

impl ClientAnswer for TokenAnswer {
    fn refusal(code: &str, message: &str) -> Self {
        client_view::token_refusal(code, message)
    }

    fn add_unknown_values(&mut self) {}
}

/// Performs an operation and answers, as far as the fault allows.
pub(crate) async fn answer_with_fault<A, F>(fault: Fault, perform: impl Fn() -> F) -> Response
where
    A: ClientAnswer,
    F: Future<Output = Result<A, CallError>>,
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
        Fault::Unknown => match perform().await {
            Ok(mut answer) => {
                answer.add_unknown_values();
                json_response(OK, text_of(&answer, add_unknown_members))
            }
            Err(error) => error_response::<A>(&error),
        },
        Fault::Status(status) => {
            let message = "The session's scenario has this Result-Status";
            json_response(status, text_of(&A::refusal("SYSTEM_ERROR", message), |_| {}))
        }
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

fn answer<A: ClientAnswer>(outcome: Result<A, CallError>) -> Response {
    match outcome {
        Ok(answer) => json_response(OK, text_of(&answer, |_| {})),
        Err(error) => error_response::<A>(&error),
    }
}

fn altered<A: ClientAnswer>(
    outcome: Result<A, CallError>,
    change: impl FnOnce(String) -> (String, &'static str),
) -> Response {
    match outcome {
        Ok(answer) => {
            let (text, kind) = change(text_of(&answer, |_| {}));
            response(OK, text, kind)
        }
        Err(error) => error_response::<A>(&error),
    }
}

/// The answer to a call that ended with an error.
pub(crate) fn error_response<A: ClientAnswer>(error: &CallError) -> Response {
    let message = error.to_string();
    let tips = utf8_percent_encode(&message, NON_ALPHANUMERIC).to_string();
    let text = text_of(&A::refusal(error.code(), &message), |_| {});
    let mut response = json_response(error.result_status(), text);
    if let Ok(tips) = HeaderValue::from_str(&tips) {
        response.headers_mut().insert("tips", tips);
    }
    response
}

/// The answer to a call that was refused before its session was known.
pub(crate) fn refused<A: ClientAnswer>(code: &str, message: &str) -> Response {
    json_response(OK, text_of(&A::refusal(code, message), |_| {}))
}

/// The JSON text of an answer; every answer to a page passes here.
///
/// *Invariant:* the SDK's reader returns the written value. Debug builds, in which all tests run,
/// check that for each answer.
fn text_of<A: ClientAnswer>(answer: &A, add_unknown: impl FnOnce(&mut Json)) -> String {
    let mut json = answer.to_json().unwrap_or(Json::Null);
    add_unknown(&mut json);
    let text = serde_json::to_string(&json).unwrap_or_default();
    debug_assert!(
        serde_json::from_str::<Value>(&text).is_ok_and(|json| read(&json).as_ref() == Ok(answer)),
        "the SDK's reader gives back another answer than this one: {text}"
    );
    text
}

/// Members that a newer gateway might send, in every object. Readers have to ignore them.
fn add_unknown_members(json: &mut Json) {
    match json {
        Json::Null | Json::Flag(_) | Json::Number(_) | Json::Text(_) => {}
        Json::List(items) => items.iter_mut().for_each(add_unknown_members),
        Json::Object(members) => {
            members.iter_mut().for_each(|(_, value)| add_unknown_members(value));
            let deep = Json::object().with("deep", &true);
            let nested = Json::List(vec![Json::Number(1.0), Json::Null, deep]);
            json.add("fromTheFuture", Some(Json::object().with("nested", &nested)));
        }
    }
}

fn json_response(status: u16, text: String) -> Response {
    response(status, text, "application/json; charset=utf-8")
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

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn a_failure_of_the_data_file_is_answered() {
        for response in [
            error_response::<PublishedAnswer>(&CallError::Store(StoreError::Interrupted)),
            error_response::<TokenAnswer>(&CallError::Store(StoreError::Interrupted)),
        ] {
            assert_eq!(response.headers()["result-status"], "1000");
            let body = to_bytes(response.into_body(), 1024).await.unwrap();
            let json: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(
                (&json["success"], &json["errorCode"]),
                (&false.into(), &"UNKNOWN_EXCEPTION".into())
            );
        }
    }
}

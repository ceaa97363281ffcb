//! The client protocol: `POST /mgw.htm`.

mod answer;
mod operations;

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method as HttpMethod, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kassa_protocol::client::{self, INQUIRE, QUERY, SESSION_FAILED, SUBMIT};
use serde_json::Value;

pub(crate) use answer::{CallError, answer_with_fault, refusal};
pub(crate) use operations::expired_or_unknown;

use crate::app::App;
use crate::domain::fault::{Fault, Operation};
use crate::domain::quote::Quoted;
use crate::domain::session::{self, Session};
use crate::store::{Rows, StoreError};

/// The largest request body, in bytes.
const LARGEST: usize = 64 * 1024;

/// A call that was read.
struct Call {
    operation: Operation,
    request: client::Request,
    session: Option<Session>,
    sandbox: bool,
}

/// Answers the page. Unless a fault is injected the answer is HTTP 200 and JSON, whatever is wrong
/// with the call.
pub(crate) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if head.method == HttpMethod::OPTIONS {
        return with_cors(StatusCode::NO_CONTENT.into_response(), Some(&head.headers));
    }
    if head.method != HttpMethod::POST {
        let response = (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST, OPTIONS")]);
        return with_cors(response.into_response(), None);
    }
    let response = match to_bytes(body, LARGEST).await {
        Ok(bytes) => answer(app, head.headers, bytes.to_vec()).await,
        Err(_) => {
            CallError::unreadable("The body is too large or stopped before its end").into_response()
        }
    };
    with_cors(response, None)
}

async fn answer(app: Arc<App>, headers: HeaderMap, body: Vec<u8>) -> Response {
    let reader = app.clone();
    let read = blocking(move || read(&reader, &headers, &body)).await;
    let (call, fault) = match read {
        Ok(found) => found,
        Err(error) => return error.into_response(),
    };
    let call = Arc::new(call);
    answer_with_fault(fault, || {
        let (app, call) = (app.clone(), call.clone());
        blocking(move || perform(&app, &call))
    })
    .await
}

/// Runs work that may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CallError> + Send + 'static,
) -> Result<T, CallError> {
    let outcome = tokio::task::spawn_blocking(work).await;
    outcome.unwrap_or_else(|_| Err(StoreError::Interrupted.into()))
}

/// Reads the call, finds its session and counts it.
fn read(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<(Call, Fault), CallError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let operation = match text("operation-type") {
        Some(QUERY) => Operation::Query,
        Some(SUBMIT) => Operation::Submit,
        Some(INQUIRE) => Operation::Inquire,
        Some(other) => {
            return Err(CallError::unreadable(format!(
                "There is no operation {}; the header Operation-Type takes {QUERY}, {SUBMIT} and \
                 {INQUIRE}",
                Quoted(other)
            )));
        }
        None => return Err(CallError::unreadable("The header Operation-Type is missing")),
    };
    let calls: Vec<Value> = serde_json::from_slice(body)
        .map_err(|error| CallError::unreadable(format!("The body is not a JSON array: {error}")))?;
    let one_object = || CallError::unreadable("The body is a JSON array with exactly one object");
    let [object]: [Value; 1] = calls.try_into().map_err(|_| one_object())?;
    if !object.is_object() {
        return Err(one_object());
    }
    let request: client::Request = serde_path_to_error::deserialize(object)
        .map_err(|error| CallError::unreadable(format!("{}: {}", error.path(), error.inner())))?;
    let data = request.payment_session_data.clone().unwrap_or_default();
    let (session, fault) = app.store.run(|rows| find(rows, data.as_str(), operation))?;
    let sandbox = text("load-test").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    Ok((Call { operation, request, session, sandbox }, fault))
}

/// A session, and the fault of its scenario for this call.
pub(crate) fn find(
    rows: &Rows<'_>,
    data: &str,
    operation: Operation,
) -> Result<(Option<Session>, Fault), StoreError> {
    let Some(id) = session::id_of(data) else {
        return Ok((None, Fault::None));
    };
    let Some(session) = rows.session(id)? else {
        return Ok((None, Fault::None));
    };
    let fault = match session.scenario.faults.of(operation) {
        Some(schedule) => schedule.at(rows.count_call(id, operation)?),
        None => Fault::None,
    };
    Ok((Some(session), fault))
}

fn perform(app: &App, call: &Call) -> Result<Value, CallError> {
    let Some(session) = &call.session else {
        return Ok(refusal(
            SESSION_FAILED,
            "There is no such session; pass paymentSessionData exactly as the server API gave it",
        ));
    };
    match call.operation {
        Operation::Query => operations::query(app, session, &call.request, call.sandbox),
        Operation::Submit => operations::submit(app, session, &call.request),
        Operation::Inquire | Operation::Token => operations::inquire(app, session, &call.request),
    }
}

/// Any page may call: the session authorises the call, and cookies are neither set nor read.
fn with_cors(mut response: Response, preflight: Option<&HeaderMap>) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("Result-Status, Tips, Memo, Mgw-TraceId"),
    );
    if let Some(preflight) = preflight {
        // The list of the request: not every supported engine accepts `*`.
        let wanted = preflight
            .get(header::ACCESS_CONTROL_REQUEST_HEADERS)
            .cloned()
            .unwrap_or(HeaderValue::from_static("content-type, operation-type"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("POST, OPTIONS"),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
        headers.insert(header::VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
    }
    response
}

//! The client protocol: `POST /mgw.htm`.

mod operations;
mod reply;

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method as HttpMethod, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kassa_protocol::client::{self, INQUIRE, QUERY, SESSION_FAILED, SUBMIT};
use serde_json::Value;

pub(crate) use operations::expired_or_unknown;
pub(crate) use reply::{Reply, play, refusal};

use crate::app::App;
use crate::domain::scenario::{Fault, Operation};
use crate::domain::session::{self, Session};
use crate::store::{Rows, StoreError};

/// The largest request body, in bytes.
const LARGEST: usize = 64 * 1024;

/// What an operation is told.
struct Call {
    operation: Operation,
    request: client::Request,
    session: Option<Session>,
    sandbox: bool,
}

/// Answers the page. Whatever is wrong with the call, the answer is HTTP 200 and JSON, unless a
/// fault was ordered.
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
            Reply::bad_call("The body is too large or stopped before its end").into_response()
        }
    };
    with_cors(response, None)
}

async fn answer(app: Arc<App>, headers: HeaderMap, body: Vec<u8>) -> Response {
    let reader = app.clone();
    let read = blocking(move || read(&reader, &headers, &body)).await;
    let (call, fault) = match read {
        Ok(found) => found,
        Err(reply) => return reply.into_response(),
    };
    let call = Arc::new(call);
    play(fault, || {
        let (app, call) = (app.clone(), call.clone());
        blocking(move || perform(&app, &call))
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Reply> + Send + 'static,
) -> Result<T, Reply> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Reply::broken()))
}

/// Reads the call, finds its session and counts it.
fn read(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<(Call, Fault), Reply> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let operation = match text("operation-type") {
        Some(QUERY) => Operation::Query,
        Some(SUBMIT) => Operation::Submit,
        Some(INQUIRE) => Operation::Inquire,
        Some(other) => {
            return Err(Reply::bad_call(format!(
                "There is no operation {}; the header Operation-Type takes {QUERY}, {SUBMIT} and \
                 {INQUIRE}",
                crate::domain::money::quote(other)
            )));
        }
        None => return Err(Reply::bad_call("The header Operation-Type is missing")),
    };
    let calls: Vec<Value> = serde_json::from_slice(body)
        .map_err(|error| Reply::bad_call(format!("The body is not a JSON array: {error}")))?;
    let one: [Value; 1] = calls
        .try_into()
        .map_err(|_| Reply::bad_call("The body is a JSON array with exactly one object"))?;
    let [object] = one;
    if !object.is_object() {
        return Err(Reply::bad_call("The body is a JSON array with exactly one object"));
    }
    let request: client::Request = serde_path_to_error::deserialize(object)
        .map_err(|error| Reply::bad_call(format!("{}: {}", error.path(), error.inner())))?;
    let data = request.payment_session_data.clone().unwrap_or_default();
    let (session, fault) = app.store.run(|rows| find(rows, data.as_str(), operation))?;
    let sandbox = text("load-test").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    Ok((Call { operation, request, session, sandbox }, fault))
}

/// A session and the fault that it ordered for this call.
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
    let fault = match session.knobs.faults.of(operation) {
        Some(schedule) => schedule.at(rows.count_use(id, operation)?),
        None => Fault::None,
    };
    Ok((Some(session), fault))
}

fn perform(app: &App, call: &Call) -> Result<Value, Reply> {
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

/// Any page may call: the session is what authorises, and cookies are neither set nor read.
fn with_cors(mut response: Response, preflight: Option<&HeaderMap>) -> Response {
    use axum::http::HeaderValue;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("Result-Status, Tips, Memo, Mgw-TraceId"),
    );
    if let Some(asked) = preflight {
        // The list is the caller's own: `*` is not understood by every engine that we serve.
        let wanted = asked
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

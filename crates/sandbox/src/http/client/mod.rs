//! The client protocol: `POST /mgw.htm`.

mod answer;
mod operations;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method as HttpMethod, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kassa_protocol::Json;
use kassa_protocol::client::{self, Operation, PublishedAnswer, SESSION_FAILED};
use serde::Deserialize;
use serde_json::Value;

pub(crate) use answer::{CallError, ClientAnswer, answer_with_fault, error_response, refused};

use crate::app::App;
use crate::domain::client_view;
use crate::domain::fault::{Fault, FaultTarget};
use crate::domain::quote::Quoted;
use crate::domain::session::{self, Session};
use crate::domain::web_url::Origin;
use crate::store::{Rows, StoreError};

/// The largest request body, in bytes.
const LARGEST: usize = 64 * 1024;

/// A call that was read.
struct Call {
    operation: Operation,
    request: client::Request,
    /// Names of the members of `paymentFactors` that are not text.
    not_text: BTreeSet<String>,
    session: Option<Session>,
    sandbox: bool,
}

/// The members of `paymentFactors`, of whatever kind. [`client::FormValues`] has those that are text,
/// and a value of another kind would otherwise be taken for a missing one.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RawFactors {
    payment_factors: Option<BTreeMap<String, Json>>,
}

impl RawFactors {
    fn not_text(self) -> BTreeSet<String> {
        let members = self.payment_factors.unwrap_or_default().into_iter();
        let others = members.filter(|(_, value)| !matches!(value, Json::Text(_) | Json::Null));
        others.map(|(name, _)| name).collect()
    }
}

/// Answers the page. Unless a fault is injected the answer is HTTP 200 and JSON, whatever is wrong
/// with the call.
pub(crate) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let origin = page_origin(&head.headers);
    if head.method == HttpMethod::OPTIONS {
        return with_preflight(
            with_cors(StatusCode::NO_CONTENT.into_response(), origin),
            &head.headers,
        );
    }
    if head.method != HttpMethod::POST {
        let response = (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST, OPTIONS")]);
        return with_cors(response.into_response(), origin);
    }
    let response = match to_bytes(body, LARGEST).await {
        Ok(bytes) => answer(app, head.headers, bytes.to_vec()).await,
        Err(_) => error_response::<PublishedAnswer>(&CallError::unreadable(
            "The body is too large or stopped before its end",
        )),
    };
    with_cors(response, origin)
}

async fn answer(app: Arc<App>, headers: HeaderMap, body: Vec<u8>) -> Response {
    let reader = app.clone();
    let read = blocking(move || read(&reader, &headers, &body)).await;
    let (call, fault) = match read {
        Ok(found) => found,
        Err(error) => return error_response::<PublishedAnswer>(&error),
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
    let operation = text("operation-type")
        .ok_or_else(|| CallError::unreadable("The header Operation-Type is missing"))?;
    let operation = Operation::from_name(operation).ok_or_else(|| {
        CallError::unreadable(format!(
            "There is no operation {}; the header Operation-Type takes {}",
            Quoted(operation),
            Operation::ALL.map(Operation::name).join(", ")
        ))
    })?;
    let calls: Vec<Value> = serde_json::from_slice(body)
        .map_err(|error| CallError::unreadable(format!("The body is not a JSON array: {error}")))?;
    let one_object = || CallError::unreadable("The body is a JSON array with exactly one object");
    let [object]: [Value; 1] = calls.try_into().map_err(|_| one_object())?;
    if !object.is_object() {
        return Err(one_object());
    }
    let request: client::Request = read_object(&object)?;
    let not_text = read_object::<RawFactors>(&object)?.not_text();
    let data = request.payment_session_data.as_deref().unwrap_or_default();
    let (session, fault) = app.store.run(|rows| find(rows, data, operation.into()))?;
    let sandbox = text("load-test").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    Ok((Call { operation, request, not_text, session, sandbox }, fault))
}

fn read_object<'o, T: Deserialize<'o>>(object: &'o Value) -> Result<T, CallError> {
    serde_path_to_error::deserialize(object)
        .map_err(|error| CallError::unreadable(format!("{}: {}", error.path(), error.inner())))
}

/// A session, and the fault of its scenario for this call.
pub(crate) fn find(
    rows: &Rows<'_>,
    data: &str,
    target: FaultTarget,
) -> Result<(Option<Session>, Fault), StoreError> {
    let Some(id) = session::id_of(data) else {
        return Ok((None, Fault::None));
    };
    let Some(session) = rows.session(id)? else {
        return Ok((None, Fault::None));
    };
    let fault = match session.scenario.faults.of(target) {
        Some(schedule) => schedule.at(rows.count_call(id, target)?),
        None => Fault::None,
    };
    Ok((Some(session), fault))
}

fn perform(app: &App, call: &Call) -> Result<PublishedAnswer, CallError> {
    let Some(session) = &call.session else {
        return Ok(PublishedAnswer::refusal(
            SESSION_FAILED,
            "There is no such session; pass paymentSessionData exactly as the server API gave it",
        ));
    };
    let (answer, offered) = match call.operation {
        Operation::Query => {
            let answer = operations::query(app, session, &call.request, call.sandbox)?;
            (answer, Some(session.method))
        }
        Operation::Submit => {
            (operations::submit(app, session, &call.request, &call.not_text)?, None)
        }
        Operation::Inquire => (operations::inquire(app, session, &call.request)?, None),
    };
    Ok(client_view::published(answer, offered))
}

/// The origin of the calling page, when it may call with credentials: an `https:` origin, or one of
/// this machine. A sandboxed frame has no origin of its own (`null`), and nobody vouches for a page
/// that came over the network unencrypted.
fn page_origin(headers: &HeaderMap) -> Option<HeaderValue> {
    let given = headers.get(header::ORIGIN)?;
    let origin = given.to_str().ok()?.parse::<Origin>();
    origin.ok().map(|_| given.clone())
}

/// Any page may call, since the session in the body is what authorises a call, and any page may read
/// the answer. The original SDK, and ours for a region's gateway, call with credentials, for which
/// browsers accept the page's own origin only, and no `*`. To allow that is safe as long as the
/// gateway neither sets nor reads cookies and asks for no HTTP authentication: a call with credentials
/// is then worth no more than one without.
fn with_cors(mut response: Response, origin: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    if origin.is_some() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        origin.unwrap_or(HeaderValue::from_static("*")),
    );
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("Result-Status, Tips, Memo, Mgw-TraceId"),
    );
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

fn with_preflight(mut response: Response, preflight: &HeaderMap) -> Response {
    let headers = response.headers_mut();
    // The list of the request: not every supported engine accepts `*`, and none does with
    // credentials.
    let wanted = preflight
        .get(header::ACCESS_CONTROL_REQUEST_HEADERS)
        .cloned()
        .unwrap_or(HeaderValue::from_static("content-type, operation-type"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200"));
    headers.append(header::VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
    response
}

//! The signed server API.

mod cancel;
mod capture;
mod create;
mod input;
mod inquiry;
mod refund;
mod retrieve;

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use thiserror::Error;

use crate::api::{CallResult, ResultStatus};
use crate::app::{App, log_store_error};
use crate::clock::{self, Clock, Millis};
use crate::domain::ledger::{self, Failure, LedgerError};
use crate::domain::method::AmountRefused;
use crate::domain::money::AmountError;
use crate::domain::payment::Payment;
use crate::domain::quote::Quoted;
use crate::domain::session::{Environment, Session};
use crate::payments;
use crate::signature::{Envelope, SignatureError};
use crate::store::{Rows, StoreError};

/// The most characters of a result message. Source: the published object `Result`.
const LONGEST_MESSAGE: usize = 256;
/// How far a request's time may be from the gateway's, in either direction: a signed request that
/// somebody recorded cannot be sent again later. The real gateway's tolerance and its result code are not
/// published.
const TIME_WINDOW: Millis = 5 * 60 * 1000;
/// The largest request body, in bytes. Real ones have a few thousand.
const LARGEST: usize = 256 * 1024;

/// A call that was refused.
#[derive(Debug, Error)]
#[error("{message}")]
pub(crate) struct ApiError {
    code: Cow<'static, str>,
    status: ResultStatus,
    message: String,
}

impl ApiError {
    fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { code: code.into(), status: ResultStatus::Fail, message: message.into() }
    }

    fn illegal(message: impl Into<String>) -> Self {
        Self::new("PARAM_ILLEGAL", message)
    }

    fn into_value(self) -> Value {
        let result_message = self.message.chars().take(LONGEST_MESSAGE).collect();
        json!({
            "result": CallResult {
                result_code: self.code.into_owned(),
                result_status: self.status,
                result_message,
            }
        })
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        log_store_error(&error);
        Self {
            code: "UNKNOWN_EXCEPTION".into(),
            status: ResultStatus::Unknown,
            message: "The sandbox could not use its data file; its log has the reason".to_owned(),
        }
    }
}

impl From<AmountError> for ApiError {
    fn from(error: AmountError) -> Self {
        let code = match error {
            AmountError::NoCurrency { .. }
            | AmountError::NoValue { .. }
            | AmountError::Value { .. } => "PARAM_ILLEGAL",
            AmountError::UnknownCurrency { .. } => "CURRENCY_NOT_SUPPORT",
        };
        Self::new(code, error.to_string())
    }
}

impl From<AmountRefused> for ApiError {
    fn from(error: AmountRefused) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<LedgerError> for ApiError {
    fn from(error: LedgerError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Self::new(failure.code, failure.message)
    }
}

impl From<SignatureError> for ApiError {
    fn from(error: SignatureError) -> Self {
        let code = match error {
            SignatureError::Malformed | SignatureError::Mismatch => "INVALID_SIGNATURE",
            SignatureError::KeyVersion => "SIGN_VERIFY_FAILURE",
        };
        Self::new(code, error.to_string())
    }
}

fn success() -> CallResult {
    ledger::succeeded()
}

fn no_payment() -> ApiError {
    ApiError::new("ORDER_NOT_EXIST", "There is no payment with this paymentId")
}

fn repeated_differently(field: &str, id: &str) -> ApiError {
    ApiError::new(
        "REPEAT_REQ_INCONSISTENT",
        format!("{field} {} was used before with other content; use a new one", Quoted(id)),
    )
}

/// A merchant's session, by the id of a payment, which takes precedence, or by its own request id.
/// Sessions of other merchants are not found.
fn session_of(
    rows: &Rows<'_>,
    client_id: &str,
    payment_id: Option<&str>,
    request_id: Option<&str>,
    now: Millis,
) -> Result<Option<Session>, StoreError> {
    if let Some(id) = payment_id {
        return Ok(payment_of(rows, client_id, id, now)?.map(|(session, _)| session));
    }
    let id = request_id.unwrap_or_default();
    Ok(rows.session_of_request(client_id, id)?.map(|(session, _)| session))
}

/// A merchant's payment and its session.
fn payment_of(
    rows: &Rows<'_>,
    client_id: &str,
    payment_id: &str,
    now: Millis,
) -> Result<Option<(Session, Payment)>, StoreError> {
    let Some(payment) = payments::by_id(rows, payment_id, now)? else {
        return Ok(None);
    };
    let session = rows.session(&payment.session_id)?;
    Ok(session.filter(|session| session.client_id == client_id).map(|session| (session, payment)))
}

/// Answers everything below `/ams/`. Also a failure is HTTP 200 and signed.
pub(crate) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let bytes = to_bytes(body, LARGEST).await;
    let work = tokio::task::spawn_blocking(move || {
        let value = match &bytes {
            Ok(bytes) => answer(&app, head.method.as_str(), &path, &head.headers, bytes)
                .unwrap_or_else(ApiError::into_value),
            Err(_) => ApiError::illegal(format!(
                "The body is larger than {LARGEST} bytes or stopped before its end"
            ))
            .into_value(),
        };
        let client_id = header(&head.headers, "client-id").unwrap_or_default();
        signed(&app, head.method.as_str(), &path, client_id, &value)
    });
    work.await.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

fn answer(
    app: &App,
    method: &str,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, ApiError> {
    let client_id = authenticated_client(app, method, path, headers, body)?;
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    // One official SDK doubles this slash for `retrievePaymentSession`.
    let single = path.replacen("//v1/", "/v1/", 1);
    let path = single.as_str();
    let (environment, operation) = path
        .strip_prefix("/ams/sandbox/api/v1/payments/")
        .map(|operation| (Environment::Sandbox, operation))
        .or_else(|| {
            let operation = path.strip_prefix("/ams/api/v1/payments/")?;
            Some((
                if client_id.starts_with("SANDBOX_") {
                    Environment::Sandbox
                } else {
                    Environment::Prod
                },
                operation,
            ))
        })
        .ok_or_else(|| no_such_api(path))?;
    if method != "POST" {
        return Err(ApiError::new("METHOD_NOT_SUPPORTED", "The server API takes POST only"));
    }
    match operation {
        "createPaymentSession" => create::create(app, &client_id, environment, body),
        "inquiryPayment" => inquiry::inquire(app, &client_id, body),
        "retrievePaymentSession" => retrieve::retrieve(app, &client_id, body),
        "cancel" => cancel::cancel(app, &client_id, body),
        "capture" => capture::capture(app, &client_id, environment, body),
        "refund" => refund::refund(app, &client_id, environment, body),
        "inquiryRefund" => refund::inquire(app, &client_id, body),
        _ => Err(no_such_api(path)),
    }
}

fn no_such_api(path: &str) -> ApiError {
    ApiError::new(
        "INVALID_API",
        format!(
            "There is no {}; below payments/ the sandbox has createPaymentSession, \
             retrievePaymentSession, inquiryPayment, cancel, capture, refund and inquiryRefund",
            Quoted(path)
        ),
    )
}

/// The merchant that signed the call.
fn authenticated_client(
    app: &App,
    method: &str,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<String, ApiError> {
    let client_id = header(headers, "client-id")
        .filter(|id| !id.is_empty() && id.len() <= 64)
        .ok_or_else(|| ApiError::illegal("The header Client-Id is missing"))?;
    let time = header(headers, "request-time")
        .ok_or_else(|| ApiError::illegal("The header Request-Time is missing"))?;
    let requested_at = parse_time(time).ok_or_else(|| {
        ApiError::illegal(format!(
            "The header Request-Time is {}; accepted are ISO 8601 with offset and epoch \
             milliseconds",
            Quoted(time)
        ))
    })?;
    let (_, key) = app.merchant(client_id)?.ok_or_else(|| {
        ApiError::new(
            "KEY_NOT_FOUND",
            format!("No key is registered for the client {}", Quoted(client_id)),
        )
    })?;
    let signature = header(headers, "signature")
        .ok_or_else(|| ApiError::new("INVALID_SIGNATURE", "The header Signature is missing"))?;
    let envelope = Envelope { method, path, client_id, time };
    envelope.verify(body, signature, &key)?;
    // The system's clock, because merchants' servers have it too: a test that moves the sandbox's does
    // not move theirs.
    let now = Clock::system_now();
    if requested_at.abs_diff(now) > TIME_WINDOW.unsigned_abs() {
        return Err(ApiError::new(
            "INVALID_REQUEST_TIME",
            format!(
                "The header Request-Time is {}; accepted is at most {} minutes before or after the \
                 gateway's time, {}",
                Quoted(time),
                TIME_WINDOW / 60_000,
                clock::iso(now)
            ),
        ));
    }
    Ok(client_id.to_owned())
}

/// Official SDKs send ISO 8601 or epoch milliseconds.
fn parse_time(text: &str) -> Option<Millis> {
    let epoch = (10..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if epoch { text.parse().ok() } else { clock::parse_iso(text) }
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn signed(app: &App, method: &str, path: &str, client_id: &str, value: &Value) -> Response {
    let body = value.to_string();
    let time = clock::iso(app.clock.now());
    let envelope = Envelope { method, path, client_id, time: &time };
    let Ok(signature) = envelope.sign(body.as_bytes(), &app.gateway_key) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    Response::builder()
        .header("content-type", "application/json; charset=UTF-8")
        .header("client-id", client_id)
        .header("response-time", &time)
        .header("signature", signature)
        .body(Body::from(body))
        .unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

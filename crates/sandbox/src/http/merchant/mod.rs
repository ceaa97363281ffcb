//! The signed server API.

mod cancel;
mod capture;
mod create;
mod inquiry;
mod refund;
mod retrieve;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kassa_protocol::ResultStatus;
use kassa_protocol::server::CallResult;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::app::App;
use crate::clock::{self, Millis};
use crate::domain::ledger;
use crate::domain::money::{AmountError, quote};
use crate::domain::payment::Payment;
use crate::domain::session::{Environment, Session};
use crate::signature::{Envelope, Mistrust};
use crate::store::{Rows, StoreError};

/// The largest request body, in bytes. Real ones have a few thousand.
const LARGEST: usize = 256 * 1024;

/// A call that was refused: result code, status, and words.
#[derive(Debug)]
pub(crate) struct Refused {
    code: &'static str,
    status: ResultStatus,
    message: String,
}

impl Refused {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, status: ResultStatus::Fail, message: message.into() }
    }

    fn illegal(message: impl Into<String>) -> Self {
        Self::new("PARAM_ILLEGAL", message)
    }

    fn into_value(self) -> Value {
        let result_message = self.message.chars().take(256).collect();
        json!({
            "result": CallResult {
                result_code: self.code.to_owned(),
                result_status: self.status,
                result_message,
            }
        })
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        eprintln!("kassa-sandbox: storage: {error}");
        Self {
            code: "UNKNOWN_EXCEPTION",
            status: ResultStatus::Unknown,
            message: "The sandbox could not use its data file; its terminal says why".to_owned(),
        }
    }
}

impl From<AmountError> for Refused {
    fn from(error: AmountError) -> Self {
        match error {
            AmountError::Currency(message) => Self::new("CURRENCY_NOT_SUPPORT", message),
            AmountError::Value(message) => Self::illegal(message),
        }
    }
}

fn success() -> CallResult {
    ledger::succeeded()
}

fn no_payment() -> Refused {
    Refused::new("ORDER_NOT_EXIST", "There is no payment with this paymentId")
}

fn repeated_otherwise(field: &str, id: &str) -> Refused {
    Refused::new(
        "REPEAT_REQ_INCONSISTENT",
        format!("{field} {} was used before with other content; use a new one", quote(id)),
    )
}

/// A merchant's session by the payment's id, which wins, or by its own. Another merchant's is none.
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
    let Some(payment) = rows.payment(payment_id, now)? else {
        return Ok(None);
    };
    let session = rows.session(&payment.session_id)?;
    Ok(session.filter(|session| session.client_id == client_id).map(|session| (session, payment)))
}

/// Answers everything below `/ams/`. Whatever happens, the answer is HTTP 200 and signed.
pub(crate) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let bytes = to_bytes(body, LARGEST).await;
    let work = tokio::task::spawn_blocking(move || {
        let value = match &bytes {
            Ok(bytes) => answer(&app, head.method.as_str(), &path, &head.headers, bytes)
                .unwrap_or_else(Refused::into_value),
            Err(_) => Refused::illegal(format!(
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
) -> Result<Value, Refused> {
    let client_id = trusted_client(app, method, path, headers, body)?;
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
        return Err(Refused::new("METHOD_NOT_SUPPORTED", "The server API takes POST only"));
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

fn no_such_api(path: &str) -> Refused {
    Refused::new(
        "INVALID_API",
        format!(
            "There is no {}; below payments/ the sandbox has createPaymentSession, \
             retrievePaymentSession, inquiryPayment, cancel, capture, refund and inquiryRefund",
            quote(path)
        ),
    )
}

/// Who calls, once the signature proved it.
fn trusted_client(
    app: &App,
    method: &str,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<String, Refused> {
    let client_id = header(headers, "client-id")
        .filter(|id| !id.is_empty() && id.len() <= 64)
        .ok_or_else(|| Refused::illegal("The header Client-Id is missing"))?;
    let time = header(headers, "request-time")
        .ok_or_else(|| Refused::illegal("The header Request-Time is missing"))?;
    if !is_time(time) {
        return Err(Refused::illegal(format!(
            "The header Request-Time is {}; accepted are ISO 8601 with offset and epoch \
             milliseconds",
            quote(time)
        )));
    }
    let (_, key) = app.merchant(client_id)?.ok_or_else(|| {
        Refused::new(
            "KEY_NOT_FOUND",
            format!("No key is registered for the client {}", quote(client_id)),
        )
    })?;
    let signature = header(headers, "signature")
        .ok_or_else(|| Refused::new("INVALID_SIGNATURE", "The header Signature is missing"))?;
    let envelope = Envelope { method, path, client_id, time };
    envelope.verify(body, signature, &key).map_err(|mistrust| match mistrust {
        Mistrust::Malformed | Mistrust::Algorithm => Refused::new(
            "INVALID_SIGNATURE",
            "The header Signature has the form algorithm=RSA256,keyVersion=1,signature=<base64, \
             URL-encoded>",
        ),
        Mistrust::KeyVersion => {
            Refused::new("SIGN_VERIFY_FAILURE", "The only key version here is 1")
        }
        Mistrust::Forged => Refused::new(
            "INVALID_SIGNATURE",
            "The signature does not belong to this method, path, client, time and these body \
             bytes; sign the exact bytes that are sent",
        ),
    })?;
    Ok(client_id.to_owned())
}

/// The time is opaque (official SDKs send ISO 8601 or epoch milliseconds, and the real gateway's
/// tolerance is not published), but it has to be a time.
fn is_time(text: &str) -> bool {
    let epoch = (10..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    epoch || clock::parse_iso(text).is_some()
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

/// Reads a body; what is wrong is named with the path of the member.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    let begins = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if begins != Some(&b'{') {
        return Err(Refused::illegal("The body is not a JSON object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        match error.inner().classify() {
            serde_json::error::Category::Data => Refused::illegal(format!(
                "{}: {}",
                if path == "." { "the body" } else { &path },
                error.inner()
            )),
            serde_json::error::Category::Io
            | serde_json::error::Category::Syntax
            | serde_json::error::Category::Eof => {
                Refused::illegal(format!("The body is not JSON: {}", error.inner()))
            }
        }
    })?;
    reader
        .end()
        .map_err(|_| Refused::illegal("The body is not JSON: something follows the object"))?;
    Ok(parsed)
}

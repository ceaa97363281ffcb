//! Receives the gateway's notifications.

use std::sync::Arc;

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use thiserror::Error;
use url::form_urlencoded;

use super::order::Order;
use crate::api::{Acknowledgement, CallResult, NotifyType, ResultStatus};
use crate::app::{App, log_store_error};
use crate::domain::ledger;
use crate::keys::KeyError;
use crate::signature::{Envelope, SignatureError};
use crate::store::StoreError;

/// The largest notification, in bytes.
const LARGEST: usize = 64 * 1024;

/// A notification that the shop does not acknowledge.
#[derive(Debug, Error)]
enum Refusal {
    #[error("too large")]
    TooLarge,
    #[error("not signed by the gateway")]
    Unsigned,
    #[error("no notification of an order")]
    Unreadable,
    #[error("this order was made to refuse notifications")]
    NotNow,
    #[error("could not be stored")]
    Store,
}

impl From<SignatureError> for Refusal {
    fn from(_: SignatureError) -> Self {
        Self::Unsigned
    }
}

impl From<KeyError> for Refusal {
    fn from(_: KeyError) -> Self {
        Self::Unsigned
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        log_store_error(&error);
        Self::Store
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code) = match self {
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PARAM_ILLEGAL"),
            Self::Unsigned => (StatusCode::UNAUTHORIZED, "INVALID_SIGNATURE"),
            Self::Unreadable => (StatusCode::BAD_REQUEST, "PARAM_ILLEGAL"),
            Self::NotNow | Self::Store => (StatusCode::SERVICE_UNAVAILABLE, "PROCESS_FAIL"),
        };
        let result = CallResult {
            result_code: code.to_owned(),
            result_status: ResultStatus::Fail,
            result_message: self.to_string(),
        };
        (status, Json(Acknowledgement { result })).into_response()
    }
}

/// Takes a notification.
pub(super) async fn receive(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return Refusal::TooLarge.into_response();
    };
    let work = tokio::task::spawn_blocking(move || take(&app, &path, &head.headers, &body));
    match work.await.unwrap_or(Err(Refusal::Store)) {
        Ok(()) => Json(Acknowledgement { result: ledger::succeeded() }).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// The signature is checked before anything of the body is read.
fn take(app: &App, path: &str, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    let text = |name: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).ok_or(Refusal::Unsigned)
    };
    let (client_id, time) = (text("client-id")?, text("request-time")?);
    let envelope = Envelope { method: "POST", path, client_id, time };
    envelope.verify(body, text("signature")?, &app.gateway_key.public()?)?;
    let order_id = order_of(path).ok_or(Refusal::Unreadable)?;
    let message = Message::read(body).ok_or(Refusal::Unreadable)?;
    let now = app.clock.now();
    app.store.run(|rows| {
        let order: Option<Order> = rows.order(&order_id)?;
        let Some(order) = order.filter(|order| order.client_id == client_id) else {
            return Ok(Err(Refusal::Unreadable));
        };
        let Message { kind, subject, body } = &message;
        let arrival = rows.count_arrival(&order_id, *kind, subject, body, now)?;
        if !order.notify.acknowledges(arrival) {
            return Ok(Err(Refusal::NotNow));
        }
        rows.acknowledge(&order_id, *kind, subject, now)?;
        Ok(Ok(()))
    })?
}

/// The order in the address that the shop gave for notifications.
fn order_of(path: &str) -> Option<String> {
    let (_, query) = path.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "order").map(|(_, order)| order.into_owned())
}

/// A notification. Two with the same kind and subject are one, which came twice.
struct Message {
    kind: NotifyType,
    /// Id of the refund, the capture or the payment.
    subject: String,
    body: String,
}

impl Message {
    fn read(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let kind = NotifyType::parse(text("notifyType")?)?;
        let subject = text("refundRequestId")
            .or_else(|| text("captureRequestId"))
            .or_else(|| text("paymentId"))?;
        Some(Self { kind, subject: subject.to_owned(), body: body.to_string() })
    }
}

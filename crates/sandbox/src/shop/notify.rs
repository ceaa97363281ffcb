//! Where the gateway tells the shop how payments ended.

use std::sync::Arc;

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kassa_protocol::ResultStatus;
use kassa_protocol::server::{Acknowledgement, CallResult};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalog::Order;
use crate::app::App;
use crate::domain::ledger;
use crate::signature::Envelope;
use crate::store::StoreError;

/// The largest notification, in bytes.
const LARGEST: usize = 64 * 1024;

/// How the shop treats the notifications of an order, so that tests can see repetitions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) enum Manners {
    /// Takes each at once.
    #[default]
    Prompt,
    /// Refuses the first so many times that each comes.
    Late(u32),
    /// Refuses all.
    Never,
}

impl TryFrom<String> for Manners {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "prompt" => Ok(Self::Prompt),
            "never" => Ok(Self::Never),
            other => other
                .strip_prefix("late:")
                .and_then(|times| times.parse().ok())
                .map(Self::Late)
                .ok_or_else(|| "notify takes prompt, never and late:<n>".to_owned()),
        }
    }
}

impl From<Manners> for String {
    fn from(manners: Manners) -> Self {
        match manners {
            Manners::Prompt => "prompt".to_owned(),
            Manners::Late(times) => format!("late:{times}"),
            Manners::Never => "never".to_owned(),
        }
    }
}

/// The address that the shop gives for an order. Query and path are signed, so the order in it is
/// the gateway's word too.
pub(super) fn address(app: &App, order: &str) -> String {
    format!("{}/notify?order={order}", app.config.shop_origin)
}

/// Takes a notification.
pub(super) async fn receive(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "PARAM_ILLEGAL", "too large");
    };
    let work = tokio::task::spawn_blocking(move || take(&app, &path, &head.headers, &body));
    match work.await {
        Ok(Ok(Taken::Acknowledged)) => {
            Json(Acknowledgement { result: ledger::succeeded() }).into_response()
        }
        Ok(Ok(Taken::NotNow)) => refused(
            StatusCode::SERVICE_UNAVAILABLE,
            "PROCESS_FAIL",
            "this order was made to refuse notifications",
        ),
        Ok(Ok(Taken::Distrusted)) => {
            refused(StatusCode::UNAUTHORIZED, "INVALID_SIGNATURE", "not signed by the gateway")
        }
        Ok(Ok(Taken::Unreadable)) => {
            refused(StatusCode::BAD_REQUEST, "PARAM_ILLEGAL", "no notification of an order")
        }
        Ok(Err(_)) | Err(_) => {
            refused(StatusCode::SERVICE_UNAVAILABLE, "PROCESS_FAIL", "could not be kept")
        }
    }
}

enum Taken {
    Acknowledged,
    NotNow,
    Distrusted,
    Unreadable,
}

/// Who speaks is settled before what is said is looked at.
fn take(app: &App, path: &str, headers: &HeaderMap, body: &[u8]) -> Result<Taken, StoreError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(client_id), Some(time), Some(signature)) =
        (text("client-id"), text("request-time"), text("signature"))
    else {
        return Ok(Taken::Distrusted);
    };
    let Ok(key) = app.gateway_key.public() else {
        return Ok(Taken::Distrusted);
    };
    let envelope = Envelope { method: "POST", path, client_id, time };
    if envelope.verify(body, signature, &key).is_err() {
        return Ok(Taken::Distrusted);
    }
    let (Some(order_id), Some((kind, subject, body))) =
        (path.split_once("?order=").map(|(_, order)| order), read(body))
    else {
        return Ok(Taken::Unreadable);
    };
    let now = app.clock.now();
    app.store.run(|rows| {
        let order: Option<Order> = rows.order(order_id)?;
        let Some(order) = order.filter(|order| order.client_id == client_id) else {
            return Ok(Taken::Unreadable);
        };
        let arrivals = rows.arrived(order_id, &kind, &subject, &body, now)?;
        let takes = match order.notify {
            Manners::Prompt => true,
            Manners::Late(times) => arrivals > times,
            Manners::Never => false,
        };
        if !takes {
            return Ok(Taken::NotNow);
        }
        rows.take_notification(order_id, &kind, &subject, now)?;
        Ok(Taken::Acknowledged)
    })
}

/// `notifyType`, the id of what it is about, and the text. Two notifications with the same of both
/// are one, however often it comes.
fn read(body: &[u8]) -> Option<(String, String, String)> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = text("notifyType")?;
    let subject = text("refundRequestId")
        .or_else(|| text("captureRequestId"))
        .or_else(|| text("paymentId"))?;
    Some((kind, subject, body.to_string()))
}

fn refused(status: StatusCode, code: &str, message: &str) -> Response {
    let result = CallResult {
        result_code: code.to_owned(),
        result_status: ResultStatus::Fail,
        result_message: message.to_owned(),
    };
    (status, Json(Acknowledgement { result })).into_response()
}

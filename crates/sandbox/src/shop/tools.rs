//! Sessions and payments as JSON, for tests and tools. The shop's own pages do not use them.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use kassa_protocol::Text;
use serde::Deserialize;
use serde_json::{Value, json};

use super::gateway;
use super::notify_behaviour::NotifyBehaviour;
use super::order::Order;
use super::presets::{self, Selection};
use super::session::{NewSession, ShopError, client_of, request_id};
use crate::api::{Amount, InquiryPaymentRequest};
use crate::app::App;
use crate::domain::client_view;
use crate::domain::method::{self, Method};
use crate::domain::money::{Currency, Money};
use crate::ids;
use crate::store::{Delivery, QueuedNotification};

/// The routes of the tools. They create sessions, and show what merchants' servers answered, so that
/// they are for this machine only.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/methods", get(methods))
        .route("/api/outcomes", get(presets))
        .route("/api/sessions", post(session))
        .route("/api/payments/{request_id}", get(payment))
        .route("/api/notifications/{request_id}", get(notifications))
        .route("/api/clock", post(clock))
}

/// The body of a tool's request for a session.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionRequest {
    method: Option<Text>,
    amount: Option<Text>,
    currency: Option<Text>,
    metadata: Option<Value>,
    payment_method_meta_data: Option<Value>,
    payment_method_id: Option<Text>,
    redirect: Option<bool>,
    environment: Option<String>,
    expires_in_seconds: Option<i64>,
    closes_in_seconds: Option<i64>,
    capture_mode: Option<Text>,
    #[serde(default)]
    notify: NotifyBehaviour,
}

/// Creates a session.
async fn session(State(app): State<Arc<App>>, Json(request): Json<SessionRequest>) -> Response {
    finish(tokio::task::spawn_blocking(move || make(&app, request)).await)
}

/// Inquires the payment of a session.
async fn payment(State(app): State<Arc<App>>, Path(request_id): Path<String>) -> Response {
    let work = tokio::task::spawn_blocking(move || {
        let client = client_of(&request_id);
        let request = InquiryPaymentRequest {
            payment_request_id: Some(request_id.into()),
            ..InquiryPaymentRequest::default()
        };
        let answer = gateway::call(&app, client, "inquiryPayment", &request)?;
        Ok((StatusCode::OK, answer.into_value()?))
    });
    finish(work.await)
}

/// The notifications about a session: the gateway's deliveries, and those that the shop received. A
/// merchant has no access to the gateway's deliveries; this is the sandbox's own test interface.
async fn notifications(State(app): State<Arc<App>>, Path(request_id): Path<String>) -> Response {
    let client = client_of(&request_id);
    let found = app.transaction(move |rows, _| {
        let received = match rows.order_of_request(&request_id)? {
            Some(order) => rows.received(&order)?,
            None => Vec::new(),
        };
        Ok((rows.notifications(client, &request_id)?, received))
    });
    match found.await {
        Ok((sent, received)) => {
            let sent: Vec<Value> = sent.iter().map(|(it, tries)| shown(it, tries)).collect();
            Json(json!({ "sent": sent, "received": received })).into_response()
        }
        Err(error) => failed(&error.into()),
    }
}

fn shown(queued: &QueuedNotification, deliveries: &[Delivery]) -> Value {
    let notification = &queued.notification;
    json!({
        "notifyType": notification.kind,
        "paymentId": notification.payment_id,
        "url": notification.url,
        "body": serde_json::from_str::<Value>(&notification.body).unwrap_or_default(),
        "createdAt": notification.at,
        "dueAt": queued.due_at,
        "state": match (queued.due_at, queued.acknowledged_at) {
            (Some(_), _) => "WAITING",
            (None, Some(_)) => "DELIVERED",
            (None, None) => "GIVEN_UP",
        },
        "tries": deliveries,
    })
}

#[derive(Deserialize)]
struct ClockRequest {
    /// Milliseconds.
    advance: u32,
}

/// Moves the sandbox's clock forward, if the program was started for tests.
async fn clock(State(app): State<Arc<App>>, Json(request): Json<ClockRequest>) -> Response {
    if !app.config.test_clock {
        let message = "the clock moves only with --test-clock";
        return (StatusCode::NOT_FOUND, Json(json!({ "error": message }))).into_response();
    }
    app.clock.advance(Duration::from_millis(u64::from(request.advance)));
    Json(json!({ "now": app.clock.now() })).into_response()
}

fn finish(
    outcome: Result<Result<(StatusCode, Value), ShopError>, tokio::task::JoinError>,
) -> Response {
    match outcome {
        Ok(Ok((status, body))) => (status, Json(body)).into_response(),
        Ok(Err(error)) => failed(&error),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn failed(error: &ShopError) -> Response {
    (StatusCode::BAD_GATEWAY, Json(json!({ "error": error.to_string() }))).into_response()
}

/// The methods of the sandbox.
async fn methods() -> Response {
    match method::all() {
        Ok(all) => Json(all.map(described).collect::<Vec<_>>()).into_response(),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
    }
}

/// The presets of the first page, with the default details.
async fn presets() -> Response {
    Json(presets::list(&Selection::default())).into_response()
}

fn described(method: Method) -> Value {
    let row = method.row();
    let sample = method.sample(method.usual_currency());
    let elements = method.shown_fields(false);
    let elements = elements.map(|(field, needed)| client_view::element(field, needed));
    json!({
        "type": row.kind,
        "name": row.name,
        "countries": row.countries,
        "currencies": row.currencies,
        "category": row.category,
        "web": row.web,
        "wap": row.wap,
        "elements": elements.collect::<Vec<_>>(),
        "sample": sample,
        "chosen": row.chosen,
    })
}

fn make(app: &App, wanted: SessionRequest) -> Result<(StatusCode, Value), ShopError> {
    let id = ids::unguessable()?;
    let request_id = request_id(wanted.environment.as_deref() == Some("prod"), "tool", &id);
    let client_id = client_of(&request_id);
    let method = wanted.method.map_or_else(|| "CARD".to_owned(), String::from);
    // The gateway refuses an unknown method or currency.
    let known: Option<Method> = method.parse().ok();
    let currency = wanted
        .currency
        .unwrap_or_else(|| known.map_or(Currency::MYR, Method::usual_currency).code().into());
    let sample = known.zip(currency.as_str().parse().ok());
    let sample = sample.and_then(|(method, currency)| method.sample(currency));
    let value = wanted.amount.unwrap_or_else(|| {
        sample.map_or_else(|| "4200".into(), |money| money.minor.to_string().into())
    });
    let total = Money::parse(Some(currency.as_str()), Some(value.as_str()), "amount").ok();
    let session = NewSession {
        order: &id,
        request_id: &request_id,
        client_id,
        description: "Made by a tool",
        amount: Amount { value: Some(value), currency: Some(currency) },
        method: &method,
        method_id: wanted.payment_method_id,
        method_meta_data: wanted.payment_method_meta_data,
        no_redirect: wanted.redirect == Some(false),
        capture_mode: wanted.capture_mode,
        expires_in: wanted.expires_in_seconds,
        closes_in: wanted.closes_in_seconds,
        metadata: wanted.metadata.map(|metadata| match metadata.as_str() {
            Some(text) => text.into(),
            None => metadata.to_string().into(),
        }),
    };
    let answer = session.create(app)?;
    let data = answer.text("paymentSessionData", "").to_owned();
    if data.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, answer.into_value()?));
    }
    let body = json!({
        "paymentSessionData": data,
        "paymentRequestId": request_id,
        "gateway": app.config.gateway_origin,
        "order": id,
    });
    let order = Order {
        id,
        request_id,
        client_id: client_id.to_owned(),
        session_data: data,
        method,
        total: total.map(|total| total.to_string()).unwrap_or_default(),
        notify: wanted.notify,
        ..Order::default()
    };
    app.store.run(|rows| rows.add_order(&order.id, &order))?;
    Ok((StatusCode::OK, body))
}

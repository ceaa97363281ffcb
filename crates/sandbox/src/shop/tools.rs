//! Sessions and payments as JSON, for tests and tools. The shop's own pages do not use them.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kassa_protocol::server::{
    Amount, CreatePaymentSessionRequest, InquiryPaymentRequest, Order as WireOrder, PaymentFactor,
    PaymentMethod,
};
use kassa_protocol::{Flag, Text};
use serde::Deserialize;
use serde_json::{Value, json};

use super::catalog::Order;
use super::checkout::result_page;
use super::gateway;
use super::notify::{self, Manners};
use super::outcomes::{self, Choice};
use crate::app::{App, DEMO_CLIENT, DEMO_PROD_CLIENT};
use crate::domain::method::{self, Method};
use crate::store::{Notification, Tried};
use crate::{clock, ids};

/// What a tool asks for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
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
    notify: Manners,
}

/// Makes a session.
pub(super) async fn session(State(app): State<Arc<App>>, Json(asked): Json<Asked>) -> Response {
    finish(tokio::task::spawn_blocking(move || make(&app, asked)).await)
}

/// Asks how the payment of a session stands.
pub(super) async fn payment(
    State(app): State<Arc<App>>,
    Path(request_id): Path<String>,
) -> Response {
    let work = tokio::task::spawn_blocking(move || {
        let client = client_of(&request_id);
        let request = InquiryPaymentRequest {
            payment_request_id: Some(request_id.into()),
            ..InquiryPaymentRequest::default()
        };
        gateway::call(&app, client, "inquiryPayment", &request)
            .map(|answer| (StatusCode::OK, answer.body))
            .map_err(|error| error.to_string())
    });
    finish(work.await)
}

/// What the gateway sent to the shop about a session, try by try, and what the shop received. A
/// merchant could not see the first half; this is the sandbox's own test interface and looks at both
/// sides.
pub(super) async fn notifications(
    State(app): State<Arc<App>>,
    Path(request_id): Path<String>,
) -> Response {
    let work = tokio::task::spawn_blocking(move || {
        let client = client_of(&request_id);
        let (sent, received) = app
            .store
            .run(|rows| {
                let received = match rows.order_of_request(&request_id)? {
                    Some(order) => rows.arrivals(&order)?,
                    None => Vec::new(),
                };
                Ok((rows.notifications(client, &request_id)?, received))
            })
            .map_err(|error| error.to_string())?;
        let sent: Vec<Value> = sent.iter().map(|(sent, tries)| shown(sent, tries)).collect();
        Ok((StatusCode::OK, json!({ "sent": sent, "received": received })))
    });
    finish(work.await)
}

fn shown(sent: &Notification, tries: &[Tried]) -> Value {
    json!({
        "notifyType": sent.kind,
        "paymentId": sent.payment_id,
        "url": sent.url,
        "body": serde_json::from_str::<Value>(&sent.body).unwrap_or_default(),
        "createdAt": sent.created_at,
        "dueAt": sent.due_at,
        "state": match (sent.due_at, sent.acknowledged_at) {
            (Some(_), _) => "WAITING",
            (None, Some(_)) => "DELIVERED",
            (None, None) => "GIVEN_UP",
        },
        "tries": tries,
    })
}

#[derive(Deserialize)]
pub(super) struct Moved {
    /// Milliseconds.
    advance: u32,
}

/// Moves the sandbox's clock forward, if the program was started for tests.
pub(super) async fn clock(State(app): State<Arc<App>>, Json(moved): Json<Moved>) -> Response {
    if !app.config.test_clock {
        let message = "the clock moves only with --test-clock";
        return (StatusCode::NOT_FOUND, Json(json!({ "error": message }))).into_response();
    }
    app.clock.advance(Duration::from_millis(u64::from(moved.advance)));
    Json(json!({ "now": app.clock.now() })).into_response()
}

fn finish(
    outcome: Result<Result<(StatusCode, Value), String>, tokio::task::JoinError>,
) -> Response {
    match outcome {
        Ok(Ok((status, body))) => (status, Json(body)).into_response(),
        Ok(Err(message)) => {
            (StatusCode::BAD_GATEWAY, Json(json!({ "error": message }))).into_response()
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// The request id tells which of the shop's two clients made it.
fn client_of(request_id: &str) -> &'static str {
    if request_id.starts_with("prod-") { DEMO_PROD_CLIENT } else { DEMO_CLIENT }
}

/// So many seconds from now.
pub(super) fn ahead(app: &App, seconds: i64) -> Text {
    clock::iso(app.clock.now().saturating_add(seconds.saturating_mul(1000))).into()
}

/// What can be paid with, for tools and for the shop's own pages.
pub(super) async fn methods() -> Response {
    match method::all() {
        Ok(all) => Json(all.map(method).collect::<Vec<_>>()).into_response(),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error).into_response(),
    }
}

/// The outcomes that the first page offers, with their usual details.
pub(super) async fn outcomes() -> Response {
    Json(outcomes::listed(&Choice::default())).into_response()
}

fn method(method: Method) -> Value {
    let row = method.row();
    let sample = method.sample(method.usual_currency());
    json!({
        "type": row.kind,
        "name": row.name,
        "countries": row.countries,
        "currencies": row.currencies,
        "category": row.category,
        "web": row.web.name(),
        "wap": row.wap.name(),
        "elements": method::asked(method, false)
            .map(|(field, needed)| field.element(needed))
            .collect::<Vec<_>>(),
        "sample": sample.map(|money| money.to_wire()),
        "chosen": row.chosen,
    })
}

fn make(app: &App, asked: Asked) -> Result<(StatusCode, Value), String> {
    let id = ids::unguessable().map_err(|error| error.to_string())?;
    let world = if asked.environment.as_deref() == Some("prod") { "prod" } else { "tool" };
    let request_id = format!("{world}-{id}");
    let client_id = client_of(&request_id);
    let method = asked.method.map_or_else(|| "CARD".to_owned(), String::from);
    // A method that is unknown here is the gateway's to refuse.
    let known = Method::parse(&method);
    let currency = asked
        .currency
        .unwrap_or_else(|| known.map_or("MYR", |method| method.usual_currency()).into());
    let sample = known.and_then(|method| method.sample(currency.as_str()));
    let amount = Amount {
        value: Some(asked.amount.unwrap_or_else(|| match sample {
            Some(money) => money.value.into(),
            None => "4200".into(),
        })),
        currency: Some(currency),
    };
    let total = crate::domain::money::Money::parse(&amount, "amount").ok();
    let request = CreatePaymentSessionRequest {
        product_code: Some("CASHIER_PAYMENT".into()),
        payment_request_id: Some(request_id.as_str().into()),
        order: Some(WireOrder {
            reference_order_id: Some(id.as_str().into()),
            order_description: Some("Made by a tool".into()),
            order_amount: Some(amount.clone()),
            ..WireOrder::default()
        }),
        payment_amount: Some(amount),
        payment_method: Some(PaymentMethod {
            payment_method_type: Some(method.as_str().into()),
            payment_method_id: asked.payment_method_id,
            payment_method_meta_data: asked.payment_method_meta_data,
        }),
        payment_redirect_url: asked.redirect.unwrap_or(true).then(|| result_page(app, &id).into()),
        payment_notify_url: Some(notify::address(app, &id).into()),
        payment_session_expiry_time: asked.expires_in_seconds.map(|s| ahead(app, s)),
        payment_expiry_time: asked.closes_in_seconds.map(|s| ahead(app, s)),
        payment_factor: asked.capture_mode.map(|mode| PaymentFactor {
            is_authorization: Some(Flag(true)),
            capture_mode: Some(mode),
        }),
        metadata: asked.metadata.map(|metadata| match metadata.as_str() {
            Some(text) => text.into(),
            None => metadata.to_string().into(),
        }),
    };
    let answer = gateway::call(app, client_id, "createPaymentSession", &request)
        .map_err(|error| error.to_string())?;
    let Some(data) = answer.body.get("paymentSessionData").and_then(Value::as_str) else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, answer.body));
    };
    let order = Order {
        id: id.clone(),
        request_id: request_id.clone(),
        client_id: client_id.to_owned(),
        session_data: data.to_owned(),
        method,
        total: total.map(|total| total.with_code()).unwrap_or_default(),
        notify: asked.notify,
        ..Order::default()
    };
    app.store.run(|rows| rows.add_order(&id, &order)).map_err(|error| error.to_string())?;
    let body = json!({
        "paymentSessionData": data,
        "paymentRequestId": request_id,
        "gateway": app.config.gateway_origin,
        "order": id,
    });
    Ok((StatusCode::OK, body))
}

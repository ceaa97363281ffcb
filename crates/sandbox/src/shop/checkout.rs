//! Goods, orders, checkout and result: what a buyer sees.

use std::sync::Arc;

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kassa_wire::PaymentStatus;
use kassa_wire::server::{
    CreatePaymentSessionRequest, InquiryPaymentRequest, Order as WireOrder, PaymentMethod,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::catalog::{Integration, MOST, Order, PRODUCTS, Wish, ringgit};
use super::{gateway, notify, policy};
use crate::app::{App, DEMO_CLIENT};
use crate::methods::Method;
use crate::{clock, ids, pages};

/// The first page.
pub(super) async fn goods(State(app): State<Arc<App>>) -> Response {
    show_goods(&app, None)
}

fn show_goods(app: &App, problem: Option<String>) -> Response {
    let products: Vec<Value> = PRODUCTS
        .iter()
        .enumerate()
        .map(|(index, product)| {
            json!({
                "id": product.id,
                "name": product.name,
                "about": product.about,
                "price": ringgit(product.price).with_code(),
                "quantity": u8::from(index == 0),
            })
        })
        .collect();
    let wrong = problem.is_some();
    let content = json!({ "products": products, "most": MOST, "problem": problem });
    let mut response = pages::render(app, "shop/index.html", &policy(app), &content);
    if wrong && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// Makes an order and its payment session.
pub(super) async fn order(
    State(app): State<Arc<App>>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let wish = match Wish::read(&form) {
        Ok(wish) => wish,
        Err(problem) => return show_goods(&app, Some(problem)),
    };
    let worker = app.clone();
    let made = tokio::task::spawn_blocking(move || make(&worker, wish)).await;
    match made {
        Ok(Ok(order)) => {
            let folder = match order.integration {
                Integration::Package => "checkout",
                Integration::Cdn => "cdn/checkout",
            };
            Redirect::to(&format!("/{folder}/{}", order.id)).into_response()
        }
        Ok(Err(problem)) => {
            show_goods(&app, Some(format!("The payment could not be prepared: {problem}")))
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn make(app: &App, wish: Wish) -> Result<Order, String> {
    let id = ids::unguessable().map_err(|error| error.to_string())?;
    let request_id = format!("shop-{id}");
    let description = wish
        .lines
        .iter()
        .map(|line| format!("{} × {}", line.quantity, line.name))
        .collect::<Vec<_>>()
        .join(", ");
    let request = CreatePaymentSessionRequest {
        product_code: Some("CASHIER_PAYMENT".into()),
        payment_request_id: Some(request_id.as_str().into()),
        order: Some(WireOrder {
            reference_order_id: Some(id.as_str().into()),
            order_description: Some(description.as_str().into()),
            order_amount: Some(wish.total.to_wire()),
            ..WireOrder::default()
        }),
        payment_amount: Some(wish.total.to_wire()),
        payment_method: Some(PaymentMethod {
            payment_method_type: Some(wish.method.as_str().into()),
            payment_method_id: None,
            payment_method_meta_data: wish.three_ds.then(|| json!({ "is3DSAuthentication": true })),
        }),
        payment_redirect_url: Some(result_page(app, &id).into()),
        payment_notify_url: Some(notify::address(app, &id).into()),
        ..CreatePaymentSessionRequest::default()
    };
    let answer = gateway::call(app, DEMO_CLIENT, "createPaymentSession", &request)
        .map_err(|error| error.to_string())?;
    let session_data = answer
        .body
        .get("paymentSessionData")
        .and_then(Value::as_str)
        .ok_or_else(|| format!("the gateway answered {}", answer.code))?;
    let order = Order {
        request_id,
        client_id: DEMO_CLIENT.to_owned(),
        session_data: session_data.to_owned(),
        method: wish.method,
        total: wish.total.with_code(),
        lines: wish.lines,
        integration: wish.integration,
        display: wish.display,
        stay: wish.stay,
        own_button: wish.own_button,
        three_ds: wish.three_ds,
        notify: notify::Manners::Prompt,
        id,
    };
    app.store.run(|rows| rows.add_order(&order.id, &order)).map_err(|error| error.to_string())?;
    Ok(order)
}

/// Where the buyer ends.
pub(super) fn result_page(app: &App, order: &str) -> String {
    format!("{}/result?order={order}", app.config.shop_origin)
}

async fn find(app: &Arc<App>, id: String) -> Option<Order> {
    let app = app.clone();
    let found = tokio::task::spawn_blocking(move || app.store.run(|rows| rows.order(&id)));
    found.await.ok()?.ok()?
}

/// The checkout that imports the package.
pub(super) async fn package(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    checkout(&app, id, Integration::Package).await
}

/// The checkout with the script tag.
pub(super) async fn script_tag(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    checkout(&app, id, Integration::Cdn).await
}

async fn checkout(app: &Arc<App>, id: String, integration: Integration) -> Response {
    let Some(order) = find(app, id).await else {
        return not_found();
    };
    let content = json!({
        "order": order,
        "method_name": Method::parse(&order.method).map(Method::display_name),
        "cdn": integration == Integration::Cdn,
        "gateway": app.config.gateway_origin,
        "environment": if order.client_id == DEMO_CLIENT { "sandbox" } else { "prod" },
    });
    pages::render(app, "shop/checkout.html", &policy(app), &content)
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is no such order.\n").into_response()
}

#[derive(Deserialize)]
pub(super) struct ResultQuery {
    order: Option<String>,
}

/// The page after the payment. What it says comes from the gateway, not from its address.
pub(super) async fn result(
    State(app): State<Arc<App>>,
    Query(query): Query<ResultQuery>,
) -> Response {
    let Some(order) = find(&app, query.order.unwrap_or_default()).await else {
        return not_found();
    };
    let request = InquiryPaymentRequest {
        payment_request_id: Some(order.request_id.as_str().into()),
        ..InquiryPaymentRequest::default()
    };
    let (worker, client, id) = (app.clone(), order.client_id.clone(), order.id.clone());
    let asked = tokio::task::spawn_blocking(move || {
        let asked = gateway::call(&worker, &client, "inquiryPayment", &request);
        (asked, worker.store.run(|rows| rows.arrivals(&id)).unwrap_or_default())
    });
    let Ok((asked, arrivals)) = asked.await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (scene, detail, again) = match &asked {
        Err(error) => ("unknown", json!({ "message": error.to_string() }), Some(5)),
        Ok(answer) if answer.success => scene(&answer.body),
        Ok(answer) if answer.code == "ORDER_NOT_EXIST" => ("unpaid", json!({}), None),
        Ok(answer) => ("unknown", json!({ "message": answer.code }), Some(5)),
    };
    let notified: Vec<Value> = arrivals
        .iter()
        .filter_map(|arrival| {
            let at = clock::iso(arrival.acknowledged_at?);
            Some(json!({ "kind": arrival.notify_type, "at": at }))
        })
        .collect();
    let content = json!({
        "order": order,
        "scene": scene,
        "detail": detail,
        "notified": notified,
        "gateway": app.config.gateway_origin,
    });
    let mut response = pages::render(&app, "shop/result.html", &policy(&app), &content);
    if let Some(seconds) = again {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from(seconds));
    }
    response
}

fn scene(answer: &Value) -> (&'static str, Value, Option<u16>) {
    let text = |path: &str| answer.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let detail = json!({
        "code": text("/paymentResultCode"),
        "message": text("/paymentResultMessage"),
        "payment_id": text("/paymentId"),
        "time": text("/paymentTime"),
        "card_brand": text("/paymentResultInfo/cardBrand"),
        "last_four": text("/paymentResultInfo/lastFour"),
        "continue_at": text("/redirectActionForm/redirectUrl"),
    });
    match PaymentStatus::from(text("/paymentStatus")) {
        PaymentStatus::Success => ("paid", detail, None),
        PaymentStatus::Fail | PaymentStatus::Cancelled => ("failed", detail, None),
        PaymentStatus::Processing | PaymentStatus::Pending | PaymentStatus::Other(_) => {
            ("processing", detail, Some(2))
        }
    }
}

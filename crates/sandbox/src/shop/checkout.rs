//! Goods, orders, checkout and result: what a buyer sees.

use std::sync::Arc;

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kassa_protocol::PaymentStatus;
use kassa_protocol::server::{
    CreatePaymentSessionRequest, InquiryPaymentRequest, Order as WireOrder, PaymentMethod,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::catalog::{Fields, MOST, Order, PRODUCTS, Wish, ringgit};
use super::options::{Integration, Options};
use super::outcomes::{self, Choice, Situation};
use super::{gateway, notify, shelf, tools, with_policy};
use crate::app::{App, DEMO_CLIENT, DEMO_PROD_CLIENT};
use crate::domain::method::{Method, Terminal};
use crate::{clock, http::pages, ids};

/// The first page. Its address may choose what its form chooses: a link to an outcome.
pub(super) async fn goods(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(given): Query<Vec<(String, String)>>,
) -> Response {
    show_goods(&app, &headers, &given, None)
}

fn show_goods(
    app: &App,
    headers: &HeaderMap,
    given: &[(String, String)],
    problem: Option<String>,
) -> Response {
    let fields = Fields(given);
    // Whoever said nothing of goods gets a basket that can be paid.
    let fresh = !given.iter().any(|(name, _)| name.starts_with("qty_"));
    let products: Vec<Value> = PRODUCTS
        .iter()
        .enumerate()
        .map(|(index, product)| {
            let quantity = match fields.filled(&format!("qty_{}", product.id)) {
                Some(text) => text.to_owned(),
                None => u8::from(fresh && index == 0).to_string(),
            };
            json!({
                "id": product.id,
                "name": product.name,
                "about": product.about,
                "price": ringgit(product.price).with_code(),
                "quantity": quantity,
            })
        })
        .collect();
    let terminal = terminal(headers);
    let method = fields.filled("method").and_then(Method::parse);
    let method = method.or_else(|| Method::parse("CARD"));
    let choice = Choice::read(fields).unwrap_or_default();
    let wrong = problem.is_some();
    let content = json!({
        "products": products,
        "most": MOST,
        "problem": problem,
        "groups": shelf::groups(terminal),
        "method": method.map(|method| shelf::shown(method, terminal)),
        "outcomes": outcomes::listed(&choice),
        "details": outcomes::details(),
        "choice": choice,
        "options": Options::read(fields).unwrap_or_default(),
    });
    let mut response = with_policy(app, pages::render(app, "shop/index.html", &content));
    if wrong && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// What the SDK will take the buyer's device for. iPads say that they are Macs and are not known
/// here: their events are then shown as a desktop's.
fn terminal(headers: &HeaderMap) -> Terminal {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let device = kassa_core::platform::Terminal::detect(agent.unwrap_or_default(), 0);
    if device.is_phone() { Terminal::Wap } else { Terminal::Web }
}

/// Makes an order and its payment session.
pub(super) async fn order(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let wish = match Wish::read(&form, terminal(&headers)) {
        Ok(wish) => wish,
        Err(problem) => return show_goods(&app, &headers, &form, Some(problem)),
    };
    let (worker, kept) = (app.clone(), form.clone());
    let made = tokio::task::spawn_blocking(move || make(&worker, wish, kept)).await;
    match made {
        Ok(Ok(order)) => {
            let folder = match order.options.integration {
                Integration::Package => "checkout",
                Integration::Cdn => "cdn/checkout",
            };
            Redirect::to(&format!("/{folder}/{}", order.id)).into_response()
        }
        Ok(Err(problem)) => {
            let problem = format!("The payment could not be prepared: {problem}");
            show_goods(&app, &headers, &form, Some(problem))
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn make(app: &App, wish: Wish, form: Vec<(String, String)>) -> Result<Order, String> {
    let id = ids::unguessable().map_err(|error| error.to_string())?;
    let orders = wish.choice.orders();
    let (world, client_id) =
        if orders.mixed_up { ("prod", DEMO_PROD_CLIENT) } else { ("shop", DEMO_CLIENT) };
    let request_id = format!("{world}-{id}");
    let description = wish
        .lines
        .iter()
        .map(|line| format!("{} × {}", line.quantity, line.name))
        .collect::<Vec<_>>()
        .join(", ");
    let metadata =
        (!orders.knobs.is_null()).then(|| json!({ "sandbox": orders.knobs }).to_string());
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
            payment_method_id: orders.stored.map(|(id, _)| id.into()),
            payment_method_meta_data: None,
        }),
        payment_redirect_url: (!orders.nowhere_to_go).then(|| result_page(app, &id).into()),
        payment_notify_url: Some(notify::address(app, &id).into()),
        payment_session_expiry_time: orders.expires_in.map(|seconds| tools::ahead(app, seconds)),
        metadata: metadata.map(Into::into),
        ..CreatePaymentSessionRequest::default()
    };
    let answer = gateway::call(app, client_id, "createPaymentSession", &request)
        .map_err(|error| error.to_string())?;
    let session_data = answer
        .body
        .get("paymentSessionData")
        .and_then(Value::as_str)
        .ok_or_else(|| format!("the gateway answered {}", answer.code))?;
    let order = Order {
        request_id,
        client_id: client_id.to_owned(),
        session_data: session_data.to_owned(),
        method: wish.method.as_str().to_owned(),
        total: wish.total.with_code(),
        lines: wish.lines,
        options: wish.options,
        choice: wish.choice,
        form,
        notify: orders.notify,
        id,
    };
    app.store.run(|rows| rows.add_order(&order.id, &order)).map_err(|error| error.to_string())?;
    Ok(order)
}

/// Leads to where the buyer of an order would be at this moment.
pub(super) async fn simulator(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let Some(order) = find(&app, id).await else {
        return not_found();
    };
    let work = tokio::task::spawn_blocking(move || gateway::simulator(&app, &order.request_id));
    match work.await {
        Ok(url) => Redirect::to(&url).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
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
pub(super) async fn package(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    checkout(&app, &headers, id, Integration::Package).await
}

/// The checkout with the script tag.
pub(super) async fn script_tag(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    checkout(&app, &headers, id, Integration::Cdn).await
}

async fn checkout(
    app: &Arc<App>,
    headers: &HeaderMap,
    id: String,
    integration: Integration,
) -> Response {
    let Some(order) = find(app, id).await else {
        return not_found();
    };
    let orders = order.choice.orders();
    let terminal = terminal(headers);
    let method = Method::parse(&order.method);
    let at = method.map(|method| Situation::of(method, terminal, &order.options));
    let sandbox = order.client_id == DEMO_CLIENT || orders.mixed_up;
    let content = json!({
        "order": order,
        "method": method.map(|method| shelf::shown(method, terminal)),
        "outcome": at.map(|at| outcomes::reminder(&order.choice, at)),
        "needs_cvc": orders.stored.map(|(_, needs_cvc)| needs_cvc),
        "cdn": integration == Integration::Cdn,
        "gateway": app.config.gateway_origin,
        "environment": if sandbox { "sandbox" } else { "prod" },
        "again": form_again(&order.form),
    });
    with_policy(app, pages::render(app, "shop/checkout.html", &content))
}

/// The first page with the order's form filled in.
fn form_again(form: &[(String, String)]) -> String {
    let text = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let fields = form.iter().map(|(name, value)| format!("{}={}", text(name), text(value)));
    format!("/?{}", fields.collect::<Vec<_>>().join("&"))
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
        "again": form_again(&order.form),
    });
    let mut response = with_policy(&app, pages::render(&app, "shop/result.html", &content));
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

//! The pages of the shop: goods, checkout and result.

use std::sync::Arc;

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kassa_protocol::PaymentStatus;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::catalog::{MOST, OrderRequest, PRODUCTS, ringgit};
use super::form::Fields;
use super::gateway::{self, Answer};
use super::options::{Integration, Options};
use super::order::Order;
use super::presets::{self, EventContext, Selection};
use super::session::{NewSession, ShopError, request_id};
use super::{method_list, page};
use crate::api::InquiryPaymentRequest;
use crate::app::{App, DEMO_CLIENT, DEMO_PROD_CLIENT};
use crate::domain::method::{Method, Terminal};
use crate::{clock, ids};

/// The first page. Its query fills in the form, so a link can lead to a preset.
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
    // Without a quantity in the query the basket has one product, so that it can be paid.
    let is_fresh = !given.iter().any(|(name, _)| name.starts_with("qty_"));
    let products: Vec<Value> = PRODUCTS
        .iter()
        .enumerate()
        .map(|(index, product)| {
            let quantity = match fields.filled(&format!("qty_{}", product.id)) {
                Some(text) => text.to_owned(),
                None => u8::from(is_fresh && index == 0).to_string(),
            };
            json!({
                "id": product.id,
                "name": product.name,
                "about": product.about,
                "price": ringgit(product.price).to_string(),
                "quantity": quantity,
            })
        })
        .collect();
    let terminal = terminal(headers);
    let method: Option<Method> = fields.filled("method").and_then(|kind| kind.parse().ok());
    let method = method.or_else(|| "CARD".parse().ok());
    let selection = Selection::read(fields).unwrap_or_default();
    let is_wrong = problem.is_some();
    let content = json!({
        "products": products,
        "most": MOST,
        "problem": problem,
        "groups": method_list::groups(terminal),
        "method": method.map(|method| method_list::shown(method, terminal)),
        "presets": presets::list(&selection),
        "details": presets::details(),
        "selection": selection,
        "options": Options::read(fields).unwrap_or_default(),
    });
    let mut response = page(app, "shop/index.html", &content);
    if is_wrong && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// The buyer's device, by the rule of the SDK. iPads send the user agent of a Mac and count as
/// desktops here, because a request does not contain the number of touch points.
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
    let request = match OrderRequest::read(&form, terminal(&headers)) {
        Ok(request) => request,
        Err(error) => return show_goods(&app, &headers, &form, Some(error.to_string())),
    };
    let (worker, kept) = (app.clone(), form.clone());
    let made = tokio::task::spawn_blocking(move || make(&worker, request, kept)).await;
    match made {
        Ok(Ok(order)) => {
            let folder = match order.options.integration {
                Integration::Package => "checkout",
                Integration::Cdn => "cdn/checkout",
            };
            Redirect::to(&format!("/{folder}/{}", order.id)).into_response()
        }
        Ok(Err(error)) => {
            let problem = format!("The payment could not be prepared: {error}");
            show_goods(&app, &headers, &form, Some(problem))
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn make(app: &App, request: OrderRequest, form: Vec<(String, String)>) -> Result<Order, ShopError> {
    let id = ids::unguessable()?;
    let setup = request.selection.setup();
    let client_id = if setup.wrong_environment { DEMO_PROD_CLIENT } else { DEMO_CLIENT };
    let request_id = request_id(setup.wrong_environment, "shop", &id);
    let session = NewSession {
        order: &id,
        request_id: &request_id,
        client_id,
        description: &request.description(),
        amount: (&request.total).into(),
        method: request.method.as_str(),
        method_id: setup.stored.map(|(id, _)| id.into()),
        no_redirect: setup.no_redirect,
        expires_in: setup.expires_in,
        metadata: setup.metadata().map(Into::into),
        ..NewSession::default()
    };
    let answer = session.create(app)?;
    let session_data = answer.text("paymentSessionData", "").to_owned();
    if session_data.is_empty() {
        return Err(ShopError::Refused(answer.result.result_code));
    }
    let order = Order {
        request_id,
        client_id: client_id.to_owned(),
        session_data,
        method: request.method.as_str().to_owned(),
        total: request.total.to_string(),
        lines: request.lines,
        options: request.options,
        selection: request.selection,
        form,
        notify: setup.notify,
        id,
    };
    app.store.run(|rows| rows.add_order(&order.id, &order))?;
    Ok(order)
}

/// Leads to the simulator where the buyer of an order would be at this moment.
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

async fn find(app: &Arc<App>, id: String) -> Option<Order> {
    app.transaction(move |rows, _| rows.order(&id)).await.ok().flatten()
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
    let setup = order.selection.setup();
    let terminal = terminal(headers);
    let method: Option<Method> = order.method.parse().ok();
    let context = method.map(|method| EventContext::of(method, terminal, &order.options));
    let is_sandbox = order.client_id == DEMO_CLIENT || setup.wrong_environment;
    let content = json!({
        "order": order,
        "method": method.map(|method| method_list::shown(method, terminal)),
        "preset": context.map(|context| presets::reminder(&order.selection, context)),
        "needs_cvc": setup.stored.map(|(_, needs_cvc)| needs_cvc),
        "cdn": integration == Integration::Cdn,
        "gateway": app.config.gateway_origin,
        "environment": if is_sandbox { "sandbox" } else { "prod" },
        "again": form_again(&order.form),
    });
    page(app, "shop/checkout.html", &content)
}

/// The address of the first page with the order's form filled in.
fn form_again(form: &[(String, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    format!("/?{query}")
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is no such order.\n").into_response()
}

#[derive(Deserialize)]
pub(super) struct ResultQuery {
    order: Option<String>,
}

/// The contents of the result page.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Scene {
    Paid,
    Failed,
    Processing,
    Unpaid,
    Unknown,
}

impl Scene {
    /// Seconds after which the page loads again, where the state may change.
    fn refresh(self) -> Option<u16> {
        match self {
            Self::Paid | Self::Failed | Self::Unpaid => None,
            Self::Processing => Some(2),
            Self::Unknown => Some(5),
        }
    }
}

/// The page after the payment. The state comes from the gateway, not from the page's address.
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
    let work = tokio::task::spawn_blocking(move || {
        let answer = gateway::call(&worker, &client, "inquiryPayment", &request);
        (answer, worker.store.run(|rows| rows.received(&id)).unwrap_or_default())
    });
    let Ok((answer, received)) = work.await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (scene, detail) = match &answer {
        Err(error) => (Scene::Unknown, json!({ "message": error.to_string() })),
        Ok(answer) if answer.is_success() => scene(answer),
        Ok(answer) if answer.result.result_code == "ORDER_NOT_EXIST" => (Scene::Unpaid, json!({})),
        Ok(answer) => (Scene::Unknown, json!({ "message": answer.result.result_code })),
    };
    let notified: Vec<Value> = received
        .iter()
        .filter_map(|received| {
            let at = clock::iso(received.acknowledged_at?);
            Some(json!({ "kind": received.notify_type, "at": at }))
        })
        .collect();
    let content = json!({
        "order": order,
        "scene": scene,
        "detail": detail,
        "notified": notified,
        "again": form_again(&order.form),
    });
    let mut response = page(&app, "shop/result.html", &content);
    if let Some(seconds) = scene.refresh() {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from(seconds));
    }
    response
}

fn scene(answer: &Answer) -> (Scene, Value) {
    let detail = json!({
        "code": answer.text("paymentResultCode", ""),
        "message": answer.text("paymentResultMessage", ""),
        "payment_id": answer.text("paymentId", ""),
        "time": answer.text("paymentTime", ""),
        "card_brand": answer.text("paymentResultInfo", "/cardBrand"),
        "last_four": answer.text("paymentResultInfo", "/lastFour"),
        "continue_at": answer.text("redirectActionForm", "/redirectUrl"),
    });
    let scene = match PaymentStatus::from(answer.text("paymentStatus", "")) {
        PaymentStatus::Success => Scene::Paid,
        PaymentStatus::Fail | PaymentStatus::Cancelled => Scene::Failed,
        PaymentStatus::Processing | PaymentStatus::Pending | PaymentStatus::Other(_) => {
            Scene::Processing
        }
    };
    (scene, detail)
}

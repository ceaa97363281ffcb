//! The demo shop: a merchant's server and its pages.
//!
//! *Invariant:* imports point one way: pages and tools (`checkout`, `tools`, `notifications`) →
//! `catalog`, `session` → `order`, `method_list` → `presets` → `options`, `notify_behaviour` →
//! `form`.

mod catalog;
mod checkout;
mod form;
mod gateway;
mod method_list;
mod notifications;
mod notify_behaviour;
mod options;
mod order;
mod presets;
mod session;
mod tools;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::http::connection::for_this_machine_only;
use crate::http::{common, files, pages};

/// The shop's routes.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .merge(common())
        .route("/", get(checkout::goods))
        .route("/orders", post(checkout::order))
        .route("/orders/{order}/simulator", get(checkout::simulator))
        .route("/checkout/{order}", get(checkout::package))
        .route("/cdn/checkout/{order}", get(checkout::script_tag))
        .route("/result", get(checkout::result))
        .route("/notify", post(notifications::receive))
        .merge(tools::routes().route_layer(from_fn(for_this_machine_only)))
        .route("/lab", get(lab))
        .route("/assets/{*file}", get(asset))
        .with_state(app)
}

/// A page with the strict policy that the SDK supports.
fn page(app: &App, template: &str, content: &impl Serialize) -> Response {
    let gateway = &app.config.gateway_origin;
    let policy = HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src {gateway}; frame-src {gateway}; img-src 'self'; \
         require-trusted-types-for 'script'"
    ));
    let Ok(policy) = policy else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = pages::render(app, template, content);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

#[derive(Deserialize)]
struct LabQuery {
    isolated: Option<String>,
}

/// A bare page with the SDK's script, for tests; cross-origin isolated when the query has `isolated`.
async fn lab(State(app): State<Arc<App>>, Query(query): Query<LabQuery>) -> Response {
    let mut response = page(&app, "shop/lab.html", &());
    if query.isolated.is_some() {
        let headers = response.headers_mut();
        for (name, value) in [
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

async fn asset(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    let mut folders = vec![app.config.web.join("shop")];
    folders.extend(app.config.dist.clone());
    // The style sheet needs no build.
    if file.ends_with(".css") {
        folders.push(app.config.templates.join("shop"));
    }
    files::serve(&folders, &file).await
}

//! The demo shop: a merchant's server.

mod catalog;
mod checkout;
mod gateway;
mod notify;
mod options;
mod outcomes;
mod shelf;
mod tools;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::app::App;
use crate::{http::files, http::pages};

/// The shop's routes.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(checkout::goods))
        .route("/orders", post(checkout::order))
        .route("/orders/{order}/simulator", get(checkout::simulator))
        .route("/checkout/{order}", get(checkout::package))
        .route("/cdn/checkout/{order}", get(checkout::script_tag))
        .route("/result", get(checkout::result))
        .route("/api/methods", get(tools::methods))
        .route("/api/outcomes", get(tools::outcomes))
        .route("/notify", post(notify::receive))
        .route("/api/sessions", post(tools::session))
        .route("/api/payments/{request_id}", get(tools::payment))
        .route("/api/notifications/{request_id}", get(tools::notifications))
        .route("/api/clock", post(tools::clock))
        .route("/lab", get(lab))
        .route("/assets/{*file}", get(asset))
}

/// Adds the strict policy that the SDK promises to work under.
fn with_policy(app: &App, mut response: Response) -> Response {
    let gateway = &app.config.gateway_origin;
    let policy = HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src {gateway}; frame-src {gateway}; img-src 'self'; \
         require-trusted-types-for 'script'"
    ));
    let Ok(policy) = policy else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

async fn lab(State(app): State<Arc<App>>) -> Response {
    with_policy(&app, pages::render(&app, "shop/lab.html", &()))
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

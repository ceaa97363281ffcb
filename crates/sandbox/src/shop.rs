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
use axum::response::Response;
use axum::routing::{get, post};

use crate::app::App;
use crate::{files, pages};

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

/// The strict policy that the SDK promises to work under.
fn policy(app: &App) -> String {
    let gateway = &app.config.gateway_origin;
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src {gateway}; frame-src {gateway}; img-src 'self'; \
         require-trusted-types-for 'script'"
    )
}

async fn lab(State(app): State<Arc<App>>) -> Response {
    pages::render(&app, "shop/lab.html", &policy(&app), &())
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

//! The gateway's HTTP interfaces, and what they share with the demo shop.

pub(crate) mod client;
pub(crate) mod connection;
pub(crate) mod files;
pub(crate) mod frame;
mod locales;
pub(crate) mod merchant;
pub(crate) mod pages;
mod protection;
pub(crate) mod simulators;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::routing::{any, get};
use axum::{Router, middleware};

use crate::app::App;

/// The gateway's routes.
pub(crate) fn gateway(app: Arc<App>) -> Router {
    Router::new()
        .merge(common())
        .route("/ams/{*rest}", any(merchant::handle))
        .route("/mgw.htm", any(client::handle))
        .merge(frame::routes())
        .merge(locales::routes())
        .merge(simulators::routes())
        .layer(middleware::map_response(protection::add_defaults))
        .with_state(app)
}

/// Routes that the gateway and the shop both have.
pub(crate) fn common() -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        // Browsers request an icon for every page, and a 404 would be a line in its console.
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
}

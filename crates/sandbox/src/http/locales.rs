//! The texts of the SDK in other languages than English, for the card form, and for a page whose SDK
//! was not loaded from a folder that has them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::files;
use crate::app::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/locales/{file}", get(file))
}

/// The texts of `<BCP 47 tag>.json`. Every page may read them: they are the same for all.
async fn file(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    if !file.ends_with(".json") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    (headers, files::serve(&[app.config.web.join("locales")], &file).await).into_response()
}

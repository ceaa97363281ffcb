//! The hosted card form: its page, its files, and the exchange of a card for a token.

mod exchange;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::protection::Policy;
use crate::app::App;
use crate::domain::merchant::Merchant;
use crate::domain::web_url::{Origin, WebUrl};
use crate::http::files;

/// The frame's routes on the gateway.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/frame/card", get(page))
        .route("/frame/card/token", post(exchange::token))
        .route("/frame/warm", get(warm))
        .route("/frame/{file}", get(file))
}

#[derive(Deserialize)]
struct PageQuery {
    client: Option<String>,
}

async fn page(
    State(app): State<Arc<App>>,
    Query(query): Query<PageQuery>,
    headers: HeaderMap,
) -> Response {
    let client = query.client.unwrap_or_default();
    let merchant = app.transaction(move |rows, _| rows.merchant(&client)).await;
    let origins = merchant.ok().flatten().map(|merchant| merchant.origins).unwrap_or_default();
    log_other_origin(&headers, &origins);
    let policy =
        Policy::new("script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'")
            .framed_by(origins);
    policy.apply(files::serve(&[app.config.web.join("frame")], "card.html").await)
}

/// The browser refuses to show the form in a page of another origin without giving that page or the
/// SDK a reason, so the log has it.
fn log_other_origin(headers: &HeaderMap, origins: &[Origin]) {
    let referrer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let Some(page) = referrer.and_then(|text| text.parse::<WebUrl>().ok()) else { return };
    if !page.is_on_this_machine() && !origins.contains(&page.origin()) {
        tracing::warn!(
            "a page of {origin} cannot show the card form: start the sandbox with --origin {origin}",
            origin = page.origin()
        );
    }
}

/// An empty page that loads the files of the card form into the browser's cache. `preload()` runs
/// before there is a session, so every merchant of this gateway may show it.
async fn warm(State(app): State<Arc<App>>) -> Response {
    const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
        <title>Card details</title>\n\
        <link rel=\"preload\" href=\"/frame/card.js\" as=\"script\">\n\
        <link rel=\"preload\" href=\"/frame/card.css\" as=\"style\">\n\
        <link rel=\"preload\" href=\"/frame/card.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n";
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    let merchants: Vec<Merchant> =
        app.transaction(|rows, _| rows.merchants()).await.unwrap_or_default();
    let mut origins: Vec<Origin> = merchants.into_iter().flat_map(|it| it.origins).collect();
    origins.sort_unstable();
    origins.dedup();
    Policy::new("script-src 'self'; style-src 'self'; connect-src 'self'")
        .framed_by(origins)
        .apply((headers, PAGE).into_response())
}

/// A script, style or module of the card form. The document is not served here: [`page`] is its only
/// route.
async fn file(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    let is_part = [".css", ".js", ".wasm"].iter().any(|ending| file.ends_with(ending));
    if !is_part {
        return StatusCode::NOT_FOUND.into_response();
    }
    files::serve(&[app.config.web.join("frame")], &file).await
}

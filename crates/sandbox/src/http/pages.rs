//! Server-rendered pages.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use crate::app::App;

/// Fills a template. The caller adds the page's content security policy.
pub(crate) fn render(app: &App, template: &str, content: &impl Serialize) -> Response {
    let page = app.templates.get_template(template).and_then(|page| page.render(content));
    let page = match page {
        Ok(page) => page,
        Err(error) => {
            tracing::error!(template, %error, "the template cannot be used");
            let text = "The page's template cannot be used; the sandbox's log has the reason\n";
            return (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
        }
    };
    let mut response = Html(page).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

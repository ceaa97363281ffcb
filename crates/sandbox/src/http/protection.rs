//! The security headers of the gateway's answers.
//!
//! *Invariant:* every answer of the gateway has a content security policy with `frame-ancestors`,
//! `Cross-Origin-Resource-Policy`, `X-Content-Type-Options` and `Referrer-Policy`. [`add_defaults`]
//! runs after every route and refuses framing and cross-origin use; a page that needs more applies a
//! [`Policy`].

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::domain::web_url::Origin;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");

/// Every page of this machine, as sources of a content security policy.
const THIS_MACHINE: [&str; 4] =
    ["http://localhost:*", "http://127.0.0.1:*", "https://localhost:*", "https://127.0.0.1:*"];

/// For answers that are no page: opened as a document, they can load nothing and be framed nowhere.
const NO_PAGE: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The sources that a page may load, the targets of its forms, and the sites that may show it in a
/// frame.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    sources: String,
    form_action: String,
    ancestors: Vec<Origin>,
}

impl Policy {
    /// A page with these fetch directives (`default-src` is always `'none'`), without forms and
    /// without a site that may frame it.
    pub(crate) fn new(sources: &str) -> Self {
        Self {
            sources: sources.to_owned(),
            form_action: "'none'".to_owned(),
            ancestors: Vec::new(),
        }
    }

    /// Lets the page's forms lead to these sources.
    pub(crate) fn with_forms(mut self, targets: &str) -> Self {
        self.form_action = targets.to_owned();
        self
    }

    /// Lets pages of these origins show the page in a frame. Without one, no page may; with one, pages
    /// of this machine may too, at any port: merchants develop there.
    pub(crate) fn framed_by(mut self, origins: Vec<Origin>) -> Self {
        self.ancestors = origins;
        self
    }

    fn text(&self) -> String {
        let ancestors = if self.ancestors.is_empty() {
            "'none'".to_owned()
        } else {
            let origins = self.ancestors.iter().map(Origin::as_str);
            origins.chain(THIS_MACHINE).collect::<Vec<_>>().join(" ")
        };
        format!(
            "default-src 'none'; {}; base-uri 'none'; form-action {}; frame-ancestors {ancestors}",
            self.sources, self.form_action
        )
    }

    /// Sets the headers of a page. A page that may be framed also gets the two headers without which
    /// a cross-origin isolated page would not load it.
    pub(crate) fn apply(&self, mut response: Response) -> Response {
        let Ok(text) = HeaderValue::try_from(self.text()) else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, text);
        if !self.ancestors.is_empty() {
            headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
            headers.insert(EMBEDDER_POLICY, HeaderValue::from_static("require-corp"));
        }
        response
    }
}

/// Adds what an answer does not set itself.
pub(crate) async fn add_defaults(mut response: Response) -> Response {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, NO_PAGE),
        (RESOURCE_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

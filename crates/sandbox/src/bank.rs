//! The bank: a page on which the buyer approves, declines or walks away.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::payments::{Decision, Payment, Status};
use crate::sessions::{Method, Session};
use crate::store::StoreError;
use crate::{files, pages, urls};

/// The bank's routes on the gateway.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route("/bank/bank.css", get(style)).route("/bank/{id}", get(page).post(decide))
}

async fn style(State(app): State<Arc<App>>) -> Response {
    let folders = [app.config.web.join("bank"), app.config.templates.join("bank")];
    files::serve(&folders, "bank.css").await
}

/// What the page shows instead of its buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scene {
    Choice,
    Paid,
    Failed,
    Waiting,
}

impl Scene {
    fn of(payment: &Payment) -> Self {
        match payment.status {
            Status::Processing if payment.waits_for_buyer() => Self::Choice,
            Status::Processing => Self::Waiting,
            Status::Success => Self::Paid,
            Status::Fail | Status::Cancelled => Self::Failed,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Waiting => "waiting",
        }
    }
}

async fn page(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    match look_up(app.clone(), id, None).await {
        Ok(Some((session, payment))) => show(&app, &session, &payment, Scene::of(&payment)),
        Ok(None) => (StatusCode::NOT_FOUND, "There is no such payment.\n").into_response(),
        Err(status) => status.into_response(),
    }
}

#[derive(Deserialize)]
struct Pressed {
    decision: Option<String>,
}

async fn decide(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Response {
    let decision = match pressed.decision.as_deref() {
        Some("approve") => Decision::Approve,
        Some("decline") => Decision::Decline,
        Some("leave") => Decision::Leave,
        Some(_) | None => {
            return (StatusCode::BAD_REQUEST, "Choose approve, decline or leave.\n")
                .into_response();
        }
    };
    match look_up(app.clone(), id, Some(decision)).await {
        Ok(Some((session, payment))) => match &session.redirect_url {
            Some(url) => to(url),
            None => {
                let scene = match decision {
                    Decision::Leave => Scene::Waiting,
                    Decision::Approve | Decision::Decline => Scene::of(&payment),
                };
                show(&app, &session, &payment, scene)
            }
        },
        Ok(None) => (StatusCode::NOT_FOUND, "There is no such payment.\n").into_response(),
        Err(status) => status.into_response(),
    }
}

/// The merchant's address as it came: a URL library would tidy it up.
fn to(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(url) => (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn look_up(
    app: Arc<App>,
    bank_id: String,
    decision: Option<Decision>,
) -> Result<Option<(Session, Payment)>, StatusCode> {
    let now = app.clock.now();
    let work = tokio::task::spawn_blocking(move || {
        app.store.run(|rows| {
            let Some(mut payment) = rows.payment_at_bank(&bank_id, now)? else {
                return Ok(None);
            };
            let session = rows
                .session(&payment.session_id)?
                .ok_or(StoreError::Other("a payment without its session"))?;
            if let Some(decision) = decision
                && payment.decide(decision, &session, now)
            {
                rows.change_payment(&payment)?;
            }
            Ok(Some((session, payment)))
        })
    });
    match work.await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => {
            eprintln!("kassa-sandbox: storage: {error}");
            Err(StatusCode::SERVICE_UNAVAILABLE)
        }
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}

fn show(app: &App, session: &Session, payment: &Payment, scene: Scene) -> Response {
    // Browsers apply form-action to where a form's answer redirects, too.
    let back = session.redirect_url.as_deref().and_then(urls::origin_of_page).unwrap_or_default();
    let framed_by = match session.method {
        // A card issuer's check may be shown inside the merchant's page.
        Method::Card => "*",
        Method::Fpx => "'none'",
    };
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
         form-action 'self' {back}; frame-ancestors {framed_by}"
    );
    let mut response = pages::render(
        app,
        "bank/bank.html",
        &policy,
        &json!({
            "scene": scene.name(),
            "issuer_check": session.method == Method::Card,
            "merchant": session.merchant_name,
            "amount": session.amount.with_code(),
            "description": session.order_description,
            "last_four": payment.card.as_ref().map(|card| card.last_four.clone()),
            "back": session.redirect_url,
        }),
    );
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

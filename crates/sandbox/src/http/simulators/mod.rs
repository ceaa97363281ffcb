//! The simulators: bank, wallet, push message, code scanner and card issuer, each a page on which the
//! buyer decides; and the list of payments that wait for a decision.
//!
//! All of them decide by the same form, so that a test needs no browser: `POST /sim/<key>`, or the
//! page's own address, with `decision` (`approve`, `decline`, `slow`, `leave` or `vanish`), `code`
//! for a decline and `seconds` for a slow approval.

mod decision;
mod list;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::connection::for_this_machine_only;
use super::protection::Policy;
use crate::app::App;
use crate::domain::payment::{Decision, IN_PROCESS, NOT_APPROVED, NextAction, Payment, Status};
use crate::domain::session::Session;
use crate::domain::simulator::Simulator;
use crate::domain::web_url::{Origin, WebUrl};
use crate::http::{files, pages};
use crate::payments;
use decision::DecisionForm;

/// The simulators' routes on the gateway.
pub(crate) fn routes() -> Router<Arc<App>> {
    let mut router = Router::new()
        .route("/sim/assets/{file}", get(asset))
        .route("/simulators", get(list::show).layer(from_fn(for_this_machine_only)))
        .route("/scan", get(scan))
        .route("/3ds/method/{key}", get(three_ds_method));
    for simulator in Simulator::ALL {
        let show = move |app: State<Arc<App>>, key: Path<String>| page(app, key, simulator);
        let submit = move |app: State<Arc<App>>, key: Path<String>, form: Form<DecisionForm>| {
            decide(app, key, form, simulator)
        };
        router = router.route(&simulator.path("{key}"), get(show).post(submit));
    }
    router
}

async fn asset(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    if !file.ends_with(".css") && !file.ends_with(".js") {
        return StatusCode::NOT_FOUND.into_response();
    }
    files::serve(&[app.config.templates.join("sim")], &file).await
}

fn template(simulator: Simulator) -> &'static str {
    match simulator {
        Simulator::Bank => "bank/bank.html",
        Simulator::Wallet | Simulator::App => "sim/wallet.html",
        Simulator::Push => "sim/push.html",
        Simulator::Scan => "sim/scanned.html",
        Simulator::Challenge => "sim/challenge.html",
        Simulator::Any => "sim/any.html",
    }
}

/// The state of the payment that a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum PageState {
    /// The buyer can decide.
    Choice,
    Paid,
    Failed,
    Waiting,
    /// The buyer left and does not return to the shop.
    Gone,
}

impl PageState {
    fn of(payment: &Payment) -> Self {
        match payment.status {
            Status::Processing | Status::Pending if payment.waits_for_buyer() => Self::Choice,
            Status::Processing | Status::Pending => Self::Waiting,
            Status::Success => Self::Paid,
            Status::Fail | Status::Cancelled => Self::Failed,
        }
    }
}

async fn page(app: State<Arc<App>>, Path(key): Path<String>, simulator: Simulator) -> Response {
    match find(&app, key, simulator, None).await {
        Ok(found) => show(&app, &found, simulator, PageState::of(&found.payment)),
        Err(response) => response,
    }
}

async fn decide(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    Form(form): Form<DecisionForm>,
    simulator: Simulator,
) -> Response {
    let decision = match form.read() {
        Ok(decision) => decision,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    let found = match find(&app, key, simulator, Some(decision.clone())).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    if decision == Decision::Vanish {
        return show(&app, &found, simulator, PageState::Gone);
    }
    let back = found.session.redirect_url.as_ref();
    if let Some(url) = back.filter(|_| simulator.returns(&found.payment)) {
        return redirect(url);
    }
    let mut state = PageState::of(&found.payment);
    if state == PageState::Choice && decision == Decision::Leave {
        state = PageState::Waiting;
    }
    show(&app, &found, simulator, state)
}

/// To the merchant's address exactly as it was given.
fn redirect(url: &WebUrl) -> Response {
    match HeaderValue::from_str(url.as_str()) {
        Ok(url) => (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A payment that a simulator shows.
struct Found {
    session: Session,
    payment: Payment,
    /// Whether it can still be paid although the order was closed or cancelled.
    late: bool,
    /// The origins of the session's merchant.
    origins: Vec<Origin>,
}

/// The payment with this key, after the decision; otherwise the response with the error.
async fn find(
    app: &Arc<App>,
    key: String,
    simulator: Simulator,
    decision: Option<Decision>,
) -> Result<Found, Response> {
    let found = app.transaction(move |rows, now| {
        let payment = payments::of_simulator(rows, &key, now)?;
        let Some(mut payment) = payment.filter(|payment| simulator.shows(payment)) else {
            return Ok(None);
        };
        let session = payments::session_of(rows, &payment)?;
        if let Some(decision) = decision {
            payments::decide(rows, &mut payment, &session, &decision, now)?;
        }
        let merchant = rows.merchant(&session.client_id)?;
        let origins = merchant.map(|merchant| merchant.origins).unwrap_or_default();
        let late = payments::may_receive_late_money(rows, &payment, &session)?;
        Ok(Some(Found { session, payment, late, origins }))
    });
    match found.await {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err((StatusCode::NOT_FOUND, "There is no such payment.\n").into_response()),
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE.into_response()),
    }
}

fn show(app: &App, found: &Found, simulator: Simulator, state: PageState) -> Response {
    let Found { session, payment, late, origins } = found;
    let is_challenge = simulator == Simulator::Challenge;
    let is_framed = is_challenge && payment.next != NextAction::ChallengePage;
    // Browsers apply form-action also to the address that the answer to a form redirects to.
    let back = session.redirect_url.as_ref().map(|url| url.origin().to_string());
    let scripts = if is_challenge { "'self'" } else { "'none'" };
    let policy = Policy::new(&format!("script-src {scripts}; style-src 'self'; img-src 'self'"))
        .with_forms(&format!("'self' {}", back.unwrap_or_default()))
        .framed_by(if is_framed { origins.clone() } else { Vec::new() });
    let content = json!({
        "state": state,
        "simulator": simulator.folder(),
        // The frame reports its end when there is nothing to decide; a buyer who left reports nothing.
        "done": is_framed && !matches!(state, PageState::Choice | PageState::Gone),
        "method": session.method.display_name(),
        "bank": payment.bank,
        "merchant": session.merchant_name,
        "amount": session.amount.to_string(),
        "description": session.order_description,
        "last_four": payment.card.as_ref().map(|card| card.last_four.clone()),
        "back": session.redirect_url,
        "result_code": payment.code,
        "late": late,
        "default_code": NOT_APPROVED,
        "codes": decline_codes(),
    });
    policy.apply(pages::render(app, template(simulator), &content))
}

/// The result codes that the form offers for a decline, with their meaning.
fn decline_codes() -> Vec<Value> {
    let failures = kassa_core::results::TABLE.iter().filter(|row| row.code != IN_PROCESS);
    failures.map(|row| json!({ "code": row.code, "meaning": row.meaning })).collect()
}

/// The issuer's 3DS method: a hidden page that would examine the browser, and reports its end.
async fn three_ds_method(State(app): State<Arc<App>>, Path(key): Path<String>) -> Response {
    match find(&app, key, Simulator::Challenge, None).await {
        Ok(found) => Policy::new("script-src 'self'")
            .framed_by(found.origins)
            .apply(pages::render(&app, "sim/method.html", &())),
        Err(response) => response,
    }
}

#[derive(Deserialize)]
struct ScanQuery {
    code: Option<String>,
}

/// The scanner: a field for the content of a code, in place of a camera.
async fn scan(State(app): State<Arc<App>>, Query(query): Query<ScanQuery>) -> Response {
    let code = query.code.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
    let mut unknown = false;
    if let Some(wanted) = code.clone() {
        match app.transaction(move |rows, now| payments::of_code(rows, &wanted, now)).await {
            Ok(Some(Payment { simulator_key: Some(key), .. })) => {
                return Redirect::to(&Simulator::Scan.path(&key)).into_response();
            }
            Ok(Some(_) | None) => unknown = true,
            Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        }
    }
    let content = json!({ "code": code, "unknown": unknown });
    let policy = Policy::new("style-src 'self'").with_forms("'self'");
    let mut response = policy.apply(pages::render(&app, "sim/scan.html", &content));
    if unknown && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

//! Where buyers approve: bank, wallet, push message, code scanner and card issuer, each a page; and
//! a list of the payments that wait for one of them.
//!
//! All of them decide by the same form, so that a test needs no browser: `POST /sim/<key>`, or any
//! page's own address, with `decision` (`approve`, `decline`, `slow`, `leave` or `vanish`), `code`
//! for a decline and `seconds` for a slow approval.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{App, Merchant};
use crate::clock;
use crate::domain::payment::{Decision, NOT_APPROVED, Payment, Status, Step};
use crate::domain::session::Session;
use crate::http::protection::Policy;
use crate::store::{Rows, StoreError};
use crate::{domain::address, http::files, http::pages};

/// The longest time that a slow approval may take, in seconds: a day.
const SLOWEST: u32 = 24 * 60 * 60;
/// How many payments the list shows.
const LISTED: u32 = 200;

/// Where a connection comes from. Put among a request's extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The simulators' routes on the gateway.
pub(crate) fn routes() -> Router<Arc<App>> {
    let mut router = Router::new()
        .route("/sim/assets/{file}", get(asset))
        .route("/simulators", get(list))
        .route("/scan", get(scan))
        .route("/3ds/method/{key}", get(method_page));
    for place in [
        Place::Bank,
        Place::Wallet,
        Place::App,
        Place::Push,
        Place::Scan,
        Place::Issuer,
        Place::Any,
    ] {
        let show = move |app: State<Arc<App>>, key: Path<String>| page(app, key, place);
        let press = move |app: State<Arc<App>>, key: Path<String>, form: Form<Pressed>| {
            decide(app, key, form, place)
        };
        router = router.route(&format!("/{}/{{key}}", place.folder()), get(show).post(press));
    }
    router
}

async fn asset(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    if !file.ends_with(".css") && !file.ends_with(".js") {
        return StatusCode::NOT_FOUND.into_response();
    }
    files::serve(&[app.config.templates.join("sim")], &file).await
}

/// One of the simulators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Bank,
    /// A wallet's page in the browser.
    Wallet,
    /// The wallet itself, on the buyer's phone.
    App,
    Push,
    Scan,
    Issuer,
    /// Whoever decides: the plain form.
    Any,
}

impl Place {
    fn folder(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Wallet => "wallet",
            Self::App => "app",
            Self::Push => "push",
            Self::Scan => "scan",
            Self::Issuer => "3ds/challenge",
            Self::Any => "sim",
        }
    }

    fn template(self) -> &'static str {
        match self {
            Self::Bank => "bank/bank.html",
            Self::Wallet | Self::App => "sim/wallet.html",
            Self::Push => "sim/push.html",
            Self::Scan => "sim/scanned.html",
            Self::Issuer => "sim/issuer.html",
            Self::Any => "sim/any.html",
        }
    }

    /// Whether it has a page for this payment. The issuer's pages may be framed, so they show nothing
    /// but the issuer's check.
    fn shows(self, payment: &Payment) -> bool {
        match payment.step {
            Step::ThreeDsMethod | Step::Challenge | Step::ChallengePage => true,
            Step::Redirect | Step::App | Step::Code | Step::Wait | Step::Nothing => {
                self != Self::Issuer
            }
        }
    }

    /// Whether the buyer came here from the merchant's page and goes back to it.
    fn goes_back(self, payment: &Payment) -> bool {
        match self {
            Self::Bank | Self::Wallet | Self::App => true,
            Self::Push | Self::Scan | Self::Any => false,
            Self::Issuer => payment.step == Step::ChallengePage,
        }
    }
}

/// What a page shows instead of its buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scene {
    Choice,
    Paid,
    Failed,
    Waiting,
    /// The buyer walked off.
    Gone,
}

impl Scene {
    fn of(payment: &Payment) -> Self {
        match payment.status {
            Status::Processing | Status::Pending if payment.waits_for_buyer() => Self::Choice,
            Status::Processing | Status::Pending => Self::Waiting,
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
            Self::Gone => "gone",
        }
    }
}

async fn page(State(app): State<Arc<App>>, Path(key): Path<String>, place: Place) -> Response {
    match look_up(app.clone(), key, place, None).await {
        Ok(Some(found)) => show(&app, &found, place, Scene::of(&found.payment)),
        Ok(None) => no_payment(),
        Err(status) => status.into_response(),
    }
}

fn no_payment() -> Response {
    (StatusCode::NOT_FOUND, "There is no such payment.\n").into_response()
}

#[derive(Deserialize)]
struct Pressed {
    decision: Option<String>,
    code: Option<String>,
    seconds: Option<String>,
}

impl Pressed {
    fn read(&self) -> Result<Decision, &'static str> {
        match self.decision.as_deref() {
            Some("approve") => Ok(Decision::Approve),
            Some("decline") => self.code().map(Decision::Decline),
            Some("slow") => self.seconds().map(Decision::Slow),
            Some("leave") => Ok(Decision::Leave),
            Some("vanish") => Ok(Decision::Vanish),
            Some(_) | None => Err("decision is approve, decline, slow, leave or vanish.\n"),
        }
    }

    fn code(&self) -> Result<String, &'static str> {
        let code = self.code.as_deref().map(str::trim).unwrap_or_default();
        let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        match code {
            "" => Ok(NOT_APPROVED.to_owned()),
            "SUCCESS" => Err("code is SUCCESS, which is no way to decline.\n"),
            code if code.len() <= 64 && code.bytes().all(allowed) => Ok(code.to_owned()),
            _ => Err("code has at most 64 capitals, digits and underscores.\n"),
        }
    }

    fn seconds(&self) -> Result<u32, &'static str> {
        let seconds = self.seconds.as_deref().and_then(|text| text.trim().parse().ok());
        let seconds = seconds.filter(|seconds| *seconds <= SLOWEST);
        seconds.ok_or("seconds is a whole number from 0 to 86400.\n")
    }
}

async fn decide(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    Form(pressed): Form<Pressed>,
    place: Place,
) -> Response {
    let decision = match pressed.read() {
        Ok(decision) => decision,
        Err(message) => return (StatusCode::BAD_REQUEST, message).into_response(),
    };
    let found = match look_up(app.clone(), key, place, Some(decision.clone())).await {
        Ok(Some(found)) => found,
        Ok(None) => return no_payment(),
        Err(status) => return status.into_response(),
    };
    if decision == Decision::Vanish {
        return show(&app, &found, place, Scene::Gone);
    }
    let back = found.session.redirect_url.as_deref();
    if let Some(url) = back.filter(|_| place.goes_back(&found.payment)) {
        return to(url);
    }
    let scene = match (decision, Scene::of(&found.payment)) {
        (Decision::Leave, Scene::Choice) => Scene::Waiting,
        (
            Decision::Approve
            | Decision::Decline(_)
            | Decision::Slow(_)
            | Decision::Leave
            | Decision::Vanish,
            scene,
        ) => scene,
    };
    show(&app, &found, place, scene)
}

/// The merchant's address as it came: a URL library would tidy it up.
fn to(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(url) => (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A payment that a simulator shows.
struct Found {
    session: Session,
    payment: Payment,
    /// The origins of the session's merchant.
    origins: Vec<String>,
}

async fn look_up(
    app: Arc<App>,
    key: String,
    place: Place,
    decision: Option<Decision>,
) -> Result<Option<Found>, StatusCode> {
    with_rows(app, move |rows, now| {
        let Some(mut payment) = rows.payment_at_bank(&key, now)?.filter(|it| place.shows(it))
        else {
            return Ok(None);
        };
        let session = session_of(rows, &payment)?;
        let merchant: Option<Merchant> = rows.merchant(&session.client_id)?;
        let origins = merchant.map(|merchant| merchant.framing_origins()).unwrap_or_default();
        if let Some(decision) = decision
            && payment.decide(&decision, &session, now)
        {
            rows.change_payment(&payment)?;
        }
        Ok(Some(Found { session, payment, origins }))
    })
    .await
}

fn session_of(rows: &Rows<'_>, payment: &Payment) -> Result<Session, StoreError> {
    let session = rows.session(&payment.session_id)?;
    session.ok_or(StoreError::Other("a payment without its session"))
}

async fn with_rows<T: Send + 'static>(
    app: Arc<App>,
    work: impl FnOnce(&Rows<'_>, clock::Millis) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StatusCode> {
    let now = app.clock.now();
    let work = tokio::task::spawn_blocking(move || app.store.run(|rows| work(rows, now)));
    match work.await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => {
            eprintln!("kassa-sandbox: storage: {error}");
            Err(StatusCode::SERVICE_UNAVAILABLE)
        }
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}

fn show(app: &App, found: &Found, place: Place, scene: Scene) -> Response {
    let Found { session, payment, origins } = found;
    // Browsers apply form-action to where a form's answer redirects, too.
    let back =
        session.redirect_url.as_deref().and_then(address::origin_of_page).unwrap_or_default();
    let framed = place == Place::Issuer && payment.step != Step::ChallengePage;
    let scripts = if place == Place::Issuer { "'self'" } else { "'none'" };
    let policy = Policy::new(&format!("script-src {scripts}; style-src 'self'; img-src 'self'"))
        .with_forms(&format!("'self' {back}"))
        .framed_by(if framed { origins.clone() } else { Vec::new() });
    let content = json!({
        "scene": scene.name(),
        "place": place.folder(),
        // A frame's part is over when there is nothing to choose, but nobody tells who walked off.
        "done": framed && !matches!(scene, Scene::Choice | Scene::Gone),
        "method": session.method.display_name(),
        "bank": payment.bank,
        "merchant": session.merchant_name,
        "amount": session.amount.with_code(),
        "description": session.order_description,
        "last_four": payment.card.as_ref().map(|card| card.last_four.clone()),
        "back": session.redirect_url,
        "result_code": payment.code,
        "late": payment.may_be_paid_late(session),
        "default_code": NOT_APPROVED,
        "codes": codes(),
    });
    policy.apply(pages::render(app, place.template(), &content))
}

/// What a decline may say, with its meaning.
fn codes() -> Vec<Value> {
    let failures = kassa_core::results::TABLE.iter().filter(|row| row.code != "PAYMENT_IN_PROCESS");
    failures.map(|row| json!({ "code": row.code, "meaning": row.meaning })).collect()
}

/// The issuer's hidden page: it looks at the browser, that is at nothing here, and says that it is
/// done.
async fn method_page(State(app): State<Arc<App>>, Path(key): Path<String>) -> Response {
    match look_up(app.clone(), key, Place::Issuer, None).await {
        Ok(Some(found)) => Policy::new("script-src 'self'")
            .framed_by(found.origins)
            .apply(pages::render(&app, "sim/method.html", &())),
        Ok(None) => no_payment(),
        Err(status) => status.into_response(),
    }
}

#[derive(Deserialize)]
struct Scanned {
    code: Option<String>,
}

/// The scanner: a field for what a camera would read.
async fn scan(State(app): State<Arc<App>>, Query(scanned): Query<Scanned>) -> Response {
    let code = scanned.code.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
    let mut unknown = false;
    if let Some(wanted) = code.clone() {
        let found =
            with_rows(app.clone(), move |rows, now| rows.payment_with_code(&wanted, now)).await;
        match found {
            Err(status) => return status.into_response(),
            Ok(Some(Payment { bank_id: Some(key), .. })) => {
                return Redirect::to(&format!("/scan/{key}")).into_response();
            }
            Ok(Some(_) | None) => unknown = true,
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

#[derive(Deserialize)]
struct Listing {
    format: Option<String>,
}

/// The payments under way, for whoever sits at this machine: the keys open every one of them.
async fn list(
    State(app): State<Arc<App>>,
    Query(listing): Query<Listing>,
    request: Request,
) -> Response {
    let peer = request.extensions().get::<Peer>();
    if !peer.is_some_and(|Peer(address)| address.is_loopback()) || !local_host(request.headers()) {
        return (StatusCode::FORBIDDEN, "Only for this machine.\n").into_response();
    }
    let found = with_rows(app.clone(), |rows, now| {
        let payments = rows.payments_under_way(LISTED, now)?;
        let with_session = |payment: Payment| Ok((session_of(rows, &payment)?, payment));
        payments.into_iter().map(with_session).collect::<Result<Vec<_>, StoreError>>()
    });
    let payments: Vec<Value> = match found.await {
        Ok(found) => found.iter().map(|(session, payment)| entry(session, payment)).collect(),
        Err(status) => return status.into_response(),
    };
    if listing.format.as_deref() == Some("json") {
        let headers = [(header::CACHE_CONTROL, "no-store")];
        return (headers, axum::Json(json!({ "payments": payments }))).into_response();
    }
    let content = json!({ "payments": payments });
    Policy::new("style-src 'self'").apply(pages::render(&app, "sim/list.html", &content))
}

/// A foreign page that makes its own name point at this machine still says that name.
fn local_host(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]"
}

fn entry(session: &Session, payment: &Payment) -> Value {
    json!({
        "paymentId": payment.id,
        "paymentRequestId": session.request_id,
        "paymentStatus": payment.status.to_wire(),
        "paymentMethodType": session.method.as_str(),
        "name": session.method.display_name(),
        "merchant": session.merchant_name,
        "description": session.order_description,
        "amount": session.amount.with_code(),
        "startedAt": clock::iso(payment.created_at),
        "closesAt": payment.closes_at.map(clock::iso),
        "codes": payment.codes.iter().map(|code| code.text.clone()).collect::<Vec<_>>(),
        "key": payment.bank_id,
        // Where the buyer would be, and where everything can be decided.
        "page": payment.simulator(session.method),
        "threeDSCompInd": payment.three_ds_comp_ind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(decision: &str, code: &str, seconds: &str) -> Result<Decision, &'static str> {
        let some = |text: &str| Some(text.to_owned());
        Pressed { decision: some(decision), code: some(code), seconds: some(seconds) }.read()
    }

    #[test]
    fn the_form_is_checked() {
        assert_eq!(read("approve", "", ""), Ok(Decision::Approve));
        assert_eq!(read("decline", "", ""), Ok(Decision::Decline(NOT_APPROVED.to_owned())));
        assert_eq!(
            read("decline", " NEW_CODE_7 ", ""),
            Ok(Decision::Decline("NEW_CODE_7".to_owned()))
        );
        assert_eq!(read("slow", "", "90"), Ok(Decision::Slow(90)));
        for (decision, code, seconds) in [
            ("decline", "SUCCESS", ""),
            ("decline", "lower", ""),
            ("decline", "A\r\nB", ""),
            ("slow", "", ""),
            ("slow", "", "-1"),
            ("slow", "", "86401"),
            ("rob", "", ""),
        ] {
            assert!(read(decision, code, seconds).is_err(), "{decision} {code} {seconds}");
        }
        assert!(read("decline", &"A".repeat(65), "").is_err());
    }

    #[test]
    fn only_this_machine_by_its_own_names() {
        for (host, local) in [
            ("127.0.0.1:4311", true),
            ("localhost", true),
            ("[::1]:4311", true),
            ("localhost.evil.example:4311", false),
            ("evil.example:4311", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
            assert_eq!(local_host(&headers), local, "{host}");
        }
    }
}

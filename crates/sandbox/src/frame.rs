//! The hosted card form: its page, its files, and the exchange of a card for a token.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kassa_protocol::client::{TokenAnswer, TokenRequest};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::cards::CardFacts;
use crate::client_api::{Reply, expired_or_unknown, find, play, refusal};
use crate::clock::Millis;
use crate::faults::Operation;
use crate::files;
use crate::ids;
use crate::sessions::Session;
use crate::urls;

/// How long a card token is good.
const TOKEN_LIFE: Millis = 10 * 60 * 1000;
/// The largest card request, in bytes.
const LARGEST: usize = 8 * 1024;

/// The frame's routes on the gateway.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/frame/card", get(page))
        .route("/frame/card/token", post(token))
        .route("/frame/warm", get(warm))
        .route("/frame/{*file}", get(file))
}

#[derive(Deserialize)]
struct PageQuery {
    client: Option<String>,
}

async fn page(State(app): State<Arc<App>>, Query(query): Query<PageQuery>) -> Response {
    let lookup = app.clone();
    let ancestors = tokio::task::spawn_blocking(move || {
        let client = query.client.unwrap_or_default();
        lookup.merchant(&client).ok().flatten().map(|(merchant, _)| merchant.origins)
    });
    let origins: Vec<String> = ancestors
        .await
        .ok()
        .flatten()
        .unwrap_or_default()
        .into_iter()
        // A registered text that is more than an origin could add directives of its own.
        .filter(|origin| urls::origin_of_page(origin) == Some(origin.as_str()))
        .collect();
    let ancestors = if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    );
    let mut response = files::serve(&[app.config.web.join("frame")], "card.html").await;
    let headers = response.headers_mut();
    match HeaderValue::try_from(policy) {
        Ok(policy) => headers.insert(header::CONTENT_SECURITY_POLICY, policy),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Loads what the card form will need, into the cache of whoever embeds it, and does nothing.
async fn warm() -> Response {
    const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
        <title>Card details</title>\n\
        <link rel=\"preload\" href=\"/frame/card.js\" as=\"script\">\n\
        <link rel=\"preload\" href=\"/frame/card.css\" as=\"style\">\n\
        <link rel=\"preload\" href=\"/frame/card.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n";
    const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, PAGE).into_response()
}

async fn file(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    files::serve(&[app.config.web.join("frame")], &file).await
}

async fn token(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let foreign = head
        .headers
        .get(header::ORIGIN)
        .is_some_and(|origin| origin.as_bytes() != app.config.gateway_origin.as_bytes());
    if foreign {
        return answer(
            StatusCode::FORBIDDEN,
            refusal("ACCESS_DENIED", "Only the card form may ask"),
        );
    }
    let Ok(bytes) = to_bytes(body, LARGEST).await else {
        return answer(StatusCode::OK, refusal("PARAM_ILLEGAL", "The body is too large"));
    };
    // The reason is not told: serde quotes the value that it stumbled over, and here that may be a
    // card number.
    let object = serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object);
    let Some(card) = object.and_then(|card| serde_json::from_value::<TokenRequest>(card).ok())
    else {
        return answer(StatusCode::OK, refusal("PARAM_ILLEGAL", "The body is not a card as JSON"));
    };
    let reader = app.clone();
    let data = card.session.as_str().to_owned();
    let found = blocking(move || {
        reader.store.run(|rows| find(rows, &data, Operation::Token)).map_err(Reply::from)
    });
    match found.await {
        Ok((session, fault)) => {
            let call = Arc::new((session, card));
            play(fault, || {
                let (app, call) = (app.clone(), call.clone());
                blocking(move || exchange(&app, call.0.as_ref(), &call.1))
            })
            .await
        }
        Err(reply) => reply.into_response(),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Reply> + Send + 'static,
) -> Result<T, Reply> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Reply::broken()))
}

fn answer(status: StatusCode, value: Value) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], axum::Json(value)).into_response()
}

fn exchange(app: &App, session: Option<&Session>, card: &TokenRequest) -> Result<Value, Reply> {
    let now = app.clock.now();
    let Some(session) = session.filter(|session| now < session.expires_at) else {
        return Ok(expired_or_unknown());
    };
    if !session.method.is_card() {
        return Ok(refusal("PARAM_ILLEGAL", "The session is not for cards"));
    }
    let read = match card.stored.as_str() {
        "" => CardFacts::read(card, &app.fingerprint_secret, now),
        stored if session.stored_card.as_deref() == Some(stored) => {
            // What the last query said, which may be newer than what we read.
            let asks = app.store.run(|rows| rows.session(&session.id))?;
            let asks = asks.is_some_and(|session| session.asks_cvc);
            CardFacts::stored(stored, card.cvc.as_str(), asks, &app.fingerprint_secret)
        }
        _ => {
            return Ok(refusal(
                "PARAM_ILLEGAL",
                "The session was not created for this stored card",
            ));
        }
    };
    let facts = match read {
        Ok(facts) => facts,
        Err(error) => return Ok(refusal(error.code, error.message)),
    };
    let token = app.store.run(|rows| {
        let token = ids::unguessable()?;
        rows.add_card(&token, &session.id, now.saturating_add(TOKEN_LIFE), &facts)?;
        Ok(token)
    })?;
    Ok(json!(TokenAnswer {
        success: true,
        card_token: token,
        brand: facts.brand,
        last_four: facts.last_four,
    }))
}

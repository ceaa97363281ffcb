//! The hosted card form: its page, its files, and the exchange of a card for a token.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kassa_protocol::client::{TokenAnswer, TokenRequest};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{App, Merchant};
use crate::clock::Millis;
use crate::domain::card::CardFacts;
use crate::domain::scenario::Operation;
use crate::domain::session::Session;
use crate::http::client::{Reply, expired_or_unknown, find, play, refusal};
use crate::http::files;
use crate::http::protection::Policy;
use crate::ids;
use crate::store::{Rows, StoreError};

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
        .route("/frame/{file}", get(file))
}

#[derive(Deserialize)]
struct PageQuery {
    client: Option<String>,
}

async fn page(State(app): State<Arc<App>>, Query(query): Query<PageQuery>) -> Response {
    let client = query.client.unwrap_or_default();
    let origins = origins(app.clone(), move |rows| {
        let merchant: Option<Merchant> = rows.merchant(&client)?;
        Ok(merchant.into_iter().collect())
    });
    let policy =
        Policy::new("script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'")
            .framed_by(origins.await);
    policy.apply(files::serve(&[app.config.web.join("frame")], "card.html").await)
}

/// Loads what the card form will need into the browser's cache, and does nothing else. `preload()`
/// does not know the merchant yet, so every merchant of this gateway may show it.
async fn warm(State(app): State<Arc<App>>) -> Response {
    const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
        <title>Card details</title>\n\
        <link rel=\"preload\" href=\"/frame/card.js\" as=\"script\">\n\
        <link rel=\"preload\" href=\"/frame/card.css\" as=\"style\">\n\
        <link rel=\"preload\" href=\"/frame/card.wasm\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n";
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    let origins = origins(app, |rows| rows.merchants()).await;
    Policy::new("script-src 'self'; style-src 'self'; connect-src 'self'")
        .framed_by(origins)
        .apply((headers, PAGE).into_response())
}

/// The origins that `frame-ancestors` names; none when the data file cannot be used.
async fn origins(
    app: Arc<App>,
    find: impl FnOnce(&Rows<'_>) -> Result<Vec<Merchant>, StoreError> + Send + 'static,
) -> Vec<String> {
    let found = tokio::task::spawn_blocking(move || app.store.run(find)).await;
    let merchants = found.ok().and_then(Result::ok).unwrap_or_default();
    let mut origins: Vec<String> = merchants.iter().flat_map(Merchant::framing_origins).collect();
    origins.sort_unstable();
    origins.dedup();
    origins
}

/// A file of the card form. Its document is none of them: [`page`] is the only way to that.
async fn file(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    let is_part = [".css", ".js", ".wasm"].iter().any(|ending| file.ends_with(ending));
    if !is_part {
        return StatusCode::NOT_FOUND.into_response();
    }
    files::serve(&[app.config.web.join("frame")], &file).await
}

/// Path of the card form for sessions of this merchant.
pub(crate) fn address(client_id: &str) -> String {
    format!("/frame/card?client={}", client_parameter(client_id))
}

fn client_parameter(client_id: &str) -> String {
    const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.');
    utf8_percent_encode(client_id, UNRESERVED).to_string()
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
    let client = object.as_ref().and_then(|card| card.get("client")?.as_str().map(str::to_owned));
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
            let call = Arc::new((session, client, card));
            play(fault, || {
                let (app, call) = (app.clone(), call.clone());
                blocking(move || exchange(&app, call.0.as_ref(), call.1.as_deref(), &call.2))
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

/// `client` is the parameter of that name in the address of the document that asks.
fn exchange(
    app: &App,
    session: Option<&Session>,
    client: Option<&str>,
    card: &TokenRequest,
) -> Result<Value, Reply> {
    let now = app.clock.now();
    let Some(session) = session.filter(|session| now < session.expires_at) else {
        return Ok(expired_or_unknown());
    };
    // The document was served to the origins of the merchant in its address. With another merchant's
    // session it would make tokens for a page that this merchant did not allow.
    if client != Some(client_parameter(&session.client_id).as_str()) {
        return Ok(refusal(
            "ACCESS_DENIED",
            "The card form was opened for another merchant than the session's",
        ));
    }
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

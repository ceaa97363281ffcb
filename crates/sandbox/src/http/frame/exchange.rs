//! `POST /frame/card/token`: exchanges a card for a token.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use kassa_protocol::client::{SESSION_FAILED, TokenAnswer, TokenRequest};
use serde_json::Value;

use crate::app::App;
use crate::clock::Millis;
use crate::domain::card::CardRecord;
use crate::domain::client_view::{NO_SESSION, token_answer, token_refusal};
use crate::domain::fault::FaultTarget;
use crate::domain::merchant::client_parameter;
use crate::domain::session::Session;
use crate::http::client::{CallError, answer_with_fault, blocking, error_response, find, refused};
use crate::ids;

/// How long a card token is valid.
const TOKEN_LIFE: Millis = 10 * 60 * 1000;
/// The largest request body, in bytes.
const LARGEST: usize = 8 * 1024;

/// A request for a token.
struct Exchange {
    session: Option<Session>,
    card: TokenRequest,
}

pub(super) async fn token(State(app): State<Arc<App>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let is_foreign = head
        .headers
        .get(header::ORIGIN)
        .is_some_and(|origin| origin.as_bytes() != app.config.gateway_origin.as_str().as_bytes());
    if is_foreign {
        let mut response =
            refused::<TokenAnswer>("ACCESS_DENIED", "Only the card form may request a token");
        *response.status_mut() = StatusCode::FORBIDDEN;
        return response;
    }
    let Ok(bytes) = to_bytes(body, LARGEST).await else {
        return refused::<TokenAnswer>("PARAM_ILLEGAL", "The body is too large");
    };
    // The answer gives no reason: serde's messages repeat the value, which may be a card number.
    let object = serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object);
    let Some(card) = object.and_then(|card| serde_json::from_value::<TokenRequest>(card).ok())
    else {
        return refused::<TokenAnswer>("PARAM_ILLEGAL", "The body is not a card as JSON");
    };
    let reader = app.clone();
    let data = card.session.clone().unwrap_or_default();
    let found = blocking(move || {
        let found = reader.store.run(|rows| find(rows, &data, FaultTarget::Token));
        found.map_err(CallError::from)
    });
    match found.await {
        Ok((session, fault)) => {
            let exchange = Arc::new(Exchange { session, card });
            answer_with_fault(fault, || {
                let (app, exchange) = (app.clone(), exchange.clone());
                blocking(move || exchange.perform(&app))
            })
            .await
        }
        Err(error) => error_response::<TokenAnswer>(&error),
    }
}

impl Exchange {
    fn perform(&self, app: &App) -> Result<TokenAnswer, CallError> {
        let now = app.clock.now();
        let Some(session) = self.session.as_ref().filter(|session| now < session.expires_at) else {
            return Ok(token_refusal(SESSION_FAILED, NO_SESSION));
        };
        // The document was served to the pages of the merchant in its address. With another
        // merchant's session it would make tokens for pages that this merchant did not allow.
        if self.card.client.as_deref() != Some(client_parameter(&session.client_id).as_str()) {
            return Ok(token_refusal(
                "ACCESS_DENIED",
                "The card form was opened for another merchant than the session's",
            ));
        }
        if !session.method.is_card() {
            return Ok(token_refusal("PARAM_ILLEGAL", "The session is not for cards"));
        }
        let card = &self.card;
        let record = match card.stored.as_deref().unwrap_or_default() {
            "" => CardRecord::read(card, &app.fingerprint_secret, now),
            stored if session.stored_card.as_deref() == Some(stored) => {
                // A query may have changed this since the session was read.
                let session = app.store.run(|rows| rows.session(&session.id))?;
                let needs_cvc = session.is_some_and(|session| session.needs_cvc);
                CardRecord::stored(stored, card.cvc.as_ref(), needs_cvc, &app.fingerprint_secret)
            }
            _ => {
                return Ok(token_refusal(
                    "PARAM_ILLEGAL",
                    "The session was not created for this stored card",
                ));
            }
        };
        let record = match record {
            Ok(record) => record,
            Err(error) => return Ok(token_refusal(error.code(), &error.to_string())),
        };
        let token = app.store.run(|rows| {
            let token = ids::unguessable()?;
            rows.add_card(&token, &session.id, now.saturating_add(TOKEN_LIFE), &record)?;
            Ok(token)
        })?;
        tracing::debug!(request = session.request_id, brand = record.brand, "card exchanged");
        Ok(token_answer(token, &record))
    }
}

//! The one request of this document: a card for a one-time token, on our own origin.

use gloo::timers::callback::Timeout;
use js_sys::{JSON, JsString, Object};
use kassa_core::card::{Cvc, Expiry, Holder, Pan};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, Response};

use crate::{member, record};

/// The time limit for the whole answer, in milliseconds.
const LIMIT: u32 = 15_000;
const PATH: &str = "/frame/card/token";

/// A card that passed every check which can be made here.
pub struct Card {
    /// The number.
    pub pan: Pan,
    /// The last month of validity.
    pub expiry: Expiry,
    /// The security code.
    pub cvc: Cvc,
    /// The name on the card.
    pub holder: Holder,
}

/// What came of the exchange.
pub enum Outcome {
    /// The card became a token.
    Token {
        /// One-time token.
        token: String,
        /// As the gateway spells it; empty when it did not say.
        brand: String,
        /// For display.
        last_four: String,
    },
    /// The gateway answered and refused.
    Refused {
        /// Result code.
        code: String,
        /// The gateway's words for it.
        message: String,
    },
    /// No usable answer: network, time limit, HTTP status, or not what was agreed on.
    Unreachable,
}

/// Exchanges the card for a token of this session.
pub async fn exchange(session: &str, card: &Card) -> Outcome {
    ask(session, card).await.and_then(|answer| read(&answer)).unwrap_or(Outcome::Unreachable)
}

async fn ask(session: &str, card: &Card) -> Option<JsValue> {
    let text = JsValue::from_str;
    let body = record([
        ("session", text(session)),
        ("number", text(card.pan.expose())),
        ("expiryMonth", text(&card.expiry.month())),
        ("expiryYear", text(&card.expiry.year())),
        ("cvc", text(card.cvc.expose())),
        ("holder", text(card.holder.as_str())),
    ]);
    let body: JsString = JSON::stringify(&body).ok()?;
    let abort = AbortController::new().ok()?;
    let request: Object = record([
        ("method", text("POST")),
        ("headers", record([("content-type", text("application/json"))]).into()),
        ("body", body.into()),
        ("credentials", text("omit")),
        ("cache", text("no-store")),
        ("referrerPolicy", text("no-referrer")),
        ("redirect", text("error")),
        ("signal", abort.signal().into()),
    ]);
    // Lives until the body is read: an answer that starts and then stalls is none.
    let _limit = Timeout::new(LIMIT, move || abort.abort());
    let request: &RequestInit = request.unchecked_ref();
    let reply = web_sys::window()?.fetch_with_str_and_init(PATH, request);
    let reply: Response = JsFuture::from(reply).await.ok()?.unchecked_into();
    if !reply.ok() {
        return None;
    }
    JsFuture::from(reply.json().ok()?).await.ok()
}

fn read(answer: &JsValue) -> Option<Outcome> {
    let text = |name| member(answer, name).as_string().filter(|text| !text.is_empty());
    match member(answer, "success").as_bool()? {
        true => Some(Outcome::Token {
            token: text("cardToken")?,
            brand: text("brand").unwrap_or_default(),
            last_four: text("lastFour")?,
        }),
        false => Some(Outcome::Refused {
            code: text("errorCode").or_else(|| text("code"))?,
            message: text("errorMessage").or_else(|| text("message")).unwrap_or_default(),
        }),
    }
}

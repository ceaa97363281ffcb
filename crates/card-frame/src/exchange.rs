//! The one request of this document: a card for a one-time token, on our own origin.
//!
//! Two callbacks on promises, not `async`: the executor would be a sixth of the program.

use js_sys::JSON;
use kassa_core::card::{Cvc, Expiry, Holder, Pan};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{AbortController, RequestInit, Window};

use crate::browser::{Hook, Timer, member, record, same, set, set_text, text, then};

/// The time limit for the whole answer, in milliseconds.
const LIMIT: u32 = 15_000;
const PATH: &str = "/frame/card/token";
/// Before the merchant's id in this document's own address. The gateway served the document to that
/// merchant's pages only (`frame-ancestors`), and makes no token for another merchant's session.
const CLIENT: &str = "?client=";

/// A card that passed every check which can be made here.
pub enum Card {
    /// One that the gateway has.
    Stored {
        /// Its `paymentMethodId`.
        id: String,
        /// The security code, where it is asked for.
        cvc: Option<Cvc>,
    },
    /// One that the buyer typed.
    Typed {
        /// The number.
        pan: Pan,
        /// The last month of validity.
        expiry: Expiry,
        /// The security code.
        cvc: Cvc,
        /// The name on the card.
        holder: Holder,
    },
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

/// An exchange under way. It must be kept until it has concluded.
pub struct Exchange {
    _limit: Timer,
    _hooks: [Hook; 2],
}

impl Exchange {
    /// Asks for a token of this session and calls `conclude` once. `None` when it cannot be asked.
    pub fn begin(
        window: &Window,
        session: &str,
        card: &Card,
        mut conclude: impl FnMut(Outcome) + 'static,
    ) -> Option<Self> {
        let abort = AbortController::new().ok()?;
        let search = text(&member(window, "location"), "search");
        let client = search.strip_prefix(CLIENT);
        let request = request(session, client, card, &abort)?;
        let reply = window.fetch_with_str_and_init(PATH, &request);
        // Also stops an answer that starts and then stalls.
        let limit = Timer::new(window, LIMIT, Hook::new(move |_| abort.abort()));

        let body = Hook::giving(|reply| {
            if !same(&member(&reply, "ok"), &JsValue::TRUE) {
                return JsValue::UNDEFINED;
            }
            let reply: Response = reply.unchecked_into();
            reply.json()
        });
        // Also takes what a failed promise was rejected with, which is no answer.
        let done = Hook::new(move |answer| {
            conclude(read(&answer).unwrap_or(Outcome::Unreachable));
        });
        let answer = then(&reply, body.function(), &JsValue::UNDEFINED);
        let _ = then(&answer, done.function(), done.function());
        Some(Self { _limit: limit, _hooks: [body, done] })
    }
}

#[wasm_bindgen]
extern "C" {
    type Response;

    #[wasm_bindgen(method)]
    fn json(this: &Response) -> JsValue;
}

fn request(
    session: &str,
    client: Option<&str>,
    card: &Card,
    abort: &AbortController,
) -> Option<RequestInit> {
    let body = record(&[("session", session)]);
    if let Some(client) = client {
        set_text(&body, "client", client);
    }
    let cvc = match card {
        Card::Stored { id, cvc } => {
            set_text(&body, "stored", id);
            cvc.as_ref()
        }
        Card::Typed { pan, expiry, cvc, holder } => {
            set_text(&body, "number", pan.expose());
            set_text(&body, "expiryMonth", &expiry.month());
            set_text(&body, "expiryYear", &expiry.year());
            set_text(&body, "holder", holder.as_str());
            Some(cvc)
        }
    };
    if let Some(cvc) = cvc {
        set_text(&body, "cvc", cvc.expose());
    }
    let request = record(&[
        ("method", "POST"),
        ("credentials", "omit"),
        ("cache", "no-store"),
        ("referrerPolicy", "no-referrer"),
        ("redirect", "error"),
    ]);
    set(&request, "headers", &record(&[("content-type", "application/json")]));
    let body: JsValue = JSON::stringify(&body).ok()?.into();
    set(&request, "body", &body);
    set(&request, "signal", &abort.signal());
    Some(request.unchecked_into())
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
            code: text("errorCode")?,
            message: text("errorMessage").unwrap_or_default(),
        }),
    }
}

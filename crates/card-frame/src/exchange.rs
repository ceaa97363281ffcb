//! The one request of this document: a card for a one-time token, on the document's own origin.

use gloo::timers::callback::Timeout;
use js_sys::{JSON, JsString, Promise};
use kassa_dom::{parse, tree_to_js};
use kassa_protocol::client::{TokenAnswer, TokenRequest};
use kassa_protocol::json::Json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, Response, Window};

use crate::dom::to_js;

/// The time limit for the whole answer, in milliseconds.
const LIMIT: u32 = 15_000;
/// The longest answer that is read, in UTF-16 code units. A token answer has some 200.
const LONGEST_ANSWER: u32 = 16 * 1024;
/// Path of the exchange on the gateway.
const PATH: &str = "/frame/card/token";
/// What stands before the merchant's id in this document's own address. The gateway served the
/// document to that merchant's pages only (`frame-ancestors`), and makes no token for the session of
/// another merchant.
const CLIENT: &str = "?client=";

/// A request that is under way.
pub struct Exchange {
    response: Promise,
    /// Aborts the request. Dropped, it no longer does.
    _limit: Option<Timeout>,
}

impl Exchange {
    /// Sends a request, from which only the document's part is missing. Nothing of the card is kept.
    ///
    /// # Errors
    /// The exception of a browser that cannot send it.
    pub fn begin(window: &Window, mut request: TokenRequest) -> Result<Self, JsValue> {
        let address = window.location().search()?;
        request.client = address.strip_prefix(CLIENT).map(str::to_owned);
        let body = String::from(JSON::stringify(&to_js(&request))?);
        let headers = Json::object().with("content-type", &"application/json");
        let mut init = Json::object()
            .with("method", &"POST")
            .with("body", &body)
            .with("cache", &"no-store")
            .with("credentials", &"omit")
            .with("redirect", &"error")
            .with("referrerPolicy", &"no-referrer");
        init.add("headers", Some(headers));
        let init: RequestInit = tree_to_js(&init).unchecked_into();
        // Without, the page has a limit for the form's answer.
        let abort = AbortController::new().ok();
        if let Some(abort) = &abort {
            init.set_signal(Some(&abort.signal()));
        }
        Ok(Self {
            response: window.fetch_with_str_and_init(PATH, &init),
            _limit: abort.map(|abort| Timeout::new(LIMIT, move || abort.abort())),
        })
    }

    /// Waits for the whole answer. `None` without a usable one: network, time limit, redirect, HTTP
    /// status, length, or not a token answer.
    pub async fn answer(self) -> Option<TokenAnswer> {
        let response = JsFuture::from(self.response).await.ok()?;
        let body = JsFuture::from(body(response.unchecked_into())?).await.ok()?;
        read(body.unchecked_into())
    }
}

fn body(response: Response) -> Option<Promise> {
    if response.ok() { response.text().ok() } else { None }
}

fn read(body: JsString) -> Option<TokenAnswer> {
    if body.length() > LONGEST_ANSWER {
        return None;
    }
    parse(&String::from(body)).ok()
}

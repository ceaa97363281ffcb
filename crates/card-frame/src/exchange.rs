//! The exchange of a card for a one-time token.

use js_sys::JSON;
use kassa_protocol::client::{TokenAnswer, TokenRequest};
use kassa_protocol::json::Json;
use wasm_bindgen::JsValue;
use web_sys::Window;

use crate::dom::to_js;
use crate::request::Request;

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
pub struct Exchange(Request);

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
        let mut init =
            Json::object().with("method", &"POST").with("body", &body).with("cache", &"no-store");
        init.add("headers", Some(headers));
        Ok(Self(Request::send(window, PATH, init, LIMIT)))
    }

    /// Waits for the whole answer. `None` without a usable one.
    pub async fn answer(self) -> Option<TokenAnswer> {
        self.0.answer(LONGEST_ANSWER).await
    }
}

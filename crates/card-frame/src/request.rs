//! A request to the gateway, on this document's own origin.

use gloo::timers::callback::Timeout;
use js_sys::{JsString, Promise};
use kassa_dom::{parse, tree_to_js};
use kassa_protocol::json::{FromJson, Json};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, Response, Window};

/// A request that is under way.
pub(crate) struct Request {
    response: Promise,
    /// Aborts the request. Dropped, it no longer does.
    _limit: Option<Timeout>,
}

impl Request {
    /// Sends a request. `init` has the options of `fetch` that other requests do not have. `limit`
    /// is the time for the whole answer, in milliseconds; an engine without `AbortController` has
    /// none.
    #[must_use]
    pub(crate) fn send(window: &Window, path: &str, init: Json, limit: u32) -> Self {
        let init = init
            .with("credentials", &"omit")
            .with("redirect", &"error")
            .with("referrerPolicy", &"no-referrer");
        let init: RequestInit = tree_to_js(&init).unchecked_into();
        let abort = AbortController::new().ok();
        if let Some(abort) = &abort {
            init.set_signal(Some(&abort.signal()));
        }
        Self {
            response: window.fetch_with_str_and_init(path, &init),
            _limit: abort.map(|abort| Timeout::new(limit, move || abort.abort())),
        }
    }

    /// Waits for the whole answer. `None` without a usable one: network, time limit, redirect, HTTP
    /// status, more UTF-16 code units than `longest`, or another type.
    pub(crate) async fn answer<T: FromJson>(self, longest: u32) -> Option<T> {
        let response: Response = JsFuture::from(self.response).await.ok()?.unchecked_into();
        let body = if response.ok() { response.text().ok()? } else { return None };
        let body: JsString = JsFuture::from(body).await.ok()?.unchecked_into();
        if body.length() > longest {
            return None;
        }
        parse(&String::from(body)).ok()
    }
}

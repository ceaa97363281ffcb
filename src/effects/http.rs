//! Calls to the gateway. What an answer means is for the machine to decide.

use std::cell::Cell;

use gloo::timers::callback::Timeout;
use js_sys::{Date, JsString, Promise};
use kassa_core::call::Call;
use kassa_core::machine::CallId;
use kassa_core::reply::HttpReply;
use kassa_core::text_tools::digits;
use kassa_dom::{member, parse, set_member, text, tree_to_js};
use kassa_protocol::Json;
use kassa_protocol::json::{MAX_TEXT, ReadError, ToJson};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortSignal, Response};

use crate::promises::promise_of;
use crate::runtime::{Inbox, Queued};

#[wasm_bindgen]
extern "C" {
    // The `web_sys` binding does not catch, and a page may have put a `fetch` of its own there that
    // throws.
    #[wasm_bindgen(catch)]
    pub(super) fn fetch(url: &str, init: &JsValue) -> Result<JsValue, JsValue>;
}

/// The call that is out; there is never more than one.
#[derive(Default)]
pub(crate) struct Http {
    out: Cell<Option<CallId>>,
    /// Queues that there was no reply. Dropped, it does not.
    failure: Cell<Option<Timeout>>,
}

/// The digits of the longest body that is read: 10 MB, where [`MAX_TEXT`] UTF-16 code units are at most
/// 3 MB.
const LENGTH_DIGITS: usize = 7;

/// A reply before its body is read.
pub(crate) struct RawReply {
    status: u16,
    result_status: Option<String>,
    trace_id: Option<String>,
    /// `None` for one that is too long to be read.
    body: Option<JsString>,
}

impl Http {
    /// Sends a call. Its reply is queued, or that there was none, once the texts are there with which
    /// it will be shown.
    pub(crate) fn send(
        &self,
        id: CallId,
        call: &Call,
        signal: Option<&AbortSignal>,
        texts: Option<Promise>,
        inbox: Inbox,
    ) {
        self.out.set(Some(id));
        let response = request_init(call, signal).and_then(|init| fetch(&call.url, &init));
        spawn_local(async move {
            let reply = match response {
                Ok(response) => read(response).await,
                Err(thrown) => Err(thrown),
            };
            if let Some(texts) = texts {
                let _ = JsFuture::from(texts).await;
            }
            if reply.is_ok() {
                return inbox.queue(Queued::Reply { call: id, reply });
            }
            // If the page's policy is the reason, the browser reports that next, and only there.
            let waiting = inbox.clone();
            let failure = move || inbox.queue(Queued::Reply { call: id, reply });
            waiting.with(|runtime| runtime.http().fail_next(id, Timeout::new(0, failure)));
        });
    }

    fn fail_next(&self, id: CallId, failure: Timeout) {
        if self.out.get() == Some(id) {
            self.failure.set(Some(failure));
        }
    }

    /// Whether a call is the one that is out; then it no longer is.
    pub(crate) fn take(&self, id: CallId) -> bool {
        let is_out = self.out.get() == Some(id);
        if is_out {
            self.forget();
        }
        is_out
    }

    /// Forgets the call, also after a trap.
    pub(crate) fn forget(&self) {
        self.out.set(None);
        self.failure.set(None);
    }
}

fn request_init(call: &Call, signal: Option<&AbortSignal>) -> Result<JsValue, JsValue> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let now = digits(Date::now() as u64);
    let mut headers =
        Json::object().with("Content-Type", &"application/json").with("Client-Time", &now);
    for (name, value) in call.headers() {
        headers.add(name, value.to_json());
    }
    // The protocol takes an array of one.
    let body = Json::List(Vec::from_iter(call.request.to_json()));
    let init = Json::object()
        .with("method", &"POST")
        .with("headers", &headers)
        .with("body", &text(&body))
        .with("cache", &"no-store")
        .with("redirect", &"error")
        .with("referrerPolicy", &"origin")
        .with("credentials", if call.credentials { &"include" } else { &"omit" });
    let init = tree_to_js(&init);
    if let Some(signal) = signal {
        set_member(&init, "signal", signal)?;
    }
    Ok(init)
}

/// Reads what `fetch` returned. A `fetch` of the page's own may return anything.
async fn read(response: JsValue) -> Result<RawReply, JsValue> {
    let response = JsFuture::from(promise_of(&response)).await?;
    let status = member(&response, "status")?.as_f64();
    let response: Response = response.unchecked_into();
    let headers = response.headers();
    // Not what is too long in any case. Of compressed bodies, the header has the compressed length.
    let length = headers.get("Content-Length")?.unwrap_or_default();
    let body = if length.len() > LENGTH_DIGITS {
        None
    } else {
        let body: JsValue = response.text()?.into();
        Some(JsFuture::from(promise_of(&body)).await?.dyn_into()?)
    };
    Ok(RawReply {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        status: status.unwrap_or_default() as u16,
        result_status: headers.get("Result-Status")?,
        trace_id: headers.get("Mgw-TraceId")?,
        body,
    })
}

impl RawReply {
    pub(crate) fn decode(self) -> HttpReply {
        // Before the text is parsed: nesting and counts are only known afterwards.
        let is_short = |body: &JsString| (body.length() as usize) <= MAX_TEXT;
        let answer = match self.body.filter(is_short) {
            Some(body) => parse(&String::from(body)),
            None => Err(ReadError::TooLong),
        };
        HttpReply {
            status: self.status,
            result_status: self.result_status,
            trace_id: self.trace_id,
            answer: answer.map(Box::new),
        }
    }
}

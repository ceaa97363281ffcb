//! Calls to the gateway.

use std::cell::RefCell;
use std::rc::Weak;

use js_sys::{Array, JSON};
use kassa_core::answer::{Body, Reply};
use kassa_core::call::Call;
use kassa_core::machine::{CallId, Input};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, Headers, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit,
    RequestMode, Response,
};

use crate::decode;
use crate::hooks::to_js;
use crate::shell::Shell;

/// The calls that are out.
#[derive(Default)]
pub(crate) struct Calls(RefCell<Vec<(CallId, AbortController)>>);

impl Calls {
    pub(crate) fn send(&self, shell: Weak<Shell>, id: CallId, call: &Call) {
        let request = AbortController::new().and_then(|abort| {
            let init = request(call, &abort)?;
            Ok((call.url.clone(), init, abort))
        });
        if let Ok((_, _, abort)) = &request {
            self.0.borrow_mut().push((id, abort.clone()));
        }
        spawn_local(async move {
            let reply = match request {
                Ok((url, init, _abort)) => exchange(&url, &init).await,
                Err(error) => Err(error),
            };
            // An aborted call ends here too: its id is stale by then, and the machine knows.
            let Some(shell) = shell.upgrade() else { return };
            shell.forget_call(id);
            shell.dispatch(match reply {
                Ok(reply) => Input::Answered { call: id, reply },
                Err(_) => Input::CallFailed { call: id },
            });
        });
    }

    pub(crate) fn abort(&self, id: CallId) {
        if let Some(abort) = self.remove(id) {
            abort.abort();
        }
    }

    pub(crate) fn remove(&self, id: CallId) -> Option<AbortController> {
        let mut calls = self.0.borrow_mut();
        let at = calls.iter().position(|(call, _)| *call == id)?;
        Some(calls.swap_remove(at).1)
    }
}

fn request(call: &Call, abort: &AbortController) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    headers.set("Content-Type", "application/json")?;
    headers.set("Client-Time", &decode::print_number(&js_sys::Date::now().into()))?;
    for (name, value) in call.headers() {
        headers.set(name, value)?;
    }
    let body = JSON::stringify(&Array::of1(&to_js(&*call.body)))?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body);
    init.set_signal(Some(&abort.signal()));
    init.set_mode(RequestMode::Cors);
    init.set_cache(RequestCache::NoStore);
    init.set_referrer_policy(ReferrerPolicy::Origin);
    init.set_credentials(if call.credentials {
        RequestCredentials::Include
    } else {
        RequestCredentials::Omit
    });
    Ok(init)
}

/// Sends a request and reads all of its answer.
async fn exchange(url: &str, init: &RequestInit) -> Result<Reply, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response = JsFuture::from(window.fetch_with_str_and_init(url, init)).await?;
    let response: Response = response.unchecked_into();
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    let header = |name| response.headers().get(name).ok().flatten();
    Ok(Reply {
        http: response.status(),
        result_status: header("Result-Status"),
        trace: header("Mgw-TraceId"),
        body: decode::parse(&text).map(|object| Box::new(Body::read(&object))),
    })
}

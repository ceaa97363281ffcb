//! Loads the texts of the buyer's language.
//!
//! A gateway with these texts is asked first: the page talks to it anyway, so that no policy of the
//! page can refuse the request. The gateways of the regions have none. There, and where the request
//! fails, a script from beside the SDK's own has them, which needs no CORS. A page that demands
//! Trusted Types refuses that script; its merchant passes the option `translations`.

use std::rc::Rc;

use js_sys::{Array, Promise};
use kassa_core::text::{Language, Text, Translations};
use kassa_core::text_tools::fill;
use kassa_dom::{from_js, member, parse, tree_to_js};
use kassa_protocol::Json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{HtmlScriptElement, Response};

use super::http::fetch;
use super::page::{document, window};
use crate::promises::promise_of;

/// How long the first view waits for the texts, in milliseconds, from the request on.
const LIMIT: i32 = 2_000;

/// The member of its own element in which a script of `locales/` leaves the texts.
const MEMBER: &str = "kassaTexts";

/// Where texts may come from.
pub(crate) struct Sources {
    /// The address of the folder of the SDK's script, with a slash at its end.
    pub(crate) folder: Option<String>,
    /// The gateway's address.
    pub(crate) gateway: Option<String>,
    /// CSP nonce.
    pub(crate) nonce: Option<String>,
}

/// Loads the texts. The promise resolves when they are there or do not come, and after the limit at
/// the latest.
pub(crate) fn load_texts(language: &Rc<Language<Text>>, sources: Sources) -> Promise {
    let language = Rc::clone(language);
    let loaded = future_to_promise(async move {
        if let Some(texts) = sources.texts(language.locale).await {
            language.load(Translations::read(&texts, |_| {}));
        }
        Ok(JsValue::UNDEFINED)
    });
    let limit = Promise::new(&mut |resolve, _| {
        // A page without timers waits for the texts alone.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, LIMIT);
    });
    Promise::race(&Array::of2(&loaded, &limit))
}

impl Sources {
    async fn texts(&self, locale: &str) -> Option<Json> {
        if let Some(gateway) = &self.gateway {
            let file = get(&fill("{}/locales/{}.json", &[gateway, locale])).await.ok();
            if let Some(texts) = file.as_ref().and_then(|file| file.member("page")) {
                return Some(texts.clone());
            }
        }
        let address = fill("{}locales/{}.js", &[self.folder.as_deref()?, locale]);
        run(&address, self.nonce.as_deref()).await.ok()
    }
}

/// Runs a script of `locales/` and returns the texts in it.
async fn run(address: &str, nonce: Option<&str>) -> Result<Json, JsValue> {
    let document = document();
    let script = document.create_element("script")?;
    script.set_attribute("charset", "utf-8")?;
    if let Some(nonce) = nonce {
        script.set_attribute("nonce", nonce)?;
    }
    // Throws where the page demands Trusted Types.
    script.set_attribute("src", address)?;
    let script: HtmlScriptElement = script.unchecked_into();
    let ended = Promise::new(&mut |resolve, _| {
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&resolve));
    });
    let head = document.document_element().ok_or(JsValue::UNDEFINED)?;
    head.append_child(&script)?;
    JsFuture::from(ended).await?;
    script.remove();
    let texts = from_js(member(&script, MEMBER)?);
    texts.map_err(|_| JsValue::UNDEFINED)
}

async fn get(address: &str) -> Result<Json, JsValue> {
    let init = Json::object().with("credentials", &"omit").with("redirect", &"error");
    let response = fetch(address, &tree_to_js(&init))?;
    let response: Response = JsFuture::from(promise_of(&response)).await?.unchecked_into();
    let body = JsFuture::from(promise_of(&response.text()?.into())).await?;
    parse(&body.as_string().unwrap_or_default()).map_err(|_| JsValue::UNDEFINED)
}

//! A gateway in the place of the page's `fetch`.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Error, Function, Promise, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Response, ResponseInit};

use super::values::{from_js, set, to_js};
use super::{until, window};

/// A gateway whose answers a test sends.
pub(crate) struct Gateway {
    calls: Calls,
    /// The file of texts for every language; `None`: there is none.
    pub(crate) texts: Rc<RefCell<Option<Value>>>,
    before: JsValue,
}

type Calls = Rc<RefCell<VecDeque<Call>>>;

/// A call that has arrived.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) url: String,
    pub(crate) init: JsValue,
    resolve: Function,
    reject: Function,
}

impl Gateway {
    pub(crate) fn new() -> Self {
        let calls = Calls::default();
        let texts = Rc::new(RefCell::new(Some(json!({"page": {}}))));
        let (arriving, file) = (Rc::clone(&calls), Rc::clone(&texts));
        let fetch: Closure<dyn Fn(String, JsValue) -> Promise> =
            Closure::new(move |url: String, init| {
                let is_text = url.contains("/locales/");
                let (call, promise) = Call::new(url, init);
                match &*file.borrow() {
                    _ if !is_text => arriving.borrow_mut().push_back(call),
                    Some(file) => call.answer(file),
                    None => call.answer_with(404, &[], ""),
                }
                promise
            });
        let before = Reflect::get(&window(), &"fetch".into()).unwrap();
        set(&window(), "fetch", &fetch.into_js_value());
        Self { calls, texts, before }
    }

    /// The next call.
    pub(crate) async fn call(&self) -> Call {
        until("the gateway is called", || !self.is_quiet()).await;
        self.calls.borrow_mut().pop_front().unwrap()
    }

    /// The next call, which must have arrived.
    pub(crate) fn call_now(&self) -> Call {
        self.calls.borrow_mut().pop_front().expect("the gateway was not called")
    }

    /// Whether no call waits.
    pub(crate) fn is_quiet(&self) -> bool {
        self.calls.borrow().is_empty()
    }

    /// Answers the next call.
    pub(crate) async fn answer(&self, answer: &Value) -> Call {
        let call = self.call().await;
        call.answer(answer);
        call
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        set(&window(), "fetch", &self.before);
    }
}

impl Call {
    /// The call, and the promise of `fetch`, which rejects when the call is aborted, as in browsers.
    fn new(url: String, init: JsValue) -> (Self, Promise) {
        let mut settle = None;
        let promise = Promise::new(&mut |resolve, reject| settle = Some((resolve, reject)));
        let (resolve, reject) = settle.unwrap();
        let call = Self { url, init, resolve, reject };
        if let Some(signal) = call.signal() {
            let aborted = call.clone();
            let abort: Closure<dyn Fn()> = Closure::new(move || aborted.fail());
            // Not a listener: those are counted.
            signal.set_onabort(Some(abort.into_js_value().unchecked_ref()));
        }
        (call, promise)
    }

    /// A member of the options of `fetch`.
    pub(crate) fn option(&self, name: &str) -> JsValue {
        Reflect::get(&self.init, &name.into()).unwrap()
    }

    pub(crate) fn signal(&self) -> Option<AbortSignal> {
        self.option("signal").dyn_into().ok()
    }

    pub(crate) fn is_aborted(&self) -> bool {
        self.signal().is_some_and(|signal| signal.aborted())
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        Reflect::get(&self.option("headers"), &name.into()).unwrap().as_string()
    }

    /// The last part of the operation's name.
    pub(crate) fn operation(&self) -> String {
        let name = self.header("Operation-Type").unwrap();
        name.rsplit('.').next().unwrap().to_owned()
    }

    /// The body: the one element of its array.
    pub(crate) fn request(&self) -> Value {
        let body: Value = serde_json::from_str(&self.option("body").as_string().unwrap()).unwrap();
        let [request] = body.as_array().unwrap().as_slice() else {
            panic!("not an array of one: {body}");
        };
        request.clone()
    }

    pub(crate) fn answer(&self, answer: &Value) {
        self.answer_text(&answer.to_string());
    }

    pub(crate) fn answer_text(&self, text: &str) {
        self.answer_with(200, &[], text);
    }

    pub(crate) fn answer_with(&self, status: u16, headers: &[(&str, &str)], text: &str) {
        let init = ResponseInit::new();
        init.set_status(status);
        let given = to_js(&Value::Object(
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect(),
        ));
        init.set_headers(&given);
        let response = Response::new_with_opt_str_and_init(Some(text), &init).unwrap();
        self.resolve_with(&response);
    }

    /// Resolves the promise of `fetch` with any value.
    pub(crate) fn resolve_with(&self, value: &JsValue) {
        self.resolve.call1(&JsValue::UNDEFINED, value).unwrap();
    }

    /// The network breaks.
    pub(crate) fn fail(&self) {
        let error = Error::new("the network broke");
        self.reject.call1(&JsValue::UNDEFINED, &error).unwrap();
    }
}

impl std::fmt::Debug for Call {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.url, from_js(&self.init))
    }
}

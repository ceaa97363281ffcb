//! One instance of the SDK with everything around it.

use std::cell::RefCell;

use js_sys::Promise;
use kassa::Checkout;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::answers::SESSION;
use super::clock::stop_clock;
use super::gateway::Gateway;
use super::host::Host;
use super::record::Record;
use super::{CardForm, Clock, Screen, Watched, answers, document, origin, to_js, until};

#[wasm_bindgen]
extern "C" {
    /// `kassa::Checkout` as JavaScript has it.
    #[derive(Clone, PartialEq)]
    pub(crate) type JsCheckout;

    #[wasm_bindgen(method)]
    pub(crate) fn open(this: &JsCheckout, parameters: &JsValue, container: &JsValue) -> Promise;

    #[wasm_bindgen(method)]
    pub(crate) fn submit(this: &JsCheckout, data: &JsValue) -> Promise;

    #[wasm_bindgen(method, js_name = validateFields)]
    pub(crate) fn validate_fields(this: &JsCheckout) -> Promise;

    #[wasm_bindgen(method)]
    pub(crate) fn unmount(this: &JsCheckout);

    #[wasm_bindgen(method)]
    pub(crate) fn abandon(this: &JsCheckout);

    #[wasm_bindgen(method)]
    fn free(this: &JsCheckout);
}

/// How an instance is made. Its gateway is the test server, its language English, and every
/// callback but `onBeforeSubmit` is recorded.
pub(crate) struct Setup {
    /// Members that the constructor's options have besides, or instead.
    pub(crate) options: Value,
    /// Whether the other callbacks are there.
    pub(crate) has_callbacks: bool,
    /// Whether there is an `onBeforeSubmit`. It returns `undefined` unless a reaction is set.
    pub(crate) asks_before_submit: bool,
    /// Whether the engine has `AbortController`.
    pub(crate) has_abort_controller: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            options: json!({}),
            has_callbacks: true,
            asks_before_submit: false,
            has_abort_controller: true,
        }
    }
}

/// An instance of the SDK. Dropped, it is unmounted.
pub(crate) struct Sdk {
    pub(crate) checkout: JsCheckout,
    pub(crate) record: Record,
    pub(crate) gateway: Gateway,
    pub(crate) host: Host,
}

impl Sdk {
    pub(crate) fn new() -> Self {
        Self::with(Setup::default())
    }

    pub(crate) fn with_options(options: Value) -> Self {
        Self::with(Setup { options, ..Setup::default() })
    }

    pub(crate) fn with(setup: Setup) -> Self {
        stop_clock();
        clean_up();
        Self::make(setup)
    }

    /// With time that the test moves.
    pub(crate) fn under(clock: &Clock) -> Self {
        Self::under_with(clock, Setup::default())
    }

    pub(crate) fn under_with(_: &Clock, setup: Setup) -> Self {
        clean_up();
        Self::make(setup)
    }

    /// With another instance in the page.
    pub(crate) fn beside(_: &Self) -> Self {
        Self::make(Setup::default())
    }

    fn make(setup: Setup) -> Self {
        let options = json!({"environment": "sandbox", "gateway": origin(), "locale": "en_US"});
        let options = to_js(&answers::with(&options, &setup.options));
        let (record, gateway) = (Record::default(), Gateway::new());
        for name in Record::CALLBACKS.into_iter().filter(|_| setup.has_callbacks) {
            record.add_to(&options, name);
        }
        if setup.asks_before_submit {
            record.add_to(&options, "onBeforeSubmit");
        }
        let host = Host::new(setup.has_abort_controller);
        let checkout = Checkout::new(options, host.object.clone().unchecked_into());
        let checkout: JsCheckout = JsValue::from(checkout).unchecked_into();
        record.connect(&checkout);
        OPEN.with_borrow_mut(|open| open.push(checkout.clone()));
        Self { checkout, record, gateway, host }
    }

    /// `createComponent`.
    pub(crate) fn create(&self) -> Watched {
        self.create_with(&json!({}))
    }

    /// `createComponent` with more than the session.
    pub(crate) fn create_with(&self, parameters: &Value) -> Watched {
        self.open(&opening(parameters), &JsValue::UNDEFINED)
    }

    /// `mountComponent`.
    pub(crate) fn mount(&self, container: &JsValue) -> Watched {
        self.open(&opening(&json!({})), container)
    }

    pub(crate) fn open(&self, parameters: &JsValue, container: &JsValue) -> Watched {
        Watched::new(self.checkout.open(parameters, container))
    }

    pub(crate) fn submit(&self) -> Watched {
        self.submit_with(&JsValue::UNDEFINED)
    }

    pub(crate) fn submit_with(&self, data: &JsValue) -> Watched {
        Watched::new(self.checkout.submit(data))
    }

    pub(crate) fn validate(&self) -> Watched {
        Watched::new(self.checkout.validate_fields())
    }

    /// The component that was put into the page last.
    pub(crate) fn screen(&self) -> Screen {
        Screen::new(self.host.mounted().expect("no component was put into the page"))
    }

    /// Whether the component is in a document.
    pub(crate) fn is_in_page(&self) -> bool {
        self.host.mounted().is_some_and(|host| host.is_connected())
    }

    /// Waits for a screen.
    pub(crate) async fn shows(&self, name: &str) -> Screen {
        let shows = || self.is_in_page() && self.screen().name() == name;
        until(&format!("the screen is \"{name}\""), shows).await;
        self.screen()
    }

    /// Waits for a callback, written as [`Record::order`] writes it.
    pub(crate) async fn receives(&self, label: &str) -> Value {
        until(&format!("the merchant receives {label}"), || self.record.has(label)).await;
        self.record.last(label)
    }

    /// Opens a method that has no form, as far as its submit.
    pub(crate) async fn submits_without_form(&self, parameters: &Value) -> super::Call {
        self.create_with(parameters);
        self.gateway.answer(&answers::method("PAYNOW")).await;
        self.gateway.call().await
    }

    /// Opens a method that has no form, up to the gateway's answer to its submit.
    pub(crate) async fn submitted(&self, answer: &Value) {
        self.submits_without_form(&json!({"notRedirectAfterComplete": true})).await.answer(answer);
    }

    /// Opens a card form over the page, up to the screen on which it can be used.
    pub(crate) async fn card_form(&self) -> CardForm {
        self.card_form_with(&json!({}), &answers::card()).await
    }

    pub(crate) async fn card_form_with(&self, parameters: &Value, answer: &Value) -> CardForm {
        self.create_with(parameters);
        self.loads_card_form(answer).await
    }

    /// From the query of an opening to the screen on which its card form can be used.
    pub(crate) async fn loads_card_form(&self, answer: &Value) -> CardForm {
        self.gateway.answer(answer).await;
        let form = CardForm::of(self).await;
        form.send_hello().await;
        form.send(&json!({"t": "ready"}));
        self.shows("form").await;
        form
    }
}

impl Drop for Sdk {
    fn drop(&mut self) {
        self.checkout.unmount();
        OPEN.with_borrow_mut(|open| open.retain(|other| *other != self.checkout));
        self.checkout.free();
    }
}

/// Parameters of `createComponent`.
pub(crate) fn opening(parameters: &Value) -> JsValue {
    // As `js/src/reading.ts` reads them.
    let mut read = json!({"sessionData": SESSION});
    for (name, value) in parameters.as_object().unwrap() {
        if name == "appearance" {
            read = answers::with(&read, value);
            continue;
        }
        if name == "merchantAppointParam" {
            read["needCVV"] = value["storedCard"]["needCVV"].clone();
        }
        read[name] = value.clone();
    }
    to_js(&read)
}

thread_local! {
    /// The instances that no test has dropped. A test that failed drops nothing.
    static OPEN: RefCell<Vec<JsCheckout>> = const { RefCell::new(Vec::new()) };
}

/// Removes the leftovers of a failed test from the page.
fn clean_up() {
    for checkout in OPEN.take() {
        checkout.unmount();
    }
    let left = document().query_selector_all("[data-kassa]").unwrap();
    for at in 0..left.length() {
        left.item(at).unwrap().unchecked_into::<web_sys::Element>().remove();
    }
    let root = document().document_element().unwrap();
    root.remove_attribute("style").unwrap();
}

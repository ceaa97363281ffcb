//! The merchant's functions. What one of them throws is logged and changes nothing else.

use std::cell::Cell;

use js_sys::Function;
use kassa_core::events::{Event, LogCode, LogLine};
use kassa_core::machine::{BeforeSubmit, BeforeSubmitAnswer};
use kassa_core::text_tools::fill;
use kassa_dom::member;
use kassa_protocol::{Json, PaymentMethodType};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::options::before_submit;
use crate::promises::promise_of;
use crate::to_js::to_js;

/// The longest text of the merchant's that is quoted, in characters.
const QUOTED: usize = 200;

/// The callbacks of the constructor's options; those that the merchant did not give are `None`.
#[derive(Default)]
pub(crate) struct Callbacks {
    pub(crate) on_before_submit: Option<Function>,
    pub(crate) on_close: Option<Function>,
    pub(crate) on_error: Option<Function>,
    pub(crate) on_event_callback: Option<Function>,
    pub(crate) on_log: Option<Function>,
    pub(crate) on_payment_method_selected: Option<Function>,
    pub(crate) on_size_changed: Option<Function>,
    /// True while an `unmount` is queued: no callback is called.
    pub(crate) is_suppressed: Cell<bool>,
}

/// The size of the component in CSS pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Callbacks {
    /// `onError` for errors, then `onEventCallback`.
    pub(crate) fn emit(&self, event: &Event) {
        // Each callback has an object of its own: the merchant may change it.
        if event.code.is_error() {
            self.call("onError", self.on_error.as_ref(), &to_js(event));
        }
        self.call("onEventCallback", self.on_event_callback.as_ref(), &to_js(event));
    }

    pub(crate) fn notify_closed(&self) {
        self.call("onClose", self.on_close.as_ref(), &JsValue::UNDEFINED);
    }

    pub(crate) fn notify_method_selected(&self, method: &PaymentMethodType) {
        let selected = to_js(&Json::object().with("paymentMethodType", method));
        let callback = self.on_payment_method_selected.as_ref();
        self.call("onPaymentMethodSelected", callback, &selected);
    }

    pub(crate) fn notify_size_changed(&self, size: Size) {
        let Size { width, height } = size;
        let size = to_js(&Json::object().with("width", &width).with("height", &height));
        self.call("onSizeChanged", self.on_size_changed.as_ref(), &size);
    }

    pub(crate) fn log(&self, line: &LogLine) {
        if let Some(callback) = self.on_log.as_ref().filter(|_| !self.is_suppressed.get()) {
            // A failure of the log itself has no place where it could be logged.
            let _ = callback.call1(&JsValue::UNDEFINED, &to_js(line));
        }
    }

    /// Calls `onBeforeSubmit`. The future completes with what it returned or what its promise
    /// resolved with, or with what was thrown.
    pub(crate) fn ask_before_submit(
        &self,
        method: &PaymentMethodType,
    ) -> Option<impl Future<Output = Result<JsValue, JsValue>> + 'static> {
        let callback = self.on_before_submit.as_ref()?;
        // The original also has a process that only stores a card.
        let payment =
            Json::object().with("paymentMethodType", method).with("processType", &"PAYMENT");
        let returned = callback.call1(&JsValue::UNDEFINED, &to_js(&payment));
        Some(async move { JsFuture::from(promise_of(&returned?)).await })
    }

    /// Reads what `onBeforeSubmit` came to.
    pub(crate) fn read_before_submit(
        &self,
        answer: Result<JsValue, JsValue>,
    ) -> BeforeSubmitAnswer {
        answer.and_then(|answer| before_submit(&answer)).unwrap_or_else(|error| {
            self.log_thrown("onBeforeSubmit", &error);
            BeforeSubmit::Error.into()
        })
    }

    fn call(&self, name: &str, callback: Option<&Function>, argument: &JsValue) {
        let Some(callback) = callback.filter(|_| !self.is_suppressed.get()) else { return };
        if let Err(error) = callback.call1(&JsValue::UNDEFINED, argument) {
            self.log_thrown(name, &error);
        }
    }

    fn log_thrown(&self, name: &str, error: &JsValue) {
        let message = fill("{} threw: {}", &[name, &describe(error)]);
        self.log(&LogLine { code: LogCode::CallbackThrew, message });
    }
}

#[wasm_bindgen]
extern "C" {
    // Not `hasOwnProperty`, which pages replace. A proxy may throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = getOwnPropertyDescriptor)]
    fn own_property(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;

    // Throws for an object without a prototype, among others.
    #[wasm_bindgen(catch, js_name = String)]
    fn print(value: &JsValue) -> Result<String, JsValue>;
}

/// A member of an object of the merchant's; `undefined` where it is absent or inherited.
///
/// # Errors
/// The value that a getter or a proxy threw.
pub(crate) fn own_member(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    if own_property(object, name)?.is_undefined() {
        return Ok(JsValue::UNDEFINED);
    }
    member(object, name)
}

/// A value in words, cut short.
pub(crate) fn describe(value: &JsValue) -> String {
    let printed = print(value).unwrap_or_else(|_| "a value that cannot be printed".to_owned());
    printed.chars().take(QUOTED).collect()
}

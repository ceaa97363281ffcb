//! The exported class behind `AMSCashierPayment`.

use std::rc::Rc;

use js_sys::Promise;
use kassa_core::machine::Input;
use wasm_bindgen::prelude::*;

use crate::effects::warm_frame;
use crate::host_functions::HostFunctions;
use crate::options::Options;
use crate::runtime::{Queued, Runtime};

/// One instance of the SDK. Every method takes `&self`, so that a merchant's callback can call back
/// in without finding the object borrowed.
#[wasm_bindgen(skip_typescript)]
pub struct Checkout {
    runtime: Rc<Runtime>,
}

#[wasm_bindgen]
impl Checkout {
    /// An instance with nothing open. `options` are the constructor's, copied and checked by
    /// JavaScript.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(options: JsValue, host: HostFunctions) -> Self {
        Self { runtime: Runtime::new(Options::read(options), host) }
    }

    /// `createComponent`, and `mountComponent` when there is a `container`: an element or a
    /// selector. `parameters` are those that JavaScript has read. Resolves with `undefined` when the
    /// first view is usable or the page is leaving.
    pub fn open(&self, parameters: JsValue, container: JsValue) -> Promise {
        self.runtime.with_promise(|promise| Queued::Open { promise, parameters, container })
    }

    /// `submit`, with a billing address or `undefined`. Resolves with `{code, message}`.
    pub fn submit(&self, address: JsValue) -> Promise {
        self.runtime.with_promise(|promise| Queued::Submit { promise, address })
    }

    /// `validateFields`. Resolves with `{isValid}`.
    #[wasm_bindgen(js_name = validateFields)]
    pub fn validate_fields(&self) -> Promise {
        self.runtime.with_promise(|promise| Queued::Input(Input::Validate { promise }))
    }

    /// `unmount`.
    pub fn unmount(&self) {
        self.runtime.queue(Queued::Input(Input::Unmount));
    }

    /// Releases what can be released after a trap. JavaScript has removed the component by then.
    pub fn abandon(&self) {
        self.runtime.abandon();
    }
}

/// `AMSCashierPayment.preload`: opens a connection to the gateway and has the browser fetch the
/// card form's files.
#[wasm_bindgen]
pub fn preload(gateway: &str) {
    warm_frame(gateway);
}

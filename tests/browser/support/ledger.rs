//! Listeners, timers and other things in the page that call back.

use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/browser/support/ledger.js")]
extern "C" {
    #[wasm_bindgen(js_name = Ledger)]
    type JsLedger;

    #[wasm_bindgen(constructor, js_class = "Ledger")]
    fn new() -> JsLedger;

    #[wasm_bindgen(method)]
    fn start(this: &JsLedger);

    #[wasm_bindgen(method)]
    fn stop(this: &JsLedger);

    #[wasm_bindgen(method)]
    fn live(this: &JsLedger) -> Array;
}

/// Listeners, timers, observers of sizes and message ports that were added since the start and are
/// still there. Started before the component opens, and after the clock, if there is one.
pub(crate) struct Ledger(JsLedger);

impl Ledger {
    pub(crate) fn start() -> Self {
        let ledger = JsLedger::new();
        ledger.start();
        Self(ledger)
    }

    /// Their names, sorted.
    pub(crate) fn live(&self) -> Vec<String> {
        self.0.live().iter().map(|name| name.as_string().unwrap()).collect()
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.0.stop();
    }
}

//! A clock that a test moves.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/browser/support/clock.js")]
extern "C" {
    #[wasm_bindgen(js_name = Clock)]
    type JsClock;

    #[wasm_bindgen(constructor, js_class = "Clock")]
    fn new() -> JsClock;

    #[wasm_bindgen(method)]
    fn start(this: &JsClock);

    #[wasm_bindgen(method)]
    fn stop(this: &JsClock);

    #[wasm_bindgen(method)]
    fn advance(this: &JsClock, milliseconds: f64);

    #[wasm_bindgen(method, js_name = setSystemForward)]
    fn set_system_forward(this: &JsClock, milliseconds: f64);

    #[wasm_bindgen(js_name = stopClock)]
    pub(super) fn stop_clock();
}

/// The page's timers and clocks, from now until this is dropped.
pub(crate) struct Clock(JsClock);

impl Clock {
    pub(crate) fn start() -> Self {
        let clock = JsClock::new();
        clock.start();
        Self(clock)
    }

    /// Lets time pass. Timers that become due run before this returns.
    pub(crate) fn advance(&self, milliseconds: u32) {
        self.0.advance(f64::from(milliseconds));
    }

    /// Sets the system's clock forward, or back.
    pub(crate) fn set_system_forward(&self, milliseconds: f64) {
        self.0.set_system_forward(milliseconds);
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.0.stop();
    }
}

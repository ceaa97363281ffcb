//! The JavaScript that must still work when this module has trapped: `js/src/guard.ts`.

use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Element};

#[wasm_bindgen]
extern "C" {
    /// The JavaScript side of one instance.
    #[derive(Clone)]
    pub type HostFunctions;

    /// Calls [`crate::Checkout::drain`] inside of a `try`. A listener, a timer or a promise has no
    /// `try` around it, so that a trap in it would be lost: each of them queues its input and calls
    /// this.
    #[wasm_bindgen(method)]
    pub(crate) fn drain(this: &HostFunctions);

    /// The component is in the page: after a trap this element is removed, and a page that the
    /// component covers gets its scrolling back.
    #[wasm_bindgen(method)]
    pub(crate) fn mounted(this: &HostFunctions, host: &Element, covers_page: bool);

    /// The signal that ends a request: the one `AbortController` is JavaScript's. `undefined` on
    /// engines without.
    #[wasm_bindgen(method)]
    pub(crate) fn signal(this: &HostFunctions) -> Option<AbortSignal>;

    /// Aborts what listens to the signal.
    #[wasm_bindgen(method)]
    pub(crate) fn abort(this: &HostFunctions);
}

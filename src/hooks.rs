//! What others do for the shell: the class in `js/src/bridge.ts`.

use kassa_core::machine::{Ticket, Verdict};
use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// The bridge. Its methods catch what the merchant's callbacks throw, so nothing ever unwinds
    /// through here. Those that only do something may run the merchant's code, which may call back
    /// into the shell.
    pub type Hooks;

    /// `onEventCallback`, and `onError`; the event is JSON.
    #[wasm_bindgen(method)]
    pub fn event(this: &Hooks, event: &str, is_error: bool);

    /// Settles a promise: rejects with the code when `good` is false and there is one.
    #[wasm_bindgen(method)]
    fn settle(this: &Hooks, ticket: u32, good: bool, code: &str, message: &str);

    /// `onLog`.
    #[wasm_bindgen(method)]
    pub fn log(this: &Hooks, code: &str, message: &str);

    /// `onClose`.
    #[wasm_bindgen(method)]
    pub fn closed(this: &Hooks);

    /// The object whose JSON is in base64, if it is one.
    #[wasm_bindgen(method)]
    pub fn decoded(this: &Hooks, encoded: &str) -> JsValue;

    /// Sends a call; headers are JSON. `Kassa::answered` hears of it.
    #[wasm_bindgen(method)]
    pub fn call(this: &Hooks, id: u32, url: &str, headers: &str, body: &str, credentials: bool);

    /// Stops waiting for a call.
    #[wasm_bindgen(method)]
    pub fn abort(this: &Hooks, id: u32);

    /// Starts a timer, milliseconds. `Kassa::fired` hears of it.
    #[wasm_bindgen(method)]
    pub fn timer(this: &Hooks, id: u32, after: u32);

    /// Stops a timer.
    #[wasm_bindgen(method)]
    pub fn cancel(this: &Hooks, id: u32);

    /// Sends the page elsewhere; false when the browser refuses.
    #[wasm_bindgen(method)]
    pub fn navigate(this: &Hooks, address: &str) -> bool;

    /// Asks `onBeforeSubmit`. `Kassa::guarded` hears of its answer.
    #[wasm_bindgen(method)]
    pub fn guard(this: &Hooks, question: u32, method: &str);

    /// `onPaymentMethodSelected`.
    #[wasm_bindgen(method)]
    pub fn selected(this: &Hooks, method: &str);

    /// Draws a picture, which is JSON, into a container or over the page.
    #[wasm_bindgen(method)]
    pub fn draw(this: &Hooks, picture: &str, container: Option<&Element>);

    /// Loads the card form and shakes hands with it. `Kassa::heard` hears of it.
    #[wasm_bindgen(method)]
    pub fn open_frame(this: &Hooks, id: u32, address: &str, title: &str);

    /// Loads the desk and has it draw a form of these elements, which are JSON. `Kassa::heard` hears
    /// of it.
    #[wasm_bindgen(method)]
    pub fn open_form(this: &Hooks, id: u32, elements: &str);

    /// Loads a page of 3DS in a frame of this size. `Kassa::heard` hears when it is done.
    #[wasm_bindgen(method)]
    pub fn open_window(this: &Hooks, id: u32, address: &str, size: &str);

    /// Removes that frame.
    #[wasm_bindgen(method)]
    pub fn close_window(this: &Hooks);

    /// Says something, which is JSON, to the form: at once, or when it can hear.
    #[wasm_bindgen(method)]
    pub fn send(this: &Hooks, packet: &str);

    /// Removes all that is in the page.
    #[wasm_bindgen(method)]
    pub fn teardown(this: &Hooks);
}

impl Hooks {
    pub(crate) fn verdict(&self, ticket: Ticket, verdict: &Verdict) {
        let (good, code, message) = match verdict {
            Verdict::Checked { valid } => (*valid, "", ""),
            Verdict::Opened => (true, "", ""),
            Verdict::Refused { code, message } => (false, code.name(), message.as_str()),
            Verdict::Submitted { code, message } => (true, code.name(), message.as_str()),
        };
        self.settle(ticket.0, good, code, message);
    }
}

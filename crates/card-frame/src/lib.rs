//! The hosted card form: one document on the gateway's own origin, in an iframe of the merchant's
//! page.
//!
//! * [`handshake`] meets the page, once, and gets a message port from it;
//! * [`form`] is what the buyer sees: it obeys [`ToFrame`](kassa_core::frame::ToFrame) and answers
//!   with [`FromFrame`](kassa_core::frame::FromFrame);
//! * [`field`] is one of its inputs;
//! * [`exchange`] turns a card into a one-time token, on this document's own origin;
//! * [`texts`] has the words.
//!
//! *Architecture invariant:* the rules about cards are in [`kassa_core::card`]; an `if` about cards
//! in here is in the wrong room.
//!
//! *Architecture invariant:* a card number or security code leaves this document in exactly one
//! way, the request of [`exchange`]. It is in no message, no log, no storage and no URL.
//!
//! *Architecture invariant:* no `RefCell` is borrowed while JavaScript runs that may call back:
//! `focus()` runs the blur handler before it returns.

pub mod exchange;
pub mod field;
pub mod form;
pub mod handshake;
pub mod texts;

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use form::Form;
use handshake::Handshake;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

thread_local! {
    /// What lives as long as the document does.
    static ROOTS: RefCell<(Option<Handshake>, Option<Rc<Form>>)> = const { RefCell::new((None, None)) };
}

/// Runs the document: meets the page and then shows the form. Called once, by the loader.
#[wasm_bindgen]
pub fn start() {
    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    let parent = window.parent().ok().flatten();
    let Some(parent) = parent.filter(|p| !js_sys::Object::is(p, &window)) else {
        if let Some(line) = document.get_element_by_id("outside") {
            line.set_text_content(Some(texts::OUTSIDE));
        }
        return;
    };
    let hash = window.location().hash().unwrap_or_default();
    // Whoever framed us without saying who they are gets nothing, not even an error.
    let Some(origin) = handshake::merchant_origin(&hash) else { return };
    let met = Handshake::begin(&window, parent, origin, move |port| {
        let form = Form::open(&document, port);
        ROOTS.with_borrow_mut(|roots| roots.1 = form);
    });
    ROOTS.with_borrow_mut(|roots| roots.0 = Some(met));
}

/// The member `name` of any JavaScript value; `undefined` when there is none. Events that browsers
/// and password managers make up lack members that the types promise.
pub(crate) fn member(value: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A plain object with these members.
pub(crate) fn record<'a>(members: impl IntoIterator<Item = (&'a str, JsValue)>) -> js_sys::Object {
    let object = js_sys::Object::new();
    for (name, value) in members {
        // Setting a member of a plain object of our own cannot fail.
        let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), &value);
    }
    object.unchecked_into()
}

//! The hosted card form: one document on the gateway's own origin, in an iframe of the merchant's
//! page.
//!
//! * [`handshake`] meets the page, once, and gets a message port from it;
//! * [`form`] is what the buyer sees: it obeys [`ToFrame`](kassa_core::frame::ToFrame) and answers
//!   with [`FromFrame`](kassa_core::frame::FromFrame);
//! * [`field`] is one of its inputs;
//! * [`exchange`] turns a card into a one-time token, on this document's own origin;
//! * [`texts`] has the words, [`browser`] the few things we need of a browser.
//!
//! *Architecture invariant:* the rules about cards are in [`kassa_core::card`]; an `if` about cards
//! in here is in the wrong room.
//!
//! *Architecture invariant:* a card number or security code leaves this document in exactly one
//! way, the request of [`exchange`]. It is in no message, no log, no storage and no URL.
//!
//! *Architecture invariant:* no `RefCell` is borrowed while JavaScript runs that may call back:
//! `focus()` runs the blur handler before it returns.

pub mod browser;
pub mod exchange;
pub mod field;
pub mod form;
pub mod handshake;
pub mod texts;

use std::{cell::Cell, mem::ManuallyDrop, rc::Rc};

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{Document, Window};

use form::Form;
use handshake::Handshake;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

thread_local! {
    /// What lives as long as the document does. A thread that ends would have to drop it; ours
    /// does not end.
    static MEETING: ManuallyDrop<Cell<Option<Handshake>>> = const { ManuallyDrop::new(Cell::new(None)) };
    static FORM: ManuallyDrop<Cell<Option<Rc<Form>>>> = const { ManuallyDrop::new(Cell::new(None)) };
}

// `try_with` below: it cannot fail here, and `with` would link a panic with its text.

/// Runs the document: meets the page and then shows the form. Called once, by the loader.
#[wasm_bindgen]
pub fn start(window: Window) {
    let document: Document = browser::member(&window, "document").unchecked_into();
    let parent: Window = browser::member(&window, "parent").unchecked_into();
    if browser::same(&parent, &window) {
        let line: JsValue = browser::find(&document, "outside");
        browser::set_text(&line, "textContent", texts::OUTSIDE);
        return;
    }
    let hash = browser::text(&browser::member(&window, "location"), "hash");
    // Whoever framed us without saying who they are gets nothing, not even an error.
    let Some(origin) = handshake::merchant_origin(&hash) else { return };
    let home = window.clone();
    let meeting = Handshake::begin(&window, parent, origin, move |port| {
        let _ = FORM.try_with(|form| form.set(Some(Form::open(&home, &document, port))));
    });
    let _ = MEETING.try_with(|kept| kept.set(Some(meeting)));
}

//! The hosted card form: one document on the gateway's own origin, in an iframe of the merchant's
//! page.
//!
//! * [`handshake`] finds the merchant's page and receives a message port from it, once;
//! * [`form`] is the form: it serves the page through that port, and the buyer;
//! * [`field`] is one of its inputs;
//! * [`exchange`] exchanges a card for a one-time token; [`request`] is a request on this document's own
//!   origin;
//! * [`texts`] has the texts that the buyer reads.
//!
//! *Architecture invariant:* the rules about cards are in [`kassa_core::card`]. This crate has none.
//!
//! *Architecture invariant:* a PAN or a CVC leaves this document in exactly one way, the request of
//! [`exchange`]. It is in no message, no log, no storage and no URL, and nothing that holds one
//! prints it.
//!
//! *Architecture invariant:* the form lives as long as its document, which the browser discards as a
//! whole. Its listeners are therefore never removed.
//!
//! *Architecture invariant:* state is in `Cell`s. Nothing is borrowed while JavaScript runs that may
//! call back: `focus()` runs the handlers of `focusout` before it returns.

mod dom;
pub mod exchange;
pub mod field;
pub mod form;
pub mod handshake;
mod request;
pub mod texts;

use kassa_dom::set_text;
use wasm_bindgen::UnwrapThrowExt;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{HtmlElement, Window};

use dom::{find, is_same};

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Runs the document: finds the merchant's page, then shows the form that the page requests. Called
/// once, by the loader.
#[wasm_bindgen]
pub fn start(window: Window) {
    let parent = window.parent().ok().flatten().filter(|parent| !is_same(parent, &window));
    let Some(parent) = parent else {
        // A buyer has opened the document by itself.
        let document = window.document().unwrap_throw();
        return set_text(&find::<HtmlElement>(&document, "outside"), texts::OUTSIDE);
    };
    let fragment = window.location().hash().unwrap_or_default();
    // A page that frames this document and does not name its origin gets no message at all.
    let Some(origin) = handshake::merchant_origin(&fragment) else { return };
    let home = window.clone();
    handshake::begin(&window, parent, origin, move |port| form::serve(home, port));
}

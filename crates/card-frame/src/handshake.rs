//! How frame and page meet.
//!
//! The page says its origin in our fragment; we say hello to that origin and to no other, and take
//! the port from the first answer that comes from it and from our parent's window. Whoever else
//! frames us learns nothing, and after the one answer nobody reaches us except through the port.

use std::{cell::Cell, rc::Rc};

use kassa_core::frame::{HELLO, WELCOME};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessagePort, Url, Window};

use crate::browser::{Hook, Listener, Timer, member, record, same, text};

/// How long the page may take to answer, in milliseconds. It listens before it loads us, so that
/// silence means that nobody is there; the page has its own time limit and says so to the buyer.
const PATIENCE: u32 = 10_000;

/// The meeting. Dropping it stops listening.
pub struct Handshake {
    _listener: Listener,
    _limit: Timer,
}

impl Handshake {
    /// Says hello and calls `meet` with the port, at most once.
    pub fn begin(
        window: &Window,
        parent: Window,
        origin: String,
        meet: impl FnOnce(MessagePort) + 'static,
    ) -> Self {
        let meet = Rc::new(Cell::new(Some(meet)));
        let hello = record(&[("t", HELLO)]);
        let (to, target) = (parent.clone(), origin.clone());
        let waiting = Rc::clone(&meet);
        let hear = Hook::new(move |event| {
            let Some(port) = welcome(&event, &parent, &origin) else { return };
            if let Some(meet) = meet.take() {
                meet(port);
            }
        });
        let listener = Listener::new(window, "message", hear);
        let limit = Timer::new(window, PATIENCE, Hook::new(move |_| drop(waiting.take())));
        // Fails only for a target origin that does not parse, and this one did.
        let _ = to.post_message(&hello, &target);
        Self { _listener: listener, _limit: limit }
    }
}

/// The page's origin, from the document's fragment. It must be exactly an `http` or `https` origin
/// as browsers write it, so that it can be compared as text.
#[must_use]
pub fn merchant_origin(hash: &str) -> Option<String> {
    let text = js_sys::decode_uri_component(hash.strip_prefix('#')?).ok()?.as_string()?;
    // A URL of another scheme, such as `blob:`, may have the same origin and is another text.
    let web = text.starts_with("https://") || text.starts_with("http://");
    let origin = member(Url::new(&text).ok()?.as_ref(), "origin");
    (web && origin == text).then_some(text)
}

/// The port that the page gives us, when the event is its welcome and nobody else's.
#[must_use]
pub fn welcome(event: &JsValue, parent: &Window, origin: &str) -> Option<MessagePort> {
    let from_parent = same(&member(event, "source"), parent);
    let says = member(&member(event, "data"), "t");
    if !from_parent || text(event, "origin") != origin || says != *WELCOME {
        return None;
    }
    let port = member(&member(event, "ports"), "0");
    port.is_object().then(|| port.unchecked_into())
}

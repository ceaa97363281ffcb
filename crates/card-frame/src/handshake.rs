//! The handshake with the merchant's page.
//!
//! The page names its origin in the fragment of this document's address. The frame posts
//! [`HELLO`] to that origin and to no other, and takes a message port from the first [`WELCOME`]
//! that comes from that origin and from the parent's window. A page of another origin that frames
//! this document receives nothing, and after the welcome no message reaches the form except through
//! the port. The frame waits for the welcome without a time limit: the page has one, and reports it
//! to the buyer.

use kassa_dom::{from_js, listen};
use kassa_protocol::frame::{HELLO, Handshake, WELCOME};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, MessagePort, Url, Window};

use crate::dom::to_js;

/// Posts the hello, and calls `connect` with the port of the welcome, at most once.
pub fn begin(
    window: &Window,
    parent: Window,
    origin: String,
    connect: impl FnOnce(MessagePort) + 'static,
) {
    let mut connect = Some(connect);
    let (page, target) = (parent.clone(), origin.clone());
    let on_message = move |event: &Event| {
        let Some(port) = welcome(event.unchecked_ref(), &page, &origin) else { return };
        if let Some(connect) = connect.take() {
            connect(port);
        }
    };
    listen(window, "message", on_message).forget();
    // Fails only for a target origin that does not parse, and `merchant_origin` parsed it.
    let _ = parent.post_message(&to_js(&Handshake(HELLO)), &target);
}

/// The page's origin, from the fragment of the document's address. It must be exactly an `http` or
/// `https` origin as browsers write it, so that it can be compared as text.
#[must_use]
pub fn merchant_origin(fragment: &str) -> Option<String> {
    let text = js_sys::decode_uri_component(fragment.strip_prefix('#')?).ok()?.as_string()?;
    // A URL of another scheme, such as `blob:`, may have the same origin and is another text.
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    (is_web && Url::new(&text).ok()?.origin() == text).then_some(text)
}

/// The port of a welcome, if the event is one from this parent window and this origin.
#[must_use]
pub fn welcome(event: &MessageEvent, parent: &Window, origin: &str) -> Option<MessagePort> {
    let is_welcome = event.source().map(JsValue::from).as_ref() == Some(parent.as_ref())
        && event.origin() == origin
        && from_js(event.data()) == Ok(Handshake(WELCOME));
    if !is_welcome {
        return None;
    }
    let port = event.ports().get(0);
    port.is_object().then(|| port.unchecked_into())
}

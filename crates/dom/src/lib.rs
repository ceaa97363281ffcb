//! What the SDK and the card frame share of the browser: building elements, listening to events,
//! and reading and writing JSON.
//!
//! *Architecture invariant:* text from anywhere reaches the DOM as text nodes or attribute values.
//! There is no `innerHTML`, no inline style and no inline handler, so that a strict
//! Content-Security-Policy and Trusted Types have nothing to report.

mod json;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, Node};

pub use json::{from_js, parse, to_js};

/// Creates an element. The tag and the attributes' names are constants of the caller, so creation
/// cannot fail; it throws if it does.
#[must_use]
pub fn element(document: &Document, tag: &str, attributes: &[(&str, &str)]) -> HtmlElement {
    let element: HtmlElement = document.create_element(tag).unwrap_throw().unchecked_into();
    for (name, value) in attributes {
        element.set_attribute(name, value).unwrap_throw();
    }
    element
}

/// Appends children in their order.
pub fn append<'a>(parent: &Node, children: impl IntoIterator<Item = &'a HtmlElement>) {
    for child in children {
        parent.append_child(child).unwrap_throw();
    }
}

/// Sets an attribute where it has another value: a screen reader may announce an attribute that is
/// set again.
pub fn set_attribute(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        element.set_attribute(name, value).unwrap_throw();
    }
}

/// Sets the text where it is another one: a live region announces a text that is set again.
pub fn set_text(element: &Node, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Hides or shows an element.
pub fn set_hidden(element: &HtmlElement, hidden: bool) {
    if element.hidden() != hidden {
        element.set_hidden(hidden);
    }
}

/// Listens until the listener is dropped. The handler may call `preventDefault`.
pub fn listen(
    target: &EventTarget,
    event: &'static str,
    handler: impl FnMut(&Event) + 'static,
) -> EventListener {
    // gloo's listeners are passive unless told.
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(target, event, options, handler)
}

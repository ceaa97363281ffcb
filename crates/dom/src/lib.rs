//! What the SDK and the card frame share of the browser: building elements, listening to events,
//! and reading and writing JSON.
//!
//! *Architecture invariant:* text from anywhere reaches the DOM as text nodes or attribute values.
//! There is no `innerHTML`, no inline style and no inline handler, so that a strict
//! Content-Security-Policy and Trusted Types have nothing to report.

mod json;
mod size;

use std::sync::atomic::{AtomicU32, Ordering};

use kassa_protocol::digits;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, Node, ShadowRoot};

pub use json::{from_js, member, parse, set_member, text, tree_to_js};
pub use size::SizeObserver;

/// Creates an element. The tag and the attributes' names are constants of the caller, so creation
/// cannot fail; it throws if it does.
#[must_use]
pub fn element(document: &Document, tag: &str, attributes: &[(&str, &str)]) -> HtmlElement {
    let element: HtmlElement = document.create_element(tag).unwrap_throw().unchecked_into();
    set_attributes(&element, attributes);
    element
}

/// Creates an element that contains a text.
#[must_use]
pub fn text_element(
    document: &Document,
    tag: &str,
    attributes: &[(&str, &str)],
    text: &str,
) -> HtmlElement {
    let element = element(document, tag, attributes);
    element.set_text_content(Some(text));
    element
}

/// An id that no other element of this program has: `prefix` and a number.
#[must_use]
pub fn unique_id(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    String::from(prefix) + &digits(count.into())
}

/// Appends children in their order.
pub fn append(parent: &Node, children: &[&Node]) {
    for child in children {
        parent.append_child(child).unwrap_throw();
    }
}

/// Sets attributes, see [`set_attribute`].
pub fn set_attributes(element: &Element, attributes: &[(&str, &str)]) {
    for (name, value) in attributes {
        set_attribute(element, name, value);
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

/// The focused element in the document or shadow tree of a node. The focus inside of a shadow tree
/// further down counts for its host.
#[must_use]
pub fn focused_element(node: &Node) -> Option<Element> {
    // A document has the same member. The root of elements that are nowhere has none.
    node.get_root_node().unchecked_into::<ShadowRoot>().active_element()
}

/// Listens until the listener is dropped. The handler may call `preventDefault`.
pub fn listen(
    target: &EventTarget,
    event: &'static str,
    handler: impl FnMut(&Event) + 'static,
) -> Listener {
    let handler = Handler::new(handler);
    let function = handler.as_ref().unchecked_ref();
    target.add_event_listener_with_callback(event, function).unwrap_throw();
    Listener { target: target.clone(), event, handler: Some(handler) }
}

/// A listener. Dropped, it is removed.
///
/// Not that of `gloo`, which gives the browser an object of options with a prototype: `signal` or
/// `once` of a page's `Object.prototype` would be one of them.
#[derive(Debug)]
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    handler: Option<Handler>,
}

type Handler = Closure<dyn FnMut(&Event)>;

impl Listener {
    /// Keeps the listener as long as its target.
    #[expect(clippy::disallowed_methods, reason = "of the card form, which lives as its document")]
    pub fn forget(mut self) {
        if let Some(handler) = self.handler.take() {
            handler.forget();
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(handler) = &self.handler {
            let function = handler.as_ref().unchecked_ref();
            // Fails for no listener and no name.
            let _ = self.target.remove_event_listener_with_callback(self.event, function);
        }
    }
}

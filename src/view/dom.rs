//! Small steps in the DOM. They do nothing where an element is already as it should be, so that
//! drawing the same picture again announces nothing again.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element};

/// An element with attributes. Never styles or handlers: a strict CSP refuses those.
pub(crate) fn element<T: JsCast>(
    document: &Document,
    tag: &str,
    attributes: &[(&str, &str)],
) -> Option<T> {
    let element = document.create_element(tag).ok()?;
    for (name, value) in attributes {
        element.set_attribute(name, value).ok()?;
    }
    Some(element.unchecked_into())
}

pub(crate) fn put_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

pub(crate) fn show(element: &Element, visible: bool) {
    if element.has_attribute("hidden") == visible {
        // Toggling an attribute with a valid name cannot fail.
        let _ = element.toggle_attribute_with_force("hidden", !visible);
    }
}

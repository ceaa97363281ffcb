//! The few things that all modules need of the browser.

use kassa_dom::tree_to_js;
use kassa_protocol::json::ToJson;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt};
use web_sys::{Document, HtmlElement};

/// The element of an id. Document and program are built and served together, so that it exists; this
/// throws if it does not.
pub(crate) fn find<T: JsCast>(document: &Document, id: &str) -> T {
    document.get_element_by_id(id).unwrap_throw().unchecked_into()
}

/// Focuses an element. Handlers of `focusout` run before this returns.
pub(crate) fn focus(element: &HtmlElement) {
    // An element that cannot be focused is left alone.
    let _ = element.focus();
}

/// Whether both are the same object.
pub(crate) fn is_same(one: &JsValue, other: &JsValue) -> bool {
    one == other
}

/// A message or a request as a JavaScript object.
pub(crate) fn to_js(value: &impl ToJson) -> JsValue {
    value.to_json().as_ref().map(tree_to_js).unwrap_or_default()
}

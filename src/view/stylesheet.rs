//! The component's style sheet, in the way that the page's Content-Security-Policy allows.

use js_sys::Array;
use kassa_dom::set_member;
use kassa_dom::{append, element, set_text};
use wasm_bindgen::JsValue;
use web_sys::{CssStyleSheet, Document, ShadowRoot};

const STYLE: &str = concat!(
    include_str!("component.css"),
    include_str!("fields/fields.css"),
    include_str!("codes/codes.css"),
);

/// Adds the style sheet to a shadow root.
pub(super) fn add_stylesheet(document: &Document, root: &ShadowRoot, nonce: Option<&str>) {
    if adopt(root).is_ok() {
        return;
    }
    // Engines without constructable style sheets.
    let style = match nonce {
        Some(nonce) => element(document, "style", &[("nonce", nonce)]),
        None => element(document, "style", &[]),
    };
    set_text(&style, STYLE);
    append(root, &[&style]);
}

fn adopt(root: &ShadowRoot) -> Result<(), JsValue> {
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(STYLE)?;
    set_member(root, "adoptedStyleSheets", &Array::of1(&sheet))
}

//! Style sheets, in the way that the page's Content-Security-Policy allows.

use js_sys::Array;
use kassa_dom::{append, element, member, set_member, set_text};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, Document, HtmlStyleElement, Node, ShadowRoot};

const STYLE: &str = concat!(
    include_str!("component.css"),
    include_str!("fields/fields.css"),
    include_str!("codes/codes.css"),
);

/// Adds the component's style sheet to a shadow root.
pub(super) fn add_stylesheet(document: &Document, root: &ShadowRoot, nonce: Option<&str>) {
    add(document, root, STYLE, nonce);
}

/// Keeps the page from scrolling while it is on. Dropped, it leaves the page as it is without it.
///
/// A style sheet of its own instead of the `overflow` of the page's elements: several components
/// may be open at once and end in any order, and the page may change its own `overflow` meanwhile.
pub(super) struct ScrollLock {
    document: Document,
    sheet: JsValue,
}

impl ScrollLock {
    /// A lock that is off.
    pub(super) fn new(document: &Document, nonce: Option<&str>) -> Self {
        let sheet = add(document, document, "html{overflow:hidden!important}", nonce);
        let lock = Self { document: document.clone(), sheet };
        lock.set(false);
        lock
    }

    pub(super) fn set(&self, is_on: bool) {
        let _ = set_member(&self.sheet, "disabled", &(!is_on).into());
    }

    /// The style sheet, or the element that it is in. Both have `disabled`.
    pub(super) fn sheet(&self) -> &JsValue {
        &self.sheet
    }
}

impl Drop for ScrollLock {
    fn drop(&mut self) {
        match self.sheet.dyn_ref::<HtmlStyleElement>() {
            Some(style) => style.remove(),
            None => drop(replace_adopted(&self.document, |sheet| *sheet != self.sheet, None)),
        }
    }
}

/// Adds a style sheet to a document or to a shadow root. Returns it, or the element that it is in.
fn add(document: &Document, root: &Node, css: &str, nonce: Option<&str>) -> JsValue {
    if let Ok(sheet) = adopt(root, css) {
        return sheet.into();
    }
    // Engines without constructable style sheets.
    let style = match nonce {
        Some(nonce) => element(document, "style", &[("nonce", nonce)]),
        None => element(document, "style", &[]),
    };
    set_text(&style, css);
    match document.head().filter(|_| root.is_instance_of::<Document>()) {
        Some(head) => append(&head, &[&style]),
        None => append(root, &[&style]),
    }
    style.into()
}

fn adopt(root: &Node, css: &str) -> Result<CssStyleSheet, JsValue> {
    let sheet = CssStyleSheet::new()?;
    sheet.replace_sync(css)?;
    replace_adopted(root, |_| true, Some(&sheet))?;
    Ok(sheet)
}

/// Gives a document or a shadow root those of its style sheets that are kept, and one more.
fn replace_adopted(
    root: &Node,
    is_kept: impl Fn(&JsValue) -> bool,
    added: Option<&CssStyleSheet>,
) -> Result<(), JsValue> {
    let name = "adoptedStyleSheets";
    let before: Array = member(root, name)?.unchecked_into();
    let sheets = Array::new();
    for at in 0..before.length() {
        let sheet = before.get(at);
        if is_kept(&sheet) {
            sheets.set(sheets.length(), sheet);
        }
    }
    if let Some(sheet) = added {
        sheets.set(sheets.length(), sheet.into());
    }
    set_member(root, name, &sheets)
}

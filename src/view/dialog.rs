//! The component over the page: top layer, focus, and the page's scrolling.

use std::cell::{Cell, RefCell};

use kassa_dom::set_attribute;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleDeclaration, Document, Element, HtmlDialogElement, HtmlElement};

/// Both axes: a page may have set them apart.
const OVERFLOW: [&str; 2] = ["overflow-x", "overflow-y"];

/// A `<dialog>`. Engines that have the element keep the focus inside, make the page behind it inert
/// and draw it above everything; for engines that only parse its name it is a positioned box with
/// the role of a dialog.
pub(super) struct Dialog {
    document: Document,
    dialog: HtmlDialogElement,
    is_native: bool,
    is_shown: Cell<bool>,
    /// The element that had the focus before.
    focused: RefCell<Option<Element>>,
    /// The page's own `overflow`.
    overflow: RefCell<[String; 2]>,
}

impl Dialog {
    pub(super) fn new(document: &Document, panel: &HtmlElement) -> Self {
        let show_modal = kassa_dom::member(panel, "showModal").unwrap_or_default();
        let is_native = show_modal.is_function();
        if !is_native {
            set_attribute(panel, "role", "dialog");
            set_attribute(panel, "aria-modal", "true");
        }
        Self {
            document: document.clone(),
            dialog: panel.clone().unchecked_into(),
            is_native,
            is_shown: Cell::default(),
            focused: RefCell::default(),
            overflow: RefCell::default(),
        }
    }

    pub(super) fn set_shown(&self, shown: bool) {
        // An engine may close a dialog on its own when Escape is pressed twice.
        let was_shown = self.is_shown.replace(shown);
        let was_lost = was_shown && self.is_native && !self.dialog.has_attribute("open");
        match (shown, was_shown) {
            (true, true) if was_lost => self.show(),
            (true, false) => {
                self.focused.replace(self.document.active_element());
                self.lock_scrolling();
                self.show();
            }
            (false, true) => self.hide(),
            (true, true) | (false, false) => {}
        }
    }

    fn show(&self) {
        if self.dialog.show_modal().is_err() {
            // Without the method, or taken out of the page by a script that emptied it.
            set_attribute(&self.dialog, "open", "");
        }
        focus(&self.dialog);
    }

    fn hide(&self) {
        self.unlock_scrolling();
        if self.is_native {
            self.dialog.close();
        } else {
            // Removing an attribute does not throw.
            let _ = self.dialog.remove_attribute("open");
        }
        if let Some(focused) = self.focused.take() {
            focus(&focused);
        }
    }

    fn lock_scrolling(&self) {
        let Some(page) = self.page_style() else { return };
        let before = OVERFLOW.map(|name| page.get_property_value(name).unwrap_or_default());
        self.overflow.replace(before);
        for name in OVERFLOW {
            let _ = page.set_property(name, "hidden");
        }
    }

    fn unlock_scrolling(&self) {
        let Some(page) = self.page_style() else { return };
        for (name, value) in OVERFLOW.into_iter().zip(self.overflow.take()) {
            let _ = page.set_property(name, &value);
        }
    }

    fn page_style(&self) -> Option<CssStyleDeclaration> {
        let root: HtmlElement = self.document.document_element()?.unchecked_into();
        Some(root.style())
    }
}

/// Focuses an element. One that had the focus may have no `focus` method, or be gone.
pub(super) fn focus(element: &Element) {
    let element: &HtmlElement = element.unchecked_ref();
    let _: Result<(), JsValue> = element.focus();
}

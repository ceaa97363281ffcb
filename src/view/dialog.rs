//! The component over the page: top layer, focus, and the page's scrolling.

use std::cell::{Cell, RefCell};

use kassa_dom::set_attribute;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlDialogElement, HtmlElement};

use super::focus::{focus, focused_in};
use super::stylesheet::ScrollLock;

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
    scroll_lock: ScrollLock,
}

impl Dialog {
    pub(super) fn new(document: &Document, panel: &HtmlElement, nonce: Option<&str>) -> Self {
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
            scroll_lock: ScrollLock::new(document, nonce),
        }
    }

    /// The style sheet that keeps the page from scrolling.
    pub(super) fn scroll_lock(&self) -> &JsValue {
        self.scroll_lock.sheet()
    }

    pub(super) fn set_shown(&self, shown: bool) {
        let was_shown = self.is_shown.replace(shown);
        match (shown, was_shown) {
            (true, true) if self.is_lost() => self.show(),
            (true, false) => {
                self.focused.replace(focused_in(&self.document));
                self.scroll_lock.set(true);
                self.show();
            }
            (false, true) => self.hide(),
            (true, true) | (false, false) => {}
        }
    }

    /// Whether the dialog is no longer above the page. An engine may close it on its own when Escape
    /// is pressed twice, and a dialog that the page's own code moves leaves the top layer.
    fn is_lost(&self) -> bool {
        // Engines that have no `:modal` throw.
        self.is_native && !self.dialog.matches(":modal").unwrap_or_else(|_| self.dialog.open())
    }

    fn show(&self) {
        // One that is open and not modal cannot become modal.
        let _ = self.dialog.remove_attribute("open");
        if self.dialog.show_modal().is_err() {
            // Without the method, or taken out of the page by a script that emptied it.
            set_attribute(&self.dialog, "open", "");
        }
        focus(&self.dialog);
    }

    fn hide(&self) {
        self.scroll_lock.set(false);
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
}

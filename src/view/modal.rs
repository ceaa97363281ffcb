//! Being over the page: the top layer, the focus, and the page's scrolling.

use std::cell::{Cell, RefCell};

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlDialogElement, HtmlElement};

/// A `<dialog>`. Browsers that have the element keep focus inside, make the page behind it inert
/// and draw it above everything; for those that only know its name it is a positioned box with
/// the role of a dialog.
pub(crate) struct Modal {
    document: Document,
    dialog: HtmlDialogElement,
    native: bool,
    shown: Cell<bool>,
    /// What had the focus before, to give it back.
    focused: RefCell<Option<HtmlElement>>,
    /// The page's own `overflow`, to give it back as it was.
    overflow: RefCell<String>,
}

impl Modal {
    pub(crate) fn new(document: &Document, panel: &HtmlElement) -> Self {
        let native = Reflect::get(panel, &"showModal".into()).is_ok_and(|f| f.is_function());
        if !native {
            let _ = panel.set_attribute("role", "dialog");
            let _ = panel.set_attribute("aria-modal", "true");
        }
        Self {
            document: document.clone(),
            dialog: panel.clone().unchecked_into(),
            native,
            shown: Cell::new(false),
            focused: RefCell::default(),
            overflow: RefCell::default(),
        }
    }

    pub(crate) fn show(&self, visible: bool) {
        let shown = self.shown.replace(visible);
        // A browser may close a dialog on its own when Escape is pressed twice.
        let lost = shown && visible && self.native && !self.dialog.open();
        if shown == visible && !lost {
            return;
        }
        let page = self.document.document_element().and_then(|e| e.dyn_into::<HtmlElement>().ok());
        if visible {
            if !lost {
                let focused = self.document.active_element().and_then(|e| e.dyn_into().ok());
                self.focused.replace(focused);
                if let Some(page) = &page {
                    let style = page.style();
                    self.overflow.replace(style.get_property_value("overflow").unwrap_or_default());
                    let _ = style.set_property("overflow", "hidden");
                }
            }
            if !self.native || self.dialog.show_modal().is_err() {
                let _ = self.dialog.set_attribute("open", "");
            }
            let _ = self.dialog.focus();
        } else {
            if let Some(page) = &page {
                let _ = page.style().set_property("overflow", &self.overflow.borrow());
            }
            if self.native {
                self.dialog.close();
            } else {
                let _ = self.dialog.remove_attribute("open");
            }
            let focused = self.focused.take();
            if let Some(focused) = focused {
                let _ = focused.focus();
            }
        }
    }
}

//! One input of the form with its error.

use std::cell::Cell;

use kassa_core::card::{
    Change, Cvc, Edited, Expiry, Holder, Month, Pan, Shown, digits, type_code, type_expiry,
    type_number,
};
use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlInputElement};

use crate::{
    browser::{count, find, member, same, set_attribute, set_text, text},
    form::Context,
    texts,
};

/// Which of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The card number.
    Number,
    /// The expiry date.
    Expiry,
    /// The security code.
    Cvc,
    /// The name on the card.
    Holder,
}

/// An input and what belongs to it.
pub struct Field {
    /// Which one.
    pub kind: Kind,
    /// The element.
    pub input: HtmlInputElement,
    /// The input with its label and its error.
    pub whole: Element,
    /// The permanent container of the error's text.
    error: Element,
    /// What the input showed after the last edit, to tell what the next one did.
    shown: Cell<String>,
    /// Whether the buyer has edited it: an untouched field is not wrong yet.
    touched: Cell<bool>,
}

impl Field {
    /// Finds the field in the document and labels it.
    pub fn find(document: &Document, kind: Kind) -> Self {
        let (id, label) = match kind {
            Kind::Number => ("number", texts::NUMBER),
            Kind::Expiry => ("expiry", texts::EXPIRY),
            Kind::Cvc => ("cvc", texts::CVC),
            Kind::Holder => ("holder", texts::HOLDER),
        };
        let part = |suffix: &str| -> Element {
            let mut name = String::from(id);
            name.push_str(suffix);
            find(document, &name)
        };
        set_text(&part("-label"), "textContent", label);
        Self {
            kind,
            input: find(document, id),
            whole: part("-field"),
            error: part("-error"),
            shown: Cell::default(),
            touched: Cell::new(false),
        }
    }

    /// Takes an edit: shapes what the input shows and keeps the caret where the buyer put it.
    pub fn edit(&self, event: &JsValue) {
        self.touched.set(true);
        let text = self.text();
        let caret = count(&self.input, "selectionEnd").map_or(text.len(), |c| c as usize);
        let before = self.shown.take();
        let edited = Edited { before: &before, text: &text, caret, change: change(event) };
        let shown = match self.kind {
            Kind::Number => type_number(&edited),
            Kind::Expiry => type_expiry(&edited),
            Kind::Cvc => type_code(&edited),
            Kind::Holder => Shown { text: text.clone(), caret },
        };
        if shown.text != text {
            self.show(&shown.text, Some(shown.caret));
        }
        self.shown.set(shown.text);
    }

    /// The text now.
    #[must_use]
    pub fn text(&self) -> String {
        text(&self.input, "value")
    }

    /// Whether the input shows something else than after its last edit: filled in without an event
    /// that says so.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        let shown = self.shown.take();
        let stale = shown != self.text();
        self.shown.set(shown);
        stale
    }

    /// Whether the buyer has edited it.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        self.touched.get()
    }

    /// Whether an error is shown.
    #[must_use]
    pub fn has_fault(&self) -> bool {
        !text(&self.error, "textContent").is_empty()
    }

    /// What is wrong with the text.
    #[must_use]
    pub fn fault(&self, context: &Context) -> Option<&'static str> {
        let text = self.text();
        match self.kind {
            Kind::Number => Pan::parse(&text).err().map(texts::number),
            Kind::Expiry => Expiry::parse(&text, context.now).err().map(texts::expiry),
            Kind::Cvc => {
                Cvc::parse(&text, context.brand).err().map(|e| texts::cvc(e, context.brand))
            }
            Kind::Holder => Holder::parse(&text).err().map(texts::holder),
        }
    }

    /// Shows what is wrong, or that nothing is.
    pub fn show_fault(&self, fault: Option<&str>) {
        self.touched.set(self.touched.get() || fault.is_some());
        // Writing the same text again would make a screen reader say it again.
        let fault_text = fault.unwrap_or_default();
        if text(&self.error, "textContent") != fault_text {
            set_text(&self.error, "textContent", fault_text);
        }
        let invalid = if fault.is_some() { "true" } else { "false" };
        set_attribute(&self.input, "aria-invalid", invalid);
    }

    /// Writes a finished date the way it is shown everywhere: `MM/YY`.
    pub fn finish(&self, now: Month) {
        if self.kind != Kind::Expiry {
            return;
        }
        let Ok(expiry) = Expiry::parse(&self.text(), now) else { return };
        let text = String::from(expiry);
        if text != self.text() {
            self.show(&text, None);
            self.shown.set(text);
        }
    }

    /// Empties the field and forgets what it was.
    pub fn forget(&self) {
        set_text(&self.input, "value", "");
        self.shown.take();
        self.touched.set(false);
        self.show_fault(None);
    }

    fn show(&self, text: &str, caret: Option<usize>) {
        set_text(&self.input, "value", text);
        // Elsewhere than in the active element, setting the selection steals the focus in WebKit.
        let active = member(&member(&self.input, "ownerDocument"), "activeElement");
        let is_active = same(&active, &self.input);
        if let Some(caret) = caret.and_then(|c| u32::try_from(c).ok()).filter(|_| is_active) {
            let _ = self.input.set_selection_range(caret, caret);
        }
    }
}

/// How the text changed, from `InputEvent.inputType` (W3C Input Events, section 4.1.2). Events that
/// autofill makes up have none.
fn change(event: &JsValue) -> Change {
    let input_type = text(event, "inputType");
    match input_type.strip_prefix("delete") {
        Some(rest) if rest.ends_with("Forward") => Change::DeletedForward,
        Some(_) => Change::DeletedBack,
        None => Change::Entered,
    }
}

/// The digits that tell a card's brand.
#[must_use]
pub fn number_digits(field: &Field) -> String {
    digits(&field.text())
}

//! One field of a form with its label and its error.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use kassa_core::card::{Change, Edited};
use kassa_core::form::{FieldFault, FieldKind, FieldRules};
use kassa_core::text::{Language, Text};
use kassa_dom::{append, element, focused_element, set_attribute, set_text, text_element};
use kassa_protocol::client::Element as PaymentElement;
use wasm_bindgen::UnwrapThrowExt;
use web_sys::{Document, HtmlElement, HtmlInputElement};

use super::control::Control;

/// A field. Which values are right is decided by [`FieldRules`].
pub(super) struct Field {
    pub(super) root: HtmlElement,
    pub(super) control: Control,
    view: PaymentElement,
    /// The last day that is not in the future, or empty.
    today: String,
    language: Rc<Language<Text>>,
    error: HtmlElement,
    /// What the control showed after the last edit. It is what the next edit is compared with, and
    /// what an edit of a locked control goes back to.
    shown: RefCell<String>,
    /// Whether the buyer has edited it: an empty field that was never used has no error yet.
    is_touched: Cell<bool>,
    has_error: Cell<bool>,
}

impl Field {
    /// Builds the field of a payment element. `id` becomes the id of its control.
    pub(super) fn new(
        document: &Document,
        view: PaymentElement,
        id: &str,
        today: &str,
        language: &Rc<Language<Text>>,
    ) -> Self {
        let kind = FieldKind::from(&view);
        let name = view.title.as_deref().unwrap_or(language.text(kind.label()));
        let mut error_id = String::from(id);
        error_id.push_str("-error");
        let error = element(document, "p", &[("class", "error"), ("aria-live", "polite")]);
        set_attribute(&error, "id", &error_id);
        let label = text_element(document, "label", &[], name);
        set_attribute(&label, "for", id);
        let control = Control::new(document, &view, id, name, language);
        if kind == FieldKind::Date && !today.is_empty() {
            set_attribute(control.element(), "max", today);
        }
        set_attribute(control.element(), "name", &view.payment_element_key);
        set_attribute(control.element(), "aria-describedby", &error_id);
        let is_consent = kind == FieldKind::Consent;
        if view.element_mandatory {
            set_attribute(control.element(), "aria-required", "true");
        } else if !is_consent {
            let mut optional = String::from(" ");
            optional.push_str(language.text(Text::Optional));
            append(&label, &[&text_element(document, "span", &[("class", "optional")], &optional)]);
        }
        let class = if is_consent { "field consent" } else { "field" };
        let root = element(document, "div", &[("class", class)]);
        // A checkbox precedes its label.
        if is_consent {
            append(&root, &[control.element(), &label]);
        } else {
            append(&root, &[&label, control.element()]);
        }
        if let Control::Search(search) = &control {
            append(&root, &[&search.list, &search.status]);
        }
        append(&root, &[&error]);
        if let Some(value) = view.default_value.as_deref() {
            let entered = Edited { before: "", text: value, caret: 0, change: Change::Entered };
            match &control {
                Control::Text(_) => control.fill(&kind.shape(&entered).text),
                Control::Checkbox(_)
                | Control::Date(_)
                | Control::Search(_)
                | Control::Select(_) => control.fill(value),
            }
        }
        let shown = RefCell::new(control.shown());
        let (is_touched, has_error) = (Cell::new(false), Cell::new(false));
        let today = today.to_owned();
        let language = Rc::clone(language);
        Self { root, control, view, today, language, error, shown, is_touched, has_error }
    }

    /// The member of the request that the value becomes.
    pub(super) fn key(&self) -> &str {
        &self.view.payment_element_key
    }

    /// The control was edited: shapes a text, with the caret where the buyer put it.
    pub(super) fn on_edit(&self, change: Change) {
        self.is_touched.set(true);
        match &self.control {
            Control::Search(search) => search.on_edit(),
            Control::Text(input) => self.shape(input, change),
            Control::Checkbox(_) | Control::Date(_) | Control::Select(_) => {}
        }
        self.keep();
    }

    /// The buyer left the field.
    pub(super) fn on_leave(&self) {
        if let Control::Search(search) = &self.control {
            search.close();
        }
        self.keep();
        if self.is_touched.get() {
            self.show(self.read().err());
        }
    }

    /// Undoes an edit of a locked control.
    pub(super) fn restore(&self) {
        if self.control.is_locked_by_form() {
            let shown = self.shown.borrow().clone();
            self.control.fill(&shown);
        }
    }

    /// The value as it is sent; empty for none.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(&self) -> Result<String, FieldFault> {
        if self.control.is_unfinished() {
            return Err(FieldFault::Malformed);
        }
        FieldRules::of(&self.view, &self.today).read(&self.control.value())
    }

    /// Shows what is wrong, or that nothing is.
    pub(super) fn show(&self, fault: Option<FieldFault>) {
        let message = fault.map(|fault| self.message(fault)).unwrap_or_default();
        self.has_error.set(fault.is_some());
        if fault.is_some() {
            self.is_touched.set(true);
        }
        set_text(&self.error, &message);
        let is_invalid = if fault.is_some() { "true" } else { "false" };
        set_attribute(self.control.element(), "aria-invalid", is_invalid);
    }

    /// Takes an error back that no longer holds. New errors wait until the buyer leaves the field.
    pub(super) fn clear_error(&self) {
        if self.has_error.get() && self.read().is_ok() {
            self.show(None);
        }
    }

    fn message(&self, fault: FieldFault) -> String {
        match self.view.param_illegal_text.as_deref() {
            // The gateway's text is about wrong values, not about none.
            Some(text) if fault != FieldFault::Missing => String::from(text),
            Some(_) | None => FieldRules::of(&self.view, "").message(fault, &self.language),
        }
    }

    fn shape(&self, input: &HtmlInputElement, change: Change) {
        let text = input.value();
        // Bytes are never fewer than UTF-16 code units: the end of the text.
        let end = text.len();
        let caret = input.selection_end().ok().flatten().map_or(end, |caret| caret as usize);
        let before = self.shown.take();
        let edited = Edited { before: &before, text: &text, caret, change };
        let shaped = FieldKind::from(&self.view).shape(&edited);
        if shaped.text == text {
            return;
        }
        input.set_value(&shaped.text);
        // WebKit moves the focus to an input whose selection is set.
        if focused_element(input).is_some_and(|focused| focused == ***input) {
            let caret = u32::try_from(shaped.caret).unwrap_or(u32::MAX);
            input.set_selection_range(caret, caret).unwrap_throw();
        }
    }

    fn keep(&self) {
        self.shown.replace(self.control.shown());
    }
}

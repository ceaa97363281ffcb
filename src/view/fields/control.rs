//! The element that holds the value of a field.

use std::rc::Rc;

use kassa_core::form::{FieldKind, Input};
use kassa_core::text::{Language, Text};
use kassa_dom::{append, element, set_attribute, text_element};
use kassa_protocol::client::Element as PaymentElement;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::search::Search;

/// Up to how many options a list of banks is one without a search.
const FEW: usize = 10;

/// The control of a field, by how it is read, filled and locked.
pub(super) enum Control {
    /// A consent.
    Checkbox(HtmlInputElement),
    /// A date, in engines with an input for dates.
    Date(HtmlInputElement),
    /// One of many options.
    Search(Search),
    /// One of few options.
    Select(HtmlSelectElement),
    /// Any other value, with a caret.
    Text(HtmlInputElement),
}

impl Control {
    /// Builds the control of a payment element. `name` is the name of the field for the buyer.
    pub(super) fn new(
        document: &Document,
        view: &PaymentElement,
        id: &str,
        name: &str,
        language: &Rc<Language<Text>>,
    ) -> Self {
        let kind = FieldKind::from(view);
        if kind == FieldKind::Select || (kind == FieldKind::Bank && view.options.len() <= FEW) {
            return Self::Select(select(document, view, id));
        }
        let input = input(document, view, kind, id);
        match kind {
            FieldKind::Bank => {
                Self::Search(Search::new(document, input, &view.options, name, language))
            }
            FieldKind::Consent => Self::Checkbox(input),
            // The type of an input is `text` where an engine does not know the one that was set.
            FieldKind::Date if input.type_() == "date" => Self::Date(input),
            FieldKind::Blik
            | FieldKind::Cpf
            | FieldKind::Date
            | FieldKind::Email
            | FieldKind::Name
            | FieldKind::Number
            | FieldKind::Phone
            | FieldKind::Select
            | FieldKind::Text => Self::Text(input),
        }
    }

    /// The element that has the focus when the field is used.
    pub(super) fn element(&self) -> &HtmlElement {
        match self {
            Self::Checkbox(input) | Self::Date(input) | Self::Text(input) => input,
            Self::Search(search) => &search.input,
            Self::Select(select) => select,
        }
    }

    /// The value as the rules of the field read it.
    pub(super) fn value(&self) -> String {
        match self {
            Self::Checkbox(_) | Self::Date(_) | Self::Select(_) | Self::Text(_) => self.shown(),
            Self::Search(search) => search.value(),
        }
    }

    /// What the control shows; of a checkbox, `true` or `false`.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Checkbox(input) => String::from(if input.checked() { "true" } else { "false" }),
            Self::Date(input) | Self::Text(input) => input.value(),
            Self::Search(search) => search.input.value(),
            Self::Select(select) => select.value(),
        }
    }

    /// Shows a value.
    pub(super) fn fill(&self, value: &str) {
        match self {
            Self::Checkbox(input) => input.set_checked(value == "true"),
            Self::Date(input) | Self::Text(input) => input.set_value(value),
            Self::Search(search) => search.fill(value),
            Self::Select(select) => select.set_value(value),
        }
    }

    /// Whether the buyer has begun a date that is none yet. Its value is empty.
    pub(super) fn is_unfinished(&self) -> bool {
        matches!(self, Self::Date(input) if input.validity().bad_input())
    }

    /// Locks or unlocks the control. It keeps the focus, which `disabled` would take away. What
    /// cannot be read-only is only marked here: see [`Self::is_locked_by_form`].
    pub(super) fn set_locked(&self, is_locked: bool) {
        match self {
            Self::Checkbox(_) | Self::Date(_) | Self::Select(_) => {
                let is_locked = if is_locked { "true" } else { "false" };
                set_attribute(self.element(), "aria-disabled", is_locked);
            }
            Self::Search(search) => search.set_locked(is_locked),
            Self::Text(input) => input.set_read_only(is_locked),
        }
    }

    /// Whether the form has to prevent keys and to undo changes while the control is locked.
    /// Checkboxes and lists cannot be read-only; a read-only date is not validated (HTML, section
    /// "Barred from constraint validation").
    pub(super) fn is_locked_by_form(&self) -> bool {
        match self {
            Self::Checkbox(_) | Self::Date(_) | Self::Select(_) => true,
            Self::Search(_) | Self::Text(_) => false,
        }
    }

    /// Whether Enter has a meaning in the control itself.
    pub(super) fn uses_enter(&self) -> bool {
        matches!(self, Self::Select(_))
    }
}

fn select(document: &Document, view: &PaymentElement, id: &str) -> HtmlSelectElement {
    let select = element(document, "select", &[("id", id)]);
    // The ellipsis keeps the first option from being an empty line.
    let first = view.default_text.as_deref().unwrap_or("\u{2026}");
    append(&select, &[&text_element(document, "option", &[("value", "")], first)]);
    for option in &view.options {
        let attributes = [("value", option.value.as_str())];
        append(&select, &[&text_element(document, "option", &attributes, &option.text)]);
    }
    select.unchecked_into()
}

fn input(
    document: &Document,
    view: &PaymentElement,
    kind: FieldKind,
    id: &str,
) -> HtmlInputElement {
    let Input { element: type_, mode, autocomplete } = kind.input(&view.payment_element_key);
    let attributes =
        [("id", id), ("type", type_), ("autocomplete", autocomplete), ("spellcheck", "false")];
    let input = element(document, "input", &attributes);
    if !mode.is_empty() {
        let capitals = if kind == FieldKind::Name { "words" } else { "off" };
        set_attribute(&input, "inputmode", mode);
        set_attribute(&input, "autocapitalize", capitals);
        if let Some(text) = view.default_text.as_deref() {
            set_attribute(&input, "placeholder", text);
        }
    }
    if is_left_to_right(kind) {
        set_attribute(&input, "dir", "ltr");
    }
    input.unchecked_into()
}

/// Whether values of a kind are written from left to right in every script.
fn is_left_to_right(kind: FieldKind) -> bool {
    match kind {
        FieldKind::Blik
        | FieldKind::Cpf
        | FieldKind::Email
        | FieldKind::Number
        | FieldKind::Phone => true,
        FieldKind::Bank
        | FieldKind::Consent
        | FieldKind::Date
        | FieldKind::Name
        | FieldKind::Select
        | FieldKind::Text => false,
    }
}

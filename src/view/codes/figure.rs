//! One code with what belongs to it.

use std::cell::OnceCell;
use std::rc::Rc;

use kassa_core::text::{Language, Text};
use kassa_dom::{append, element, set_attribute, text_element, unique_id};
use wasm_bindgen::UnwrapThrowExt;
use web_sys::{Document, HtmlElement};

use super::svg::{Drawing, Symbol};

/// Digits in a group of a number that the buyer reads off.
const GROUP: usize = 4;

/// A code on the screen.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub(super) root: HtmlElement,
    /// The contents of the code.
    pub(super) code: String,
    /// The button that copies the contents.
    pub(super) button: Option<HtmlElement>,
    /// The contents as text. Those of a QR code only once they cannot be copied.
    number: Rc<OnceCell<HtmlElement>>,
}

impl Figure {
    /// Builds a figure: the drawing of a code and its contents as text, with a button that copies
    /// them. Nobody types the contents of a QR code, so that they are not there as text; and where
    /// `is_repeated`, they can be copied from another figure.
    pub(super) fn new(
        document: &Document,
        language: &Language<Text>,
        code: &str,
        drawing: Option<&Drawing>,
        is_repeated: bool,
    ) -> Self {
        let root = element(document, "figure", &[]);
        if let Some(drawing) = drawing {
            let name = language.text(Text::ScanCode);
            append(&root, &[&drawing.render(document, name)]);
            append(&root, &[&text_element(document, "figcaption", &[], name)]);
        }
        let is_qr = drawing.is_some_and(|drawing| matches!(drawing.symbol, Symbol::Qr { .. }));
        let number: OnceCell<HtmlElement> = OnceCell::new();
        if !is_qr {
            let label = language.text(Text::PaymentNumber);
            let label = text_element(document, "p", &[("class", "hint")], label);
            append(&root, &[&label, number.get_or_init(|| text_of(document, code))]);
        }
        let button = (!is_qr || !is_repeated).then(|| {
            let attributes = [("type", "button"), ("class", "copy")];
            let button = text_element(document, "button", &attributes, language.text(Text::Copy));
            if let Some(number) = number.get() {
                set_attribute(&button, "aria-describedby", &number.id());
            }
            append(&root, &[&button]);
            button
        });
        Self { root, code: String::from(code), button, number: Rc::new(number) }
    }

    /// Shows the contents as text and selects them, for a buyer who has to copy them without the
    /// button.
    pub(super) fn select_text(&self, document: &Document) {
        let number = self.number.get_or_init(|| {
            let number = text_of(document, &self.code);
            append(&self.root, &[&number]);
            number
        });
        let selection = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
        if let Some(selection) = selection {
            selection.select_all_children(number).unwrap_throw();
        }
    }
}

fn text_of(document: &Document, code: &str) -> HtmlElement {
    let number = element(document, "p", &[("class", "number")]);
    set_attribute(&number, "id", &unique_id("kassa-code-"));
    let mut rest = code;
    while !rest.is_empty() {
        let (group, behind) = split_group(rest);
        // Groups are apart by style only, so that a selected text has no blanks.
        append(&number, &[&text_element(document, "span", &[], group)]);
        rest = behind;
    }
    number
}

/// The first four digits of a number, and the rest. Any other text is one group.
fn split_group(text: &str) -> (&str, &str) {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_at_checked(GROUP).filter(|_| is_number).unwrap_or((text, ""))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_are_grouped() {
        for (text, expected) in [
            ("12345678", ("1234", "5678")),
            ("1234", ("1234", "")),
            ("123", ("123", "")),
            ("1234 5678", ("1234 5678", "")),
            ("平安一二三", ("平安一二三", "")),
        ] {
            assert_eq!(split_group(text), expected);
        }
    }
}

//! Codes that the buyer pays with: QR codes and barcodes to scan, numbers to type elsewhere.
//!
//! [`qr`] and [`code128`] turn a text into dark modules, [`svg`] turns those into an image, and a
//! [`figure`] is the image with its text and its button.

mod clipboard;
mod code128;
mod figure;
mod qr;
mod svg;
#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use kassa_core::text::{Language, Text};
use kassa_dom::{Listener, append, element, focused_element, set_text};
use kassa_protocol::DisplayType;
use kassa_protocol::client::CodeView;
use wasm_bindgen::{JsValue, UnwrapThrowExt};
use web_sys::{Document, Event, HtmlElement};

use figure::Figure;
use svg::Drawing;

use crate::host_functions::{HostFunctions, listen};

/// How long a copy is confirmed, in milliseconds.
const CONFIRMED: u32 = 4000;

/// Codes on the screen. Dropped, it removes them with its listener and its timer.
pub(crate) struct Codes {
    list: Rc<List>,
    _listener: Listener,
}

/// Why a code is not shown as the gateway wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeProblem {
    /// The entry has no text. Nothing is shown for it.
    Empty,
    /// Code 128 has not all characters of the text. The text itself is shown.
    NotForBarcode,
    /// The text is longer than any QR code takes: 2,953 bytes. The text itself is shown.
    TooLongForQrCode,
}

struct List {
    document: Document,
    guard: HostFunctions,
    language: Rc<Language<Text>>,
    root: HtmlElement,
    /// Where the figures are.
    slot: HtmlElement,
    /// Announces a copy.
    status: HtmlElement,
    /// Ends the announcement.
    timer: Cell<Option<Timeout>>,
    codes: RefCell<Vec<CodeView>>,
    figures: RefCell<Vec<Figure>>,
}

impl Codes {
    /// Adds an empty list of codes at the end of `slot`.
    pub(crate) fn new(
        slot: &HtmlElement,
        guard: &HostFunctions,
        language: &Rc<Language<Text>>,
    ) -> Self {
        let document = slot.owner_document().unwrap_throw();
        let list = Rc::new(List {
            root: element(&document, "div", &[("class", "codes")]),
            slot: element(&document, "div", &[]),
            status: element(&document, "p", &[("class", "hint"), ("role", "status")]),
            document,
            guard: guard.clone(),
            language: Rc::clone(language),
            timer: Cell::default(),
            codes: RefCell::default(),
            figures: RefCell::default(),
        });
        append(&list.root, &[&list.slot, &list.status]);
        append(slot, &[&list.root]);
        // One listener for all buttons, so that drawing again replaces nothing but elements.
        let listener = listen(guard, &list.root, "click", {
            let list = Rc::clone(&list);
            move |event| list.on_click(event)
        });
        Self { list, _listener: listener }
    }

    /// Shows these codes in place of the ones before, with the focus where it was. Does nothing
    /// when they look the same. Returns what could not be shown as the gateway wants it.
    #[must_use]
    pub(crate) fn show(&self, codes: &[CodeView]) -> Vec<CodeProblem> {
        let mut problems = Vec::new();
        if self.list.codes.borrow().iter().map(look).eq(codes.iter().map(look)) {
            return problems;
        }
        let mut figures = Vec::new();
        for code in codes {
            if code.code.is_empty() {
                problems.push(CodeProblem::Empty);
                continue;
            }
            let drawing = draw(code).unwrap_or_else(|problem| {
                problems.push(problem);
                None
            });
            let is_repeated =
                codes.iter().any(|it| it.code == code.code && it.display() != code.display());
            let document = &self.list.document;
            let language = &self.list.language;
            let drawing = drawing.as_ref();
            figures.push(Figure::new(document, language, &code.code, drawing, is_repeated));
        }
        self.list.replace(figures);
        self.list.codes.replace(codes.to_vec());
        problems
    }
}

impl Drop for Codes {
    fn drop(&mut self) {
        self.list.root.remove();
    }
}

impl CodeProblem {
    /// The message for the merchant's `onLog`.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Empty => "A code without text is not shown.",
            Self::NotForBarcode => {
                "A code of type BARCODE has other characters than printable ASCII: it is shown as \
                 text."
            }
            Self::TooLongForQrCode => {
                "A code of type QRCODE is longer than any QR code: it is shown as text."
            }
        }
    }
}

impl List {
    /// Replaces what is shown. A buyer who was at a button is there again.
    fn replace(&self, figures: Vec<Figure>) {
        let focused = focused_element(&self.root);
        let is_focused =
            |button: &HtmlElement| focused.as_ref().is_some_and(|it| it == button.as_ref());
        let place = self.buttons().iter().position(is_focused);
        self.slot.set_text_content(None);
        for figure in &figures {
            append(&self.slot, &[&figure.root]);
        }
        self.figures.replace(figures);
        if let Some(button) = place.and_then(|place| self.buttons().into_iter().nth(place)) {
            button.focus().unwrap_throw();
        }
    }

    fn buttons(&self) -> Vec<HtmlElement> {
        self.figures.borrow().iter().filter_map(|figure| figure.button.clone()).collect()
    }

    fn on_click(self: &Rc<Self>, event: &Event) {
        let Some(target) = event.target().map(JsValue::from) else { return };
        // A button contains nothing but text, so that it is the target itself.
        let is_pressed = |figure: &&Figure| {
            figure.button.as_ref().is_some_and(|button| {
                let button: &JsValue = button;
                *button == target
            })
        };
        let Some(figure) = self.figures.borrow().iter().find(is_pressed).cloned() else { return };
        let list = Rc::downgrade(self);
        let guard = self.guard.clone();
        clipboard::copy(&figure.code.clone(), &figure.root.clone(), move |is_copied| {
            guard.run(&mut || {
                if let Some(list) = list.upgrade() {
                    list.on_copied(&figure, is_copied);
                }
            });
        });
    }

    fn on_copied(&self, figure: &Figure, is_copied: bool) {
        if let Some(button) = &figure.button {
            button.focus().unwrap_throw();
        }
        if !is_copied {
            figure.select_text(&self.document);
            self.timer.take();
            return set_text(&self.status, self.language.text(Text::CopyRefused));
        }
        set_text(&self.status, self.language.text(Text::Copied));
        let status = self.status.clone();
        // Otherwise a second copy would change nothing, and no screen reader would announce it.
        self.timer.set(Some(Timeout::new(CONFIRMED, move || set_text(&status, ""))));
    }
}

/// All of a code that is visible.
fn look(code: &CodeView) -> (&str, DisplayType) {
    (&code.code, code.display())
}

/// The drawing of a code; none of a code that is text.
fn draw(code: &CodeView) -> Result<Option<Drawing>, CodeProblem> {
    match code.display() {
        DisplayType::Barcode => {
            code128::draw(&code.code).map(Some).ok_or(CodeProblem::NotForBarcode)
        }
        DisplayType::QrCode => qr::draw(&code.code).map(Some).ok_or(CodeProblem::TooLongForQrCode),
        DisplayType::Text | DisplayType::Other(_) => Ok(None),
    }
}

//! One input of the form with its label and its error.

use std::cell::Cell;

use kassa_core::card::{
    Brand, CardText, Change, Cvc, Edited, Expiry, Holder, Month, Pan, Shown, digits, type_cvc,
    type_expiry, type_number,
};
use kassa_core::text::Language;
use kassa_dom::{set_attribute, set_hidden, set_text};
use kassa_protocol::Secret;
use kassa_protocol::client::TokenRequest;
use web_sys::{Document, HtmlElement, HtmlInputElement};

use crate::dom::{find, is_same};
use crate::texts;

/// The fields of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldName {
    /// The PAN.
    Number,
    /// The expiry date.
    Expiry,
    /// The CVC.
    Cvc,
    /// The name on the card.
    Holder,
}

impl FieldName {
    /// The field that a result code of the gateway is about.
    #[must_use]
    pub fn refused_with(code: &str) -> Option<Self> {
        match code {
            "INVALID_CARD_NUMBER" => Some(Self::Number),
            "INVALID_EXPIRATION_DATE" | "INVALID_EXPIRY_DATE_FORMAT" => Some(Self::Expiry),
            "INVALID_CVV" => Some(Self::Cvc),
            _ => None,
        }
    }

    /// The id of the input; ids of the field's other elements begin with it.
    fn id(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Expiry => "expiry",
            Self::Cvc => "cvc",
            Self::Holder => "holder",
        }
    }
}

/// What the validity of a field depends on besides its text.
pub struct Context {
    /// The current month by the gateway's clock, where the gateway gave it.
    pub now: Option<Month>,
    /// The brand of the stored card, or of the number as far as it is typed.
    pub brand: Option<Brand>,
}

/// An input and the elements that belong to it.
pub struct Field {
    /// Which field it is.
    pub name: FieldName,
    /// The input.
    pub input: HtmlInputElement,
    /// Contains the input, its label and its error.
    whole: HtmlElement,
    language: &'static Language<CardText>,
    /// A live region for the error, permanent: screen readers often do not announce a region that
    /// is added together with its text.
    error: HtmlElement,
    /// The text that the input showed after the last edit. The next edit is compared with it.
    shown: Cell<String>,
    /// Whether the buyer has edited the field. The error of an untouched one is not shown.
    is_touched: Cell<bool>,
    has_error: Cell<bool>,
}

impl Field {
    /// Finds the field in the document and labels it.
    #[must_use]
    pub fn find(
        document: &Document,
        name: FieldName,
        language: &'static Language<CardText>,
    ) -> Self {
        let part = |part| -> HtmlElement { find(document, &(String::from(name.id()) + part)) };
        set_text(&part("-label"), language.text(texts::label(name)));
        let input: HtmlInputElement = find(document, name.id());
        if name == FieldName::Expiry {
            set_attribute(&input, "placeholder", language.text(CardText::ExpiryFormat));
        }
        Self {
            name,
            input,
            language,
            whole: part("-field"),
            error: part("-error"),
            shown: Cell::default(),
            is_touched: Cell::default(),
            has_error: Cell::default(),
        }
    }

    /// Takes an edit: formats what the input shows and keeps the caret where the buyer put it.
    pub fn edit(&self, change: Change) {
        self.is_touched.set(true);
        let text = self.text();
        let caret = self.input.selection_end().ok().flatten();
        let caret = caret.map_or(text.len(), |caret| caret as usize);
        let before = self.shown.take();
        let edited = Edited { before: &before, text: &text, caret, change };
        let shown = match self.name {
            FieldName::Number => type_number(&edited),
            FieldName::Expiry => type_expiry(&edited),
            FieldName::Cvc => type_cvc(&edited),
            FieldName::Holder => Shown { text: text.clone(), caret },
        };
        if shown.text != text {
            self.show(&shown.text, Some(shown.caret));
        }
        self.shown.set(shown.text);
    }

    /// The text now.
    #[must_use]
    pub fn text(&self) -> String {
        self.input.value()
    }

    /// The digits of the text, of any script, as ASCII.
    #[must_use]
    pub fn digits(&self) -> String {
        digits(&self.text())
    }

    /// Whether the input shows another text than after its last edit: a browser filled it in without
    /// an `input` event.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        let shown = self.shown.take();
        let is_stale = shown != self.text();
        self.shown.set(shown);
        is_stale
    }

    /// Whether the buyer has edited the field.
    #[must_use]
    pub fn is_touched(&self) -> bool {
        self.is_touched.get()
    }

    /// Whether an error is shown.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.has_error.get()
    }

    /// Writes the value of a valid field into a request.
    ///
    /// # Errors
    /// The message about what the buyer should correct.
    pub fn read(&self, context: &Context, request: &mut TokenRequest) -> Result<(), CardText> {
        let text = self.text();
        match self.name {
            FieldName::Number => {
                let pan = Pan::parse(&text).map_err(texts::number_error)?;
                request.number = Some(Secret::from(pan.expose().to_owned()));
            }
            FieldName::Expiry => {
                let expiry = Expiry::parse(&text, context.now).map_err(texts::expiry_error)?;
                request.expiry_month = Some(expiry.month());
                request.expiry_year = Some(expiry.year());
            }
            FieldName::Cvc => {
                let cvc = Cvc::parse(&text, context.brand)
                    .map_err(|error| texts::cvc_error(error, context.brand))?;
                request.cvc = Some(Secret::from(cvc.expose().to_owned()));
            }
            FieldName::Holder => {
                let holder = Holder::parse(&text).map_err(texts::holder_error)?;
                request.holder = Some(holder.as_str().to_owned());
            }
        }
        Ok(())
    }

    /// The message about what the buyer should correct, if anything.
    #[must_use]
    pub fn error(&self, context: &Context) -> Option<CardText> {
        self.read(context, &mut TokenRequest::default()).err()
    }

    /// Shows an error, or none.
    pub fn show_error(&self, error: Option<CardText>) {
        let has_error = error.is_some();
        self.has_error.set(has_error);
        self.is_touched.set(has_error || self.is_touched.get());
        set_text(&self.error, error.map_or("", |error| self.language.text(error)));
        set_attribute(&self.input, "aria-invalid", if has_error { "true" } else { "false" });
    }

    /// Writes a complete expiry date the way it is shown everywhere: `MM/YY`.
    pub fn complete(&self, now: Option<Month>) {
        if self.name != FieldName::Expiry {
            return;
        }
        let Ok(expiry) = Expiry::parse(&self.text(), now) else { return };
        let text = String::from(expiry);
        if text != self.text() {
            self.show(&text, None);
            self.shown.set(text);
        }
    }

    /// Empties the field.
    pub fn clear(&self) {
        self.input.set_value("");
        self.shown.take();
        self.is_touched.set(false);
        self.show_error(None);
    }

    /// Hides or shows the field as a whole.
    pub fn set_hidden(&self, hidden: bool) {
        set_hidden(&self.whole, hidden);
    }

    fn show(&self, text: &str, caret: Option<usize>) {
        self.input.set_value(text);
        // Elsewhere than in the active element, setting the selection moves the focus in WebKit.
        let active = self.input.owner_document().and_then(|document| document.active_element());
        let is_active = active.is_some_and(|active| is_same(&active, &self.input));
        if let Some(caret) = caret.and_then(|caret| u32::try_from(caret).ok())
            && is_active
        {
            let _ = self.input.set_selection_range(caret, caret);
        }
    }
}

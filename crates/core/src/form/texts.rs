//! Labels and messages of fields.

use super::{BLIK, FieldFault, FieldKind, FieldRules, LONGEST};
use crate::text::{Language, Text};
use crate::text_tools::{digits, fill};

impl FieldKind {
    /// The label of a field to which the gateway gave none.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Bank => Text::LabelBank,
            Self::Blik => Text::LabelBlik,
            Self::Consent => Text::LabelConsent,
            Self::Cpf => Text::LabelCpf,
            Self::Date => Text::LabelDate,
            Self::Email => Text::LabelEmail,
            Self::Name => Text::LabelName,
            Self::Number => Text::LabelNumber,
            Self::Phone => Text::LabelPhone,
            Self::Select => Text::LabelSelect,
            Self::Text => Text::LabelText,
        }
    }
}

impl FieldRules<'_> {
    /// The message for a fault.
    #[must_use]
    pub fn message(&self, fault: FieldFault, language: &Language<Text>) -> String {
        let (text, limit) = match fault {
            FieldFault::CheckDigits => (Text::CheckDigits, None),
            FieldFault::InFuture => (Text::DateInFuture, None),
            FieldFault::Malformed => (self.form(), None),
            FieldFault::Missing => (self.missing(), None),
            FieldFault::NoCountry => (Text::FormOfPhone, None),
            FieldFault::NoSuchDay => (Text::DateUnknown, None),
            FieldFault::NotAName => (Text::NameIsNumber, None),
            FieldFault::TooLong => {
                let longest = if self.longest > 0 { self.longest } else { LONGEST };
                self.sized(Text::PhoneTooLong, Text::MaxCharacters, Text::MaxDigits, longest)
            }
            FieldFault::TooShort => {
                self.sized(Text::PhoneTooShort, Text::MinCharacters, Text::MinDigits, self.shortest)
            }
            FieldFault::UnknownOption => (Text::ChooseFromList, None),
        };
        let text = language.text(text);
        match limit {
            None => text.to_owned(),
            Some(limit) => fill(text, &[&digits(u64::try_from(limit).unwrap_or_default())]),
        }
    }

    fn form(&self) -> Text {
        match self.kind {
            FieldKind::Bank | FieldKind::Select => Text::ChooseFromList,
            FieldKind::Blik | FieldKind::Cpf | FieldKind::Number => Text::DigitsOnly,
            FieldKind::Consent | FieldKind::Text => Text::CheckField,
            FieldKind::Date => Text::FormOfDate,
            FieldKind::Email => Text::FormOfEmail,
            FieldKind::Name => Text::EnterName,
            FieldKind::Phone => Text::CheckPhone,
        }
    }

    fn missing(&self) -> Text {
        match self.kind {
            FieldKind::Bank => Text::EnterBank,
            FieldKind::Blik => Text::EnterBlik,
            FieldKind::Consent => Text::EnterConsent,
            FieldKind::Cpf => Text::EnterCpf,
            FieldKind::Date => Text::EnterDate,
            FieldKind::Email => Text::EnterEmail,
            FieldKind::Name => Text::EnterName,
            FieldKind::Number => Text::EnterNumber,
            FieldKind::Phone => Text::EnterPhone,
            FieldKind::Select => Text::EnterOption,
            FieldKind::Text => Text::EnterText,
        }
    }

    /// The message for a wrong length; `limit` is that of a text. With the
    /// parameter of the text, if it has one.
    fn sized(
        &self,
        phone: Text,
        characters: Text,
        numerals: Text,
        limit: usize,
    ) -> (Text, Option<usize>) {
        match self.kind {
            FieldKind::Blik => (Text::ExactDigitsBlik, Some(BLIK)),
            FieldKind::Cpf => (Text::ExactDigitsCpf, Some(11)),
            FieldKind::Email => (characters, Some(64)),
            FieldKind::Number => (numerals, Some(limit)),
            FieldKind::Phone => (phone, None),
            FieldKind::Name => (characters, Some(limit.min(64))),
            FieldKind::Bank
            | FieldKind::Consent
            | FieldKind::Date
            | FieldKind::Select
            | FieldKind::Text => (characters, Some(limit)),
        }
    }
}

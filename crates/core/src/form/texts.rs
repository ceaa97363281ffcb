//! Labels and messages of fields, in English.

use super::{BLIK, FieldFault, FieldKind, FieldRules, LONGEST};
use crate::text_tools::{digits, fill};

impl FieldKind {
    /// The label of a field to which the gateway gave none.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Bank => "Bank",
            Self::Blik => "BLIK code",
            Self::Consent => "I agree",
            Self::Cpf => "CPF",
            Self::Date => "Date",
            Self::Email => "Email",
            Self::Name => "Name",
            Self::Number => "Number",
            Self::Phone => "Phone number",
            Self::Select => "Choose one",
            Self::Text => "Details",
        }
    }
}

impl FieldRules<'_> {
    /// The message for a fault.
    #[must_use]
    pub fn message(&self, fault: FieldFault) -> String {
        String::from(match fault {
            FieldFault::CheckDigits => "Check the number: a digit seems wrong.",
            FieldFault::InFuture => "This date has not come yet.",
            FieldFault::Malformed => self.form(),
            FieldFault::Missing => self.missing(),
            FieldFault::NoCountry => "Start with + and the country code, like +34 600 112 233.",
            FieldFault::NoSuchDay => "There is no such date.",
            FieldFault::NotAName => "Enter a name, not a number.",
            FieldFault::TooLong => return self.too_long(),
            FieldFault::TooShort => return self.too_short(),
            FieldFault::UnknownOption => "Choose one from the list.",
        })
    }

    fn form(&self) -> &'static str {
        match self.kind {
            FieldKind::Bank | FieldKind::Select => "Choose one from the list.",
            FieldKind::Blik | FieldKind::Cpf | FieldKind::Number => "Use digits only.",
            FieldKind::Consent | FieldKind::Text => "Check this field.",
            FieldKind::Date => "Enter year, month and day, like 1990-12-31.",
            FieldKind::Email => "Enter an address like name@example.com.",
            FieldKind::Name => "Enter the name.",
            FieldKind::Phone => "Check the phone number.",
        }
    }

    fn missing(&self) -> &'static str {
        match self.kind {
            FieldKind::Bank => "Choose your bank.",
            FieldKind::Blik => "Enter the code from your banking app.",
            FieldKind::Consent => "Please agree to go on.",
            FieldKind::Cpf => "Enter your CPF.",
            FieldKind::Date => "Enter the date.",
            FieldKind::Email => "Enter your email address.",
            FieldKind::Name => "Enter the name.",
            FieldKind::Number => "Enter the number.",
            FieldKind::Phone => "Enter your phone number.",
            FieldKind::Select => "Choose one.",
            FieldKind::Text => "Fill in this field.",
        }
    }

    fn too_long(&self) -> String {
        let longest = if self.longest > 0 { self.longest } else { LONGEST };
        self.sized(
            "The phone number is too long.",
            "Use at most {} characters.",
            "Use at most {} digits.",
            longest,
        )
    }

    fn too_short(&self) -> String {
        self.sized(
            "The phone number is too short.",
            "Use at least {} characters.",
            "Use at least {} digits.",
            self.shortest,
        )
    }

    /// The message for a wrong length; `limit` is that of a text.
    fn sized(&self, phone: &str, characters: &str, numerals: &str, limit: usize) -> String {
        let (template, limit) = match self.kind {
            FieldKind::Blik => ("The code has {} digits.", BLIK),
            FieldKind::Cpf => ("A CPF has {} digits.", 11),
            FieldKind::Email => (characters, 64),
            FieldKind::Number => (numerals, limit),
            FieldKind::Phone => return String::from(phone),
            FieldKind::Name => (characters, limit.min(64)),
            FieldKind::Bank
            | FieldKind::Consent
            | FieldKind::Date
            | FieldKind::Select
            | FieldKind::Text => (characters, limit),
        };
        fill(template, &[&digits(u64::try_from(limit).unwrap_or_default())])
    }
}

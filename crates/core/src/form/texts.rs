//! What the form says, in English.

use super::{BLIK, Fault, Kind, LONGEST, Rules};
use crate::small::{digits, fill};

impl Kind {
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

impl Rules<'_> {
    /// What to do about a fault.
    #[must_use]
    pub fn message(&self, fault: Fault) -> String {
        String::from(match fault {
            Fault::CheckDigits => "Check the number: a digit seems wrong.",
            Fault::InFuture => "This date has not come yet.",
            Fault::Malformed => self.form(),
            Fault::Missing => self.missing(),
            Fault::NoCountry => "Start with + and the country code, like +34 600 112 233.",
            Fault::NoSuchDay => "There is no such date.",
            Fault::NotAName => "Enter a name, not a number.",
            Fault::TooLong => return self.too_long(),
            Fault::TooShort => return self.too_short(),
            Fault::UnknownOption => "Choose one from the list.",
        })
    }

    fn form(&self) -> &'static str {
        match self.kind {
            Kind::Bank | Kind::Select => "Choose one from the list.",
            Kind::Blik | Kind::Cpf | Kind::Number => "Use digits only.",
            Kind::Consent | Kind::Text => "Check this field.",
            Kind::Date => "Enter year, month and day, like 1990-12-31.",
            Kind::Email => "Enter an address like name@example.com.",
            Kind::Name => "Enter the name.",
            Kind::Phone => "Check the phone number.",
        }
    }

    fn missing(&self) -> &'static str {
        match self.kind {
            Kind::Bank => "Choose your bank.",
            Kind::Blik => "Enter the code from your banking app.",
            Kind::Consent => "Please agree to go on.",
            Kind::Cpf => "Enter your CPF.",
            Kind::Date => "Enter the date.",
            Kind::Email => "Enter your email address.",
            Kind::Name => "Enter the name.",
            Kind::Number => "Enter the number.",
            Kind::Phone => "Enter your phone number.",
            Kind::Select => "Choose one.",
            Kind::Text => "Fill in this field.",
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

    /// The words for a wrong length; `limit` is a text's own.
    fn sized(&self, phone: &str, characters: &str, numerals: &str, limit: usize) -> String {
        let (template, limit) = match self.kind {
            Kind::Blik => ("The code has {} digits.", BLIK),
            Kind::Cpf => ("A CPF has {} digits.", 11),
            Kind::Email => (characters, 64),
            Kind::Number => (numerals, limit),
            Kind::Phone => return String::from(phone),
            Kind::Name => (characters, limit.min(64)),
            Kind::Bank | Kind::Consent | Kind::Date | Kind::Select | Kind::Text => {
                (characters, limit)
            }
        };
        fill(template, &[&digits(u64::try_from(limit).unwrap_or_default())])
    }
}

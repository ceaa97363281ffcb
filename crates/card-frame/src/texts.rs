//! The texts of the form, in English. The other languages will be loaded, not linked.

use kassa_core::card::{Brand, CvcError, ExpiryError, HolderError, PanError};

use crate::field::FieldName;

/// Shown when the document is opened by itself.
pub const OUTSIDE: &str = "This page is one part of a checkout and does nothing on its own.";

/// Placeholder of the expiry date.
pub const EXPIRY_FORMAT: &str = "MM/YY";

/// Label of the button that shows the fields of another card than the stored one.
pub const OTHER_CARD: &str = "Use another card";
/// Label of the button that goes back to the stored card.
pub const STORED_CARD: &str = "Use the saved card";

/// A stored card.
#[must_use]
pub fn stored_label(brand: &str, last_four: &str) -> String {
    String::from(brand) + " •••• " + last_four
}

/// A stored card for screen readers, which would read each dot.
#[must_use]
pub fn stored_spoken_label(brand: &str, last_four: &str) -> String {
    String::from(brand) + ", ending in " + last_four
}

/// The label of a field.
#[must_use]
pub fn label(name: FieldName) -> &'static str {
    match name {
        FieldName::Number => "Card number",
        FieldName::Expiry => "Expiry date",
        FieldName::Cvc => "Security code",
        FieldName::Holder => "Name on card",
    }
}

/// Where the CVC is on the card.
#[must_use]
pub fn cvc_hint(brand: Option<Brand>) -> &'static str {
    match brand {
        Some(Brand::AmericanExpress) => "4 digits on the front",
        Some(_) => "3 digits on the back",
        None => "3 or 4 digits",
    }
}

/// How to correct a card number.
#[must_use]
pub fn number_error(error: PanError) -> &'static str {
    match error {
        PanError::CheckDigit => "Check the card number: a digit seems wrong.",
        PanError::Incomplete => "The card number is too short.",
        PanError::Missing => "Enter the card number.",
        PanError::TooLong => "The card number is too long.",
    }
}

/// How to correct an expiry date.
#[must_use]
pub fn expiry_error(error: ExpiryError) -> &'static str {
    match error {
        ExpiryError::Incomplete => "Enter month and year, like 04/29.",
        ExpiryError::Missing => "Enter the expiry date.",
        ExpiryError::NoSuchMonth => "The month must be 01 to 12.",
        ExpiryError::Past => "This card has expired.",
        ExpiryError::TooFar => "Check the year.",
    }
}

/// How to correct a CVC.
#[must_use]
pub fn cvc_error(error: CvcError, brand: Option<Brand>) -> &'static str {
    match (error, brand.map(Brand::cvc_length)) {
        (CvcError::Missing, _) => "Enter the security code.",
        (CvcError::WrongLength, Some(4)) => "The code has 4 digits.",
        (CvcError::WrongLength, Some(_)) => "The code has 3 digits.",
        (CvcError::WrongLength, None) => "The code has 3 or 4 digits.",
    }
}

/// How to correct a name.
#[must_use]
pub fn holder_error(error: HolderError) -> &'static str {
    match error {
        HolderError::Missing => "Enter the name on the card.",
        HolderError::Number => "Enter a name, not a number.",
        HolderError::TooLong => "Use at most 64 characters.",
    }
}

/// The error of a field that the gateway refused although it is valid here.
#[must_use]
pub fn refused(name: FieldName) -> Option<&'static str> {
    match name {
        FieldName::Number => Some("This card number was not accepted."),
        FieldName::Expiry => Some("This expiry date was not accepted."),
        FieldName::Cvc => Some("This security code was not accepted."),
        FieldName::Holder => None,
    }
}

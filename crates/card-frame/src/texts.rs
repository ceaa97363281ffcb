//! What the form says, in English. Other languages are loaded, not linked, and replace these.

use kassa_core::card::{Brand, CvcError, ExpiryError, HolderError, PanError};

/// Shown when the document is opened by itself.
pub const OUTSIDE: &str = "This page is one part of a checkout and does nothing on its own.";

/// Label of the card number.
pub const NUMBER: &str = "Card number";
/// Label of the expiry date.
pub const EXPIRY: &str = "Expiry date";
/// Placeholder of the expiry date: its form.
pub const EXPIRY_FORM: &str = "MM/YY";
/// Label of the security code.
pub const CVC: &str = "Security code";
/// Label of the holder's name.
pub const HOLDER: &str = "Name on card";

/// The button that asks for another card than the stored one.
pub const OTHER_CARD: &str = "Use another card";
/// The button that goes back to the stored card.
pub const STORED_CARD: &str = "Use the saved card";
/// In place of the dots between a stored card's brand and its last digits, for screen readers,
/// which would read each of them.
pub const ENDING: &str = ", ending in ";

/// Where to find the security code.
#[must_use]
pub fn cvc_hint(brand: Option<Brand>) -> &'static str {
    match brand {
        Some(Brand::AmericanExpress) => "4 digits on the front",
        Some(_) => "3 digits on the back",
        None => "3 or 4 digits",
    }
}

/// What to do about a card number.
#[must_use]
pub fn number(error: PanError) -> &'static str {
    match error {
        PanError::CheckDigit => "Check the card number: a digit seems wrong.",
        PanError::Incomplete => "The card number is too short.",
        PanError::Missing => "Enter the card number.",
        PanError::TooLong => "The card number is too long.",
    }
}

/// What to do about an expiry date.
#[must_use]
pub fn expiry(error: ExpiryError) -> &'static str {
    match error {
        ExpiryError::Incomplete => "Enter month and year, like 04/29.",
        ExpiryError::Missing => "Enter the expiry date.",
        ExpiryError::NoSuchMonth => "The month must be 01 to 12.",
        ExpiryError::Past => "This card has expired.",
        ExpiryError::TooFar => "Check the year.",
    }
}

/// What to do about a security code.
#[must_use]
pub fn cvc(error: CvcError, brand: Option<Brand>) -> &'static str {
    match (error, brand.map(Brand::code_length)) {
        (CvcError::Missing, _) => "Enter the security code.",
        (CvcError::WrongLength, Some(4)) => "The code has 4 digits.",
        (CvcError::WrongLength, Some(_)) => "The code has 3 digits.",
        (CvcError::WrongLength, None) => "The code has 3 or 4 digits.",
    }
}

/// What to do about a name.
#[must_use]
pub fn holder(error: HolderError) -> &'static str {
    match error {
        HolderError::Missing => "Enter the name on the card.",
        HolderError::Number => "Enter a name, not a number.",
        HolderError::TooLong => "Use at most 64 characters.",
    }
}

/// Said on a field that the gateway refused although it looked right.
pub const REFUSED_NUMBER: &str = "This card number was not accepted.";
/// The same for the expiry date.
pub const REFUSED_EXPIRY: &str = "This expiry date was not accepted.";
/// The same for the security code.
pub const REFUSED_CVC: &str = "This security code was not accepted.";

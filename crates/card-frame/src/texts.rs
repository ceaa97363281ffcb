//! Which text the form shows for what, and the texts' language.

use kassa_core::card::{Brand, CardText, CvcError, ExpiryError, HolderError, PanError};
use kassa_core::locale;
use kassa_core::text::{Language, Translations};
use kassa_core::text_tools::fill;
use kassa_protocol::Json;
use web_sys::Window;

use crate::field::FieldName;
use crate::request::Request;

/// Shown when the document is opened by itself.
pub const OUTSIDE: &str = "This page is one part of a checkout and does nothing on its own.";

/// How long the form waits for its texts, in milliseconds.
const LIMIT: u32 = 2_000;

/// The longest file that is read, in UTF-16 code units. The longest one of `locales/` has some 8,000.
const LONGEST_FILE: u32 = 64 * 1024;

/// The language of the form, with its texts as far as they arrive in time. `tag` is what the
/// merchant's page chose.
pub async fn load(window: Window, tag: String) -> Language<CardText> {
    let locale = locale::supported(&tag).unwrap_or("en-US");
    let language = Language::new(locale, Translations::default());
    if language.is_incomplete() {
        let path = fill("/locales/{}.json", &[locale]);
        let file: Option<Json> =
            Request::send(&window, &path, Json::object(), LIMIT).answer(LONGEST_FILE).await;
        if let Some(texts) = file.as_ref().and_then(|file| file.member("card")) {
            language.load(Translations::read(texts, |_| {}));
        }
    }
    language
}

/// The label of a field.
#[must_use]
pub fn label(name: FieldName) -> CardText {
    match name {
        FieldName::Number => CardText::LabelNumber,
        FieldName::Expiry => CardText::LabelExpiry,
        FieldName::Cvc => CardText::LabelCvc,
        FieldName::Holder => CardText::LabelHolder,
    }
}

/// Where the CVC is on the card.
#[must_use]
pub fn cvc_hint(brand: Option<Brand>) -> CardText {
    match brand {
        Some(Brand::AmericanExpress) => CardText::CvcOnFront,
        Some(_) => CardText::CvcOnBack,
        None => CardText::CvcAnywhere,
    }
}

/// How to correct a card number.
#[must_use]
pub fn number_error(error: PanError) -> CardText {
    match error {
        PanError::CheckDigit => CardText::NumberCheckDigit,
        PanError::Incomplete => CardText::NumberTooShort,
        PanError::Missing => CardText::NumberMissing,
        PanError::TooLong => CardText::NumberTooLong,
    }
}

/// How to correct an expiry date.
#[must_use]
pub fn expiry_error(error: ExpiryError) -> CardText {
    match error {
        ExpiryError::Incomplete => CardText::ExpiryIncomplete,
        ExpiryError::Missing => CardText::ExpiryMissing,
        ExpiryError::NoSuchMonth => CardText::ExpiryNoSuchMonth,
        ExpiryError::Past => CardText::ExpiryPast,
        ExpiryError::TooFar => CardText::ExpiryTooFar,
    }
}

/// How to correct a CVC.
#[must_use]
pub fn cvc_error(error: CvcError, brand: Option<Brand>) -> CardText {
    match (error, brand.map(Brand::cvc_length)) {
        (CvcError::Missing, _) => CardText::CvcMissing,
        (CvcError::WrongLength, Some(4)) => CardText::CvcFour,
        (CvcError::WrongLength, Some(_)) => CardText::CvcThree,
        (CvcError::WrongLength, None) => CardText::CvcThreeOrFour,
    }
}

/// How to correct a name.
#[must_use]
pub fn holder_error(error: HolderError) -> CardText {
    match error {
        HolderError::Missing => CardText::HolderMissing,
        HolderError::Number => CardText::HolderIsNumber,
        HolderError::TooLong => CardText::HolderTooLong,
    }
}

/// The error of a field that the gateway refused although it is valid here.
#[must_use]
pub fn refused(name: FieldName) -> Option<CardText> {
    match name {
        FieldName::Number => Some(CardText::NumberRefused),
        FieldName::Expiry => Some(CardText::ExpiryRefused),
        FieldName::Cvc => Some(CardText::CvcRefused),
        FieldName::Holder => None,
    }
}

//! Cards: the checks of the card form's request, and the stored data of a card.
//!
//! A number and a security code are read once, when the card form exchanges them for a token; what
//! is kept is in [`CardRecord`]. Neither is stored or logged.

use kassa_core::calendar::earliest_day;
use kassa_core::card::{
    Brand, Cvc, Expiry, ExpiryError, Holder, HolderError, Month, Pan, PanError,
};
use kassa_protocol::Secret;
use kassa_protocol::client::TokenRequest;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::test_card::{CardBehaviour, StoredCard, TestCard};
use crate::clock::{Millis, epoch_millis};
use crate::ids;

/// The longest name that is kept, in characters. Source: the published `cardholderName`.
const LONGEST_HOLDER: usize = 64;

/// The fewest digits of a card number.
const SHORTEST_NUMBER: usize = 12;

/// The stored data of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardRecord {
    /// Name of the brand in the gateway's API, such as `VISA`; empty when no range is known.
    pub brand: String,
    /// First six digits.
    pub bin: String,
    /// Last four digits.
    pub last_four: String,
    /// Length of the number, for masking.
    pub length: usize,
    /// Keyed digest of the number.
    pub fingerprint: String,
    /// At most 64 characters.
    pub holder: String,
    /// Two digits.
    pub expiry_month: String,
    /// Two digits.
    pub expiry_year: String,
    /// ISO 3166 alpha-2, for test cards.
    pub country: String,
    /// How payments with it go.
    #[serde(alias = "scenario")]
    pub behaviour: CardBehaviour,
}

/// Why a card was refused. The message is for an engineer and repeats nothing of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CardError {
    /// Characters that are no digits, or too few or too many of them.
    #[error("A card number has 12 to 19 digits")]
    NumberLength,
    /// A mistyped number.
    #[error("The card number's check digit is wrong")]
    CheckDigit,
    /// Month or year of expiry are not two digits each.
    #[error("Month and year of expiry have two digits each")]
    ExpiryFormat,
    /// The month does not exist.
    #[error("The month of expiry is between 01 and 12")]
    NoSuchMonth,
    /// The card has expired.
    #[error("The card has expired")]
    Expired,
    /// Later than any card expires.
    #[error("The date of expiry is too far ahead")]
    ExpiryTooFar,
    /// A security code of the wrong length.
    #[error("The security code has three digits, four on an American Express card")]
    SecurityCode,
    /// Digits in place of a name, such as a card number, which must not be kept.
    #[error("The name on the card is a number or too long")]
    Holder,
    /// No stored card has the id.
    #[error("There is no stored card with this paymentMethodId")]
    UnknownStoredCard,
}

impl CardError {
    /// The published result code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NumberLength | Self::CheckDigit => "INVALID_CARD_NUMBER",
            Self::ExpiryFormat => "INVALID_EXPIRY_DATE_FORMAT",
            Self::NoSuchMonth | Self::Expired | Self::ExpiryTooFar => "INVALID_EXPIRATION_DATE",
            Self::SecurityCode => "INVALID_CVV",
            Self::Holder | Self::UnknownStoredCard => "PARAM_ILLEGAL",
        }
    }
}

impl CardRecord {
    /// Checks a typed card and returns the data to store. `secret` keys the fingerprint.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn read(card: &TokenRequest, secret: &[u8], now: Millis) -> Result<Self, CardError> {
        let pan = number(exposed(card.number.as_ref()))?;
        let test = TestCard::find(pan.expose());
        // Some test cards are of brands that no public range table has.
        let brand = test.map_or_else(|| pan.brand().map_or("", Brand::wire), |test| test.brand);
        let [month, year, name] = [&card.expiry_month, &card.expiry_year, &card.holder]
            .map(|text| text.as_deref().unwrap_or_default());
        let expiry = expiry(month, year, now)?;
        check_security_code(exposed(card.cvc.as_ref()), Brand::from_wire(brand))?;
        Ok(Self {
            brand: brand.to_owned(),
            bin: pan.expose().chars().take(6).collect(),
            last_four: pan.last_four().to_owned(),
            length: pan.expose().len(),
            fingerprint: ids::keyed(secret, pan.expose().as_bytes()),
            holder: holder(name)?,
            expiry_month: expiry.month(),
            expiry_year: expiry.year(),
            country: test.map_or("", |test| test.country).to_owned(),
            behaviour: test.map_or(CardBehaviour::NotATestCard, |test| test.behaviour),
        })
    }

    /// A stored card. Its security code is required when `needs_cvc` is set, and checked whenever
    /// it is given. `secret` keys the fingerprint.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn stored(
        id: &str,
        cvc: Option<&Secret>,
        needs_cvc: bool,
        secret: &[u8],
    ) -> Result<Self, CardError> {
        let card = StoredCard::find(id).ok_or(CardError::UnknownStoredCard)?;
        let cvc = exposed(cvc);
        if needs_cvc || !cvc.is_empty() {
            check_security_code(cvc, Brand::from_wire(card.brand))?;
        }
        Ok(Self {
            brand: card.brand.to_owned(),
            bin: card.number.chars().take(6).collect(),
            last_four: card.last_four().to_owned(),
            length: card.number.len(),
            fingerprint: ids::keyed(secret, card.number.as_bytes()),
            holder: "Ann Buyer".to_owned(),
            expiry_month: "12".to_owned(),
            expiry_year: "39".to_owned(),
            country: "SG".to_owned(),
            behaviour: card.behaviour,
        })
    }
}

/// The text of a secret; empty where there is none.
fn exposed(secret: Option<&Secret>) -> &str {
    secret.map_or("", Secret::expose)
}

/// The core skips everything that is no digit, because buyers type that. A request has digits only,
/// or the groups of the printed number.
fn number(text: &str) -> Result<Pan, CardError> {
    if !text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-')) {
        return Err(CardError::NumberLength);
    }
    Pan::parse(text).map_err(|error| match error {
        PanError::CheckDigit => CardError::CheckDigit,
        PanError::Incomplete | PanError::Missing | PanError::TooLong => CardError::NumberLength,
    })
}

fn expiry(month: &str, year: &str, now: Millis) -> Result<Expiry, CardError> {
    let is_two_digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if !is_two_digits(month) || !is_two_digits(year) {
        return Err(CardError::ExpiryFormat);
    }
    // As in the page: a card has expired when its month is over in every time zone.
    let now = Month::of_day(&earliest_day(epoch_millis(now)));
    Expiry::parse(&format!("{month}/{year}"), now).map_err(|error| match error {
        ExpiryError::Incomplete | ExpiryError::Missing => CardError::ExpiryFormat,
        ExpiryError::NoSuchMonth => CardError::NoSuchMonth,
        ExpiryError::Past => CardError::Expired,
        ExpiryError::TooFar => CardError::ExpiryTooFar,
    })
}

fn check_security_code(text: &str, brand: Option<Brand>) -> Result<(), CardError> {
    match Cvc::parse(text, brand) {
        Ok(cvc) if cvc.expose() == text => Ok(()),
        Ok(_) | Err(_) => Err(CardError::SecurityCode),
    }
}

/// A name is optional here; issuers do not check it. The core refuses one with the digits of a card
/// number, in scripts that buyers type; a name with as many of other scripts is refused too.
fn holder(text: &str) -> Result<String, CardError> {
    if text.chars().filter(|c| c.is_numeric()).count() >= SHORTEST_NUMBER {
        return Err(CardError::Holder);
    }
    match Holder::parse(text) {
        Ok(holder) => Ok(holder.as_str().chars().take(LONGEST_HOLDER).collect()),
        Err(HolderError::Missing) => Ok(String::new()),
        Err(HolderError::Number | HolderError::TooLong) => Err(CardError::Holder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_card::{STORED_CARDS, TEST_CARDS};

    const NOW: Millis = 1_795_000_000_000; // 2026-11-18

    fn secret(text: &str) -> Option<Secret> {
        Some(text.to_owned().into())
    }

    fn card(number: &str, month: &str, year: &str, cvc: &str) -> TokenRequest {
        TokenRequest {
            number: secret(number),
            expiry_month: Some(month.to_owned()),
            expiry_year: Some(year.to_owned()),
            cvc: secret(cvc),
            holder: Some("Ann Buyer".to_owned()),
            ..TokenRequest::default()
        }
    }

    fn code(card: &TokenRequest) -> &'static str {
        CardRecord::read(card, b"k", NOW).map_or_else(CardError::code, |_| "ok")
    }

    #[test]
    fn every_published_card_is_accepted() {
        for test in &TEST_CARDS {
            let record =
                CardRecord::read(&card(test.number, "12", "30", "123"), b"k", NOW).unwrap();
            assert_eq!((record.behaviour, record.brand.as_str()), (test.behaviour, test.brand));
            let kept = serde_json::to_string(&record).unwrap();
            assert!(!kept.contains(test.number) && !kept.contains("\"123\""), "{kept}");
        }
    }

    #[test]
    fn the_security_code_of_stored_cards_is_optional_or_required() {
        for card in &STORED_CARDS {
            assert!(CardRecord::stored(card.id, None, false, b"k").is_ok());
            assert!(CardRecord::stored(card.id, secret("123").as_ref(), true, b"k").is_ok());
            for (cvc, needed) in [("", true), ("12", false), ("12", true)] {
                assert_eq!(
                    CardRecord::stored(card.id, secret(cvc).as_ref(), needed, b"k"),
                    Err(CardError::SecurityCode)
                );
            }
        }
        assert_eq!(
            CardRecord::stored("CARD_OF_NOBODY", None, false, b"k"),
            Err(CardError::UnknownStoredCard)
        );
    }

    #[test]
    fn other_cards_need_a_check_digit() {
        assert_eq!(code(&card("4111 1111 1111 1111", "12", "30", "123")), "ok");
        let record = CardRecord::read(&card("4111111111111111", "12", "30", "123"), b"k", NOW);
        assert_eq!(record.unwrap().behaviour, CardBehaviour::NotATestCard);
        assert_eq!(code(&card("4111111111111112", "12", "30", "123")), "INVALID_CARD_NUMBER");
        assert_eq!(code(&card("4111", "12", "30", "123")), "INVALID_CARD_NUMBER");
        assert_eq!(code(&card("٤٤٤٤٤٤٤٤٤٤٤٤", "12", "30", "123")), "INVALID_CARD_NUMBER");
    }

    #[test]
    fn expiry_and_security_code() {
        let n = "4054695723100768";
        for (month, year, cvc, expected) in [
            ("11", "26", "123", "ok"),
            ("10", "26", "123", "INVALID_EXPIRATION_DATE"),
            ("13", "30", "123", "INVALID_EXPIRATION_DATE"),
            ("00", "30", "123", "INVALID_EXPIRATION_DATE"),
            ("12", "60", "123", "INVALID_EXPIRATION_DATE"),
            ("1", "30", "123", "INVALID_EXPIRY_DATE_FORMAT"),
            ("01", "2030", "123", "INVALID_EXPIRY_DATE_FORMAT"),
            ("+1", "30", "123", "INVALID_EXPIRY_DATE_FORMAT"),
            ("12", "30", "99", "INVALID_CVV"),
            ("12", "30", "12a", "INVALID_CVV"),
            ("12", "30", "1234", "INVALID_CVV"),
            ("12", "30", "12 3", "INVALID_CVV"),
        ] {
            assert_eq!(code(&card(n, month, year, cvc)), expected, "{month}/{year} {cvc}");
        }
        assert_eq!(code(&card("378282246310005", "12", "30", "1234")), "ok");
        assert_eq!(code(&card("378282246310005", "12", "30", "123")), "INVALID_CVV");
    }

    #[test]
    fn a_card_number_is_not_kept_as_a_name() {
        let mut card = card("4054695723100768", "12", "30", "123");
        for name in [
            "4054 6957 2310 0768",
            "Ann 4054695723100768",
            "4054695723100768 Buyer",
            "4054-Ann-6957-Buyer-2310-0768",
            "A4n0n5 4B6u9y5e7r 2310 0768",
            "4.0.5.4.6.9.5.7.2.3.1.0.0.7.6.8",
            "4054\u{200b}695723100768",
            "Ann \u{ff14}\u{ff10}\u{ff15}\u{ff14}695723100768",
            "Ann \u{664}\u{660}\u{665}\u{664}695723100768",
            // Mathematical digits, and digits in circles.
            &format!("Ann Buyer from Town {}", "\u{1d7d2}\u{1d7ce}\u{1d7d3}\u{1d7d4}".repeat(4)),
            &format!("Ann Buyer from Town {}", "\u{2463}\u{2464}".repeat(8)),
        ] {
            card.holder = Some(name.to_owned());
            assert_eq!(code(&card), "PARAM_ILLEGAL", "{name}");
        }
        for name in ["Ann Buyer", "Ann Buyer III", "Henry 8", "R2 D2 Droid"] {
            card.holder = Some(name.to_owned());
            assert_eq!(code(&card), "ok", "{name}");
        }
        card.holder = None;
        assert_eq!(code(&card), "ok");
    }
}

//! The published test cards, and what the sandbox keeps of a card.
//!
//! A number and a security code are looked at once, when the card frame exchanges them for a
//! token; what is kept is in [`CardFacts`]. Neither is stored or logged.

use kassa_protocol::client::{CardPaymentResultInfo, TokenRequest};
use serde::{Deserialize, Serialize};

use crate::clock::{Millis, year_and_month};
use crate::ids;

/// What a payment with a card comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scenario {
    /// Paid.
    Success,
    /// The issuer refuses.
    Declined,
    /// Paid, and never asked for 3DS.
    ExemptFrom3ds,
    /// A good number, but not one of the test cards.
    NotATestCard,
    /// Paid, after the issuer checked who pays, whether the merchant asked for that or not.
    Asks3ds,
}

/// What is kept of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardFacts {
    /// Such as `VISA`; empty when no range is known.
    pub brand: String,
    /// First six digits.
    pub bin: String,
    /// Last four digits.
    pub last_four: String,
    /// Length of the number, for masking.
    pub length: usize,
    /// Keyed digest of the number.
    pub fingerprint: String,
    /// As given, at most 32 characters.
    pub holder: String,
    /// Two digits.
    pub expiry_month: String,
    /// Two digits.
    pub expiry_year: String,
    /// ISO 3166 alpha-2, for test cards.
    pub country: String,
    /// What paying with it comes to.
    pub scenario: Scenario,
}

/// Why a card was refused: a published result code and words for an engineer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardError {
    /// Such as `INVALID_CARD_NUMBER`.
    pub code: &'static str,
    /// What is wrong, without the number.
    pub message: &'static str,
}

struct TestCard {
    number: &'static str,
    brand: &'static str,
    country: &'static str,
    scenario: Scenario,
}

const fn test_card(
    number: &'static str,
    brand: &'static str,
    country: &'static str,
    scenario: Scenario,
) -> TestCard {
    TestCard { number, brand, country, scenario }
}

/// Source: the sandbox page of the public documentation. "Global" cards get a country here,
/// because a card always has one.
const TEST_CARDS: [TestCard; 10] = [
    test_card("9490220011669217", "HYUNDAI", "KR", Scenario::Success),
    test_card("4294097400915107", "VISA", "BR", Scenario::Success),
    test_card("4006055482525268", "VISA", "MX", Scenario::Success),
    test_card("4600729331819383", "VISA", "CL", Scenario::Success),
    test_card("4310377720003234", "VISA", "PE", Scenario::Success),
    test_card("4054695723100768", "VISA", "SG", Scenario::Success),
    test_card("5162774114974622", "MASTERCARD", "SG", Scenario::Success),
    test_card("4054692760174822", "VISA", "SG", Scenario::Declined),
    test_card("5162770472561357", "MASTERCARD", "SG", Scenario::Declined),
    test_card("4035501000000008", "VISA", "SG", Scenario::ExemptFrom3ds),
];

/// A card that the gateway keeps for a merchant.
#[derive(Debug)]
pub struct StoredCard {
    /// `paymentMethodId`.
    pub id: &'static str,
    number: &'static str,
    /// Such as `VISA`.
    pub brand: &'static str,
    scenario: Scenario,
}

impl StoredCard {
    /// The stored card with this `paymentMethodId`.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        STORED_CARDS.iter().find(|card| card.id == id)
    }

    /// For display.
    #[must_use]
    pub fn last_four(&self) -> &'static str {
        self.number.get(self.number.len().saturating_sub(4)..).unwrap_or_default()
    }
}

/// What `paymentMethodId` of a session may be. The ids are ours: in the world they come from an
/// earlier payment.
pub static STORED_CARDS: [StoredCard; 4] = [
    StoredCard {
        id: "SANDBOX_CARD_VISA",
        number: "4054695723100768",
        brand: "VISA",
        scenario: Scenario::Success,
    },
    StoredCard {
        id: "SANDBOX_CARD_MASTERCARD",
        number: "5162774114974622",
        brand: "MASTERCARD",
        scenario: Scenario::Success,
    },
    StoredCard {
        id: "SANDBOX_CARD_DECLINED",
        number: "4054692760174822",
        brand: "VISA",
        scenario: Scenario::Declined,
    },
    StoredCard {
        id: "SANDBOX_CARD_3DS",
        number: "4054695723100768",
        brand: "VISA",
        scenario: Scenario::Asks3ds,
    },
];

impl CardFacts {
    /// A stored card; its security code is demanded when `asks_cvc` says so, and looked at whenever
    /// it is given.
    ///
    /// # Errors
    /// With the published code of what is wrong.
    pub fn stored(id: &str, cvc: &str, asks_cvc: bool, secret: &[u8]) -> Result<Self, CardError> {
        let card = StoredCard::find(id).ok_or(CardError {
            code: "PARAM_ILLEGAL",
            message: "There is no stored card with this paymentMethodId",
        })?;
        if asks_cvc || !cvc.is_empty() {
            check_cvc(cvc, card.brand)?;
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
            scenario: card.scenario,
        })
    }

    /// Looks at a card once and keeps what may be kept. `secret` keys the fingerprint.
    ///
    /// # Errors
    /// With the published code of the first thing that is wrong.
    pub fn read(card: &TokenRequest, secret: &[u8], now: Millis) -> Result<Self, CardError> {
        let number: String =
            card.number.as_str().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if number.len() < 12 || number.len() > 19 || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CardError {
                code: "INVALID_CARD_NUMBER",
                message: "A card number has 12 to 19 digits",
            });
        }
        let test = TEST_CARDS.iter().find(|test| test.number == number);
        if test.is_none() && !luhn(&number) {
            return Err(CardError {
                code: "INVALID_CARD_NUMBER",
                message: "The card number's check digit is wrong",
            });
        }
        let brand = test.map_or_else(|| brand_of(&number), |test| test.brand);
        check_expiry(card.expiry_month.as_str(), card.expiry_year.as_str(), now)?;
        check_cvc(card.cvc.as_str(), brand)?;
        Ok(Self {
            brand: brand.to_owned(),
            bin: number.chars().take(6).collect(),
            last_four: number.chars().skip(number.len().saturating_sub(4)).collect(),
            length: number.len(),
            fingerprint: ids::keyed(secret, number.as_bytes()),
            holder: card.holder.as_str().trim().chars().take(32).collect(),
            expiry_month: card.expiry_month.as_str().to_owned(),
            expiry_year: card.expiry_year.as_str().to_owned(),
            country: test.map_or("", |test| test.country).to_owned(),
            scenario: test.map_or(Scenario::NotATestCard, |test| test.scenario),
        })
    }

    /// What a merchant may see of the card after a payment.
    #[must_use]
    pub fn result_info(&self) -> CardPaymentResultInfo {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        CardPaymentResultInfo {
            card_no: Some(format!(
                "{}{}",
                "*".repeat(self.length.saturating_sub(4)),
                self.last_four
            )),
            card_brand: text(&self.brand),
            card_bin: text(&self.bin),
            last_four: text(&self.last_four),
            issuer_name: text("Kassa Sandbox Bank"),
            issuing_country: text(&self.country),
            funding: text("CREDIT"),
            avs_result_raw: text("Y"),
            cvv_result_raw: text("Y"),
            hold_name: text(&self.holder),
            fingerprint: text(&self.fingerprint),
            expiry_month: text(&self.expiry_month),
            expiry_year: text(&self.expiry_year),
        }
    }
}

fn check_expiry(month: &str, year: &str, now: Millis) -> Result<(), CardError> {
    let two = |text: &str| {
        (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<u8>().ok())
            .flatten()
    };
    let (Some(month), Some(year)) = (two(month), two(year)) else {
        return Err(CardError {
            code: "INVALID_EXPIRY_DATE_FORMAT",
            message: "Month and year of expiry have two digits each",
        });
    };
    if !(1..=12).contains(&month) {
        return Err(CardError {
            code: "INVALID_EXPIRATION_DATE",
            message: "The month of expiry is between 01 and 12",
        });
    }
    let (this_year, this_month) = year_and_month(now);
    if (year, month) < (this_year, this_month) {
        return Err(CardError { code: "INVALID_EXPIRATION_DATE", message: "The card has expired" });
    }
    Ok(())
}

fn check_cvc(cvc: &str, brand: &str) -> Result<(), CardError> {
    let wanted = if brand == "AMEX" { 4 } else { 3 };
    if cvc.len() == wanted && cvc.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(CardError {
        code: "INVALID_CVV",
        message: "The security code has three digits, four on an American Express card",
    })
}

/// ISO/IEC 7812-1, annex B.
fn luhn(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The big four are enough here: the form itself knows the full table.
fn brand_of(number: &str) -> &'static str {
    let first = |n: usize| number.get(..n).and_then(|t| t.parse::<u32>().ok()).unwrap_or(0);
    if first(1) == 4 {
        "VISA"
    } else if matches!(first(2), 51..=55) || matches!(first(4), 2221..=2720) {
        "MASTERCARD"
    } else if matches!(first(2), 34 | 37) {
        "AMEX"
    } else if matches!(first(4), 3528..=3589) {
        "JCB"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_795_000_000_000; // 2026-11-18

    fn card(number: &str, month: &str, year: &str, cvc: &str) -> TokenRequest {
        TokenRequest {
            number: number.into(),
            expiry_month: month.into(),
            expiry_year: year.into(),
            cvc: cvc.into(),
            holder: "Ann Buyer".into(),
            ..TokenRequest::default()
        }
    }

    fn code(card: &TokenRequest) -> &'static str {
        CardFacts::read(card, b"k", NOW).map_or_else(|e| e.code, |_| "ok")
    }

    #[test]
    fn every_published_card_is_taken() {
        for test in &TEST_CARDS {
            let facts = CardFacts::read(&card(test.number, "12", "30", "123"), b"k", NOW).unwrap();
            assert_eq!((facts.scenario, facts.brand.as_str()), (test.scenario, test.brand));
            let kept = serde_json::to_string(&facts).unwrap();
            assert!(!kept.contains(test.number) && !kept.contains("\"123\""), "{kept}");
        }
    }

    #[test]
    fn stored_cards_are_asked_for_their_code_or_not() {
        for card in &STORED_CARDS {
            assert!(CardFacts::stored(card.id, "", false, b"k").is_ok());
            assert!(CardFacts::stored(card.id, "123", true, b"k").is_ok());
            for (cvc, asks) in [("", true), ("12", false), ("12", true)] {
                assert_eq!(
                    CardFacts::stored(card.id, cvc, asks, b"k").unwrap_err().code,
                    "INVALID_CVV"
                );
            }
        }
        assert_eq!(
            CardFacts::stored("CARD_OF_NOBODY", "", false, b"k").unwrap_err().code,
            "PARAM_ILLEGAL"
        );
    }

    #[test]
    fn other_cards_need_a_check_digit() {
        assert_eq!(code(&card("4111 1111 1111 1111", "12", "30", "123")), "ok");
        let facts = CardFacts::read(&card("4111111111111111", "12", "30", "123"), b"k", NOW);
        assert_eq!(facts.unwrap().scenario, Scenario::NotATestCard);
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
            ("1", "30", "123", "INVALID_EXPIRY_DATE_FORMAT"),
            ("01", "2030", "123", "INVALID_EXPIRY_DATE_FORMAT"),
            ("+1", "30", "123", "INVALID_EXPIRY_DATE_FORMAT"),
            ("12", "30", "99", "INVALID_CVV"),
            ("12", "30", "12a", "INVALID_CVV"),
            ("12", "30", "1234", "INVALID_CVV"),
        ] {
            assert_eq!(code(&card(n, month, year, cvc)), expected, "{month}/{year} {cvc}");
        }
        assert_eq!(code(&card("378282246310005", "12", "30", "1234")), "ok");
        assert_eq!(code(&card("378282246310005", "12", "30", "123")), "INVALID_CVV");
    }
}

//! The published test cards, and the cards that the gateway has stored.

use serde::{Deserialize, Serialize};

/// How payments with a card go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardBehaviour {
    /// Paid.
    Success,
    /// The issuer refuses.
    Declined,
    /// Paid, and never authenticated by 3DS.
    ExemptFrom3ds,
    /// Refused: a valid number, but not one of the test cards.
    NotATestCard,
    /// Paid after a 3DS challenge, even when the merchant did not request one.
    #[serde(alias = "Asks3ds")]
    Requires3ds,
}

/// A published test card.
#[derive(Debug)]
pub struct TestCard {
    /// The number.
    pub number: &'static str,
    /// Such as `VISA`.
    pub brand: &'static str,
    /// ISO 3166 alpha-2.
    pub country: &'static str,
    /// How payments with it go.
    pub behaviour: CardBehaviour,
}

impl TestCard {
    /// The test card with this number.
    #[must_use]
    pub fn find(number: &str) -> Option<&'static Self> {
        TEST_CARDS.iter().find(|card| card.number == number)
    }
}

const fn test_card(
    number: &'static str,
    brand: &'static str,
    country: &'static str,
    behaviour: CardBehaviour,
) -> TestCard {
    TestCard { number, brand, country, behaviour }
}

/// Source: the sandbox page of the public documentation. "Global" cards get a country here,
/// because a card always has one.
pub static TEST_CARDS: [TestCard; 10] = [
    test_card("9490220011669217", "HYUNDAI", "KR", CardBehaviour::Success),
    test_card("4294097400915107", "VISA", "BR", CardBehaviour::Success),
    test_card("4006055482525268", "VISA", "MX", CardBehaviour::Success),
    test_card("4600729331819383", "VISA", "CL", CardBehaviour::Success),
    test_card("4310377720003234", "VISA", "PE", CardBehaviour::Success),
    test_card("4054695723100768", "VISA", "SG", CardBehaviour::Success),
    test_card("5162774114974622", "MASTERCARD", "SG", CardBehaviour::Success),
    test_card("4054692760174822", "VISA", "SG", CardBehaviour::Declined),
    test_card("5162770472561357", "MASTERCARD", "SG", CardBehaviour::Declined),
    test_card("4035501000000008", "VISA", "SG", CardBehaviour::ExemptFrom3ds),
];

/// A card that the gateway keeps for a merchant.
#[derive(Debug)]
pub struct StoredCard {
    /// `paymentMethodId`.
    pub id: &'static str,
    pub(super) number: &'static str,
    /// Such as `VISA`.
    pub brand: &'static str,
    pub(super) behaviour: CardBehaviour,
}

impl StoredCard {
    /// The stored card with this `paymentMethodId`.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        STORED_CARDS.iter().find(|card| card.id == id)
    }

    /// Last four digits.
    #[must_use]
    pub fn last_four(&self) -> &'static str {
        self.number.get(self.number.len().saturating_sub(4)..).unwrap_or_default()
    }
}

/// The accepted `paymentMethodId`s of a session. The ids are the sandbox's own: a real gateway gives
/// them out in an earlier payment.
pub static STORED_CARDS: [StoredCard; 4] = [
    StoredCard {
        id: "SANDBOX_CARD_VISA",
        number: "4054695723100768",
        brand: "VISA",
        behaviour: CardBehaviour::Success,
    },
    StoredCard {
        id: "SANDBOX_CARD_MASTERCARD",
        number: "5162774114974622",
        brand: "MASTERCARD",
        behaviour: CardBehaviour::Success,
    },
    StoredCard {
        id: "SANDBOX_CARD_DECLINED",
        number: "4054692760174822",
        brand: "VISA",
        behaviour: CardBehaviour::Declined,
    },
    StoredCard {
        id: "SANDBOX_CARD_3DS",
        number: "4054695723100768",
        brand: "VISA",
        behaviour: CardBehaviour::Requires3ds,
    },
];

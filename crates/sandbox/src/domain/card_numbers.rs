//! Card numbers in texts that are no card numbers.
//!
//! *Invariant:* the gateway stores no text of a buyer, of a page, or one that a merchant's people wrote,
//! with a card number in it: each is refused before. A merchant's ids and the parameters of its
//! addresses are not searched: they are made by programs, and one in ten of those with the digits of a
//! card number has the right check digit by chance.

use kassa_core::card::{Pan, digits};

/// A run of digits, and whether the next run may belong to the same number: one character that is
/// neither letter nor digit stands between them.
struct Group {
    digits: String,
    joins_next: bool,
}

/// Whether a text contains the number of a card of a known brand with the right check digit, in one
/// piece or in groups.
#[must_use]
pub fn contains(text: &str) -> bool {
    let groups = groups(text);
    (0..groups.len()).any(|first| {
        let mut number = String::new();
        for group in groups.iter().skip(first) {
            number.push_str(&group.digits);
            if is_card_number(&number) {
                return true;
            }
            if !group.joins_next {
                break;
            }
        }
        false
    })
}

/// Whether a text is a card number and nothing else, apart from the gaps of its groups.
#[must_use]
pub fn is(text: &str) -> bool {
    text.chars().all(|c| !c.is_alphabetic()) && is_card_number(&digits(text))
}

fn is_card_number(digits: &str) -> bool {
    Pan::parse(digits).is_ok_and(|pan| pan.brand().is_some() && pan.has_fitting_check_digit())
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // Characters since the last digit.
    let mut between = usize::MAX;
    for character in text.chars() {
        let digit = digits(character.encode_utf8(&mut [0; 4]));
        if digit.is_empty() {
            // A letter ends a number.
            let step = if character.is_alphanumeric() { usize::MAX } else { 1 };
            between = between.saturating_add(step);
            continue;
        }
        match groups.last_mut() {
            Some(group) if between == 0 => group.digits.push_str(&digit),
            last => {
                if let Some(group) = last {
                    group.joins_next = between == 1;
                }
                groups.push(Group { digits: digit, joins_next: false });
            }
        }
        between = 0;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::test_card::STORED_CARDS;

    #[test]
    fn numbers_are_found_in_every_form() {
        for text in [
            "4054695723100768",
            "4054 6957 2310 0768",
            "4054-6957-2310-0768",
            "4054.6957.2310.0768",
            "4054\u{a0}6957\u{a0}2310\u{a0}0768",
            "Ann Buyer 4054695723100768 12/39",
            "12 4054 6957 2310 0768 39",
            "{\"card\":\"4054695723100768\"}",
            "card:4054695723100768;cvc:123",
            "3782 822463 10005",
            "\u{ff14}\u{ff10}\u{ff15}\u{ff14}695723100768",
            "\u{664}\u{660}\u{665}\u{664}695723100768",
        ] {
            assert!(contains(text), "{text}");
        }
        for card in &STORED_CARDS {
            assert!(contains(card.number) && is(card.number), "{}", card.number);
        }
    }

    #[test]
    fn other_digits_are_no_card_numbers() {
        for text in [
            "",
            "Two cups",
            "4054695723100769",
            "20261125102204123",
            "2026-11-25T10:22:04.123+08:00",
            "+60 12 345 6789, 50450 Kuala Lumpur",
            // Too long, or in pieces that are none.
            "94054695723100768123",
            "4054a6957b2310c0768",
            "4054, 6957, 2310, 0768",
            "123e4567-e89b-12d3-a456-426614174000",
            "1795000000000",
        ] {
            assert!(!contains(text), "{text}");
        }
        assert!(is("4054 6957 2310 0768") && !is("a4054695723100768") && !is("x-1"));
    }
}

//! Small tools for text that cost little in wasm. The standard library's own are better at long
//! texts, which there are none of here, and bring searching and formatting machinery of several
//! kilobytes into the module that every buyer downloads (`docs/adr/0001-size.md`).

/// Puts values where a text has `{}`, in order.
#[must_use]
pub fn fill(template: &str, values: &[&str]) -> String {
    let mut text = String::new();
    let mut rest = template;
    for value in values {
        let (before, after) = cut(rest, "{}");
        text.push_str(before);
        text.push_str(value);
        rest = after.unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// A text, or another one where it is empty.
#[must_use]
#[inline(never)]
pub fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

/// A number in decimal digits.
#[must_use]
pub fn digits(number: u64) -> String {
    decimal(number, 0)
}

/// A number in decimal digits, so many of them after a point.
#[must_use]
pub fn decimal(number: u64, places: u8) -> String {
    let mut text = String::new();
    push_decimal(&mut text, number, places);
    text
}

/// Writes the digits before the last one first.
fn push_decimal(text: &mut String, number: u64, places: u8) {
    if number > 9 || places > 0 {
        push_decimal(text, number / 10, places.saturating_sub(1));
    }
    if places == 1 {
        text.push('.');
    }
    let digit = u8::try_from(number % 10).unwrap_or_default();
    text.push(char::from(b'0' + digit));
}

/// The number that decimal digits mean. `None` for anything else, and for what does not fit.
#[must_use]
pub fn number(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0_u64, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // Not `checked_mul`: in wasm that is a multiplication of 128 bits.
        if number > u64::MAX / 10 {
            return None;
        }
        (number * 10).checked_add(u64::from(digit))
    })
}

/// Where a piece of ASCII text begins in a text, in bytes. Nothing is nowhere.
#[must_use]
#[inline(never)]
pub fn find(text: &str, piece: &str) -> Option<usize> {
    text.as_bytes().windows(piece.len().max(1)).position(|window| window == piece.as_bytes())
}

/// A text up to a piece of ASCII text, and what follows that.
#[must_use]
#[inline(never)]
pub fn cut<'a>(text: &'a str, piece: &str) -> (&'a str, Option<&'a str>) {
    match find(text, piece) {
        Some(at) => (text.get(..at).unwrap_or(text), text.get(at + piece.len()..)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_go_where_they_belong() {
        assert_eq!(fill("{}&&{}&&{}", &["a", "", "{}"]), "a&&&&{}");
        assert_eq!(fill("The {} is {}.", &["card", "é"]), "The card is é.");
        assert_eq!(fill("as it is", &[]), "as it is");
    }

    proptest! {
        #[test]
        fn digits_and_number_agree_with_the_standard_library(value: u64, text in "[0-9a+ -]{0,22}") {
            prop_assert_eq!(digits(value), value.to_string());
            prop_assert_eq!(number(&digits(value)), Some(value));
            let only_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            prop_assert_eq!(number(&text), only_digits.then(|| text.parse().ok()).flatten());
        }

        #[test]
        fn find_agrees_with_the_standard_library(text in "[a&é]{0,9}", piece in "[a&]{1,2}") {
            prop_assert_eq!(find(&text, &piece), text.find(&piece));
        }

        #[test]
        fn cut_agrees_with_the_standard_library(text in "[a&é]{0,9}", piece in "[a&]{1,2}") {
            let parts = text.split_once(&piece);
            let (before, after) = cut(&text, &piece);
            prop_assert_eq!(parts, after.map(|after| (before, after)));
            prop_assert!(after.is_some() || before == text);
        }
    }
}

//! Text without those parts of the standard library that are large in the shipped module: formatting
//! (`core::fmt`), with which the build fails, and its searchers, which are made for long texts
//! (`docs/adr/0001-size.md`).

/// Puts values where a template has `{}`, in order.
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

/// Whether a text contains a piece of text.
#[must_use]
pub fn contains(text: &str, piece: &str) -> bool {
    find(text, piece).is_some()
}

/// A text up to a piece of text, and the text behind that.
#[must_use]
pub fn cut<'a>(text: &'a str, piece: &str) -> (&'a str, Option<&'a str>) {
    match find(text, piece) {
        Some(at) => (text.get(..at).unwrap_or(text), text.get(at + piece.len()..)),
        None => (text, None),
    }
}

fn find(text: &str, piece: &str) -> Option<usize> {
    let piece = piece.as_bytes();
    if piece.is_empty() {
        return Some(0);
    }
    text.as_bytes().windows(piece.len()).position(|window| window == piece)
}

/// A number in decimal digits.
#[must_use]
pub fn digits(number: impl Into<u64>) -> String {
    kassa_protocol::digits(number.into())
}

/// The number that decimal digits mean. `None` for anything else, a sign included, and for a
/// number of more than 64 bits.
#[must_use]
pub fn number(text: &str) -> Option<u64> {
    // `str::parse` alone would take a plus sign.
    let only_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if only_digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_replace_the_placeholders_in_order() {
        assert_eq!(fill("{}&&{}&&{}", &["a", "", "{}"]), "a&&&&{}");
        assert_eq!(fill("The {} is {}.", &["card", "é"]), "The card is é.");
        assert_eq!(fill("as it is", &[]), "as it is");
    }

    proptest! {
        #[test]
        fn cut_and_contains_agree_with_the_standard_library(
            text in "[a&é]{0,9}",
            piece in "[a&]{1,2}",
        ) {
            let parts = text.split_once(&piece);
            let (before, after) = cut(&text, &piece);
            prop_assert_eq!(parts, after.map(|after| (before, after)));
            prop_assert!(after.is_some() || before == text);
            prop_assert_eq!(contains(&text, &piece), text.contains(&piece));
        }

        #[test]
        fn digits_and_number_agree_with_the_standard_library(value: u64, text in "[0-9a+ -]{0,22}") {
            prop_assert_eq!(digits(value), value.to_string());
            prop_assert_eq!(number(&digits(value)), Some(value));
            let only_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            prop_assert_eq!(number(&text), only_digits.then(|| text.parse().ok()).flatten());
        }
    }
}

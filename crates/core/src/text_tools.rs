//! Text without `core::fmt`: its formatting code costs 3 KB of the shipped module, and the build
//! fails when the module links it (`docs/adr/0001-size.md`).

/// Puts values where a template has `{}`, in order.
#[must_use]
pub fn fill(template: &str, values: &[&str]) -> String {
    let mut parts = template.split("{}");
    let mut text = String::from(parts.next().unwrap_or_default());
    let mut values = values.iter();
    for part in parts {
        text.push_str(values.next().copied().unwrap_or_default());
        text.push_str(part);
    }
    text
}

/// A number in decimal digits.
#[must_use]
pub fn digits(number: impl Into<u64>) -> String {
    String::from(itoa::Buffer::new().format(number.into()))
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
        fn digits_and_number_agree_with_the_standard_library(value: u64, text in "[0-9a+ -]{0,22}") {
            prop_assert_eq!(digits(value), value.to_string());
            prop_assert_eq!(number(&digits(value)), Some(value));
            let only_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            prop_assert_eq!(number(&text), only_digits.then(|| text.parse().ok()).flatten());
        }
    }
}

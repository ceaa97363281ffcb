//! Properties of every field, for arbitrary texts.

use kassa_core::card::{Change, Edited};
use kassa_core::form::{FieldFault, FieldKind, FieldRules};
use proptest::prelude::*;

use super::{KINDS, rules};

fn kind() -> impl Strategy<Value = FieldKind> {
    prop::sample::select(KINDS.map(|(_, kind)| kind).to_vec())
}

fn change() -> impl Strategy<Value = Change> {
    prop::sample::select(vec![Change::DeletedBack, Change::DeletedForward, Change::Entered])
}

/// Texts of buyers, and some arbitrary characters.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9 .+()-]{0,18}",
        "[+]?[0-9]{5,16}",
        "[12][0-9]{3}-[01][0-9]-[0-3][0-9]",
        "[a-z.]{1,9}@[a-z.]{1,9}\\.[a-z]{2,3}",
        "[a-zA-Zé王 ]{0,12}",
        "\\PC{0,14}",
        "(true|false|ING|Rabobank Nederland)",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn formatting_is_idempotent(kind in kind(), before in typed(), text in typed(), caret in 0_usize..40, change in change()) {
        let once = kind.shape(&Edited { before: &before, text: &text, caret, change });
        let units = once.text.encode_utf16().count();
        prop_assert!(once.caret <= units, "{} in {:?}", once.caret, once.text);
        // Not inside of a character.
        let left: Vec<u16> = once.text.encode_utf16().take(once.caret).collect();
        prop_assert!(String::from_utf16(&left).is_ok());
        let again = Edited { before: &once.text, text: &once.text, caret: once.caret, change: Change::Entered };
        let twice = kind.shape(&again);
        prop_assert_eq!((&once.text, once.caret), (&twice.text, twice.caret));
    }

    #[test]
    fn reading_is_idempotent(
        kind in kind(),
        text in typed(),
        mandatory: bool,
        country in prop::sample::select(vec!["", "ES", "IT", "JP", "KR", "KZ", "US", "HU", "ID"]),
    ) {
        let rules = FieldRules { mandatory, country, ..rules(kind) };
        if let Ok(value) = rules.read(&text) {
            prop_assert_eq!(rules.read(&value), Ok(value.clone()));
            // The formatted text of the field has the same value.
            let caret = value.encode_utf16().count();
            let shown = kind.shape(&Edited { before: "", text: &value, caret, change: Change::Entered });
            prop_assert_eq!(rules.read(&shown.text), Ok(value.clone()));
            if kind == FieldKind::Phone && !value.is_empty() {
                prop_assert!(value.starts_with('+') && value.len() <= 16);
                prop_assert!(value.bytes().skip(1).all(|byte| byte.is_ascii_digit()));
            }
        }
    }

    #[test]
    fn formatting_keeps_the_value(kind in kind(), text in typed()) {
        let caret = text.encode_utf16().count();
        let shown = kind.shape(&Edited { before: "", text: &text, caret, change: Change::Entered });
        let rules = FieldRules { country: "JP", ..rules(kind) };
        if let Ok(value) = rules.read(&text) {
            prop_assert_eq!(rules.read(&shown.text), Ok(value));
        }
    }

    #[test]
    fn one_changed_digit_of_a_cpf_is_detected(nine in "[0-9]{9}", place in 0_usize..11, other in 1_u8..10) {
        let sum = |cpf: &str| {
            let weights = (2..=cpf.len() + 1).rev();
            let sum: usize = cpf.bytes().zip(weights).map(|(b, w)| usize::from(b - b'0') * w).sum();
            match sum % 11 { 0 | 1 => 0, rest => 11 - rest }
        };
        let mut cpf = nine;
        for _ in 0..2 {
            cpf = format!("{cpf}{}", sum(&cpf));
        }
        prop_assume!(cpf.bytes().any(|byte| Some(byte) != cpf.bytes().next()));
        prop_assert_eq!(rules(FieldKind::Cpf).read(&cpf), Ok(cpf.clone()));
        let mut bytes = cpf.into_bytes();
        bytes[place] = b'0' + (bytes[place] - b'0' + other) % 10;
        let read = rules(FieldKind::Cpf).read(std::str::from_utf8(&bytes).unwrap());
        prop_assert!(read == Err(FieldFault::CheckDigits) || written_as_zero(&bytes), "{:?}", read);
    }
}

/// Remainders 0 and 1 are both written as 0: a mistake that swaps them cannot be detected.
fn written_as_zero(cpf: &[u8]) -> bool {
    cpf[9] == b'0' || cpf[10] == b'0'
}

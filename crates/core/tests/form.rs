//! Fields of methods other than cards: what is typed, what is right, and what travels.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "in a test, dying with a message is the report"
)]

use kassa_core::card::{Change, Edited, Shown};
use kassa_core::form::{Fault, Kind, Rules};
use proptest::prelude::*;

const KINDS: [(&str, Kind); 11] = [
    ("BANK", Kind::Bank),
    ("BLIK", Kind::Blik),
    ("CONSENT", Kind::Consent),
    ("CPF", Kind::Cpf),
    ("DATE", Kind::Date),
    ("EMAIL", Kind::Email),
    ("NAME", Kind::Name),
    ("NUMBER", Kind::Number),
    ("PHONE", Kind::Phone),
    ("SELECT", Kind::Select),
    ("TEXT", Kind::Text),
];

const FAULTS: [Fault; 10] = [
    Fault::CheckDigits,
    Fault::InFuture,
    Fault::Malformed,
    Fault::Missing,
    Fault::NoCountry,
    Fault::NoSuchDay,
    Fault::NotAName,
    Fault::TooLong,
    Fault::TooShort,
    Fault::UnknownOption,
];

fn rules(kind: Kind) -> Rules<'static> {
    Rules {
        kind,
        mandatory: true,
        country: "",
        shortest: 0,
        longest: 0,
        options: "ING\nABN_AMRO\nRabobank Nederland",
        today: "2026-11-24",
    }
}

fn check(rules: Rules<'_>, table: &[(&str, Result<&str, Fault>)]) {
    for (text, expected) in table {
        let read = rules.read(text);
        assert_eq!(read.as_deref().map_err(|fault| *fault), *expected, "{text:?}");
    }
}

fn phones(country: &str, table: &[(&str, Result<&str, Fault>)]) {
    check(Rules { country, ..rules(Kind::Phone) }, table);
}

/// What a field shows after an edit; `|` is the caret.
fn shape(kind: Kind, before: &str, text: &str, change: Change) -> String {
    let caret = text.find('|').unwrap();
    let caret = text[..caret].encode_utf16().count();
    let text = text.replace('|', "");
    let Shown { text, caret } = kind.shape(&Edited { before, text: &text, caret, change });
    let mut units: Vec<u16> = text.encode_utf16().collect();
    units.insert(caret, u16::from(b'|'));
    String::from_utf16(&units).unwrap()
}

#[test]
fn kinds_are_told_by_the_gateways_names() {
    for (wire, kind) in KINDS {
        assert_eq!(Kind::of(wire), kind);
    }
    assert_eq!(Kind::of("HOLOGRAM"), Kind::Text);
    assert_eq!(Kind::of(""), Kind::Text);
}

#[test]
fn nothing_is_missing_only_where_something_must_be() {
    for (_, kind) in KINDS {
        for empty in ["", "  ", "\u{3000}\t\n"] {
            assert_eq!(rules(kind).read(empty), Err(Fault::Missing), "{kind:?}");
            let read = Rules { mandatory: false, ..rules(kind) }.read(empty).unwrap();
            assert_eq!(read, if kind == Kind::Consent { "false" } else { "" }, "{kind:?}");
        }
    }
}

#[test]
fn a_consent_is_given_or_not() {
    check(
        rules(Kind::Consent),
        &[("true", Ok("true")), ("false", Err(Fault::Missing)), ("yes", Err(Fault::Missing))],
    );
    let optional = Rules { mandatory: false, ..rules(Kind::Consent) };
    check(optional, &[("true", Ok("true")), ("false", Ok("false")), ("1", Ok("false"))]);
}

#[test]
fn options_are_chosen_as_a_whole() {
    for kind in [Kind::Bank, Kind::Select] {
        check(
            rules(kind),
            &[
                ("ING", Ok("ING")),
                ("Rabobank Nederland", Ok("Rabobank Nederland")),
                ("ABN", Err(Fault::UnknownOption)),
                ("ING\nABN_AMRO", Err(Fault::UnknownOption)),
                ("ing", Err(Fault::UnknownOption)),
            ],
        );
        check(Rules { options: "", ..rules(kind) }, &[("ING", Err(Fault::UnknownOption))]);
    }
}

#[test]
fn blik_codes_have_six_digits() {
    check(
        rules(Kind::Blik),
        &[
            ("777123", Ok("777123")),
            ("000 001", Ok("000001")),
            ("\u{ff17}\u{ff17}\u{ff17}123", Ok("777123")),
            ("77712", Err(Fault::TooShort)),
            ("7771234", Err(Fault::TooLong)),
            ("abc", Err(Fault::Malformed)),
        ],
    );
}

#[test]
fn cpfs_carry_two_check_digits() {
    check(
        rules(Kind::Cpf),
        &[
            ("529.982.247-25", Ok("52998224725")),
            ("11144477735", Ok("11144477735")),
            // A remainder of 10, written as 0.
            ("123.456.789-09", Ok("12345678909")),
            ("529.982.247-52", Err(Fault::CheckDigits)),
            ("529.982.247-24", Err(Fault::CheckDigits)),
            ("529.982.247-15", Err(Fault::CheckDigits)),
            ("111.111.111-11", Err(Fault::CheckDigits)),
            ("00000000000", Err(Fault::CheckDigits)),
            ("529.982.247-2", Err(Fault::TooShort)),
            ("529.982.247-255", Err(Fault::TooLong)),
            ("-", Err(Fault::Malformed)),
        ],
    );
}

#[test]
fn dates_are_in_the_calendar_and_not_ahead() {
    check(
        rules(Kind::Date),
        &[
            ("1990-12-31", Ok("1990-12-31")),
            ("19901231", Ok("1990-12-31")),
            ("2000-02-29", Ok("2000-02-29")),
            ("2024-02-29", Ok("2024-02-29")),
            ("2026-11-24", Ok("2026-11-24")),
            ("2026-11-25", Err(Fault::InFuture)),
            ("2027-01-01", Err(Fault::InFuture)),
            ("1900-02-29", Err(Fault::NoSuchDay)),
            ("2023-02-29", Err(Fault::NoSuchDay)),
            ("1990-04-31", Err(Fault::NoSuchDay)),
            ("1990-13-01", Err(Fault::NoSuchDay)),
            ("1990-00-01", Err(Fault::NoSuchDay)),
            ("1990-01-00", Err(Fault::NoSuchDay)),
            ("0000-01-01", Err(Fault::NoSuchDay)),
            ("1990-12", Err(Fault::Malformed)),
            ("1990-12-311", Err(Fault::Malformed)),
            ("soon", Err(Fault::Malformed)),
        ],
    );
    check(Rules { today: "", ..rules(Kind::Date) }, &[("2999-01-01", Ok("2999-01-01"))]);
}

#[test]
fn addresses_look_like_addresses() {
    let longest = format!("{}@example.com", "a".repeat(52));
    let too_long = format!("{}@example.com", "a".repeat(53));
    check(
        rules(Kind::Email),
        &[
            ("mia@example.com", Ok("mia@example.com")),
            (" mia.chen+shop@mail.example.co.uk ", Ok("mia.chen+shop@mail.example.co.uk")),
            ("mia\u{ff20}example\u{ff0e}com", Ok("mia@example.com")),
            ("用户@例子.公司", Ok("用户@例子.公司")),
            (&longest, Ok(&longest)),
            (&too_long, Err(Fault::TooLong)),
            ("mia", Err(Fault::Malformed)),
            ("mia@", Err(Fault::Malformed)),
            ("@example.com", Err(Fault::Malformed)),
            ("mia@example", Err(Fault::Malformed)),
            ("mia@example.c", Err(Fault::Malformed)),
            ("mia@.com", Err(Fault::Malformed)),
            ("mia@example..com", Err(Fault::Malformed)),
            ("mia@example.com.", Err(Fault::Malformed)),
            ("mia@-example.com", Err(Fault::Malformed)),
            ("mia@192.168.0.1", Err(Fault::Malformed)),
            ("mia@chen@example.com", Err(Fault::Malformed)),
            ("mia@example.com,leo@example.com", Err(Fault::Malformed)),
            ("<mia@example.com>", Err(Fault::Malformed)),
        ],
    );
}

#[test]
fn names_and_texts_have_limits() {
    let name = Rules { shortest: 2, longest: 5, ..rules(Kind::Name) };
    check(
        name,
        &[
            ("  Mia ", Ok("Mia")),
            ("Ö Ü", Ok("Ö Ü")),
            ("王", Err(Fault::TooShort)),
            ("Amelie", Err(Fault::TooLong)),
            ("4242", Err(Fault::NotAName)),
            ("\u{200b}", Err(Fault::Malformed)),
        ],
    );
    let text = Rules { shortest: 2, longest: 5, ..rules(Kind::Text) };
    check(
        text,
        &[
            ("a  b", Ok("a b")),
            ("4242", Ok("4242")),
            ("a", Err(Fault::TooShort)),
            ("abcdef", Err(Fault::TooLong)),
        ],
    );
    check(rules(Kind::Text), &[(&"é".repeat(257), Err(Fault::TooLong))]);
    let number = Rules { shortest: 2, longest: 4, ..rules(Kind::Number) };
    check(
        number,
        &[
            ("007", Ok("007")),
            ("1-2", Ok("12")),
            ("1", Err(Fault::TooShort)),
            ("12345", Err(Fault::TooLong)),
            ("x", Err(Fault::Malformed)),
        ],
    );
}

#[test]
fn phone_numbers_become_international() {
    phones(
        "ES",
        &[
            ("600 112 233", Ok("+34600112233")),
            ("+34 600-11-22-33", Ok("+34600112233")),
            ("0034600112233", Ok("+34600112233")),
            ("34600112233", Ok("+34600112233")),
            ("\u{ff0b}34 600112233", Ok("+34600112233")),
            ("(+34) 600112233", Ok("+34600112233")),
            ("+351 912 345 678", Ok("+351912345678")),
            ("60011223", Err(Fault::TooShort)),
            ("6001122334", Err(Fault::TooLong)),
            ("+3460011223", Err(Fault::TooShort)),
            ("+346001122334", Err(Fault::TooLong)),
            ("+099 1234567", Err(Fault::Malformed)),
            ("+99 123", Err(Fault::TooShort)),
            ("+9991234567890123", Err(Fault::TooLong)),
            ("-", Err(Fault::Malformed)),
        ],
    );
    phones("PT", &[("912 345 678", Ok("+351912345678"))]);
    phones("PL", &[("512 345 678", Ok("+48512345678"))]);
    phones("SA", &[("055 123 4567", Ok("+966551234567"))]);
    phones("KR", &[("010-1234-5678", Ok("+821012345678")), ("02-123-4567", Ok("+8221234567"))]);
    phones("ID", &[("0812-3456-7890", Ok("+6281234567890"))]);
    phones("GB", &[("+44 (0)20 7946 0000", Ok("+442079460000"))]);
    phones(
        "JP",
        &[
            ("090-1234-5678", Ok("+819012345678")),
            ("03-1234-5678", Ok("+81312345678")),
            ("+81 90 1234 5678", Ok("+819012345678")),
            ("0", Err(Fault::TooShort)),
        ],
    );
    // The 0 of an Italian landline stays, and there is none before a mobile number.
    phones("IT", &[("06 6982 0000", Ok("+390669820000")), ("347 123 4567", Ok("+393471234567"))]);
    phones("HU", &[("06 20 123 4567", Ok("+36201234567"))]);
    phones("US", &[("1 212 555 0100", Ok("+12125550100")), ("(212) 555-0100", Ok("+12125550100"))]);
    // 8 is a trunk prefix, and what some numbers begin with.
    phones("KZ", &[("8 701 123 4567", Ok("+77011234567")), ("8001234567", Ok("+78001234567"))]);
    for country in ["", "XX", "es", "ESP"] {
        phones(
            country,
            &[("600112233", Err(Fault::NoCountry)), ("+34600112233", Ok("+34600112233"))],
        );
    }
}

#[test]
fn fields_are_shaped_while_typed() {
    let (typed, back) = (Change::Entered, Change::DeletedBack);
    for (kind, before, text, change, expected) in [
        (Kind::Blik, "777", "7771|", typed, "777 1|"),
        (Kind::Blik, "777 1", "777| 1", typed, "777| 1"),
        (Kind::Blik, "777 123", "777|123", back, "77|1 23"),
        (Kind::Blik, "777 123", "777 1234|", typed, "777 1234|"),
        (Kind::Cpf, "", "52998224725|", typed, "529.982.247-25|"),
        (Kind::Cpf, "529.9", "529|9", back, "52|9"),
        (Kind::Cpf, "529.98", "5x29|.98", typed, "529|.98"),
        (Kind::Date, "", "199012|", typed, "1990-12|"),
        (Kind::Date, "1990-12", "1990-12-3|", typed, "1990-12-3|"),
        (Kind::Email, "", "mia @example.com |", typed, "mia@example.com|"),
        (Kind::Email, "", "\u{1f4b3} \u{1f4b3}| a", typed, "\u{1f4b3}\u{1f4b3}|a"),
        (Kind::Number, "", "00-7|a1", typed, "007|1"),
        (Kind::Phone, "", "+34x 600|y1", typed, "+34 600|1"),
        (Kind::Phone, "", "\u{ff0b}\u{ff13}\u{ff14}|", typed, "+34|"),
        (Kind::Text, "", "\u{1f4b3}|  b", typed, "\u{1f4b3}|  b"),
    ] {
        assert_eq!(shape(kind, before, text, change), expected, "{kind:?} {text}");
    }
}

#[test]
fn every_fault_has_words() {
    for (_, kind) in KINDS {
        assert!(!kind.label().is_empty());
        for fault in FAULTS {
            let message = rules(kind).message(fault);
            assert!(message.ends_with('.') && !message.contains("{}"), "{kind:?} {fault:?}");
        }
    }
    let name = Rules { shortest: 2, longest: 32, ..rules(Kind::Name) };
    assert_eq!(name.message(Fault::TooLong), "Use at most 32 characters.");
    assert_eq!(name.message(Fault::TooShort), "Use at least 2 characters.");
    assert_eq!(rules(Kind::Email).message(Fault::TooLong), "Use at most 64 characters.");
    assert_eq!(rules(Kind::Blik).message(Fault::TooShort), "The code has 6 digits.");
    assert_eq!(rules(Kind::Cpf).message(Fault::TooLong), "A CPF has 11 digits.");
}

#[test]
fn inputs_say_what_they_are_for() {
    for (kind, key, autocomplete) in [
        (Kind::Email, "buyerEmail", "email"),
        (Kind::Phone, "phoneNumber", "tel"),
        (Kind::Name, "firstName", "given-name"),
        (Kind::Name, "lastName", "family-name"),
        (Kind::Name, "userName", "name"),
        (Kind::Date, "birthDate", "bday"),
        (Kind::Blik, "blikCode", "off"),
    ] {
        assert_eq!(kind.input(key).autocomplete, autocomplete);
    }
    for (_, kind) in KINDS {
        // These tell no caret, or take texts away.
        assert!(!["email", "number"].contains(&kind.input("").element));
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(KINDS.map(|(_, kind)| kind).to_vec())
}

fn change() -> impl Strategy<Value = Change> {
    prop::sample::select(vec![Change::DeletedBack, Change::DeletedForward, Change::Entered])
}

/// What buyers type, with some of everything else.
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
    fn shaping_is_done_once(kind in kind(), before in typed(), text in typed(), caret in 0_usize..40, change in change()) {
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
    fn what_is_read_is_read_again(
        kind in kind(),
        text in typed(),
        mandatory: bool,
        country in prop::sample::select(vec!["", "ES", "IT", "JP", "KR", "KZ", "US", "HU", "ID"]),
    ) {
        let rules = Rules { mandatory, country, ..rules(kind) };
        if let Ok(value) = rules.read(&text) {
            prop_assert_eq!(rules.read(&value), Ok(value.clone()));
            // Shaped, as the field shows it, it means the same.
            let caret = value.encode_utf16().count();
            let shown = kind.shape(&Edited { before: "", text: &value, caret, change: Change::Entered });
            prop_assert_eq!(rules.read(&shown.text), Ok(value.clone()));
            if kind == Kind::Phone && !value.is_empty() {
                prop_assert!(value.starts_with('+') && value.len() <= 16);
                prop_assert!(value.bytes().skip(1).all(|byte| byte.is_ascii_digit()));
            }
        }
    }

    #[test]
    fn shaping_changes_no_meaning(kind in kind(), text in typed()) {
        let caret = text.encode_utf16().count();
        let shown = kind.shape(&Edited { before: "", text: &text, caret, change: Change::Entered });
        let rules = Rules { country: "JP", ..rules(kind) };
        if let Ok(value) = rules.read(&text) {
            prop_assert_eq!(rules.read(&shown.text), Ok(value));
        }
    }

    #[test]
    fn one_changed_digit_of_a_cpf_is_noticed(nine in "[0-9]{9}", place in 0_usize..11, other in 1_u8..10) {
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
        prop_assert_eq!(rules(Kind::Cpf).read(&cpf), Ok(cpf.clone()));
        let mut bytes = cpf.into_bytes();
        bytes[place] = b'0' + (bytes[place] - b'0' + other) % 10;
        let read = rules(Kind::Cpf).read(std::str::from_utf8(&bytes).unwrap());
        prop_assert!(read == Err(Fault::CheckDigits) || written_as_zero(&bytes), "{:?}", read);
    }
}

/// Remainders 0 and 1 are both written as 0: a mistake that swaps them cannot be seen.
fn written_as_zero(cpf: &[u8]) -> bool {
    cpf[9] == b'0' || cpf[10] == b'0'
}

//! Fields of payment methods other than cards: how they are typed, which values are valid, and their
//! wire form.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "in a test, a panic with a message is the report"
)]

#[path = "form/properties.rs"]
mod properties;

use std::sync::LazyLock;

use kassa_core::card::{Change, Edited, Shown};
use kassa_core::form::{FieldFault, FieldKind, FieldRules};
use kassa_core::text::{Language, Text, TextId, Translations};
use kassa_protocol::ElementType;
use kassa_protocol::client::{Choice, Element};

const KINDS: [(&str, FieldKind); 11] = [
    ("BANK", FieldKind::Bank),
    ("BLIK", FieldKind::Blik),
    ("CONSENT", FieldKind::Consent),
    ("CPF", FieldKind::Cpf),
    ("DATE", FieldKind::Date),
    ("EMAIL", FieldKind::Email),
    ("NAME", FieldKind::Name),
    ("NUMBER", FieldKind::Number),
    ("PHONE", FieldKind::Phone),
    ("SELECT", FieldKind::Select),
    ("TEXT", FieldKind::Text),
];

const FAULTS: [FieldFault; 10] = [
    FieldFault::CheckDigits,
    FieldFault::InFuture,
    FieldFault::Malformed,
    FieldFault::Missing,
    FieldFault::NoCountry,
    FieldFault::NoSuchDay,
    FieldFault::NotAName,
    FieldFault::TooLong,
    FieldFault::TooShort,
    FieldFault::UnknownOption,
];

/// The options of every select here.
static OPTIONS: LazyLock<Vec<Choice>> = LazyLock::new(|| {
    let values = ["ING", "ABN_AMRO", "Rabobank Nederland"].map(String::from);
    values.map(|value| Choice { value, ..Choice::default() }).into()
});

fn english() -> Language<Text> {
    Language::new("en-US", Translations::default())
}

fn rules(kind: FieldKind) -> FieldRules<'static> {
    FieldRules {
        kind,
        mandatory: true,
        country: "",
        shortest: 0,
        longest: 0,
        options: &OPTIONS,
        today: "2026-11-24",
    }
}

fn check(rules: FieldRules<'_>, table: &[(&str, Result<&str, FieldFault>)]) {
    for (text, expected) in table {
        let read = rules.read(text);
        assert_eq!(read.as_deref().map_err(|fault| *fault), *expected, "{text:?}");
    }
}

fn phones(country: &str, table: &[(&str, Result<&str, FieldFault>)]) {
    check(FieldRules { country, ..rules(FieldKind::Phone) }, table);
}

/// The text of a field after an edit; `|` is the caret.
fn shape(kind: FieldKind, before: &str, text: &str, change: Change) -> String {
    let caret = text.find('|').unwrap();
    let caret = text[..caret].encode_utf16().count();
    let text = text.replace('|', "");
    let Shown { text, caret } = kind.shape(&Edited { before, text: &text, caret, change });
    let mut units: Vec<u16> = text.encode_utf16().collect();
    units.insert(caret, u16::from(b'|'));
    String::from_utf16(&units).unwrap()
}

#[test]
fn an_element_has_the_kind_that_the_gateway_names() {
    let kind = |element_type: Option<ElementType>| {
        FieldKind::from(&Element { element_type, ..Element::default() })
    };
    for (wire, expected) in KINDS {
        assert_eq!(kind(Some(ElementType::from(wire))), expected, "{wire}");
    }
    assert_eq!(kind(Some(ElementType::from("HOLOGRAM"))), FieldKind::Text);
    assert_eq!(kind(None), FieldKind::Text);
}

#[test]
fn an_element_has_its_rules() {
    let element = Element {
        element_type: Some(ElementType::Name),
        element_mandatory: true,
        min_length: Some(2),
        max_length: Some(32),
        country: Some("PL".into()),
        options: OPTIONS.clone(),
        ..Element::default()
    };
    let rules = FieldRules::of(&element, "2026-11-24");
    assert_eq!(rules.kind, FieldKind::Name);
    assert!(rules.mandatory);
    assert_eq!((rules.shortest, rules.longest), (2, 32));
    assert_eq!((rules.country, rules.today), ("PL", "2026-11-24"));
    assert_eq!(rules.options, OPTIONS.as_slice());
    let plain = Element::default();
    let rules = FieldRules::of(&plain, "");
    assert_eq!((rules.shortest, rules.longest, rules.country), (0, 0, ""), "no rule");
}

#[test]
fn empty_values_are_missing_in_mandatory_fields_only() {
    for (_, kind) in KINDS {
        for empty in ["", "  ", "\u{3000}\t\n"] {
            assert_eq!(rules(kind).read(empty), Err(FieldFault::Missing), "{kind:?}");
            let read = FieldRules { mandatory: false, ..rules(kind) }.read(empty).unwrap();
            assert_eq!(read, if kind == FieldKind::Consent { "false" } else { "" }, "{kind:?}");
        }
    }
}

#[test]
fn a_consent_is_true_or_false() {
    check(
        rules(FieldKind::Consent),
        &[
            ("true", Ok("true")),
            ("false", Err(FieldFault::Missing)),
            ("yes", Err(FieldFault::Missing)),
        ],
    );
    let optional = FieldRules { mandatory: false, ..rules(FieldKind::Consent) };
    check(optional, &[("true", Ok("true")), ("false", Ok("false")), ("1", Ok("false"))]);
}

#[test]
fn options_match_exactly() {
    for kind in [FieldKind::Bank, FieldKind::Select] {
        check(
            rules(kind),
            &[
                ("ING", Ok("ING")),
                ("Rabobank Nederland", Ok("Rabobank Nederland")),
                ("ABN", Err(FieldFault::UnknownOption)),
                ("ING\nABN_AMRO", Err(FieldFault::UnknownOption)),
                ("ing", Err(FieldFault::UnknownOption)),
            ],
        );
        check(
            FieldRules { options: &[], ..rules(kind) },
            &[("ING", Err(FieldFault::UnknownOption))],
        );
    }
}

#[test]
fn blik_codes_have_six_digits() {
    check(
        rules(FieldKind::Blik),
        &[
            ("777123", Ok("777123")),
            ("000 001", Ok("000001")),
            ("\u{ff17}\u{ff17}\u{ff17}123", Ok("777123")),
            ("77712", Err(FieldFault::TooShort)),
            ("7771234", Err(FieldFault::TooLong)),
            ("abc", Err(FieldFault::Malformed)),
        ],
    );
}

#[test]
fn cpf_check_digits_are_checked() {
    check(
        rules(FieldKind::Cpf),
        &[
            ("529.982.247-25", Ok("52998224725")),
            ("11144477735", Ok("11144477735")),
            // A remainder of 10, written as 0.
            ("123.456.789-09", Ok("12345678909")),
            ("529.982.247-52", Err(FieldFault::CheckDigits)),
            ("529.982.247-24", Err(FieldFault::CheckDigits)),
            ("529.982.247-15", Err(FieldFault::CheckDigits)),
            ("111.111.111-11", Err(FieldFault::CheckDigits)),
            ("00000000000", Err(FieldFault::CheckDigits)),
            ("529.982.247-2", Err(FieldFault::TooShort)),
            ("529.982.247-255", Err(FieldFault::TooLong)),
            ("-", Err(FieldFault::Malformed)),
        ],
    );
}

#[test]
fn dates_exist_and_are_not_in_the_future() {
    check(
        rules(FieldKind::Date),
        &[
            ("1990-12-31", Ok("1990-12-31")),
            ("19901231", Ok("1990-12-31")),
            ("2000-02-29", Ok("2000-02-29")),
            ("2024-02-29", Ok("2024-02-29")),
            ("2026-11-24", Ok("2026-11-24")),
            ("2026-11-25", Err(FieldFault::InFuture)),
            ("2027-01-01", Err(FieldFault::InFuture)),
            ("1900-02-29", Err(FieldFault::NoSuchDay)),
            ("2023-02-29", Err(FieldFault::NoSuchDay)),
            ("1990-04-31", Err(FieldFault::NoSuchDay)),
            ("1990-13-01", Err(FieldFault::NoSuchDay)),
            ("1990-00-01", Err(FieldFault::NoSuchDay)),
            ("1990-01-00", Err(FieldFault::NoSuchDay)),
            ("0000-01-01", Err(FieldFault::NoSuchDay)),
            ("1990-12", Err(FieldFault::Malformed)),
            ("1990-12-311", Err(FieldFault::Malformed)),
            ("soon", Err(FieldFault::Malformed)),
        ],
    );
    check(FieldRules { today: "", ..rules(FieldKind::Date) }, &[("2999-01-01", Ok("2999-01-01"))]);
}

#[test]
fn email_addresses_are_checked() {
    let longest = format!("{}@example.com", "a".repeat(52));
    let too_long = format!("{}@example.com", "a".repeat(53));
    check(
        rules(FieldKind::Email),
        &[
            ("mia@example.com", Ok("mia@example.com")),
            (" mia.chen+shop@mail.example.co.uk ", Ok("mia.chen+shop@mail.example.co.uk")),
            ("mia\u{ff20}example\u{ff0e}com", Ok("mia@example.com")),
            ("用户@例子.公司", Ok("用户@例子.公司")),
            ("用户@例子\u{3002}公司", Ok("用户@例子.公司")),
            ("mia@example\u{ff61}com", Ok("mia@example.com")),
            ("\u{feff}mia\u{200b}@\u{202d}ex\u{ad}ample\u{202c}.com", Ok("mia@example.com")),
            (&longest, Ok(&longest)),
            (&too_long, Err(FieldFault::TooLong)),
            ("mia", Err(FieldFault::Malformed)),
            ("mia@", Err(FieldFault::Malformed)),
            ("@example.com", Err(FieldFault::Malformed)),
            ("mia@example", Err(FieldFault::Malformed)),
            ("mia@example.c", Err(FieldFault::Malformed)),
            ("mia@.com", Err(FieldFault::Malformed)),
            ("mia@example..com", Err(FieldFault::Malformed)),
            ("mia@example.com.", Err(FieldFault::Malformed)),
            ("mia@-example.com", Err(FieldFault::Malformed)),
            ("mia@192.168.0.1", Err(FieldFault::Malformed)),
            ("mia@chen@example.com", Err(FieldFault::Malformed)),
            ("mia@example.com,leo@example.com", Err(FieldFault::Malformed)),
            ("<mia@example.com>", Err(FieldFault::Malformed)),
        ],
    );
}

#[test]
fn names_and_texts_have_limits() {
    let name = FieldRules { shortest: 2, longest: 5, ..rules(FieldKind::Name) };
    check(
        name,
        &[
            ("  Mia ", Ok("Mia")),
            ("Ö Ü", Ok("Ö Ü")),
            ("王", Err(FieldFault::TooShort)),
            ("Amelie", Err(FieldFault::TooLong)),
            ("4242", Err(FieldFault::NotAName)),
            ("\u{200b}", Err(FieldFault::Missing)),
            ("\u{200c}", Err(FieldFault::Malformed)),
        ],
    );
    let text = FieldRules { shortest: 2, longest: 5, ..rules(FieldKind::Text) };
    check(
        text,
        &[
            ("a  b", Ok("a b")),
            ("4242", Ok("4242")),
            ("a", Err(FieldFault::TooShort)),
            ("abcdef", Err(FieldFault::TooLong)),
        ],
    );
    check(rules(FieldKind::Text), &[(&"é".repeat(257), Err(FieldFault::TooLong))]);
    let number = FieldRules { shortest: 2, longest: 4, ..rules(FieldKind::Number) };
    check(
        number,
        &[
            ("007", Ok("007")),
            ("1-2", Ok("12")),
            ("1", Err(FieldFault::TooShort)),
            ("12345", Err(FieldFault::TooLong)),
            ("x", Err(FieldFault::Malformed)),
        ],
    );
}

#[test]
fn phone_numbers_become_international() {
    phones("es", &[("600112233", Ok("+34600112233"))]);
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
            ("60011223", Err(FieldFault::TooShort)),
            ("6001122334", Err(FieldFault::TooLong)),
            ("+3460011223", Err(FieldFault::TooShort)),
            ("+346001122334", Err(FieldFault::TooLong)),
            ("+099 1234567", Err(FieldFault::Malformed)),
            ("+99 123", Err(FieldFault::TooShort)),
            ("+9991234567890123", Err(FieldFault::TooLong)),
            ("-", Err(FieldFault::Malformed)),
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
            ("0", Err(FieldFault::TooShort)),
        ],
    );
    // The 0 of an Italian landline stays, and there is none before a mobile number.
    phones("IT", &[("06 6982 0000", Ok("+390669820000")), ("347 123 4567", Ok("+393471234567"))]);
    phones("HU", &[("06 20 123 4567", Ok("+36201234567"))]);
    phones("US", &[("1 212 555 0100", Ok("+12125550100")), ("(212) 555-0100", Ok("+12125550100"))]);
    // 8 is a trunk prefix, and the first digit of some numbers.
    phones("KZ", &[("8 701 123 4567", Ok("+77011234567")), ("8001234567", Ok("+78001234567"))]);
    for country in ["", "XX", "ESP"] {
        phones(
            country,
            &[("600112233", Err(FieldFault::NoCountry)), ("+34600112233", Ok("+34600112233"))],
        );
    }
}

#[test]
fn fields_are_formatted_while_typed() {
    let (typed, back) = (Change::Entered, Change::DeletedBack);
    for (kind, before, text, change, expected) in [
        (FieldKind::Blik, "777", "7771|", typed, "777 1|"),
        (FieldKind::Blik, "777 1", "777| 1", typed, "777| 1"),
        (FieldKind::Blik, "777 123", "777|123", back, "77|1 23"),
        (FieldKind::Blik, "777 123", "777 1234|", typed, "777 1234|"),
        (FieldKind::Cpf, "", "52998224725|", typed, "529.982.247-25|"),
        (FieldKind::Cpf, "529.9", "529|9", back, "52|9"),
        (FieldKind::Cpf, "529.98", "5x29|.98", typed, "529|.98"),
        (FieldKind::Date, "", "199012|", typed, "1990-12|"),
        (FieldKind::Date, "1990-12", "1990-12-3|", typed, "1990-12-3|"),
        (FieldKind::Email, "", "mia @example.com |", typed, "mia@example.com|"),
        (FieldKind::Email, "", "\u{1f4b3} \u{1f4b3}| a", typed, "\u{1f4b3}\u{1f4b3}|a"),
        (FieldKind::Number, "", "00-7|a1", typed, "007|1"),
        (FieldKind::Phone, "", "+34x 600|y1", typed, "+34 600|1"),
        (FieldKind::Phone, "", "\u{ff0b}\u{ff13}\u{ff14}|", typed, "+34|"),
        (FieldKind::Text, "", "\u{1f4b3}|  b", typed, "\u{1f4b3}|  b"),
    ] {
        assert_eq!(shape(kind, before, text, change), expected, "{kind:?} {text}");
    }
}

#[test]
fn every_fault_has_a_message() {
    for (_, kind) in KINDS {
        assert!(!kind.label().english().is_empty());
        for fault in FAULTS {
            let message = rules(kind).message(fault, &english());
            assert!(message.ends_with('.') && !message.contains("{}"), "{kind:?} {fault:?}");
        }
    }
    let name = FieldRules { shortest: 2, longest: 32, ..rules(FieldKind::Name) };
    assert_eq!(name.message(FieldFault::TooLong, &english()), "Use at most 32 characters.");
    assert_eq!(name.message(FieldFault::TooShort, &english()), "Use at least 2 characters.");
    assert_eq!(
        rules(FieldKind::Email).message(FieldFault::TooLong, &english()),
        "Use at most 64 characters."
    );
    assert_eq!(
        rules(FieldKind::Blik).message(FieldFault::TooShort, &english()),
        "The code has 6 digits."
    );
    assert_eq!(
        rules(FieldKind::Cpf).message(FieldFault::TooLong, &english()),
        "A CPF has 11 digits."
    );
}

#[test]
fn inputs_have_autocomplete_tokens() {
    for (kind, key, autocomplete) in [
        (FieldKind::Email, "buyerEmail", "email"),
        (FieldKind::Phone, "phoneNumber", "tel"),
        (FieldKind::Name, "firstName", "given-name"),
        (FieldKind::Name, "lastName", "family-name"),
        (FieldKind::Name, "userName", "name"),
        (FieldKind::Date, "birthDate", "bday"),
        (FieldKind::Blik, "blikCode", "off"),
    ] {
        assert_eq!(kind.input(key).autocomplete, autocomplete);
    }
    for (_, kind) in KINDS {
        // These report no caret, or change the text.
        assert!(!["email", "number"].contains(&kind.input("").element));
    }
}

//! Cards: tables of typed texts, and properties that hold for any typed text.
#![allow(clippy::expect_used, clippy::string_slice, reason = "a test may panic")]

use kassa_core::card::{
    Brand, Change, Cvc, CvcError, Edited, Expiry, ExpiryError, Month, Pan, PanError, Shown, digits,
    type_expiry, type_number,
};
use proptest::prelude::*;

const NOW: Month = Month { year: 2026, month: 2 };

/// A text with `|` where the caret is.
fn marked(text: &str) -> (String, usize) {
    let caret = text.find('|').expect("a caret");
    (text.replace('|', ""), caret)
}

fn mark(shown: &Shown) -> String {
    let mut text = shown.text.clone();
    text.insert(shown.caret, '|');
    text
}

fn edit(how: fn(&Edited<'_>) -> Shown, before: &str, after: &str, change: Change) -> String {
    let (text, caret) = marked(after);
    mark(&how(&Edited { before, text: &text, caret, change }))
}

#[test]
fn the_sandbox_cards_are_accepted() {
    for (number, brand) in [
        ("9490220011669217", None),
        ("4294097400915107", Some(Brand::Visa)),
        ("4006055482525268", Some(Brand::Visa)),
        ("4600729331819383", Some(Brand::Visa)),
        ("4310377720003234", Some(Brand::Visa)),
        ("4054695723100768", Some(Brand::Visa)),
        ("5162774114974622", Some(Brand::Mastercard)),
        ("4054692760174822", Some(Brand::Visa)),
        ("5162770472561357", Some(Brand::Mastercard)),
        ("4035501000000008", Some(Brand::Visa)),
    ] {
        let pan = Pan::parse(number).expect(number);
        assert_eq!(pan.brand(), brand, "{number}");
        assert_eq!(pan.expose(), number);
        assert_eq!(pan.last_four(), &number[12..]);
    }
}

#[test]
fn the_longest_prefix_names_the_brand() {
    for (digits, brand) in [
        ("", None),
        ("4", Some(Brand::Visa)),
        ("402918", Some(Brand::Naranja)),
        ("401178", Some(Brand::Elo)),
        ("493698", Some(Brand::Maestro)),
        ("51", Some(Brand::Mastercard)),
        ("527572", Some(Brand::Naranja)),
        ("2220", None),
        ("2221", Some(Brand::Mastercard)),
        ("2720", Some(Brand::Mastercard)),
        ("2721", None),
        ("2200", Some(Brand::Mir)),
        ("2205", None),
        ("34", Some(Brand::AmericanExpress)),
        ("37", Some(Brand::AmericanExpress)),
        ("305", Some(Brand::Diners)),
        ("306", None),
        ("36", Some(Brand::Diners)),
        ("3528", Some(Brand::Jcb)),
        ("3589", Some(Brand::Jcb)),
        ("3590", None),
        ("1800", Some(Brand::Jcb)),
        ("6011", Some(Brand::Discover)),
        ("65", Some(Brand::Discover)),
        ("650031", Some(Brand::Elo)),
        ("650923", Some(Brand::Troy)),
        ("650924", Some(Brand::Elo)),
        ("65083704", Some(Brand::Troy)),
        ("65083705", Some(Brand::Discover)),
        ("9792", Some(Brand::Troy)),
        ("62218", None),
        ("622188", Some(Brand::UnionPay)),
        ("62183", None),
        ("8171", Some(Brand::UnionPay)),
        ("627780", Some(Brand::Elo)),
        ("627781", Some(Brand::UnionPay)),
        ("504174", Some(Brand::Maestro)),
        ("504175", Some(Brand::Elo)),
        ("506100", Some(Brand::Verve)),
        ("506128", Some(Brand::Maestro)),
        ("506699", Some(Brand::Elo)),
        ("509999", Some(Brand::Elo)),
        ("606282", Some(Brand::Hipercard)),
        ("637095", Some(Brand::Hiper)),
        ("63737423", Some(Brand::Hiper)),
        ("63737424", Some(Brand::Maestro)),
        ("6", None),
        ("6999999", None),
        ("69999999", Some(Brand::Maestro)),
        ("9490220011669217", None),
    ] {
        assert_eq!(Brand::of(digits), brand, "{digits}");
    }
}

#[test]
fn brands_have_a_display_name_and_a_wire_name() {
    assert_eq!(
        (Brand::AmericanExpress.name(), Brand::AmericanExpress.wire()),
        ("American Express", "AMEX")
    );
    assert_eq!((Brand::UnionPay.name(), Brand::UnionPay.wire()), ("UnionPay", "CUP"));
    assert_eq!(Brand::from_wire("DINERS"), Some(Brand::Diners));
    assert_eq!(Brand::from_wire("KAKAOBANK"), None);
}

#[test]
fn numbers_are_checked() {
    for (text, expected) in [
        ("4111 1111 1111 1111", Ok(())),
        ("4111-1111-1111-1111", Ok(())),
        ("\u{ff14}\u{ff11}11 1111 1111 1111", Ok(())),
        ("378282246310005", Ok(())),
        ("30569309025904", Ok(())),
        ("6011111111111117", Ok(())),
        ("3530111333300000", Ok(())),
        ("6304000000000000", Ok(())),
        // UnionPay: no check digit is required.
        ("6200000000000001", Ok(())),
        // Unknown brands: 12 to 19 digits of any kind.
        ("999999999999", Ok(())),
        ("9999999999999999999", Ok(())),
        ("99999999999", Err(PanError::Incomplete)),
        ("99999999999999999999", Err(PanError::TooLong)),
        ("", Err(PanError::Missing)),
        ("card", Err(PanError::Missing)),
        ("4", Err(PanError::Incomplete)),
        ("411111111111111", Err(PanError::Incomplete)),
        ("4111111111111112", Err(PanError::CheckDigit)),
        ("1411111111111111", Ok(())),
        ("3782822463100050", Err(PanError::TooLong)),
        ("51627741149746220", Err(PanError::TooLong)),
    ] {
        assert_eq!(Pan::parse(text).map(|_| ()), expected, "{text}");
    }
    assert_eq!(Pan::parse(&"4".repeat(300)), Err(PanError::TooLong));
}

#[test]
fn debug_output_hides_secrets() {
    let pan = Pan::parse("4111111111111111").expect("a number");
    let cvc = Cvc::parse("737", None).expect("a code");
    assert_eq!(format!("{pan:?} {cvc:?}"), "Pan(****) Cvc(***)");
}

#[test]
fn a_number_keeps_its_caret() {
    use Change::{DeletedBack as Back, DeletedForward as Forward, Entered};
    for (before, after, change, expected) in [
        // Typing at the end and in the middle.
        ("", "4|", Entered, "4|"),
        ("4111", "41111|", Entered, "4111 1|"),
        ("4111 1111", "4119|1 1111", Entered, "4119| 1111 1"),
        ("4111 1111", "9|4111 1111", Entered, "9|411 1111 1"),
        ("4111 1111", "4111 9|1111", Entered, "4111 9|111 1"),
        // Pasting, over a selection too.
        ("", "4111-1111-1111-1111|", Entered, "4111 1111 1111 1111|"),
        ("4111 1111", "42|11", Entered, "42|11"),
        // Characters other than digits are removed.
        ("4111", "4111x|", Entered, "4111|"),
        ("4111 1", "41a|11 1", Entered, "41|11 1"),
        // Deleting.
        ("4111 1", "4111 |", Back, "4111|"),
        ("4111 1111", "411| 1111", Back, "411|1 111"),
        // Deleting only a gap deletes the digit behind or before it.
        ("4111 2222", "4111|2222", Back, "411|2 222"),
        ("4111 2222", "4111|2222", Forward, "4111| 222"),
        ("4111 2222", "|", Back, "|"),
        // The brand changes and with it the gaps.
        ("4111 1111 11", "|111 1111 11", Back, "|1111 1111 1"),
        ("782 822", "3|782 822", Entered, "3|782 822"),
    ] {
        assert_eq!(edit(type_number, before, after, change), expected, "{before} -> {after}");
    }
    assert_eq!(edit(type_number, "", "378282246310005|", Entered), "3782 822463 10005|");
}

#[test]
fn expiry_dates_are_formatted_while_typed() {
    use Change::{DeletedBack as Back, DeletedForward as Forward, Entered};
    for (before, after, change, expected) in [
        ("", "1|", Entered, "1|"),
        ("", "0|", Entered, "0|"),
        ("", "4|", Entered, "04/|"),
        ("1", "12|", Entered, "12/|"),
        ("12/", "12/2|", Entered, "12/2|"),
        ("12/2", "12/27|", Entered, "12/27|"),
        ("12", "127|", Entered, "12/7|"),
        ("1", "1/|", Entered, "01/|"),
        ("1", "1 |", Entered, "01/|"),
        ("12/", "12//|", Entered, "12/|"),
        // Filled in or pasted.
        ("", "1/27|", Entered, "01/27|"),
        ("", "0427|", Entered, "04/27|"),
        ("", "427|", Entered, "04/27|"),
        ("", "04 / 27|", Entered, "04/27|"),
        ("", "04/2027|", Entered, "04/2027|"),
        ("", "042027|", Entered, "04/2027|"),
        ("", "2027-04|", Entered, "04/2027|"),
        ("", "\u{0660}\u{0664}|", Entered, "04/|"),
        ("", "25/27|", Entered, "25/27|"),
        ("04/2027", "04/20271|", Entered, "04/2027|"),
        // By autofill and password managers.
        ("", "203012|", Entered, "12/2030|"),
        ("", "20301231|", Entered, "12/2030|"),
        ("", "2030-12-31|", Entered, "12/2030|"),
        ("", "2030/1|", Entered, "01/2030|"),
        ("", "12/31/2030|", Entered, "12/2030|"),
        ("", "31.12.2030|", Entered, "12/2030|"),
        ("", "Dec 2030|", Entered, "12/2030|"),
        ("", "december 30|", Entered, "12/30|"),
        ("", "1 January 2030|", Entered, "01/2030|"),
        ("", "2030-Feb-01|", Entered, "02/2030|"),
        ("12/27", "203012|", Entered, "12/2030|"),
        // A text that is no date stays, also when the browser reports it again, until it is one.
        ("", "04/20271|", Entered, "04/20271|"),
        ("", "next year|", Entered, "next year|"),
        ("next year", "next year|", Entered, "next year|"),
        ("next year", "next yea|", Back, "next yea|"),
        ("2030-12-3100", "2030-12-310|", Back, "2030-12-310|"),
        ("2030-12-310", "2030-12-31|", Back, "12/2030|"),
        // In the middle.
        ("12/27", "1|/27", Back, "1|/27"),
        ("1/27", "11|/27", Entered, "11/|27"),
        ("/27", "1|/27", Entered, "1|/27"),
        ("/27", "4|/27", Entered, "04/|27"),
        ("12/27", "12/|7", Back, "12|/7"),
        // Deleting takes a digit each time and adds nothing.
        ("12/2", "12/|", Back, "12|"),
        ("12/", "12|", Back, "1|"),
        ("04/", "04|", Back, "0|"),
        ("12/27", "12|27", Back, "1|/27"),
        ("12/27", "12|27", Forward, "12|/7"),
        ("12/27", "|", Back, "|"),
        ("12/27", "|/27", Back, "|/27"),
    ] {
        let shown = match after.is_ascii() {
            true => edit(type_expiry, before, after, change),
            false => mark(&type_expiry(&Edited {
                before,
                text: after.trim_end_matches('|'),
                caret: 2,
                change,
            })),
        };
        assert_eq!(shown, expected, "{before} -> {after}");
    }
}

#[test]
fn expiry_dates_are_parsed() {
    let ok = |month: &str, year: &str| Ok((month.to_owned(), year.to_owned()));
    for (text, expected) in [
        ("04/27", ok("04", "27")),
        ("4/27", ok("04", "27")),
        ("1/27", ok("01", "27")),
        ("0427", ok("04", "27")),
        ("04 / 27", ok("04", "27")),
        ("04-2027", ok("04", "27")),
        ("042027", ok("04", "27")),
        ("2027-04", ok("04", "27")),
        ("202704", ok("04", "27")),
        ("20270430", ok("04", "27")),
        ("2027-04-30", ok("04", "27")),
        ("2027年4月", ok("04", "27")),
        ("04/30/2027", ok("04", "27")),
        ("30/04/2027", ok("04", "27")),
        ("Apr 2027", ok("04", "27")),
        ("30 April 2027", ok("04", "27")),
        ("April 27", ok("04", "27")),
        ("\u{ff10}\u{ff14}/\u{ff12}\u{ff17}", ok("04", "27")),
        // To the end of its month, and 19 years ahead.
        ("02/26", ok("02", "26")),
        ("12/45", ok("12", "45")),
        ("01/26", Err(ExpiryError::Past)),
        ("12/25", Err(ExpiryError::Past)),
        ("12/1999", Err(ExpiryError::Past)),
        ("12/99", Err(ExpiryError::TooFar)),
        ("01/46", Err(ExpiryError::TooFar)),
        ("13/27", Err(ExpiryError::NoSuchMonth)),
        ("00/27", Err(ExpiryError::NoSuchMonth)),
        ("99/27", Err(ExpiryError::NoSuchMonth)),
        ("13/", Err(ExpiryError::NoSuchMonth)),
        ("", Err(ExpiryError::Missing)),
        ("/", Err(ExpiryError::Missing)),
        ("MM/YY", Err(ExpiryError::Missing)),
        ("0", Err(ExpiryError::Incomplete)),
        ("04/", Err(ExpiryError::Incomplete)),
        ("/27", Err(ExpiryError::Incomplete)),
        ("04/2", Err(ExpiryError::Incomplete)),
        ("04/202", Err(ExpiryError::Incomplete)),
        ("04/20277", Err(ExpiryError::Incomplete)),
        ("2027-13", Err(ExpiryError::NoSuchMonth)),
        ("202713", Err(ExpiryError::NoSuchMonth)),
        ("Avr 2027", Err(ExpiryError::Incomplete)),
        ("99999999/27", Err(ExpiryError::Incomplete)),
    ] {
        let read = Expiry::parse(text, Some(NOW)).map(|e| (e.month(), e.year()));
        assert_eq!(read, expected, "{text}");
    }
    let late = Month { year: 2095, month: 6 };
    assert_eq!(
        Expiry::parse("01/05", Some(late)).map(|expiry| (expiry.month(), expiry.year())),
        Ok(("01".to_owned(), "05".to_owned()))
    );
}

#[test]
fn cvc_length_depends_on_the_brand() {
    let visa = Some(Brand::Visa);
    let amex = Some(Brand::AmericanExpress);
    for (text, brand, expected) in [
        ("737", visa, Ok("737")),
        ("7373", amex, Ok("7373")),
        ("737", None, Ok("737")),
        ("7373", None, Ok("7373")),
        (" 7 3 7 ", visa, Ok("737")),
        ("99", visa, Err(CvcError::WrongLength)),
        ("7373", visa, Err(CvcError::WrongLength)),
        ("737", amex, Err(CvcError::WrongLength)),
        ("73737", None, Err(CvcError::WrongLength)),
        ("", visa, Err(CvcError::Missing)),
        ("abc", visa, Err(CvcError::Missing)),
    ] {
        let code = Cvc::parse(text, brand);
        assert_eq!(code.as_ref().map(Cvc::expose).map_err(|e| *e), expected, "{text}");
    }
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![Just(Change::Entered), Just(Change::DeletedBack), Just(Change::DeletedForward)]
}

/// Mostly characters of card numbers and dates, sometimes any.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[0-9 /-]{0,24}", 1 => "\\PC{0,24}"]
}

proptest! {
    #[test]
    fn formatting_a_number_keeps_its_digits_and_the_caret(text in typed(), caret in 0_usize..30) {
        let once = type_number(&Edited { before: "", text: &text, caret, change: Change::Entered });
        prop_assert_eq!(digits(&once.text), digits(&text));
        // The caret stands behind the same digit as before.
        let units: Vec<u16> = text.encode_utf16().take(caret).collect();
        let before: String = char::decode_utf16(units).filter_map(Result::ok).collect();
        prop_assert_eq!(digits(&once.text[..once.caret]), digits(&before));
        prop_assert!(!once.text[..once.caret].ends_with(' '));
        // Formatting is idempotent.
        let again = type_number(&Edited {
            before: &once.text, text: &once.text, caret: once.caret, change: Change::Entered,
        });
        prop_assert!(again == once);
    }

    #[test]
    fn deleting_from_a_number_always_gets_shorter(number in "[0-9]{1,19}", at in 0_usize..24) {
        let whole = type_number(&Edited {
            before: "", text: &number, caret: number.len(), change: Change::Entered,
        });
        let at = at.min(whole.text.len() - 1);
        let mut text = whole.text.clone();
        text.remove(at);
        for change in [Change::DeletedBack, Change::DeletedForward] {
            let shown = type_number(&Edited { before: &whole.text, text: &text, caret: at, change });
            prop_assert_eq!(digits(&shown.text).len(), number.len() - 1);
        }
    }

    #[test]
    fn deleting_from_a_date_always_gets_shorter(date in "[0-9]{3,6}", at in 0_usize..8) {
        let whole = type_expiry(&Edited {
            before: "", text: &date, caret: date.len(), change: Change::Entered,
        });
        let at = at.min(whole.text.len() - 1);
        let mut text = whole.text.clone();
        text.remove(at);
        for change in [Change::DeletedBack, Change::DeletedForward] {
            let shown = type_expiry(&Edited { before: &whole.text, text: &text, caret: at, change });
            prop_assert_eq!(digits(&shown.text).len() + 1, digits(&whole.text).len());
            prop_assert!(shown.caret <= shown.text.len());
        }
    }

    #[test]
    fn formatting_a_date_is_idempotent(before in typed(), text in typed(), caret in 0_usize..30, change in change()) {
        let once = type_expiry(&Edited { before: &before, text: &text, caret, change });
        let is_shaped = once.text.is_ascii() && once.caret <= once.text.len();
        prop_assert!(is_shaped || once.text == text);
        let entered = type_expiry(&Edited { before: "", text: &text, caret: 99, change: Change::Entered });
        let again = type_expiry(&Edited {
            before: &entered.text, text: &entered.text, caret: entered.caret, change: Change::Entered,
        });
        prop_assert!(again == entered, "{} and {}", again.text, entered.text);
    }

    #[test]
    fn parsing_any_text_does_not_panic(text in "\\PC{0,80}") {
        let _ = Pan::parse(&text);
        let _ = Expiry::parse(&text, Some(NOW));
        let _ = Cvc::parse(&text, Brand::of(&digits(&text)));
        let _ = kassa_core::card::Holder::parse(&text);
    }
}

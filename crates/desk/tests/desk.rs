//! What JavaScript gets to hear. Codes are read back by a decoder of another's making.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "in a test, dying with a message is the report"
)]

use kassa_desk::qr::encode;
use kassa_desk::{barcode, describe, qr_path as qr, read, shape};
use proptest::prelude::*;
use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// The dark modules of a path: x, y and how many.
fn runs(path: &str) -> Vec<(usize, usize, usize)> {
    path.split('M')
        .skip(1)
        .map(|run| {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (width, rest) = rest.split_once("v1h-").unwrap();
            assert_eq!(rest, format!("{width}z"));
            (x.parse().unwrap(), y.parse().unwrap(), width.parse().unwrap())
        })
        .collect()
}

/// Paints a QR code's picture and reads it.
fn scan(picture: &str) -> String {
    const SCALE: usize = 4;
    let (side, path) = picture.split_once(' ').unwrap();
    let side: usize = side.parse().unwrap();
    let mut dark = vec![false; side * side];
    for (x, y, width) in runs(path) {
        for x in x..x + width {
            let module = &mut dark[y * side + x];
            assert!(!*module, "{x} {y} is painted twice");
            *module = true;
        }
    }
    // Nothing in the quiet zone.
    let quiet = |at: usize| at < 4 || at >= side - 4;
    for (at, dark) in dark.iter().enumerate() {
        assert!(!dark || !(quiet(at % side) || quiet(at / side)));
    }
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, |x, y| {
            if dark[y / SCALE * side + x / SCALE] { 0 } else { 255 }
        });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

#[test]
fn qr_codes_are_read_back() {
    for text in [
        "https://qr.example/pay?id=0123456789",
        "00020101021226880014BR.GOV.BCB.PIX2566qrcodes.example/v2/0123456789abcdef5204000053039865802BR5913KASSA DEMO6009SAO PAULO62070503***6304ABCD",
        "1234567890123456789012345678901234567890",
        "\u{1f4b3} 王 é",
        "a",
    ] {
        assert_eq!(scan(&qr(text)), text);
    }
    assert_eq!(scan(&qr(&"a".repeat(400))).len(), 400);
}

#[test]
fn a_long_text_takes_less_correction_and_a_longer_one_is_no_code() {
    // The largest code takes 2331 bytes with medium correction and 2953 with low (ISO/IEC 18004).
    // Version 36 is the first that takes 2332 with low correction.
    let side = |length: usize| qr(&"a".repeat(length)).split(' ').next().unwrap().to_owned();
    assert_eq!(side(2331), "185");
    assert_eq!(side(2332), (17 + 4 * 36 + 8).to_string());
    assert_eq!(side(2953), "185");
    assert_eq!(qr(&"a".repeat(2954)), "");
}

#[test]
fn barcodes_have_bars_and_quiet_zones() {
    let picture = barcode("ABC-1234");
    let (width, path) = picture.split_once(' ').unwrap();
    // Start, four characters, the change of set, two pairs and the check value of eleven modules
    // each, the stop of thirteen, and twice ten around.
    assert_eq!(width, (9 * 11 + 13 + 20).to_string());
    let runs = runs(path);
    assert_eq!(runs.first(), Some(&(10, 0, 2)));
    let (last, _, bar) = runs.last().unwrap();
    assert_eq!(last + bar + 10, 9 * 11 + 13 + 20);
    assert_eq!(runs.len(), 9 * 3 + 4);
    assert_eq!(barcode("é"), "");
}

#[test]
fn answers_carry_their_mark() {
    let ask = |kind, mandatory, text| read(kind, mandatory, "ES", 0, 3, "A\nB", "2026-11-24", text);
    assert_eq!(ask("PHONE", true, "600 112 233"), "=+34600112233");
    assert_eq!(ask("PHONE", true, " "), "?Enter your phone number.");
    assert_eq!(ask("PHONE", false, " "), "=");
    assert_eq!(ask("BANK", true, "C"), "!Choose one from the list.");
    assert_eq!(ask("DATE", true, "2026-11-25"), "!This date has not come yet.");
    assert_eq!(ask("TEXT", true, "abcd"), "!Use at most 3 characters.");
    assert_eq!(shape("BLIK", "777", "7771", 4, 0), "5 777 1");
    assert_eq!(shape("BLIK", "777 1", "7771", 3, 1), "2 771");
    assert_eq!(shape("BLIK", "777 1", "7771", 3, 2), "3 777");
    assert_eq!(describe("NAME", "lastName"), "text\ntext\nfamily-name\nName");
    assert_eq!(describe("?", ""), "text\ntext\non\nDetails");
}

/// Compares a symbol with that of the same version, level and mask of another encoder.
fn same(text: &[u8]) -> usize {
    let ours = encode(text).unwrap();
    let version = Version::new(u8::try_from(ours.version).unwrap());
    let level = if ours.low { QrCodeEcc::Low } else { QrCodeEcc::Medium };
    let segments = [QrSegment::make_bytes(text)];
    let with = |first, mask| {
        QrCode::encode_segments_advanced(&segments, level, first, version, mask, false).unwrap()
    };
    let mask = Mask::new(u8::try_from(ours.mask).unwrap());
    // A smaller version would have been taken if it had fitted.
    let theirs = with(Version::MIN, Some(mask));
    assert_eq!(theirs.version().value(), version.value());
    assert_eq!(theirs.size(), i32::try_from(ours.size).unwrap());
    for y in 0..ours.size {
        for x in 0..ours.size {
            let (left, top) = (i32::try_from(x).unwrap(), i32::try_from(y).unwrap());
            assert_eq!(ours.is_dark(x, y), theirs.get_module(left, top), "{x} {y}");
        }
    }
    usize::from(with(version, None).mask().value() == mask.value())
}

#[test]
fn every_version_is_as_another_encoder_makes_it() {
    let mut versions = std::collections::BTreeSet::new();
    let mut masks = std::collections::BTreeSet::new();
    let mut agreed = 0;
    let mut all = 0;
    for length in (1..200).step_by(9).chain((200..2954).step_by(31)).chain([2331, 2953]) {
        let text: Vec<u8> = (0..length).map(|at| (at * at % 251) as u8).collect();
        let symbol = encode(&text).unwrap();
        versions.insert((symbol.version, symbol.low));
        masks.insert(symbol.mask);
        agreed += same(&text);
        all += 1;
    }
    assert_eq!(versions.iter().filter(|(_, low)| !low).count(), 40);
    assert!(versions.contains(&(40, true)));
    assert_eq!(masks.len(), 8);
    // Encoders count what looks like a corner a little differently, so that the best mask is
    // another one now and then.
    assert!(agreed * 10 > all * 8, "{agreed} of {all}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn another_encoder_makes_the_same_symbol(length in 1_usize..2954, seed: u64) {
        let mut state = seed | 1;
        let text: Vec<u8> = (0..length)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                state.to_be_bytes()[0]
            })
            .collect();
        same(&text);
    }

    #[test]
    fn any_text_comes_back_from_its_qr_code(text in "(\\PC{1,60}|[0-9]{1,90}|[A-Z0-9 $%*+./:-]{1,90})") {
        prop_assert_eq!(scan(&qr(&text)), text);
    }
}

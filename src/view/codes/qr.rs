//! QR codes (ISO/IEC 18004).

use qrcodegen::{DataTooLong, QrCode, QrCodeEcc, QrSegment, Version};

use super::svg::{Drawing, Path, Symbol};

/// Modules that must stay light around a symbol (ISO/IEC 18004, section 5.3.8).
const QUIET: u32 = 4;

/// The smallest QR code of a text: with medium correction or more, which withstands a reflection on
/// a screen, or with low correction where the text leaves no room for that. `None` when no QR code
/// takes so much.
pub(super) fn draw(text: &str) -> Option<Drawing> {
    let code = encode(text, QrCodeEcc::Medium).or_else(|_| encode(text, QrCodeEcc::Low)).ok()?;
    let size = code.size();
    let mut path = Path::default();
    for (row, y) in (QUIET..).zip(0..size) {
        let mut run = 0;
        // One past the edge is light and ends the last run.
        for (column, x) in (QUIET..).zip(0..=size) {
            if code.get_module(x, y) {
                run += 1;
            } else if run > 0 {
                path.push_run(column - run, row, run);
                run = 0;
            }
        }
    }
    Some(Drawing { symbol: Symbol::Qr { side: size.unsigned_abs() + 2 * QUIET }, path })
}

/// Encodes as bytes only: the denser modes for digits and capitals are 0.6 KB of the SDK, and the
/// payloads of payment methods have other characters too.
fn encode(text: &str, correction: QrCodeEcc) -> Result<QrCode, DataTooLong> {
    let segments = [QrSegment::make_bytes(text.as_bytes())];
    let (shortest, longest) = (Version::MIN, Version::MAX);
    QrCode::encode_segments_advanced(&segments, correction, shortest, longest, None, true)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn side(drawing: &Drawing) -> u32 {
        let Symbol::Qr { side } = drawing.symbol else { panic!("no QR code") };
        side
    }

    /// Paints a drawing and reads it with the decoder of another author.
    fn scan(drawing: &Drawing) -> String {
        const SCALE: usize = 4;
        let side = side(drawing) as usize;
        let mut dark = vec![false; side * side];
        for (x, y, width) in drawing.path.runs() {
            for x in x..x + width {
                let module = &mut dark[y as usize * side + x as usize];
                assert!(!*module, "{x} {y} is painted twice");
                *module = true;
            }
        }
        let quiet = |at: usize| at < 4 || at >= side - 4;
        for (at, dark) in dark.iter().enumerate() {
            assert!(!dark || !(quiet(at % side) || quiet(at / side)), "the quiet zone is dark");
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
            assert_eq!(scan(&draw(text).unwrap()), text);
        }
        assert_eq!(scan(&draw(&"a".repeat(400)).unwrap()).len(), 400);
    }

    #[test]
    fn a_long_text_has_less_correction_and_a_longer_one_has_no_code() {
        // The largest code takes 2331 bytes with medium correction and 2953 with low (ISO/IEC
        // 18004). Version 36 is the first that takes 2332 with low correction.
        let side = |length: usize| draw(&"a".repeat(length)).map(|drawing| side(&drawing));
        assert_eq!(side(2331), Some(185));
        assert_eq!(side(2332), Some(17 + 4 * 36 + 8));
        assert_eq!(side(2953), Some(185));
        assert_eq!(side(2954), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 48,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn any_text_comes_back(text in "(\\PC{1,60}|[0-9]{1,90}|[A-Z0-9 $%*+./:-]{1,90})") {
            prop_assert_eq!(scan(&draw(&text).unwrap()), text);
        }
    }
}

//! Barcodes in Code 128 (ISO/IEC 15417), code sets B and C: printable ASCII, and digits two at a
//! time.

use super::svg::{Drawing, Path, Symbol};

/// Modules that must stay light at both ends of a symbol (ISO/IEC 15417, section 4.4).
const QUIET: u32 = 10;

/// Widths of bars and spaces in modules, six for each of the values 0 to 105.
const WIDTHS: &str = "\
    212222222122222221121223121322131222122213122312132212221213\
    221312231212112232122132122231113222123122123221223211221132\
    221231213212223112312131311222321122321221312212322112322211\
    212123212321232121111323131123131321112313132113132311211313\
    231113231311112133112331132131113123113321133121313121211331\
    231131213113213311213131311123311321331121312113312311332111\
    314111221411431111111224111422121124121421141122141221112214\
    112412122114122411142112142211241211221114413111241112134111\
    111242121142121241114212124112124211411212421112421211212141\
    214121412121111143111341131141114113114311411113411311113141\
    114131311141411131211412211214211232";
/// The end of every symbol.
const STOP: &str = "2331112";

/// From set B to set C.
const TO_C: usize = 99;
/// From set C to set B.
const TO_B: usize = 100;
/// Begins in set B.
const START_B: usize = 104;
/// Begins in set C.
const START_C: usize = 105;

/// The barcode of a text. `None` when there is nothing to encode, or something other than printable
/// ASCII.
pub(super) fn draw(text: &str) -> Option<Drawing> {
    let mut path = Path::default();
    let mut x = QUIET;
    for value in values(text)? {
        x = draw_pattern(&mut path, x, WIDTHS.get(value * 6..value * 6 + 6)?);
    }
    let end = draw_pattern(&mut path, x, STOP);
    Some(Drawing { symbol: Symbol::Barcode { width: end + QUIET }, path })
}

/// Draws a pattern and returns its end. Bars and spaces take turns, beginning with a bar.
fn draw_pattern(path: &mut Path, start: u32, pattern: &str) -> u32 {
    let mut x = start;
    let mut is_bar = true;
    for width in pattern.bytes() {
        let width = u32::from(width.wrapping_sub(b'0'));
        if is_bar {
            path.push_run(x, 0, width);
        }
        x += width;
        is_bar = !is_bar;
    }
    x
}

/// The values of the symbol, from its start to its check value.
fn values(text: &str) -> Option<Vec<usize>> {
    let text = text.as_bytes();
    if text.is_empty() || !text.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return None;
    }
    let mut values = sets(text);
    // The start counts once, and so does the first value after it.
    let mut sum = 0;
    for (place, value) in values.iter().enumerate() {
        sum += value * place.max(1);
    }
    values.push(sum % 103);
    Some(values)
}

/// Start and content, with the fewest values: annex E of the standard.
fn sets(text: &[u8]) -> Vec<usize> {
    let leading = run(text);
    let mut in_c = leading >= 4 || (leading == 2 && text.len() == 2);
    let mut values = vec![if in_c { START_C } else { START_B }];
    let mut rest = text;
    while let Some(first) = rest.first() {
        let digits = run(rest);
        if in_c {
            match rest {
                [tens, ones, following @ ..] if digits >= 2 => {
                    values.push(digit(*tens) * 10 + digit(*ones));
                    rest = following;
                }
                _ => {
                    values.push(TO_B);
                    in_c = false;
                }
            }
            continue;
        }
        // Inside of a text both changes of set must pay off. One digit of an odd number of them
        // goes ahead in set B.
        let enough = if digits == rest.len() { 4 } else { 6 };
        if digits >= enough && digits.is_multiple_of(2) {
            values.push(TO_C);
            in_c = true;
        } else {
            values.push(usize::from(first.wrapping_sub(b' ')));
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    values
}

/// How many digits a text begins with.
fn run(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn digit(byte: u8) -> usize {
    usize::from(byte.wrapping_sub(b'0'))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pattern(value: usize) -> &'static str {
        WIDTHS.get(value * 6..value * 6 + 6).unwrap()
    }

    /// Bars as `1`, spaces as `0`.
    fn modules(widths: &str) -> String {
        let width = |c: char| c.to_digit(10).unwrap() as usize;
        widths.chars().enumerate().map(|(i, c)| ["1", "0"][i % 2].repeat(width(c))).collect()
    }

    #[test]
    fn every_pattern_is_one_of_the_standards_kind() {
        assert_eq!(WIDTHS.len(), 106 * 6);
        let mut seen: Vec<&str> = Vec::new();
        for value in 0..106 {
            let pattern = pattern(value);
            let widths: Vec<u32> = pattern.chars().map(|c| c.to_digit(10).unwrap()).collect();
            assert!(widths.iter().all(|width| (1..=4).contains(width)), "{value}");
            // Eleven modules, an even number of them dark.
            assert_eq!(widths.iter().sum::<u32>(), 11, "{value}");
            assert_eq!(widths.iter().step_by(2).sum::<u32>() % 2, 0, "{value}");
            assert!(!seen.contains(&pattern), "{value}");
            seen.push(pattern);
        }
    }

    #[test]
    fn patterns_are_the_published_ones() {
        for (value, published) in [
            (0, "11011001100"),
            (1, "11001101100"),
            (16, "10011101100"),
            (33, "10100011000"),
            (50, "11000101110"),
            (65, "10010110000"),
            (73, "10000110100"),
            (88, "11110010010"),
            (95, "10111101000"),
            (99, "10111011110"),
            (100, "10111101110"),
            (104, "11010010000"),
            (105, "11010011100"),
        ] {
            assert_eq!(modules(pattern(value)), published, "{value}");
        }
        assert_eq!(modules(STOP), "1100011101011");
    }

    #[test]
    fn symbols_take_the_shorter_way() {
        let set_b = |text: &str| text.bytes().map(|b| usize::from(b - 32)).collect::<Vec<_>>();
        for (text, start, content) in [
            ("Wikipedia", 104, set_b("Wikipedia")),
            ("42", 105, vec![42]),
            ("421", 104, set_b("421")),
            ("1234", 105, vec![12, 34]),
            ("12345", 105, vec![12, 34, 100, 21]),
            ("AB1234", 104, vec![33, 34, 99, 12, 34]),
            ("AB12345", 104, vec![33, 34, 17, 99, 23, 45]),
            ("A1234B", 104, set_b("A1234B")),
            ("A123456B", 104, vec![33, 99, 12, 34, 56, 100, 34]),
            ("98x1234", 104, vec![25, 24, 88, 99, 12, 34]),
        ] {
            let values = values(text).unwrap();
            assert_eq!(values[0], start, "{text}");
            assert_eq!(values[1..values.len() - 1], content, "{text}");
        }
        // The check value that the encyclopedia's article gives for its example.
        assert_eq!(values("Wikipedia").unwrap().last(), Some(&88));
    }

    #[test]
    fn barcodes_have_bars_and_quiet_zones() {
        let Drawing { symbol, path } = draw("ABC-1234").unwrap();
        // Start, four characters, the change of set, two pairs and the check value of eleven
        // modules each, the stop of thirteen, and twice ten around.
        let width = 9 * 11 + 13 + 20;
        assert_eq!(symbol, Symbol::Barcode { width });
        let runs = path.runs();
        assert_eq!(runs.first(), Some(&(10, 0, 2)));
        let (last, _, bar) = runs.last().unwrap();
        assert_eq!(last + bar + 10, width);
        assert_eq!(runs.len(), 9 * 3 + 4);
    }

    #[test]
    fn a_text_without_a_barcode_is_none() {
        for text in ["", "é", "a\n", "\u{7f}", "王"] {
            assert_eq!(draw(text), None, "{text:?}");
        }
    }

    /// The widths of bars and spaces, a bar first.
    fn widths(drawing: &Drawing) -> String {
        let Symbol::Barcode { width } = drawing.symbol else { panic!("no barcode") };
        let mut widths = String::new();
        let mut end = QUIET;
        for (x, y, bar) in drawing.path.runs() {
            assert_eq!(y, 0);
            if x > QUIET {
                widths.push_str(&(x - end).to_string());
            }
            widths.push_str(&bar.to_string());
            end = x + bar;
        }
        assert_eq!(end + QUIET, width);
        widths
    }

    /// Reads widths as a scanner does.
    fn scan(widths: &str) -> Option<String> {
        let symbols = widths.strip_suffix(STOP)?;
        let mut values = Vec::new();
        for at in (0..symbols.len()).step_by(6) {
            let symbol = symbols.get(at..at + 6)?;
            values.push((0..106).find(|value| pattern(*value) == symbol)?);
        }
        let check = values.pop()?;
        let sum: usize = values.iter().enumerate().map(|(i, value)| value * i.max(1)).sum();
        if sum % 103 != check {
            return None;
        }
        let mut out = String::new();
        let mut in_c = match values.first()? {
            104 => false,
            105 => true,
            _ => return None,
        };
        for value in values.get(1..)? {
            match (in_c, value) {
                (true, 100) | (false, 99) => in_c = !in_c,
                (true, 0..=99) => out.push_str(&format!("{value:02}")),
                (false, 0..=94) => out.push(char::from(32 + u8::try_from(*value).ok()?)),
                _ => return None,
            }
        }
        Some(out)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_scanner_reads_what_was_written(text in "[ -~]{0,6}[0-9]{0,9}[ -~]{0,3}[0-9]{0,7}[a-z]{0,1}") {
            prop_assume!(!text.is_empty());
            let widths = widths(&draw(&text).unwrap());
            prop_assert_eq!(scan(&widths), Some(text.clone()));
            // Never longer than in one set.
            prop_assert!(widths.len() <= (text.len() + 2) * 6 + STOP.len());
        }
    }
}

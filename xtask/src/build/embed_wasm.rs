//! Writes a module as a script that contains its bytes, as text that compresses almost like the
//! bytes themselves. The measurements are in `docs/adr/0002-embedding-as-text.md`.
//!
//! The 91 most frequent bytes are one character each; printable ones among them are themselves, so
//! that words stay words, and the others take the characters of rarer bytes. Each remaining byte is
//! an escape and a character.

use std::cmp::Reverse;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// One of them opens a byte of two characters.
const ESCAPES: [char; 2] = ['}', '~'];

const TYPES: &str = "export default function bytes(): Uint8Array<ArrayBuffer>;\n";

/// The printable characters of ASCII, without the escapes and without those that need a backslash
/// in a string literal.
fn alphabet() -> impl Iterator<Item = char> {
    (' '..ESCAPES[0]).filter(|character| !['"', '\\'].contains(character))
}

/// Writes a script that exports a function, and its types. Nothing is decoded until the function is
/// called.
pub(super) fn write(module: &Path, script: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("no module {}", module.display()))?;
    fs::write(script.with_extension("d.ts"), TYPES)?;
    fs::write(script, source(&bytes)).with_context(|| format!("writing {}", script.display()))
}

fn source(bytes: &[u8]) -> String {
    let single = single(bytes);
    format!(
        "const text = \"{text}\";
const single = {single:?};

export default function bytes() {{
  const out = new Uint8Array({length}), double = [];
  const index = (code) => code - 32 - (code > 34) - (code > 92);
  for (let byte = 0; byte < 256; byte++) if (single.indexOf(byte) < 0) double.push(byte);
  for (let at = 0, n = 0; n < out.length; n++) {{
    const code = text.charCodeAt(at++);
    out[n] = code < 125 ? single[index(code)]
      : double[(code - 125) * single.length + index(text.charCodeAt(at++))];
  }}
  return out;
}}
",
        text = text(bytes, &single),
        length = bytes.len(),
    )
}

/// The bytes that are one character, in the order of the alphabet.
fn single(bytes: &[u8]) -> Vec<u8> {
    let mut counts = [0_usize; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let mut frequent: Vec<u8> = (0..=u8::MAX).collect();
    frequent.sort_by_key(|byte| Reverse(counts.get(usize::from(*byte))));
    frequent.truncate(alphabet().count());
    let mut moved = frequent.iter().filter(|byte| !alphabet().any(|it| it == char::from(**byte)));
    alphabet()
        .filter_map(|character| {
            let same = u8::try_from(character).ok().filter(|byte| frequent.contains(byte));
            same.or_else(|| moved.next().copied())
        })
        .collect()
}

fn text(bytes: &[u8], single: &[u8]) -> String {
    let mut of_byte = vec![String::new(); 256];
    let double: Vec<u8> = (0..=u8::MAX).filter(|byte| !single.contains(byte)).collect();
    let pairs = ESCAPES
        .into_iter()
        .flat_map(|escape| alphabet().map(move |character| String::from_iter([escape, character])));
    let all = single.iter().zip(alphabet().map(String::from)).chain(double.iter().zip(pairs));
    for (byte, text) in all {
        if let Some(place) = of_byte.get_mut(usize::from(*byte)) {
            *place = text;
        }
    }
    bytes.iter().filter_map(|byte| of_byte.get(usize::from(*byte))).map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Lets Node decode the script.
    fn decoded(bytes: &[u8]) -> Vec<u8> {
        let program =
            source(bytes).replace("export default", "") + "process.stdout.write(bytes());";
        Command::new("node").args(["--eval", &program]).output().unwrap().stdout
    }

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        // Each byte as often as its value, and the reverse, so that the frequent ones differ.
        let rising: Vec<u8> = all.iter().flat_map(|it| vec![*it; usize::from(*it)]).collect();
        let falling: Vec<u8> = all.iter().flat_map(|it| vec![!*it; usize::from(*it)]).collect();
        for bytes in [all, rising, falling, Vec::new()] {
            assert_eq!(decoded(&bytes), bytes);
        }
    }

    #[test]
    fn the_text_needs_no_backslash_and_two_characters_at_most() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        let text = text(&all, &single(&all));
        assert!(text.chars().all(|it| (' '..='~').contains(&it) && it != '"' && it != '\\'));
        assert_eq!(text.len(), 91 + 165 * 2);
    }

    #[test]
    fn words_stay_words() {
        let bytes = b"kassa\0\0";
        assert!(text(bytes, &single(bytes)).starts_with("kassa"));
    }
}

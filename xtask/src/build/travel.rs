//! How the module's bytes travel in a script: as text that a compressor reads almost like the bytes
//! themselves. Why, and what else was measured, is in `docs/adr/0002-how-the-module-travels.md`.
//!
//! One byte is one character, or two. The 91 most frequent bytes are one: printable ones stand for
//! themselves, which leaves words as words, and the others move to the characters of rarer bytes.
//! All other bytes follow one of two escapes.

use std::cmp::Reverse;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::Task;

/// What the text may consist of.
const FIRST: u8 = b' ';
const LAST: u8 = b'~';
/// What opens a byte of two characters. Never themselves a byte.
const ESCAPES: [u8; 2] = *b"}~";
/// They would need a backslash in a string literal.
const IN_THE_WAY: [u8; 2] = *b"\"\\";
/// Second characters begin after the quotation mark and leave out the backslash.
const SECOND: u8 = b'#';
const SECONDS: usize = (LAST - SECOND) as usize;

const TYPES: &str = "export default function bytes(): Uint8Array<ArrayBuffer>;\n";

/// The bytes as text, and what is needed to read it.
struct Text {
    text: String,
    /// Characters that stand for another byte than their own: for those of `to`, then for none.
    from: String,
    to: Vec<u8>,
}

/// Writes a script that exports a function. Nothing is decoded before somebody calls it.
pub(super) fn write(module: &Path, script: &Path) -> Result<()> {
    let bytes = fs::read(module).context("could not read the module")?;
    fs::write(script.with_extension("d.ts"), TYPES).context("could not write a script's types")?;
    fs::write(script, source(&bytes)).context("could not write a module as a script")
}

/// Fails unless an engine gets the very same bytes back.
pub(super) fn check(module: &Path, script: &Path, work: &Path) -> Result<()> {
    const COMPARE: &str = "
        const [module, script] = process.argv.slice(1);
        const { default: bytes } = await import(url.pathToFileURL(script));
        if (!fs.readFileSync(module).equals(bytes())) throw new Error('other bytes came back');";
    // Older Nodes take a script for a module by its name only.
    let named = work.join("bytes.mjs");
    fs::copy(script, &named)?;
    let mut command = Command::new("node");
    command.args(["--input-type=module", "--eval"]);
    command.arg(format!("import fs from 'fs'; import url from 'url';{COMPARE}"));
    command.args([module, &named]);
    Task::new("reading the module back from its script", command).quiet().run().map(drop)
}

fn source(bytes: &[u8]) -> String {
    let Text { text, from, to } = encode(bytes);
    let [first_escape, _] = ESCAPES;
    let from = serde_json::Value::from(from);
    format!(
        "// Made by xtask/src/build/travel.rs, which explains it.
const text = \"{text}\";
const from = {from}, to = {to:?};

export default function bytes() {{
  const out = new Uint8Array({length}), plain = [], rest = [];
  let code = {FIRST}, at = 0, n = 0;
  while (code < 127) plain[code] = code++;
  while (at < from.length) plain[from.charCodeAt(at)] = to[at++];
  for (code = 0; code < 256; code++) if (plain.indexOf(code) < 0) rest.push(code);
  for (at = 0; n < out.length; n++) {{
    out[n] = plain[code = text.charCodeAt(at++)];
    if (!(plain[code] >= 0)) {{
      const next = text.charCodeAt(at++);
      out[n] = rest[next - {SECOND} - (next > 92) + (code > {first_escape} ? {SECONDS} : 0)];
    }}
  }}
  return out;
}}
",
        length = bytes.len(),
    )
}

fn encode(bytes: &[u8]) -> Text {
    let (moved, text_of) = table(bytes);
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for byte in bytes {
        text.push_str(text_of.get(usize::from(*byte)).map_or("", String::as_str));
    }
    // Those that are never themselves go last and have no partner.
    let never = ESCAPES.into_iter().chain(IN_THE_WAY);
    let from = moved.iter().map(|(character, _)| *character).chain(never).map(char::from);
    Text { text, from: from.collect(), to: moved.iter().map(|(_, byte)| *byte).collect() }
}

/// Characters that stand for another byte, with that byte; and the text of each byte.
fn table(bytes: &[u8]) -> (Vec<(u8, u8)>, Vec<String>) {
    let mut count = [0_usize; 256];
    for byte in bytes {
        if let Some(count) = count.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let mut by_count: Vec<(usize, u8)> = count.into_iter().zip(0..=u8::MAX).collect();
    by_count.sort_by_key(|(count, byte)| (Reverse(*count), *byte));

    let characters: Vec<u8> =
        (FIRST..=LAST).filter(|it| !ESCAPES.contains(it) && !IN_THE_WAY.contains(it)).collect();
    let frequent: Vec<u8> = by_count.iter().take(characters.len()).map(|(_, byte)| *byte).collect();
    let free = characters.iter().filter(|it| !frequent.contains(it));
    let movers = frequent.iter().filter(|it| !characters.contains(it));
    let moved: Vec<(u8, u8)> = free.copied().zip(movers.copied()).collect();

    let seconds = || (SECOND..=LAST).filter(|it| !IN_THE_WAY.contains(it));
    let pairs = ESCAPES.into_iter().flat_map(|escape| seconds().map(move |it| [escape, it]));
    let rest = (0..=u8::MAX).filter(|byte| !frequent.contains(byte));
    let mut texts: Vec<(u8, String)> = rest
        .zip(pairs.map(|pair| pair.map(char::from).iter().collect()))
        .chain(frequent.iter().filter(|it| characters.contains(it)).map(|it| (*it, text(*it))))
        .chain(moved.iter().map(|(character, byte)| (*byte, text(*character))))
        .collect();
    texts.sort_by_key(|(byte, _)| *byte);
    (moved, texts.into_iter().map(|(_, text)| text).collect())
}

fn text(character: u8) -> String {
    char::from(character).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(name: &str, bytes: &[u8]) {
        let dir = std::env::temp_dir().join(format!("kassa-travel-{}-{name}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let (module, script) = (dir.join("module.wasm"), dir.join("module.js"));
        fs::write(&module, bytes).unwrap();
        write(&module, &script).unwrap();
        let checked = check(&module, &script, &dir);
        // The check must be able to fail.
        fs::write(&module, [bytes, b"!"].concat()).unwrap();
        let refused = check(&module, &script, &dir);
        fs::remove_dir_all(&dir).unwrap();
        checked.unwrap();
        assert!(refused.is_err());
    }

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        round_trip("once", &all);
        // Each byte as often as its value says, and the other way round: other ones are frequent.
        let rising: Vec<u8> = all.iter().flat_map(|it| vec![*it; usize::from(*it)]).collect();
        let falling: Vec<u8> = all.iter().flat_map(|it| vec![!*it; usize::from(*it)]).collect();
        round_trip("rising", &rising);
        round_trip("falling", &falling);
        round_trip("none", &[]);
    }

    #[test]
    fn the_text_is_plain() {
        let all: Vec<u8> = (0..=u8::MAX).rev().collect();
        let Text { text, .. } = encode(&all);
        assert!(text.bytes().all(|it| (FIRST..=LAST).contains(&it)), "{text}");
        assert!(!text.contains(['"', '\\']), "{text}");
        assert_eq!(text.len(), 91 + 165 * 2);
    }

    #[test]
    fn words_stay_words() {
        assert_eq!(encode(b"kassa\0\0").text.len(), 7);
        assert!(encode(b"kassa\0\0").text.starts_with("kassa"));
    }
}

//! Writes a module as a script that contains it as text. The text is made to compress well:
//! `parts.rs` takes the code apart, and this file writes each part in digits.
//! The measurements are in `docs/adr/0002-embedding-as-text.md`.
//!
//! A text is a list of numbers without separators. Its digits are 93 characters of ASCII. A number
//! below the text's limit is one digit. Of a larger number, each digit but the last is the limit or
//! more.
//!
//! Bytes outside of the code are numbers, too: the index of the byte in a list that begins with the
//! 91 most frequent bytes. A printable byte among them has the index whose digit is the byte itself,
//! so that words stay words.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use super::parts::{KINDS, Parts, Prefix};

/// Printable ASCII without the two characters that need a backslash in a string literal.
fn digits() -> Vec<char> {
    (' '..='~').filter(|character| !['"', '\\'].contains(character)).collect()
}

/// The limit of the text for bytes: two digits are enough for each.
const BYTES: u32 = 91;
/// The limit of all other texts, which leaves 32 digits: most numbers are a multiple of four, and
/// the end of such a number is then one of few digits.
const NUMBERS: u32 = 61;

const DECODER: &str = include_str!("decode_wasm.js");
const TYPES: &str = "export default function bytes(): Uint8Array<ArrayBuffer>;\n";

/// Writes a script that exports a function, and its types. Nothing is decoded until the function is
/// called.
pub(super) fn write(module: &Path, script: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("no module {}", module.display()))?;
    fs::write(script.with_extension("d.ts"), TYPES)?;
    fs::write(script, source(&bytes)?).with_context(|| format!("writing {}", script.display()))
}

fn source(module: &[u8]) -> Result<String> {
    let data = serde_json::to_string(&Data::of(module)?)?;
    // In a function: as a constant of the script, the texts would be made when the script is evaluated.
    Ok(format!("const module = () => ({data});\n\n{DECODER}"))
}

/// What the decoder needs.
#[derive(Serialize)]
struct Data {
    /// Bytes of the module.
    length: usize,
    /// Bytes before the first function.
    head: usize,
    /// Bytes after the last function.
    tail: usize,
    functions: u32,
    prefixes: usize,
    /// The bytes that are one digit.
    frequent: Vec<u8>,
    /// The prefixes, each with its length, its bytes, its kind and how many numbers follow it; then
    /// the bytes before the first function, and those after the last one.
    bytes: Text,
    code: Text,
    numbers: [Text; KINDS.len()],
}

impl Data {
    fn of(module: &[u8]) -> Result<Self> {
        let Parts { head, tail, functions, prefixes, code, numbers } = Parts::of(module)?;
        let mut bytes = Vec::new();
        for Prefix { bytes: fixed, kind, numbers } in &prefixes {
            bytes.push(u8::try_from(fixed.len())?);
            bytes.extend(fixed);
            bytes.extend([*kind as u8, u8::try_from(*numbers)?]);
        }
        bytes.extend(head);
        bytes.extend(tail);
        let frequent = frequent(&bytes);
        Ok(Self {
            length: module.len(),
            head: head.len(),
            tail: tail.len(),
            functions,
            prefixes: prefixes.len(),
            bytes: Text::of(indices(&bytes, &frequent), BYTES),
            frequent,
            code: Text::of(code, NUMBERS),
            numbers: numbers.map(|numbers| Text::of(numbers, NUMBERS)),
        })
    }
}

/// Numbers in digits, and the limit from which on a digit is followed by another.
#[derive(Serialize)]
struct Text(String, u32);

impl Text {
    fn of(numbers: impl IntoIterator<Item = u32>, limit: u32) -> Self {
        let digits = digits();
        let parts = u32::try_from(digits.len()).unwrap_or_default() - limit;
        let mut text = String::new();
        let mut push = |digit: u32| text.extend(digits.get(digit as usize));
        for mut number in numbers {
            while number >= limit {
                push(limit + (number - limit) % parts);
                number = (number - limit) / parts;
            }
            push(number);
        }
        Self(text, limit)
    }
}

/// The most frequent bytes, as many as `Data::bytes` has numbers of one digit.
fn frequent(bytes: &[u8]) -> Vec<u8> {
    let mut counts = HashMap::<u8, usize>::new();
    for byte in bytes {
        *counts.entry(*byte).or_default() += 1;
    }
    let mut frequent: Vec<u8> = (0..=u8::MAX).collect();
    frequent.sort_by_key(|byte| Reverse(counts.get(byte)));
    frequent.truncate(BYTES as usize);
    let digits = digits();
    let single = digits.iter().take(frequent.len());
    let is_single = |byte: u8| single.clone().any(|digit| *digit == char::from(byte));
    let mut moved = frequent.iter().filter(|byte| !is_single(**byte));
    single
        .clone()
        .filter_map(|digit| {
            let same = u8::try_from(*digit).ok().filter(|byte| frequent.contains(byte));
            same.or_else(|| moved.next().copied())
        })
        .collect()
}

/// The index of each byte in a list of the frequent ones and then the others.
fn indices(bytes: &[u8], frequent: &[u8]) -> impl Iterator<Item = u32> {
    let others = (0..=u8::MAX).filter(|byte| !frequent.contains(byte));
    let order: HashMap<u8, u32> = frequent.iter().copied().chain(others).zip(0..).collect();
    bytes.iter().filter_map(move |byte| order.get(byte).copied())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Lets Node decode the script.
    fn decoded(module: &[u8]) -> Vec<u8> {
        let source = source(module).unwrap().replace("export default", "");
        let program = source + "process.stdout.write(bytes());";
        Command::new("node").args(["--eval", &program]).output().unwrap().stdout
    }

    #[track_caller]
    fn comes_back(text: &str) {
        let module = wat::parse_str(text).unwrap();
        assert_eq!(decoded(&module), module);
    }

    #[test]
    fn every_instruction_of_the_first_wasm_comes_back() {
        comes_back(
            r#"(module
                (import "a" "b" (func $imported (param i32)))
                (memory 1)
                (table 2 funcref)
                (global $global (mut i32) (i32.const -5))
                (elem (i32.const 0) $empty $empty)
                (func $empty)
                (func (param i32) (param f64) (local i32 i32 i64) (local f32)
                    (call $imported (i32.load8_u offset=300 (local.get 0)))
                    (i64.store offset=8 align=1 (i32.const 0) (i64.const -9223372036854775808))
                    (local.set 1 (local.tee 0 (memory.grow (memory.size))))
                    (f32.store (i32.const 4) (f32.const nan))
                    (f64.store (i32.const 8) (f64.const -0.1))
                    (call_indirect (i32.const 1))
                    (global.set $global (global.get $global))
                    (block (loop (br_if 1 (local.get 0))
                        (block (block (br_table 0 1 2 3 0 (local.get 2))))
                        (if (local.get 0) (then (br 1)) (else (return)))))
                    (unreachable))
                (data (i32.const 16) "text \\ \22 }~ \00\ff"))"#,
        );
    }

    #[test]
    fn constants_of_every_length_come_back() {
        let signed = (0..32).flat_map(|bits| {
            let power = i32::MIN >> bits;
            [power, power.wrapping_sub(1), power + 1, !power]
                .map(|it| format!("(drop (i32.const {it}))"))
        });
        comes_back(&format!("(module (func {}))", signed.collect::<String>()));
    }

    #[test]
    fn offsets_up_to_the_last_address_come_back() {
        let loads = (0..32)
            .map(|bits| format!("(drop (i32.load8_u offset={} (i32.const 0)))", u32::MAX >> bits));
        comes_back(&format!("(module (memory 1) (func {}))", loads.collect::<String>()));
    }

    #[test]
    fn functions_of_every_length_of_size_come_back() {
        let functions =
            [0, 125, 126, 20_000].map(|count| format!("(func {})", "nop ".repeat(count)));
        comes_back(&format!("(module {})", functions.concat()));
    }

    #[test]
    fn every_byte_comes_back() {
        // Each byte as often as its value, and the reverse, so that the frequent ones differ.
        for invert in [0, 0xff] {
            let bytes = (0..=u8::MAX).map(|it| format!("\\{:02x}", it ^ invert).repeat(it.into()));
            let data = bytes.collect::<String>();
            comes_back(&format!(r#"(module (memory 1) (func) (data (i32.const 0) "{data}"))"#));
        }
    }

    #[test]
    fn texts_need_no_backslash() {
        let text = Text::of((0..2000).chain([u32::MAX]), NUMBERS).0;
        assert!(text.chars().all(|it| (' '..='~').contains(&it) && it != '"' && it != '\\'));
        assert!(digits().iter().all(|digit| text.contains(*digit)));
    }

    #[test]
    fn words_stay_words() {
        let bytes = b"kassa\0\0";
        let text = Text::of(indices(bytes, &frequent(bytes)), BYTES).0;
        assert!(text.starts_with("kassa"), "{text}");
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(source(b"kassa").is_err());
        assert!(source(&wat::parse_str("(module)").unwrap()).is_err());
    }
}

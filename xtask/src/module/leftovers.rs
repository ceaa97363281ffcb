//! Wipes what a panic would have said out of the module's data.
//!
//! Once nothing writes messages (see `snip.rs`) and binaryen has dropped the arguments that carried
//! them, their text is still there: the linker laid it out and nobody after it knows where one
//! constant ends. Some of it can be told for certain, and zeros weigh nothing.

use std::collections::BTreeSet;

use anyhow::Result;
use wasmparser::{BinaryReader, DataKind, DataSectionReader, Operator, Parser, Payload};

use super::sections::{self, id};

/// Texts of the standard library for panics only, and its table for printing numbers by `core::fmt`.
const TEXTS: [&str; 8] = [
    "RefCell already mutably borrowed",
    "RefCell already borrowed",
    "capacity overflow",
    "Tried to shrink to a larger capacity",
    "removal index (is ",
    "swap_remove index (is ",
    ") should be < len (is ",
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546\
     47484950515253545556575859606162636465666768697071727374757677787980818283848586878889909192\
     93949596979899",
];

/// `core::panic::Location`: where its file's name is, how long that is, line, column.
const LOCATION: u32 = 16;

/// A stretch of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u32,
    length: u32,
}

/// Zeroes panics' locations and texts, each only where no instruction holds an address inside it.
pub(crate) fn wipe(module: &[u8]) -> Result<Vec<u8>> {
    let held = addresses(module)?;
    sections::edit(module, |id, body| {
        if id != id::DATA {
            return Ok(None);
        }
        let mut data = body.to_vec();
        for segment in DataSectionReader::new(BinaryReader::new(body, 0))? {
            let segment = segment?;
            let DataKind::Active { offset_expr, .. } = &segment.kind else { continue };
            let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                continue;
            };
            let memory = Memory { start: value.cast_unsigned(), bytes: segment.data };
            let bytes_end = usize::try_from(segment.range.end)?;
            let bytes_start = bytes_end - segment.data.len();
            for span in memory.leftovers(&held) {
                let from = bytes_start + usize::try_from(span.start - memory.start)?;
                if let Some(bytes) = data.get_mut(from..from + usize::try_from(span.length)?) {
                    bytes.fill(0);
                }
            }
        }
        Ok(Some(data))
    })
}

/// Every number in the code that could be an address.
fn addresses(module: &[u8]) -> Result<BTreeSet<u32>> {
    let mut found = BTreeSet::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CodeSectionEntry(body) = payload? else { continue };
        for operator in body.get_operators_reader()? {
            #[expect(clippy::wildcard_enum_match_arm, reason = "nothing else reads constants")]
            match operator? {
                Operator::I32Const { value } => {
                    found.insert(value.cast_unsigned());
                }
                // Two at once, stored as one.
                Operator::I64Const { value } => {
                    found.insert(value as u32);
                    found.insert((value >> 32) as u32);
                }
                Operator::I32Load { memarg }
                | Operator::I64Load { memarg }
                | Operator::F32Load { memarg }
                | Operator::F64Load { memarg }
                | Operator::I32Load8S { memarg }
                | Operator::I32Load8U { memarg }
                | Operator::I32Load16S { memarg }
                | Operator::I32Load16U { memarg }
                | Operator::I64Load8S { memarg }
                | Operator::I64Load8U { memarg }
                | Operator::I64Load16S { memarg }
                | Operator::I64Load16U { memarg }
                | Operator::I64Load32S { memarg }
                | Operator::I64Load32U { memarg } => {
                    found.insert(memarg.offset as u32);
                }
                _ => {}
            }
        }
    }
    Ok(found)
}

/// One segment, where it will be.
#[derive(Clone, Copy)]
struct Memory<'a> {
    start: u32,
    bytes: &'a [u8],
}

impl Memory<'_> {
    /// What may be wiped.
    fn leftovers(self, held: &BTreeSet<u32>) -> Vec<Span> {
        let is_free =
            |span: Span| held.range(span.start..span.start + span.length).next().is_none();
        let all: Vec<(Span, Span)> = self.locations().collect();
        let (dead, live): (Vec<_>, Vec<_>) = all.into_iter().partition(|(it, _)| is_free(*it));
        // One name serves many locations: it goes with the last.
        let names = dead.iter().map(|(_, name)| *name);
        let names = names.filter(|name| live.iter().all(|(_, other)| other != name));
        let words: BTreeSet<u32> = self.words().map(|(_, word)| word).collect();
        let texts = TEXTS.iter().filter_map(|text| self.find(text.as_bytes()));
        let texts = texts.filter(|it| words.range(it.start..it.start + it.length).next().is_none());
        let spans = dead.iter().map(|(location, _)| *location).chain(names).chain(texts);
        spans.filter(|span| is_free(*span)).collect()
    }

    /// Locations, each with the name of its file.
    fn locations(self) -> impl Iterator<Item = (Span, Span)> {
        self.words().filter_map(move |(at, start)| {
            let length = self.word(at + 4)?;
            let (line, column) = (self.word(at + 8)?, self.word(at + 12)?);
            let name = Span { start, length };
            let plausible = (1..100_000).contains(&line) && (1..1_000).contains(&column);
            (plausible && self.names_a_source(name))
                .then_some((Span { start: at, length: LOCATION }, name))
        })
    }

    fn names_a_source(self, name: Span) -> bool {
        let Some(text) = self.read(name) else { return false };
        let of_a_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/\\._-<>".contains(byte);
        (5..250).contains(&text.len()) && text.ends_with(b".rs") && text.iter().all(of_a_path)
    }

    /// All aligned words, with their addresses.
    fn words(self) -> impl Iterator<Item = (u32, u32)> {
        let end = self.start.saturating_add(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        let aligned = (self.start.next_multiple_of(4)..end).step_by(4);
        aligned.filter_map(move |at| Some((at, self.word(at)?)))
    }

    fn word(self, at: u32) -> Option<u32> {
        let bytes = self.read(Span { start: at, length: 4 })?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    fn read(&self, span: Span) -> Option<&[u8]> {
        let from = usize::try_from(span.start.checked_sub(self.start)?).ok()?;
        self.bytes.get(from..from.checked_add(usize::try_from(span.length).ok()?)?)
    }

    fn find(self, text: &[u8]) -> Option<Span> {
        let at = self.bytes.windows(text.len()).position(|window| window == text)?;
        let start = self.start.checked_add(u32::try_from(at).ok()?)?;
        Some(Span { start, length: u32::try_from(text.len()).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: u32 = 1024;
    const TEXT: &[u8] = b"RefCell already borrowed";

    /// `paidsrc/pay.rs`, two locations in that file, and a message.
    fn data() -> Vec<u8> {
        let mut bytes = b"paidsrc/pay.rs\0\0".to_vec();
        for line in [7_u32, 9] {
            for word in [START + 4, 10, line, 5] {
                bytes.extend(word.to_le_bytes());
            }
        }
        bytes.extend(TEXT);
        bytes
    }

    fn wiped(held: &[u32]) -> Vec<u8> {
        let mut bytes = data();
        let memory = Memory { start: START, bytes: &data() };
        for span in memory.leftovers(&held.iter().copied().collect()) {
            let from = (span.start - START) as usize;
            bytes[from..from + span.length as usize].fill(0);
        }
        bytes
    }

    #[test]
    fn what_nobody_points_to_goes_and_its_neighbour_stays() {
        let after = wiped(&[START, START + 4 + 10]);
        assert!(after.starts_with(b"paid"));
        assert!(after[4..].iter().all(|byte| *byte == 0), "{after:?}");
    }

    #[test]
    fn a_location_in_use_keeps_its_name() {
        let after = wiped(&[START + 16]);
        assert_eq!(after[..32], data()[..32]);
        assert_eq!(after[32..48], [0; 16]);
    }

    #[test]
    fn a_text_in_use_stays() {
        assert!(wiped(&[START + 48]).ends_with(TEXT));
        assert!(!wiped(&[START + 47]).ends_with(TEXT));
    }

    #[test]
    fn the_module_keeps_its_shape() {
        // (memory 1) (data (i32.const 1024) …)
        let mut module = b"\0asm\x01\0\0\0\x05\x03\x01\0\x01".to_vec();
        let mut section = b"\x01\0\x41\x80\x08\x0b".to_vec();
        sections::append_sized(&mut section, &data()).unwrap();
        module.push(id::DATA);
        sections::append_sized(&mut module, &section).unwrap();
        wasmparser::validate(&module).unwrap();
        let after = wipe(&module).unwrap();
        assert_eq!(after.len(), module.len());
        assert!(after.ends_with(&wiped(&[])) && !after.ends_with(&data()));
    }
}

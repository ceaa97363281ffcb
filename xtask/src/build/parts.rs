//! Takes the code of a module apart, so that values of one kind follow each other.
//!
//! In a module, operation codes, numbers of variables, constants, offsets and targets alternate. A
//! compressor for text finds more that repeats in a list of operation codes only, and in a list of
//! offsets only. So each instruction is a *prefix*, which is its fixed bytes, and the numbers that
//! follow the prefix; there is one list of prefixes, and a list of numbers for each kind.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use anyhow::{Context, Result};
use wasmparser::{BinaryReader, FunctionBody, Parser, Payload};

/// What a number in an instruction means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The only kind that has a sign in the module.
    Constant,
    Local,
    Offset,
    Function,
    Label,
}

pub(super) const KINDS: [Kind; 5] =
    [Kind::Constant, Kind::Local, Kind::Offset, Kind::Function, Kind::Label];

/// The beginning of an instruction, or all of it when nothing in it is a number of the list above.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Prefix {
    pub(super) bytes: Vec<u8>,
    pub(super) kind: Kind,
    /// How many numbers follow: none, one, or those of a table of labels.
    pub(super) numbers: usize,
}

/// A module in parts.
pub(super) struct Parts<'a> {
    /// Everything before the first function.
    pub(super) head: &'a [u8],
    /// Everything after the last function.
    pub(super) tail: &'a [u8],
    pub(super) functions: u32,
    /// The most frequent one is first.
    pub(super) prefixes: Vec<Prefix>,
    /// 0 is the end of a function, which is one instruction too. Any other number is the index of a
    /// prefix, and 1.
    pub(super) code: Vec<u32>,
    /// The numbers of each kind, in the order of `KINDS`.
    pub(super) numbers: [Vec<u32>; KINDS.len()],
}

impl<'a> Parts<'a> {
    pub(super) fn of(module: &'a [u8]) -> Result<Self> {
        let mut code = Code::default();
        let mut section = None;
        for payload in Parser::new(0).parse_all(module) {
            #[expect(clippy::wildcard_enum_match_arm, reason = "no other section has instructions")]
            match payload? {
                Payload::CodeSectionStart { count, unchecked_range, size } => {
                    section = Some((count, unchecked_range.end, size));
                }
                Payload::CodeSectionEntry(body) => code.add(&body)?,
                _ => {}
            }
        }
        let (functions, end, size) = section.context("the module has no code")?;
        let head = module.get(..usize::try_from(end - u64::from(size))?);
        let tail = module.get(usize::try_from(end)?..);
        let (head, tail) = head.zip(tail).context("the code ends after the module")?;
        let (prefixes, numbered) = code.numbered();
        Ok(Self { head, tail, functions, prefixes, code: numbered, numbers: code.numbers })
    }
}

#[derive(Default)]
struct Code {
    /// `None` is the end of a function.
    instructions: Vec<Option<Prefix>>,
    numbers: [Vec<u32>; KINDS.len()],
}

impl Code {
    fn add(&mut self, body: &FunctionBody<'_>) -> Result<()> {
        let start = body.range().start;
        let mut starts = Vec::new();
        for operator in body.get_operators_reader()?.into_iter_with_offsets() {
            starts.push(usize::try_from(operator?.1 - start)?);
        }
        let part = |range: Range<usize>| body.as_bytes().get(range).context("not in the function");
        // The declaration of the variables is a prefix as a whole, and so is an instruction without
        // numbers. The last instruction is the `end`.
        let variables = part(0..starts.first().copied().unwrap_or_default())?;
        self.instructions.push(Some(Prefix::whole(variables)));
        for (from, to) in starts.iter().zip(starts.iter().skip(1)) {
            self.add_instruction(part(*from..*to)?)?;
        }
        self.instructions.push(None);
        Ok(())
    }

    fn add_instruction(&mut self, bytes: &[u8]) -> Result<()> {
        let mut reader = BinaryReader::new(bytes, 0);
        let kind = match reader.read_u8()? {
            0x0c | 0x0d => Kind::Label,
            0x0e => {
                reader.read_var_u32()?;
                Kind::Label
            }
            0x10 => Kind::Function,
            0x20..=0x22 => Kind::Local,
            0x28..=0x3e => {
                // The alignment.
                reader.read_var_u32()?;
                Kind::Offset
            }
            0x41 => Kind::Constant,
            _ => {
                self.instructions.push(Some(Prefix::whole(bytes)));
                return Ok(());
            }
        };
        let fixed = bytes.get(..reader.current_position()).unwrap_or_default().to_vec();
        let mut numbers = 0;
        while !reader.eof() {
            let number = match kind {
                Kind::Constant => reader.read_var_i32()?.cast_unsigned(),
                Kind::Local | Kind::Offset | Kind::Function | Kind::Label => {
                    reader.read_var_u32()?
                }
            };
            if let Some(list) = self.numbers.get_mut(kind as usize) {
                list.push(number);
            }
            numbers += 1;
        }
        self.instructions.push(Some(Prefix { bytes: fixed, kind, numbers }));
        Ok(())
    }

    /// The prefixes, and the code as numbers of them.
    fn numbered(&self) -> (Vec<Prefix>, Vec<u32>) {
        let mut counts = BTreeMap::<&Prefix, usize>::new();
        for prefix in self.instructions.iter().flatten() {
            *counts.entry(prefix).or_default() += 1;
        }
        let mut counted: Vec<_> = counts.into_iter().collect();
        counted.sort_by_key(|(_, count)| Reverse(*count));
        let prefixes: Vec<Prefix> = counted.into_iter().map(|(prefix, _)| prefix.clone()).collect();
        let numbers: HashMap<&Prefix, u32> = prefixes.iter().zip(1..).collect();
        let number = |it: &Option<Prefix>| it.as_ref().and_then(|it| numbers.get(it).copied());
        let code = self.instructions.iter().map(|it| number(it).unwrap_or_default()).collect();
        (prefixes, code)
    }
}

impl Prefix {
    fn whole(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), kind: Kind::Constant, numbers: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_number_has_a_list() {
        let module = wat::parse_str(
            r#"(module (memory 1) (func (param i32) (local i64)
                (block (br_table 0 1 0 (local.get 0)))
                (i32.store offset=12 (local.get 0) (i32.const -1))
                (local.set 1 (i64.const 7))
                (call 0 (i32.const 300))))"#,
        );
        let module = module.unwrap();
        let parts = Parts::of(&module).unwrap();
        let [constants, locals, offsets, functions, labels] = &parts.numbers;
        assert_eq!(*constants, [u32::MAX, 300]);
        assert_eq!(*locals, [0, 0, 1]);
        assert_eq!(*offsets, [12]);
        assert_eq!(*functions, [0]);
        assert_eq!(*labels, [0, 1, 0]);
        let has = |bytes: &[u8]| parts.prefixes.iter().any(|prefix| prefix.bytes == bytes);
        assert!(has(&[1, 1, 0x7e]), "the variables");
        assert!(has(&[0x42, 7]), "an instruction without numbers");
        assert!(has(&[0x0e, 2]), "a table of two labels");
        assert_eq!(parts.prefixes.first().map(|it| &it.bytes[..]), Some(&[0x20][..]), "the order");
    }
}

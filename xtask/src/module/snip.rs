//! Takes out what only a panic runs.
//!
//! A panic in a browser is a trap either way: the facade tells one by the control that never came
//! back, cleans the page up and settles every promise with `SDK_INTERNAL_ERROR`. The message before
//! it would be for nobody, yet writing it drags in all of `core::fmt`. So each function that starts
//! a panic becomes the instruction that traps, and binaryen removes what nothing reaches any more.
//!
//! What was rejected: `-Zbuild-std` with `panic_immediate_abort` does the same, but on nightly only;
//! binaryen's `--traps-never-happen` also drops the checks in front of the traps.

use std::collections::{HashMap, HashSet};

use anyhow::{Result, bail};
use wasmparser::{
    CodeSectionReader, ElementItems, ExternalKind, FunctionBody, KnownCustom, Name, Operator,
    Parser, Payload, TypeRef,
};

use super::sections::{self, append_leb, append_sized, id};

/// Functions that never return, by parts of their readable names. Replacing one changes no program
/// that does not panic; that each really ends in a trap is checked. One of these, at least, must be
/// in every module: a toolchain that calls them something else fails the build instead of growing
/// the result.
const DIVERGING: [&str; 12] = [
    "core::panicking::",
    "core::slice::index::slice_",
    "core::str::slice_error_fail",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::cell::panic_already_",
    "std::thread::local::panic_access_error",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "std::alloc::rust_oom",
];

/// Functions that put a message together and hand it on. They may return, so they may go only where
/// nothing but a panic calls them, which [`snip`] checks: our own code writes without `core::fmt`.
const MESSAGES: [&str; 14] = [
    "std::panicking::",
    "core::fmt::",
    "as core::fmt::Debug",
    "as core::fmt::Display",
    "as core::fmt::Write",
    "as core::fmt::LowerHex",
    "as core::fmt::UpperHex",
    "FormatStringPayload",
    "StaticStrPayload",
    "escape_debug",
    "core::unicode::printable::",
    "grapheme_extend",
    "core::str::count::",
    "std::sys::backtrace::",
];

/// `unreachable` and the function's end, after a count of zero local variables.
const TRAP: [u8; 3] = [0, 0, 0x0b];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Diverging,
    Message,
}

/// Replaces the body of each listed function by a trap.
pub(crate) fn snip(module: &[u8]) -> Result<Vec<u8>> {
    let program = Program::read(module)?;
    if !program.kinds.values().any(|kind| *kind == Kind::Diverging) {
        bail!("no function starts a panic: has the toolchain renamed them? See xtask's snip.rs");
    }
    if let Some(name) = program.mistaken() {
        bail!("`{name}` can return, so it is no panic: see xtask's snip.rs");
    }
    if let Some((caller, message)) = program.live_message() {
        bail!(
            "`{caller}` runs without a panic and calls `{message}`, which is taken out: write \
             text without core::fmt (see crates/core/src/small.rs)"
        );
    }
    sections::edit(module, |id, body| {
        Ok(if id == id::CODE { Some(program.snipped(body)?) } else { None })
    })
}

/// Who calls whom, by function number: first the imports, then ours.
#[derive(Default)]
struct Program {
    imports: u32,
    names: HashMap<u32, String>,
    kinds: HashMap<u32, Kind>,
    calls: HashMap<u32, Vec<u32>>,
    /// Those that can come to their end.
    returning: HashSet<u32>,
    /// What may be called from outside, or through a table.
    roots: Vec<u32>,
}

impl Program {
    fn read(module: &[u8]) -> Result<Self> {
        let mut program = Self::default();
        let mut next = 0;
        for payload in Parser::new(0).parse_all(module) {
            #[expect(clippy::wildcard_enum_match_arm, reason = "no other section calls functions")]
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        program.imports += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                    next = program.imports;
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            program.roots.push(export.index);
                        }
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        if let ElementItems::Functions(functions) = element?.items {
                            for function in functions {
                                program.roots.push(function?);
                            }
                        }
                    }
                }
                Payload::StartSection { func, .. } => program.roots.push(func),
                Payload::CodeSectionEntry(body) => {
                    program.add_body(next, &body)?;
                    next += 1;
                }
                Payload::CustomSection(section) => {
                    let KnownCustom::Name(subsections) = section.as_known() else { continue };
                    for subsection in subsections {
                        let Name::Function(map) = subsection? else { continue };
                        for naming in map {
                            let naming = naming?;
                            program.add_name(naming.index, naming.name);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(program)
    }

    fn add_name(&mut self, function: u32, name: &str) {
        let name = format!("{:#}", rustc_demangle::demangle(name));
        if function >= self.imports
            && let Some(kind) = kind(&name)
        {
            self.kinds.insert(function, kind);
        }
        self.names.insert(function, name);
    }

    fn add_body(&mut self, function: u32, body: &FunctionBody<'_>) -> Result<()> {
        let mut calls = Vec::new();
        let mut last = None;
        let mut returns = false;
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            #[expect(clippy::wildcard_enum_match_arm, reason = "no other instruction matters here")]
            match operator {
                Operator::Call { function_index } => calls.push(function_index),
                Operator::Return => returns = true,
                Operator::End => continue,
                _ => {}
            }
            last = Some(operator);
        }
        if returns || !matches!(last, Some(Operator::Unreachable)) {
            self.returning.insert(function);
        }
        self.calls.insert(function, calls);
        Ok(())
    }

    /// A function that was taken for one that never returns.
    fn mistaken(&self) -> Option<&str> {
        let diverging = self.kinds.iter().filter(|(_, kind)| **kind == Kind::Diverging);
        let (function, _) = diverging.into_iter().find(|(it, _)| self.returning.contains(it))?;
        self.names.get(function).map(String::as_str)
    }

    /// A function that runs without a panic and the message code that it calls.
    fn live_message(&self) -> Option<(&str, &str)> {
        let name = |function| self.names.get(&function).map_or("?", String::as_str);
        let mut seen = HashSet::new();
        let mut to_do: Vec<u32> =
            self.roots.iter().copied().filter(|root| !self.kinds.contains_key(root)).collect();
        while let Some(caller) = to_do.pop() {
            if !seen.insert(caller) {
                continue;
            }
            for callee in self.calls.get(&caller).into_iter().flatten() {
                match self.kinds.get(callee) {
                    None => to_do.push(*callee),
                    Some(Kind::Diverging) => {}
                    Some(Kind::Message) => return Some((name(caller), name(*callee))),
                }
            }
        }
        None
    }

    fn snipped(&self, code: &[u8]) -> Result<Vec<u8>> {
        let reader = CodeSectionReader::new(wasmparser::BinaryReader::new(code, 0))?;
        let mut out = Vec::new();
        append_leb(&mut out, reader.count());
        for (function, body) in (self.imports..).zip(reader) {
            let body = body?;
            let trap = self.kinds.contains_key(&function);
            append_sized(&mut out, if trap { &TRAP } else { body.as_bytes() })?;
        }
        Ok(out)
    }
}

fn kind(name: &str) -> Option<Kind> {
    let is_in = |list: &[&str]| list.iter().any(|part| name.contains(part));
    if is_in(&DIVERGING) {
        return Some(Kind::Diverging);
    }
    is_in(&MESSAGES).then_some(Kind::Message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::{function_names, tiny};

    const PANIC: &str = "core::panicking::panic";
    const WRITE: &str = "core::fmt::write";
    const NOP: [u8; 3] = [0, 0x01, 0x0b];

    fn body_count(module: &[u8], wanted: &[u8]) -> usize {
        let code = sections::all(module).unwrap();
        let (_, body) = code.iter().find(|(id, _)| *id == id::CODE).unwrap();
        let reader = CodeSectionReader::new(wasmparser::BinaryReader::new(body, 0)).unwrap();
        reader.into_iter().filter(|body| body.as_ref().unwrap().as_bytes() == wanted).count()
    }

    #[test]
    fn what_starts_a_panic_traps_and_the_rest_stays() {
        // 0 is imported; 1 is ours and exported, 2 panics, 3 writes the message.
        let calls_panic = [0, 0x10, 2, 0x0b];
        let calls_write = [0, 0x10, 3, 0x00, 0x0b];
        let module = tiny::module(&[
            ("kassa::pay", &calls_panic),
            (PANIC, &calls_write),
            (WRITE, &NOP),
            ("kassa::idle", &NOP),
        ]);
        let snipped = snip(&module).unwrap();
        assert_eq!(body_count(&snipped, &TRAP), 2);
        assert_eq!(body_count(&snipped, &calls_panic), 1);
        assert_eq!(body_count(&snipped, &NOP), 1);
        assert_eq!(function_names(&snipped).unwrap(), function_names(&module).unwrap());
        wasmparser::validate(&snipped).unwrap();
    }

    #[test]
    fn code_that_writes_without_a_panic_is_refused() {
        let calls_write = [0, 0x10, 3, 0x0b];
        let module = tiny::module(&[("kassa::pay", &calls_write), (PANIC, &TRAP), (WRITE, &NOP)]);
        let error = snip(&module).unwrap_err().to_string();
        assert!(error.contains("kassa::pay") && error.contains(WRITE), "{error}");
    }

    #[test]
    fn a_panic_that_returns_is_refused() {
        let error = snip(&tiny::module(&[("kassa::pay", &NOP), (PANIC, &NOP)])).unwrap_err();
        assert!(error.to_string().contains("can return"), "{error}");
    }

    #[test]
    fn a_renamed_toolchain_is_noticed() {
        assert!(snip(&tiny::module(&[("kassa::pay", &NOP), (WRITE, &NOP)])).is_err());
    }
}

//! Replaces the code of panics by a trap.
//!
//! A panic ends in a trap in any case: JavaScript then removes the component and rejects what is
//! pending with `SDK_INTERNAL_ERROR`. The message before the trap has no reader, yet writing it
//! links all of `core::fmt`. Each function that starts a panic therefore becomes the instruction
//! that traps, and binaryen removes what is then unreachable.
//!
//! Rejected: `-Zbuild-std` with `panic_immediate_abort`, which needs a nightly compiler; binaryen's
//! `--traps-never-happen`, which also removes the checks in front of the traps.

use std::collections::HashSet;

use anyhow::{Context, Result, bail};
use wasm_encoder::{CodeSection, Module, RawSection};
use wasmparser::{
    BinaryReader, CodeSectionReader, ElementItems, ExternalKind, FunctionBody, Operator, Parser,
    Payload, TypeRef,
};

use crate::functions;

/// Parts of the names of functions that never return. A trap in place of one changes no program
/// that does not panic; that each of them does end in a trap is checked. A module without any of
/// them is refused, since it means that a new toolchain renamed them.
const DIVERGING: [&str; 13] = [
    "core::panicking::",
    "core::slice::index::slice_",
    "core::str::slice_error_fail",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::cell::panic_already_",
    "std::panicking::begin_panic::<",
    "std::thread::local::panic_access_error",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "std::alloc::rust_oom",
];

/// Parts of the names of functions that build a panic's message. These may return, so a trap may
/// replace them only where nothing but a panic calls them, which is checked.
const MESSAGES: [&str; 9] = [
    "std::panicking::",
    "core::fmt::",
    "FormatStringPayload",
    "StaticStrPayload",
    "escape_debug",
    "core::unicode::printable::",
    "grapheme_extend",
    "core::str::count::",
    "std::sys::backtrace::",
];

/// A body without local variables: `unreachable`, `end`.
const TRAP: [u8; 3] = [0, 0x00, 0x0b];

/// The module with a trap as the body of each listed function.
pub(super) fn strip_panics(module: &[u8]) -> Result<Vec<u8>> {
    let program = Program::read(module)?;
    if program.functions.iter().all(|function| function.part != Some(Part::Diverges)) {
        bail!("no function starts a panic: compare the toolchain's names with strip_panics.rs");
    }
    if let Some((caller, message)) = program.live_message() {
        bail!(
            "`{caller}` runs without a panic and calls `{message}`: code that ships must not use \
             core::fmt, see strip_panics.rs"
        );
    }
    let mut out = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        let Some((id, range)) = payload.as_section() else { continue };
        let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
        let data = module.get(range).context("a section ends after the module")?;
        if !matches!(payload, Payload::CodeSectionStart { .. }) {
            out.section(&RawSection { id, data });
            continue;
        }
        let defined = program.functions.iter().skip(program.imported);
        let mut code = CodeSection::new();
        for (function, body) in defined.zip(CodeSectionReader::new(BinaryReader::new(data, 0))?) {
            let body = body?;
            code.raw(if function.part.is_some() { &TRAP } else { body.as_bytes() });
        }
        out.section(&code);
    }
    Ok(out.finish())
}

/// The part of a listed function in a panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Diverges,
    WritesMessage,
}

#[derive(Default)]
struct Function {
    name: String,
    /// `None` for code that runs without a panic.
    part: Option<Part>,
    /// Numbers of the functions that it calls directly.
    calls: Vec<u32>,
}

/// The functions of a module, and which of them call which.
#[derive(Default)]
struct Program {
    /// By number; the first ones are imported.
    functions: Vec<Function>,
    imported: usize,
    /// Functions that are called from outside or through a table.
    roots: Vec<u32>,
}

impl Program {
    fn read(module: &[u8]) -> Result<Self> {
        let mut names = functions::names(module)?;
        let mut program = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            #[expect(clippy::wildcard_enum_match_arm, reason = "no other section names functions")]
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        program.imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                    program.functions.resize_with(program.imported, Function::default);
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        let is_function = export.kind == ExternalKind::Func;
                        program.roots.extend(is_function.then_some(export.index));
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        let ElementItems::Functions(functions) = element?.items else { continue };
                        for function in functions {
                            program.roots.push(function?);
                        }
                    }
                }
                Payload::StartSection { func, .. } => program.roots.push(func),
                Payload::CodeSectionEntry(body) => {
                    let number = u32::try_from(program.functions.len())?;
                    let name = names.remove(&number).unwrap_or_default();
                    program.functions.push(Function::read(name, &body)?);
                }
                _ => {}
            }
        }
        Ok(program)
    }

    /// A function that runs without a panic, and the function for messages that it calls.
    fn live_message(&self) -> Option<(&str, &str)> {
        let get = |number: &u32| self.functions.get(*number as usize);
        let mut seen = HashSet::new();
        let mut to_do = self.roots.clone();
        while let Some(number) = to_do.pop() {
            let Some(caller @ Function { part: None, .. }) = get(&number) else { continue };
            if !seen.insert(number) {
                continue;
            }
            let writes = |it: &&Function| it.part == Some(Part::WritesMessage);
            if let Some(message) = caller.calls.iter().filter_map(get).find(writes) {
                return Some((&caller.name, &message.name));
            }
            to_do.extend(&caller.calls);
        }
        None
    }
}

impl Function {
    /// An error for a function that is listed as diverging and may return.
    fn read(name: String, body: &FunctionBody<'_>) -> Result<Self> {
        let is_in = |list: &[&str]| list.iter().any(|part| name.contains(part));
        let part = match is_in(&DIVERGING) {
            true => Some(Part::Diverges),
            false => is_in(&MESSAGES).then_some(Part::WritesMessage),
        };
        let operators = body.get_operators_reader()?.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut calls = Vec::new();
        for operator in &operators {
            if let Operator::Call { function_index } = operator {
                calls.push(*function_index);
            }
        }
        let returns = !matches!(operators.as_slice(), [.., Operator::Unreachable, Operator::End])
            || operators.iter().any(|operator| matches!(operator, Operator::Return));
        if part == Some(Part::Diverges) && returns {
            bail!("`{name}` can return, so it starts no panic: see strip_panics.rs");
        }
        Ok(Self { name, part, calls })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(functions: &str) -> Result<Vec<u8>> {
        let text = format!(r#"(module (import "a" "b" (func)) {functions} (memory 1))"#);
        strip_panics(&wat::parse_str(text)?)
    }

    #[test]
    fn panics_trap_and_other_code_stays() {
        let module = stripped(
            r#"(func $"kassa::pay" (export "pay") call $"core::panicking::panic" nop)
               (func $"core::panicking::panic" call $"core::fmt::write" unreachable)
               (func $"core::fmt::write" nop nop)
               (func $"kassa::idle" nop nop)"#,
        );
        let module = module.unwrap();
        wasmparser::validate(&module).unwrap();
        let found = functions::read(&module).unwrap();
        let sizes: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.size)).collect();
        let panic = ("core::panicking::panic", TRAP.len());
        let write = ("core::fmt::write", TRAP.len());
        assert_eq!(sizes, [("kassa::pay", 5), panic, write, ("kassa::idle", 4)]);
    }

    #[test]
    fn messages_without_a_panic_are_refused() {
        let error = stripped(
            r#"(func $"kassa::pay" (export "pay") call $"core::fmt::write")
               (func $"core::panicking::panic" unreachable)
               (func $"core::fmt::write")"#,
        );
        let error = error.unwrap_err().to_string();
        assert!(error.contains("kassa::pay") && error.contains("core::fmt::write"), "{error}");
    }

    #[test]
    fn a_panic_that_returns_is_refused() {
        let error = stripped(r#"(func $"core::panicking::panic" nop)"#).unwrap_err().to_string();
        assert!(error.contains("can return"), "{error}");
    }

    #[test]
    fn names_of_another_toolchain_are_refused() {
        assert!(stripped(r#"(func $"core::panic::panic" unreachable)"#).is_err());
    }
}

//! Which functions a wasm module consists of.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Result, bail};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// How many functions the report names.
const LARGEST: usize = 20;

/// A function that a module defines.
pub(crate) struct Function {
    /// Demangled.
    pub(crate) name: String,
    /// Of its body, in bytes.
    pub(crate) size: usize,
}

/// The functions that the module defines, in its order. A module without a name section is an
/// error: nothing could be concluded from it.
pub(crate) fn read(module: &[u8]) -> Result<Vec<Function>> {
    let mut names = names(module)?;
    if names.is_empty() {
        bail!("the module has no function names");
    }
    let mut number = 0;
    let mut functions = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other section numbers functions")]
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    number += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                let name = names.remove(&number).unwrap_or_default();
                functions.push(Function { name, size: body.as_bytes().len() });
                number += 1;
            }
            _ => {}
        }
    }
    Ok(functions)
}

/// Demangled names by function number; imports have the first numbers.
pub(crate) fn names(module: &[u8]) -> Result<HashMap<u32, String>> {
    let mut names = HashMap::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload? else { continue };
        let KnownCustom::Name(subsections) = section.as_known() else { continue };
        for subsection in subsections {
            let Name::Function(map) = subsection? else { continue };
            for naming in map {
                let naming = naming?;
                names.insert(naming.index, format!("{:#}", rustc_demangle::demangle(naming.name)));
            }
        }
    }
    Ok(names)
}

/// Each crate's share of a module's code, and the largest functions. Code that wasm-opt inlined
/// counts as its caller's, and a generic function as that of the crate that defines it.
pub(crate) fn report(package: &str, mut functions: Vec<Function>) -> String {
    let total: usize = functions.iter().map(|function| function.size).sum();
    let mut crates = BTreeMap::<&str, usize>::new();
    for Function { name, size } in &functions {
        *crates.entry(crate_of(name)).or_default() += size;
    }
    let mut crates: Vec<_> = crates.into_iter().map(|(name, size)| (size, name)).collect();
    crates.sort_unstable_by(|a, b| b.cmp(a));
    let mut lines = vec![format!("{package}: {total} bytes of code after wasm-opt, by crate")];
    for (size, name) in crates {
        let permille = size * 1000 / total.max(1);
        lines.push(format!("{size:>9}{:>4}.{} %  {name}", permille / 10, permille % 10));
    }
    lines.push(format!("{package}: the {LARGEST} largest functions"));
    functions.sort_by_key(|function| std::cmp::Reverse(function.size));
    let largest = functions.iter().take(LARGEST);
    lines.extend(largest.map(|Function { name, size }| format!("{size:>9}  {name}")));
    lines.join("\n") + "\n\n"
}

/// The crate in front of a path such as `<a::B as c::D>::e`.
fn crate_of(name: &str) -> &str {
    let path = name.trim_start_matches(['<', '&', '(', '[', '*']);
    let qualifiers = ["mut ", "dyn ", "const "];
    let path = qualifiers.iter().fold(path, |path, word| path.trim_start_matches(word));
    match path.split_once("::") {
        Some((name, _)) if name.chars().all(|it| it.is_alphanumeric() || it == '_') => name,
        _ => "(no path: exports, allocator, compiler runtime)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_and_measured() {
        let text = r#"(module (import "a" "b" (func $b)) (func $"kassa::pay" call $b))"#;
        let found = read(&wat::parse_str(text).unwrap()).unwrap();
        let [Function { name, size }] = found.as_slice() else { panic!("one function") };
        assert_eq!((name.as_str(), *size), ("kassa::pay", 4));
        assert!(read(&wat::parse_str("(module (func))").unwrap()).is_err());
    }

    #[test]
    fn crates_are_read_from_names() {
        assert_eq!(crate_of("kassa_core::machine::Machine::handle"), "kassa_core");
        assert_eq!(crate_of("<&mut kassa::View as core::ops::Drop>::drop"), "kassa");
        assert!(crate_of("__wbindgen_malloc").starts_with('('));
        assert!(crate_of("<T as core::any::Any>::type_id").starts_with('('));
    }

    #[test]
    fn crates_and_functions_are_sorted_by_size() {
        let functions = [("a::small", 1), ("b::large", 7), ("a::medium", 2)];
        let functions = functions.map(|(name, size)| Function { name: name.into(), size });
        let text = report("kassa", functions.into());
        let order = ["70.0 %  b", "30.0 %  a", "7  b::large", "2  a::medium", "1  a::small"];
        let at: Vec<_> = order.iter().map(|line| text.find(line)).collect();
        assert!(at.iter().all(Option::is_some) && at.is_sorted(), "{text}");
    }
}

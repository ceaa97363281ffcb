//! `cargo xtask size`: the sizes of the files that a buyer's browser loads, and their parts.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::build::{self, BYTES, MODULES, Module, NAMED, SDK, WASM};
use crate::compress::Weight;
use crate::functions;
use crate::layout::Layout;

const FRAME: [&str; 4] = [
    "target/web/frame/card.html",
    "target/web/frame/card.css",
    "target/web/frame/card.js",
    "target/web/frame/card.wasm",
];

/// A ratchet: lower a budget when the measured size has fallen for good. A raise needs an ADR with
/// the use of the bytes, see `docs/adr/0001-size.md`.
const BUDGETS: [Budget; 3] = [
    Budget { what: "page, module", files: &["dist/kassa.mjs"], limit: 82_432 },
    Budget { what: "page, script tag", files: &["dist/kassa.js"], limit: 82_432 },
    Budget { what: "card frame", files: &FRAME, limit: 26 * 1024 },
];

/// Code that is large and easily linked by accident, by a part of its name.
const FORBIDDEN_SYMBOLS: [(&str, &str); 3] = [
    ("float_to_decimal", "formats a float (+9 KB): amounts are integers in minor units"),
    ("serde_core::de::", "deserializes with serde (+17 KB): use structural getters"),
    ("serde::de::", "deserializes with serde (+17 KB): use structural getters"),
];

struct Budget {
    what: &'static str,
    files: &'static [&'static str],
    /// Bytes after brotli, quality 11, of all files together.
    limit: usize,
}

/// The whole result.
pub(crate) struct Report {
    rows: Vec<Row>,
    /// Checks of the linked code; a fault has the reason of a failed one.
    checks: Vec<(String, Option<String>)>,
    contents: String,
}

struct Row {
    name: String,
    weight: Weight,
    limit: Option<usize>,
}

impl Report {
    /// How many checks passed.
    pub(crate) fn passed(&self) -> usize {
        let budgets = self.rows.iter().filter(|row| row.limit.is_some()).count();
        budgets + self.checks.len() - self.failed()
    }

    /// How many checks failed.
    pub(crate) fn failed(&self) -> usize {
        let rows = self.rows.iter().filter(|row| row.is_over()).count();
        rows + self.checks.iter().filter(|(_, fault)| fault.is_some()).count()
    }
}

impl Row {
    fn is_over(&self) -> bool {
        self.limit.is_some_and(|limit| self.weight.brotli > limit)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.contents)?;
        writeln!(f, "{:<35}{:>9}{:>9}{:>9}{:>9}", "bytes", "raw", "gzip", "brotli", "budget")?;
        for row in &self.rows {
            let Weight { raw, gzip, brotli } = row.weight;
            write!(f, "{:<35}{raw:>9}{gzip:>9}{brotli:>9}", row.name)?;
            match row.limit {
                Some(limit) if row.is_over() => writeln!(f, "{limit:>9}  OVER")?,
                Some(limit) => writeln!(f, "{limit:>9}  ok")?,
                None => writeln!(f)?,
            }
        }
        for (name, fault) in &self.checks {
            writeln!(f, "{name}: {}", fault.as_deref().unwrap_or("ok"))?;
        }
        Ok(())
    }
}

/// Measures the files of the build.
pub(crate) fn measure(layout: &Layout) -> Result<Report> {
    let mut report = Report { rows: Vec::new(), checks: Vec::new(), contents: String::new() };
    let mut files: Vec<_> = FRAME.map(|file| layout.source(file)).into();
    files.extend([SDK.file(layout, WASM), SDK.file(layout, BYTES)]);
    for file in files {
        let row = Row { name: layout.short(&file), weight: weigh(&file)?, limit: None };
        report.rows.push(row);
    }
    for Budget { what, files, limit } in BUDGETS {
        let mut weight = Weight::default();
        for file in files {
            weight = weight + weigh(&layout.source(file))?;
        }
        report.rows.push(Row { name: what.to_owned(), weight, limit: Some(limit) });
    }
    for module in MODULES {
        check(layout, module, &mut report)?;
        let functions = functions::read(&read(&module.file(layout, NAMED))?)?;
        report.contents += &functions::report(module.package, functions);
    }
    Ok(report)
}

fn check(layout: &Layout, module: Module, report: &mut Report) -> Result<()> {
    let package = module.package;
    // Before wasm-opt, which may have merged the function in question into its caller.
    let names = functions::read(&read(&module.compiled(layout))?).context(package)?;
    let fault = forbidden_symbol(names.iter().map(|function| function.name.as_str()));
    report.checks.push((format!("{package}: no forbidden symbol"), fault));
    let fault = build::check_mvp(&read(&module.file(layout, WASM))?).err();
    let fault = fault.map(|error| format!("{error:#}"));
    report.checks.push((format!("{package}: runs on the first wasm engines"), fault));
    Ok(())
}

/// The first forbidden symbol, and why it is one.
fn forbidden_symbol<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    FORBIDDEN_SYMBOLS.iter().find_map(|(part, reason)| {
        let name = names.clone().find(|name| name.contains(part))?;
        Some(format!("links `{name}`, which {reason}"))
    })
}

fn weigh(file: &Path) -> Result<Weight> {
    Weight::of(&read(file)?)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("no {}: `cargo xtask build` makes it", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(brotli: usize, limit: Option<usize>) -> Row {
        Row { name: "a".into(), weight: Weight { raw: 1, gzip: 1, brotli }, limit }
    }

    #[test]
    fn a_budget_is_met_up_to_its_last_byte() {
        let report = Report {
            rows: vec![row(30, Some(30)), row(31, Some(30)), row(99, None)],
            checks: vec![("b".into(), None), ("c".into(), Some("why".into()))],
            contents: String::new(),
        };
        assert_eq!((report.passed(), report.failed()), (2, 2));
        let text = report.to_string();
        assert!(text.contains("OVER") && text.contains("c: why"), "{text}");
    }

    #[test]
    fn forbidden_symbols_are_named_with_a_reason() {
        let names = ["core::fmt::float::float_to_decimal_common_shortest"];
        let fault = forbidden_symbol(names.into_iter());
        assert!(fault.is_some_and(|fault| fault.contains("formats a float")));
        assert_eq!(forbidden_symbol(["serde_core::ser::Serializer"].into_iter()), None);
    }
}

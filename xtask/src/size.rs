//! `cargo xtask size`: what a shopper's browser has to load.

use std::fmt;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::build::{CARD_FRAME, DESK, Module, SDK};
use crate::compress::Weight;
use crate::layout::Layout;
use crate::module;

const KB: usize = 1024;

/// Budgets, brotli. A ratchet: lower one when the measured size has fallen for good; raising one
/// needs an ADR that says what the bytes buy: `docs/adr/0005-what-the-whole-contract-weighs.md`.
const BUDGETS: [Budget; 6] = [
    Budget { what: "page, module", files: &[MODULE], limit: 71 * KB / 2 },
    Budget { what: "page, script tag", files: &[SCRIPT], limit: 71 * KB / 2 },
    Budget { what: "card frame", files: &FRAME, limit: 20 * KB },
    Budget {
        what: "page and card frame",
        files: &[SCRIPT, FRAME[0], FRAME[1], FRAME[2], FRAME[3]],
        limit: 105 * KB / 2,
    },
    Budget { what: "desk", files: &[DESK_SCRIPT], limit: 18 * KB },
    Budget { what: "page and desk", files: &[SCRIPT, DESK_SCRIPT], limit: 105 * KB / 2 },
];

/// What pages without wasm load instead of the first two, where it is built.
const WITHOUT_WASM: [&str; 2] = ["dist/kassa.csp.mjs", "dist/kassa.csp.js"];

const MODULE: &str = "dist/kassa.mjs";
const SCRIPT: &str = "dist/kassa.js";
const DESK_SCRIPT: &str = "dist/kassa-desk.js";
const FRAME: [&str; 4] = [
    "target/web/frame/card.html",
    "target/web/frame/card.css",
    "target/web/frame/card.js",
    "target/web/frame/card.wasm",
];

/// Code that is large and easily linked by accident.
const VILLAINS: [(&str, &str); 3] = [
    ("float_to_decimal", "formats a float (+9 KB): money is integers, and so is everything else"),
    ("serde_core::de::", "reads with serde (+17 KB): use structural getters"),
    ("serde::de::", "reads with serde (+17 KB): use structural getters"),
];

struct Budget {
    what: &'static str,
    files: &'static [&'static str],
    /// Bytes after brotli.
    limit: usize,
}

/// The whole result.
pub(crate) struct Table {
    rows: Vec<Row>,
    /// Checks of what is linked: passed, or the reason why not.
    contents: Vec<(String, Option<String>)>,
}

struct Row {
    name: String,
    weight: Weight,
    limit: Option<usize>,
}

impl Table {
    /// How many checks held.
    pub(crate) fn passed(&self) -> usize {
        let budgets = self.rows.iter().filter(|row| row.limit.is_some()).count();
        budgets + self.contents.len() - self.failed()
    }

    /// How many did not.
    pub(crate) fn failed(&self) -> usize {
        let rows = self.rows.iter().filter(|row| row.is_over()).count();
        rows + self.contents.iter().filter(|(_, fault)| fault.is_some()).count()
    }
}

impl Row {
    fn is_over(&self) -> bool {
        self.limit.is_some_and(|limit| self.weight.brotli > limit)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<30}{:>9}{:>9}{:>9}{:>9}", "bytes", "raw", "gzip", "brotli", "budget")?;
        for row in &self.rows {
            let Weight { raw, gzip, brotli } = row.weight;
            write!(f, "{:<30}{raw:>9}{gzip:>9}{brotli:>9}", row.name)?;
            match row.limit {
                Some(limit) if row.is_over() => writeln!(f, "{limit:>9}  OVER")?,
                Some(limit) => writeln!(f, "{limit:>9}  ok")?,
                None => writeln!(f)?,
            }
        }
        for (name, fault) in &self.contents {
            writeln!(f, "{name}: {}", fault.as_deref().unwrap_or("ok"))?;
        }
        Ok(())
    }
}

/// Weighs what the build made.
pub(crate) fn measure(layout: &Layout) -> Result<Table> {
    let weigh = |file: &str| {
        let bytes = fs::read(layout.source(file))
            .with_context(|| format!("could not weigh {file}: `cargo xtask build` makes it"))?;
        Weight::of(&bytes)
    };
    let mut rows = Vec::new();
    for file in [MODULE, SCRIPT, DESK_SCRIPT].iter().chain(&FRAME) {
        rows.push(Row { name: (*file).to_owned(), weight: weigh(file)?, limit: None });
    }
    for (module, style) in [(SDK, "web/style.css"), (DESK, "web/desk.css"), (CARD_FRAME, "")] {
        rows.extend(anatomy(layout, module, style)?);
    }
    let weight_of = |name: &str| {
        rows.iter().find(|row| row.name == name).map(|row| row.weight).unwrap_or_default()
    };
    let budgets: Vec<Row> = BUDGETS
        .iter()
        .map(|budget| Row {
            name: budget.what.to_owned(),
            weight: budget
                .files
                .iter()
                .map(|file| weight_of(file))
                .fold(Weight::default(), |a, b| a + b),
            limit: Some(budget.limit),
        })
        .collect();
    rows.extend(budgets);
    for file in WITHOUT_WASM.iter().filter(|file| layout.source(file).is_file()) {
        rows.push(Row { name: (*file).to_owned(), weight: weigh(file)?, limit: Some(30 * KB) });
    }
    Ok(Table { rows, contents: contents(layout)? })
}

/// Where a program's bytes are. Weighed one by one they are not exactly their sum.
fn anatomy(layout: &Layout, module: Module, style: &str) -> Result<Vec<Row>> {
    let read = |file: PathBuf| {
        fs::read(&file).with_context(|| format!("could not read {}", layout.short(&file)))
    };
    let informative = |name: String, bytes: &[u8]| -> Result<Row> {
        Ok(Row { name, weight: Weight::of(bytes)?, limit: None })
    };
    let bytes = read(module.file(layout))?;
    let mut rows = vec![informative(format!("{}, wasm", module.package), &bytes)?];
    for (part, bytes) in module::parts(&bytes)? {
        rows.push(informative(format!("  {part}"), &bytes)?);
    }
    if module.inlined {
        let script = read(module.bytes(layout))?;
        rows.push(informative("  the wasm as text".to_owned(), &script)?);
        rows.push(informative("  style".to_owned(), &read(layout.output(style))?)?);
    }
    rows.push(informative("  glue, not minified".to_owned(), &read(module.glue(layout))?)?);
    Ok(rows)
}

fn contents(layout: &Layout) -> Result<Vec<(String, Option<String>)>> {
    let mut checks = Vec::new();
    for module in [SDK, DESK, CARD_FRAME] {
        let raw = fs::read(layout.raw_module(module.name))
            .with_context(|| format!("{} was not compiled", module.package))?;
        let names = module::function_names(&raw).context(module.package)?;
        checks.push((
            format!("{}: no code that is large by accident", module.package),
            villain(&names),
        ));
        let fault = module::check_mvp(&fs::read(module.file(layout))?).err();
        checks.push((
            format!("{}: runs on the first wasm engines", module.package),
            fault.map(|error| format!("{error:#}")),
        ));
    }
    Ok(checks)
}

/// The first function that should not be there, and why.
fn villain(names: &[String]) -> Option<String> {
    VILLAINS.iter().find_map(|(part, reason)| {
        let name = names.iter().find(|name| name.contains(part))?;
        Some(format!("links `{name}`, which {reason}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(brotli: usize, limit: Option<usize>) -> Row {
        Row { name: "a".into(), weight: Weight { raw: 1, gzip: 1, brotli }, limit }
    }

    #[test]
    fn a_budget_is_met_up_to_its_last_byte() {
        let table = Table {
            rows: vec![row(30, Some(30)), row(31, Some(30)), row(99, None)],
            contents: vec![("b".into(), None), ("c".into(), Some("why".into()))],
        };
        assert_eq!((table.passed(), table.failed()), (2, 2));
        let text = table.to_string();
        assert!(text.contains("OVER") && text.contains("c: why"), "{text}");
    }

    #[test]
    fn villains_are_named_with_a_reason() {
        let names = vec!["core::fmt::float::float_to_decimal_common_shortest".to_owned()];
        assert!(villain(&names).is_some_and(|fault| fault.contains("formats a float")));
        assert_eq!(villain(&["serde_core::ser::Serializer".to_owned()]), None);
    }

    #[test]
    fn all_budgets_name_weighed_files() {
        for file in BUDGETS.iter().flat_map(|budget| budget.files) {
            assert!([MODULE, SCRIPT, DESK_SCRIPT].iter().chain(&FRAME).any(|known| known == file));
        }
    }
}

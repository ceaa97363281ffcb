//! TypeScript and style sheets to what a page loads, through esbuild.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::{BYTES, LOADER, SDK, WASM, embed_wasm};
use crate::layout::Layout;
use crate::process::Task;
use crate::tools;

/// The version of the workspace; the SDK has no other.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The functions of the browser that the SDK calls by `js/src/natives.ts`.
const NATIVES: [(&str, &str); 8] = [
    ("Array.isArray", "isArray"),
    ("Date.now", "time"),
    ("FinalizationRegistry", "FinalizationRegistry"),
    ("JSON.parse", "parse"),
    ("Object.getOwnPropertyDescriptor", "getOwnPropertyDescriptor"),
    ("Object.keys", "keys"),
    ("TextDecoder", "TextDecoder"),
    ("TextEncoder", "TextEncoder"),
];

/// A script without exports, whose names are no globals.
pub(super) const IIFE: &str = "--format=iife";
const ESM: &str = "--format=esm";

/// Bundles the script `entry` of the sources. `async` is the newest syntax that the target, old
/// WebViews, leaves as it is.
pub(super) fn script(
    layout: &Layout,
    entry: &str,
    out: &Path,
    format: &str,
    options: &[String],
) -> Result<()> {
    let fixed = ["--bundle", "--platform=browser", "--target=es2017", format];
    esbuild(layout, entry, out, fixed.into_iter().chain(options.iter().map(String::as_str)))
}

/// Minifies a style sheet for the same engines.
pub(super) fn stylesheet(layout: &Layout, entry: &str, out: &Path) -> Result<()> {
    esbuild(layout, entry, out, ["--target=chrome61,firefox60,safari11"])
}

/// The file for `import … from "name"`.
pub(super) fn alias(name: &str, file: &Path) -> String {
    format!("--alias:{name}={}", file.display())
}

/// The package's scripts: a module, and a script for a `<script>` tag.
pub(super) fn sdk(layout: &Layout) -> Result<()> {
    embed_wasm::write(&SDK.file(layout, WASM), &SDK.file(layout, BYTES))?;
    let mut options = vec![
        alias("kassa-wasm", &SDK.file(layout, LOADER)),
        alias("kassa-wasm-bytes", &SDK.file(layout, BYTES)),
        format!("--banner:js=/*! kassa {VERSION} | MIT OR Apache-2.0 */"),
        "--inject:js/src/natives.ts".to_owned(),
    ];
    for (function, native) in NATIVES {
        options.push(format!("--define:{function}=natives.{native}"));
    }
    script(layout, "js/src/index.ts", &layout.dist("kassa.mjs"), ESM, &options)?;
    script(layout, "js/src/script.ts", &layout.dist("kassa.js"), IIFE, &options)
}

fn esbuild<'a>(
    layout: &Layout,
    entry: &str,
    out: &Path,
    options: impl IntoIterator<Item = &'a str>,
) -> Result<()> {
    let mut command = Command::new("node");
    command
        .arg(tools::npm_program(layout, "js", "esbuild/bin/esbuild")?)
        .args([entry, &format!("--outfile={}", out.display())])
        .args(["--minify", "--legal-comments=none", "--log-level=warning"])
        .args(options)
        .current_dir(layout.root());
    Task::new(format!("bundling {}", layout.short(out)), command).quiet().run().map(drop)
}

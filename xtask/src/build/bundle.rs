//! TypeScript and style sheets to what a page loads, through esbuild.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::{BYTES, DESK, LOADER, SDK, WASM, embed_wasm};
use crate::layout::Layout;
use crate::process::Task;
use crate::tools;

/// The version of the workspace; the SDK has no other.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

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
    let fixed = ["--bundle", "--platform=browser", "--target=es2017", "--loader:.css=text", format];
    esbuild(layout, entry, out, fixed.into_iter().chain(options.iter().map(String::as_str)))
}

/// Minifies a style sheet for the same engines.
pub(super) fn stylesheet(layout: &Layout, entry: &str, out: &Path) -> Result<()> {
    esbuild(layout, entry, out, ["--target=chrome61,firefox60,safari11"])
}

/// What `import … from "name"` stands for.
pub(super) fn alias(name: &str, file: &Path) -> String {
    format!("--alias:{name}={}", file.display())
}

/// The package's scripts: a module, and a script for a `<script>` tag.
pub(super) fn sdk(layout: &Layout) -> Result<()> {
    let style = layout.target("web/style.css");
    stylesheet(layout, "js/src/style.css", &style)?;
    embed_wasm::write(&SDK.file(layout, WASM), &SDK.file(layout, BYTES))?;
    let options = [
        alias("kassa-wasm", &SDK.file(layout, LOADER)),
        alias("kassa-wasm-bytes", &SDK.file(layout, BYTES)),
        alias("kassa-style", &style),
        banner(),
        format!("--define:KASSA_VERSION=\"{VERSION}\""),
        // The browser loads the desk. An engine without `import()` refuses the script.
        "--external:./kassa-desk.js".to_owned(),
        "--supported:dynamic-import=true".to_owned(),
    ];
    script(layout, "js/src/index.ts", &layout.dist("kassa.mjs"), ESM, &options)?;
    script(layout, "js/src/script.ts", &layout.dist("kassa.js"), IIFE, &options)
}

/// Forms and codes: a module that the SDK loads.
pub(super) fn desk(layout: &Layout) -> Result<()> {
    let style = layout.target("web/desk.css");
    stylesheet(layout, "js/src/desk/desk.css", &style)?;
    embed_wasm::write(&DESK.file(layout, WASM), &DESK.file(layout, BYTES))?;
    let options = [
        alias("kassa-desk-wasm", &DESK.file(layout, LOADER)),
        alias("kassa-desk-wasm-bytes", &DESK.file(layout, BYTES)),
        alias("kassa-desk-style", &style),
        banner(),
    ];
    script(layout, "js/src/desk/index.ts", &layout.dist("kassa-desk.js"), ESM, &options)
}

fn banner() -> String {
    format!("--banner:js=/*! kassa {VERSION} | MIT OR Apache-2.0 */")
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

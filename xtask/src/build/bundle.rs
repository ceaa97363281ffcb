//! TypeScript → what a page loads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{DESK, SDK, require};
use crate::layout::Layout;
use crate::process::Task;
use crate::stamp::{self, Inputs};
use crate::tools;

/// What the SDK's scripts load when they need it: the desk, from beside themselves.
const LATER: &str = "./kassa-desk.js";

/// One run of esbuild.
pub(crate) struct Bundle<'a> {
    pub(crate) entry: PathBuf,
    pub(crate) out: PathBuf,
    /// `esm` or `iife`.
    pub(crate) format: &'a str,
    /// Names in `import … from "name"` that stand for a built file.
    pub(crate) aliases: &'a [(&'a str, PathBuf)],
    /// The first line of the result.
    pub(crate) banner: &'a str,
    /// Leaves `import("./kassa-desk.js")` as it is, for the browser.
    pub(crate) loads_desk: bool,
}

impl Bundle<'_> {
    pub(crate) fn make(&self, layout: &Layout) -> Result<()> {
        let mut command = esbuild(layout)?;
        command
            .arg(&self.entry)
            .arg(joined("--outfile=", &self.out))
            .args(["--bundle", "--minify", "--legal-comments=none", "--log-level=warning"])
            .arg(format!("--format={}", self.format))
            // Old WebViews; `async` is the newest thing that the code may cost nothing for.
            .args(["--platform=browser", "--target=es2017"])
            .arg("--loader:.css=text")
            // Private names of our own start with one underscore; wasm-bindgen's start with two, of
            // which one is in every method of its classes.
            .arg("--mangle-props=^_[a-z]|^__wbg_ptr$")
            .arg(format!("--define:KASSA_VERSION=\"{}\"", VERSION));
        if self.loads_desk {
            // Newer than the target: an engine without it (Chromium before 63, Firefox before 67,
            // Safari before 11.1) refuses the script. Nothing else loads a module with a policy
            // that names no more than the script's own place.
            command.arg(format!("--external:{LATER}")).arg("--supported:dynamic-import=true");
        }
        if !self.banner.is_empty() {
            command.arg(format!("--banner:js={}", self.banner));
        }
        for (name, file) in self.aliases {
            command.arg(joined(&format!("--alias:{name}="), file));
        }
        command.current_dir(layout.root());
        Task::new(format!("bundling {}", layout.short(&self.out)), command).quiet().run().map(drop)
    }
}

/// A stylesheet without its comments and spaces, in the words of the engines that [`Bundle`] is for.
pub(crate) fn stylesheet(layout: &Layout, from: &Path, to: &Path) -> Result<()> {
    let mut command = esbuild(layout)?;
    command.arg(from).arg(joined("--outfile=", to)).args([
        "--minify",
        "--log-level=warning",
        "--target=chrome61,firefox60,safari11",
    ]);
    Task::new(format!("shrinking {}", layout.short(from)), command).quiet().run().map(drop)
}

/// The version of the workspace; the SDK has no other.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The package's scripts: a module, a script for a `<script>` tag, and, for pages that may not
/// compile wasm, both again without.
pub(crate) fn sdk(layout: &Layout) -> Result<()> {
    require(layout, "js/src/index.ts", "the module's entry, it becomes dist/kassa.mjs")?;
    require(layout, "js/src/script.ts", "the script tag's entry, it becomes dist/kassa.js")?;
    require(layout, "js/src/style.css", "the style of everything the SDK draws")?;
    require(layout, "js/src/kassa.d.ts", "the public types, they become dist/kassa.d.ts")?;
    let bindings = layout.bindings(SDK.name);
    // The component's style sheet travels in the script as text, so it is shrunk before.
    let style = layout.output("web/style.css");
    let with_wasm = [
        ("kassa-wasm", SDK.glue(layout)),
        ("kassa-wasm-bytes", SDK.bytes(layout)),
        ("kassa-style", style.clone()),
    ];
    let without_wasm = [
        ("kassa-wasm", SDK.plain(layout)),
        ("kassa-wasm-bytes", SDK.plain(layout).with_file_name("bytes.js")),
        ("kassa-style", style.clone()),
    ];
    let banner = banner();
    // For pages without wasm, the entries are the same unless the facade has some of its own.
    let csp = layout.source("js/src/csp.ts");
    let csp_script = layout.source("js/src/csp-script.ts");
    let mut bundles = vec![
        ("js/src/index.ts", "kassa.mjs", "esm", &with_wasm),
        ("js/src/script.ts", "kassa.js", "iife", &with_wasm),
    ];
    if csp.is_file() {
        let script = if csp_script.is_file() { "js/src/csp-script.ts" } else { "js/src/script.ts" };
        bundles.push(("js/src/csp.ts", "kassa.csp.mjs", "esm", &without_wasm));
        bundles.push((script, "kassa.csp.js", "iife", &without_wasm));
    }
    let outputs: Vec<PathBuf> = bundles
        .iter()
        .map(|(_, out, ..)| layout.dist(out))
        .chain([layout.dist("kassa.d.ts")])
        .collect();
    let inputs = Inputs::new(layout)?
        .path(&layout.source("js/src"))?
        .path(&layout.source("js/package-lock.json"))?
        .path(&bindings)?
        .value(VERSION);
    stamp::step(layout, "sdk-bundles", inputs, &outputs, || {
        super::create_dir(&layout.dist(""))?;
        stylesheet(layout, &layout.source("js/src/style.css"), &style)?;
        for (entry, out, format, aliases) in &bundles {
            Bundle {
                entry: layout.source(entry),
                out: layout.dist(out),
                format,
                aliases: *aliases,
                banner: &banner,
                loads_desk: true,
            }
            .make(layout)?;
        }
        fs::copy(layout.source("js/src/kassa.d.ts"), layout.dist("kassa.d.ts"))
            .map(drop)
            .context("could not write dist/kassa.d.ts")
    })
}

/// Forms and codes: a module that the SDK loads.
pub(crate) fn desk(layout: &Layout) -> Result<()> {
    require(layout, "js/src/desk/index.ts", "the desk's entry, it becomes dist/kassa-desk.js")?;
    require(layout, "js/src/desk/desk.css", "the style of forms and codes")?;
    let style = layout.output("web/desk.css");
    let out = layout.dist("kassa-desk.js");
    let inputs = Inputs::new(layout)?
        .path(&layout.source("js/src"))?
        .path(&layout.source("js/package-lock.json"))?
        .path(&layout.bindings(DESK.name))?
        .value(VERSION);
    stamp::step(layout, "desk-bundle", inputs, std::slice::from_ref(&out), || {
        super::create_dir(&layout.dist(""))?;
        stylesheet(layout, &layout.source("js/src/desk/desk.css"), &style)?;
        Bundle {
            entry: layout.source("js/src/desk/index.ts"),
            out: out.clone(),
            format: "esm",
            aliases: &[
                ("kassa-desk-wasm", DESK.glue(layout)),
                ("kassa-desk-wasm-bytes", DESK.bytes(layout)),
                ("kassa-desk-style", style.clone()),
            ],
            banner: &banner(),
            loads_desk: false,
        }
        .make(layout)
    })
}

fn banner() -> String {
    format!("/*! kassa {} | MIT OR Apache-2.0 */", VERSION)
}

/// The program of this platform. npm's start script would find it too, but adds a stack trace to
/// each mistake in our sources.
fn esbuild(layout: &Layout) -> Result<Command> {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let program = if cfg!(windows) { "esbuild.exe" } else { "bin/esbuild" };
    let path = format!("@esbuild/{system}-{processor}/{program}");
    Ok(Command::new(tools::npm_program(layout, "js", &path)?))
}

fn joined(option: &str, path: &Path) -> std::ffi::OsString {
    let mut argument = std::ffi::OsString::from(option);
    argument.push(path);
    argument
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bundles a script that loads the desk.
    fn bundled(name: &str, format: &str, loads_desk: bool) -> Result<String> {
        let layout = Layout::find()?;
        tools::ensure_packages(&layout, "js")?;
        let dir = std::env::temp_dir().join(format!("kassa-bundle-{}-{name}", std::process::id()));
        fs::create_dir_all(&dir)?;
        let entry = dir.join("entry.ts");
        fs::write(&entry, "import(\"./kassa-desk.js\").then((desk) => desk.form());\n")?;
        fs::write(dir.join("kassa-desk.js"), "export const form = () => alert(\"inside\");\n")?;
        let out = dir.join("out/script.js");
        let made = Bundle { entry, out: out.clone(), format, aliases: &[], banner: "", loads_desk }
            .make(&layout)
            .and_then(|()| Ok(fs::read_to_string(&out)?));
        fs::remove_dir_all(&dir)?;
        made
    }

    #[test]
    fn the_desk_is_left_for_the_browser_to_load() {
        for format in ["esm", "iife"] {
            let script = bundled(&format!("later-{format}"), format, true).unwrap();
            assert!(script.contains("import(\"./kassa-desk.js\")"), "{script}");
            assert!(!script.contains("inside"), "{script}");
        }
    }

    #[test]
    fn a_page_may_hold_the_desk_inside() {
        let script = bundled("inside", "iife", false).unwrap();
        assert!(script.contains("inside") && !script.contains("import("), "{script}");
    }
}

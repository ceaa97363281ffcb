//! Rust to wasm for old engines, with its bindings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use wasmparser::{Validator, WasmFeatures};

use super::strip_panics::strip_panics;
use super::{create_dir, loader};
use crate::layout::Layout;
use crate::process::Task;
use crate::stamp::{self, Inputs};
use crate::tools;

/// A crate that becomes a wasm module.
#[derive(Clone, Copy)]
pub(crate) struct Module {
    /// The cargo package.
    pub(crate) package: &'static str,
    /// The name of cargo's artefact and of the bindings.
    name: &'static str,
}

/// The SDK in the merchant's page.
pub(crate) const SDK: Module = Module { package: "kassa", name: "kassa" };
/// The hosted card form.
pub(crate) const CARD_FRAME: Module =
    Module { package: "kassa-card-frame", name: "kassa_card_frame" };

pub(crate) const MODULES: [Module; 2] = [SDK, CARD_FRAME];

/// The optimised module.
pub(crate) const WASM: &str = "module.wasm";
/// The optimised module, with the names of its functions.
pub(crate) const NAMED: &str = "named.wasm";
/// Exports the bindings, and as its default a function that instantiates the module.
pub(super) const LOADER: &str = "loader.js";
/// The module as a script, see `embed_wasm.rs`.
pub(crate) const BYTES: &str = "bytes.js";

impl Module {
    /// The module as cargo made it, with the names of all functions.
    pub(crate) fn compiled(self, layout: &Layout) -> PathBuf {
        layout.wasm_target().join(format!("wasm32-unknown-unknown/release/{}.wasm", self.name))
    }

    /// A file that the build makes of it: one of the four above.
    pub(crate) fn file(self, layout: &Layout, name: &str) -> PathBuf {
        layout.target("web/bindgen").join(self.name).join(name)
    }
}

/// Features of the first wasm engines.
const MVP: [&str; 2] = ["--mvp-features", "--enable-mutable-globals"];

/// Replaces newer instructions. Features are named one by one: with `--all-features` binaryen 132
/// writes an encoding that Chromium refuses.
const LOWER: [&str; 8] = [
    "-g",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--signext-lowering",
    "--llvm-nontrapping-fptoint-lowering",
    "--llvm-memory-copy-fill-lowering",
];

/// Chosen by the size after brotli. A run of its own, so that no pass writes newer instructions.
const SHRINK: [&str; 10] = [
    "-g",
    // Rebuilds the control flow, which comes out smaller than LLVM's.
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    // These two make the module larger and its compressed form smaller: repeated instructions cost
    // less than a variable, or than a function that is called once.
    "--skip-pass=local-cse",
    "--one-caller-inline-max-function-size=25",
    // An alignment is a hint only, and the same for all takes fewer kinds of instructions.
    "--dealign",
    // Names begin with crate and type: similar functions follow each other.
    "--reorder-functions-by-name",
    "--strip-target-features",
];

/// Names of imports carry a hash, in the module and in the bindings, and each names its module too.
/// `--minify-imports` would leave exports alone, but is for imports of a module `env` only.
const SHORTEN: [&str; 1] = ["--minify-imports-and-exports-and-modules"];

/// Compiles the modules one after the other, since each reuses what the one before it compiled. Not
/// in one call, which would give all of them the union of their dependencies' features.
pub(super) fn compile(layout: &Layout) -> Result<()> {
    tools::ensure_wasm_target(layout)?;
    for Module { package, .. } in MODULES {
        let mut command = Command::new("cargo");
        command
            .args(["build", "--release", "--target", "wasm32-unknown-unknown", "-p", package])
            .env("CARGO_TARGET_DIR", layout.wasm_target())
            .env("CARGO_ENCODED_RUSTFLAGS", flags(layout))
            .current_dir(layout.root());
        Task::new(format!("compiling {package} to wasm"), command).run()?;
    }
    Ok(())
}

/// The encoded form, separated by 0x1f, takes paths with spaces.
fn flags(layout: &Layout) -> String {
    let mut flags = vec![
        // On by default, and unknown to iOS 11 to 15 and old Android WebViews. For release builds
        // only: without link-time optimisation the prebuilt standard library brings both back.
        "-Ctarget-feature=-reference-types,-multivalue".to_owned(),
        // The prebuilt runtime objects claim both even so, the linker merges the claims, and
        // wasm-bindgen fails on them. The list given here replaces them, and `check_mvp` verifies
        // it.
        "-Clink-arg=--features=mutable-globals,sign-ext,nontrapping-fptoint,bulk-memory,\
         bulk-memory-opt"
            .to_owned(),
        "-Clink-arg=--no-check-features".to_owned(),
    ];
    // Panic locations would carry this machine's directories, and no two machines would make the
    // same bytes.
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registry = cargo_home.map(|home| home.join("registry/src"));
    for dir in registry.iter().map(PathBuf::as_path).chain([layout.root()]) {
        flags.push(format!("--remap-path-prefix={}=", dir.display()));
    }
    flags.join("\u{1f}")
}

/// Makes the bindings, the optimised module and the loader of a compiled module.
pub(super) fn finish(layout: &Layout, module: Module) -> Result<()> {
    let Module { package, name } = module;
    let (compiled, dir) = (module.compiled(layout), module.file(layout, ""));
    let outputs = [WASM, NAMED, LOADER].map(|name| dir.join(name));
    let inputs =
        Inputs::new(layout)?.path(&compiled)?.path(&layout.source("js/package-lock.json"))?;
    stamp::step(layout, name, inputs, &outputs, || {
        create_dir(&dir)?;
        // wasm-bindgen names its results after its input.
        let stripped = dir.join(format!("{name}.wasm"));
        let compiled = fs::read(&compiled).with_context(|| format!("{package}: no cdylib"))?;
        fs::write(&stripped, strip_panics(&compiled).context(package)?)?;
        bind(layout, &stripped, &dir)?;

        let lowered = dir.join("lowered.wasm");
        wasm_opt(layout, &dir.join(format!("{name}_bg.wasm")), &lowered, &LOWER)?;
        wasm_opt(layout, &lowered, &dir.join(NAMED), &SHRINK)?;
        let names = wasm_opt(layout, &dir.join(NAMED), &dir.join(WASM), &SHORTEN)?;
        check_mvp(&fs::read(dir.join(WASM))?).context(package)?;
        loader::write(&dir, name, &names)
    })
}

/// Fails unless the module needs nothing beyond the first release of wasm and mutable globals.
pub(crate) fn check_mvp(module: &[u8]) -> Result<()> {
    Validator::new_with_features(WasmFeatures::WASM1)
        .validate_all(module)
        .map(drop)
        .context("the module needs an engine newer than the first wasm")
}

fn bind(layout: &Layout, module: &Path, out: &Path) -> Result<()> {
    let mut command = Command::new(tools::WASM_BINDGEN.ensure(layout)?);
    // The target for bundlers: its bindings import nothing, and the loader below replaces the rest.
    command.args(["--target", "bundler", "--no-demangle", "--remove-producers-section"]);
    command.arg("--out-dir").args([out, module]);
    Task::new("generating bindings", command).quiet().run().map(drop)
}

/// Runs binaryen and returns its output.
fn wasm_opt(layout: &Layout, from: &Path, to: &Path, passes: &[&str]) -> Result<String> {
    let mut command = Command::new("node");
    command
        .arg(tools::npm_program(layout, "js", "binaryen/bin/wasm-opt")?)
        .arg(from)
        .args(MVP)
        .args(passes)
        .arg("-o")
        .arg(to);
    Task::new(format!("optimising {}", layout.short(from)), command).quiet().run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_instructions_are_refused() {
        let module = |body: &str| {
            wat::parse_str(format!("(module (func (param i32) (result i32) local.get 0 {body}))"))
        };
        assert!(check_mvp(&module("i32.eqz").unwrap()).is_ok());
        assert!(check_mvp(&module("i32.extend8_s").unwrap()).is_err());
    }
}

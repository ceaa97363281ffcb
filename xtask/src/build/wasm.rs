//! Rust → wasm that also runs where wasm was new.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::glue::{self, Start};
use super::{copy, create_dir, travel};
use crate::layout::Layout;
use crate::process::Task;
use crate::stamp::{self, Inputs};
use crate::{module, tools};

/// One crate that becomes a module.
#[derive(Clone, Copy)]
pub(crate) struct Module {
    /// The cargo package.
    pub(crate) package: &'static str,
    /// The name of the artefact.
    pub(crate) name: &'static str,
    /// Travels in a script.
    pub(crate) inlined: bool,
    /// Is also made as plain JavaScript, for pages that may not compile wasm.
    pub(crate) plain: bool,
}

/// What runs in the merchant's page.
pub(crate) const SDK: Module =
    Module { package: "kassa", name: "kassa", inlined: true, plain: true };
/// Forms and codes, which the SDK loads when a session needs them.
pub(crate) const DESK: Module =
    Module { package: "kassa-desk", name: "kassa_desk", inlined: true, plain: false };
/// The hosted card form.
pub(crate) const CARD_FRAME: Module =
    Module { package: "kassa-card-frame", name: "kassa_card_frame", inlined: false, plain: false };

impl Module {
    /// The optimised module.
    pub(crate) fn file(self, layout: &Layout) -> PathBuf {
        layout.bindings(self.name).join(format!("{}_bg.wasm", self.name))
    }

    /// The script that speaks to it.
    pub(crate) fn glue(self, layout: &Layout) -> PathBuf {
        layout.bindings(self.name).join(format!("{}.js", self.name))
    }

    /// The module as a script that a bundle can contain, see [`travel`].
    pub(crate) fn bytes(self, layout: &Layout) -> PathBuf {
        layout.bindings(self.name).join(format!("{}_bytes.js", self.name))
    }

    /// The same program with no wasm in it.
    pub(crate) fn plain(self, layout: &Layout) -> PathBuf {
        layout.bindings(self.name).join("plain").join(format!("{}.js", self.name))
    }
}

/// Compiles the modules, one after the other: the next reuses what the first compiled, and one that
/// does not compile today must not hold up the others.
pub(crate) fn compile(layout: &Layout) -> Result<[Result<()>; 3]> {
    tools::ensure_wasm_target(layout)?;
    Ok([SDK, CARD_FRAME, DESK].map(|module| compile_one(layout, module)))
}

fn compile_one(layout: &Layout, module: Module) -> Result<()> {
    let mut command = Command::new("cargo");
    command
        .args(["build", "--release", "--target", "wasm32-unknown-unknown", "-p", module.package])
        .env("CARGO_TARGET_DIR", layout.wasm_target())
        .env("CARGO_ENCODED_RUSTFLAGS", flags(layout))
        .current_dir(layout.root());
    Task::new(format!("compiling {} to wasm", module.package), command).run().map(drop)
}

/// The encoded form, separated by 0x1f, takes paths with spaces.
fn flags(layout: &Layout) -> String {
    // On by default since Rust 1.82; iOS 11 to 15 and old Android WebViews know neither. Only for
    // release builds: without link-time optimisation the prebuilt standard library brings both in.
    let mut flags = vec!["-Ctarget-feature=-reference-types,-multivalue".to_owned()];
    // Panic locations would carry this machine's directories to every shopper, and no two machines
    // would make the same bytes.
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    if let Some(home) = home {
        flags.push(format!("--remap-path-prefix={}=", home.join("registry/src").display()));
    }
    flags.push(format!("--remap-path-prefix={}=", layout.root().display()));
    flags.join("\u{1f}")
}

/// Bindings, lowering, optimising.
pub(crate) fn finish(layout: &Layout, bindgen: &Path, module: Module) -> Result<()> {
    let raw = layout.raw_module(module.name);
    let mut outputs = vec![module.file(layout), module.glue(layout)];
    if module.inlined {
        outputs.push(module.bytes(layout));
    }
    if module.plain {
        outputs.push(module.plain(layout));
    }
    let inputs = Inputs::new(layout)?.path(&raw)?.path(&layout.source("js/package-lock.json"))?;
    stamp::step(layout, module.name, inputs, &outputs, || {
        let work = layout.output("web/.work").join(module.name);
        create_dir(&work)?;
        let disclaimed = work.join(format!("{}.wasm", module.name));
        let bytes = fs::read(&raw).with_context(|| {
            format!("{} is missing: is {} a cdylib?", layout.short(&raw), module.package)
        })?;
        let snipped = module::snip(&bytes).context(module.package)?;
        fs::write(&disclaimed, module::disclaim(&snipped)?)?;
        let web = work.join("web");
        generate(bindgen, &disclaimed, &web, "web")?;
        let start = if module.inlined { Start::Bytes } else { Start::Address };
        let glue = cut(&web.join(format!("{}.js", module.name)), start)?;
        let kept = work.join("kept.wasm");
        let bound = fs::read(web.join(format!("{}_bg.wasm", module.name)))?;
        fs::write(&kept, module::keep_exports(&bound, &glue::exports(&glue))?)?;
        let optimised = work.join("optimised.wasm");
        optimise(layout, &kept, &optimised)?;
        let bytes = module::wipe(&fs::read(&optimised)?)?;
        fs::write(&optimised, &bytes)?;
        module::check_mvp(&bytes).context(module.package)?;

        create_dir(&layout.bindings(module.name))?;
        let types = format!("{}.d.ts", module.name);
        copy(&web.join(&types), &layout.bindings(module.name).join(&types))?;
        let (bytes, names) = module::shorten(&bytes)?;
        fs::write(module.file(layout), bytes)?;
        fs::write(module.glue(layout), glue::rename(&glue, &names)?)?;
        if module.inlined {
            travel::write(&module.file(layout), &module.bytes(layout))?;
            travel::check(&module.file(layout), &module.bytes(layout), &work)?;
        }
        if module.plain {
            plain(layout, bindgen, module, &disclaimed, &optimised)?;
        }
        Ok(())
    })
}

fn generate(bindgen: &Path, module: &Path, out: &Path, target: &str) -> Result<()> {
    let mut command = Command::new(bindgen);
    command
        .args(["--target", target, "--remove-name-section", "--remove-producers-section"])
        // A literal `new URL(…wasm, import.meta.url)` would make bundlers emit a file nobody loads.
        .args((target == "web").then_some("--omit-default-module-path"))
        .arg("--out-dir")
        .args([out, module]);
    Task::new(format!("generating bindings ({target})"), command).quiet().run().map(drop)
}

fn cut(file: &Path, start: Start) -> Result<String> {
    let glue = fs::read_to_string(file)?;
    glue::cut(&glue, start).with_context(|| format!("cutting {}", file.display()))
}

/// Features are named one by one: with all of them on, binaryen may write an encoding that browsers
/// refuse.
fn optimise(layout: &Layout, from: &Path, to: &Path) -> Result<()> {
    let lowered = to.with_extension("lowered.wasm");
    let lower = [
        "--mvp-features",
        "--enable-mutable-globals",
        "--enable-sign-ext",
        "--enable-nontrapping-float-to-int",
        "--enable-bulk-memory",
        "--enable-bulk-memory-opt",
        "--signext-lowering",
        "--llvm-nontrapping-fptoint-lowering",
        "--llvm-memory-copy-fill-lowering",
    ];
    // A second run, because only now are the older features all that is in use.
    let shrink = [
        "--mvp-features",
        "--enable-mutable-globals",
        // Control flow found anew comes out smaller than LLVM's.
        "--flatten",
        "--rereloop",
        "-Oz",
        "-Oz",
        // These two make the module itself larger, but what is left of it after brotli smaller: the
        // same few instructions twice cost less than a variable, or a function that is called once.
        "--skip-pass=local-cse",
        "--one-caller-inline-max-function-size=25",
        "--strip-target-features",
    ];
    binaryen(layout, "wasm-opt", from, &lowered, &lower)?;
    binaryen(layout, "wasm-opt", &lowered, to, &shrink)
}

fn binaryen(layout: &Layout, tool: &str, from: &Path, to: &Path, arguments: &[&str]) -> Result<()> {
    let program = tools::npm_program(layout, "js", &format!("binaryen/bin/{tool}"))?;
    let mut command = Command::new("node");
    command.args([program.as_os_str(), from.as_os_str()]);
    command.args(arguments).args([OsStr::new("-o"), to.as_os_str()]);
    let name = from.file_name().unwrap_or_default().display();
    Task::new(format!("{tool} on {name}"), command).quiet().run().map(drop)
}

/// The module as plain JavaScript behind the same exports as the wasm's glue, so that one facade
/// is bundled with either. It needs the glue for bundlers, which takes its module as an object.
fn plain(
    layout: &Layout,
    bindgen: &Path,
    module: Module,
    disclaimed: &Path,
    optimised: &Path,
) -> Result<()> {
    let work = layout.output("web/.work").join(module.name).join("bundler");
    generate(bindgen, disclaimed, &work, "bundler")?;
    let file = module.plain(layout);
    let dir = file.parent().unwrap_or(Path::new("."));
    create_dir(dir)?;
    let name = module.name;
    let glue = cut(&work.join(format!("{name}_bg.js")), Start::Import)?;
    fs::write(dir.join(format!("{name}_bg.js")), glue)?;
    binaryen(layout, "wasm2js", optimised, &dir.join(format!("{name}.wasm2js.js")), &["-O"])?;
    fs::write(
        &file,
        format!(
            "import * as program from \"./{name}.wasm2js.js\";\n\
             import {{ __wbg_set_wasm }} from \"./{name}_bg.js\";\n\
             export * from \"./{name}_bg.js\";\n\
             export default async function init() {{\n  __wbg_set_wasm(program);\n}}\n"
        ),
    )?;
    fs::write(dir.join("bytes.js"), "export default () => new Uint8Array(0);\n")?;
    Ok(())
}

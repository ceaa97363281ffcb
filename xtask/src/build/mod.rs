//! `cargo xtask build`: everything that a browser loads.

mod bundle;
mod glue;
mod package;
mod pages;
mod travel;
mod wasm;

use std::fs::File;
use std::path::Path;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};

use crate::layout::Layout;
use crate::{machine, say, tools};

pub(crate) use wasm::{CARD_FRAME, DESK, Module, SDK};

/// What else is compiled while the machine is at it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Also {
    Nothing,
    /// The gateway and demo shop.
    Sandbox,
}

/// Builds the SDK, its desk, the card frame and the demo pages. A part that cannot be built does not keep
/// the others from being built; the command still fails, and names each.
pub(crate) fn run(layout: &Layout, also: Also) -> Result<()> {
    let start = Instant::now();
    machine::check()?;
    let _one_at_a_time = lock(layout)?;

    // Downloads, single-threaded linking and compiling overlap; each has a directory of its own,
    // so that no cargo waits for another's lock.
    let (packages, bindgen, compiled, sandbox) = thread::scope(|scope| {
        let packages = scope.spawn(|| tools::ensure_packages(layout, "js"));
        let bindgen = scope.spawn(|| tools::WASM_BINDGEN.ensure(layout));
        let compiled = scope.spawn(|| wasm::compile(layout));
        let sandbox = match also {
            Also::Nothing => Ok(()),
            Also::Sandbox => crate::sandbox::compile(layout),
        };
        (joined(packages.join()), joined(bindgen.join()), joined(compiled.join()), sandbox)
    });
    packages?;
    let bindgen = bindgen?;
    let [sdk, frame, desk] = compiled?;

    let (sdk, desk, frame) = thread::scope(|scope| {
        let frame = scope.spawn(|| {
            frame?;
            wasm::finish(layout, &bindgen, CARD_FRAME)?;
            pages::frame(layout)
        });
        let desk = desk
            .and_then(|()| wasm::finish(layout, &bindgen, DESK))
            .and_then(|()| bundle::desk(layout));
        let sdk = sdk
            .and_then(|()| wasm::finish(layout, &bindgen, SDK))
            .and_then(|()| bundle::sdk(layout));
        (
            sdk.context("the SDK"),
            desk.context("the desk"),
            joined(frame.join()).context("the card frame"),
        )
    });
    // The package and the shop hold both.
    let (package, shop) = if sdk.is_ok() && desk.is_ok() {
        (package::write(layout).context("the package"), pages::shop(layout).context("the shop"))
    } else {
        (Ok(()), Ok(()))
    };
    let sandbox = sandbox.context("the sandbox");

    let failures: Vec<String> = [sdk, desk, frame, package, shop, sandbox]
        .into_iter()
        .filter_map(Result::err)
        .map(|error| format!("{error:#}"))
        .collect();
    if !failures.is_empty() {
        bail!("{}", failures.join("\nerror: "));
    }
    say::line(&format!("  built ({})", say::duration(start.elapsed())));
    Ok(())
}

/// Fails with one line that names the file, and what it would be for.
fn require(layout: &Layout, path: &str, purpose: &str) -> Result<()> {
    if layout.source(path).is_file() {
        return Ok(());
    }
    bail!("{path} is missing: {purpose}")
}

fn create_dir(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("could not create {}", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("could not copy {} to {}", from.display(), to.display()))
}

/// Two builds at once in one checkout would write the same files.
fn lock(layout: &Layout) -> Result<File> {
    create_dir(&layout.output("web"))?;
    let lock = File::create(layout.output("web/.lock")).context("could not create a lock file")?;
    if lock.try_lock().is_err() {
        say::line("  … waiting for another build of this checkout");
        lock.lock().context("could not wait for the other build")?;
    }
    Ok(lock)
}

fn joined<T>(result: thread::Result<Result<T>>) -> Result<T> {
    result.unwrap_or_else(|_| Err(anyhow!("a build step broke off, see above")))
}

//! `cargo xtask build`: everything that a browser loads. `docs/HACKING.md` has the steps in prose.

mod bundle;
mod embed_wasm;
mod loader;
mod locales;
mod package;
mod pages;
mod parts;
mod start_check;
mod strip_panics;
mod wasm;

use std::fs::{self, File};
use std::path::Path;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};

use crate::layout::Layout;
use crate::{output, prerequisites, sandbox, tools};

pub(crate) use wasm::{BYTES, MODULES, Module, NAMED, SDK, WASM, check_mvp};
use wasm::{CARD_FRAME, LOADER};

/// The programs that are compiled beside the files for browsers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Also {
    Nothing,
    /// The gateway and demo shop.
    Sandbox,
}

/// Builds the SDK, the card frame, the npm package and the demo pages, and checks that they start.
pub(crate) fn run(layout: &Layout, also: Also) -> Result<()> {
    let start = Instant::now();
    prerequisites::check()?;
    let _one_build_at_a_time = lock(layout)?;

    // Downloads, single-threaded linking and compiling overlap. Each cargo has its own directory,
    // so that none waits for another's lock.
    in_parallel([
        &|| tools::ensure_packages(layout, "js"),
        &|| tools::WASM_BINDGEN.ensure(layout).map(drop),
        &|| wasm::compile(layout),
        &|| if also == Also::Sandbox { sandbox::compile(layout) } else { Ok(()) },
    ])?;
    in_parallel([&|| wasm::finish(layout, SDK), &|| wasm::finish(layout, CARD_FRAME)])?;
    create_dir(&layout.dist(""))?;
    bundle::sdk(layout)?;
    package::write(layout)?;
    pages::frame(layout)?;
    pages::shop(layout)?;
    locales::write(layout)?;
    start_check::run(layout)?;
    output::line(&format!("  built ({})", output::duration(start.elapsed())));
    Ok(())
}

/// Runs all steps to their end and returns the first error.
fn in_parallel<const N: usize>(steps: [&(dyn Fn() -> Result<()> + Sync); N]) -> Result<()> {
    thread::scope(|scope| {
        steps.map(|step| scope.spawn(step)).into_iter().try_for_each(|running| {
            running.join().unwrap_or_else(|_| Err(anyhow!("a build step panicked, see above")))
        })
    })
}

/// Two builds of one checkout would write the same files.
fn lock(layout: &Layout) -> Result<File> {
    create_dir(&layout.target("web"))?;
    let lock = File::create(layout.target("web/.lock")).context("could not create a lock file")?;
    if lock.try_lock().is_err() {
        output::line("  … waiting for another build of this checkout");
        lock.lock().context("could not wait for the other build")?;
    }
    Ok(lock)
}

fn create_dir(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("could not create {}", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("could not copy {} to {}", from.display(), to.display()))
}

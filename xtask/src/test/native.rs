//! Tests that need no browser.

use std::process::Command;

use anyhow::Result;

use super::{Count, Run};

/// The machine, the protocol's types, the desk's codes, and this program.
pub(crate) fn core(run: &Run<'_>) -> Result<Count> {
    let packages = ["kassa", "kassa-core", "kassa-protocol", "kassa-desk", "xtask"];
    cargo_test(run, packages.map(|package| ["-p", package]).as_flattened())
}

/// The sandbox, in the profile in which the demo runs it: one compilation for both.
pub(crate) fn server(run: &Run<'_>) -> Result<Count> {
    cargo_test(run, &["--profile", "native", "-p", "kassa-sandbox"])
}

fn cargo_test(run: &Run<'_>, arguments: &[&str]) -> Result<Count> {
    let mut command = Command::new("cargo");
    command
        .args(["test", "--no-fail-fast", "--color", "never"])
        .args(arguments)
        .current_dir(run.layout.root());
    let what = format!("running cargo test {}", arguments.join(" "));
    Ok(Count::of_libtest(&run.task(what, command)?))
}

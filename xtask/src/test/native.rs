//! Tests that need no browser.

use std::process::Command;

use anyhow::Result;

use super::{Count, Run};

/// The core, the protocol, forms and codes, and xtask.
pub(crate) fn core(run: &Run<'_>) -> Result<Count> {
    cargo_test(run, &["-p", "kassa", "-p", "kassa-core", "-p", "kassa-protocol", "-p", "xtask"])
}

/// The sandbox, in the profile of the demo, so that one compilation serves both.
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

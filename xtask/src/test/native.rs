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
    let outcome = run.task(what, command)?;
    for test in skipped(&outcome.output) {
        run.note(&format!("skipped: {test}"));
    }
    Ok(Count::of_libtest(&outcome))
}

/// The tests that did not run, as libtest names them.
fn skipped(output: &str) -> impl Iterator<Item = &str> {
    let tests = output.lines().filter_map(|line| line.strip_prefix("test "));
    tests.filter_map(|test| test.split_once(" ... ignored")).map(|(name, _)| name.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_tests_are_found() {
        let output = "test a ... ok\ntest [java is not installed] b ... ignored\n\
            test c ... ignored, needs a printer\ntest result: ok. 1 passed; 0 failed; 2 ignored\n";
        assert_eq!(skipped(output).collect::<Vec<_>>(), ["[java is not installed] b", "c"]);
    }
}

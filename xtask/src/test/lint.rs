//! Checks of the sources, of the documents, and of the npm package.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::{Count, Run, documents};
use crate::process::Task;
use crate::tools;

const NATIVE: [&str; 4] = ["kassa-core", "kassa-protocol", "kassa-sandbox", "xtask"];
const BROWSER: [&str; 3] = ["kassa", "kassa-card-frame", "kassa-dom"];

/// For networks that drop packets instead of refusing connections.
const FETCH_LIMIT: Duration = Duration::from_secs(60);

pub(crate) fn run(run: &Run<'_>) -> Result<Count> {
    let mut count = Count::default();
    count += check(run, "formatting", cargo(run, &["fmt", "--all", "--check"]))?;
    count += clippy(run, "clippy, native", &NATIVE, &[])?;
    tools::ensure_wasm_target(run.layout)?;
    count += clippy(run, "clippy, browser", &BROWSER, &["--target", "wasm32-unknown-unknown"])?;
    count += documents(run)?;
    count += types(run)?;
    count += package(run)?;
    count += dependencies(run)?;
    Ok(count)
}

fn clippy(run: &Run<'_>, what: &str, packages: &[&str], arguments: &[&str]) -> Result<Count> {
    let mut command = cargo(run, &["clippy", "--all-targets", "--color", "never"]);
    command.args(packages.iter().flat_map(|package| ["-p", package]));
    command.args(arguments).args(["--", "-D", "warnings"]);
    check(run, what, command)
}

/// Links and paths, and the code blocks of README.md. The blocks of TypeScript are a project of [`types`].
fn documents(run: &Run<'_>) -> Result<Count> {
    let mut count = Count::default();
    for (what, faults) in [
        ("documents, links and paths", documents::broken_references(run.layout)?),
        ("documents, code blocks of README.md", documents::unchecked_blocks(run.layout)?),
    ] {
        count += verdict(run, what, faults.is_empty());
        for fault in faults {
            run.note(&fault);
        }
    }
    Ok(count)
}

/// The scripts with the pages are one TypeScript project, the end-to-end tests another, those with the
/// original SDK the third, the blocks of README.md the last.
fn types(run: &Run<'_>) -> Result<Count> {
    tools::ensure_packages(run.layout, "js")?;
    tools::ensure_packages(run.layout, "tests/e2e")?;
    tools::ensure_packages(run.layout, "tests/interop")?;
    let compiler = tools::npm_program(run.layout, "js", "typescript/bin/tsc")?;
    documents::write_program(run.layout)?;
    let mut count = Count::default();
    for (what, project) in [
        ("types, scripts and pages", "js"),
        ("types, e2e", "tests/e2e"),
        ("types, interop", "tests/interop"),
        ("types, README.md", "js/tsconfig.readme.json"),
        ("types, code for the original", "tests/types"),
        ("types, the original's own", "tests/types/tsconfig.original.json"),
    ] {
        let mut command = Command::new("node");
        command
            .arg(&compiler)
            .args(["--noEmit", "--pretty", "false", "-p", project])
            .current_dir(run.layout.root());
        count += check(run, what, command)?;
    }
    Ok(count)
}

/// The npm package as bundlers and TypeScript resolve it, warnings included.
fn package(run: &Run<'_>) -> Result<Count> {
    let mut command = Command::new("node");
    command
        .arg(tools::npm_program(run.layout, "js", "publint/src/cli.js")?)
        .args(["run", "dist", "--strict"])
        .current_dir(run.layout.root());
    check(run, "package, publint", command)
}

/// Licences, banned crates and sources are checked offline. Known vulnerabilities are in a database
/// that must be fetched; when that fails, a note reports the check as skipped.
fn dependencies(run: &Run<'_>) -> Result<Count> {
    let program = tools::CARGO_DENY.ensure(run.layout)?;
    let deny = |checks: &[&str]| {
        let mut command = Command::new(&program);
        command
            .args(["--log-level", "warn", "--color", "never", "check"])
            .args(checks)
            .current_dir(run.layout.root());
        command
    };
    let mut count = Count::default();
    for part in ["licenses", "bans", "sources"] {
        count += check(run, &format!("dependencies, {part}"), deny(&[part]))?;
    }
    let mut fetch = Command::new(&program);
    fetch.args(["--color", "never", "fetch", "db"]).current_dir(run.layout.root());
    let fetch = Task::new("fetching the database of advisories", fetch);
    if fetch.log(&run.log).quiet().limit(FETCH_LIMIT).outcome()?.success {
        let command = deny(&["--disable-fetch", "advisories"]);
        count += check(run, "dependencies, advisories", command)?;
    } else {
        run.note("skipped: dependencies, advisories (their database cannot be reached from here)");
    }
    Ok(count)
}

fn cargo(run: &Run<'_>, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(run.layout.root());
    command
}

fn check(run: &Run<'_>, what: &str, command: Command) -> Result<Count> {
    let held = run.task(format!("checking {what}"), command)?.success;
    Ok(verdict(run, what, held))
}

fn verdict(run: &Run<'_>, what: &str, held: bool) -> Count {
    run.note(&format!("{} {what}", if held { "ok     " } else { "FAILED " }));
    Count::one(held)
}

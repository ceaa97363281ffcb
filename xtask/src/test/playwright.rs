//! The built SDK in real browsers against a running sandbox, through Playwright: the suites `e2e` and
//! `interop`, each with a folder of tests and npm packages of its own.

use std::fs::{self, File};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Count, Run};
use crate::sandbox::{self, Clock, Sandbox};
use crate::tools::{self, Browsers};

/// Runs the tests in `tests/<suite>`.
pub(crate) fn run(run: &Run<'_>, suite: &str) -> Result<Count> {
    let layout = run.layout;
    let folder = format!("tests/{suite}");
    tools::ensure_packages(layout, &folder)?;
    let browsers = Browsers::ensure()?;
    let missing: Vec<&str> = [("chromium", &browsers.chromium), ("firefox", &browsers.firefox)]
        .into_iter()
        .filter_map(|(name, found)| found.is_none().then_some(name))
        .collect();
    if !missing.is_empty() {
        tools::ensure_playwright_browsers(layout, &folder, &missing)?;
    }

    // Data of an earlier run could change the results of this one.
    let data = layout.target(&format!("{suite}-data"));
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("could not empty {}", data.display()))?;
    }
    let log = layout.target(&format!("test-logs/{suite}-sandbox.log"));
    let log = File::create(&log).with_context(|| format!("could not write {}", log.display()))?;
    let port = sandbox::free_ports()?;
    let sandbox = Sandbox::start(layout, port, &data, Some(log), Clock::Test, &[])?;

    let report = layout.target(&format!("test-logs/{suite}.json"));
    let _stale = fs::remove_file(&report);
    let mut command = Command::new("node");
    command
        .arg(tools::npm_program(layout, &folder, "@playwright/test/cli.js")?)
        .arg("test")
        .env("KASSA_SHOP", &sandbox.shop)
        .env("KASSA_GATEWAY", &sandbox.gateway)
        .env("KASSA_DATA", &data)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR")
        .current_dir(layout.source(&folder));
    for (variable, browser) in
        [("KASSA_CHROMIUM", &browsers.chromium), ("KASSA_FIREFOX", &browsers.firefox)]
    {
        if let Some(browser) = browser {
            command.env(variable, browser);
        }
    }
    let outcome = run.task(format!("running the tests of {folder}"), command)?;
    let report = fs::read_to_string(&report).context("Playwright wrote no report")?;
    Count::of_playwright(&report, outcome.success)
}

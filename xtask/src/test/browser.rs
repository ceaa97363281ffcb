//! Rust tests that run in browsers, through wasm-pack.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Count, Run};
use crate::process::path_with;
use crate::tools::{self, Browsers};

/// A busy machine may need the runner's default, 20 s, to start a browser.
const LIMIT_SECONDS: &str = "120";

pub(crate) fn run(run: &Run<'_>) -> Result<Count> {
    let layout = run.layout;
    tools::ensure_wasm_target(layout)?;
    let bindgen = tools::WASM_BINDGEN.ensure(layout)?;
    let pack = tools::WASM_PACK.ensure(layout)?;
    let geckodriver = tools::GECKODRIVER.ensure(layout)?;
    let browsers = Browsers::ensure()?;
    let config = capabilities(run, &browsers)?;

    let chrome = browsers.chromium.as_ref().and(browsers.chromedriver.clone());
    let firefox = browsers.firefox.as_ref().map(|_| geckodriver);
    let mut count = Count::default();
    for (browser, driver) in [("chrome", chrome), ("firefox", firefox)] {
        let Some(driver) = driver else {
            let missing = if browser == "chrome" { "chromium and chromedriver" } else { "firefox" };
            run.note(&format!("FAILED  {browser}: {missing} must be installed for this suite"));
            count += Count::FAILURE;
            continue;
        };
        for package in packages(run)? {
            let mut command = Command::new(&pack);
            command
                .args(["test", "--headless", &format!("--{browser}"), "--mode", "no-install"])
                .arg(if browser == "chrome" { "--chromedriver" } else { "--geckodriver" })
                .args([&driver, &layout.source(package)])
                // wasm-pack looks for the test runner on `PATH`.
                .env("PATH", path_with(bindgen.parent().unwrap_or(Path::new(".")))?)
                .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &config)
                .env("WASM_BINDGEN_TEST_TIMEOUT", LIMIT_SECONDS)
                .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", LIMIT_SECONDS)
                .env("CARGO_TERM_COLOR", "never")
                .current_dir(layout.root());
            let outcome = run.task(format!("testing {package} in {browser}"), command)?;
            // Each package must run at least one test in each browser.
            let one = Count::of_libtest(&outcome).or_failure_if_empty();
            run.note(&format!(
                "{} {package} in {browser}: {one}",
                if one.failed == 0 { "ok     " } else { "FAILED " }
            ));
            count += one;
        }
    }
    Ok(count)
}

/// The packages that have browser tests.
fn packages(run: &Run<'_>) -> Result<Vec<&'static str>> {
    let mut packages = Vec::new();
    for (package, manifest) in
        [(".", "Cargo.toml"), ("crates/card-frame", "crates/card-frame/Cargo.toml")]
    {
        let text = fs::read_to_string(run.layout.source(manifest))
            .with_context(|| format!("could not read {manifest}"))?;
        if tests_in_browsers(&text) {
            packages.push(package);
        }
    }
    if packages.is_empty() {
        bail!("no package has wasm-bindgen-test among its dev-dependencies");
    }
    Ok(packages)
}

fn tests_in_browsers(manifest: &str) -> bool {
    let mut in_tests = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            in_tests = line.ends_with("dev-dependencies]");
        } else if in_tests && line.starts_with("wasm-bindgen-test") {
            return true;
        }
    }
    false
}

/// Writes a copy of `webdriver.json` with the paths of the browsers, because drivers search for
/// names that distributions do not use.
fn capabilities(run: &Run<'_>, browsers: &Browsers) -> Result<PathBuf> {
    let text = fs::read_to_string(run.layout.source("webdriver.json"))
        .context("could not read webdriver.json")?;
    let json: Value = serde_json::from_str(&text).context("webdriver.json is not JSON")?;
    let found = [
        ("goog:chromeOptions", browsers.chromium.as_deref()),
        ("moz:firefoxOptions", browsers.firefox.as_deref()),
    ];
    let file = run.layout.target("test-logs/webdriver.json");
    fs::write(&file, with_binaries(json, &found).to_string())
        .with_context(|| format!("could not write {}", file.display()))?;
    Ok(file)
}

fn with_binaries(mut capabilities: Value, found: &[(&str, Option<&Path>)]) -> Value {
    for (options, browser) in found {
        let options = capabilities.get_mut(options).and_then(Value::as_object_mut);
        if let (Some(options), Some(browser)) = (options, browser) {
            options.insert("binary".to_owned(), json!(browser));
        }
    }
    capabilities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_browsers_are_written_in() {
        let given = json!({ "goog:chromeOptions": { "args": ["--headless"] } });
        let found = [
            ("goog:chromeOptions", Some(Path::new("chromium"))),
            ("moz:firefoxOptions", Some(Path::new("firefox"))),
        ];
        let written = with_binaries(given, &found);
        let expected =
            json!({ "goog:chromeOptions": { "args": ["--headless"], "binary": "chromium" } });
        assert_eq!(written, expected);
    }

    #[test]
    fn packages_with_browser_tests_are_found_by_their_manifest() {
        let with = "[target.'cfg(target_arch = \"wasm32\")'.dev-dependencies]\nwasm-bindgen-test.workspace = true";
        assert!(tests_in_browsers(with));
        assert!(!tests_in_browsers("[workspace.dependencies]\nwasm-bindgen-test = \"1\""));
    }
}

//! Installs the tools that the project uses, at the versions it was tried with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::layout::Layout;
use crate::output;
use crate::prerequisites;
use crate::process::{self, Task, answer};
use crate::stamp::{self, Inputs};

/// A program that cargo can build.
pub(crate) struct CargoTool {
    pub(crate) program: &'static str,
    package: &'static str,
    version: &'static str,
}

/// Must equal the `wasm-bindgen` crate's version, to the letter; `wasm-bindgen-test-runner` comes
/// with it.
pub(crate) const WASM_BINDGEN: CargoTool =
    CargoTool { program: "wasm-bindgen", package: "wasm-bindgen-cli", version: "0.2.130" };
pub(crate) const WASM_PACK: CargoTool =
    CargoTool { program: "wasm-pack", package: "wasm-pack", version: "0.15.1" };
pub(crate) const GECKODRIVER: CargoTool =
    CargoTool { program: "geckodriver", package: "geckodriver", version: "0.37.1" };
pub(crate) const CARGO_DENY: CargoTool =
    CargoTool { program: "cargo-deny", package: "cargo-deny", version: "0.20.2" };

impl CargoTool {
    /// The program, at exactly this version; compiled once when it is missing.
    pub(crate) fn ensure(&self, layout: &Layout) -> Result<PathBuf> {
        let ours = layout.tool(self.program);
        if self.is_right(&ours) {
            return Ok(ours);
        }
        if let Some(theirs) = process::find(self.program).filter(|path| self.is_right(path)) {
            return Ok(theirs);
        }
        // `--locked` fails where the registry lacks a locked version.
        let locked = self.install(layout, true).outcome()?;
        if !locked.success {
            self.install(layout, false).run()?;
        }
        if !self.is_right(&ours) {
            bail!("{} was installed but does not print its version", layout.short(&ours));
        }
        Ok(ours)
    }

    fn is_right(&self, program: &Path) -> bool {
        answer(program, &["--version"])
            .is_some_and(|text| text.split_whitespace().any(|word| word == self.version))
    }

    fn install(&self, layout: &Layout, locked: bool) -> Task {
        let mut command = Command::new("cargo");
        command
            .args(["install", self.package, "--version", &format!("={}", self.version), "--force"])
            .args(locked.then_some("--locked"))
            .arg("--root")
            .arg(layout.target("tools"))
            // A tool runs for seconds, so compiling it fast saves more than optimising it.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
            .env("CARGO_TARGET_DIR", layout.target("tools-build"))
            .current_dir(layout.root());
        Task::new(format!("installing {} {}", self.package, self.version), command)
    }
}

/// The standard library for wasm. Only adds the target: an update of the toolchain could replace
/// the compiler during a build that runs elsewhere.
pub(crate) fn ensure_wasm_target(layout: &Layout) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let there = answer("rustc", &["--print", "target-libdir", "--target", TARGET])
        .is_some_and(|dir| Path::new(&dir).is_dir());
    if there {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        bail!("this Rust cannot compile for {TARGET}, and there is no rustup to add it with");
    }
    let mut command = Command::new("rustup");
    command.args(["target", "add", TARGET]).current_dir(layout.root());
    Task::new(format!("adding the target {TARGET}"), command).run().map(drop)
}

/// The npm packages of one directory, exactly as locked. Install scripts do not run: no package
/// here needs one, and some would download programs.
pub(crate) fn ensure_packages(layout: &Layout, dir: &str) -> Result<()> {
    let home = layout.source(dir);
    let inputs = Inputs::from_nothing().path(&home.join("package-lock.json"))?;
    let installed = home.join("node_modules/.package-lock.json");
    stamp::step(layout, &format!("npm-{}", dir.replace('/', "-")), inputs, &[installed], || {
        let mut command = Command::new(prerequisites::npm());
        command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&home);
        Task::new(format!("installing the npm packages of {dir}"), command).run().map(drop)
    })
}

/// The browsers and drivers that are installed.
#[derive(Default)]
pub(crate) struct Browsers {
    pub(crate) chromium: Option<PathBuf>,
    pub(crate) chromedriver: Option<PathBuf>,
    pub(crate) firefox: Option<PathBuf>,
}

impl Browsers {
    pub(crate) fn find() -> Self {
        let chromium = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        Self {
            chromium: path_variable("KASSA_CHROMIUM").or_else(|| find_any(&chromium)),
            chromedriver: path_variable("CHROMEDRIVER").or_else(|| find_any(&["chromedriver"])),
            firefox: path_variable("KASSA_FIREFOX")
                .or_else(|| find_any(&["firefox-esr", "firefox"])),
        }
    }

    /// Searches for the browsers, and installs Debian's when one is missing and apt may be used.
    pub(crate) fn ensure() -> Result<Self> {
        let found = Self::find();
        let complete =
            found.chromium.is_some() && found.chromedriver.is_some() && found.firefox.is_some();
        if complete || !install_from_debian(&["chromium", "chromium-driver", "firefox-esr"]) {
            return Ok(found);
        }
        Ok(Self::find())
    }
}

/// Installs packages of Debian's, where apt may be used. Returns whether it tried; a failure is
/// printed.
pub(crate) fn install_from_debian(packages: &[&str]) -> bool {
    let root = answer("id", &["-u"]).is_some_and(|id| id == "0");
    if !root || process::find("apt-get").is_none() {
        return false;
    }
    let mut update = Command::new("apt-get");
    update.args(["update", "-q"]);
    let mut install = Command::new("apt-get");
    install
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    let what = format!("installing {}", packages.join(", "));
    let installed = Task::new("reading Debian's package lists", update)
        .run()
        .and_then(|_| Task::new(what, install).run());
    if let Err(error) = installed {
        output::line(&format!("  {error:#}"));
    }
    true
}

/// Playwright's own browsers, where the distribution's are missing.
/// `dir` has the Playwright that runs them.
pub(crate) fn ensure_playwright_browsers(layout: &Layout, dir: &str, which: &[&str]) -> Result<()> {
    let mut command = Command::new("node");
    command
        .arg(npm_program(layout, dir, "@playwright/test/cli.js")?)
        .arg("install")
        .args(which)
        .current_dir(layout.source(dir));
    Task::new("downloading Playwright's browsers", command).run().map(drop).with_context(|| {
        format!(
            "no {} here; install it, or name it in KASSA_CHROMIUM / KASSA_FIREFOX",
            which.join(", ")
        )
    })
}

fn path_variable(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn find_any(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| process::find(name))
}

/// A file of an npm package that is installed in `dir`.
pub(crate) fn npm_program(layout: &Layout, dir: &str, path: &str) -> Result<PathBuf> {
    let program = layout.source(dir).join("node_modules").join(path);
    if fs::exists(&program)? {
        return Ok(program);
    }
    bail!("{} is missing: delete {dir}/node_modules and try again", layout.short(&program))
}

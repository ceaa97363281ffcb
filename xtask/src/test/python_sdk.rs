//! The official Python SDK of the server API, unmodified, against a running sandbox:
//! `tests/interop/python`.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Count, Run};
use crate::layout::Layout;
use crate::process::{Task, answer};
use crate::sandbox::{self, Clock, Sandbox};
use crate::stamp::{self, Inputs};
use crate::tools;

const TESTS: &str = "tests/interop/python";

/// Prints `True` where the version is one that the SDK and the tests run with.
const IS_NEW_ENOUGH: &str = "import sys; print(sys.version_info >= (3, 9))";

pub(crate) fn run(run: &Run<'_>) -> Result<Count> {
    let layout = run.layout;
    let python = ensure_environment(layout)?;

    // Data of an earlier run could change the results of this one.
    let data = layout.target("interop-python/data");
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("could not empty {}", data.display()))?;
    }
    let log = layout.target("test-logs/interop-python-sandbox.log");
    let log = File::create(&log).with_context(|| format!("could not write {}", log.display()))?;
    let port = sandbox::free_ports()?;
    let sandbox = Sandbox::start(layout, port, &data, Some(log), Clock::Test, &[])?;

    let mut command = Command::new(python);
    command
        // Warnings about the SDK's own code are not ours.
        .args(["-W", "ignore", "-m", "unittest", "discover", "--start-directory", "."])
        .env("KASSA_SHOP", &sandbox.shop)
        .env("KASSA_GATEWAY", &sandbox.gateway)
        .env("KASSA_DATA", &data)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1")
        .current_dir(layout.source(TESTS));
    let outcome = run.task("running the official Python SDK against the sandbox", command)?;
    Ok(Count::of_unittest(&outcome))
}

/// The Python of an environment that has the SDK and what it needs, at the versions and with the
/// hashes of `requirements.txt`.
fn ensure_environment(layout: &Layout) -> Result<PathBuf> {
    let system = system_python()?;
    let home = layout.target("interop-python/venv");
    let programs = home.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = programs.join(format!("python{}", std::env::consts::EXE_SUFFIX));
    let requirements = layout.source(TESTS).join("requirements.txt");
    let inputs = Inputs::from_nothing().path(&requirements)?;
    stamp::step(layout, "interop-python", inputs, std::slice::from_ref(&python), || {
        let mut create = Command::new(system);
        create.args(["-m", "venv", "--clear"]).arg(&home);
        Task::new("creating a Python environment", create).run()?;
        let mut install = Command::new(&python);
        install
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(["--require-hashes", "--requirement"])
            .arg(&requirements);
        Task::new("installing the official Python SDK", install).run().map(drop)
    })?;
    Ok(python)
}

/// An installed Python that can create environments. A missing one is installed where apt may be
/// used: Debian has Python's venv in a package of its own.
fn system_python() -> Result<&'static str> {
    match usable_python() {
        Err(_) if tools::install_from_debian(&["python3", "python3-venv"]) => usable_python(),
        found => found,
    }
}

fn usable_python() -> Result<&'static str> {
    let found = ["python3", "python"]
        .into_iter()
        .find(|python| answer(python, &["-c", IS_NEW_ENOUGH]).is_some_and(|text| text == "True"));
    let Some(python) = found else {
        bail!("python3 is not on PATH: install Python 3.9 or newer with venv and pip");
    };
    if answer(python, &["-c", "import ensurepip, venv"]).is_none() {
        bail!("{python} cannot create environments: install its venv (on Debian python3-venv)");
    }
    Ok(python)
}

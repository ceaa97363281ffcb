//! `cargo xtask demo` builds and runs the demo shop on this machine, `cargo xtask sandbox` its gateway
//! alone.

use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context, Result};

use crate::build::{self, Also};
use crate::cli::Options;
use crate::interrupt::Guarded;
use crate::layout::Layout;
use crate::sandbox::{self, Clock, Sandbox};
use crate::{interrupt, output, prerequisites, process};

pub(crate) fn run(layout: &Layout, options: &Options, open: bool) -> Result<ExitCode> {
    prerequisites::check()?;
    // Before the build, which may take minutes.
    sandbox::require_free_ports(options.port)?;
    build::run(layout, Also::Sandbox)?;
    let data = layout.target("demo");
    let switches = &options.switches;
    let mut sandbox = Sandbox::start(layout, options.port, &data, None, Clock::System, switches)?;
    output::line(&format!(
        "\n  The demo shop is open: {}\n  Its gateway: {}\n  Stop both with Ctrl-C.\n",
        sandbox.shop, sandbox.gateway
    ));
    if open && !browse(&sandbox.shop) {
        output::line("  no browser could be opened from here: open the address above yourself");
    }
    ended(sandbox.wait()?)
}

pub(crate) fn run_gateway(layout: &Layout, options: &Options) -> Result<ExitCode> {
    prerequisites::check()?;
    sandbox::require_free_port(options.port)?;
    build::run(layout, Also::Sandbox)?;
    let mut command = sandbox::command(layout, options.port, &layout.target("sandbox"))?;
    command.arg("--no-shop").args(&options.switches);
    let mut process = Guarded::spawn(&mut command).context("could not start the sandbox")?;
    ended(process.child().wait().context("could not wait for the sandbox")?)
}

/// The command ends as the sandbox did, which ends on Ctrl-C.
fn ended(status: ExitStatus) -> Result<ExitCode> {
    if interrupt::happened() {
        output::line("  stopped");
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::from(130), ExitCode::from))
}

/// Opens the address in the default browser; false when there is no program for that.
fn browse(address: &str) -> bool {
    let (opener, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    if cfg!(unix) && process::find(opener).is_none() {
        return false;
    }
    Command::new(opener)
        .args(arguments)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

//! `cargo xtask demo`: builds and runs the demo shop on this machine.

use std::process::{Command, ExitCode, Stdio};

use anyhow::Result;

use crate::build::{self, Also};
use crate::layout::Layout;
use crate::sandbox::{self, Clock, Sandbox};
use crate::{interrupt, output, prerequisites, process};

pub(crate) fn run(layout: &Layout, port: u16, open: bool) -> Result<ExitCode> {
    prerequisites::check()?;
    // Before the build, which may take minutes.
    sandbox::require_free_ports(port)?;
    build::run(layout, Also::Sandbox)?;
    let mut sandbox = Sandbox::start(layout, port, &layout.target("demo"), None, Clock::System)?;
    output::line(&format!(
        "\n  The demo shop is open: {}\n  Its gateway: {}\n  Stop both with Ctrl-C.\n",
        sandbox.shop, sandbox.gateway
    ));
    if open && !browse(&sandbox.shop) {
        output::line("  no browser could be opened from here: open the address above yourself");
    }
    let status = sandbox.wait()?;
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

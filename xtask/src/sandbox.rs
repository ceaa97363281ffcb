//! Compiles, starts and stops the sandbox: the gateway and its demo shop.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::interrupt::{self, Guarded};
use crate::layout::Layout;
use crate::process::Task;

const START_LIMIT: Duration = Duration::from_secs(30);

/// How the sandbox measures time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Clock {
    /// By the system's clock.
    System,
    /// By a clock that the shop's test tools may move forward.
    Test,
}

/// A sandbox that runs until this value is dropped.
pub(crate) struct Sandbox {
    process: Guarded,
    /// Address of the shop, without a slash at the end.
    pub(crate) shop: String,
    /// Address of the gateway, without a slash at the end.
    pub(crate) gateway: String,
}

/// Compiles the program.
pub(crate) fn compile(layout: &Layout) -> Result<()> {
    let mut command = Command::new("cargo");
    command
        .args(["build", "--profile", "native", "-p", "kassa-sandbox"])
        .current_dir(layout.root());
    Task::new("compiling kassa-sandbox", command).run().map(drop)
}

/// The compiled program with its folders.
pub(crate) fn command(layout: &Layout, port: u16, data: &Path) -> Result<Command> {
    let program =
        layout.cargo_target().join(format!("native/kassa-sandbox{}", std::env::consts::EXE_SUFFIX));
    std::fs::create_dir_all(data)
        .with_context(|| format!("could not create {}", data.display()))?;
    let mut command = Command::new(program);
    command
        .args(["--port", &port.to_string(), "--data"])
        .arg(data)
        .arg("--web")
        .arg(layout.target("web"))
        .arg("--templates")
        .arg(layout.source("www"))
        .current_dir(layout.root())
        .stdin(Stdio::null());
    Ok(command)
}

impl Sandbox {
    /// Starts the compiled program and waits until it prints that it is ready. The rest of its
    /// output goes to `log`, or to the terminal. `switches` are further ones of the program.
    pub(crate) fn start(
        layout: &Layout,
        port: u16,
        data: &Path,
        log: Option<File>,
        clock: Clock,
        switches: &[OsString],
    ) -> Result<Self> {
        let mut command = command(layout, port, data)?;
        command
            .args(match clock {
                Clock::System => None,
                Clock::Test => Some("--test-clock"),
            })
            .args(switches)
            .stdout(Stdio::piped())
            .stderr(match &log {
                Some(log) => Stdio::from(log.try_clone()?),
                None => Stdio::inherit(),
            });
        let mut process = Guarded::spawn(&mut command)
            .with_context(|| format!("could not start {}", command.get_program().display()))?;
        let output = process.child().stdout.take().context("the sandbox has no output")?;
        let (sender, ready) = mpsc::channel();
        std::thread::spawn(move || {
            let output = BufReader::new(output);
            match log {
                Some(log) => follow(output, log, &sender),
                None => follow(output, std::io::stdout(), &sender),
            }
        });
        let (shop, gateway) = wait_until_ready(&ready)?;
        Ok(Self { process, shop, gateway })
    }

    /// Waits until the program ends, which it does on Ctrl-C.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        self.process.child().wait().context("could not wait for the sandbox")
    }
}

/// Fails when one of the two ports that a sandbox needs is taken.
pub(crate) fn require_free_ports(port: u16) -> Result<()> {
    for needed in [Some(port), port.checked_add(1)].into_iter().flatten() {
        if !is_free(needed) {
            bail!(
                "port {needed} is in use (the demo needs {port} and the one after): stop what \
                 uses it, or choose another with --port"
            );
        }
    }
    Ok(())
}

/// Fails when the port is taken.
pub(crate) fn require_free_port(port: u16) -> Result<()> {
    if !is_free(port) {
        bail!("port {port} is in use: stop what uses it, or choose another with --port");
    }
    Ok(())
}

/// The first of two free ports in a row. Another process may take one before the sandbox does,
/// which then fails to start.
pub(crate) fn free_ports() -> Result<u16> {
    for _ in 0..50 {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        if port < u16::MAX && is_free(port) && is_free(port + 1) {
            return Ok(port);
        }
    }
    bail!("found no two free ports in a row")
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn follow(output: impl BufRead, mut log: impl Write, ready: &mpsc::Sender<(String, String)>) {
    for line in output.lines() {
        let Ok(line) = line else { return };
        match addresses(&line) {
            Some(addresses) => {
                let _no_receiver = ready.send(addresses);
            }
            None => {
                let _closed = writeln!(log, "{line}");
            }
        }
    }
}

fn wait_until_ready(ready: &Receiver<(String, String)>) -> Result<(String, String)> {
    let start = Instant::now();
    loop {
        match ready.recv_timeout(Duration::from_millis(100)) {
            Ok(addresses) => return Ok(addresses),
            Err(RecvTimeoutError::Disconnected) => bail!("the sandbox ended before it was ready"),
            Err(RecvTimeoutError::Timeout) if interrupt::happened() => bail!("interrupted"),
            Err(RecvTimeoutError::Timeout) if start.elapsed() > START_LIMIT => {
                bail!("the sandbox was not ready within {} s", START_LIMIT.as_secs())
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Reads `ready shop=http://… gateway=http://…`.
fn addresses(line: &str) -> Option<(String, String)> {
    let fields = line.strip_prefix("ready ")?;
    let field = |name: &str| {
        let value = fields.split_whitespace().find_map(|field| field.strip_prefix(name))?;
        Some(value.trim_end_matches('/').to_owned())
    };
    Some((field("shop=")?, field("gateway=")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_line_is_read() {
        let read = addresses("ready shop=http://localhost:1/ gateway=http://127.0.0.1:2");
        assert_eq!(read, Some(("http://localhost:1".into(), "http://127.0.0.1:2".into())));
        assert_eq!(addresses("listening"), None);
        assert_eq!(addresses("ready shop=http://localhost:1"), None);
    }

    #[test]
    fn a_taken_port_is_named() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = require_free_ports(port).unwrap_err().to_string();
        assert!(error.contains(&format!("port {port} is in use")), "{error}");
        let error = require_free_port(port).unwrap_err().to_string();
        assert!(error.contains(&format!("port {port} is in use")), "{error}");
        let error = require_free_ports(port - 1).unwrap_err().to_string();
        assert!(error.contains("in use"), "{error}");
    }

    #[test]
    fn free_ports_are_free() {
        assert!(require_free_ports(free_ports().unwrap()).is_ok());
    }

    #[test]
    fn an_early_end_is_an_error() {
        let (sender, ready) = mpsc::channel();
        follow(&b"hello\nready shop=http://a gateway=http://b\n"[..], std::io::sink(), &sender);
        drop(sender);
        assert_eq!(wait_until_ready(&ready).unwrap(), ("http://a".into(), "http://b".into()));
        assert!(wait_until_ready(&ready).unwrap_err().to_string().contains("ended before"));
    }
}

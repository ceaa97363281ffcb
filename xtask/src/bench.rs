//! `cargo xtask bench`: this checkout against an earlier commit, in Chromium. The measurements and
//! their table are in `tests/e2e/bench.mjs`.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::build::{self, Also};
use crate::interrupt::{self, Guarded};
use crate::layout::Layout;
use crate::output;
use crate::process::{Task, answer, path_with};
use crate::sandbox::{self, Clock, Sandbox};
use crate::tools::{self, Browsers};

/// The commit before the browser side moved to Rust.
pub(crate) const BEFORE: &str = "a5aae4dcb9e0be4c7b2625345c311e9d6d71dbb9";

/// The fewest rounds with a meaningful spread.
pub(crate) const FEWEST_ROUNDS: u32 = 7;

const START_LIMIT: Duration = Duration::from_secs(60);

/// Builds both, starts a sandbox for each, measures, and prints a table.
pub(crate) fn run(layout: &Layout, before: &str, rounds: u32) -> Result<()> {
    build::run(layout, Also::Sandbox)?;
    let earlier = Earlier::build(layout, before)?;
    tools::ensure_packages(layout, "tests/e2e")?;
    let chromium = Browsers::ensure()?.chromium;
    if chromium.is_none() {
        tools::ensure_playwright_browsers(layout, "tests/e2e", &["chromium"])?;
    }

    let logs = layout.target("test-logs");
    fs::create_dir_all(&logs)?;
    let log = |name: &str| File::create(logs.join(name)).context("could not write a log");
    let port = sandbox::free_ports()?;
    let data = layout.target("bench/data");
    let now = Sandbox::start(layout, port, &data, Some(log("bench.log")?), Clock::System, &[])?;
    let then = earlier.serve(layout, log("bench-before.log")?)?;

    let input = json!({ "rounds": rounds, "builds": [
        { "name": earlier.name, "shop": then.shop, "script": earlier.root.join("dist/kassa.js") },
        { "name": "this checkout", "shop": now.shop, "script": layout.dist("kassa.js") },
    ] });
    let mut command = Command::new("node");
    command.arg("bench.mjs").arg(input.to_string()).current_dir(layout.source("tests/e2e"));
    command.envs(chromium.map(|chromium| ("KASSA_CHROMIUM", chromium)));
    let table = Task::new(format!("measuring {rounds} rounds"), command).run()?;
    output::line(&table);
    Ok(())
}

/// An earlier commit, in a git worktree of its own.
struct Earlier {
    name: String,
    root: PathBuf,
}

/// The shop of an earlier commit, until this value is dropped.
struct Shop {
    _process: Guarded,
    shop: String,
}

impl Earlier {
    /// Builds the commit unless an earlier run did.
    fn build(layout: &Layout, revision: &str) -> Result<Self> {
        let commit = format!("{revision}^{{commit}}");
        let root = layout.root().display().to_string();
        let commit = answer("git", &["-C", &root, "rev-parse", "--verify", &commit])
            .with_context(|| format!("git has no commit `{revision}`"))?;
        let name = commit.chars().take(9).collect();
        let earlier = Self { name, root: layout.target("bench").join(&commit) };
        let built = earlier.root.join("target/bench-built");
        if built.exists() {
            return Ok(earlier);
        }
        if !earlier.root.exists() {
            let mut command = Command::new("git");
            command
                .args(["worktree", "add", "--detach", "--force"])
                .arg(&earlier.root)
                .arg(&commit)
                .current_dir(layout.root());
            Task::new(format!("checking out {}", earlier.name), command).run()?;
        }
        for (what, arguments) in [
            ("files for browsers", &["xtask", "build"][..]),
            ("sandbox", &["build", "--profile", "native", "-p", "kassa-sandbox"]),
        ] {
            let mut command = earlier.cargo(layout)?;
            command.args(arguments);
            Task::new(format!("building {}: {what}", earlier.name), command).run()?;
        }
        fs::write(&built, "").with_context(|| format!("could not write {}", built.display()))?;
        Ok(earlier)
    }

    /// Starts the commit's own demo, since its sandbox may take other arguments than today's.
    fn serve(&self, layout: &Layout, log: File) -> Result<Shop> {
        let port = sandbox::free_ports()?;
        let mut command = self.cargo(layout)?;
        command
            .args(["xtask", "demo", "--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let mut process = Guarded::spawn(&mut command).context("could not start cargo")?;
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if interrupt::happened() {
                bail!("interrupted");
            }
            if process.child().try_wait()?.is_some() || start.elapsed() > START_LIMIT {
                bail!("the shop of {} did not start, see bench-before.log", self.name);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(Shop { _process: process, shop: format!("http://localhost:{port}") })
    }

    /// Cargo in that worktree, with the tools of this one on `PATH`.
    fn cargo(&self, layout: &Layout) -> Result<Command> {
        let mut command = Command::new("cargo");
        let path = path_with(&layout.target("tools/bin"))?;
        command.current_dir(&self.root).env("PATH", path).env_remove("CARGO_TARGET_DIR");
        Ok(command)
    }
}

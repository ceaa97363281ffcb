//! SIGINT and SIGTERM: children are stopped, and then the command ends.

use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

static HAPPENED: AtomicBool = AtomicBool::new(false);
static CHILDREN: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Installs the handler, which stops the registered children.
pub(crate) fn watch() -> Result<()> {
    ctrlc::set_handler(|| {
        HAPPENED.store(true, Ordering::SeqCst);
        for id in children().iter() {
            terminate(*id);
        }
    })
    .context("could not listen for Ctrl-C")
}

/// Whether a signal arrived.
pub(crate) fn happened() -> bool {
    HAPPENED.load(Ordering::SeqCst)
}

/// A child that is stopped when this value is dropped.
pub(crate) struct Guarded {
    child: Child,
}

impl Guarded {
    /// Starts `command` in a process group of its own, so that its children are stopped with it: a
    /// compiler under cargo, a browser under its driver.
    pub(crate) fn spawn(command: &mut Command) -> std::io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn()?;
        children().push(child.id());
        // The handler may have run between the start and the registration.
        if happened() {
            terminate(child.id());
        }
        Ok(Self { child })
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Stops the child and all that it started.
    pub(crate) fn stop(&mut self) {
        terminate(self.child.id());
        let deadline = Instant::now() + Duration::from_secs(5);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.stop();
        let id = self.child.id();
        children().retain(|other| *other != id);
    }
}

fn children() -> std::sync::MutexGuard<'static, Vec<u32>> {
    CHILDREN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Sends SIGTERM to the group. The standard library can only kill, and the sandbox would lose its
/// last writes.
fn terminate(id: u32) {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("taskkill");
        command.args(["/T", "/F", "/PID", &id.to_string()]);
        command
    } else {
        let mut command = Command::new("kill");
        // The minus addresses the group.
        command.args(["-TERM", "--", &format!("-{id}")]);
        command
    };
    let _gone_already = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
}

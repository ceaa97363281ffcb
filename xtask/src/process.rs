//! Runs other programs. Their output is kept and shown when they fail; while one takes long, a line
//! is printed from time to time.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::interrupt::{self, Guarded};
use crate::output;

const PROGRESS_INTERVAL: Duration = Duration::from_secs(15);
const TAIL_LINES: usize = 60;

/// One run of another program.
pub(crate) struct Task {
    what: String,
    command: Command,
    log: Option<PathBuf>,
    quiet: bool,
    limit: Option<Duration>,
}

/// How a program ended.
pub(crate) struct Outcome {
    pub(crate) success: bool,
    /// Standard output and errors, in the order of arrival.
    pub(crate) output: String,
}

impl Task {
    /// `what` describes the program's task: "compiling the SDK".
    pub(crate) fn new(what: impl Into<String>, command: Command) -> Self {
        Self { what: what.into(), command, log: None, quiet: false, limit: None }
    }

    /// Also appends the output to this file.
    pub(crate) fn log(mut self, path: &Path) -> Self {
        self.log = Some(path.to_path_buf());
        self
    }

    /// Stops the program after this time, as a failure.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Prints nothing when the program succeeds.
    pub(crate) fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Runs the program and returns its output. A failure is an error with the last lines of it.
    pub(crate) fn run(self) -> Result<String> {
        let what = self.what.clone();
        let outcome = self.outcome()?;
        if outcome.success {
            return Ok(outcome.output);
        }
        bail!("{what} failed:\n{}", tail(&outcome.output))
    }

    /// Runs the program and returns how it ended.
    pub(crate) fn outcome(mut self) -> Result<Outcome> {
        let program = self.command.get_program().to_string_lossy().into_owned();
        let start = Instant::now();
        let transcript = Mutex::new(Transcript { text: String::new(), log: None });
        if let Some(path) = &self.log {
            let mut log = File::options()
                .append(true)
                .create(true)
                .open(path)
                .with_context(|| format!("could not write {}", path.display()))?;
            writeln!(log, "\n$ {:?}", self.command)?;
            lock(&transcript).log = Some(log);
        }
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = Guarded::spawn(&mut self.command)
            .with_context(|| format!("could not start `{program}` ({})", self.what))?;
        let out = running.child().stdout.take();
        let err = running.child().stderr.take();
        let success = std::thread::scope(|scope| {
            scope.spawn(|| copy(out, &transcript));
            scope.spawn(|| copy(err, &transcript));
            let mut next_line = start + PROGRESS_INTERVAL;
            loop {
                if let Some(status) = running.child().try_wait()? {
                    // A child that is still running could keep the output open.
                    running.stop();
                    return std::io::Result::Ok(status.success());
                }
                if let Some(limit) = self.limit.filter(|limit| start.elapsed() > *limit) {
                    running.stop();
                    lock(&transcript).add(&format!("stopped after {}\n", output::duration(limit)));
                    return Ok(false);
                }
                if Instant::now() >= next_line {
                    next_line += PROGRESS_INTERVAL;
                    self.print_progress(start, &lock(&transcript).text);
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        })?;
        if interrupt::happened() {
            bail!("interrupted while {}", self.what);
        }
        if success && !self.quiet {
            output::line(&format!("  {} ({})", self.what, output::duration(start.elapsed())));
        }
        let output = transcript.into_inner().unwrap_or_else(PoisonError::into_inner).text;
        Ok(Outcome { success, output })
    }

    fn print_progress(&self, start: Instant, output: &str) {
        let latest = output.lines().rev().map(str::trim).find(|line| !line.is_empty());
        let latest: String = latest.unwrap_or_default().chars().take(70).collect();
        output::line(&format!(
            "  … still {} ({}) {latest}",
            self.what,
            output::duration(start.elapsed())
        ));
    }
}

/// The last lines of an output, indented.
pub(crate) fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.trim_end().lines().collect();
    let skipped = lines.len().saturating_sub(TAIL_LINES);
    lines.iter().skip(skipped).map(|line| format!("    {line}\n")).collect::<String>()
}

/// The output of a short command; `None` when it is missing or fails.
pub(crate) fn answer(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The full path of a program on `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(&name)).find(|file| file.is_file())
}

/// The value of `PATH` with a directory in front.
pub(crate) fn path_with(dir: &Path) -> Result<OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([dir.to_path_buf()].into_iter().chain(std::env::split_paths(&rest)))
        .context("a directory on PATH contains the separator of PATH")
}

struct Transcript {
    text: String,
    log: Option<File>,
}

impl Transcript {
    fn add(&mut self, text: &str) {
        self.text.push_str(text);
        if let Some(log) = &mut self.log {
            let _disk_full = log.write_all(text.as_bytes());
        }
    }
}

fn copy(stream: Option<impl Read>, transcript: &Mutex<Transcript>) {
    let Some(stream) = stream else { return };
    let mut reader = BufReader::new(stream);
    let mut bytes = Vec::new();
    while matches!(reader.read_until(b'\n', &mut bytes), Ok(read) if read > 0) {
        lock(transcript).add(&String::from_utf8_lossy(&bytes));
        bytes.clear();
    }
}

fn lock(transcript: &Mutex<Transcript>) -> MutexGuard<'_, Transcript> {
    transcript.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_is_short() {
        let long: String = (0..100).map(|line| format!("line {line}\n")).collect();
        let tail = tail(&long);
        assert_eq!(tail.lines().count(), TAIL_LINES);
        assert!(tail.trim_end().ends_with("line 99"));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = Task::new("trying", Command::new("kassa-no-such-program")).run().unwrap_err();
        assert!(error.to_string().contains("kassa-no-such-program"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_hangs_is_stopped_with_all_it_started() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 60 & echo started; sleep 60"]);
        let task = Task::new("trying", command).limit(Duration::from_millis(300));
        let start = Instant::now();
        let outcome = task.outcome().unwrap();
        assert!(!outcome.success && outcome.output.starts_with("started"), "{}", outcome.output);
        assert!(start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn the_output_of_a_failing_program_is_in_the_error() {
        let mut command = Command::new(env!("CARGO"));
        command.arg("--no-such-flag");
        let error = Task::new("trying", command).quiet().run().unwrap_err();
        assert!(error.to_string().contains("--no-such-flag"), "{error}");
    }
}

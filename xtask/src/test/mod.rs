//! `cargo xtask test`: all tests and checks.

mod browser;
mod count;
mod documents;
mod lint;
mod native;
mod playwright;
mod python_sdk;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::build::{self, Also};
use crate::layout::Layout;
use crate::{interrupt, output, prerequisites, process, size};

pub(crate) use count::Count;

/// A group of checks that can be run by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suite {
    Lint,
    Core,
    Server,
    Browser,
    Size,
    E2e,
    Interop,
    InteropPython,
}

impl Suite {
    /// In the order of running: fast ones first.
    pub(crate) const ALL: [Self; 8] = [
        Self::Lint,
        Self::Core,
        Self::Server,
        Self::InteropPython,
        Self::Browser,
        Self::Size,
        Self::E2e,
        Self::Interop,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Core => "core",
            Self::E2e => "e2e",
            Self::Interop => "interop",
            Self::InteropPython => "interop-python",
            Self::Lint => "lint",
            Self::Server => "server",
            Self::Size => "size",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.name() == name)
    }

    /// The parts that must be built before the suite runs.
    fn build(self) -> Option<Also> {
        match self {
            Self::Lint | Self::Size => Some(Also::Nothing),
            Self::E2e | Self::Interop | Self::InteropPython => Some(Also::Sandbox),
            Self::Browser | Self::Core | Self::Server => None,
        }
    }
}

/// A step that hangs ends after this time, and the other suites still run. The slowest step, a cold
/// compilation on two cores, takes a fraction of it.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// The context of a running suite.
pub(crate) struct Run<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) log: PathBuf,
}

impl Run<'_> {
    /// Runs one program of the suite and logs its output. The end of a failed one's output is also
    /// printed, since a pipeline may not keep the log.
    pub(crate) fn task(
        &self,
        what: impl Into<String>,
        command: std::process::Command,
    ) -> Result<process::Outcome> {
        let outcome =
            process::Task::new(what, command).log(&self.log).quiet().limit(LIMIT).outcome()?;
        if !outcome.success {
            output::line(&process::tail(&outcome.output));
        }
        Ok(outcome)
    }

    /// Prints and logs a line.
    pub(crate) fn note(&self, text: &str) {
        output::line(&format!("  {text}"));
        self.keep(text);
    }

    /// Logs a line.
    pub(crate) fn keep(&self, text: &str) {
        let log = fs::File::options().append(true).create(true).open(&self.log);
        let _disk_full = log.and_then(|mut log| {
            std::io::Write::write_all(&mut log, format!("{text}\n").as_bytes())
        });
    }
}

/// Runs all suites, also after one that failed.
pub(crate) fn run(layout: &Layout, suites: &[Suite]) -> Result<ExitCode> {
    prerequisites::check()?;
    let logs = layout.target("test-logs");
    fs::create_dir_all(&logs).with_context(|| format!("could not create {}", logs.display()))?;
    let mut total = Count::default();
    let mut lines = Vec::new();

    if let Some(also) = what_to_build(suites) {
        output::line("build");
        let result = build::run(layout, also);
        if interrupt::happened() {
            return Ok(ExitCode::from(130));
        }
        if let Err(error) = result {
            output::error(&format!("{error:#}"));
            total += Count::FAILURE;
            lines.push("build          failed".to_owned());
        }
    }
    for suite in suites {
        let run = Run { layout, log: logs.join(format!("{}.log", suite.name())) };
        fs::write(&run.log, "")
            .with_context(|| format!("could not write {}", run.log.display()))?;
        output::line(suite.name());
        let start = Instant::now();
        let count = match start_suite(*suite, &run) {
            Ok(count) => count.or_failure_if_empty(),
            Err(error) => {
                run.note(&format!("{error:#}"));
                Count::FAILURE
            }
        };
        if interrupt::happened() {
            return Ok(ExitCode::from(130));
        }
        lines.push(format!("{:<15}{count} ({})", suite.name(), output::duration(start.elapsed())));
        output::line(&format!("  {count} ({})", output::duration(start.elapsed())));
        total += count;
    }
    output::line(&format!("\nlogs are in {}", layout.short(&logs)));
    for line in lines {
        output::line(&line);
    }
    // Programs read the last line, so its place and form must not change.
    output::line(&total.to_string());
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn what_to_build(suites: &[Suite]) -> Option<Also> {
    let needs: Vec<Also> = suites.iter().filter_map(|suite| suite.build()).collect();
    needs.iter().copied().find(|also| *also == Also::Sandbox).or(needs.first().copied())
}

fn start_suite(suite: Suite, run: &Run<'_>) -> Result<Count> {
    match suite {
        Suite::Browser => browser::run(run),
        Suite::Core => native::core(run),
        Suite::E2e | Suite::Interop => playwright::run(run, suite.name()),
        Suite::InteropPython => python_sdk::run(run),
        Suite::Lint => lint::run(run),
        Suite::Server => native::server(run),
        Suite::Size => {
            let table = size::measure(run.layout)?;
            run.note(&table.to_string());
            Ok(Count { passed: table.passed(), failed: table.failed() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sandbox_is_built_when_one_suite_needs_it() {
        assert!(what_to_build(&[Suite::Core]).is_none());
        assert!(what_to_build(&[Suite::Lint]).is_some_and(|also| also == Also::Nothing));
        assert!(what_to_build(&Suite::ALL).is_some_and(|also| also == Also::Sandbox));
    }

    #[test]
    fn suites_are_found_by_name() {
        for suite in Suite::ALL {
            assert_eq!(Suite::named(suite.name()), Some(suite));
        }
    }
}

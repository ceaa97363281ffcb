//! Counts passed and failed tests from the output of the tools.

use std::fmt;
use std::ops::AddAssign;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::Outcome;

/// Numbers of checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Count {
    pub(crate) const FAILURE: Self = Self { passed: 0, failed: 1 };

    /// One check.
    pub(crate) fn one(held: bool) -> Self {
        Self { passed: usize::from(held), failed: usize::from(!held) }
    }

    /// A suite in which nothing ran counts as one failure.
    pub(crate) fn or_failure_if_empty(self) -> Self {
        if self == Self::default() { Self::FAILURE } else { self }
    }

    /// Sums the `test result:` lines of cargo or of wasm-bindgen's runner. A run that ended before it
    /// printed one (a compile error, a browser that did not start) is a failure too.
    pub(crate) fn of_libtest(outcome: &Outcome) -> Self {
        let mut count = Self::default();
        for line in outcome.output.lines() {
            let Some((_, result)) = line.split_once("test result: ") else { continue };
            count.passed += number_before(result, " passed");
            count.failed += number_before(result, " failed");
        }
        if !outcome.success && count.failed == 0 {
            count += Self::FAILURE;
        }
        count
    }

    /// Reads the last lines of Python's unittest: `Ran 3 tests in 1.5s`, then `OK` or
    /// `FAILED (failures=1, errors=1)`, either with `skipped=1` and others.
    pub(crate) fn of_unittest(outcome: &Outcome) -> Self {
        let mut count = Self::default();
        for line in outcome.output.lines() {
            if let Some(ran) = line.strip_prefix("Ran ") {
                count.passed = number_before(ran, " test");
            }
            let end = line.strip_prefix("FAILED (").or_else(|| line.strip_prefix("OK ("));
            let details = end.map(|end| end.trim_end_matches(')').split(", "));
            for (kind, number) in details.into_iter().flatten().filter_map(|it| it.split_once('='))
            {
                let number: usize = number.parse().unwrap_or_default();
                count.passed = count.passed.saturating_sub(number);
                count.failed += if kind == "skipped" { 0 } else { number };
            }
        }
        if !outcome.success && count.failed == 0 {
            count += Self::FAILURE;
        }
        count
    }

    /// Reads Playwright's JSON report. A test that passed on its second try
    /// counts as failed.
    pub(crate) fn of_playwright(report: &str, success: bool) -> Result<Self> {
        let report: Value =
            serde_json::from_str(report).context("Playwright's report is not JSON")?;
        let stats = report.get("stats").context("Playwright's report has no stats")?;
        let stat = |name: &str| {
            let number = stats.get(name).and_then(Value::as_u64).unwrap_or_default();
            usize::try_from(number).unwrap_or(usize::MAX)
        };
        let mut count =
            Self { passed: stat("expected"), failed: stat("unexpected") + stat("flaky") };
        if !success && count.failed == 0 {
            count += Self::FAILURE;
        }
        Ok(count)
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

fn number_before(text: &str, word: &str) -> usize {
    text.split_once(word)
        .and_then(|(before, _)| before.rsplit([' ', '.']).next())
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn libtest(success: bool, output: &str) -> Count {
        Count::of_libtest(&Outcome { success, output: output.to_owned() })
    }

    #[test]
    fn results_of_several_binaries_add_up() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 10 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(libtest(false, output), Count { passed: 12, failed: 3 });
    }

    #[test]
    fn a_run_that_broke_off_is_a_failure() {
        assert_eq!(libtest(false, "error: could not compile"), Count::FAILURE);
        let output = "test result: ok. 4 passed; 0 failed; 0 ignored";
        assert_eq!(libtest(false, output), Count { passed: 4, failed: 1 });
    }

    #[test]
    fn pythons_last_lines_are_read() {
        let count = |success, output: &str| {
            Count::of_unittest(&Outcome { success, output: output.to_owned() })
        };
        let output = "....\nRan 239 tests in 63.982s\n\nOK\n";
        assert_eq!(count(true, output), Count { passed: 239, failed: 0 });
        let output = "Ran 10 tests in 1s\n\nFAILED (failures=2, errors=1, skipped=3)\n";
        assert_eq!(count(false, output), Count { passed: 4, failed: 3 });
        let output = "Ran 1 test in 1s\n\nOK (skipped=1)\n";
        assert_eq!(count(true, output).or_failure_if_empty(), Count::FAILURE);
        assert_eq!(count(false, "No module named unittest"), Count::FAILURE);
    }

    #[test]
    fn nothing_is_not_success() {
        assert_eq!(libtest(true, "running 0 tests").or_failure_if_empty(), Count::FAILURE);
    }

    #[test]
    fn playwright_counts_a_flaky_test_as_failed() {
        let report = r#"{"stats":{"expected":5,"unexpected":1,"flaky":2,"skipped":3}}"#;
        assert_eq!(Count::of_playwright(report, false).unwrap(), Count { passed: 5, failed: 3 });
        let none = r#"{"stats":{"expected":0,"unexpected":0,"flaky":0},"errors":[{}]}"#;
        assert_eq!(Count::of_playwright(none, false).unwrap(), Count::FAILURE);
        assert!(Count::of_playwright("{}", true).is_err());
    }

    #[test]
    fn the_last_line_reads_as_promised() {
        assert_eq!(Count { passed: 7, failed: 0 }.to_string(), "7 passed, 0 failed");
    }
}

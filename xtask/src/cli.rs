//! The command line.

use std::ffi::OsString;

use lexopt::{Arg, ValueExt};

use crate::bench;
use crate::test::Suite;

pub(crate) const HELP: &str = "\
cargo xtask <command>

  build                        builds everything that a browser loads: dist/, target/web/
  demo [--port 4310] [--open]  builds and runs the demo shop with its gateway, until Ctrl-C
  test [suite…]                runs all tests and checks, or the named suites:
                               lint, core, server, browser, size, e2e
  ci [suite…]                  the same as test
  size                         prints sizes and budgets, the largest functions, each crate's share
  bench [--before <rev>] [--rounds 7]
                               compares speed and memory with an earlier commit, in Chromium";

const DEMO_PORT: u16 = 4310;

/// A parsed command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Bench { before: String, rounds: u32 },
    Build,
    Demo { port: u16, open: bool },
    Help,
    Size,
    Test { suites: Vec<Suite> },
}

/// Parses the arguments after the program's name.
pub(crate) fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Command, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let command = match parser.next()? {
        None | Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Command::Help),
        Some(Arg::Value(name)) => name.to_string_lossy().into_owned(),
        Some(other) => return Err(other.unexpected()),
    };
    match command.as_str() {
        "bench" => bench(parser),
        "build" => nothing_more(parser, Command::Build),
        "demo" => demo(parser),
        "help" => Ok(Command::Help),
        "size" => nothing_more(parser, Command::Size),
        "test" | "ci" => test(parser),
        _ => Err(format!("there is no command `{command}`").into()),
    }
}

fn bench(mut parser: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut before, mut rounds) = (bench::BEFORE.to_owned(), bench::FEWEST_ROUNDS);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("before") => before = parser.value()?.string()?,
            Arg::Long("rounds") => rounds = parser.value()?.parse()?,
            other @ (Arg::Long(_) | Arg::Short(_) | Arg::Value(_)) => {
                return Err(other.unexpected());
            }
        }
    }
    if rounds < bench::FEWEST_ROUNDS {
        return Err(format!("--rounds takes {} or more", bench::FEWEST_ROUNDS).into());
    }
    Ok(Command::Bench { before, rounds })
}

fn demo(mut parser: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let (mut port, mut open) = (DEMO_PORT, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("open") => open = true,
            Arg::Long("port") | Arg::Short('p') => {
                let value = parser.value()?;
                port = value
                    .to_str()
                    .and_then(|text| text.parse().ok())
                    // The gateway takes the next port.
                    .filter(|port| (1..u16::MAX).contains(port))
                    .ok_or_else(|| {
                        format!("--port takes a number from 1 to 65534, not {}", value.display())
                    })?;
            }
            other @ (Arg::Long(_) | Arg::Short(_) | Arg::Value(_)) => {
                return Err(other.unexpected());
            }
        }
    }
    Ok(Command::Demo { port, open })
}

fn test(mut parser: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut suites = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(name) => {
                let name = name.to_string_lossy();
                let suite = Suite::named(&name).ok_or_else(|| format!("no suite `{name}`"))?;
                if !suites.contains(&suite) {
                    suites.push(suite);
                }
            }
            other @ (Arg::Long(_) | Arg::Short(_)) => return Err(other.unexpected()),
        }
    }
    if suites.is_empty() {
        suites = Suite::ALL.to_vec();
    }
    Ok(Command::Test { suites })
}

fn nothing_more(mut parser: lexopt::Parser, command: Command) -> Result<Command, lexopt::Error> {
    match parser.next()? {
        None => Ok(command),
        Some(other) => Err(other.unexpected()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn commands_are_read() {
        assert_eq!(parsed(""), Ok(Command::Help));
        assert_eq!(parsed("build"), Ok(Command::Build));
        assert_eq!(parsed("demo"), Ok(Command::Demo { port: 4310, open: false }));
        assert_eq!(parsed("demo --open --port 80"), Ok(Command::Demo { port: 80, open: true }));
        assert_eq!(parsed("demo --port=81"), Ok(Command::Demo { port: 81, open: false }));
    }

    #[test]
    fn bench_takes_a_revision_and_seven_rounds_or_more() {
        let bench = |before: &str, rounds| Command::Bench { before: before.to_owned(), rounds };
        assert_eq!(parsed("bench"), Ok(bench(bench::BEFORE, 7)));
        assert_eq!(parsed("bench --before main --rounds 9"), Ok(bench("main", 9)));
        assert!(parsed("bench --rounds 3").unwrap_err().contains("7 or more"));
    }

    #[test]
    fn test_takes_names_and_means_all_without() {
        assert_eq!(parsed("test"), Ok(Command::Test { suites: Suite::ALL.to_vec() }));
        let two = vec![Suite::Size, Suite::Lint];
        assert_eq!(parsed("test size lint size"), Ok(Command::Test { suites: two }));
        assert_eq!(parsed("ci core"), Ok(Command::Test { suites: vec![Suite::Core] }));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(parsed("biuld").unwrap_err().contains("biuld"));
        assert!(parsed("test e2").unwrap_err().contains("e2"));
        assert!(parsed("demo --port 70000").unwrap_err().contains("70000"));
        assert!(parsed("demo --port 65535").is_err());
        assert!(parsed("build now").is_err());
        assert!(parsed("--quick").is_err());
    }
}

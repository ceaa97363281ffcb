//! The command line.

use std::ffi::OsString;

use lexopt::{Arg, ValueExt};

use crate::bench;
use crate::test::Suite;

pub(crate) const HELP: &str = "\
cargo xtask <command>

  build                        builds everything that a browser loads: dist/, target/web/
  demo [--port 4310] [--open]  builds and runs the demo shop with its gateway, until Ctrl-C
  sandbox [--port 4311]        builds and runs the gateway without the shop, until Ctrl-C
                               both take --origin <origin> and --allow-notify-host <host>, which may
                               be repeated (docs/sandbox.md)
  test [suite…]                runs all tests and checks, or the named suites:
                               lint, core, server, interop-python, browser, size, e2e, interop
  ci [suite…]                  the same as test
  size                         prints sizes and budgets, the largest functions, each crate's share
  bench [--before <rev>] [--rounds 7]
                               compares speed and memory with an earlier commit, in Chromium";

const DEMO_PORT: u16 = 4310;
/// The demo's gateway has the same one, so that the address stays.
const GATEWAY_PORT: u16 = DEMO_PORT + 1;

/// A parsed command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Bench { before: String, rounds: u32 },
    Build,
    Demo { options: Options, open: bool },
    Help,
    Sandbox { options: Options },
    Size,
    Test { suites: Vec<Suite> },
}

/// Options of the commands that run the sandbox.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) port: u16,
    /// Switches of `kassa-sandbox`, which reads and checks them.
    pub(crate) switches: Vec<OsString>,
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
        "sandbox" => sandbox(parser),
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
    let mut options = Options { port: DEMO_PORT, switches: Vec::new() };
    let mut open = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("open") => open = true,
            other @ (Arg::Long(_) | Arg::Short(_) | Arg::Value(_)) => {
                let other = option(other)?;
                options.read(other, &mut parser)?;
            }
        }
    }
    Ok(Command::Demo { options, open })
}

fn sandbox(mut parser: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut options = Options { port: GATEWAY_PORT, switches: Vec::new() };
    while let Some(argument) = parser.next()? {
        let argument = option(argument)?;
        options.read(argument, &mut parser)?;
    }
    Ok(Command::Sandbox { options })
}

/// An option of [`Options`].
#[derive(Clone, Copy)]
enum SandboxOption {
    Port,
    /// A switch of `kassa-sandbox` that takes a value.
    Switch(&'static str),
}

fn option(argument: Arg<'_>) -> Result<SandboxOption, lexopt::Error> {
    match argument {
        Arg::Long("port") | Arg::Short('p') => Ok(SandboxOption::Port),
        Arg::Long("origin") => Ok(SandboxOption::Switch("--origin")),
        Arg::Long("allow-notify-host") => Ok(SandboxOption::Switch("--allow-notify-host")),
        other @ (Arg::Long(_) | Arg::Short(_) | Arg::Value(_)) => Err(other.unexpected()),
    }
}

impl Options {
    fn read(
        &mut self,
        option: SandboxOption,
        parser: &mut lexopt::Parser,
    ) -> Result<(), lexopt::Error> {
        let value = parser.value()?;
        match option {
            SandboxOption::Port => {
                let number = value.to_str().and_then(|text| text.parse().ok());
                // The demo's gateway takes the next port.
                self.port =
                    number.filter(|port| (1..u16::MAX).contains(port)).ok_or_else(|| {
                        format!("--port takes a number from 1 to 65534, not {}", value.display())
                    })?;
            }
            SandboxOption::Switch(name) => self.switches.extend([name.into(), value]),
        }
        Ok(())
    }
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

    fn options(port: u16, switches: &[&str]) -> Options {
        Options { port, switches: switches.iter().map(OsString::from).collect() }
    }

    #[test]
    fn commands_are_read() {
        assert_eq!(parsed(""), Ok(Command::Help));
        assert_eq!(parsed("build"), Ok(Command::Build));
        let demo = |port, open| Command::Demo { options: options(port, &[]), open };
        assert_eq!(parsed("demo"), Ok(demo(4310, false)));
        assert_eq!(parsed("demo --open --port 80"), Ok(demo(80, true)));
        assert_eq!(parsed("demo --port=81"), Ok(demo(81, false)));
    }

    #[test]
    fn switches_of_the_sandbox_are_passed_on() {
        let line = "--origin https://a.example --port 90 --origin=https://b.example \
                    --allow-notify-host c.example";
        let switches = [
            "--origin",
            "https://a.example",
            "--origin",
            "https://b.example",
            "--allow-notify-host",
            "c.example",
        ];
        let sandbox =
            |port, switches: &[&str]| Command::Sandbox { options: options(port, switches) };
        assert_eq!(parsed("sandbox"), Ok(sandbox(4311, &[])));
        assert_eq!(parsed(&format!("sandbox {line}")), Ok(sandbox(90, &switches)));
        let demo = Command::Demo { options: options(90, &switches), open: false };
        assert_eq!(parsed(&format!("demo {line}")), Ok(demo));
        assert!(parsed("sandbox --open").is_err());
        assert!(parsed("sandbox --origin").is_err());
        assert!(parsed("sandbox --data elsewhere").is_err());
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

//! Every command of the project: `cargo xtask <command>`. `docs/HACKING.md` gives the reasons.
#![forbid(unsafe_code)]

mod bench;
mod build;
mod cli;
mod compress;
mod demo;
mod functions;
mod interrupt;
mod layout;
mod output;
mod prerequisites;
mod process;
mod sandbox;
mod size;
mod stamp;
mod test;
mod tools;

use std::process::ExitCode;

use cli::Command;
use layout::Layout;

fn main() -> ExitCode {
    let command = match cli::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            output::line(&format!("{error}\n\n{}", cli::HELP));
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(code) => code,
        Err(_) if interrupt::happened() => ExitCode::from(130),
        Err(error) => {
            output::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let layout = Layout::find()?;
    interrupt::watch()?;
    match command {
        Command::Help => output::line(cli::HELP),
        Command::Bench { before, rounds } => bench::run(&layout, &before, rounds)?,
        Command::Build => build::run(&layout, build::Also::Nothing)?,
        Command::Demo { options, open } => return demo::run(&layout, &options, open),
        Command::Sandbox { options } => return demo::run_gateway(&layout, &options),
        Command::Test { suites } => return test::run(&layout, &suites),
        Command::Size => {
            build::run(&layout, build::Also::Nothing)?;
            let table = size::measure(&layout)?;
            output::line(&table.to_string());
            return Ok(if table.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    Ok(ExitCode::SUCCESS)
}

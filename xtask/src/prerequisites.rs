//! Programs that must be installed before anything can be built.

use anyhow::{Result, bail};

use crate::process::answer;

const OLDEST_NODE: u32 = 18;

/// Checks for the programs that xtask cannot install; one error names all that are missing.
pub(crate) fn check() -> Result<()> {
    let mut missing = Vec::new();
    if answer("cargo", &["--version"]).is_none() {
        missing.push("cargo is not on PATH: install Rust with rustup".to_owned());
    }
    match answer("node", &["--version"]) {
        None => {
            missing.push(format!("node is not on PATH: install Node.js {OLDEST_NODE} or newer"))
        }
        Some(version) => match major(&version) {
            Some(found) if found >= OLDEST_NODE => {}
            _ => missing.push(format!("node is {version}: {OLDEST_NODE} or newer is needed")),
        },
    }
    if answer(npm(), &["--version"]).is_none() {
        missing.push("npm is not on PATH: it comes with Node.js".to_owned());
    }
    if missing.is_empty() { Ok(()) } else { bail!("{}", missing.join("\nerror: ")) }
}

/// npm's name; on Windows it is a script.
pub(crate) fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v8"), Some(8));
        assert_eq!(major("nightly"), None);
    }
}

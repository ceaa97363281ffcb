//! The npm package in `dist/`: its manifest, and the files that accompany the code.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::bundle::VERSION;
use super::copy;
use crate::layout::Layout;

/// Where `pkg.json` takes the version of the workspace, which has the only one.
const PLACEHOLDER: &str = "\"{version}\"";

const COMPANIONS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Writes the manifest and the accompanying files. The suite `lint` checks the result.
pub(crate) fn write(layout: &Layout) -> Result<()> {
    let text = fs::read_to_string(layout.source("pkg.json")).context("could not read pkg.json")?;
    fs::write(layout.dist("package.json"), manifest(&text, VERSION)?)
        .context("could not write dist/package.json")?;
    copy(&layout.source("js/src/kassa.d.ts"), &layout.dist("kassa.d.ts"))?;
    for name in COMPANIONS {
        copy(&layout.source(name), &layout.dist(name))?;
    }
    Ok(())
}

/// The text of `pkg.json` with the version in it. The text is not parsed and written again: the
/// order of the conditions in `exports` decides which file a bundler takes, and `serde_json` sorts
/// keys unless a feature changes that for every crate of the workspace.
fn manifest(text: &str, version: &str) -> Result<String> {
    ensure!(
        text.matches(PLACEHOLDER).count() == 1,
        "pkg.json must have {PLACEHOLDER} once, as its version"
    );
    Ok(text.replace(PLACEHOLDER, &format!("\"{version}\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_filled_in_and_nothing_else_changes() {
        let text = r#"{ "types": "./b.d.ts", "default": "./a.js", "version": "{version}" }"#;
        let filled = r#"{ "types": "./b.d.ts", "default": "./a.js", "version": "1.2.3" }"#;
        assert_eq!(manifest(text, "1.2.3").unwrap(), filled);
        assert!(manifest(r#"{ "version": "9.9.9" }"#, "1.2.3").is_err());
    }
}

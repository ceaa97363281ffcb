//! `dist/` as it is published.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use super::bundle::version;
use super::copy;
use crate::layout::Layout;

const COMPANIONS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Writes the manifest with the workspace's version, and what a package carries beside code.
pub(crate) fn write(layout: &Layout) -> Result<()> {
    let text = fs::read_to_string(layout.source("pkg.json")).context("could not read pkg.json")?;
    fs::write(layout.dist("package.json"), stamp(&text, version())?)
        .context("could not write dist/package.json")?;
    for name in COMPANIONS {
        let file = layout.source(name);
        if file.is_file() {
            copy(&file, &layout.dist(name))?;
        }
    }
    Ok(())
}

fn stamp(manifest: &str, version: &str) -> Result<String> {
    let mut manifest: Value = serde_json::from_str(manifest).context("pkg.json is not JSON")?;
    let fields = manifest.as_object_mut().context("pkg.json is not an object")?;
    anyhow::ensure!(
        !fields.contains_key("version"),
        "pkg.json has a version: the only one is the workspace's, in Cargo.toml"
    );
    fields.insert("version".to_owned(), Value::String(version.to_owned()));
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_comes_from_the_workspace_only() {
        let stamped = stamp(r#"{"name":"kassa"}"#, "1.2.3").unwrap();
        assert!(stamped.contains("\"version\": \"1.2.3\""), "{stamped}");
        assert!(stamp(r#"{"version":"9"}"#, "1.2.3").is_err());
        assert!(stamp("[]", "1.2.3").is_err());
    }
}

//! `dist/` as it is published.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::bundle::version;
use super::copy;
use crate::layout::Layout;

const COMPANIONS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Writes the manifest with the workspace's version, and what a package carries beside code.
pub(crate) fn write(layout: &Layout) -> Result<()> {
    let text = fs::read_to_string(layout.source("pkg.json")).context("could not read pkg.json")?;
    let manifest = stamp(&text, version())?;
    fs::write(layout.dist("package.json"), serde_json::to_string_pretty(&manifest)? + "\n")
        .context("could not write dist/package.json")?;
    for name in COMPANIONS {
        let file = layout.source(name);
        if file.is_file() {
            copy(&file, &layout.dist(name))?;
        }
    }
    match entries(&manifest).iter().find(|entry| !layout.dist(entry).is_file()) {
        Some(entry) => bail!("pkg.json points to ./{entry}, which the build does not make"),
        None => Ok(()),
    }
}

fn stamp(manifest: &str, version: &str) -> Result<Value> {
    let mut manifest: Value = serde_json::from_str(manifest).context("pkg.json is not JSON")?;
    let fields = manifest.as_object_mut().context("pkg.json is not an object")?;
    anyhow::ensure!(
        !fields.contains_key("version"),
        "pkg.json has a version: the only one is the workspace's, in Cargo.toml"
    );
    fields.insert("version".to_owned(), Value::String(version.to_owned()));
    Ok(manifest)
}

/// Every file that the manifest points to, wherever in it.
fn entries(manifest: &Value) -> Vec<&str> {
    match manifest {
        Value::String(text) => text.strip_prefix("./").into_iter().collect(),
        Value::Array(values) => values.iter().flat_map(entries).collect(),
        Value::Object(fields) => fields.values().flat_map(entries).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_comes_from_the_workspace_only() {
        let stamped = stamp(r#"{"name":"kassa"}"#, "1.2.3").unwrap();
        assert_eq!(stamped.get("version"), Some(&Value::from("1.2.3")));
        assert!(stamp(r#"{"version":"9"}"#, "1.2.3").is_err());
        assert!(stamp("[]", "1.2.3").is_err());
    }

    #[test]
    fn entries_are_found_at_any_depth() {
        let manifest = serde_json::json!({
            "name": "kassa",
            "main": "./a.js",
            "exports": { ".": { "types": "./b.d.ts" } },
            "sideEffects": ["./c.js"],
        });
        assert_eq!(entries(&manifest).len(), 3);
        assert!(entries(&manifest).contains(&"b.d.ts"));
    }
}

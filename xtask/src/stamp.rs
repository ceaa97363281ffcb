//! Skips a step when its inputs have not changed since it last succeeded.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::layout::Layout;

/// A hash of the inputs of a step, by content.
pub(crate) struct Inputs {
    hasher: DefaultHasher,
}

impl Inputs {
    /// Starts with the sources of xtask, which decide how a step is done.
    pub(crate) fn new(layout: &Layout) -> Result<Self> {
        Self::from_nothing().path(&layout.source("xtask/src"))
    }

    /// For steps whose result does not depend on the sources of xtask.
    pub(crate) fn from_nothing() -> Self {
        Self { hasher: DefaultHasher::new() }
    }

    /// Adds a file, or every file below a directory. A path that does not exist adds nothing; the
    /// hash changes when it is created.
    pub(crate) fn path(mut self, path: &Path) -> Result<Self> {
        let mut files = Vec::new();
        collect(path, &mut files)?;
        files.sort();
        for file in files {
            file.hash(&mut self.hasher);
            fs::read(&file)
                .with_context(|| format!("could not read {}", file.display()))?
                .hash(&mut self.hasher);
        }
        Ok(self)
    }
}

/// Runs `step` unless `inputs` are unchanged and every output is still there.
pub(crate) fn step(
    layout: &Layout,
    name: &str,
    inputs: Inputs,
    outputs: &[PathBuf],
    step: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = layout.target("web/.stamps").join(name);
    let now = format!("{:016x}", inputs.hasher.finish());
    let fresh = fs::read_to_string(&stamp).is_ok_and(|then| then == now);
    if fresh && outputs.iter().all(|output| output.exists()) {
        return Ok(());
    }
    step()?;
    if let Some(parent) = stamp.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(&stamp, now).with_context(|| format!("could not write {}", stamp.display()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?.path();
            if entry.file_name().is_none_or(|name| name != "node_modules") {
                collect(&entry, files)?;
            }
        }
    }
    Ok(())
}

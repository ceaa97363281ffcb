//! Paths of this checkout.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The places of this checkout.
pub(crate) struct Layout {
    root: PathBuf,
    cargo_target: PathBuf,
}

impl Layout {
    /// The checkout that this program was compiled in, independent of the current directory.
    pub(crate) fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().context("xtask has no parent directory")?.to_path_buf();
        let cargo_target = match std::env::var_os("CARGO_TARGET_DIR") {
            // Relative to the current directory, as cargo takes it.
            Some(dir) if !dir.is_empty() => std::path::absolute(dir)?,
            _ => root.join("target"),
        };
        Ok(Self { root, cargo_target })
    }

    /// A file or directory of the sources.
    pub(crate) fn source(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The build's output for browsers and other tools. It stays in the checkout when
    /// `CARGO_TARGET_DIR` names another directory, since `tsconfig.json` and others name it.
    pub(crate) fn target(&self, path: &str) -> PathBuf {
        self.root.join("target").join(path)
    }

    /// Cargo's output for this machine.
    pub(crate) fn cargo_target(&self) -> &Path {
        &self.cargo_target
    }

    /// Cargo's directory for release wasm. Its compiler flags differ from those of other builds; in
    /// one directory each switch would compile everything again.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.cargo_target.join("wasm")
    }

    /// A file of the npm package.
    pub(crate) fn dist(&self, name: &str) -> PathBuf {
        self.root.join("dist").join(name)
    }

    /// A program that the build installed.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.target("tools/bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// The path relative to the checkout, for messages.
    pub(crate) fn short(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

//! Where everything is.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The places of this checkout.
pub(crate) struct Layout {
    root: PathBuf,
    cargo_target: PathBuf,
}

impl Layout {
    /// The checkout that this program was built from, whatever the current directory is.
    pub(crate) fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().context("xtask has no parent directory")?.to_path_buf();
        let cargo_target = match std::env::var_os("CARGO_TARGET_DIR") {
            // Cargo takes a relative one from the current directory, and so must we.
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

    /// What the build makes for browsers and other tools. It stays in the checkout even where
    /// `CARGO_TARGET_DIR` points elsewhere: other files name these places.
    pub(crate) fn output(&self, path: &str) -> PathBuf {
        self.root.join("target").join(path)
    }

    /// What cargo makes for this machine.
    pub(crate) fn cargo_target(&self) -> &Path {
        &self.cargo_target
    }

    /// Cargo's directory for release wasm. Its compiler flags differ from everyday builds; sharing
    /// one directory would rebuild everything at each switch.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.cargo_target.join("wasm")
    }

    /// A release module as cargo left it.
    pub(crate) fn raw_module(&self, name: &str) -> PathBuf {
        self.wasm_target().join(format!("wasm32-unknown-unknown/release/{name}.wasm"))
    }

    /// A directory of generated bindings.
    pub(crate) fn bindings(&self, module: &str) -> PathBuf {
        self.output("web/bindgen").join(module)
    }

    pub(crate) fn dist(&self, name: &str) -> PathBuf {
        self.root.join("dist").join(name)
    }

    /// A program that the build installed for itself.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.output("tools/bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// The path as a reader of this checkout would write it.
    pub(crate) fn short(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

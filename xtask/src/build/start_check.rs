//! The end of the build: every built script must start.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::{CARD_FRAME, SDK, WASM};
use crate::layout::Layout;
use crate::process::Task;

/// Starts the SDK in both of its forms, and the card form.
pub(super) fn run(layout: &Layout) -> Result<()> {
    for script in ["kassa.mjs", "kassa.js"] {
        check(layout, "sdk", &layout.dist(script), &SDK.file(layout, WASM))?;
    }
    check(layout, "frame", &layout.target("web/frame/card.js"), &CARD_FRAME.file(layout, WASM))
}

fn check(layout: &Layout, kind: &str, script: &Path, module: &Path) -> Result<()> {
    let mut command = Command::new("node");
    command.arg(layout.source("xtask/src/build/start_check.mjs")).arg(kind).args([script, module]);
    Task::new(format!("starting {}", layout.short(script)), command).quiet().run().map(drop)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const SCRIPT: &str = "export class AMSCashierPayment {
        async createComponent() {
            const imports = { host: { now() {} } };
            await WebAssembly.instantiate(Uint8Array.from(BYTES), imports);
            throw Object.assign(new Error(), { code: 'SDK_CREATEPAYMENT_PARAMETER_ERROR' });
        }
    }";

    /// Checks the script above after one change.
    fn checked(from: &str, to: &str) -> Result<()> {
        let module = wat::parse_str(r#"(module (import "host" "now" (func)))"#)?;
        let script = SCRIPT.replace(from, to).replace("BYTES", &format!("{module:?}"));
        let name = format!("kassa-start-{}-{}", std::process::id(), from.len());
        let dir = std::env::temp_dir().join(name);
        fs::create_dir_all(&dir)?;
        fs::write(dir.join("script.mjs"), script)?;
        fs::write(dir.join("module.wasm"), module)?;
        let layout = Layout::find()?;
        let result = check(&layout, "sdk", &dir.join("script.mjs"), &dir.join("module.wasm"));
        fs::remove_dir_all(&dir)?;
        result
    }

    fn fault(from: &str, to: &str) -> String {
        checked(from, to).unwrap_err().to_string()
    }

    #[test]
    fn a_script_that_starts_passes() {
        checked("", "").unwrap();
    }

    #[test]
    fn a_script_that_does_not_start_fails() {
        assert!(fault("now()", "then()").contains("LinkError"));
        assert!(fault("(BYTES)", "([0, ...BYTES])").contains("another module"));
        assert!(fault("await WebAssembly", "WebAssembly.").contains("SyntaxError"));
        assert!(
            fault("'SDK_CREATEPAYMENT_PARAMETER_ERROR'", "'SDK_INTERNAL_ERROR'")
                .contains("SDK_INTERNAL_ERROR")
        );
        assert!(fault("await WebAssembly.instantiate", "String").contains("not instantiated"));
        assert!(fault("throw ", "await new Promise(() => {}); throw ").contains("did not answer"));
    }
}

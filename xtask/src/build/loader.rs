//! The script that instantiates a module and connects it with its bindings.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::LOADER;

const TYPES: &str = "
/** Instantiates the module; the other exports work once the promise is resolved. */
export default function init(module: BufferSource): Promise<void>;
";

/// Writes `loader.js` beside the bindings `name`, and its types. `names` is binaryen's output when
/// it shortens the names of imports and exports.
pub(super) fn write(dir: &Path, name: &str, names: &str) -> Result<()> {
    let names = serde_json::from_str(names).context("binaryen's table of names")?;
    fs::write(dir.join(LOADER), source(name, &names)?)?;
    let types = fs::read_to_string(dir.join(format!("{name}.d.ts")))?;
    fs::write(dir.join("loader.d.ts"), types + TYPES)?;
    Ok(())
}

/// The output of binaryen's pass.
#[derive(Deserialize)]
struct Names {
    imports: Vec<Import>,
    exports: Vec<Export>,
}

/// The module that is imported from, the name there, and the new name. That of the module is `a`.
#[derive(Deserialize)]
struct Import(String, String, String);

/// The name that the bindings use, and the new name.
#[derive(Deserialize)]
struct Export(String, String);

/// A script around the bindings as wasm-bindgen wrote them. New names are quoted, so that a tool
/// which shortens properties leaves them as they are in the module.
fn source(name: &str, names: &Names) -> Result<String> {
    let bindings = format!("./{name}_bg.js");
    let (mut imports, mut exports) = (String::new(), String::new());
    for Import(module, long, short) in &names.imports {
        ensure!(*module == bindings, "`{long}` is imported from {module}, not from the bindings");
        imports += &format!("      \"{short}\": bindings.{long},\n");
    }
    for Export(long, short) in &names.exports {
        exports += &format!("    {long}: exports[\"{short}\"],\n");
    }
    Ok(format!(
        "import * as bindings from \"{bindings}\";
export * from \"{bindings}\";

export default async function init(module) {{
  const {{ instance }} = await WebAssembly.instantiate(module, {{
    \"a\": {{
{imports}    }},
  }});
  const {{ exports }} = instance;
  bindings.__wbg_set_wasm({{
{exports}  }});
}}
"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loader_translates_names_both_ways() {
        let names = r#"{
            "imports": [["./pay_bg.js", "__wbg_now_4f", "_a"]],
            "exports": [["pay", "b"]]
        }"#;
        let source = source("pay", &serde_json::from_str(names).unwrap()).unwrap();
        assert!(source.contains("{\n      \"_a\": bindings.__wbg_now_4f,\n    }"), "{source}");
        assert!(source.contains("({\n    pay: exports[\"b\"],\n  })"), "{source}");
    }

    #[test]
    fn an_import_from_elsewhere_is_refused() {
        let imports = vec![Import("env".into(), "now".into(), "a".into())];
        assert!(source("pay", &Names { imports, exports: Vec::new() }).is_err());
    }
}

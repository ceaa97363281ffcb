//! wasm-bindgen's glue, without what this project never runs and with the module's short names.
//!
//! Each edit names the text that it looks for and fails where that is missing: the glue is of one
//! pinned version of wasm-bindgen, and a new one must be read before it is cut. What an edit assumes
//! is said with it.

use anyhow::{Context, Result, bail};

use crate::module::Names;

/// How the program starts, for a script that got the module's bytes from elsewhere.
const FROM_BYTES: &str = "\
export default async function init({ module_or_path }) {
    wasm = (await WebAssembly.instantiate(module_or_path, __wbg_get_imports())).instance.exports;
}
";

/// How the program starts, for a page with the module beside it. Not by streaming: that needs a
/// second way for servers with another content type, and a module this small gains nothing.
const FROM_ADDRESS: &str = "\
export default async function init({ module_or_path }) {
    const answer = await (await fetch(module_or_path)).arrayBuffer();
    wasm = (await WebAssembly.instantiate(answer, __wbg_get_imports())).instance.exports;
}
";

/// Where the glue begins to load the module; nothing else follows.
const LOADER: &str = "let wasmModule, wasmInstance, wasm;\n";

/// Functions that do more than we need, and what is enough.
const FUNCTIONS: [(&str, &str); 4] = [
    // The cached views would have to be dropped whenever memory grows; a view costs nothing.
    ("getDataViewMemory0", "() {\n    return new DataView(wasm.memory.buffer);\n}\n"),
    ("getUint8ArrayMemory0", "() {\n    return new Uint8Array(wasm.memory.buffer);\n}\n"),
    // wasm-bindgen's writes ASCII without an encoder and grows the buffer for the rest; and it makes
    // both coders on import, where no global may be touched.
    (
        "passStringToWasm0",
        "(arg) {
    const buf = new TextEncoder().encode(arg);
    const ptr = wasm.__wbindgen_malloc(buf.length, 1) >>> 0;
    getUint8ArrayMemory0().set(buf, ptr);
    WASM_VECTOR_LEN = buf.length;
    return ptr;
}
",
    ),
    // wasm-bindgen's counts up to Safari's limit of 2 GB for one decoder. Each text has its own here.
    (
        "decodeText",
        "(bytes) {\n    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);\n}\n",
    ),
];

/// Text between two marks, without the second: what the functions above no longer use.
const PARTS: [(&str, &str); 2] = [
    ("let cachedTextDecoder = new TextDecoder(", "function decodeText("),
    ("const cachedTextEncoder = new TextEncoder();\n", "let WASM_VECTOR_LEN = 0;\n"),
];

/// What the first function in question was called with.
const CODERS: &str = ", wasm.__wbindgen_malloc, wasm.__wbindgen_realloc)";

/// How a module gets to its glue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Bytes,
    Address,
    /// By an import of the same program without wasm; the glue is for bundlers and has no loader.
    Import,
}

/// Takes out what never runs.
pub(super) fn cut(glue: &str, start: Start) -> Result<String> {
    let mut glue = glue.to_owned();
    let program = match start {
        Start::Bytes => Some(FROM_BYTES),
        Start::Address => Some(FROM_ADDRESS),
        Start::Import => None,
    };
    if let Some(program) = program {
        let at = find(&glue, LOADER)?;
        glue.truncate(at);
        glue.push_str("let wasm;\n");
        glue.push_str(program);
    }
    for (from, to) in PARTS {
        let at = find(&glue, from)?;
        let end = at + find(glue.get(at..).unwrap_or_default(), to)?;
        glue.replace_range(at..end, "");
    }
    for (name, short) in FUNCTIONS {
        // Only what the module needs is generated.
        if !glue.contains(&format!("{name}(")) {
            continue;
        }
        let head = format!("function {name}");
        let at = find(&glue, &format!("{head}("))?;
        let end = at + find(glue.get(at..).unwrap_or_default(), "\n}\n")? + "\n}\n".len();
        glue.replace_range(at..end, &format!("{head}{short}"));
    }
    glue = glue.replace(CODERS, ")");
    disposal(&mut glue)?;
    Ok(glue)
}

/// Classes free themselves when the collector finds them; our facade never does it by hand.
fn disposal(glue: &mut String) -> Result<()> {
    while let Some(at) = glue.find("    __destroy_into_raw() {\n") {
        let rest = glue.get(at..).unwrap_or_default();
        let free = find(rest, "    free() {\n")?;
        let end =
            free + find(rest.get(free..).unwrap_or_default(), "\n    }\n")? + "\n    }\n".len();
        glue.replace_range(at..at + end, "");
    }
    while let Some(at) = glue.find("if (Symbol.dispose) ") {
        let end = at + find(glue.get(at..).unwrap_or_default(), "\n")? + 1;
        glue.replace_range(at..end, "");
    }
    Ok(())
}

/// Names of the exports that the glue uses.
pub(super) fn exports(glue: &str) -> Vec<&str> {
    let mut names: Vec<&str> = uses(glue).map(|(_, name)| name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Gives everything between the glue and the module its short name, and drops what the module does
/// not import.
pub(super) fn rename(glue: &str, names: &Names) -> Result<String> {
    const TABLE: &str = "    const import0 = {\n        __proto__: null,\n";
    let table = find(glue, TABLE)? + TABLE.len();
    // From the last line's end on: the table may be empty.
    let end = table + find(glue.get(table - 1..).unwrap_or_default(), "\n    };\n")?;
    let mut out = glue.get(..table).unwrap_or_default().to_owned();
    let mut found = 0;
    let mut keep = true;
    for line in glue.get(table..end).unwrap_or_default().lines() {
        if let Some((name, rest)) = entry(line) {
            let short = names.import(name);
            keep = short.is_some();
            if let Some(short) = short {
                found += 1;
                out.push_str(&format!("        {short}: {rest}\n"));
            }
        } else if keep {
            out.push_str(line);
            out.push('\n');
        }
    }
    if found != names.imports() {
        bail!("the glue has {found} of the module's {} imports", names.imports());
    }
    let rest = glue.get(end..).unwrap_or_default();
    if names.imports() == 0 {
        // A module that asks for nothing does not say of whom.
        out.push_str(rest);
    } else {
        let module = format!("        \"{}\": import0,\n", names.module);
        let at = find(rest, &module)?;
        out.push_str(rest.get(..at).unwrap_or_default());
        out.push_str(&format!("        {}: import0,\n", Names::MODULE));
        out.push_str(rest.get(at + module.len()..).unwrap_or_default());
    }

    let mut renamed = String::with_capacity(out.len());
    let mut done = 0;
    for (at, name) in uses(&out) {
        let short = names.export(name).with_context(|| format!("nothing exports `{name}`"))?;
        renamed.push_str(out.get(done..at).unwrap_or_default());
        renamed.push_str(short);
        done = at + name.len();
    }
    renamed.push_str(out.get(done..).unwrap_or_default());
    Ok(renamed)
}

/// `        name: function…` of the table of imports. Lines inside the functions are further in.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix("        ")?.split_once(": ")?;
    (!name.is_empty() && name.bytes().all(is_word) && rest.starts_with("function"))
        .then_some((name, rest))
}

/// Each `wasm.name`, with where the name is.
fn uses(glue: &str) -> impl Iterator<Item = (usize, &str)> {
    const OBJECT: &str = "wasm.";
    glue.match_indices(OBJECT).filter_map(|(at, _)| {
        let before = glue.get(..at)?.bytes().next_back();
        if before.is_some_and(|byte| is_word(byte) || byte == b'.') {
            return None;
        }
        let start = at + OBJECT.len();
        let rest = glue.get(start..)?;
        let end = rest.bytes().position(|byte| !is_word(byte)).unwrap_or(rest.len());
        Some((start, rest.get(..end).filter(|name| !name.is_empty())?))
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$'
}

fn find(text: &str, what: &str) -> Result<usize> {
    text.find(what).with_context(|| {
        format!("the glue has no {what:?}: read what wasm-bindgen makes now, then mend glue.rs")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module;

    const GLUE: &str = "\
export class Kassa {
    __destroy_into_raw() {
        return this.__wbg_ptr;
    }
    free() {
        wasm.__wbg_kassa_free(this.__destroy_into_raw(), 0);
    }
    pay() {
        passStringToWasm0(a, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
        wasm.pay(this.__wbg_ptr);
    }
}
if (Symbol.dispose) Kassa.prototype[Symbol.dispose] = Kassa.prototype.free;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        long_name: function(arg0) {
            const options = {
                unused: function() {},
            };
        },
        unused: function() { return handleError(function (arg0) {
            stays(arg0).not;
        }, arguments); },
    };
    return {
        __proto__: null,
        \"./\": import0,
    };
}

function passStringToWasm0(arg, malloc, realloc) {
    if (realloc === undefined) {
    }
}

let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
function decodeText(bytes) {
    return cachedTextDecoder.decode(bytes);
}

const cachedTextEncoder = new TextEncoder();

if (!('encodeInto' in cachedTextEncoder)) {
}

let WASM_VECTOR_LEN = 0;

let wasmModule, wasmInstance, wasm;
function initSync(module) {
}
";

    #[test]
    fn what_never_runs_goes() {
        let cut = cut(GLUE, Start::Bytes).unwrap();
        assert_eq!(exports(&cut), ["__wbindgen_malloc", "pay"]);
        for gone in ["free", "initSync", "cachedText", "encodeInto", "realloc", "dispose"] {
            assert!(!cut.contains(gone), "{gone} in {cut}");
        }
        assert!(cut.contains("passStringToWasm0(a);"));
        assert!(cut.contains("function passStringToWasm0(arg) {"), "{cut}");
        assert!(!cut.contains("fetch("), "{cut}");
    }

    #[test]
    fn each_way_to_start_has_its_own_end() {
        assert!(cut(GLUE, Start::Address).unwrap().contains("await fetch("));
        assert!(cut(GLUE, Start::Import).unwrap().contains("initSync"));
    }

    #[test]
    fn another_glue_is_refused() {
        for (_, mark) in [("", LOADER), PARTS[0], ("", PARTS[1].0)] {
            let other = GLUE.replace(mark, "");
            let error = cut(&other, Start::Bytes).unwrap_err().to_string();
            assert!(error.contains("mend glue.rs"), "{error}");
        }
        let other = GLUE.replace("function passStringToWasm0", "const pass = passStringToWasm0");
        assert!(cut(&other, Start::Bytes).is_err());
    }

    #[test]
    fn both_sides_are_renamed_together() {
        let (_, names) = module::shorten(&module::tiny::module(&[("pay", &[0, 0x0b])])).unwrap();
        let glue = GLUE.replace(CODERS, ")").replace("wasm.__wbg_kassa_free", "free");
        let renamed = rename(&glue, &names).unwrap();
        assert!(renamed.contains("        a: function(arg0) {\n"), "{renamed}");
        assert!(renamed.contains("        a: import0,\n") && renamed.contains("wasm.a(this"));
        assert!(renamed.contains("unused: function() {},"), "only the table's own: {renamed}");
        assert!(!renamed.contains("handleError"), "{renamed}");
    }

    #[test]
    fn a_module_may_ask_for_nothing() {
        let (_, names) = module::shorten(b"\0asm\x01\0\0\0").unwrap();
        let glue =
            "    const import0 = {\n        __proto__: null,\n    };\n        \"./\": import0,\n";
        assert_eq!(rename(glue, &names).unwrap(), glue);
    }

    #[test]
    fn a_name_on_one_side_only_is_an_error() {
        let (_, names) = module::shorten(&module::tiny::module(&[("pay", &[0, 0x0b])])).unwrap();
        assert!(rename(GLUE, &names).is_err(), "uses an export that is not there");
        let glue = GLUE.replace(CODERS, ")").replace("wasm.__wbg_kassa_free", "free");
        assert!(rename(&glue.replace("long_name", "other"), &names).is_err());
        assert!(rename(&glue.replace("\"./\"", "\"b\""), &names).is_err());
    }
}

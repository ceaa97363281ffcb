//! The names between a module and its glue, as short as they can be.
//!
//! wasm-bindgen's carry the name of what they call and a hash. Sixteen hexadecimal digits each are
//! more than a compressor can help with, twice: in the module and in the glue.

use anyhow::{Result, bail};
use wasmparser::{BinaryReader, ExportSectionReader, ExternalKind, ImportSectionReader, TypeRef};

use super::sections::{self, append_leb, append_sized, id};

/// Old and new names of one module.
pub(crate) struct Names {
    /// What the module called the one it imports from.
    pub(crate) module: String,
    imports: Vec<(String, String)>,
    exports: Vec<(String, String)>,
}

impl Names {
    /// What it is called instead.
    pub(crate) const MODULE: &'static str = "a";

    pub(crate) fn import(&self, name: &str) -> Option<&str> {
        short(&self.imports, name)
    }

    /// How many things are imported.
    pub(crate) fn imports(&self) -> usize {
        self.imports.len()
    }

    pub(crate) fn export(&self, name: &str) -> Option<&str> {
        short(&self.exports, name)
    }

    fn shorten_imports(&mut self, section: &[u8]) -> Result<Vec<u8>> {
        let reader = ImportSectionReader::new(BinaryReader::new(section, 0))?;
        let mut out = Vec::new();
        append_leb(&mut out, reader.count());
        for import in reader.into_imports() {
            let import = import?;
            let TypeRef::Func(kind) = import.ty else {
                bail!("{} is not a function: glue has no others", import.name)
            };
            if self.imports.is_empty() {
                self.module = import.module.to_owned();
            }
            if self.module != import.module {
                bail!("imports come from {} and {}", self.module, import.module);
            }
            let short = match self.import(import.name) {
                Some(short) => short.to_owned(),
                None => {
                    let short = letters(self.imports.len());
                    self.imports.push((import.name.to_owned(), short.clone()));
                    short
                }
            };
            append_sized(&mut out, Self::MODULE.as_bytes())?;
            append_sized(&mut out, short.as_bytes())?;
            out.push(0);
            append_leb(&mut out, kind);
        }
        Ok(out)
    }
}

/// Takes exports out that nobody uses, so that what only they keep goes too.
pub(crate) fn keep_exports(module: &[u8], keep: &[&str]) -> Result<Vec<u8>> {
    let mut found = 0;
    let edited = edit_exports(module, |name| {
        let kept = keep.contains(&name);
        found += usize::from(kept);
        kept.then(|| name.to_owned())
    })?;
    if found != keep.len() {
        bail!("the module exports {found} of the {} things that its glue uses", keep.len());
    }
    Ok(edited)
}

/// Gives imports and exports names of one letter, or two.
pub(crate) fn shorten(module: &[u8]) -> Result<(Vec<u8>, Names)> {
    let mut names = Names { module: String::new(), imports: Vec::new(), exports: Vec::new() };
    let imported = sections::edit(module, |id, body| {
        if id == id::IMPORT { names.shorten_imports(body).map(Some) } else { Ok(None) }
    })?;
    let exported = edit_exports(&imported, |name| {
        let short = letters(names.exports.len());
        names.exports.push((name.to_owned(), short.clone()));
        Some(short)
    })?;
    Ok((exported, names))
}

fn edit_exports(module: &[u8], mut edit: impl FnMut(&str) -> Option<String>) -> Result<Vec<u8>> {
    sections::edit(module, |id, body| {
        if id != id::EXPORT {
            return Ok(None);
        }
        let mut entries = Vec::new();
        let mut count = 0;
        for export in ExportSectionReader::new(BinaryReader::new(body, 0))? {
            let export = export?;
            let Some(name) = edit(export.name) else { continue };
            append_sized(&mut entries, name.as_bytes())?;
            entries.push(match export.kind {
                ExternalKind::Func => 0,
                ExternalKind::Table => 1,
                ExternalKind::Memory => 2,
                ExternalKind::Global => 3,
                ExternalKind::Tag | ExternalKind::FuncExact => bail!("{name} is too new"),
            });
            append_leb(&mut entries, export.index);
            count += 1;
        }
        let mut out = Vec::new();
        append_leb(&mut out, count);
        out.extend(entries);
        Ok(Some(out))
    })
}

fn short<'a>(names: &'a [(String, String)], name: &str) -> Option<&'a str> {
    names.iter().find(|(long, _)| long == name).map(|(_, short)| short.as_str())
}

/// `a` to `z`, then `aa`, `ab`…
fn letters(number: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(number % 26).unwrap_or_default());
    match number / 26 {
        0 => letter.to_string(),
        more => letters(more - 1) + &letter.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::tiny;

    const NOP: [u8; 3] = [0, 0x01, 0x0b];

    #[test]
    fn both_sides_get_the_same_short_names() {
        let before = tiny::module(&[("kassa::pay", &NOP)]);
        let (after, names) = shorten(&before).unwrap();
        assert_eq!((names.module.as_str(), names.imports()), ("./", 1));
        assert_eq!(names.import("long_name"), Some("a"));
        assert_eq!(names.export("pay"), Some("a"));
        assert_eq!(names.export("long_name"), None);
        wasmparser::validate(&after).unwrap();
        assert_eq!(before.len() - after.len(), 1 + 8 + 2);
        assert_eq!(keep_exports(&after, &["a"]).unwrap(), after);
    }

    #[test]
    fn exports_go_unless_they_are_used() {
        let module = tiny::module(&[("kassa::pay", &NOP)]);
        let none = keep_exports(&module, &[]).unwrap();
        wasmparser::validate(&none).unwrap();
        assert!(none.len() < module.len());
        assert!(keep_exports(&module, &["pay", "refund"]).is_err());
    }

    #[test]
    fn letters_do_not_repeat() {
        let all: std::collections::HashSet<String> = (0..800).map(letters).collect();
        assert_eq!(all.len(), 800);
        assert_eq!([25, 26, 27].map(letters), ["z", "aa", "ab"]);
    }
}

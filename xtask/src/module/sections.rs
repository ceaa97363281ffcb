//! A module as a row of sections, for edits that leave every other byte as it was.

use anyhow::{Context, Result};
use wasmparser::BinaryReader;

const HEADER: usize = 8;

/// Numbers of the sections that are edited, as the specification gives them.
pub(super) mod id {
    pub(in crate::module) const CUSTOM: u8 = 0;
    pub(in crate::module) const IMPORT: u8 = 2;
    pub(in crate::module) const EXPORT: u8 = 7;
    pub(in crate::module) const CODE: u8 = 10;
    pub(in crate::module) const DATA: u8 = 11;
}

/// Writes the module again, each section as `edit` wants it; `None` keeps it.
pub(super) fn edit(
    module: &[u8],
    mut edit: impl FnMut(u8, &[u8]) -> Result<Option<Vec<u8>>>,
) -> Result<Vec<u8>> {
    let mut reader = BinaryReader::new(module, 0);
    let mut out = reader.read_bytes(HEADER).context("not a wasm module")?.to_vec();
    while !reader.eof() {
        let (id, body) = next(&mut reader)?;
        out.push(id);
        append_sized(&mut out, edit(id, body)?.as_deref().unwrap_or(body))?;
    }
    Ok(out)
}

/// Each section's number and contents.
pub(super) fn all(module: &[u8]) -> Result<Vec<(u8, &[u8])>> {
    let mut reader = BinaryReader::new(module, 0);
    reader.read_bytes(HEADER).context("not a wasm module")?;
    let mut sections = Vec::new();
    while !reader.eof() {
        sections.push(next(&mut reader)?);
    }
    Ok(sections)
}

pub(super) fn append_sized(out: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    append_leb(out, u32::try_from(bytes.len())?);
    out.extend_from_slice(bytes);
    Ok(())
}

pub(super) fn append_leb(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn next<'a>(reader: &mut BinaryReader<'a>) -> Result<(u8, &'a [u8])> {
    let id = reader.read_u8()?;
    let length = reader.read_var_u32()?;
    Ok((id, reader.read_bytes(usize::try_from(length)?)?))
}

//! Reads wasm modules: what they claim, what they need, what they contain.

mod leftovers;
mod names;
mod sections;
mod snip;
#[cfg(test)]
pub(crate) mod tiny;

use anyhow::{Context, Result, bail};
use wasmparser::{BinaryReader, KnownCustom, Name, Parser, Payload, Validator, WasmFeatures};

use sections::{append_leb, append_sized, id};

pub(crate) use leftovers::wipe;
pub(crate) use names::{Names, keep_exports, shorten};
pub(crate) use snip::snip;

/// Claims that keep wasm-bindgen from its plain output, see [`disclaim`].
const UNUSED_CLAIMS: [&str; 2] = ["reference-types", "multivalue"];

/// Takes `reference-types` and `multivalue` out of the module's list of features.
///
/// Our code is compiled without both. Yet the compiler's own runtime objects are prebuilt and claim
/// them, the linker merges the claims, and wasm-bindgen believes the list: it then looks for helpers
/// that nobody needed, and stops. That the claims were empty is proved at the end, by [`check_mvp`].
pub(crate) fn disclaim(module: &[u8]) -> Result<Vec<u8>> {
    sections::edit(module, features_without_claims)
}

/// Fails unless the module needs nothing beyond the first release of wasm and mutable globals.
pub(crate) fn check_mvp(module: &[u8]) -> Result<()> {
    let features = WasmFeatures::WASM1;
    Validator::new_with_features(features)
        .validate_all(module)
        .map(drop)
        .context("the module needs an engine newer than the first wasm")
}

/// Names of the module's functions, readable.
pub(crate) fn function_names(module: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload? else { continue };
        let KnownCustom::Name(subsections) = section.as_known() else { continue };
        for subsection in subsections {
            let Name::Function(map) = subsection? else { continue };
            for naming in map {
                names.push(format!("{:#}", rustc_demangle::demangle(naming?.name)));
            }
        }
    }
    if names.is_empty() {
        bail!("the module has no function names: was it stripped?");
    }
    Ok(names)
}

/// What the module consists of: code, data, and what says how both are used.
pub(crate) fn parts(module: &[u8]) -> Result<[(&'static str, Vec<u8>); 3]> {
    let mut parts =
        [("code", Vec::new()), ("data", Vec::new()), ("types, names, tables", Vec::new())];
    let [(_, code), (_, data), (_, rest)] = &mut parts;
    for (section, body) in sections::all(module)? {
        match section {
            id::CODE => code.extend_from_slice(body),
            id::DATA => data.extend_from_slice(body),
            _ => rest.extend_from_slice(body),
        }
    }
    Ok(parts)
}

fn features_without_claims(id: u8, body: &[u8]) -> Result<Option<Vec<u8>>> {
    const NAME: &str = "target_features";
    if id != id::CUSTOM {
        return Ok(None);
    }
    let mut reader = BinaryReader::new(body, 0);
    if reader.read_string()? != NAME {
        return Ok(None);
    }
    let mut kept = Vec::new();
    for _ in 0..reader.read_var_u32()? {
        let (prefix, feature) = (reader.read_u8()?, reader.read_string()?);
        if !UNUSED_CLAIMS.contains(&feature) {
            kept.push((prefix, feature));
        }
    }
    let mut out = Vec::new();
    append_sized(&mut out, NAME.as_bytes())?;
    append_leb(&mut out, u32::try_from(kept.len())?);
    for (prefix, feature) in kept {
        out.push(prefix);
        append_sized(&mut out, feature.as_bytes())?;
    }
    Ok(Some(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

    fn with_features(features: &[&str]) -> Vec<u8> {
        let mut body = Vec::new();
        append_sized(&mut body, b"target_features").unwrap();
        append_leb(&mut body, features.len() as u32);
        for feature in features {
            body.push(b'+');
            append_sized(&mut body, feature.as_bytes()).unwrap();
        }
        let mut module = EMPTY.to_vec();
        module.push(0);
        append_sized(&mut module, &body).unwrap();
        module
    }

    #[test]
    fn only_the_two_claims_go() {
        let before = with_features(&["bulk-memory", "multivalue", "reference-types", "sign-ext"]);
        let after = disclaim(&before).unwrap();
        assert_eq!(after, with_features(&["bulk-memory", "sign-ext"]));
    }

    #[test]
    fn other_sections_stay_as_they_are() {
        let mut module = EMPTY.to_vec();
        module.push(0);
        append_sized(&mut module, &[&[5][..], b"other", &[7; 300]].concat()).unwrap();
        assert_eq!(disclaim(&module).unwrap(), module);
        assert!(disclaim(b"\0asm").is_err());
    }

    #[test]
    fn newer_instructions_are_refused() {
        assert!(check_mvp(EMPTY).is_ok());
        // (func (param i32) (result i32) local.get 0 i32.extend8_s)
        let mut sign_extension = EMPTY.to_vec();
        sign_extension.extend([1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0]);
        sign_extension.extend([10, 7, 1, 5, 0, 0x20, 0, 0xc0, 0x0b]);
        assert!(check_mvp(&sign_extension).is_err());
    }

    #[test]
    fn a_stripped_module_is_not_proof_of_anything() {
        assert!(function_names(EMPTY).is_err());
    }
}

//! The texts of `locales/` in the three forms in which they are loaded.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use super::create_dir;
use crate::layout::Layout;

/// Writes, for each locale:
///
/// * `dist/locales/<tag>.js`, which a page runs as a classic script: it leaves the component's texts
///   in its own element (`src/effects/texts.rs`);
/// * `dist/locales/<tag>.mjs`, which a merchant imports for the option `translations`, with
///   `texts.d.ts`;
/// * `target/web/locales/<tag>.json`, all texts, for the gateway.
pub(super) fn write(layout: &Layout) -> Result<()> {
    let sources = layout.source("locales");
    let (package, gateway) = (layout.dist("locales"), layout.target("web/locales"));
    let shop = layout.target("web/shop/locales");
    for folder in [&package, &gateway, &shop] {
        create_dir(folder)?;
    }
    for entry in fs::read_dir(&sources).context("could not read locales/")? {
        let path = entry?.path();
        let Some(tag) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let name = path.display();
        let text = fs::read_to_string(&path).with_context(|| format!("could not read {name}"))?;
        let file: BTreeMap<String, Value> =
            serde_json::from_str(&text).with_context(|| format!("{name} is not correct"))?;
        let page = file.get("page").with_context(|| format!("{name} has no \"page\""))?;
        let script = format!("document.currentScript.kassaTexts={page};\n");
        fs::write(package.join(format!("{tag}.js")), &script)?;
        fs::write(shop.join(format!("{tag}.js")), &script)?;
        fs::write(package.join(format!("{tag}.mjs")), format!("export default {page};\n"))?;
        if tag == "en-US" {
            fs::write(package.join("texts.d.ts"), types(page)?)?;
        }
        fs::write(gateway.join(format!("{tag}.json")), serde_json::to_string(&file)?)?;
    }
    Ok(())
}

/// The type of what a `.mjs` exports.
fn types(page: &Value) -> Result<String> {
    let page = page.as_object().context("\"page\" is no object")?;
    let members: String =
        page.iter().map(|(id, text)| format!("  /** {text} */\n  {id}: string;\n")).collect();
    Ok(format!(
        "/** The component's texts in one language. The comments have the English ones. */\n\
         declare const texts: {{\n{members}}};\nexport default texts;\n"
    ))
}

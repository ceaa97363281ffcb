//! The pages that the sandbox serves: the hosted card form, the demo shop.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::bundle::{self, Bundle};
use super::{CARD_FRAME, copy, create_dir, require};
use crate::layout::Layout;
use crate::stamp::{self, Inputs};

const PICTURES_AND_STYLES: [&str; 4] = ["css", "svg", "png", "ico"];

/// The card form's document, style, script and module.
pub(crate) fn frame(layout: &Layout) -> Result<()> {
    require(layout, "www/frame/card.html", "the card frame's document")?;
    require(layout, "www/frame/card.css", "the card frame's style")?;
    require(layout, "www/frame/card.ts", "the card frame's script")?;
    let out = layout.output("web/frame");
    let outputs = ["card.html", "card.css", "card.js", "card.wasm"].map(|name| out.join(name));
    let inputs = Inputs::new(layout)?
        .path(&layout.source("www/frame"))?
        .path(&layout.source("js/src"))?
        .path(&layout.bindings(CARD_FRAME.name))?;
    stamp::step(layout, "frame", inputs, &outputs, || {
        create_dir(&out)?;
        copy(&layout.source("www/frame/card.html"), &out.join("card.html"))?;
        bundle::stylesheet(layout, &layout.source("www/frame/card.css"), &out.join("card.css"))?;
        copy(&CARD_FRAME.file(layout), &out.join("card.wasm"))?;
        Bundle {
            entry: layout.source("www/frame/card.ts"),
            out: out.join("card.js"),
            format: "iife",
            aliases: &[("kassa-card-frame", CARD_FRAME.glue(layout))],
            banner: "",
            loads_desk: false,
        }
        .make(layout)
    })
}

/// The shop's two pages, one for each way to get the SDK.
pub(crate) fn shop(layout: &Layout) -> Result<()> {
    require(layout, "www/shop/shop.ts", "the demo shop that imports the npm package")?;
    require(layout, "www/shop-cdn/shop-cdn.ts", "the demo shop that uses the script tag")?;
    let out = layout.output("web/shop");
    let mut inputs = Inputs::new(layout)?;
    for script in ["kassa.mjs", "kassa.js", "kassa-desk.js"] {
        inputs = inputs.path(&layout.dist(script))?;
    }
    for dir in ["www/shop", "www/shop-cdn", "js/src"] {
        inputs = inputs.path(&layout.source(dir))?;
    }
    let outputs = ["goods.js", "shop.js", "shop-cdn.js", "kassa.js", "kassa.mjs", "kassa-desk.js"]
        .map(|name| out.join(name));
    stamp::step(layout, "shop", inputs, &outputs, || {
        create_dir(&out)?;
        for (entry, script) in [
            ("www/shop/goods.ts", "goods.js"),
            ("www/shop/shop.ts", "shop.js"),
            ("www/shop-cdn/shop-cdn.ts", "shop-cdn.js"),
        ] {
            Bundle {
                entry: layout.source(entry),
                out: out.join(script),
                format: "iife",
                aliases: &[("kassa", layout.dist("kassa.mjs"))],
                banner: "",
                loads_desk: false,
            }
            .make(layout)?;
        }
        let scripts = ["kassa.js", "kassa.mjs", "kassa-desk.js", "kassa.csp.js", "kassa.csp.mjs"];
        for name in scripts {
            if layout.dist(name).is_file() {
                copy(&layout.dist(name), &out.join(name))?;
            }
        }
        copy_assets(&layout.source("www/shop"), &out)?;
        copy_assets(&layout.source("www/shop-cdn"), &out)
    })
}

fn copy_assets(from: &Path, to: &Path) -> Result<()> {
    for file in assets(from)? {
        create_dir(to)?;
        if let Some(name) = file.file_name() {
            copy(&file, &to.join(name))?;
        }
    }
    Ok(())
}

fn assets(dir: &Path) -> Result<Vec<PathBuf>> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|extension| PICTURES_AND_STYLES.contains(&extension)) {
            files.push(path);
        }
    }
    Ok(files)
}

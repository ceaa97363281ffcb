//! The pages that the sandbox serves: the hosted card form, the demo shop.

use anyhow::Result;

use super::bundle::{IIFE, alias, script, stylesheet};
use super::{CARD_FRAME, LOADER, WASM, copy, create_dir};
use crate::layout::Layout;

/// The card form's document, style, script and module.
pub(super) fn frame(layout: &Layout) -> Result<()> {
    let out = layout.target("web/frame");
    create_dir(&out)?;
    copy(&layout.source("www/frame/card.html"), &out.join("card.html"))?;
    copy(&CARD_FRAME.file(layout, WASM), &out.join("card.wasm"))?;
    stylesheet(layout, "www/frame/card.css", &out.join("card.css"))?;
    let options = [alias("kassa-card-frame", &CARD_FRAME.file(layout, LOADER))];
    script(layout, "www/frame/card.ts", &out.join("card.js"), IIFE, &options)
}

/// The shop's pages: one imports the package, the other uses its script tag.
pub(super) fn shop(layout: &Layout) -> Result<()> {
    let out = layout.target("web/shop");
    create_dir(&out)?;
    let options = [alias("kassa", &layout.dist("kassa.mjs"))];
    script(layout, "www/shop/goods.ts", &out.join("goods.js"), IIFE, &options)?;
    script(layout, "www/shop/shop.ts", &out.join("shop.js"), IIFE, &options)?;
    script(layout, "www/shop-cdn/shop-cdn.ts", &out.join("shop-cdn.js"), IIFE, &options)?;
    for name in ["kassa.js", "kassa.mjs"] {
        copy(&layout.dist(name), &out.join(name))?;
    }
    copy(&layout.source("www/shop/shop.css"), &out.join("shop.css"))
}

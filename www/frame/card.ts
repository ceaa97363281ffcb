// Starts the card form. Its program is `crates/card-frame`; this file only loads it.
//
// When it cannot be loaded the document stays empty and says nothing: the page that framed us has
// a time limit for our first word and tells the buyer.
import init, { start } from "kassa-card-frame";

init({ module_or_path: "/frame/card.wasm" }).then(() => start(window), () => {});

// Loads and starts the card form, `crates/card-frame`.
//
// If the module cannot be loaded the document stays empty and posts no message: the SDK has a time limit
// for the frame's first message and shows the error.
import init, { start } from "kassa-card-frame";

fetch("/frame/card.wasm")
  .then((response) => response.arrayBuffer())
  .then(init)
  .then(() => start(window), () => {});

// Starts the card form. Its program is `crates/card-frame`; this file only loads it.
//
// When it cannot be loaded the document stays empty and says nothing: the page that framed us has
// a time limit for our first word and tells the buyer.
import init, { start } from "kassa-card-frame";

fetch("/frame/card.wasm")
  .then((response) => response.arrayBuffer())
  .then(init)
  .then(() => start(window), () => {});

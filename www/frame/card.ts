// Loads the module of the card form (`crates/card-frame`) and starts it.
//
// When it cannot be loaded, the document stays empty: the merchant's page has a time limit for the
// form's first message, and reports the failure to the buyer.
import init, { start } from "kassa-card-frame";

fetch("/frame/card.wasm")
  .then((response) => response.arrayBuffer())
  .then(init)
  .then(() => start(window), () => {});

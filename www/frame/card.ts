// Loads the module of the card form (`crates/card-frame`) and starts it. When that fails, the document
// stays empty, and the merchant's page gets a message with the reason.

// First: the bindings already need functions that an engine may lack.
import { reportBroken } from "./broken";
import init, { start } from "kassa-card-frame";

fetch("/frame/card.wasm")
  .then((response) => {
    if (!response.ok) throw new Error(`card.wasm: HTTP ${response.status}`);
    // The engine's own message has only the name of the member that was called.
    if (typeof WebAssembly !== "object") throw new Error("WebAssembly is missing");
    return response.arrayBuffer();
  })
  .then(init)
  .then(() => {
    // Where one of them fails, the module takes the page's origin for a wrong one and is silent.
    new URL(decodeURIComponent("https://a"));
    start(window);
  })
  .catch(reportBroken);

// Loads a built script in Node and fails unless its wasm module starts and answers:
// `node start_check.mjs sdk|frame <script> <module>`. Sizes do not show a broken bundle: a wrong name
// between a module and its loader changes a few bytes.

import assert from "node:assert";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

const [kind, script, module] = process.argv.slice(2);
const bytes = readFileSync(module);

let started = 0;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (given, imports) => {
  assert(bytes.equals(new Uint8Array(given)), "the script contains another module");
  const result = await instantiate(given, imports);
  started += 1;
  return result;
};

// As much of a page as both programs read before they answer. This one is in no frame.
const line = {};
const page = {
  Window: class Window {
    static [Symbol.hasInstance](value) {
      return value === globalThis;
    }
  },
  addEventListener() {},
  document: { addEventListener() {}, body: {}, getElementById: () => line, visibilityState: "visible" },
  location: new URL("https://shop.example/"),
  navigator: { language: "en", languages: ["en"], maxTouchPoints: 0, userAgent: "" },
  parent: globalThis,
  removeEventListener() {},
  screen: { colorDepth: 24, height: 1080, width: 1920 },
  window: globalThis,
};
for (const [name, value] of Object.entries(page)) {
  Object.defineProperty(globalThis, name, { configurable: true, value, writable: true });
}

const answers = {
  // The module parses the session, so that only it can refuse one of a single part.
  async sdk() {
    const { AMSCashierPayment } = script.endsWith(".mjs") ? await import(pathToFileURL(script)) : run();
    const component = new AMSCashierPayment({ environment: "sandbox" });
    const error = await component.createComponent({ sessionData: "one" }).catch((error) => error);
    assert.equal(started, 1, new Error("the module was not instantiated", { cause: error }));
    assert.equal(error?.code, "SDK_CREATEPAYMENT_PARAMETER_ERROR", error);
  },
  // Outside of a frame, the module writes a line into the document.
  async frame() {
    // Not a `Response`: Node's own starts a module too.
    globalThis.fetch = async () => ({ ok: true, arrayBuffer: async () => Uint8Array.from(bytes).buffer });
    const written = new Promise((resolve) => {
      Object.defineProperty(line, "textContent", { set: resolve });
    });
    run();
    assert(await written, "the line is empty");
  },
};

// Node's code for a promise that nothing can settle any more.
process.on("exit", () => process.exitCode === 13 && console.error("the script did not answer"));
await answers[kind]();

/** Runs a classic script. */
function run() {
  vm.runInThisContext(readFileSync(script, "utf8"), script);
  return globalThis;
}

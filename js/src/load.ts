// Decodes, compiles and starts the wasm module, once for the whole page. Importing this file touches
// no global, so that the package can be imported on a server.

import start, { Checkout, preload } from "kassa-wasm";
import bytes from "kassa-wasm-bytes";

/** What the module exports. */
export interface Engine {
  Checkout: typeof Checkout;
  preload: typeof preload;
}

let loading: Promise<Engine> | undefined;

export function load(): Promise<Engine> {
  if (!loading) {
    // Inside of a promise: decoding may throw, too.
    loading = Promise.resolve()
      .then(() => start(bytes()))
      .then(() => ({ Checkout, preload }));
    // The next call tries again: the page's policy may have been the cause, and may have changed.
    loading.catch(() => {
      loading = undefined;
    });
  }
  return loading;
}

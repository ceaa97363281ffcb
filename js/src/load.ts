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

/** Loads the module when the browser is idle, so that an opening does not wait for it. */
export function loadWhenIdle(): void {
  // There is nothing to open on a server.
  if (typeof document === "undefined") return;
  // What fails here fails again, and is reported, when a component is opened.
  const begin = () => load().catch(() => {});
  try {
    requestIdleCallback(begin);
  } catch {
    // Safari has no idle callbacks.
    setTimeout(begin, 50);
  }
}

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

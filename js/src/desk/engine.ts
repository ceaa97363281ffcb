// Gets the desk's wasm module running, once for the whole page.

import init, { barcode, describe, qr, read, shape } from "kassa-desk-wasm";
import bytes from "kassa-desk-wasm-bytes";

let loading: Promise<unknown> | undefined;

export { barcode, describe, qr, read, shape };

export function load(): Promise<unknown> {
  if (!loading) {
    loading = init(bytes());
    // A page whose policy was the problem may try again.
    loading.catch(() => {
      loading = undefined;
    });
  }
  return loading;
}

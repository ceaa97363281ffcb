// Gets the wasm module running, once for the whole page. Nothing happens on import: no global is
// touched until a component is opened, so the package can be imported on a server.

import init, { Kassa } from "kassa-wasm";
import bytes from "kassa-wasm-bytes";

export type Engine = typeof Kassa;

let loading: Promise<Engine> | undefined;

export function load(): Promise<Engine> {
  if (!loading) {
    loading = init({ module_or_path: bytes() }).then(() => Kassa);
    // A page whose policy or network was the problem may try again.
    loading.catch(() => {
      loading = undefined;
    });
  }
  return loading;
}

// The browser's functions that the SDK cannot do without. They are taken when the file loads, so that
// what a page replaces later has no effect. The bundler puts these in the place of the functions that
// the SDK and its module call by name (`xtask/src/build/bundle.rs`).

export const natives: Record<string, any> = Object.create(null);

// A library's `Date.now` may return anything.
natives.time = () => +new Date();

/** Takes the place of a class that the bindings need when they are evaluated, and that does not work. */
class Substitute {
  decode(): void {}
  encodeInto(): void {}
  register(): void {}
  unregister(): void {}
}

// Without a substitute, an engine that lacks one of them would fail the script, and report nothing.
for (const name of ["FinalizationRegistry", "TextDecoder", "TextEncoder"]) {
  try {
    const native = (typeof window === "object" ? window : (globalThis as any))[name];
    new native(name[0] === "F" ? () => {} : undefined);
    natives[name] = native;
  } catch {
    natives[name] = Substitute;
  }
}

/** The first function that is missing or does not work. A page may add one after the file has loaded. */
export function missingNative(): string | undefined {
  let path = "window";
  try {
    const page = window as any;
    for (path of [
      "Array.isArray",
      "JSON.parse",
      "Object.getOwnPropertyDescriptor",
      "Object.keys",
      "crypto.getRandomValues",
    ]) {
      const [owner, name] = path.split(".") as [string, string];
      if (natives[name]) continue;
      // Each of them takes this, and throws where it does not work.
      page[owner][name](new Uint8Array(1));
      natives[name] = page[owner][name];
    }
    for (path of ["MessageChannel", "URL"]) new page[path]("https://a");
    for (path of ["TextDecoder", "TextEncoder"]) new page[path]();
    path = "fetch";
    if (typeof page.fetch !== "function") return path;
    path = "WebAssembly.instantiate";
    if (typeof page.WebAssembly.instantiate !== "function") return path;
  } catch {
    return path;
  }
  return undefined;
}

missingNative();

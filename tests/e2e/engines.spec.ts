// Engines and pages in which a function of the browser is missing or throws: the payment works, or one
// error names the function, as the promise's rejection and as an event.

import { expect, test, type Session } from "./support";

/** Functions, and objects of them, by their path from the window. */
const PATHS = [
  "AbortController", "Array.from", "Array.isArray", "CSSStyleSheet", "Date.now", "FinalizationRegistry",
  "Function.prototype.bind", "HTMLDialogElement.prototype.showModal", "Intl", "Intl.NumberFormat", "JSON.parse",
  "JSON.stringify", "Map", "MessageChannel", "Object.assign", "Object.entries", "Object.getOwnPropertyDescriptor",
  "Object.is", "Object.keys", "Object.prototype.hasOwnProperty", "Promise.prototype.finally", "Reflect", "Reflect.get",
  "Reflect.set", "ResizeObserver", "Set", "TextDecoder", "TextEncoder", "URL", "WebAssembly",
  "WebAssembly.instantiate", "WeakMap", "crypto", "crypto.getRandomValues", "encodeURIComponent", "fetch",
  "performance", "performance.now", "queueMicrotask", "requestIdleCallback", "structuredClone",
];

interface Outcome {
  /** The screen, or the code and the message of the rejection. */
  ended: string;
  /** The codes of `onError` and `onEventCallback`. */
  errors: string[];
  events: string[];
}

/** Opens and, with fields, submits. Takes what it needs before it is broken. */
function prepare(): void {
  if (window.top !== window || !location.hash) return;
  const { setTimeout, document } = window;
  const { stringify } = JSON;
  const { how, path, session } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  {
    const names = path.split(".");
    const name = names.pop()!;
    let owner: any = window;
    for (const each of names) owner = owner[each];
    // The nearest object that has the property.
    while (!Object.getOwnPropertyDescriptor(owner, name)) owner = Object.getPrototypeOf(owner);
    const value = how === "missing" ? undefined : function () {
      throw new Error(`${path} is out of order`);
    };
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  }
  document.addEventListener("DOMContentLoaded", () => {
    const errors: string[] = [];
    const events: string[] = [];
    let ended = "";
    let sdk: any;
    const root = () => document.querySelector("[data-kassa]")?.shadowRoot;
    try {
      sdk = new (window as any).AMSCashierPayment({
        environment: "sandbox",
        gateway: session.gateway,
        onError: (event: any) => (errors[errors.length] = event.code),
        onEventCallback: (event: any) => (events[events.length] = event.code),
      });
      sdk.createComponent({ sessionData: session.paymentSessionData, notRedirectAfterComplete: true }).then(
        () => {},
        (error: any) => (ended = `${error instanceof Error} ${error.code}: ${error.message}`),
      );
    } catch (error: any) {
      ended = `thrown ${error.code}: ${error.message}`;
    }
    let looks = 0;
    let submitted = false;
    const look = () => {
      const screen = root()?.querySelector(".panel")?.getAttribute("data-screen");
      const first = root()?.querySelector(".fields input");
      if (screen === "form" && first && !submitted) {
        submitted = true;
        const values = { firstName: "Mia", lastName: "Chen", email: "m@example.com", phone: "090-1234-5678" } as any;
        for (const name in values) {
          const control = root()!.querySelector(`.fields [name="${name}"]`) as HTMLInputElement;
          control.value = values[name];
          control.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
        }
        (root()!.querySelector("button.action") as HTMLElement).click();
      }
      if (screen === "codes" || (screen === "form" && !first)) ended = `shows ${screen}`;
      if (!ended && looks++ < 150) return void setTimeout(look, 20);
      // Read from a world of its own, which has all functions.
      const outcome = { ended: ended || `silence at ${screen}`, errors, events };
      document.documentElement.setAttribute("data-outcome", stringify(outcome));
    };
    look();
  });
}

for (const [how, order] of [
  ["missing", { method: "KONBINI", amount: "4200", currency: "JPY" }],
  ["throwing", { method: "KONBINI", amount: "4200", currency: "JPY" }],
  ["missing", { method: "CARD" }],
  ["throwing", { method: "CARD" }],
] as const) {
  test(`a function that is ${how}: ${order.method} is paid, or one error names it`, async ({
    page, shop, createSession, complaints, browserName,
  }) => {
    // What runs after a function has failed is the same code in both browsers; which functions run is not.
    test.skip(how === "throwing" && browserName !== "chromium", "once");
    test.setTimeout(120_000);
    await page.addInitScript(prepare);
    const pay = async (path: string, session: Session): Promise<Outcome> => {
      const hash = JSON.stringify({ how, path, session });
      await page.goto("about:blank");
      await page.goto(`${shop}/lab#${encodeURIComponent(hash)}`);
      const ended = await page.locator("html[data-outcome]").getAttribute("data-outcome");
      return JSON.parse(ended!);
    };
    for (const path of PATHS) {
      const outcome = await pay(path, await createSession(order));
      if (outcome.ended.startsWith("shows ")) {
        expect.soft(outcome.errors, path).toEqual([]);
        continue;
      }
      const name = path.split(".").pop()!;
      // A call that cannot be sent fails as one that breaks.
      const code = `${how} ${path}` === "throwing fetch" ? "SDK_CREATECOMPONENT_ERROR" : "SDK_INTERNAL_ERROR";
      expect.soft(outcome.ended, `${how} ${path}`).toMatch(new RegExp(`^true ${code}: .*\\b${name}\\b`));
      // The page's policy is not the cause.
      expect.soft(outcome.ended, `${how} ${path}`).not.toContain("wasm-unsafe-eval");
      expect.soft(outcome.errors, `${how} ${path}`).toEqual([code]);
      expect.soft(outcome.events.at(-1), `${how} ${path}`).toBe(code);
    }
    complaints.splice(0);
  });
}

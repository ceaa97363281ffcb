// Pages whose libraries add functions to the prototypes of all objects, or replace the browser's own:
// Prototype.js, MooTools, Datejs, polyfills. The same payments are made in each of them and in an
// untouched page; requests, events and what is shown must be the same.

import type { Page } from "@playwright/test";

import { expect, test, type Session } from "./support";

/** What a payment was, with the values that differ from one to the next replaced. */
interface Payment {
  requests: string[];
  events: string[];
  shown: string;
}

/** Replacements, each by the name of the function. `touch` runs in the page. */
const REPLACED: Record<string, () => void> = {
  "Prototype.js: toJSON": () => {
    for (const class_ of [Array, String, Number, Boolean, Date, Object] as any[]) {
      class_.prototype.toJSON = function () {
        return `"${String(this)}"`;
      };
    }
  },
  "Prototype.js: enumerables": () => {
    const $A = (list: any) => {
      const copied: unknown[] = [];
      for (let at = 0; list && at < list.length; at++) copied[at] = list[at];
      return copied;
    };
    const { prototype } = Array as any;
    prototype.map = prototype.collect = prototype.filter = function (this: any[], call: any) {
      const results: unknown[] = [];
      for (let at = 0; at < this.length; at++) results.push([(call || ((x: any) => x))(this[at], at)]);
      return results;
    };
    prototype.entries = prototype.toArray = prototype.clone = function () {
      return $A(this);
    };
    prototype.reverse = function () {
      return this;
    };
    prototype.reduce = function () {
      return this.length > 1 ? this : this[0];
    };
    (Array as any).from = $A;
  },
  "MooTools: Array.from, Function.prototype.bind": () => {
    (Array as any).from = (item: any) => (item == null ? [] : typeof item === "object" ? item : [item]);
    (Function.prototype as any).bind = function (this: any, to: any) {
      const run = this;
      return function () {
        return run.apply(to, arguments.length ? arguments : []);
      };
    };
  },
  "Datejs: Date.now, Date.prototype.toString": () => {
    (Date as any).now = () => new Date();
    Date.prototype.toString = () => "today";
    Date.prototype.toISOString = () => "today";
  },
  "JSON of json2.js": () => {
    (JSON as any).stringify = () => '{"undefined":"x"}';
  },
  "enumerable functions in all objects": () => {
    for (const name of ["extend", "each", "forEach", "keys", "code", "message", "mode"]) {
      (Object.prototype as any)[name] = function () {
        return this;
      };
      (Array.prototype as any)[name] ||= (Object.prototype as any)[name];
    }
  },
  "options in all objects": () => {
    const added = { integrity: "x", keepalive: true, mode: "navigate", currencyDisplay: "name", notation: "x" };
    for (const [name, value] of Object.entries(added)) (Object.prototype as any)[name] = value;
  },
  "every option in all objects": () => {
    for (const name of OPTION_NAMES) (Object.prototype as any)[name] = "hostile";
  },
  "every option in all objects, as objects": () => {
    for (const name of OPTION_NAMES) (Object.prototype as any)[name] = [{}, () => true];
  },
  "every option in all objects, as getters that throw": () => {
    for (const name of OPTION_NAMES) {
      // The bindings' `TextDecoder` reads it, for which a value of any kind is harmless.
      if (name === "fatal") continue;
      Object.defineProperty(Object.prototype, name, {
        configurable: true,
        get() {
          throw new Error(`${name} was read`);
        },
        // As with a plain member, an assignment makes a member of the object itself.
        set(value) {
          Object.defineProperty(this, name, Object.assign(Object.create(null), { value, configurable: true, enumerable: true, writable: true }));
        },
      });
    }
  },
  "members of the SDK's own in all objects": () => {
    const names = ["checkout", "copy", "depth", "failure", "guard", "host", "isReleased", "lock", "opening", "options", "pending", "unmounts", "wrong"];
    for (const name of names) (Object.prototype as any)[name] = "hostile";
  },
  "Object.keys, values, entries and assign by for..in": () => {
    const names = (object: any) => {
      const found: string[] = [];
      for (const name in object) if (Object.prototype.hasOwnProperty.call(object, name)) found.push(name);
      return found;
    };
    (Object as any).keys = names;
    (Object as any).values = (object: any) => names(object).map((name) => object[name]);
    (Object as any).entries = (object: any) => names(object).map((name) => [name, object[name]]);
    (Object as any).assign = (to: any, from: any) => {
      for (const name in from) to[name] = from[name];
      return to;
    };
  },
  "hasOwnProperty, Reflect": () => {
    Object.prototype.hasOwnProperty = () => false;
    (Object as any).hasOwn = () => false;
    (window as any).Reflect = { get: () => undefined, set: () => false };
  },
  "String.prototype": () => {
    const { prototype } = String as any;
    for (const name of ["startsWith", "endsWith", "includes", "contains"]) prototype[name] = () => false;
    for (const name of ["strip", "trim", "padStart", "repeat", "replaceAll", "sub", "format"]) {
      prototype[name] = function () {
        return "";
      };
    }
    prototype.toArray = function () {
      return [];
    };
  },
  "Symbol.iterator of arrays, by a polyfill": () => {
    (Array.prototype as any)[Symbol.iterator] = function (this: unknown[]) {
      let at = 0;
      return { next: () => (at < this.length ? { value: this[at++], done: false } : { value: undefined, done: true }) };
    };
  },
  "Promise, by zone.js and polyfills": () => {
    const Native = Promise;
    const { then } = Native.prototype;
    Native.prototype.then = function (this: any, ...args: any[]) {
      return then.apply(this, args as any);
    } as any;
    (window as any).Promise = class extends Native<unknown> {};
  },
  "fetch, Headers and URL, by polyfills": () => {
    const native = window.fetch;
    (window as any).fetch = (input: any, init: any) =>
      native(input, init).then((response) => ({
        ok: response.ok,
        status: response.status,
        headers: { get: (name: string) => response.headers.get(name) },
        text: () => response.text(),
      }));
    const Native = URL;
    (window as any).URL = function (this: any, address: string) {
      const { origin, protocol, hostname, pathname, search, hash, username } = new Native(address);
      Object.assign(this, { origin, protocol, hostname, pathname, search, hash, username });
    };
  },
  "ResizeObserver, by a polyfill that does nothing": () => {
    (window as any).ResizeObserver = class {
      observe() {}
      disconnect() {}
    };
  },
  "Function.prototype.call and apply, by wrappers": () => {
    const { call, apply } = Function.prototype;
    const calling = call.bind(call);
    (Function.prototype as any).call = function (to: any, ...args: any[]) {
      return calling(this, to, ...args);
    };
    (Function.prototype as any).apply = function (to: any, args: any) {
      return calling(apply, this, to, args || []);
    };
  },
};

/** Members of the options that functions of the browser take. */
const OPTION_NAMES = [
  // Listeners, requests, shadow roots, observers.
  "signal", "passive", "once", "capture", "method", "headers", "body", "cache", "redirect", "referrer", "referrerPolicy",
  "integrity", "keepalive", "credentials", "duplex", "priority", "window", "mode", "delegatesFocus", "slotAssignment",
  "clonable", "serializable", "customElementRegistry", "box", "root", "rootMargin", "threshold", "childList", "subtree",
  // Focus, scrolling, elements, style sheets, messages, events, texts, amounts, errors.
  "preventScroll", "focusVisible", "behavior", "block", "inline", "is", "media", "disabled", "baseURL", "transfer",
  "targetOrigin", "includeUserActivation", "detail", "bubbles", "cancelable", "composed", "fatal", "ignoreBOM", "stream",
  "style", "currency", "currencyDisplay", "currencySign", "notation", "numberingSystem", "localeMatcher", "cause",
  "timeout", "builtins", "importedStringConstants",
];

/** Runs before everything else: takes what it needs, so that a page's replacements change nothing here. */
function prepare(): void {
  const { setTimeout, fetch, document } = window;
  const { stringify } = JSON;
  const { keys, setPrototypeOf } = Object;
  const isArray = Array.isArray;
  const classes = [Object, Array, String, Number, Boolean, Date, Function, Promise, JSON, window] as any[];
  const owned = ([] as any[]).concat(classes, classes.map((class_) => class_.prototype));
  const before = owned.filter(Boolean).map((owner) => [owner, Object.setPrototypeOf(Object.getOwnPropertyDescriptors(owner), null)] as const);
  const names = ["fetch", "URL", "Promise", "Reflect", "ResizeObserver"];
  const { defineProperty, getOwnPropertyNames, getOwnPropertySymbols } = Object;

  /** Everything as it was. */
  const restore = () => {
    for (let at = 0; at < before.length; at++) {
      const [owner, properties] = before[at] as any;
      const present = owner === window ? names : getOwnPropertyNames(owner);
      for (let n = 0; n < present.length; n++) {
        const name = present[n] as string;
        if (!(name in properties)) delete owner[name];
        else if (properties[name].configurable) defineProperty(owner, name, properties[name]);
      }
      const symbols = owner === window ? [] : getOwnPropertySymbols(owner);
      for (let n = 0; n < symbols.length; n++) {
        const symbol = symbols[n]!;
        if (properties[symbol] && properties[symbol].configurable) defineProperty(owner, symbol, properties[symbol]);
      }
    }
  };

  /** A copy by syntax, made when the callback is called. */
  const copy = (value: any): any => {
    if (typeof value !== "object" || value === null) return value;
    const copied: any = isArray(value) ? [] : {};
    const members = keys(value);
    for (let at = 0; at < members.length; at++) {
      const name = members[at] as string;
      defineProperty(copied, name, { value: copy(value[name]), enumerable: true, configurable: true });
    }
    return copied;
  };

  const calls: [unknown, unknown][] = [];
  (window as any).fetch = (address: string, init: any) => {
    calls.push([init.body, copy(init.headers)]);
    return fetch(address, init);
  };

  (window as any).pay = (session: any, query: (step: string) => any) =>
    new Promise<string>((resolve) => {
      const received: unknown[] = [];
      const sdk = new (window as any).AMSCashierPayment({
        environment: "sandbox",
        locale: "en_US",
        gateway: session.gateway,
        onEventCallback: (event: unknown) => received.push(["event", copy(event)]),
        onError: (event: unknown) => received.push(["error", copy(event)]),
        onLog: (line: unknown) => received.push(["log", copy(line)]),
        onPaymentMethodSelected: (method: unknown) => received.push(["selected", copy(method)]),
      });
      const root = () => document.querySelector("[data-kassa]")?.shadowRoot;
      const end = (shown: unknown) => {
        sdk.unmount();
        restore();
        resolve(stringify({ requests: calls.splice(0), received, shown }));
      };
      sdk
        .createComponent({
          sessionData: session.paymentSessionData,
          notRedirectAfterComplete: true,
          merchantAppointParam: { list: [1, "x", { y: 1.5 }] },
        })
        .then(() => {}, (error: any) => received.push(["rejected", error.code, error.message]));
      const typed = setPrototypeOf({ bubbles: true, inputType: "insertText" }, null);
      let looks = 0;
      let submitted = false;
      const look = () => {
        const panel = root()?.querySelector(".panel");
        const screen = panel?.getAttribute("data-screen");
        if (screen === "form" && !submitted) {
          submitted = true;
          const values = query("fields") as any;
          const members = keys(values);
          for (let at = 0; at < members.length; at++) {
            const name = members[at] as string;
            const control = root()!.querySelector(`.fields [name="${name}"]`) as HTMLInputElement;
            control.value = values[name];
            control.dispatchEvent(new InputEvent("input", typed));
          }
          (root()!.querySelector("button.action") as HTMLElement).click();
        }
        if (screen === "codes" && root()!.querySelector(".codes figure")) {
          const paths = root()!.querySelectorAll(".codes svg path");
          let drawn = 0;
          for (let at = 0; at < paths.length; at++) drawn += paths[at]!.getAttribute("d")!.length;
          end([(panel as HTMLElement).textContent, drawn > 200]);
        } else if (looks++ > 300) {
          end(`never shown: ${screen}`);
        } else {
          setTimeout(look, 20);
        }
      };
      look();
    });
}

const FIELDS = { firstName: "Mia", lastName: "Chen", email: "mia@example.com", phone: "090-1234-5678" };

async function pay(page: Page, session: Session): Promise<Payment> {
  const text: string = await page.evaluate(
    ([session, fields]) => (window as any).pay(session, () => fields),
    [session, FIELDS] as const,
  );
  const same = (value: unknown) =>
    JSON.stringify(value)
      .split(session.paymentSessionData.split("&&").slice(0, 3).join("&&")).join("<session>")
      .replace(/[0-9a-f]{24}-/g, "<attempt>-")
      .replace(/\d{6,}/g, "<number>")
      .replace(/\d+:\d\d(:\d\d)?|\d+ (days?|hours?|minutes?|seconds?)/g, "<left>");
  const { requests, received, shown } = JSON.parse(text);
  if (!requests) throw new Error(text);
  return { requests: requests.map(same), events: received.map(same), shown: same(shown) };
}

const ORDERS = [
  { method: "KONBINI", amount: "4200", currency: "JPY" },
  { method: "PAYNOW", amount: "1234567", currency: "SGD" },
];

test("what libraries replace changes no request, no event and nothing that is shown", async ({
  page, shop, createSession, complaints,
}) => {
  test.setTimeout(120_000);
  await page.addInitScript(prepare);
  // Before the page's own scripts, the SDK's among them. The page's address chooses the replacement.
  const sources = Object.entries(REPLACED).map(([name, touch]) => `${JSON.stringify(name)}: ${touch}`);
  const names = `const OPTION_NAMES = ${JSON.stringify(OPTION_NAMES)};`;
  await page.addInitScript(`${names} ({ "": () => {}, ${sources} })[decodeURIComponent(location.hash.slice(1))]()`);
  const enter = (name: string, at: number) => page.goto(`${shop}/lab?${at}#${encodeURIComponent(name)}`);

  const untouched: Payment[] = [];
  for (const [at, order] of ORDERS.entries()) {
    await enter("", at);
    untouched.push(await pay(page, await createSession(order)));
  }
  expect(untouched[0]!.requests.some((request) => request.includes("mia@example.com"))).toBe(true);
  expect(untouched[1]!.shown).toMatch(/12,345\.67.*true/);

  for (const name of Object.keys(REPLACED)) {
    for (const [at, order] of ORDERS.entries()) {
      await enter(name, at);
      expect.soft(await pay(page, await createSession(order)), name).toEqual(untouched[at]);
    }
  }
  complaints.splice(0);
});

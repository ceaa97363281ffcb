// Merchants' callbacks that throw, and that call the SDK again, in every combination: the payment goes on,
// the page does not freeze, and every promise settles, with an `Error` that has a code where it rejects.

import type { Page } from "@playwright/test";

import { expect, test, type Session } from "./support";

const CALLBACKS = [
  "onEventCallback", "onError", "onLog", "onPaymentMethodSelected", "onSizeChanged", "onBeforeSubmit", "onClose",
] as const;

const THROWN = [
  "nothing", "an error", "a text", "undefined", "null", "a symbol", "an object without a prototype",
  "a proxy that throws", "a revoked proxy", "an error whose members throw",
] as const;

const CALLED = [
  "nothing", "submit", "submit of an object that throws", "validateFields", "createComponent",
  "createComponent with wrong parameters", "createComponent with a proxy", "mountComponent", "mountComponent nowhere",
  "unmount", "unmount and createComponent", "another instance", "a constructor with wrong options",
  "a constructor with ignored options", "initSecurity",
  "submit in a later microtask", "createComponent in a later microtask",
] as const;

interface Flow {
  /** The callbacks that misbehave. */
  callbacks: readonly string[];
  thrown: string;
  called: string;
}

interface Given {
  session: Session;
  flow: Flow;
  allCallbacks: readonly string[];
}

interface Outcome {
  /** The event codes, and the calls of the other callbacks. */
  order: string[];
  /** How the promise of the opening settled. */
  opened: string;
  /** The rejections of all calls, without repetitions. */
  rejections: string[];
  /** The most calls of callbacks between two moments in which the page could draw and take input. */
  mostCalls: number;
  pending: number;
  logged: string[];
}

/** Plays a flow in the page. */
async function play(page: Page, session: Session, flow: Flow): Promise<Outcome> {
  return page.evaluate(run, { session, flow, allCallbacks: CALLBACKS });
}

/** Opens, is refused one opening, pays by a code, closes. Runs in the page. */
async function run({ session, flow, allCallbacks }: Given): Promise<Outcome> {
  const { AMSCashierPayment } = window as any;
  const order: string[] = [];
  const logged: string[] = [];
  const rejections = new Set<string>();
  let [calls, settled, started, mostCalls, before] = [0, 0, 0, 0, 0];
  const tick = setInterval(() => {
    mostCalls = Math.max(mostCalls, calls - before);
    before = calls;
  }, 0);
  const thrower = new Proxy({}, new Proxy({}, {
    get() {
      throw new Error("any access throws");
    },
  }));
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const throwing = new Error();
  for (const name of ["message", "name", "stack", "code", "toString"]) {
    Object.defineProperty(throwing, name, {
      get() {
        throw thrower;
      },
    });
  }
  const things: Record<string, unknown> = {
    "an error": new Error("mine"), "a text": "mine", undefined, null: null, "a symbol": Symbol("mine"),
    "an object without a prototype": Object.create(null), "a proxy that throws": thrower,
    "a revoked proxy": revoked.proxy, "an error whose members throw": throwing,
  };
  const watch = (promise: Promise<unknown>) => {
    started++;
    promise.then(
      () => settled++,
      (error) => {
        settled++;
        const isCoded = error instanceof Error && /^SDK_\w+$/.test((error as any).code);
        rejections.add(isCoded ? (error as any).code : `not a coded error: ${String(error)}`);
      },
    );
  };
  const good = { sessionData: session.paymentSessionData, notRedirectAfterComplete: true };
  const bad = { sessionData: "one" };
  const call: Record<string, (sdk: any) => void> = {
    nothing: () => {},
    submit: (sdk) => watch(sdk.submit()),
    "submit of an object that throws": (sdk) => watch(sdk.submit(thrower)),
    validateFields: (sdk) => watch(sdk.validateFields()),
    createComponent: (sdk) => watch(sdk.createComponent(good)),
    "createComponent with wrong parameters": (sdk) => watch(sdk.createComponent(bad)),
    "createComponent with a proxy": (sdk) => watch(sdk.createComponent(thrower)),
    mountComponent: (sdk) => watch(sdk.mountComponent(good, "#a")),
    "mountComponent nowhere": (sdk) => watch(sdk.mountComponent(good, thrower)),
    unmount: (sdk) => sdk.unmount(),
    "unmount and createComponent": (sdk) => {
      sdk.unmount();
      watch(sdk.createComponent(good));
    },
    "another instance": () => watch(make().createComponent(bad)),
    "a constructor with wrong options": () => {
      try {
        make({ environment: "staging" });
      } catch (error) {
        rejections.add((error as any).code);
      }
    },
    "a constructor with ignored options": () => void make({ locale: 5 }),
    initSecurity: (sdk) => sdk?.initSecurity(),
    "submit in a later microtask": (sdk) => void Promise.resolve().then(() => watch(sdk.submit())),
    "createComponent in a later microtask": (sdk) => void Promise.resolve().then(() => watch(sdk.createComponent(good))),
  };
  const make = (more: object = {}): any => {
    let made: any;
    const options: any = { environment: "sandbox", gateway: session.gateway, ...more };
    for (const name of allCallbacks) {
      options[name] = (given: any) => {
        calls++;
        if (name === "onLog") logged.push(`${given.code}: ${given.message}`);
        else if (name !== "onSizeChanged") order.push(given?.code ?? name);
        const misbehaves = flow.callbacks.includes(name);
        if (misbehaves) call[flow.called]!(made);
        if (misbehaves && flow.thrown !== "nothing") throw things[flow.thrown];
        return { result: "CONTINUE" };
      };
    }
    made = new AMSCashierPayment(options);
    return made;
  };
  const sdk = make();
  let opened = "pending";
  watch(sdk.createComponent({ ...good, appearance: { layout: {} } }).then(() => (opened = "resolved"), (error: any) => {
    opened = error.code;
    throw error;
  }));
  // Refused, because one is open. An event, also for `onError`.
  watch(sdk.createComponent(good));
  const look = async (is: () => unknown) => {
    for (let looks = 0; looks < 200 && !is(); looks++) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const shown = () => document.querySelector("[data-kassa]")?.shadowRoot?.querySelector(".panel")?.getAttribute("data-screen");
  // A callback that opens a component whenever one ends never is.
  const quiet = async () => {
    let last = -1;
    for (let looks = 0; looks < 10 && last !== calls + settled; looks++) {
      last = calls + settled;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  };
  await look(() => opened !== "pending");
  if (flow.called === "nothing") await look(() => shown() === "codes");
  await quiet();
  document.querySelector("[data-kassa]")?.shadowRoot?.querySelector<HTMLElement>(".close")?.click();
  await quiet();
  sdk.unmount();
  document.querySelectorAll("[data-kassa]").forEach((left) => left.remove());
  await look(() => settled === started);
  clearInterval(tick);
  return { order, opened, rejections: [...rejections], mostCalls, pending: started - settled, logged };
}

test.beforeEach(async ({ page, shop }) => {
  await page.goto(`${shop}/lab`);
});

const ORDER = { method: "PAYNOW", amount: "4200", currency: "SGD" };

test("what a callback throws is logged and changes nothing", async ({ page, createSession }) => {
  test.setTimeout(90_000);
  const flow = (callbacks: readonly string[], thrown: string): Flow => ({ callbacks, thrown, called: "nothing" });
  const well = await play(page, await createSession(ORDER), flow([], "nothing"));
  expect(well.opened).toBe("resolved");
  expect(well.order).toContain("onBeforeSubmit");
  expect(well.order).toContain("onClose");
  expect(well.logged.map((line) => line.split(":")[0])).toEqual(["OPTION_IGNORED"]);
  for (const thrown of THROWN) {
    for (const callbacks of [...CALLBACKS.map((name) => [name]), CALLBACKS.filter((name) => name !== "onBeforeSubmit")]) {
      // As documented, an `onBeforeSubmit` that throws stops the payment: `ERROR`.
      if (thrown === "nothing" || callbacks[0] === "onBeforeSubmit") continue;
      const what = `${callbacks.join()} throws ${thrown}`;
      const outcome = await play(page, await createSession(ORDER), flow(callbacks, thrown));
      expect.soft(outcome.order, what).toEqual(well.order);
      expect.soft(outcome.rejections, what).toEqual(well.rejections);
      expect.soft([outcome.opened, outcome.pending], what).toEqual(["resolved", 0]);
      const threw = outcome.logged.filter((line) => line.startsWith("CALLBACK_THREW: "));
      // A failure of `onLog` itself cannot be logged.
      if (callbacks[0] !== "onLog") expect.soft(threw.length, what).toBeGreaterThan(0);
      for (const line of threw) expect.soft(line, what).toMatch(/^CALLBACK_THREW: on\w+ threw: ./);
    }
  }
});

for (const called of CALLED.slice(1)) {
  test(`${called} inside of every callback: bounded, and each promise settles`, async ({ page, createSession, complaints, browserName }) => {
    // What bounds the calls is the same code in both browsers.
    test.skip(browserName !== "chromium" && !/^(submit|createComponent)$/.test(called), "once");
    test.setTimeout(60_000);
    for (const callbacks of [...CALLBACKS.map((name) => [name]), CALLBACKS]) {
      for (const thrown of callbacks.length > 1 ? ["nothing", "an object without a prototype"] : ["a proxy that throws"]) {
        const what = `${called} in ${callbacks.join()}, then ${thrown}`;
        const outcome = await play(page, await createSession(ORDER), { callbacks, thrown, called });
        expect.soft(outcome.pending, what).toBe(0);
        expect.soft(outcome.opened, what).not.toBe("pending");
        // A hundred calls, each with a few events, the failures of whose callbacks are logged.
        expect.soft(outcome.mostCalls, what).toBeLessThan(1_500);
        for (const rejection of outcome.rejections) expect.soft(rejection, what).toMatch(/^SDK_(?!INTERNAL)/);
      }
    }
    complaints.splice(0);
  });
}

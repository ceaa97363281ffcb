// Opening and closing a component, and their failures.

import { expect, test } from "./support";
import { CARDS, cardForm, component, enterLab, expectCodes, received, open, payButton, start, typeCard, verdict } from "./support/lab";
import { recordCalls, recordedCalls } from "./support/network";

const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const FAILED = [...OPENED, "CREATECOMPONENT_ERROR"];

test("opening waits for a slow gateway", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession({ metadata: { sandbox: { faults: { query: "delay:1500" } } } });
  expect(await open(page, session)).toBe("resolved");
  await expectCodes(page, OPENED);
});

test("a session of the other environment is refused with both environments in the message", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const sandbox = await createSession();
  expect(await open(page, sandbox, { name: "one", options: { environment: "prod" } })).toMatch(
    /made for sandbox.*environment: "prod"/,
  );
  const prod = await createSession({ environment: "prod" });
  expect(await open(page, prod, { name: "two" })).toMatch(/made for prod.*environment: "sandbox"/);
});

test("a session that does not exist", async ({ page, shop, gateway }) => {
  await enterLab(page, shop);
  const session = { paymentSessionData: "bm9ib2R5&&SG&&188", gateway };
  expect(await open(page, session)).toMatch(/INQUIRY_PAYMENT_SESSION_FAILED/);
  await expectCodes(page, FAILED);
});

test("a malformed session is refused without a request", async ({ page, shop, gateway }) => {
  await enterLab(page, shop);
  let requests = 0;
  page.on("request", () => requests++);
  for (const [data, expected] of [
    ["abc&&SG", "2 parts"],
    [undefined, "undefined"],
  ] as const) {
    const settled = await open(page, { paymentSessionData: data as string, gateway });
    expect(settled).toMatch(/^SDK_CREATEPAYMENT_PARAMETER_ERROR/);
    expect(settled).toContain(expected);
  }
  await expectCodes(page, ["CREATEPAYMENT_PARAMETER_ERROR", "CREATEPAYMENT_PARAMETER_ERROR"]);
  expect(requests).toBe(0);
});

test("the message for an option of a wrong type names the option and the accepted values", async ({ page, shop }) => {
  await enterLab(page, shop);
  const construct = (options: unknown) =>
    page.evaluate((options) => {
      const received: string[] = [];
      const callbacks = {
        onEventCallback: (event: any) => received.push(`onEventCallback ${event.code}`),
        onError: (event: any) => received.push(`onError ${event.code}`),
      };
      const all = options && typeof options === "object" ? { ...callbacks, ...options } : options;
      try {
        new (window as any).AMSCashierPayment(all);
        return "constructed";
      } catch (error) {
        return `${(error as any).code}: ${(error as Error).message} [${received}]`;
      }
    }, options);
  const base = { environment: "sandbox" };
  expect(await construct(base)).toBe("constructed");
  for (const [options, expected] of [
    [undefined, "options"],
    ["sandbox", "options"],
    [{}, 'options.environment must be "sandbox" or "prod"'],
    [{ environment: "production" }, '"production" was given'],
    [{ environment: "prod\n" }, "a string was given"],
    [{ environment: null }, "null was given"],
    [{ ...base, onLog: "log" }, "options.onLog must be a function"],
    [{ ...base, onBeforeSubmit: true }, "options.onBeforeSubmit must be a function"],
    [{ ...base, gateway: "http://evil.example" }, "https"],
    [{ ...base, gateway: null }, "https"],
    [{ ...base, gateway: "javascript:alert(1)" }, "https"],
    [{ ...base, gateway: "https://user@gw.example" }, "without user"],
  ] as const) {
    const thrown = await construct(options);
    expect(thrown).toContain("SDK_INIT_PARAMETER_ERROR");
    expect(thrown).toContain(expected);
    const received = "[onError SDK_INIT_PARAMETER_ERROR,onEventCallback SDK_INIT_PARAMETER_ERROR]";
    if (typeof options === "object") expect(thrown).toContain(received);
  }
});

test("a session of three parts, given as paymentSessionData", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession({ metadata: { sandbox: { sessionShape: "three" } } });
  expect(session.paymentSessionData.split("&&")).toHaveLength(3);
  const params = { sessionData: undefined, paymentSessionData: session.paymentSessionData };
  expect(await open(page, session, { params })).toBe("resolved");
  await expectCodes(page, OPENED);
});

test("the buyer closes the component with the button, and with Escape inside of the form", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  await page.evaluate(() => {
    document.documentElement.style.overflow = "scroll";
  });
  await open(page, session);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).toBe("hidden");
  await component(page).getByRole("button", { name: "Close" }).click();
  await expectCodes(page, [...OPENED, "PAYMENT_CANCEL"]);
  await expect(component(page)).toHaveCount(0);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflow)).toBe("scroll");

  // The same session opens again.
  await open(page, session);
  await cardForm(page).locator("input").first().press("Escape");
  await expectCodes(page, [...OPENED, "PAYMENT_CANCEL", ...OPENED, "PAYMENT_CANCEL"]);
  expect(await received(page, "closed")).toHaveLength(2);
});

test("two components of two instances on one page", async ({ page, shop, createSession, request }) => {
  await enterLab(page, shop);
  const [one, two] = [await createSession(), await createSession({ amount: "500" })];
  const params = { notRedirectAfterComplete: true };
  await open(page, one, { name: "one", into: "#a", params });
  await open(page, two, { name: "two", into: "#b", params });
  for (const [name, place, session] of [
    ["two", "#b", two],
    ["one", "#a", one],
  ] as const) {
    const form = page.locator(`${place} [data-kassa] iframe`).contentFrame();
    await typeCard(page, CARDS.success, {}, form);
    await page.locator(`${place} [data-kassa]`).getByRole("button", { name: /^Pay/ }).click();
    await expectCodes(page, [...OPENED, "PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"], name);
    void request;
    void session;
  }
});

test("an exception inside of the module is an internal error, and the component is removed", async ({ page, shop, createSession, complaints }) => {
  await enterLab(page, shop);
  const session = await createSession();
  await open(page, session);
  await page.evaluate(() => {
    // A page cannot cause a wasm trap; an exception thrown inside of the module has the same effect.
    Element.prototype.getAttribute = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    document.querySelector("[data-kassa]")?.shadowRoot?.querySelector<HTMLElement>("button.action")?.click();
  });
  await expect.poll(async () => (await received(page)).at(-1)?.code).toBe("SDK_INTERNAL_ERROR");
  await expect(component(page)).toHaveCount(0);
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).overflowY)).toBe("visible");
  complaints.splice(0, complaints.length);
});

test("a policy without wasm-unsafe-eval fails the opening with its name in the message", async ({ page, shop, createSession, complaints }) => {
  await page.route(`${shop}/lab`, async (route) => {
    const response = await route.fetch();
    const policy = (response.headers()["content-security-policy"] ?? "").replace(" 'wasm-unsafe-eval'", "");
    return route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
  await enterLab(page, shop);
  expect(await open(page, await createSession())).toMatch(/^SDK_INTERNAL_ERROR: .*wasm-unsafe-eval/);
  // Violations are reported late.
  await page.goto("about:blank");
  complaints.splice(0, complaints.length);
});

test("what the page adds to the prototype of all objects is no option", async ({ page, shop, gateway, createSession, complaints }) => {
  await enterLab(page, shop);
  const calls: string[] = [];
  page.on("request", (request) => calls.push(new URL(request.url()).origin));
  await page.evaluate(() => {
    const added = { gateway: "https://other.example", environment: "prod", onLog: 5, locale: 5 };
    for (const [name, value] of Object.entries(added)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
    }
  });
  const session = await createSession();
  const outcome = await page.evaluate(async ({ paymentSessionData, gateway }) => {
    const { AMSCashierPayment } = window as any;
    let withoutEnvironment = "constructed";
    try {
      new AMSCashierPayment({});
    } catch (error) {
      withoutEnvironment = (error as Error).message;
    }
    // Without a gateway of its own, a session of the sandbox goes to its region.
    const other = new AMSCashierPayment({ environment: "sandbox" });
    await other.createComponent({ sessionData: paymentSessionData }).catch(() => {});
    other.unmount();
    const sdk = new AMSCashierPayment({ environment: "sandbox", gateway });
    await sdk.createComponent({ sessionData: paymentSessionData });
    return withoutEnvironment;
  }, session);
  expect(outcome).toContain("options.environment must be");
  expect(new Set(calls)).not.toContain("https://other.example");
  expect(calls).toContain(gateway);
  // The page's policy allows no other gateway than the sandbox.
  expect(complaints.filter(({ kind }) => kind === "csp").map(({ text }) => text.split(" ")[2])).toEqual([
    "https://imgs-sea-global.alipay.com/mgw.htm",
  ]);
  complaints.splice(0);
});

test("merchantAppointParam is copied as JSON, and refused where JSON has no form for it", async ({ page, shop, createSession }) => {
  await recordCalls(page);
  await enterLab(page, shop);
  const session = await createSession();
  const refusals = await page.evaluate(async ({ paymentSessionData, gateway }) => {
    const sdk = new (window as any).AMSCashierPayment({ environment: "sandbox", gateway });
    const open = (merchantAppointParam: unknown) =>
      sdk.createComponent({ sessionData: paymentSessionData, merchantAppointParam }).then(
        () => "opened",
        (error: any) => `${error.code}: ${error.message}`,
      );
    const throws = Object.defineProperty({}, "x", {
      enumerable: true,
      get() {
        throw new Error("out of reach");
      },
    });
    const cyclic: any = {};
    cyclic.itself = cyclic;
    let deep = {};
    for (let depth = 0; depth < 20; depth++) deep = { deep };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const refused = [];
    for (const value of [throws, cyclic, deep, { list: [proxy] }]) refused.push(await open(value));
    const param = {
      list: [1, undefined, null, "x", { y: 1.5 }], when: new Date(0), nothing: undefined, call() {}, storedCard: { needCVV: true },
    };
    const opened = open(param);
    param.list.push("later");
    return [...refused, await opened];
  }, session);
  const path = "params.merchantAppointParam";
  expect(refusals.pop()).toBe("opened");
  expect(refusals).toEqual([
    `${path} could not be read: Error: out of reach`,
    `${path} could not be read: Error: it is nested more than 16 levels deep`,
    `${path} could not be read: Error: it is nested more than 16 levels deep`,
    expect.stringContaining(`${path} could not be read: TypeError`),
  ].map((message) =>
    typeof message === "string" ? `SDK_CREATEPAYMENT_PARAMETER_ERROR: ${message}` : message));
  const [query, ...others] = await recordedCalls(page);
  expect(others).toEqual([]);
  expect(query!.body[0].merchantAppointParam).toEqual({
    list: [1, null, null, "x", { y: 1.5 }], when: "1970-01-01T00:00:00.000Z", storedCard: { needCVV: true },
  });
});

test("createComponent and mountComponent resolve with undefined", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  const resolved = await page.evaluate(async ({ paymentSessionData, gateway }) => {
    const sdk = new (window as any).AMSCashierPayment({ environment: "sandbox", gateway });
    const params = { sessionData: paymentSessionData };
    const created = await sdk.createComponent(params);
    sdk.unmount();
    const mounted = await sdk.mountComponent(params, "#a");
    return [created === undefined, mounted === undefined];
  }, session);
  expect(resolved).toEqual([true, true]);
});

test("the module is compiled once, in an idle moment after the constructor", async ({ page, shop, createSession }) => {
  await page.addInitScript(() => {
    const world = window as any;
    world.compilations = 0;
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = ((...args: Parameters<typeof instantiate>) => {
      world.compilations++;
      return instantiate(...args);
    }) as typeof instantiate;
  });
  await enterLab(page, shop);
  const session = await createSession();
  const compilations = () => page.evaluate(() => (window as any).compilations);
  await page.evaluate(({ gateway }) => {
    const world = window as any;
    world.sdk = new world.AMSCashierPayment({ environment: "sandbox", gateway });
    world.other = new world.AMSCashierPayment({ environment: "sandbox", gateway });
  }, session);
  await expect.poll(compilations).toBe(1);
  await page.evaluate((sessionData) => (window as any).sdk.createComponent({ sessionData }), session.paymentSessionData);
  expect(await compilations()).toBe(1);
});

test("submit and validateFields wait for the module and the opening", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  const settled = await page.evaluate(async ({ paymentSessionData, gateway }) => {
    const sdk = new (window as any).AMSCashierPayment({ environment: "sandbox", gateway });
    void sdk.createComponent({ sessionData: paymentSessionData });
    const [submitted, validated] = [sdk.submit(), sdk.validateFields()];
    return [(await submitted).code, await validated];
  }, session);
  expect(settled).toEqual(["SDK_FORM_VERIFICATION_FAILED", { isValid: false }]);
});

test("a billing address with a getter that throws rejects the submit, and the component can still pay", async ({
  page, shop, createSession,
}) => {
  await enterLab(page, shop);
  await open(page, await createSession(), { params: { notRedirectAfterComplete: true } });
  const refusals = await page.evaluate(async () => {
    const throws = (name: string) => Object.defineProperty({}, name, {
      enumerable: true,
      get() {
        throw new Error("out of reach");
      },
    });
    const { sdk } = window as any;
    const attempts = [throws("billingAddress"), { billingAddress: throws("region") }];
    return Promise.all(attempts.map((data) => sdk.submit(data).catch((error: any) => `${error.code}: ${error.message}`)));
  });
  for (const [index, member] of ["billingAddress", "region"].entries()) {
    expect(refusals[index]).toMatch(/^SDK_CREATEPAYMENT_PARAMETER_ERROR/);
    expect(refusals[index]).toContain(member);
    expect(refusals[index]).toContain("out of reach");
  }
  await typeCard(page);
  await payButton(page).click();
  await expectCodes(page, [...OPENED, "PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"]);
});

test("a component over the page waits for the body", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  await page.evaluate(() => {
    (window as any).body = document.body;
    document.body.remove();
  });
  await start(page, session);
  // As long as the module takes to load, and longer.
  await page.waitForTimeout(500);
  expect(await received(page)).toEqual([]);
  await page.evaluate(() => document.documentElement.append((window as any).body));
  expect(await verdict(page)).toBe("resolved");
  await expectCodes(page, OPENED);
});

test("openings in a row each settle, whichever of them is refused", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  const settled = await page.evaluate(async ({ paymentSessionData, gateway }) => {
    const sdk = new (window as any).AMSCashierPayment({ environment: "sandbox", gateway });
    const openings = [{}, { sessionData: paymentSessionData }, { sessionData: "one" }, { sessionData: paymentSessionData }].map(
      (params) => sdk.createComponent(params).then(() => "opened", (error: any) => error.code),
    );
    const silence = new Promise((resolve) => setTimeout(resolve, 20_000, "silence"));
    return Promise.all(openings.map((opening) => Promise.race([opening, silence])));
  }, session);
  const wrong = "SDK_CREATEPAYMENT_PARAMETER_ERROR";
  expect(settled.slice(0, 2)).toEqual([wrong, "opened"]);
  // The second one lives: what it refuses is another opening, whatever its parameters.
  expect(settled.slice(2)).toEqual(["SDK_CREATECOMPONENT_ERROR", "SDK_CREATECOMPONENT_ERROR"]);
});

// Opening, closing, and all that can go wrong on the way.

import { expect, test } from "./support";
import { CARDS, cardForm, component, enterLab, expectCodes, heard, open, payButton, start, typeCard, verdict } from "./support/lab";

const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const FAILED = [...OPENED, "CREATECOMPONENT_ERROR"];

for (const [what, fault, says] of [
  ["HTML", "html", /not a JSON object/],
  ["a fault", "500", /HTTP 500/],
  ["cut off JSON", "truncated", /not a JSON object/],
  ["nothing and hangs up", "drop", /could not be reached/],
  ["an empty body", "empty", /not a JSON object/],
  ["a gateway status", "status:1002", /1002/],
] as const) {
  test(`a gateway that answers ${what}`, async ({ page, shop, createSession }) => {
    await enterLab(page, shop);
    const session = await createSession({ metadata: { sandbox: { faults: { query: fault } } } });
    const said = await open(page, session);
    expect(said).toMatch(/^SDK_CREATECOMPONENT_ERROR/);
    expect(said).toMatch(says);
    await expectCodes(page, FAILED);
    expect((await heard(page, "errors")).map((e) => e.code)).toEqual(["SDK_CREATECOMPONENT_ERROR"]);
    await expect(component(page)).toHaveCount(0);
  });
}

test("a gateway that is silent for 15 seconds", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession({ metadata: { sandbox: { faults: { query: "hang" } } } });
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  await start(page, session);
  await expectCodes(page, ["START_OF_LOADING"]);
  await expect(component(page).getByText("Preparing secure payment")).toBeVisible();
  await page.clock.runFor(14_900);
  await expectCodes(page, ["START_OF_LOADING"]);
  await page.clock.runFor(400);
  expect(await verdict(page)).toMatch(/did not answer within 15 seconds/);
  await expectCodes(page, FAILED);
});

test("a slow gateway is waited for", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession({ metadata: { sandbox: { faults: { query: "delay:1500" } } } });
  expect(await open(page, session)).toBe("resolved");
  await expectCodes(page, OPENED);
});

test("a gateway that is down", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await page.route("**/mgw.htm", (route) => route.abort("connectionrefused"));
  const said = await open(page, await createSession());
  expect(said).toMatch(/could not be reached/);
  await expectCodes(page, FAILED);
});

test("unknown fields and values, and the wrong content type, change nothing", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const faults = { query: "unknown", submit: ["content-type"], inquire: ["unknown"] };
  await open(page, await createSession({ metadata: { sandbox: { faults } } }), {
    params: { notRedirectAfterComplete: true },
  });
  await typeCard(page);
  await payButton(page).click();
  await expectCodes(page, [...OPENED, "PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"]);
});

test("sandbox and prod mixed up is named, both ways", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const sandbox = await createSession();
  expect(await open(page, sandbox, { name: "one", options: { environment: "prod" } })).toMatch(
    /made for sandbox.*environment: "prod"/,
  );
  const prod = await createSession({ environment: "prod" });
  expect(await open(page, prod, { name: "two" })).toMatch(/made for prod.*environment: "sandbox"/);
});

test("a session that the gateway does not know", async ({ page, shop, gateway }) => {
  await enterLab(page, shop);
  const session = { paymentSessionData: "bm9ib2R5&&SG&&188", gateway };
  expect(await open(page, session)).toMatch(/INQUIRY_PAYMENT_SESSION_FAILED/);
});

test("malformed sessions are refused before anything is asked", async ({ page, shop, gateway }) => {
  await enterLab(page, shop);
  let asked = 0;
  page.on("request", () => asked++);
  for (const [data, says] of [
    ["", "empty"],
    ["   ", "empty"],
    ["abc", "1 part"],
    ["abc&&SG", "2 parts"],
    ["&&SG&&188", "first part"],
    [`${"a".repeat(4090)}&&SG&&188`, "4096"],
    ["abc&&SG&&188&&%%%", "base64"],
    ["abc&&SG&&188&&bm90IGpzb24=", "JSON"],
    ["abc&&SG&&188&&WzFd", "JSON"],
    [undefined, "undefined"],
    [5, "a number"],
    [null, "null"],
    [{}, "an object"],
  ] as const) {
    const said = await open(page, { paymentSessionData: data as string, gateway });
    expect(said, String(data).slice(0, 20)).toMatch(/^SDK_CREATEPAYMENT_PARAMETER_ERROR/);
    expect(said).toContain(says);
  }
  const told = await heard(page, "errors");
  expect(told.every((event) => event.code === "SDK_CREATEPAYMENT_PARAMETER_ERROR")).toBe(true);
  expect(told).toHaveLength(13);
  expect((await heard(page)).length).toBe(13);
  expect(asked).toBe(0);
});

test("options of wrong types are named, with what is accepted", async ({ page, shop }) => {
  await enterLab(page, shop);
  const construct = (options: unknown) =>
    page.evaluate((options) => {
      const heard: string[] = [];
      const all = options && typeof options === "object" ? { onError: (e: any) => heard.push(e.code), ...options } : options;
      try {
        new (window as any).AMSCashierPayment(all);
        return "constructed";
      } catch (error) {
        return `${(error as any).code}: ${(error as Error).message} [${heard}]`;
      }
    }, options);
  const base = { environment: "sandbox" };
  expect(await construct(base)).toBe("constructed");
  for (const [options, says] of [
    [undefined, "options"],
    ["sandbox", "options"],
    [{}, 'options.environment must be "sandbox" or "prod"'],
    [{ environment: "production" }, '"production" was given'],
    [{ ...base, locale: 5 }, "options.locale must be a string"],
    [{ ...base, onLog: "log" }, "options.onLog must be a function"],
    [{ ...base, analytics: { enabled: "no" } }, "options.analytics.enabled must be a boolean"],
    [{ ...base, onBeforeSubmit: true }, "options.onBeforeSubmit must be a function"],
    [{ ...base, gateway: "http://evil.example" }, "https"],
    [{ ...base, gateway: "javascript:alert(1)" }, "https"],
    [{ ...base, gateway: "https://user@gw.example" }, "without user"],
  ] as const) {
    const said = await construct(options);
    expect(said).toContain("SDK_INIT_PARAMETER_ERROR");
    expect(said).toContain(says);
    if (typeof options === "object") expect(said).toContain("[SDK_INIT_PARAMETER_ERROR]");
  }
});

test("arguments of wrong types, and selectors that match nothing", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  let asked = 0;
  page.on("request", () => asked++);
  for (const [opening, says] of [
    [{ params: { appearance: { showLoading: "yes" } } }, "params.appearance.showLoading must be a boolean"],
    [{ params: { appearance: { theme: "pink" } } }, '"pink" was given'],
    [{ params: { notRedirectAfterComplete: 1 } }, "params.notRedirectAfterComplete must be a boolean"],
    [{ params: { appearance: [] } }, "params.appearance must be a"],
    [{ into: "#nowhere" }, '"#nowhere"'],
    [{ into: "][" }, '"]["'],
  ] as const) {
    const said = await open(page, session, opening);
    expect(said).toMatch(/^SDK_CREATEPAYMENT_PARAMETER_ERROR/);
    expect(said).toContain(says);
  }
  expect(asked).toBe(0);
  expect(await open(page, session)).toBe("resolved");
});

test("a session of three parts, under its other name", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession({ metadata: { sandbox: { sessionShape: "three" } } });
  expect(session.paymentSessionData.split("&&")).toHaveLength(3);
  const params = { sessionData: undefined, paymentSessionData: session.paymentSessionData };
  expect(await open(page, session, { params })).toBe("resolved");
  await expectCodes(page, OPENED);
});

test("the buyer closes: by the button, and by Escape inside the form", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  await page.evaluate(() => {
    document.documentElement.style.overflow = "scroll";
  });
  await open(page, session);
  expect(await page.evaluate(() => document.documentElement.style.overflow)).toBe("hidden");
  await component(page).getByRole("button", { name: "Close" }).click();
  await expectCodes(page, [...OPENED, "PAYMENT_CANCEL"]);
  await expect(component(page)).toHaveCount(0);
  expect(await page.evaluate(() => document.documentElement.style.overflow)).toBe("scroll");

  // The same session opens again.
  await open(page, session);
  await cardForm(page).locator("input").first().press("Escape");
  await expectCodes(page, [...OPENED, "PAYMENT_CANCEL", ...OPENED, "PAYMENT_CANCEL"]);
  expect(await heard(page, "closed")).toHaveLength(2);
});

test("a second createComponent is refused and the first goes on", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  const params = { notRedirectAfterComplete: true };
  await open(page, session, { params });
  expect(await open(page, session, { params })).toMatch(/^SDK_CREATECOMPONENT_ERROR: .*already open/);
  await typeCard(page);
  await payButton(page).click();
  await expectCodes(page, [
    ...FAILED,
    "PAYMENT_AUTHORIZATION_SUCCESSFUL",
    "PAYMENT_SUCCESSFUL",
  ]);
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

test("callbacks that throw change nothing", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  const outcome = await page.evaluate(async (session) => {
    const log: string[] = [];
    const seen: string[] = [];
    const sdk = new (window as any).AMSCashierPayment({
      environment: "sandbox",
      gateway: session.gateway,
      onEventCallback: (event: { code: string }) => {
        seen.push(event.code);
        throw new Error("merchant's mistake");
      },
      onLog: (line: { code: string }) => log.push(line.code),
    });
    await sdk.createComponent({ sessionData: session.paymentSessionData });
    return { log, seen };
  }, session);
  expect(outcome.seen).toEqual(["SDK_START_OF_LOADING", "SDK_END_OF_LOADING"]);
  expect(outcome.log).toEqual(["CALLBACK_THREW", "CALLBACK_THREW"]);
  await expect(payButton(page)).toBeVisible();
});

test("a module that breaks is an internal error, and the page gets itself back", async ({ page, shop, createSession, complaints }) => {
  await enterLab(page, shop);
  const session = await createSession();
  await open(page, session);
  await page.evaluate(() => {
    // The nearest thing to a trap that a page can cause: the module has control, and dies.
    Date.now = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    document.querySelector("[data-kassa]")?.shadowRoot?.querySelector<HTMLElement>("button.action")?.click();
  });
  await expect.poll(async () => (await heard(page)).at(-1)?.code).toBe("SDK_INTERNAL_ERROR");
  await expect(component(page)).toHaveCount(0);
  complaints.splice(0, complaints.length);
});

test("without permission to compile wasm, opening fails by name", async ({ page, shop, createSession, complaints }) => {
  await page.route(`${shop}/lab`, async (route) => {
    const response = await route.fetch();
    const policy = (response.headers()["content-security-policy"] ?? "").replace(" 'wasm-unsafe-eval'", "");
    return route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
  });
  await enterLab(page, shop);
  expect(await open(page, await createSession())).toMatch(/^SDK_INTERNAL_ERROR: .*wasm-unsafe-eval/);
  complaints.splice(0, complaints.length);
});

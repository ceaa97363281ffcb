// Lost and late answers, repeated presses, and pages that are hidden, reloaded or left. Each test ends
// with the expected number of payments, and with the same state in the page and at the gateway.

import type { APIRequestContext, Page } from "@playwright/test";

import { expect, collectComplaints, payment, test, type Session } from "./support";
import { decide, goOnline, setVisible, useAndroid } from "./support/buyer";
import {
  cardForm,
  CARDS,
  codes,
  component,
  enterLab,
  expectCodes,
  open,
  start,
  verdict,
} from "./support/lab";
import {
  attempts,
  count,
  fillCard,
  fillFields,
  logged,
  onCall,
  payments,
  press,
  recordCalls,
  recordedCalls,
  recordOperations,
  screen,
} from "./support/network";

const PARAMS = { notRedirectAfterComplete: true };
const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const ENDED = ["PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"];
const PAID = [...OPENED, ...ENDED];

const NUMBER = { method: "BANKTRANSFER_KRUNGTHAIBANK", amount: "4200", currency: "THB" };
const APP = { method: "ZALOPAY", amount: "420000", currency: "VND" };
const APPROVAL = { method: "MB_WAY", amount: "4200", currency: "EUR" };
const BANK = { method: "ONLINEBANKING_FPX", amount: "4200", currency: "MYR" };

const scenario = (sandbox: object) => ({ metadata: { sandbox } });

test("a submit whose answer is lost is inquired about, and there is one payment", async ({ page, shop, gateway, createSession, request }) => {
  await enterLab(page, shop);
  const calls = recordOperations(page, gateway);
  const session = await createSession(scenario({ faults: { submit: ["lost"] } }));
  await open(page, session, { params: PARAMS });
  await fillCard(page, CARDS.success);
  await press(page);
  await expectCodes(page, [...OPENED, "SUBMIT_NETWORK_ERROR", ...ENDED]);
  expect(calls).toEqual(["query", "submit", "inquire"]);
  expect(await payments(request, shop, session)).toHaveLength(1);
});

test("a submit that did not arrive returns to the form, and the next submit has the same attempt id", async ({ page, shop, createSession, request }) => {
  await recordCalls(page);
  await enterLab(page, shop);
  const session = await createSession(scenario({ faults: { submit: ["drop", "lost"] } }));
  await open(page, session, { params: PARAMS });
  await fillCard(page, CARDS.success);
  await press(page);
  await expect(component(page).getByRole("alert")).toContainText("nothing was paid");
  await press(page);
  await expectCodes(page, [...OPENED, "SUBMIT_NETWORK_ERROR", "SUBMIT_NETWORK_ERROR", ...ENDED]);
  const ids = await attempts(page);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toMatch(/^\w+-1$/);
  expect(ids[1]).toBe(ids[0]);
  expect(await payments(request, shop, session)).toHaveLength(1);
});

test("a submit after a failure has a new attempt id and makes a new payment", async ({ page, shop, createSession, request }) => {
  await recordCalls(page);
  await enterLab(page, shop);
  const session = await createSession();
  await open(page, session, { params: PARAMS });
  await fillCard(page, CARDS.declined);
  await press(page);
  await expectCodes(page, [...OPENED, "PAYMENT_FAIL"]);
  await fillCard(page, CARDS.success);
  await press(page);
  await expectCodes(page, [...OPENED, "PAYMENT_FAIL", ...ENDED]);
  const ids = await attempts(page);
  expect(new Set(ids).size).toBe(2);
  expect(await payments(request, shop, session)).toHaveLength(2);
});

test("fifty clicks, Enter and submit() at once: one exchange, one submit, one payment", async ({ page, shop, gateway, createSession, request }) => {
  await enterLab(page, shop);
  const calls = recordOperations(page, gateway);
  let tokens = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/frame/card/token")) tokens++;
  });
  let release = () => {};
  const pressed = new Promise<void>((resolve) => (release = resolve));
  await onCall(page, gateway, "submit", async (route) => {
    await pressed;
    await route.continue();
  });
  const session = await createSession();
  await open(page, session, { params: PARAMS });
  await fillCard(page, CARDS.success);
  const number = cardForm(page).locator("input[autocomplete=cc-number]");
  await Promise.all([
    page.evaluate(async () => {
      const button = document.querySelector("[data-kassa]")!.shadowRoot!.querySelector<HTMLElement>("button.action")!;
      for (let i = 0; i < 50; i++) button.click();
      const { code } = await (window as any).sdk.submit();
      sessionStorage.setItem("extra", code);
    }),
    number.dispatchEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }),
  ]);
  release();
  await expect.poll(async () => (await codes(page)).at(-1)).toBe("PAYMENT_SUCCESSFUL");
  const fired = await codes(page);
  const extra = fired.filter((code) => code === "DUPLICATE_SUBMISSION_BEHAVIOR").length;
  // An Enter is not reported once the form is busy.
  expect([50, 51]).toContain(extra);
  expect(fired.filter((code) => code !== "DUPLICATE_SUBMISSION_BEHAVIOR")).toEqual(PAID);
  expect(await page.evaluate(() => sessionStorage.getItem("extra"))).toBe("SDK_DUPLICATE_SUBMISSION_BEHAVIOR");
  expect(tokens).toBe(1);
  expect(count(calls, "submit")).toBe(1);
  expect(await payments(request, shop, session)).toHaveLength(1);
});

test("a submit while offline pays nothing, and a submit after reconnecting pays once", async ({ page, context, shop, gateway, browserName, createSession, request }) => {
  await recordCalls(page);
  await enterLab(page, shop);
  const session = await createSession({ ...APPROVAL, ...scenario({ approvesIn: 0 }) });
  await open(page, session, { params: PARAMS });
  await fillFields(page, { phone: "+351912345678" });
  // `setOffline` does nothing in Debian's Firefox; there the requests are aborted.
  const canGoOffline = browserName === "chromium";
  if (canGoOffline) await context.setOffline(true);
  else await page.route(`${gateway}/**`, (route) => route.abort("internetdisconnected"));
  await press(page);
  await expectCodes(page, [...OPENED, "SUBMIT_NETWORK_ERROR"]);
  await expect.poll(() => logged(page)).toEqual(["SUBMIT_SILENT", "INQUIRE_FAILED"]);
  await expect(component(page).getByRole("status")).toContainText("Checking your payment");
  if (canGoOffline) await context.setOffline(false);
  else {
    await page.unrouteAll();
    await goOnline(page);
  }
  await expect(component(page).getByRole("alert")).toContainText("nothing was paid");
  await press(page);
  await screen(page, "waiting");
  await goOnline(page);
  await expectCodes(page, [...OPENED, "SUBMIT_NETWORK_ERROR", ...ENDED]);
  const ids = await attempts(page);
  expect(ids).toHaveLength(2);
  expect(ids[1]).toBe(ids[0]);
  expect(await payments(request, shop, session)).toHaveLength(1);
});

/** Reloads the page and opens the session once more, as the instance `again`. */
async function reload(page: Page, shop: string, session: Session): Promise<void> {
  await enterLab(page, shop);
  await start(page, session, { name: "again", params: PARAMS });
}

test("a reload during a submit that arrives: the session shows its result", async ({ page, shop, gateway, createSession, request }) => {
  await recordCalls(page);
  await enterLab(page, shop);
  const session = await createSession();
  await open(page, session, { params: PARAMS });
  await fillCard(page, CARDS.success);
  let arrived = false;
  await onCall(page, gateway, "submit", async (route) => {
    // `route.fetch` would send no body: requests in Debian's Firefox have none in Playwright.
    const data = (await recordedCalls(page)).at(-1)!.body;
    const headers = { "operation-type": route.request().headers()["operation-type"]!, "load-test": "true" };
    expect((await request.post(route.request().url(), { headers, data })).ok()).toBe(true);
    arrived = true;
  });
  await press(page);
  await expect.poll(() => arrived).toBe(true);
  await reload(page, shop, session);
  await expectCodes(page, [...OPENED, "PAYMENT_SUCCESSFUL"], "again");
  await expect(component(page).getByRole("status")).toContainText("Payment complete");
  expect(await payments(request, shop, session)).toHaveLength(1);
});

test("a reload during a submit that does not arrive: the session can be paid", async ({ page, shop, gateway, createSession, request }) => {
  await enterLab(page, shop);
  const session = await createSession();
  await open(page, session, { params: PARAMS });
  await fillCard(page, CARDS.success);
  let sent = false;
  await onCall(page, gateway, "submit", () => {
    sent = true;
  });
  await press(page);
  await expect.poll(() => sent).toBe(true);
  await page.goto("about:blank");
  await page.unrouteAll();
  await reload(page, shop, session);
  await verdict(page);
  await fillCard(page, CARDS.success);
  await press(page);
  await expectCodes(page, PAID, "again");
  expect(await payments(request, shop, session)).toHaveLength(1);
});

test("a reload during a challenge: the challenge is shown again", async ({ page, shop, createSession, request }) => {
  await enterLab(page, shop);
  const session = await createSession(scenario({ threeDS: "frame" }));
  await open(page, session, { params: PARAMS });
  await fillCard(page, CARDS.success);
  await press(page);
  await screen(page, "challenge");
  await reload(page, shop, session);
  await screen(page, "challenge");
  await expectCodes(page, [...OPENED, "PAYMENT_CHALLENGE"], "again");
  const issuer = page.locator("[data-kassa] .window iframe").contentFrame();
  // `click` would not reach the frame in Firefox, see `press` in `support/buyer.ts`.
  await issuer.locator("button.yes").dispatchEvent("click");
  await expectCodes(page, [...OPENED, "PAYMENT_CHALLENGE", ...ENDED], "again");
  expect(await payments(request, shop, session)).toHaveLength(1);
});

test("a reload while a code is shown: the same code is shown", async ({ page, shop, gateway, createSession, request }) => {
  await enterLab(page, shop);
  const calls = recordOperations(page, gateway);
  const session = await createSession(NUMBER);
  const number = component(page).locator(".codes .number");
  await start(page, session, { params: PARAMS });
  await screen(page, "codes");
  const before = await number.textContent();
  expect(before).toMatch(/\d{6}/);
  await reload(page, shop, session);
  await screen(page, "codes");
  await expect(number).toHaveText(before!);
  expect(count(calls, "submit")).toBe(1);
  await decide(request, gateway, session);
  await goOnline(page);
  await expectCodes(page, PAID, "again");
  expect(await payments(request, shop, session)).toHaveLength(1);
});

test("a reload while the buyer is in the app: the app is offered again, or the result is shown", async ({ page, shop, gateway, createSession, request, complaints }) => {
  await useAndroid(page);
  await enterLab(page, shop);
  const calls = recordOperations(page, gateway);
  const session = await createSession(APP);
  await start(page, session, { params: PARAMS });
  await screen(page, "app");
  await press(page);
  await setVisible(page, false);
  await expectCodes(page, [...OPENED, "CALL_URL_SUCCESS"]);
  await reload(page, shop, session);
  await screen(page, "app");
  await expectCodes(page, OPENED, "again");
  await decide(request, gateway, session);
  await enterLab(page, shop);
  await start(page, session, { name: "third", params: PARAMS });
  await expectCodes(page, [...OPENED, "PAYMENT_SUCCESSFUL"], "third");
  expect(count(calls, "submit")).toBe(1);
  expect(await payments(request, shop, session)).toHaveLength(1);
  // The browser reports the link of the sandbox's wallet as unknown, since no such app is installed.
  complaints.splice(0, complaints.length, ...complaints.filter(({ text }) => !text.includes("kassa-wallet:")));
});

/** Goes to the bank, approves there and goes back in history. Returns whether the page came from the cache. */
async function visitBankAndGoBack(
  page: Page,
  request: APIRequestContext,
  shop: string,
  session: Session,
): Promise<boolean> {
  await page.evaluate(() => ((window as any).mark = true));
  await start(page, session, { params: PARAMS });
  await page.waitForURL(`${session.gateway}/bank/**`);
  await decide(request, session.gateway, session);
  // `page.goBack` would wait for a load event, which a page from the cache does not fire.
  await page.evaluate(() => void setTimeout(() => history.back()));
  await expect.poll(() => page.url()).toBe(`${shop}/lab`);
  return page.evaluate(() => (window as any).mark === true);
}

test("the browser's back button leads from the bank to a reloaded page", async ({ page, shop, createSession, request }) => {
  const session = await createSession(BANK);
  await enterLab(page, shop);
  // The shop's pages have `no-store`, with which browsers do not put a page into the back/forward cache.
  expect(await visitBankAndGoBack(page, request, shop, session)).toBe(false);
  await start(page, session, { name: "again", params: PARAMS });
  await expectCodes(page, [...OPENED, "PAYMENT_SUCCESSFUL"], "again");
  expect((await payment(request, shop, session.paymentRequestId))["paymentStatus"]).toBe("SUCCESS");
});

test("the browser's back button leads from the bank to the cached page, which sends an inquiry", async ({ browserName, playwright, shop, createSession, request, complaints }) => {
  test.skip(browserName === "firefox", "Playwright loses a page that Firefox takes from its cache");
  // Playwright disables Chromium's back/forward cache. A page that a test fulfils has no address space,
  // and Chromium refuses its requests to a loopback address.
  const options = {
    ...(process.env["KASSA_CHROMIUM"] ? { executablePath: process.env["KASSA_CHROMIUM"] } : {}),
    args: ["--no-sandbox", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks"],
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  };
  const browser = await playwright.chromium.launch(options);
  try {
    const page = await browser.newPage();
    await collectComplaints(page, complaints);
    await page.route(`${shop}/lab`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), "cache-control": "no-cache" } });
    });
    await enterLab(page, shop);
    await page.unrouteAll();
    const session = await createSession(BANK);
    expect(await visitBankAndGoBack(page, request, shop, session)).toBe(true);
    await expectCodes(page, [...OPENED, "CALL_URL_SUCCESS", "PAYMENT_SUCCESSFUL"]);
    await expect(component(page).getByRole("status")).toContainText("Payment complete");
    expect((await payment(request, shop, session.paymentRequestId))["paymentStatus"]).toBe("SUCCESS");
  } finally {
    await browser.close();
  }
});

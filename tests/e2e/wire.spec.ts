// Every request of the page: host, headers and bodies of the published protocol, and no others. The
// names and values are those of the published SDK.

import { expect, test } from "./support";
import { goOnline } from "./support/buyer";
import { CARDS, enterLab, expectCodes, open, start } from "./support/lab";
import { fillCard, press, recordCalls, recordedCalls, screen } from "./support/network";

const PARAMS = { notRedirectAfterComplete: true };
const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const PAID = [...OPENED, "PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"];

/** Headers that browsers add. */
const BROWSERS_OWN =
  /^(accept|accept-encoding|accept-language|cache-control|connection|content-length|host|origin|pragma|priority|referer|sec-.*|te|user-agent)$/;

const NAMES = {
  query: "com.ipay.iexpcashier.sdkAction.query",
  submit: "com.ipay.iexpcashier.cashier.submitPayByPaymentSession",
  inquire: "kassa.payment.inquire",
};

const COMMON = {
  "content-type": "application/json",
  appid: "ANTOM_PAYMENT_WEB",
  workspaceid: "default",
  version: "2.0",
  tntinstid: "ALIPW3SG",
  "sdk-version": expect.stringMatching(/^\d+\.\d+\.\d+/),
  "x-cors-antom_payment_web-default": "1",
  "client-time": expect.stringMatching(/^\d{13}$/),
};
const SANDBOX = { "load-test": "true", sofapenattrs: "instMock=O&loadMode=2" };

test("headers of every call, in the sandbox and in production", async ({ page, shop, gateway, createSession }) => {
  await enterLab(page, shop);
  const sent: Record<string, string>[] = [];
  page.on("request", (request) => {
    if (request.url() !== `${gateway}/mgw.htm` || request.method() !== "POST") return;
    const headers = request.headers();
    // The origin only, since a shop's path and query can contain secrets.
    expect(headers["referer"]).toBe(`${shop}/`);
    sent.push(Object.fromEntries(Object.entries(headers).filter(([name]) => !BROWSERS_OWN.test(name))));
  });
  await open(page, await createSession(), { params: PARAMS });
  await fillCard(page, CARDS.success);
  await press(page);
  await expectCodes(page, PAID);
  expect(sent).toEqual(
    (["query", "submit", "inquire"] as const).map((operation) => ({
      ...COMMON,
      ...SANDBOX,
      "operation-type": NAMES[operation],
    })),
  );
  expect(Math.abs(Number(sent[0]!["client-time"]) - Date.now())).toBeLessThan(60_000);

  sent.length = 0;
  const prod = await createSession({ environment: "prod" });
  await page.evaluate(() => (window as any).sdk.unmount());
  await open(page, prod, { name: "prod", options: { environment: "prod" }, params: PARAMS });
  expect(sent).toEqual([{ ...COMMON, "operation-type": NAMES.query }]);
});

test("bodies of every call, member by member", async ({ page, shop, createSession }) => {
  await recordCalls(page);
  await page.goto(`${shop}/lab?token=secret#part`);
  const session = await createSession({ metadata: { sandbox: { sessionShape: "four" } } });
  const parts = session.paymentSessionData.split("&&");
  expect(parts).toHaveLength(4);
  const { paymentSessionConfig } = JSON.parse(Buffer.from(parts[3]!, "base64").toString());
  expect(paymentSessionConfig).toBeTruthy();
  const merchantAppointParam = { storedCard: { needCVV: true } };
  await open(page, session, { params: { ...PARAMS, merchantAppointParam } });
  await fillCard(page, CARDS.success);
  const billingAddress = { region: "MY", zipCode: "50000" };
  await page.evaluate((billingAddress) => void (window as any).sdk.submit({ billingAddress }), billingAddress);
  await expectCodes(page, PAID);

  const facts = await page.evaluate(() => ({
    language: navigator.language,
    userAgent: navigator.userAgent,
    colorDepth: window.screen.colorDepth,
    width: window.screen.width,
    height: window.screen.height,
    offset: new Date().getTimezoneOffset(),
  }));
  const envInfo = {
    terminalType: "WEB",
    browserInfo: {
      browserJavaScriptEnabled: true,
      browserJavaEnabled: false,
      browserLanguage: facts.language,
      browserUserAgent: facts.userAgent,
      browserColorDepth: facts.colorDepth,
    },
    deviceLanguage: facts.language,
    screenWidth: facts.width,
    screenHeight: facts.height,
    timeZoneOffset: facts.offset,
    locale: "en_US",
  };
  const refUrl = `${shop}/lab`;
  const paymentSessionData = parts.slice(0, 3).join("&&");
  const calls = await recordedCalls(page);
  // Calls to a gateway of the `gateway` option carry no cookies.
  expect(calls.map(({ credentials }) => credentials)).toEqual(["omit", "omit", "omit"]);
  expect(calls.map(({ operation, body }) => [operation, body])).toEqual([
    [
      "query",
      [
        {
          paymentSessionData,
          paymentSessionConfig,
          notRedirectAfterComplete: true,
          merchantAppointParam,
          paymentMethodType: "CARD",
          envInfo,
          extParams: { refUrl },
        },
      ],
    ],
    [
      "submit",
      [
        {
          paymentSessionData,
          paymentSessionConfig,
          paymentMethod: { paymentMethodType: "CARD" },
          paymentFactors: { cardToken: expect.any(String), billingAddress },
          envInfo,
          extParams: { refUrl, attemptId: expect.stringMatching(/^[0-9a-f]{24}-1$/) },
        },
      ],
    ],
    ["inquire", [{ paymentSessionData, envInfo, extParams: { refUrl } }]],
  ]);
});

/** Records the requests of the page from now on: method and address without its query. */
function recordRequests(page: import("@playwright/test").Page): string[] {
  const requests: string[] = [];
  page.on("request", (request) => {
    requests.push(`${request.method()} ${request.url().split("?")[0]}`);
  });
  return requests;
}

const QUIET = { analytics: { enabled: false } };

test("a card payment requests its form, its token and its state, and nothing else", async ({ page, shop, gateway, createSession }) => {
  await enterLab(page, shop);
  const requests = recordRequests(page);
  const session = await createSession();
  await page.evaluate((gateway) => {
    const world = window as any;
    world.early = new world.AMSCashierPayment({ environment: "sandbox", gateway, analytics: { enabled: false } });
    return new Promise((resolve) => setTimeout(resolve, 200));
  }, gateway);
  expect(requests, "before createComponent").toEqual([]);
  await open(page, session, { options: QUIET, params: PARAMS });
  await fillCard(page, CARDS.success);
  await press(page);
  await expectCodes(page, PAID);
  const form = ["card", "card.css", "card.js", "card.wasm"].map((file) => `GET ${gateway}/frame/${file}`);
  const call = `POST ${gateway}/mgw.htm`;
  expect(requests.filter(ofPage).sort()).toEqual([...form, `POST ${gateway}/frame/card/token`, call, call, call].sort());
});

test("a payment with a code requests its state, and nothing else", async ({ page, shop, gateway, createSession }) => {
  await enterLab(page, shop);
  const requests = recordRequests(page);
  await start(page, await createSession({ method: "PROMPTPAY", amount: "4200", currency: "THB", metadata: { sandbox: { approvesIn: 0 } } }), {
    options: QUIET,
    params: PARAMS,
  });
  await screen(page, "codes");
  await goOnline(page);
  await expectCodes(page, PAID);
  const call = `POST ${gateway}/mgw.htm`;
  expect(requests.filter(ofPage).sort()).toEqual([call, call, call]);
});

test("a redirect to a bank's page sends a query and a submit only", async ({ page, shop, gateway, createSession }) => {
  await enterLab(page, shop);
  const requests = recordRequests(page);
  await start(page, await createSession({ method: "ONLINEBANKING_FPX", amount: "4200", currency: "MYR" }), { options: QUIET });
  await page.waitForURL(`${gateway}/bank/**`);
  const call = `POST ${gateway}/mgw.htm`;
  expect(requests.filter(ofPage)).toEqual([call, call, `GET ${page.url()}`]);
});

/** Whether a request is neither a CORS preflight nor for a file of the bank's page. */
function ofPage(request: string): boolean {
  return !request.startsWith("OPTIONS ") && !request.includes("/sim/assets/");
}

test("preload fetches the files of the card form and removes its frame", async ({ page, shop, gateway, createSession }) => {
  await enterLab(page, shop);
  await page.clock.install();
  const requests = recordRequests(page);
  await page.evaluate((gateway) => (window as any).AMSCashierPayment.preload({ environment: "sandbox", gateway }), gateway);
  await expect(page.locator("iframe")).toHaveCount(1);
  await expect(page.locator("iframe")).toBeHidden();
  const warm = ["warm", "card.css", "card.js", "card.wasm"].map((file) => `GET ${gateway}/frame/${file}`).sort();
  await expect.poll(() => [...requests].sort()).toEqual(warm);
  await page.clock.fastForward(10_000);
  await expect(page.locator("iframe")).toHaveCount(0);
  expect([...requests].sort()).toEqual(warm);
  await open(page, await createSession(), { params: PARAMS });
  await expectCodes(page, OPENED);
});

test("preload without a gateway sends no request, and with an invalid one throws", async ({ page, shop }) => {
  await enterLab(page, shop);
  const requests = recordRequests(page);
  await page.evaluate(() => (window as any).AMSCashierPayment.preload({ environment: "sandbox" }));
  const code = await page.evaluate(() => {
    try {
      (window as any).AMSCashierPayment.preload({ environment: "sandbox", gateway: "http://gateway.example" });
      return "accepted";
    } catch (error) {
      return (error as any).code;
    }
  });
  expect(code).toBe("SDK_INIT_PARAMETER_ERROR");
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  expect(requests).toEqual([]);
});

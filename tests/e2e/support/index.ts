// What every spec uses instead of Playwright's own `test`.

import { test as base, expect, type APIRequestContext, type Page } from "@playwright/test";

export { expect };

/** What a shop asks its server for. */
export interface Order {
  /** Payment method type, such as `CARD` or `ALIPAY_CN`. */
  method: string;
  /** In minor units, as text: `"12345"` is 123.45 in most currencies. */
  amount: string;
  /** ISO 4217. */
  currency: string;
  /** Passed through to the sandbox, which chooses its behaviour by it. */
  metadata: Record<string, unknown>;
  /** Passed to the gateway with the payment method, such as `is3DSAuthentication`. */
  paymentMethodMetaData: Record<string, unknown>;
  /** `prod` makes a session of the merchant's other client id. */
  environment: "sandbox" | "prod";
}

/** What the shop's server answers, and its page gives to the SDK. */
export interface Session {
  paymentSessionData: string;
  paymentRequestId: string;
  /** The gateway's address. */
  gateway: string;
  /** The shop's own number of the order. */
  order: string;
}

/** Something a page must never do. */
export interface Complaint {
  /** `csp`: its own policy refused something. `error`: an uncaught exception or `console.error`. */
  kind: "csp" | "error";
  text: string;
}

export interface Fixtures {
  /** Address of the demo shop, without a slash at the end. */
  shop: string;
  /** Address of the gateway, without a slash at the end. */
  gateway: string;
  /** Creates a payment session through the shop's server. */
  createSession: (order?: Partial<Order>) => Promise<Session>;
  /** The payment as the shop's server knows it. */
  payment: (paymentRequestId: string) => Promise<Record<string, unknown>>;
  /**
   * Policy violations and errors of this test's pages, frames included. A test passes only if the
   * list is empty at the end; a test that provokes one removes it. Playwright itself causes
   * violations where it adds an element to the page: `addScriptTag`, or `screenshot` hiding the caret
   * (`caret: "initial"` leaves it).
   */
  complaints: Complaint[];
}

export const test = base.extend<Fixtures>({
  shop: async ({}, use) => use(address("KASSA_SHOP")),
  gateway: async ({}, use) => use(address("KASSA_GATEWAY")),
  createSession: async ({ request, shop }, use) =>
    use((order = {}) => createSession(request, shop, order)),
  payment: async ({ request, shop }, use) => use((id) => payment(request, shop, id)),
  complaints: [
    async ({ page }, use) => {
      const complaints: Complaint[] = [];
      await collectComplaints(page, complaints);
      await use(complaints);
      expect(complaints, "complaints of the pages").toEqual([]);
    },
    { auto: true },
  ],
});

export async function createSession(
  request: APIRequestContext,
  shop: string,
  order: Partial<Order> = {},
): Promise<Session> {
  const data = { method: "CARD", amount: "12345", currency: "USD", metadata: {}, ...order };
  const response = await request.post(`${shop}/api/sessions`, { data });
  expect(response.ok(), `creating a session: ${response.status()} ${await response.text()}`).toBe(true);
  return (await response.json()) as Session;
}

export async function payment(
  request: APIRequestContext,
  shop: string,
  paymentRequestId: string,
): Promise<Record<string, unknown>> {
  const response = await request.get(`${shop}/api/payments/${encodeURIComponent(paymentRequestId)}`);
  expect(response.ok(), `reading a payment: ${response.status()}`).toBe(true);
  return (await response.json()) as Record<string, unknown>;
}

/** Waits until the shop's server knows this status. */
export async function expectStatus(
  request: APIRequestContext,
  shop: string,
  paymentRequestId: string,
  status: string,
): Promise<void> {
  await expect
    .poll(async () => (await payment(request, shop, paymentRequestId))["paymentStatus"])
    .toBe(status);
}

// A browser reports a violated policy as an event to the document alone, so the page is asked to
// pass it on; the console shows it only in some browsers. Also before the page's own scripts run,
// and in frames.
export async function collectComplaints(page: Page, complaints: Complaint[]): Promise<void> {
  const mistake = (text: string) => {
    // A browser's note of a failed request is left out: that is a test's subject, not a mistake.
    if (!FAILED_REQUEST.test(text)) complaints.push({ kind: "error", text });
  };
  // Firefox reports what it notes itself in the same way as exceptions.
  page.on("pageerror", (error) => mistake(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    if (text.startsWith(MARK)) {
      complaints.push({ kind: "csp", text: text.slice(MARK.length) });
    } else if (message.type() === "error") {
      mistake(text);
    }
  });
  await page.addInitScript((mark) => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.info(
        `${mark}${event.effectiveDirective} refused ${event.blockedURI} ` +
          `(${event.sourceFile}:${event.lineNumber}) ${event.sample}`,
      );
    });
  }, MARK);
}

const MARK = "kassa-csp-violation: ";

/** Chromium's words, and Firefox's. */
const FAILED_REQUEST = /^Failed to load resource|CORS request did not succeed/;

function address(variable: string): string {
  const value = process.env[variable];
  if (!value) {
    throw new Error(`${variable} is not set: run \`cargo xtask test e2e\``);
  }
  return value.replace(/\/$/, "");
}

// The `test` of every spec: Playwright's own with fixtures for the sandbox.

import { test as base, expect, type APIRequestContext, type Page } from "@playwright/test";

export { expect };

/** The body of the demo shop's request for a session. */
export interface Order {
  /** Payment method type, such as `CARD` or `ALIPAY_CN`. */
  method: string;
  /** In minor units, as text: `"12345"` is 123.45 in most currencies. */
  amount: string;
  /** ISO 4217. */
  currency: string;
  /** Passed through to the sandbox; its member `sandbox` is the scenario, see `docs/sandbox.md`. */
  metadata: Record<string, unknown>;
  /** Passed to the gateway with the payment method, such as `is3DSAuthentication`. */
  paymentMethodMetaData: Record<string, unknown>;
  /** `prod` creates the session with the merchant's client id for production. */
  environment: "sandbox" | "prod";
}

/** The demo shop's answer to an `Order`. */
export interface Session {
  paymentSessionData: string;
  paymentRequestId: string;
  /** The gateway's address. */
  gateway: string;
  /** The shop's order number. */
  order: string;
}

/** An error that a page may not cause. */
export interface Complaint {
  /** `csp`: a violation of the page's policy. `error`: an uncaught exception or `console.error`. */
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
  /** The payment's state by an inquiry of the shop's server. */
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

/** Waits until the shop's server inquires this payment status. */
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

// A browser fires `securitypolicyviolation` at the document only, and not every browser prints it to the
// console. A script that runs before those of the page and of its frames therefore prints it.
export async function collectComplaints(page: Page, complaints: Complaint[]): Promise<void> {
  const addError = (text: string) => {
    // Failed requests are left out: tests cause them on purpose.
    if (!FAILED_REQUEST.test(text)) complaints.push({ kind: "error", text });
  };
  // Firefox reports its own messages as `pageerror`, like exceptions.
  page.on("pageerror", (error) => addError(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    if (text.startsWith(MARK)) {
      complaints.push({ kind: "csp", text: text.slice(MARK.length) });
    } else if (message.type() === "error") {
      addError(text);
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

/** The messages of Chromium and of Firefox. */
const FAILED_REQUEST = /^Failed to load resource|CORS request did not succeed/;

function address(variable: string): string {
  const value = process.env[variable];
  if (!value) {
    throw new Error(`${variable} is not set: run \`cargo xtask test e2e\``);
  }
  return value.replace(/\/$/, "");
}

// The `test` of the specs, and the steps of a merchant, a buyer and a merchant's server.

import {
  devices,
  expect,
  test as base,
  type APIRequestContext,
  type Locator,
  type Page,
} from "@playwright/test";

import { MERCHANT, start, type Call, type Internet, type Sdk } from "./internet";

export { expect, type APIRequestContext, type Page, type Sdk };

export const SDKS: Sdk[] = ["original", "kassa"];

export const QUERY = "com.ipay.iexpcashier.sdkAction.query";
export const SUBMIT = "com.ipay.iexpcashier.cashier.submitPayByPaymentSession";
export const INQUIRE = "kassa.payment.inquire";

/** The original's event is that of its checkout app, and comes with a view only. */
export const END_OF_LOADING: Record<Sdk, string[]> = { original: [], kassa: ["SDK_END_OF_LOADING"] };

/** Addresses of the sandbox. */
export const shop = address("KASSA_SHOP");
export const gateway = address("KASSA_GATEWAY");

export interface Session {
  paymentSessionData: string;
  paymentRequestId: string;
}

export const test = base.extend<{ internet: Internet }>({
  internet: async ({}, use) => {
    const internet = await start(gateway);
    await use(internet);
    await internet.close();
  },
  proxy: async ({ internet }, use) => use({ server: internet.proxy, bypass: "localhost,127.0.0.1" }),
});

const { userAgent, viewport, deviceScaleFactor, hasTouch } = devices["Pixel 7"]!;

/** The options of tests on a phone. */
export const PHONE: Parameters<typeof test.use>[0] = {
  userAgent,
  viewport,
  deviceScaleFactor,
  hasTouch,
  // Playwright has it for Chromium only.
  isMobile: async ({ browserName }, use) => use(browserName === "chromium"),
};

/** A session by the merchant's server. */
export async function createSession(request: APIRequestContext, order: Record<string, string>): Promise<Session> {
  const response = await request.post(`${shop}/api/sessions`, { data: order });
  expect(response.ok(), `creating a session: ${response.status()} ${await response.text()}`).toBe(true);
  return (await response.json()) as Session;
}

/** Waits until the merchant's server inquires that the payment is paid. */
export async function expectPaid(request: APIRequestContext, { paymentRequestId }: Session): Promise<void> {
  const status = async () => (await (await request.get(`${shop}/api/payments/${paymentRequestId}`)).json()).paymentStatus;
  await expect.poll(status).toBe("SUCCESS");
}

/** Opens the merchant's page with one of the SDKs and presses its button. */
export async function pay(page: Page, sdk: Sdk, session: Session): Promise<void> {
  await page.goto(`${MERCHANT}/${sdk}/`);
  await page.locator("#session").fill(session.paymentSessionData);
  await page.locator("#pay").click();
}

/** The code is on the screen: Kassa draws it, and the stand-in for the original's checkout app has its text. */
export async function expectCode(page: Page, sdk: Sdk, code: string): Promise<void> {
  if (sdk === "kassa") {
    await expect(component(page).locator("svg")).toHaveCount(1);
  } else {
    const shown = page.frameLocator("#ams-checkout-component-desktop").locator("#code");
    await expect(shown).toHaveText(code);
    await expect(shown).toBeVisible();
  }
}

function component(page: Page): Locator {
  return page.locator("[data-kassa]");
}

/** Waits for a page, on the way to which a link to an app may have failed. */
export async function expectPage(page: Page, beginning: string): Promise<void> {
  await expect.poll(() => page.url(), { timeout: 20_000 }).toContain(beginning);
}

/** The operations of the calls that reached the gateway. */
export function operations(internet: Internet): string[] {
  return internet.calls.map((made) => made.operation);
}

export function call(internet: Internet, operation: string): Call {
  return internet.calls.find((made) => made.operation === operation)!;
}

function address(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set: run \`cargo xtask test interop\``);
  return value.replace(/\/$/, "");
}

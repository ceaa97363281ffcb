// The buyer's actions outside of the component: decisions in a simulator, apps in front of the page,
// phones.

import { expect, type APIRequestContext, type Locator, type Page } from "@playwright/test";

import type { Session } from "./index";

export const ANDROID =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36";

/**
 * What the browser reports of the buyer's activation; old ones report nothing. A test decides: in some
 * browsers, what the driver evaluates counts as the buyer's press.
 */
export type Activation = "active" | "none" | "unknown";

/** Gives the page the user agent of a phone. */
export async function useAndroid(page: Page, activation: Activation = "none"): Promise<void> {
  // The context's user agent would not do: Debian's Firefox ignores it.
  await page.addInitScript(
    ([agent, activation]) => {
      Object.defineProperty(navigator, "userAgent", { get: () => agent });
      const reported = activation === "unknown" ? undefined : { isActive: activation === "active" };
      Object.defineProperty(navigator, "userActivation", { get: () => reported });
    },
    [ANDROID, activation] as const,
  );
}

/** Gives the page the user agent and the size of a phone. */
export async function onPhone(page: Page, activation: Activation = "none"): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  await useAndroid(page, activation);
}

/** Waits until the session has one open payment in the simulator, and returns its key. */
export async function simulator(request: APIRequestContext, gateway: string, session: Session): Promise<string> {
  let keys: string[] = [];
  await expect
    .poll(async () => {
      const { payments } = await (await request.get(`${gateway}/simulators?format=json`)).json();
      const own = payments.filter((entry: any) => entry.paymentRequestId === session.paymentRequestId);
      keys = own.map((entry: any) => entry.key);
      return keys.length;
    })
    .toBe(1);
  return keys[0]!;
}

/** Sends the buyer's decision at the bank or in the app. Returns the key of the simulator. */
export async function decide(
  request: APIRequestContext,
  gateway: string,
  session: Session,
  decision = "approve",
): Promise<string> {
  const key = await simulator(request, gateway, session);
  expect((await request.post(`${gateway}/sim/${key}`, { form: { decision } })).status()).toBe(200);
  return key;
}

/** Puts the page into the background, as an app in front of it does, or back into the foreground. */
export async function setVisible(page: Page, visible: boolean): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visible ? "visible" : "hidden");
}

/** Fires the `online` event, on which the page sends its next inquiry at once. */
export async function goOnline(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new Event("online")));
}

/**
 * Presses a button inside of a cross-site frame. WebDriver BiDi, which drives Debian's Firefox, does not
 * deliver mouse events to those.
 */
export async function press(page: Page, button: Locator): Promise<void> {
  await expect(button).toBeVisible();
  if (isFirefox(page)) await button.evaluate((element: HTMLElement) => element.click());
  else await button.click();
}

export function isFirefox(page: Page): boolean {
  return page.context().browser()?.browserType().name() === "firefox";
}

/** The values of `threeDSCompInd` that the page sends, as far as the browser's driver shows requests' bodies. */
export function indicators(page: Page): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    const indicator = request.postData()?.match(/"threeDSCompInd":"(.)"/)?.[1];
    if (indicator) sent.push(indicator);
  });
  return sent;
}

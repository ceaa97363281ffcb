// What buyers do elsewhere: in a simulator, in an app in front of the page, at a phone.

import { expect, type Locator, type Page } from "@playwright/test";

import type { Session } from "./index";

export const PHONE =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36";

/** Makes the page a phone's. Not by the context: Debian's Firefox has no setting for it. */
export async function onPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.addInitScript((agent) => {
    Object.defineProperty(navigator, "userAgent", { get: () => agent });
  }, PHONE);
}

/** The key of the payment under way, by which its simulators are found. */
export async function paymentKey(page: Page, gateway: string, session: Session): Promise<string> {
  let key = "";
  await expect
    .poll(async () => {
      const listed = await (await page.request.get(`${gateway}/simulators?format=json`)).json();
      const mine = listed.payments.filter((it: any) => it.paymentRequestId === session.paymentRequestId);
      key = mine.length === 1 ? mine[0].key : "";
      return key;
    })
    .not.toBe("");
  return key;
}

/** Decides the payment under way, as the buyer would in the method's own world. */
export async function decide(
  page: Page,
  gateway: string,
  session: Session,
  decision: string,
  code = "",
): Promise<void> {
  const key = await paymentKey(page, gateway, session);
  const form: Record<string, string> = code ? { decision, code } : { decision };
  expect((await page.request.post(`${gateway}/sim/${key}`, { form })).status()).toBe(200);
}

/** Puts an app in front of the page, or takes it away. */
export async function shows(page: Page, visible: boolean): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, visible ? "visible" : "hidden");
}

/** A good moment to ask the gateway, so that no test waits for the next turn. */
export async function nudge(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new Event("online")));
}

/**
 * Presses a button inside of a frame of another site. Debian's Firefox is driven by a protocol whose
 * mouse does not reach those.
 */
export async function press(page: Page, button: Locator): Promise<void> {
  await expect(button).toBeVisible();
  if (isFirefox(page)) await button.evaluate((element: HTMLElement) => element.click());
  else await button.click();
}

export function isFirefox(page: Page): boolean {
  return page.context().browser()?.browserType().name() === "firefox";
}

/** What the page tells the gateway of the 3DS method, as far as the browser's driver shows requests' bodies. */
export function indicators(page: Page): string[] {
  const told: string[] = [];
  page.on("request", (made) => {
    const indicator = made.postData()?.match(/"threeDSCompInd":"(.)"/)?.[1];
    if (indicator) told.push(indicator);
  });
  return told;
}

// The parts are there and speak to each other; what they say is the other specs' subject.

import { expect, test } from "./support";

test("the shop opens and sells something", async ({ page, shop }) => {
  await page.goto(shop);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("form").getByRole("button").first()).toBeEnabled();
});

test("a session of the shop's server is one that the SDK can read", async ({ createSession, gateway }) => {
  const session = await createSession();
  expect(session.gateway).toBe(gateway);
  expect(session.paymentSessionData.split("&&").length).toBeGreaterThanOrEqual(3);
});

test("the script tag's file defines the class", async ({ page, shop }) => {
  await page.goto(`${shop}/lab`);
  expect(await page.evaluate(() => typeof Reflect.get(window, "AMSCashierPayment"))).toBe("function");
});

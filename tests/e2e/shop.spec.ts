// The demo shop, as a newcomer uses it: both integrations, desktop and phone.

import { expect, test } from "./support";
import { CARDS, cardForm, component, payButton, typeCard } from "./support/lab";

for (const integration of ["package", "cdn"] as const) {
  test(`${integration}: a card is paid from shelf to receipt`, async ({ page, shop }) => {
    await page.goto(shop);
    await page.locator("input[name=method][value=CARD]").check();
    await page.locator(`input[name=integration][value=${integration}]`).check();
    await page.locator("form button[type=submit]").click();
    await expect(page).toHaveURL(integration === "cdn" ? /\/cdn\/checkout\// : /\/checkout\//);
    await page.locator("#pay").click();
    await typeCard(page, CARDS.success);
    await payButton(page).click();
    await page.waitForURL(/\/result/);
    await expect(page.locator("#result")).toHaveAttribute("data-scene", "paid");
  });

  test(`${integration}: online banking`, async ({ page, shop, gateway }) => {
    await page.goto(shop);
    await page.locator("input[name=method][value=ONLINEBANKING_FPX]").check();
    await page.locator(`input[name=integration][value=${integration}]`).check();
    await page.locator("form button[type=submit]").click();
    await page.locator("#pay").click();
    await page.waitForURL(`${gateway}/bank/**`);
    await page.locator("button.yes").click();
    await page.waitForURL(/\/result/);
    await expect(page.locator("#result")).toHaveAttribute("data-scene", "paid");
  });
}

test("on a phone the component is a sheet that fits", async ({ page, shop }) => {
  await page.setViewportSize({ width: 390, height: 780 });
  await page.goto(shop);
  await page.locator("input[name=method][value=CARD]").check();
  await page.locator("form button[type=submit]").click();
  await page.locator("#pay").click();
  await expect(cardForm(page).locator("input").first()).toBeVisible();
  const box = await component(page).locator("dialog").boundingBox();
  expect(box).toMatchObject({ x: 0, width: 390 });
  expect(Math.round((box?.y ?? 0) + (box?.height ?? 0))).toBe(780);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test("the events are listed as they fire", async ({ page, shop }) => {
  await page.goto(shop);
  await page.locator("input[name=method][value=CARD]").check();
  await page.locator("form button[type=submit]").click();
  await page.locator("#pay").click();
  await expect(page.locator("#events")).toContainText("SDK_START_OF_LOADING");
  await expect(page.locator("#events")).toContainText("SDK_END_OF_LOADING");
});

// The demo shop with both integrations, on a desktop and on a phone.

import type { Page } from "@playwright/test";

import { expect, test } from "./support";
import { onPhone } from "./support/buyer";
import { CARDS, cardForm, component, payButton, typeCard } from "./support/lab";

/** Searches for a method and selects it. */
async function choose(page: Page, word: string, method: string): Promise<void> {
  await page.locator("#search").fill(word);
  await page.locator(`input[name=method][value=${method}]`).check();
}

for (const integration of ["package", "cdn"] as const) {
  test(`${integration}: a card is paid from the shop's list to the receipt`, async ({ page, shop }) => {
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
    await choose(page, "fpx", "ONLINEBANKING_FPX");
    await page.locator(`input[name=integration][value=${integration}]`).check();
    await page.locator("form button[type=submit]").click();
    await page.locator("#pay").click();
    await page.waitForURL(`${gateway}/bank/**`);
    await page.locator("button.yes").click();
    await page.waitForURL(/\/result/);
    await expect(page.locator("#result")).toHaveAttribute("data-scene", "paid");
  });
}

test("the component is a bottom sheet of the screen's width on a phone", async ({ page, shop }) => {
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

test("a method is found by its country, and its amount is valid for it", async ({ page, shop }) => {
  await page.goto(shop);
  await page.locator("#search").fill("japan");
  await expect(page.locator("input[name=method][value=KONBINI]")).toBeVisible();
  await expect(page.locator("input[name=method][value=BLIK]")).toBeHidden();
  await choose(page, "konbini", "KONBINI");
  await page.locator("form button[type=submit]").click();
  await page.locator("#pay").click();
  await expect(component(page).locator('.fields [name="firstName"]')).toBeVisible();
  await expect(component(page).locator(".amount")).toContainText("¥");
});

test("the expected events are listed before the payment, and occur", async ({ page, shop }) => {
  await page.goto(shop);
  await page.locator("#outcome").selectOption("3ds-frame");
  await page.locator("form button[type=submit]").click();
  const expected = await page.locator("#expected li").allInnerTexts();
  expect(expected).toContain("SDK_PAYMENT_CHALLENGE");
  await page.locator("#pay").click();
  await typeCard(page);
  await payButton(page).click();
  await expect(page.locator("#events")).toContainText("SDK_PAYMENT_CHALLENGE");
});

test("an app on a phone, from the shop's list to the receipt", async ({ page, shop, gateway }) => {
  await onPhone(page);
  await page.goto(shop);
  await choose(page, "gcash", "GCASH");
  await page.locator("form button[type=submit]").click();
  await page.locator("#pay").click();
  await component(page).getByRole("button", { name: "Continue in the browser" }).click();
  await page.waitForURL(new RegExp(`^${gateway}/(wallet|bank)/`));
  await page.locator("button.yes").click();
  await page.waitForURL(/\/result/);
  await expect(page.locator("#result")).toHaveAttribute("data-scene", "paid");
});

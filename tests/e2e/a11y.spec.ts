// Accessibility of the component: axe's rules for WCAG 2.2 AA, and operation with the keyboard.

import AxeBuilder from "@axe-core/playwright";

import type { Page } from "@playwright/test";

import { expect, test, type Complaint } from "./support";
import { CARDS, cardForm, component, enterLab, expectCodes, open, payButton, typeCard } from "./support/lab";
import { clear } from "./support/network";

/** Checks the component by the rules; `what` names its state in a failure. */
async function check(page: Page, complaints: Complaint[], what: string): Promise<void> {
  // Axe has its own copy of Playwright's types.
  const axe = new AxeBuilder({ page: page as never }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]);
  const { violations } = await axe.include("[data-kassa]").analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html)}`), what).toEqual([]);
  // Axe itself violates the page's policy; the page's own violations were collected before.
  complaints.splice(0, complaints.filter((c) => c.kind === "csp").length);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("the card form, its errors and a refusal have no accessibility violations", async ({ page, shop, createSession, complaints }) => {
      // Axe checks every element three times here, frames included.
      test.slow();
      await enterLab(page, shop);
      await open(page, await createSession(), { params: { notRedirectAfterComplete: true } });
      expect(complaints).toEqual([]);
      await check(page, complaints, "the empty form");
      await payButton(page).click();
      await expect(cardForm(page).locator("[aria-invalid=true]").first()).toBeVisible();
      await check(page, complaints, "the form with errors");
      await typeCard(page, CARDS.declined);
      await payButton(page).click();
      await expect(component(page).getByRole("alert")).toBeVisible();
      await check(page, complaints, "a refusal");
    });

    test("fields, their errors, a list and codes have no accessibility violations", async ({ page, shop, createSession, complaints }) => {
      test.slow();
      await enterLab(page, shop);
      await open(page, await createSession({ method: "KONBINI", amount: "4200", currency: "JPY" }));
      expect(complaints).toEqual([]);
      await check(page, complaints, "the empty fields");
      await payButton(page).click();
      await expect(component(page).locator("[aria-invalid=true]").first()).toBeFocused();
      await check(page, complaints, "the fields with errors");
      await clear(page);

      const sandbox = { askHere: true };
      await open(page, await createSession({
        method: "ONLINEBANKING_FPX", amount: "4200", currency: "MYR", metadata: { sandbox },
      }));
      await component(page).getByRole("combobox").press("ArrowDown");
      await expect(component(page).getByRole("listbox")).toBeVisible();
      await check(page, complaints, "an open list");
      await clear(page);

      await open(page, await createSession({ method: "BANKTRANSFER_BNI", amount: "1000000", currency: "IDR" }));
      await expect(component(page).locator("figure").first()).toBeVisible();
      await check(page, complaints, "a number to copy");
      await clear(page);

      await open(page, await createSession({ method: "PAYNOW", amount: "4200", currency: "SGD" }));
      await expect(component(page).locator("svg").first()).toBeVisible();
      await check(page, complaints, "a code to scan");
    });
  });
}

test("a card is paid and the component closed with the keyboard alone", async ({ page, shop, createSession, browserName }) => {
  await enterLab(page, shop);
  await open(page, await createSession(), { params: { notRedirectAfterComplete: true } });
  if (browserName === "firefox") {
    // WebDriver BiDi delivers no key strokes to cross-site frames: only the keys after the form are tested.
    await typeCard(page);
    await payButton(page).focus();
  } else {
    await cardForm(page).locator("input[autocomplete=cc-number]").focus();
    for (const text of [CARDS.success, "1230", "123", "Mia Chen"]) {
      await page.keyboard.type(text);
      await page.keyboard.press("Tab");
    }
  }
  await expect(payButton(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expectCodes(page, [
    "START_OF_LOADING",
    "END_OF_LOADING",
    "PAYMENT_AUTHORIZATION_SUCCESSFUL",
    "PAYMENT_SUCCESSFUL",
  ]);
  await page.keyboard.press("Escape");
  await expect(component(page)).toHaveCount(0);
});

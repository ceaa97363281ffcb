// Forms and codes, as a buyer meets them, before the SDK loads them by itself.

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect, test } from "./support";
import { desk, enterDesk, loadDesk, said, send, showCodes, showForm, values } from "./support/desk";
import { component } from "./support/lab";

const BANKS = ["mBank", "ING Bank \u015al\u0105ski", "PKO Bank Polski", "Santander", "Alior Bank", "Bank Millennium",
  "BNP Paribas", "Citi Handlowy", "Credit Agricole", "Getin Bank", "Nest Bank", "Bank Sp\u00f3\u0142dzielczy"]
  .map((text, index) => ({ value: `B${index}`, text }));

const PHONE = { paymentElementKey: "phoneNumber", elementType: "PHONE", elementMandatory: true, country: "ES" };
const EMAIL = { paymentElementKey: "email", elementType: "EMAIL", elementMandatory: true, paramIllegalText: "That is no address." };
const CPF = { paymentElementKey: "cpf", elementType: "CPF", elementMandatory: false };
const BANK = { paymentElementKey: "bank", elementType: "BANK", elementMandatory: true, options: BANKS, defaultText: "Search your bank" };
const SELECT = { paymentElementKey: "brand", elementType: "SELECT", elementMandatory: true, title: "Card", options: BANKS.slice(0, 2) };
const CONSENT = { paymentElementKey: "terms", elementType: "CONSENT", elementMandatory: true, title: "I agree to the terms." };
const NAME = {
  paymentElementKey: "buyerName",
  elementType: "NAME",
  title: "Your name",
  subPaymentElementView: [
    { paymentElementKey: "firstName", elementType: "NAME", elementMandatory: true, title: "First name", maxLength: 32 },
    { paymentElementKey: "lastName", elementType: "NAME", elementMandatory: true, title: "Last name", maxLength: 32 },
  ],
};
const DATE = { paymentElementKey: "birthDate", elementType: "DATE", elementMandatory: true, title: "Date of birth" };
const ALL = [NAME, PHONE, EMAIL, CPF, DATE, BANK, SELECT, CONSENT];

const CODES = [
  { code: "https://qr.example/pay?id=0123456789", displayType: "QRCODE" },
  { code: "12345678901234", displayType: "BARCODE" },
  { code: "9876543210", displayType: "TEXT" },
];

const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

async function violations(page: Page): Promise<string[]> {
  // Axe brings a copy of Playwright's types of its own.
  const axe = new AxeBuilder({ page: page as never }).withTags(AXE_TAGS).include("[data-kassa]");
  return (await axe.analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html)}`);
}

test("what is wrong is on the fields; what is right travels in its wire form", async ({ page, shop, createSession }) => {
  await enterDesk(page, shop, await createSession());
  await showForm(page, ALL);
  await send(page, { t: "submit", id: "7" });
  expect(await said(page)).toEqual([{ t: "invalid", id: "7" }]);
  const first = desk(page).getByLabel("First name");
  await expect(first).toBeFocused();
  await expect(first).toHaveAttribute("aria-invalid", "true");
  await expect(first).toHaveAccessibleDescription("Enter the name.");
  await expect(desk(page).getByRole("group", { name: "Your name" })).toBeVisible();
  await expect(desk(page).getByLabel("CPF (optional)")).toHaveAttribute("aria-invalid", "false");

  await first.fill("Mia");
  await expect(first).toHaveAttribute("aria-invalid", "false");
  await desk(page).getByLabel("Last name").fill("Chen");
  await desk(page).getByLabel("Phone number").fill("600 112 233");
  await desk(page).getByLabel("Email").fill("mia@");
  await desk(page).getByLabel("Date of birth").fill("1990-12-31");
  await expect(desk(page).getByLabel("Email")).toHaveAccessibleDescription("That is no address.");
  await desk(page).getByLabel("Email").fill("mia@example.com");
  await desk(page).getByRole("combobox", { name: "Bank" }).fill("mbank");
  await desk(page).getByLabel("Card").selectOption("B1");
  await desk(page).getByLabel("I agree to the terms.").check();
  expect(await values(page)).toEqual({
    firstName: "Mia",
    lastName: "Chen",
    phoneNumber: "+34600112233",
    email: "mia@example.com",
    birthDate: "1990-12-31",
    bank: "B0",
    brand: "B1",
    terms: "true",
  });
  await send(page, { t: "validate", id: "8" });
  expect((await said(page)).pop()).toEqual({ t: "checked", id: "8", valid: "1" });
});

test("a field is shaped while it is typed, and the caret stays", async ({ page, shop, createSession }) => {
  await enterDesk(page, shop, await createSession());
  await showForm(page, [CPF]);
  const cpf = desk(page).getByLabel("CPF");
  await cpf.pressSequentially("52998224725");
  await expect(cpf).toHaveValue("529.982.247-25");
  const caret = () => cpf.evaluate((input: HTMLInputElement) => [input.value, input.selectionStart]);
  for (let i = 0; i < 7; i++) await cpf.press("ArrowLeft");
  // Between a point and a digit: Backspace takes the digit before the point.
  await cpf.press("ArrowRight");
  await cpf.press("ArrowLeft");
  expect(await caret()).toEqual(["529.982.247-25", 7]);
  await cpf.press("Backspace");
  expect(await caret()).toEqual(["529.982.472-5", 6]);
  await cpf.pressSequentially("x2");
  expect(await caret()).toEqual(["529.982.247-25", 7]);
  await cpf.press("End");
  await cpf.press("Backspace");
  await expect(cpf).toHaveAttribute("aria-describedby", /.+/);
  await cpf.press("Tab");
  await expect(cpf).toHaveAccessibleDescription("A CPF has 11 digits.");
});

test("what browsers fill in is shaped, and a composition is left alone", async ({ page, shop, createSession }) => {
  await enterDesk(page, shop, await createSession());
  await showForm(page, [PHONE, { ...CPF, paymentElementKey: "other" }]);
  await expect(desk(page).getByLabel("Phone number")).toHaveAttribute("autocomplete", "tel");
  const cpf = desk(page).getByLabel("CPF");
  await cpf.evaluate((input: HTMLInputElement) => {
    input.value = "52998224725";
    // As autofill does it: no type, no key.
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await expect(cpf).toHaveValue("529.982.247-25");
  await cpf.evaluate((input: HTMLInputElement) => {
    input.value = "\uff15\uff12\uff19\uff19";
    input.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
  });
  await expect(cpf).toHaveValue("\uff15\uff12\uff19\uff19");
  await cpf.evaluate((input) => input.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true })));
  await expect(cpf).toHaveValue("529.9");
});

test("a bank is searched with the keyboard, and Escape closes the list alone", async ({ page, shop, createSession }) => {
  await enterDesk(page, shop, await createSession());
  await showForm(page, [BANK]);
  const input = desk(page).getByRole("combobox", { name: "Bank" });
  const list = desk(page).getByRole("listbox");
  await expect(list).toBeHidden();
  await input.focus();
  await input.press("ArrowDown");
  await expect(list.getByRole("option")).toHaveCount(12);
  await expect(input).toHaveAttribute("aria-expanded", "true");
  await input.press("ArrowUp");
  await expect(desk(page).locator("li.active")).toHaveText("Bank Sp\u00f3\u0142dzielczy");
  await input.press("Escape");
  await expect(list).toBeHidden();
  await expect(component(page).locator("dialog")).toBeVisible();

  await input.pressSequentially("slas");
  await expect(list.getByRole("option")).toHaveText(["ING Bank \u015al\u0105ski"]);
  await expect(desk(page).getByRole("status")).toHaveText("1 to choose from");
  await input.press("Enter");
  await expect(input).toHaveValue("ING Bank \u015al\u0105ski");
  await expect(list).toBeHidden();
  expect(await said(page)).toEqual([]);
  expect(await values(page)).toEqual({ bank: "B1" });

  await input.fill("nowhere");
  await expect(desk(page).getByRole("status")).toHaveText("Nothing found");
  expect(await values(page)).toBeUndefined();
  await expect(input).toHaveAccessibleDescription("Choose one from the list.");
  await input.fill("");
  await list.getByRole("option", { name: "Santander" }).click();
  await expect(input).toBeFocused();
  await expect(input).toHaveAttribute("aria-invalid", "false");
  expect(await values(page)).toEqual({ bank: "B3" });
});

test("Enter asks to pay; a busy form changes nothing; a closed one says nothing", async ({ page, shop, createSession }) => {
  await enterDesk(page, shop, await createSession());
  await showForm(page, [EMAIL, SELECT, CONSENT]);
  const email = desk(page).getByLabel("Email");
  await email.press("Enter");
  expect(await said(page)).toEqual([{ t: "enter" }]);
  await send(page, { t: "busy", busy: "1" });
  await email.press("a");
  await email.press("Enter");
  const box = desk(page).getByLabel("I agree to the terms.");
  await box.focus();
  await box.press(" ");
  await desk(page).getByLabel("Card").focus();
  await page.keyboard.press("ArrowDown");
  await expect(email).toHaveValue("");
  await expect(box).not.toBeChecked();
  await expect(desk(page).getByLabel("Card")).toHaveValue("");
  expect(await said(page)).toEqual([{ t: "enter" }]);
  await send(page, { t: "busy", busy: "0" });
  await box.focus();
  await box.press(" ");
  await expect(box).toBeChecked();
  await page.evaluate(() => (window as any).link.close());
  await expect(desk(page)).toHaveCount(0);
  expect(await said(page)).toEqual([{ t: "enter" }]);
});

test("codes are pictures with names, and are copied as they are", async ({ page, shop, createSession }) => {
  await enterDesk(page, shop, await createSession());
  // What older engines and insecure pages have instead of a clipboard of their own.
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await showCodes(page, CODES);
  await expect(desk(page).getByRole("img", { name: "Scan with your banking app" })).toHaveCount(2);
  await expect(desk(page).locator(".number").first().locator("span")).toHaveText(["1234", "5678", "9012", "34"]);
  const buttons = desk(page).getByRole("button", { name: "Copy" });
  await expect(buttons).toHaveCount(3);
  await expect(buttons.nth(2)).toHaveAccessibleDescription("9876 5432 10");
  await page.evaluate(() => {
    document.addEventListener("copy", () => {
      const root = document.querySelector("[data-kassa]")!.shadowRoot!;
      (window as any).copied = (root.activeElement as HTMLTextAreaElement).value;
    });
  });
  await buttons.nth(1).click();
  await expect(desk(page).getByRole("status")).toHaveText("Copied");
  expect(await page.evaluate(() => (window as any).copied)).toBe("12345678901234");
  await expect(buttons.nth(1)).toBeFocused();
  await expect(desk(page).locator("textarea")).toHaveCount(0);

  const update = (views: unknown[]) => page.evaluate((views) => (window as any).codes.update(views), JSON.stringify(views));
  await update([{ ...CODES[0], code: "https://qr.example/pay?id=2" }, CODES[2]]);
  await expect(buttons).toHaveCount(2);
  await expect(buttons.nth(1)).toBeFocused();
  // Shown both ways, a code is copied from where it can be read; what is unknown is text.
  await update([{ code: "pix", displayType: "QRCODE" }, { code: "pix", displayType: "HOLOGRAM" }]);
  await expect(buttons).toHaveCount(1);
  // What no barcode can hold is still there to be read.
  await update([{ code: "\u5e73\u5b89", displayType: "BARCODE" }]);
  await expect(desk(page).locator("svg")).toHaveCount(0);
  await expect(desk(page)).toContainText("\u5e73\u5b89");
  await page.evaluate(() => (window as any).codes.close());
  await expect(desk(page)).toHaveCount(0);
});

test("styles come with a nonce where sheets cannot be constructed", async ({ page, shop }) => {
  await page.route(`${shop}/lab`, async (route) => {
    const answer = await route.fetch();
    const policy = answer.headers()["content-security-policy"]!.replace("style-src 'self'", "style-src 'nonce-once'");
    await route.fulfill({ response: answer, headers: { ...answer.headers(), "content-security-policy": policy } });
  });
  await page.addInitScript(() => {
    CSSStyleSheet.prototype.replaceSync = () => {
      throw new Error("not here");
    };
  });
  await page.goto(`${shop}/lab`);
  await page.evaluate(() => {
    const slot = document.createElement("div");
    const host = document.createElement("div");
    host.setAttribute("data-kassa", "");
    host.attachShadow({ mode: "open" }).appendChild(slot);
    document.body.appendChild(host);
    Object.assign(window, { slot, nonce: "once", heard: [] });
  });
  await loadDesk(page);
  await showForm(page, [EMAIL]);
  const input = desk(page).getByLabel("Email");
  await expect(input).toHaveCSS("border-top-left-radius", "10px");
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("forms, errors, lists and codes break no rule", async ({ page, shop, createSession, complaints }) => {
      // Axe walks every element four times here.
      test.slow();
      const check = async (what: string) => {
        expect(await violations(page), what).toEqual([]);
        // Its own probes offend the page's policy; the page's own complaints were collected before.
        complaints.splice(0, complaints.filter((c) => c.kind === "csp").length);
      };
      await enterDesk(page, shop, await createSession());
      await showForm(page, ALL);
      expect(complaints).toEqual([]);
      await check("an empty form");
      await send(page, { t: "validate", id: "1" });
      await desk(page).getByRole("combobox", { name: "Bank" }).click();
      await page.keyboard.press("ArrowDown");
      await check("errors and an open list");
      await send(page, { t: "busy", busy: "1" });
      await check("a busy form");
      await page.evaluate(() => (window as any).link.close());
      await showCodes(page, CODES);
      await check("codes");
    });
  });
}

// The buyer's language: where its texts come from, and that no text of another language is left.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { expect, test } from "./support";
import { cardForm, component, enterLab, open, payButton, received } from "./support/lab";

type Texts = Record<string, string>;
const FOLDER = join(import.meta.dirname, "../../locales");
const LOCALES = readdirSync(FOLDER).map((file) => file.replace(".json", ""));
const textsOf = (locale: string): { page: Texts; card: Texts } =>
  JSON.parse(readFileSync(join(FOLDER, `${locale}.json`), "utf8"));

/** The first button. Its text depends on the language. */
const button = (page: Page) => component(page).locator(".action").first();

const STAY = { params: { notRedirectAfterComplete: true } };

for (const locale of LOCALES) {
  test(`card form and its errors in ${locale}`, async ({ page, shop, createSession, browserName }) => {
    test.skip(browserName !== "chromium" && !["ar-SA", "de-DE"].includes(locale), "the same files");
    const { page: texts, card } = textsOf(locale);
    await enterLab(page, shop);
    await open(page, await createSession(), { ...STAY, options: { locale } });
    const panel = component(page).locator(".panel");
    await expect(panel).toHaveAttribute("lang", locale);
    await expect(panel).toHaveAttribute("dir", locale === "ar-SA" ? "rtl" : "ltr");
    const [before, after] = texts.payAmount!.split("{}");
    await expect(button(page)).toContainText(before!);
    await expect(button(page)).toContainText(after!);
    await expect(component(page).locator("iframe")).toHaveAttribute("title", texts.cardForm!);
    await expect(cardForm(page).locator("html")).toHaveAttribute("lang", locale);
    await expect(cardForm(page).locator("#number-label")).toHaveText(card.labelNumber!);
    await button(page).click();
    await expect(cardForm(page).locator("#number-error")).toHaveText(card.numberMissing!);
    await expect(cardForm(page).locator("#holder-error")).toHaveText(card.holderMissing!);
  });
}

test("the texts are requested with the query, and not after its answer", async ({
  page,
  shop,
  gateway,
  createSession,
}) => {
  await enterLab(page, shop);
  let answer = () => {};
  const requested = new Promise<void>((resolve) => (answer = resolve));
  await page.route(`${gateway}/mgw.htm`, async (route) => {
    await requested;
    await route.continue();
  });
  const request = page.waitForRequest(`${gateway}/locales/de-DE.json`);
  const opened = open(page, await createSession(), { ...STAY, options: { locale: "de_DE" } });
  await request;
  answer();
  expect(await opened).toBe("resolved");
  await expect(button(page)).toHaveText(/ zahlen$/);
});

test.describe("with a page that allows scripts", () => {
  // The lab's policy demands Trusted Types, under which no script can load another one.
  test.skip(({ browserName }) => browserName !== "chromium", "the driver of Firefox cannot bypass a policy");
  test.use({ bypassCSP: true });

  test("a script beside the SDK's has the texts where the gateway has none", async ({
    page,
    shop,
    gateway,
    createSession,
    complaints,
  }) => {
    await page.route(`${gateway}/locales/*`, (route) => route.fulfill({ status: 404 }));
    await enterLab(page, shop);
    const script = page.waitForRequest(`${shop}/assets/locales/th-TH.js`);
    await open(page, await createSession(), { ...STAY, options: { locale: "th_TH" } });
    await script;
    await expect(button(page)).toContainText("ชำระ");
    expect(await page.evaluate(() => document.querySelectorAll("script").length)).toBe(1);
    complaints.length = 0;
  });
});

test("without any texts the component is English, and pays", async ({ page, shop, createSession, complaints }) => {
  await page.route("**/locales/*", (route) => route.abort());
  await enterLab(page, shop);
  expect(await open(page, await createSession(), { ...STAY, options: { locale: "th_TH" } })).toBe("resolved");
  await expect(component(page).locator(".panel")).toHaveAttribute("lang", "en-US");
  await expect(payButton(page)).toHaveText("Pay $123.45");
  await expect(cardForm(page).locator("#number-label")).toHaveText("Card number");
  complaints.length = 0;
});

test("texts that never arrive delay the first view by two seconds at most", async ({ page, shop, createSession }) => {
  // Never answered: the test ends before.
  await page.route("**/locales/*", () => {});
  await enterLab(page, shop);
  expect(await open(page, await createSession(), { ...STAY, options: { locale: "fr_FR" } })).toBe("resolved");
  await expect(payButton(page)).toHaveText("Pay $123.45");
});

// A text that is not in the file of a locale cannot be translated: every letter on the screen comes
// from one of these texts.
for (const [method, currency] of [
  ["CARD", "USD"],
  ["PROMPTPAY", "THB"],
  ["BLIK", "PLN"],
  ["P24", "PLN"],
  ["PIX", "BRL"],
]) {
  test(`every text of ${method} comes from the files`, async ({ page, shop, createSession }) => {
    const mark = (texts: Texts) =>
      Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, `⟦${text}⟧`]));
    const { page: texts, card } = textsOf("en-US");
    const pseudo = { page: mark(texts), card: mark(card) };
    const headers = { "Access-Control-Allow-Origin": "*" };
    await page.route("**/locales/de-DE.json", (route) => route.fulfill({ json: pseudo, headers }));
    await enterLab(page, shop);
    const session = await createSession({ method, currency });
    await open(page, session, { ...STAY, options: { locale: "de_DE" } });
    await expect(component(page).locator(".panel")).toHaveAttribute("lang", "de-DE");
    await expect(component(page).locator(".spinner")).toBeHidden();
    const shown = await component(page).locator(".panel").evaluate(visibleTexts);
    expect(shown.join("\n")).toContain("⟦");
    const own = shown.filter((text) => !/^⟦.*⟧/s.test(text) && !isData(text));
    expect(own).toEqual([]);
    expect(await received(page, "errors")).toEqual([]);
  });
}

/** The text nodes, accessible names and placeholders that a buyer meets. */
function visibleTexts(root: Element): string[] {
  const texts: string[] = [];
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node: Node | null = walk.currentNode; node; node = walk.nextNode()) {
    if (node instanceof Text) texts.push(node.data.trim());
    else if (node instanceof Element) {
      for (const name of ["aria-label", "title", "placeholder"]) texts.push(node.getAttribute(name)?.trim() ?? "");
    }
  }
  return texts.filter((text) => /\p{L}/u.test(text));
}

/** What is no text of the SDK's: the shop's name, amounts, codes, and what the gateway calls its fields. */
function isData(text: string): boolean {
  return /^(Kassa Demo Shop|000201.*|Channel \d+|ING Bank Śląski|[A-Z]{3}\s?[\d.,]+|[\d.,]+\s\S+|[A-Z0-9.]{12,})$/u.test(text);
}

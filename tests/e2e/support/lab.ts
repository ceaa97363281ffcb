// A merchant's page of a test's own making: the shop's empty lab page, under the strict policy, with
// the SDK from the script tag. Events are kept in the page's session storage, so that those fired
// while the page leaves are not lost.

import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";

import type { Session } from "./index";

/** Published test cards, by what they do. */
export const CARDS = {
  success: "4054695723100768",
  declined: "4054692760174822",
  mastercard: "5162774114974622",
  korean: "9490220011669217",
};

export const CVC = "739";

export interface Received {
  code: string;
  message?: string;
  result?: Record<string, unknown>;
}

export interface Opening {
  /** Options of the constructor beside the usual ones. */
  options?: Record<string, unknown>;
  /** Arguments of `createComponent` beside the session. */
  params?: Record<string, unknown>;
  /** A selector: mounts there instead. */
  into?: string;
  /** Which instance of the page. */
  name?: string;
}

/** Opens the lab, ready for `open`. */
export async function enterLab(page: Page, shop: string): Promise<void> {
  await page.goto(`${shop}/lab`);
}

/** Creates an instance and opens a component. Returns at once; see `verdict`. */
export async function start(
  page: Page,
  session: Pick<Session, "paymentSessionData" | "gateway">,
  opening: Opening = {},
): Promise<void> {
  const { options = {}, params = {}, into, name = "sdk" } = opening;
  await page.evaluate(
    ({ session, options, params, into, name }) => {
      const world = window as unknown as Record<string, any>;
      const keep = (list: string, item: unknown) => {
        const key = `${name}.${list}`;
        const items = JSON.parse(sessionStorage.getItem(key) ?? "[]");
        sessionStorage.setItem(key, JSON.stringify([...items, item]));
      };
      world[name] ??= new world.AMSCashierPayment({
        environment: "sandbox",
        locale: "en_US",
        gateway: session.gateway,
        onEventCallback: (event: unknown) => keep("events", event),
        onError: (event: unknown) => keep("errors", event),
        onLog: (line: unknown) => keep("log", line),
        onClose: () => keep("closed", true),
        ...options,
      });
      const all = { sessionData: session.paymentSessionData, ...params };
      world.verdict = undefined;
      const opened = into ? world[name].mountComponent(all, into) : world[name].createComponent(all);
      opened.then(
        () => (world.verdict = "resolved"),
        (error: { code: string; message: string }) => (world.verdict = `${error.code}: ${error.message}`),
      );
    },
    { session, options, params, into, name },
  );
}

/**
 * How the promise of the last opening settled. Asked for again and again rather than awaited inside
 * the page: a page that waits, or that is leaving, answers nothing else in some browsers.
 */
export async function verdict(page: Page): Promise<string> {
  let said: string | undefined;
  await expect
    .poll(async () => (said = await page.evaluate(() => (window as any).verdict).catch(() => undefined)), {
      timeout: 20_000,
      intervals: [30, 60, 120, 250],
    })
    .toBeTruthy();
  return String(said);
}

/** Opens a component and returns how its promise settled. */
export async function open(
  page: Page,
  session: Pick<Session, "paymentSessionData" | "gateway">,
  opening: Opening = {},
): Promise<string> {
  await start(page, session, opening);
  return verdict(page);
}

/** What an instance has told so far: `events`, `errors`, `log` or `closed`. */
export async function received(page: Page, list = "events", name = "sdk"): Promise<Received[]> {
  return page.evaluate((key) => JSON.parse(sessionStorage.getItem(key) ?? "[]"), `${name}.${list}`);
}

/** The codes of the events so far, without their common beginning. */
export async function codes(page: Page, name = "sdk"): Promise<string[]> {
  return (await received(page, "events", name)).map((event) => event.code.replace("SDK_", ""));
}

/** Waits for exactly these events, in this order. */
export async function expectCodes(page: Page, expected: string[], name = "sdk"): Promise<void> {
  await expect.poll(() => codes(page, name), { timeout: 20_000 }).toEqual(expected);
}

/** The component, wherever it is. */
export function component(page: Page): Locator {
  return page.locator("[data-kassa]");
}

export function cardForm(page: Page): FrameLocator {
  return page.locator("[data-kassa] iframe").contentFrame();
}

export function payButton(page: Page): Locator {
  return component(page).getByRole("button", { name: /^Pay/ });
}

/** Types a card as a buyer would. */
export async function typeCard(
  page: Page,
  number: string = CARDS.success,
  rest: { expiry?: string; code?: string; holder?: string } = {},
  form: FrameLocator = cardForm(page),
): Promise<void> {
  const { expiry = "1230", code = CVC, holder = "Mia Chen" } = rest;
  for (const [field, text] of [
    ["cc-number", number],
    ["cc-exp", expiry],
    ["cc-csc", code],
    ["cc-name", holder],
  ] as const) {
    const input = form.locator(`input[autocomplete="${field}"]`);
    await input.fill("");
    // Debian's Firefox is driven by a protocol whose key strokes do not reach frames of other
    // sites; there the text arrives in one piece, as from a clipboard.
    if (page.context().browser()?.browserType().name() === "firefox") await input.fill(text);
    else await input.pressSequentially(text);
  }
}

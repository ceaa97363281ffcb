// The shop's lab page: an empty page under the strict policy, with the SDK from a script tag. Events
// are stored in the page's session storage, so that those fired during a navigation are not lost.

import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";

import type { Session } from "./index";

/** Published test cards by their result or brand. */
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
  /** Selector of a container for `mountComponent`; without it the component opens as a dialog. */
  into?: string;
  /** Name of the SDK instance: a global variable of the page, and the prefix of its storage keys. */
  name?: string;
}

/** Loads the lab page. */
export async function enterLab(page: Page, shop: string): Promise<void> {
  await page.goto(`${shop}/lab`);
}

/** Creates an instance and opens a component. Does not wait for the promise; see `verdict`. */
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
 * How the promise of the last opening settled. Polled rather than awaited inside of the page: during an
 * awaited evaluation or a navigation, some browsers answer no other command.
 */
export async function verdict(page: Page): Promise<string> {
  let settled: string | undefined;
  await expect
    .poll(async () => (settled = await page.evaluate(() => (window as any).verdict).catch(() => undefined)), {
      timeout: 20_000,
      intervals: [30, 60, 120, 250],
    })
    .toBeTruthy();
  return String(settled);
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

/** The calls of an instance's callbacks so far: `events`, `errors`, `log` or `closed`. */
export async function received(page: Page, list = "events", name = "sdk"): Promise<Received[]> {
  return page.evaluate((key) => JSON.parse(sessionStorage.getItem(key) ?? "[]"), `${name}.${list}`);
}

/** The codes of the events so far, without the prefix `SDK_`. */
export async function codes(page: Page, name = "sdk"): Promise<string[]> {
  return (await received(page, "events", name)).map((event) => event.code.replace("SDK_", ""));
}

/** Waits until the events are exactly these, in this order. */
export async function expectCodes(page: Page, expected: string[], name = "sdk"): Promise<void> {
  await expect.poll(() => codes(page, name), { timeout: 20_000 }).toEqual(expected);
}

/** The component, in a dialog or in a container. */
export function component(page: Page): Locator {
  return page.locator("[data-kassa]");
}

export function cardForm(page: Page): FrameLocator {
  return page.locator("[data-kassa] iframe").contentFrame();
}

export function payButton(page: Page): Locator {
  return component(page).getByRole("button", { name: /^Pay/ });
}

/** Types a card with key strokes where the browser's driver can. */
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
    // WebDriver BiDi, which drives Debian's Firefox, does not deliver key strokes to cross-site
    // frames; there the whole text is inserted at once, as from a clipboard.
    if (page.context().browser()?.browserType().name() === "firefox") await input.fill(text);
    else await input.pressSequentially(text);
  }
}

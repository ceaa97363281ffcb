// Records of the calls to the gateway, and operation of the component by script, without a mouse or a
// keyboard.

import type { APIRequestContext, Page, Request, Route } from "@playwright/test";

import type { Session } from "./index";
import { cardForm, received } from "./lab";

/** Short names of the client protocol's operations. */
export type Operation = "query" | "submit" | "inquire";

export function operation(request: Request): Operation {
  return operationNamed(request.headers()["operation-type"] ?? "");
}

function operationNamed(name: string): Operation {
  if (name.endsWith("sdkAction.query")) return "query";
  if (name.endsWith("submitPayByPaymentSession")) return "submit";
  if (name === "kassa.payment.inquire") return "inquire";
  throw new Error(`no test handles this operation: ${name}`);
}

/** Records the operations that the page calls from now on, in order. */
export function recordOperations(page: Page, gateway: string): Operation[] {
  const calls: Operation[] = [];
  page.on("request", (request) => {
    if (request.url() === `${gateway}/mgw.htm` && request.method() === "POST") calls.push(operation(request));
  });
  return calls;
}

/** The number of calls of an operation. */
export function count(calls: Operation[], wanted: Operation): number {
  return calls.filter((call) => call === wanted).length;
}

/** The arguments of one `fetch` call to the gateway. */
export interface Call {
  operation: Operation;
  url: string;
  headers: Record<string, string>;
  credentials: RequestCredentials;
  /** The body, JSON. */
  body: any;
}

/**
 * Records the arguments of the page's calls of `fetch`, for `recordedCalls`. Requests in Debian's
 * Firefox have no body in Playwright.
 */
export async function recordCalls(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const recorded: unknown[] = [];
    const fetch = window.fetch;
    window.fetch = (address, init) => {
      const { headers, credentials, body } = init ?? {};
      recorded.push({ url: String(address), headers, credentials, body });
      return fetch(address, init);
    };
    Object.defineProperty(window, "recordedCalls", { value: recorded });
  });
}

/** The calls that this page has made. */
export async function recordedCalls(page: Page): Promise<Call[]> {
  const all = (await page.evaluate(() => (window as any).recordedCalls)) as any[];
  return all.map(({ headers, body, ...rest }) => ({
    ...rest,
    headers,
    operation: operationNamed(headers["Operation-Type"]),
    body: JSON.parse(body),
  }));
}

/** The ids of the attempts that this page has submitted, in order. */
export async function attempts(page: Page): Promise<string[]> {
  const submits = (await recordedCalls(page)).filter(({ operation }) => operation === "submit");
  return submits.map(({ body }) => body[0].extParams.attemptId);
}

/** Routes the calls of one operation to `handle`; the others are sent. */
export async function onCall(
  page: Page,
  gateway: string,
  wanted: Operation,
  handle: (route: Route) => unknown,
): Promise<void> {
  await page.route(`${gateway}/mgw.htm`, async (route) => {
    const request = route.request();
    if (request.method() !== "POST" || operation(request) !== wanted) return route.fallback();
    await handle(route);
  });
}

/** The states of the attempts to pay a session, in order: all of them are one payment of the merchant's. */
export async function payments(request: APIRequestContext, shop: string, session: Session): Promise<string[]> {
  const answer = await request.get(`${shop}/api/payments/${session.paymentRequestId}`);
  const { transactions = [] } = (await answer.json()) as {
    transactions?: { transactionType: string; transactionStatus: string }[];
  };
  return transactions.filter((one) => one.transactionType === "PAYMENT").map((one) => one.transactionStatus);
}

/** Presses the component's button. */
export async function press(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.querySelector("[data-kassa]")!.shadowRoot!.querySelector<HTMLElement>("button.action")!.click();
  });
}

/** Waits until the component shows this screen; for a form also until the opening's promise has settled. */
export async function screen(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (name) => {
      const root = document.querySelector("[data-kassa]")?.shadowRoot;
      const shown = root?.querySelector(".panel")?.getAttribute("data-screen") === name;
      return shown && (name !== "form" || (window as any).verdict);
    },
    name,
    { polling: 15 },
  );
}

/** Fills in the fields of a method by their names; `true` ticks a box. */
export async function fillFields(page: Page, values: Record<string, string | true>): Promise<void> {
  await page.evaluate((values) => {
    const root = document.querySelector("[data-kassa]")!.shadowRoot!;
    for (const [key, value] of Object.entries(values)) {
      const control = root.querySelector<HTMLInputElement>(`.fields [name="${key}"]`)!;
      if (value === true) control.checked = true;
      else control.value = value;
      control.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }, values);
}

/** Fills in a card without key strokes, for tests whose subject is not typing. */
export async function fillCard(page: Page, number: string): Promise<void> {
  const form = cardForm(page);
  for (const [field, text] of [
    ["cc-number", number],
    ["cc-exp", "1230"],
    ["cc-csc", "739"],
    ["cc-name", "Mia Chen"],
  ] as const) {
    await form.locator(`input[autocomplete="${field}"]`).fill(text);
  }
}

/** The codes of the log lines so far. */
export async function logged(page: Page): Promise<string[]> {
  return (await received(page, "log")).map(({ code }) => code);
}

/** Removes the component and the record of its callbacks, for the next one in the same page. */
export async function clear(page: Page): Promise<void> {
  await page.evaluate(() => {
    (window as any).sdk.unmount();
    sessionStorage.clear();
  });
}

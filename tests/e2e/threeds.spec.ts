// 3DS: the 3DS method in a hidden frame, the challenge in a frame or by redirect, and their failures.

import type { Page } from "@playwright/test";

import { expect, expectStatus, test, type Order } from "./support";
import { decide, goOnline, indicators, isFirefox, onPhone, press } from "./support/buyer";
import { cardForm, component, enterLab, expectCodes, received, open, payButton, typeCard } from "./support/lab";

const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const PAID = ["PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"];
const STAY = { params: { notRedirectAfterComplete: true } };
const CHALLENGED = [...OPENED, "PAYMENT_CHALLENGE"];

function checked(scenario: Record<string, unknown>): Partial<Order> {
  return { metadata: { sandbox: scenario } };
}

async function pay(page: Page): Promise<void> {
  await typeCard(page);
  await payButton(page).click();
}

const issuer = (page: Page) => component(page).locator(".window iframe").contentFrame();

test("3DS method and challenge in frames, approved", async ({ page, shop, createSession, request }) => {
  const compInds = indicators(page);
  const session = await createSession(checked({ threeDS: "method+frame" }));
  await enterLab(page, shop);
  await open(page, session, STAY);
  await pay(page);
  await press(page, issuer(page).locator("button.yes"));
  await expectCodes(page, [...CHALLENGED, ...PAID]);
  if (!isFirefox(page)) expect(compInds[0]).toBe("Y");
  await expectStatus(request, shop, session.paymentRequestId, "SUCCESS");
  await expect(component(page).locator(".window iframe")).toHaveCount(0);
});

test("a cross-origin isolated page shows the card form, the 3DS method and the challenge", async ({
  page, shop, createSession, request,
}) => {
  const session = await createSession(checked({ threeDS: "method+frame" }));
  await page.goto(`${shop}/lab?isolated`);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await open(page, session, STAY);
  await pay(page);
  await press(page, issuer(page).locator("button.yes"));
  await expectCodes(page, [...CHALLENGED, ...PAID]);
  await expectStatus(request, shop, session.paymentRequestId, "SUCCESS");
});

test("a 3DS method that sends no completion message delays the submit for ten seconds", async ({
  page, shop, gateway, createSession,
}) => {
  const compInds = indicators(page);
  await page.route(`${gateway}/3ds/method/**`, (route) => route.fulfill({ contentType: "text/html", body: "<p>hm" }));
  await page.clock.install();
  const session = await createSession(checked({ threeDS: "method+frame" }));
  await enterLab(page, shop);
  await open(page, session, STAY);
  await pay(page);
  await expect(component(page).locator(".window iframe")).toHaveCount(1);
  expect(compInds).toEqual([]);
  await page.clock.runFor(10_100);
  await expectCodes(page, CHALLENGED);
  if (!isFirefox(page)) expect(compInds[0]).toBe("N");
});

test("frictionless authentication, without a challenge", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession(checked({ threeDS: "frictionless" })), STAY);
  await pay(page);
  await expectCodes(page, [...OPENED, ...PAID]);
});

test("a declined challenge returns to the form, which can be submitted again", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession(checked({ threeDS: "frame" })), STAY);
  await pay(page);
  await press(page, issuer(page).locator("button.no"));
  await expectCodes(page, [...CHALLENGED, "PAYMENT_FAIL"]);
  expect((await received(page)).at(-1)?.result).toMatchObject({ retryable: true });
  await expect(cardForm(page).locator('input[autocomplete="cc-number"]')).toBeVisible();
  await payButton(page).click();
  await press(page, issuer(page).locator("button.yes"));
  await expectCodes(page, [...CHALLENGED, "PAYMENT_FAIL", "PAYMENT_CHALLENGE", ...PAID]);
});

test("a closed challenge is inquired about, and the event has the reason for the missing result", async ({
  page, shop, createSession,
}) => {
  await enterLab(page, shop);
  await open(page, await createSession(checked({ threeDS: "frame" })), STAY);
  await pay(page);
  await expect(issuer(page).locator("button.yes")).toBeVisible();
  await component(page).getByRole("button", { name: "Close" }).click();
  await expectCodes(page, [...CHALLENGED, "PAYMENT_PROCESSING"]);
  expect((await received(page)).at(-1)?.result).toMatchObject({ reason: "CHALLENGE_CLOSED" });
  await expect.poll(() => received(page, "closed")).toEqual([true]);
  await expect(component(page)).toHaveCount(0);
});

test("a challenge closed after the decision reports the decided result", async ({ page, shop, gateway, createSession }) => {
  const session = await createSession(checked({ threeDS: "frame" }));
  await enterLab(page, shop);
  await open(page, session, STAY);
  await pay(page);
  await expect(issuer(page).locator("button.yes")).toBeVisible();
  // No inquiry of the running series may find the decision before the challenge is closed.
  let close = () => {};
  const closed = new Promise<void>((resolve) => (close = resolve));
  await page.route(`${gateway}/mgw.htm`, async (route) => {
    await closed;
    // An inquiry that the closing has aborted cannot go on.
    await route.continue().catch(() => {});
  });
  await decide(page.request, gateway, session, "approve");
  await component(page).getByRole("button", { name: "Close" }).click();
  close();
  await expectCodes(page, [...CHALLENGED, ...PAID]);
  expect((await received(page)).at(-1)?.result).toMatchObject({ reason: "CHALLENGE_CLOSED" });
});

test("the result of a challenge without a completion message is found by an inquiry", async ({ page, shop, gateway, createSession }) => {
  const session = await createSession(checked({ threeDS: "frame" }));
  await enterLab(page, shop);
  await open(page, session, STAY);
  await pay(page);
  await expect(issuer(page).locator("button.yes")).toBeVisible();
  // The decision in the bank's app sends no message to the frame.
  await decide(page.request, gateway, session, "approve");
  await goOnline(page);
  await expectCodes(page, [...CHALLENGED, ...PAID]);
});

test("a completion message from another window does not end a challenge", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession(checked({ threeDS: "frame" })), STAY);
  await pay(page);
  await expect(issuer(page).locator("button.yes")).toBeVisible();
  await page.evaluate(() => {
    postMessage({ t: "kassa:3ds" }, "*");
    const frame = document.createElement("iframe");
    document.body.append(frame);
    frame.contentWindow!.parent.postMessage({ t: "kassa:3ds" }, "*");
  });
  await page.waitForTimeout(300);
  await expect(component(page).locator(".window iframe")).toHaveCount(1);
  await expectCodes(page, CHALLENGED);
});

test("a challenge by redirect, when the gateway requires it", async ({ page, shop, gateway, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession(checked({ threeDS: "redirect" })));
  await pay(page);
  await page.waitForURL(`${gateway}/3ds/challenge/**`);
  await page.locator("button.yes").click();
  await page.waitForURL(`${shop}/result?**`);
  await expectCodes(page, [...CHALLENGED, "CALL_URL_SUCCESS"]);
});

for (const [size, width, height] of [
  ["01", 250, 400],
  ["02", 390, 400],
  ["03", 500, 600],
  ["04", 600, 400],
  ["05", 0, 0],
] as const) {
  test(`challenge window size ${size} has EMVCo's dimensions on a large screen`, async ({ page, shop, createSession }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await enterLab(page, shop);
    await open(page, await createSession(checked({ threeDS: "frame", challengeWindow: size })), STAY);
    await pay(page);
    const frame = component(page).locator(".window iframe");
    await expect(issuer(page).locator("button.yes")).toBeVisible();
    const box = (await frame.boundingBox())!;
    if (width) expect([Math.round(box.width), Math.round(box.height)]).toEqual([width, height]);
    else expect(box.width).toBeGreaterThan(1100);
  });
}

test("a challenge has the screen's width on a phone", async ({ page, shop, createSession }) => {
  await onPhone(page);
  await enterLab(page, shop);
  await open(page, await createSession(checked({ threeDS: "frame", challengeWindow: "01" })), STAY);
  await pay(page);
  await expect(issuer(page).locator("button.yes")).toBeVisible();
  const box = (await component(page).locator(".window iframe").boundingBox())!;
  expect(box.width).toBeGreaterThan(340);
});

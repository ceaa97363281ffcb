// Codes to scan or to type elsewhere, and approvals on the phone, which are shown with their remaining
// time while the page polls for the result.

import { expect, expectStatus, test } from "./support";
import { decide, goOnline, onPhone } from "./support/buyer";
import { component, enterLab, expectCodes, received, open, payButton } from "./support/lab";

const PAYNOW = { method: "PAYNOW", amount: "4200", currency: "SGD" };
const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const PAID = ["PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"];
const STAY = { params: { notRedirectAfterComplete: true } };

test("a code is rendered in the page with its remaining time, and paid", async ({ page, shop, gateway, createSession, request }) => {
  const images: string[] = [];
  page.on("request", (made) => made.resourceType() === "image" && images.push(made.url()));
  const session = await createSession(PAYNOW);
  await enterLab(page, shop);
  expect(await open(page, session, STAY)).toBe("resolved");
  await expect(component(page).locator("svg")).toHaveCount(1);
  await expect(component(page).getByRole("timer")).toHaveText(/Time left 1\d:\d\d/);
  expect(images.filter((url) => !url.endsWith("favicon.ico"))).toEqual([]);
  await component(page).getByRole("button", { name: "I have paid" }).click();
  await expect(component(page).locator(".status").first()).toContainText("has not arrived yet");
  await decide(page.request, gateway, session, "approve");
  await component(page).getByRole("button", { name: "I have paid" }).click();
  await expectCodes(page, [...OPENED, ...PAID]);
  await expectStatus(request, shop, session.paymentRequestId, "SUCCESS");
});

test("a paid code redirects the page to the merchant's result page", async ({ page, shop, gateway, createSession }) => {
  const session = await createSession(PAYNOW);
  await enterLab(page, shop);
  await open(page, session);
  await decide(page.request, gateway, session, "approve");
  await goOnline(page);
  await page.waitForURL(`${shop}/result?**`);
  await expectCodes(page, [...OPENED, PAID[0]!, "CALL_URL_SUCCESS"]);
});

test("an account number can be copied", async ({ page, shop, createSession, context, browserName }) => {
  if (browserName === "chromium") await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const session = await createSession({ method: "BANKTRANSFER_BNI", amount: "1000000", currency: "IDR" });
  await enterLab(page, shop);
  await open(page, session, STAY);
  await component(page).getByRole("button", { name: /^Copy/ }).first().click();
  await expect(component(page).getByText("Copied")).toBeVisible();
  if (browserName === "chromium") {
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^\d{8,20}$/);
  }
  // A bank transfer may take days: closing reports PAYMENT_PENDING to the merchant.
  await goOnline(page);
  await component(page).getByRole("button", { name: "Close" }).click();
  await expectCodes(page, [...OPENED, "PAYMENT_PENDING"]);
  expect((await received(page)).at(-1)?.result).toMatchObject({
    paymentStatus: "PENDING", retryable: false, reason: "CLOSED_BEFORE_RESULT",
  });
});

test("an expired code: the gateway closes the order, and the event has the code ORDER_IS_CLOSED", async ({
  page, shop, createSession,
}) => {
  const session = await createSession({ ...PAYNOW, metadata: { sandbox: { codeExpiresIn: 2 } } });
  await enterLab(page, shop);
  await open(page, session, STAY);
  await expectCodes(page, [...OPENED, "PAYMENT_FAIL"]);
  expect((await received(page)).at(-1)?.result).toMatchObject({
    paymentResultCode: "ORDER_IS_CLOSED", retryable: false,
  });
});

test("a code that expires before its order: the page shows that it is no longer valid, and the order can still be paid", async ({
  page, shop, gateway, createSession,
}) => {
  const session = await createSession({ ...PAYNOW, metadata: { sandbox: { codeExpiresIn: 1, closesIn: 600 } } });
  await enterLab(page, shop);
  await open(page, session, STAY);
  await expect(component(page).locator(".status").first()).toContainText("no longer valid");
  await decide(page.request, gateway, session, "approve");
  await goOnline(page);
  await expectCodes(page, [...OPENED, ...PAID]);
});

for (const [decision, ending] of [
  ["approve", PAID],
  ["decline", ["PAYMENT_FAIL"]],
] as const) {
  test(`an approval on the phone: ${decision}`, async ({ page, shop, gateway, createSession }) => {
    await onPhone(page);
    const session = await createSession({ method: "BLIK", amount: "4200", currency: "PLN" });
    await enterLab(page, shop);
    await open(page, session, STAY);
    await component(page).locator(".fields input").fill("123456");
    await payButton(page).click();
    await expect(component(page).locator(".status").first()).toContainText("approve the payment on your phone");
    await expect(component(page).getByRole("timer")).toHaveText(/Time left [12]:\d\d/);
    await decide(page.request, gateway, session, decision);
    await goOnline(page);
    await expectCodes(page, [...OPENED, ...ending]);
    // A declined approval returns to the form.
    if (decision === "decline") await expect(component(page).locator(".fields input")).toBeVisible();
  });
}

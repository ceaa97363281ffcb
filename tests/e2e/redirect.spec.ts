// Methods that take the buyer to another page.

import { expect, expectStatus, test } from "./support";
import { codes, component, enterLab, expectCodes, received, open, start } from "./support/lab";

const FPX = { method: "ONLINEBANKING_FPX", amount: "4200", currency: "MYR" };
const LEFT = ["START_OF_LOADING", "END_OF_LOADING", "CALL_URL_SUCCESS"];

for (const [press, scene, status] of [
  ["yes", "paid", "SUCCESS"],
  ["no", "failed", "FAIL"],
  ["away", "processing", "PROCESSING"],
] as const) {
  test(`online banking on a desktop, with the button ${press} on the bank's page`, async ({ page, shop, createSession, request }) => {
    const session = await createSession(FPX);
    await enterLab(page, shop);
    await start(page, session);
    await page.waitForURL(`${session.gateway}/bank/**`);
    await page.locator(`button.${press}`).click();
    await page.waitForURL(`${shop}/result?**`);
    await expect(page.locator("#result")).toHaveAttribute("data-scene", scene);
    await expectStatus(request, shop, session.paymentRequestId, status);
    expect(await codes(page)).toEqual(LEFT);
  });
}

test("an undecided payment leads to the same page of the bank again", async ({ page, shop, createSession }) => {
  const session = await createSession(FPX);
  await enterLab(page, shop);
  await start(page, session);
  await page.waitForURL(`${session.gateway}/bank/**`);
  const bank = page.url();
  await page.locator("button.away").click();
  await page.waitForURL(`${shop}/result?**`);
  await enterLab(page, shop);
  await start(page, session);
  await page.waitForURL(`${session.gateway}/bank/**`);
  expect(page.url()).toBe(bank);
});

test("a session that is already paid shows its result", async ({ page, shop, createSession }) => {
  const session = await createSession(FPX);
  await enterLab(page, shop);
  await start(page, session);
  await page.waitForURL(`${session.gateway}/bank/**`);
  await page.locator("button.yes").click();
  await page.waitForURL(`${shop}/result?**`);
  await enterLab(page, shop);
  expect(await open(page, session, { name: "again" })).toBe("resolved");
  await expectCodes(page, ["START_OF_LOADING", "END_OF_LOADING", "PAYMENT_SUCCESSFUL"], "again");
  await expect(component(page).getByRole("status")).toContainText("Payment complete");
});

test("a javascript: address is not opened", async ({ page, shop, gateway, createSession }) => {
  await enterLab(page, shop);
  await page.route(`${gateway}/mgw.htm`, (route) => {
    const operation = route.request().headers()["operation-type"] ?? "";
    if (!operation.includes("submitPay")) return route.continue();
    const json = { success: true, paymentStatus: "PROCESSING", normalUrl: "javascript:window.pwned=1" };
    return route.fulfill({ json, headers: { "access-control-allow-origin": "*" } });
  });
  expect(await open(page, await createSession(FPX))).toBe("resolved");
  await expectCodes(page, ["START_OF_LOADING", "END_OF_LOADING", "CALL_URL_ERROR"]);
  expect((await received(page)).at(-1)?.message).toContain("https");
  expect(await received(page, "errors")).toHaveLength(1);
  await expect(component(page).getByRole("button", { name: "Continue" })).toBeVisible();
  expect(await page.evaluate(() => (window as any).pwned)).toBeUndefined();
});

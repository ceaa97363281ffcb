// Payments in an app on a phone. Each press opens the app once; the page's visibility shows whether the
// app opened.

import { expect, expectStatus, test } from "./support";
import { decide, goOnline, onPhone, setVisible } from "./support/buyer";
import { component, expectCodes, enterLab, received, open, start, verdict } from "./support/lab";

const GCASH = { method: "GCASH", amount: "4200", currency: "PHP" };
const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const PAID = ["PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"];
const STAY = { params: { notRedirectAfterComplete: true } };

test("the app opens, the buyer pays and comes back", async ({ page, shop, gateway, createSession, request }) => {
  await onPhone(page);
  const links: string[] = [];
  await page.route(`${gateway}/app/**`, (route) => {
    links.push(route.request().url());
    return route.fulfill({ status: 204 });
  });
  const session = await createSession(GCASH);
  await enterLab(page, shop);
  expect(await open(page, session, STAY)).toBe("resolved");
  await expectCodes(page, OPENED);
  const button = component(page).getByRole("button", { name: "Open the app" });
  await button.click();
  await expect.poll(() => links.length).toBe(1);
  await setVisible(page, false);
  await expectCodes(page, [...OPENED, "CALL_URL_SUCCESS"]);
  // The event's message contains no address.
  expect((await received(page)).at(-1)?.message).not.toMatch(/https?:/);
  await decide(page.request, gateway, session, "approve");
  await setVisible(page, true);
  await expectCodes(page, [...OPENED, "CALL_URL_SUCCESS", ...PAID]);
  await expectStatus(request, shop, session.paymentRequestId, "SUCCESS");
  expect(links).toHaveLength(1);
});

test("while the page has the buyer's activation, the app opens at once", async ({ page, shop, gateway, createSession, request }) => {
  await onPhone(page, "active");
  const links: string[] = [];
  await page.route(`${gateway}/app/**`, (route) => {
    links.push(route.request().url());
    return route.fulfill({ status: 204 });
  });
  const session = await createSession(GCASH);
  await enterLab(page, shop);
  expect(await open(page, session, STAY)).toBe("resolved");
  await expect.poll(() => links.length).toBe(1);
  await setVisible(page, false);
  await expectCodes(page, [...OPENED, "CALL_URL_SUCCESS"]);
  await decide(page.request, gateway, session, "approve");
  await setVisible(page, true);
  await expectCodes(page, [...OPENED, "CALL_URL_SUCCESS", ...PAID]);
  await expectStatus(request, shop, session.paymentRequestId, "SUCCESS");
  expect(links).toHaveLength(1);
});

test("in a browser that reports no activation, the app opens at once from a click", async ({ page, shop, gateway, createSession }) => {
  await onPhone(page, "unknown");
  const links: string[] = [];
  await page.route(`${gateway}/app/**`, (route) => {
    links.push(route.request().url());
    return route.fulfill({ status: 204 });
  });
  await enterLab(page, shop);
  for (const [name, opens] of [["script", 0], ["click", 1]] as const) {
    const session = await createSession(GCASH);
    await page.evaluate(
      ({ session, name }) => {
        const sdk = new (window as any).AMSCashierPayment({ environment: "sandbox", gateway: session.gateway });
        const button = document.body.appendChild(document.createElement("button"));
        button.id = name;
        button.textContent = name;
        const pay = () => sdk.createComponent({ sessionData: session.paymentSessionData });
        Object.assign(window, { sdk, pay });
        button.addEventListener("click", pay);
      },
      { session, name },
    );
    if (name === "click") await page.locator("#click").click();
    else await page.evaluate(() => document.querySelector<HTMLElement>("#script")!.click());
    await expect(component(page).getByRole("button", { name: opens ? "Continue in the browser" : "Open the app" })).toBeVisible();
    await expect.poll(() => links.length).toBe(opens);
    await page.evaluate(() => (window as any).sdk.unmount());
  }
});

test("a payment in the app redirects the page to the merchant's result page", async ({ page, shop, gateway, createSession }) => {
  await onPhone(page);
  await page.route(`${gateway}/app/**`, (route) => route.fulfill({ status: 204 }));
  const session = await createSession(GCASH);
  await enterLab(page, shop);
  await open(page, session);
  await component(page).getByRole("button", { name: "Open the app" }).click();
  await setVisible(page, false);
  await decide(page.request, gateway, session, "approve");
  await setVisible(page, true);
  await page.waitForURL(`${shop}/result?**`);
  await expectCodes(page, [...OPENED, "CALL_URL_SUCCESS", PAID[0]!, "CALL_URL_SUCCESS"]);
});

test("an app that does not open is replaced by a redirect, once", async ({ page, shop, gateway, createSession }) => {
  await onPhone(page);
  await page.route(`${gateway}/app/**`, (route) => route.fulfill({ status: 204 }));
  const session = await createSession(GCASH);
  await enterLab(page, shop);
  await open(page, session, STAY);
  await component(page).getByRole("button", { name: "Open the app" }).click();
  await page.waitForURL(new RegExp(`^${gateway}/(wallet|bank)/`), { timeout: 15_000 });
  await page.goBack();
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem("sdk.events"))).toContain("CALL_URL_SUCCESS");
  const fired = await page.evaluate(() => JSON.parse(sessionStorage.getItem("sdk.events")!) as { code: string }[]);
  expect(fired.map(({ code }) => code.replace("SDK_", "")).slice(0, 3)).toEqual([...OPENED, "CALL_URL_SUCCESS"]);
});

test("the buyer can continue in the browser without trying the app", async ({ page, shop, gateway, createSession }) => {
  await onPhone(page);
  const session = await createSession(GCASH);
  await enterLab(page, shop);
  await open(page, session, STAY);
  await component(page).getByRole("button", { name: "Continue in the browser" }).click();
  await page.waitForURL(new RegExp(`^${gateway}/(wallet|bank)/`));
});

test("an app link that opens nothing, without a web page as alternative: an error event, and the app can be opened again", async ({
  page, shop, gateway, createSession,
}) => {
  await onPhone(page);
  await page.route(`${gateway}/app/**`, (route) => route.fulfill({ status: 204 }));
  const session = await createSession(GCASH);
  await enterLab(page, shop);
  await page.route(`${gateway}/mgw.htm`, (route) => {
    const { "operation-type": operation = "" } = route.request().headers();
    if (!operation.endsWith("submitPayByPaymentSession")) return route.continue();
    return route.fulfill({
      headers: { "access-control-allow-origin": "*" },
      json: { success: true, paymentStatus: "PROCESSING", applinkUrl: `${gateway}/app/1` },
    });
  });
  await page.clock.install();
  await start(page, session, STAY);
  await verdict(page);
  const button = component(page).getByRole("button", { name: "Open the app" });
  await button.click();
  await page.clock.runFor(5_100);
  await expectCodes(page, [...OPENED, "LAUNCH_PAYMENT_APP_ERROR"]);
  await expect(component(page).getByRole("alert")).toContainText("did not open");
  expect((await received(page, "errors")).map(({ code }) => code)).toEqual(["SDK_LAUNCH_PAYMENT_APP_ERROR"]);
  await button.click();
  await setVisible(page, false);
  await expectCodes(page, [...OPENED, "LAUNCH_PAYMENT_APP_ERROR", "CALL_URL_SUCCESS"]);
});

test("a desktop is redirected to the web page and offers no app", async ({ page, shop, gateway, createSession }) => {
  const session = await createSession({ method: "BOOST", amount: "4200", currency: "MYR" });
  await enterLab(page, shop);
  await start(page, session, STAY);
  await page.waitForURL(new RegExp(`^${gateway}/(wallet|bank)/`));
  await page.goto(`${shop}/lab`);
  const fired = await page.evaluate(() => JSON.parse(sessionStorage.getItem("sdk.events")!) as { code: string }[]);
  expect(fired.map(({ code }) => code.replace("SDK_", ""))).toEqual([...OPENED, "CALL_URL_SUCCESS"]);
  expect(await page.evaluate(() => sessionStorage.getItem("sdk.errors"))).toBeNull();
});

test("closing before the app opens cancels the payment, and closing afterwards does not", async ({
  page, shop, gateway, createSession,
}) => {
  await onPhone(page);
  await page.route(`${gateway}/app/**`, (route) => route.fulfill({ status: 204 }));
  const session = await createSession(GCASH);
  await enterLab(page, shop);
  await open(page, session, STAY);
  await component(page).getByRole("button", { name: "Close" }).click();
  await expectCodes(page, [...OPENED, "PAYMENT_CANCEL"]);
  await open(page, session, { ...STAY, name: "again" });
  await component(page).getByRole("button", { name: "Open the app" }).click();
  await setVisible(page, false);
  await setVisible(page, true);
  await goOnline(page);
  await component(page).getByRole("button", { name: "Close" }).click();
  await expectCodes(page, [...OPENED, "CALL_URL_SUCCESS", "PAYMENT_PROCESSING"], "again");
  expect((await received(page, "events", "again")).at(-1)?.result).toMatchObject({ reason: "CLOSED_BEFORE_RESULT" });
});

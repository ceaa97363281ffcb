// The handshake between the page and the card form, and windows that may not take part in it.

import { expect, test } from "./support";
import { CARDS, cardForm, component, enterLab, expectCodes, payButton, start, typeCard, verdict } from "./support/lab";

const STAY = { params: { notRedirectAfterComplete: true } };
const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];

test("a handshake message from another window or frame receives no port", async ({ page, shop, gateway, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  // A card form of the gateway's origin in a frame that the SDK has not created.
  await page.evaluate(
    ({ gateway }) => {
      const stranger = document.createElement("iframe");
      stranger.id = "stranger";
      stranger.src = `${gateway}/frame/card?client=SANDBOX_KASSA_DEMO#${encodeURIComponent(location.origin)}`;
      document.body.append(stranger);
      const world = window as any;
      world.greetings = 0;
      window.addEventListener("message", (event) => {
        if (event.data?.t === "kassa:hello") world.greetings++;
      });
    },
    { gateway },
  );
  await start(page, session, STAY);
  await page.evaluate(() => {
    for (let i = 0; i < 20; i++) setTimeout(() => window.postMessage({ t: "kassa:hello" }, location.origin), i * 50);
  });
  expect(await verdict(page)).toBe("resolved");
  await expect(cardForm(page).locator("form")).toBeVisible();
  // Both frames and the page have sent the message; only the SDK's frame shows a form.
  await expect.poll(() => page.evaluate(() => (window as any).greetings)).toBeGreaterThanOrEqual(22);
  await expect(page.locator("#stranger").contentFrame().locator("form")).toBeHidden();
  await typeCard(page, CARDS.success);
  await payButton(page).click();
  await expectCodes(page, [...OPENED, "PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"]);
});

test("the card form can be framed by the merchant's origins only", async ({ page, gateway, request, complaints }) => {
  const policy = async (client: string) => {
    const response = await request.get(`${gateway}/frame/card?client=${client}`);
    return response.headers()["content-security-policy"];
  };
  expect(await policy("SANDBOX_KASSA_DEMO")).toMatch(/frame-ancestors http:\/\/localhost:\d+/);
  expect(await policy("nobody")).toContain("frame-ancestors 'none'");
  // As a top-level document the card form shows a notice in place of the form.
  await page.goto(`${gateway}/frame/card?client=SANDBOX_KASSA_DEMO`);
  await expect(page.locator("form")).toBeHidden();
  await expect(page.locator("#outside")).toHaveText(/\w/);
  await expect(component(page)).toHaveCount(0);
  // Firefox requests an icon although the document's policy allows no images, and reports the violation.
  complaints.splice(0, complaints.filter((c) => c.text.includes("favicon.ico")).length);
});

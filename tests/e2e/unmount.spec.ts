// `unmount()` at every asynchronous step: it fires no event, removes every element, and the instance can
// open again.

import { expect, test } from "./support";
import { enterLab, expectCodes, received, open, payButton, start, typeCard, verdict } from "./support/lab";

const PARAMS = { notRedirectAfterComplete: true };

async function unmount(page: import("@playwright/test").Page): Promise<void> {
  const left = await page.evaluate(() => {
    (window as any).sdk.unmount();
    // Counted in the same task, since `unmount` is synchronous.
    return document.querySelectorAll("[data-kassa], iframe").length;
  });
  expect(left).toBe(0);
}

/** After unmounting, no callback is called, and the same instance pays another session. */
async function expectSilenceAndReopen(
  page: import("@playwright/test").Page,
  createSession: (order?: object) => Promise<import("./support").Session>,
): Promise<void> {
  const before = (await received(page)).length;
  await page.waitForTimeout(700);
  expect(await received(page)).toHaveLength(before);
  await page.evaluate(() => sessionStorage.clear());
  expect(await open(page, await createSession(), { params: PARAMS })).toBe("resolved");
  await typeCard(page);
  await payButton(page).click();
  await expectCodes(page, [
    "START_OF_LOADING",
    "END_OF_LOADING",
    "PAYMENT_AUTHORIZATION_SUCCESSFUL",
    "PAYMENT_SUCCESSFUL",
  ]);
}

test("unmount before opening, twice, and after the end of a payment", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await page.evaluate((gateway) => {
    const sdk = new (window as any).AMSCashierPayment({ environment: "sandbox", gateway });
    sdk.unmount();
    sdk.unmount();
  }, (await createSession()).gateway);
  await open(page, await createSession(), { params: PARAMS });
  await unmount(page);
  await unmount(page);
  await expectSilenceAndReopen(page, createSession);
  await unmount(page);
});

test("unmount while the module loads", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession();
  const outcome = await page.evaluate(async (session) => {
    const events: string[] = [];
    const sdk = ((window as any).sdk = new (window as any).AMSCashierPayment({
      environment: "sandbox",
      gateway: session.gateway,
      onEventCallback: (event: { code: string }) => events.push(event.code),
    }));
    const opening = sdk.createComponent({ sessionData: session.paymentSessionData });
    sdk.unmount();
    await opening;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { events, left: document.querySelectorAll("[data-kassa]").length };
  }, session);
  expect(outcome).toEqual({ events: [], left: 0 });
});

for (const [where, faults, stop] of [
  ["unmount during the query", { query: ["delay:400"] }, "START_OF_LOADING"],
  ["unmount during the submit", { submit: ["delay:400"] }, "paying"],
  ["unmount during an inquiry", { inquire: ["delay:400"] }, "PAYMENT_AUTHORIZATION_SUCCESSFUL"],
  ["unmount during the card's token exchange", { token: ["delay:400"] }, "paying"],
] as const) {
  test(where, async ({ page, shop, createSession }) => {
    await enterLab(page, shop);
    const session = await createSession({ metadata: { sandbox: { faults } } });
    await start(page, session, { params: PARAMS });
    if (stop === "START_OF_LOADING") {
      await expect.poll(async () => (await received(page)).at(-1)?.code).toBe("SDK_START_OF_LOADING");
    } else {
      await verdict(page);
      await typeCard(page);
      await payButton(page).click();
      if (stop === "paying") await page.waitForTimeout(150);
      else await expect.poll(async () => (await received(page)).at(-1)?.code).toBe(`SDK_${stop}`);
    }
    await unmount(page);
    // The promise settles without an error.
    expect(await verdict(page)).toBe("resolved");
    await expectSilenceAndReopen(page, createSession);
  });
}

test("an instance is freed when nothing is open any more", async ({ page, shop, createSession, browserName }) => {
  test.skip(browserName === "firefox", "its driver cannot count objects");
  await enterLab(page, shop);
  const cdp = await page.context().newCDPSession(page);
  const instances = async () => {
    await cdp.send("HeapProfiler.collectGarbage");
    const { result } = await cdp.send("Runtime.evaluate", { expression: "AMSCashierPayment.prototype" });
    const { objects } = await cdp.send("Runtime.queryObjects", { prototypeObjectId: result.objectId! });
    const { result: count } = await cdp.send("Runtime.callFunctionOn", {
      objectId: objects.objectId!,
      functionDeclaration: "function () { return this.length; }",
    });
    return count.value;
  };
  for (const end of ["unmount in a callback", "close by the buyer", "refusal", "removal by the page"]) {
    const session = await createSession();
    await page.evaluate(
      async ({ end, paymentSessionData, gateway }) => {
        const close = () => document.querySelector("[data-kassa]")?.shadowRoot?.querySelector<HTMLElement>(".close")?.click();
        for (let i = 0; i < 5; i++) {
          await new Promise<void>((resolve) => {
            const sdk = new (window as any).AMSCashierPayment({
              environment: "sandbox",
              gateway,
              onEventCallback({ code }: { code: string }) {
                if (end === "unmount in a callback") {
                  sdk.unmount();
                  resolve();
                }
                if (code === "SDK_PAYMENT_CANCEL" || code === "SDK_CREATECOMPONENT_ERROR") resolve();
              },
            });
            const sessionData = end === "refusal" ? "bm9ib2R5&&SG&&188" : paymentSessionData;
            sdk.createComponent({ sessionData }).then(
              () => {
                if (end === "close by the buyer") close();
                if (end === "removal by the page") document.querySelector("[data-kassa]")?.remove();
              },
              () => {},
            );
          });
        }
      },
      { end, ...session },
    );
    await expect.poll(instances, end).toBe(0);
  }
});

test("unmount while the card form loads", async ({ page, shop, gateway, createSession }) => {
  await enterLab(page, shop);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(`${gateway}/frame/card?*`, async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await start(page, await createSession(), { params: PARAMS });
  await expect(page.locator("[data-kassa] iframe")).toHaveCount(1);
  await unmount(page);
  release();
  expect(await verdict(page)).toBe("resolved");
  await page.unrouteAll();
  await expectSilenceAndReopen(page, createSession);
});

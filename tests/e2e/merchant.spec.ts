// Features for merchants: onBeforeSubmit, onPaymentMethodSelected, stored cards, forms of other methods.

import { expect, expectStatus, test, type Session } from "./support";
import { decide, goOnline, isFirefox, press } from "./support/buyer";
import { recordCalls, recordedCalls } from "./support/network";
import { CVC, cardForm, component, enterLab, expectCodes, received, open, payButton, typeCard } from "./support/lab";

import type { Page } from "@playwright/test";

const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const PAID = ["PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"];
const STAY = { notRedirectAfterComplete: true };

/** Opens a component whose `onBeforeSubmit` answers as `answer` says. */
async function openWithBeforeSubmit(page: Page, session: Session, answer: string): Promise<void> {
  // Functions cannot be passed to `evaluate`, and the lab's policy forbids `eval`: `answer` is a name.
  await page.evaluate(
    async ({ session, answer }) => {
      const world = window as any;
      world.beforeSubmit = [];
      world.selected = [];
      const keep = (list: string, item: unknown) => {
        const items = JSON.parse(sessionStorage.getItem(list) ?? "[]");
        sessionStorage.setItem(list, JSON.stringify([...items, item]));
      };
      world.answer = answer;
      world.sdk = new world.AMSCashierPayment({
        environment: "sandbox",
        gateway: session.gateway,
        onEventCallback: (event: unknown) => keep("sdk.events", event),
        onLog: (line: unknown) => keep("sdk.log", line),
        onPaymentMethodSelected: (selected: unknown) => world.selected.push(selected),
        onBeforeSubmit: async (payment: unknown) => {
          world.beforeSubmit.push(payment);
          if (world.answer === "THROW") throw new Error("out of stock");
          if (world.answer === "NEVER") await new Promise(() => {});
          if (world.answer === "NOTHING") return undefined;
          if (world.answer !== "ADDITIONS") return { result: world.answer };
          return {
            result: "CONTINUE",
            processType: (payment as any).processType,
            submitRequestData: { billingAddress: { region: "MY" }, paymentFactors: { cardToken: "tok_other" } },
          };
        },
      });
      await world.sdk.createComponent({ sessionData: session.paymentSessionData, notRedirectAfterComplete: true });
    },
    { session, answer },
  );
}

test("onBeforeSubmit receives the method, and CONTINUE pays", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await openWithBeforeSubmit(page, await createSession(), "CONTINUE");
  expect(await page.evaluate(() => (window as any).selected)).toEqual([{ paymentMethodType: "CARD" }]);
  await typeCard(page);
  await payButton(page).click();
  await expectCodes(page, [...OPENED, ...PAID]);
  expect(await page.evaluate(() => (window as any).beforeSubmit)).toEqual([
    { paymentMethodType: "CARD", processType: "PAYMENT" },
  ]);
});

test("an onBeforeSubmit that returns nothing continues", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await openWithBeforeSubmit(page, await createSession(), "NOTHING");
  await typeCard(page);
  await payButton(page).click();
  await expectCodes(page, [...OPENED, ...PAID]);
});

test("what onBeforeSubmit adds to the submit is passed on, and what could change the payment is not", async ({
  page, shop, createSession,
}) => {
  await recordCalls(page);
  await enterLab(page, shop);
  await openWithBeforeSubmit(page, await createSession(), "ADDITIONS");
  await typeCard(page);
  await payButton(page).click();
  await expectCodes(page, [...OPENED, ...PAID]);
  const submit = (await recordedCalls(page)).find(({ operation }) => operation === "submit")!.body[0];
  expect(submit.extParams.processType).toBe("PAYMENT");
  expect(submit.paymentFactors.billingAddress).toEqual({ region: "MY" });
  expect(submit.paymentFactors.cardToken).not.toBe("tok_other");
  expect(await received(page, "log")).toEqual([
    {
      code: "OPTION_IGNORED",
      message: "onBeforeSubmit.submitRequestData.paymentFactors has no effect, but an object was given.",
    },
  ]);
});

test("any other answer of onBeforeSubmit stops the submit and keeps the form", async ({ page, shop, createSession }) => {
  let submits = 0;
  page.on("request", (made) => {
    if (made.headers()["operation-type"]?.endsWith("submitPayByPaymentSession")) submits++;
  });
  await enterLab(page, shop);
  await openWithBeforeSubmit(page, await createSession(), "CANCEL");
  await typeCard(page);
  const refused: string[] = [];
  for (const answer of ["CANCEL", "ERROR", "THROW", "OTHER"]) {
    await page.evaluate((answer) => ((window as any).answer = answer), answer);
    await payButton(page).click();
    refused.push("FORM_VERIFICATION_FAILED");
    await expectCodes(page, [...OPENED, ...refused]);
    await expect(component(page).locator("p.alert")).toHaveText(answer === "CANCEL" ? "" : /try again/);
  }
  expect(submits).toBe(0);
  expect((await received(page, "log")).map(({ message }) => message)).toContain("onBeforeSubmit threw: Error: out of stock");
  await page.evaluate(() => ((window as any).answer = "IGNORE"));
  await payButton(page).click();
  await expectCodes(page, [...OPENED, ...refused, ...PAID]);
  expect(submits).toBe(1);
});

test("an onBeforeSubmit that never settles stops the submit after thirty seconds", async ({ page, shop, createSession }) => {
  await page.clock.install();
  await enterLab(page, shop);
  await openWithBeforeSubmit(page, await createSession(), "NEVER");
  await typeCard(page);
  await payButton(page).click();
  await expect.poll(() => page.evaluate(() => (window as any).beforeSubmit.length)).toBe(1);
  await page.clock.runFor(30_100);
  await expectCodes(page, [...OPENED, "FORM_VERIFICATION_FAILED"]);
  expect((await received(page)).at(-1)?.message).toContain("TIMEOUT");
});

test("a stored card with needCVV requires its security code", async ({
  page, shop, createSession, request,
}) => {
  const session = await createSession({ paymentMethodId: "SANDBOX_CARD_VISA" } as object);
  await enterLab(page, shop);
  await open(page, session, {
    params: { ...STAY, merchantAppointParam: { storedCard: { needCVV: true } } },
  });
  const form = cardForm(page);
  await expect(form.getByText(/VISA •••• \d{4}/)).toBeVisible();
  await expect(form.locator('input[autocomplete="cc-number"]')).toBeHidden();
  await payButton(page).click();
  await expectCodes(page, [...OPENED, "FORM_VERIFICATION_FAILED"]);
  await form.locator('input[autocomplete="cc-csc"]').fill(CVC);
  await payButton(page).click();
  await expectCodes(page, [...OPENED, "FORM_VERIFICATION_FAILED", ...PAID]);
  await expectStatus(request, shop, session.paymentRequestId, "SUCCESS");
});

test("a stored card without needCVV needs one press, and can be replaced by another card", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession({ paymentMethodId: "SANDBOX_CARD_VISA" } as object), { params: STAY });
  await payButton(page).click();
  await expectCodes(page, [...OPENED, ...PAID]);

  await open(page, await createSession({ paymentMethodId: "SANDBOX_CARD_DECLINED" } as object), {
    params: STAY, name: "other",
  });
  await press(page, cardForm(page).getByText("Use another card"));
  await typeCard(page);
  await payButton(page).click();
  await expectCodes(page, [...OPENED, ...PAID], "other");
});

test("invalid fields are marked, and valid values are sent to the gateway", async ({
  page, shop, gateway, createSession,
}) => {
  const session = await createSession({ method: "KONBINI", amount: "4200", currency: "JPY" });
  const factors: Record<string, string>[] = [];
  page.on("request", (made) => {
    if (!made.headers()["operation-type"]?.endsWith("submitPayByPaymentSession")) return;
    const body = made.postData();
    if (body) factors.push(JSON.parse(body)[0].paymentFactors);
  });
  await enterLab(page, shop);
  await open(page, session, { params: STAY });
  const form = component(page).locator(".fields");
  await form.locator('[name="firstName"]').fill("Mia");
  await form.locator('[name="email"]').fill("not an address");
  expect(await page.evaluate(() => (window as any).sdk.validateFields())).toEqual({ isValid: false });
  await payButton(page).click();
  await expectCodes(page, [...OPENED, "FORM_VERIFICATION_FAILED"]);
  // The first invalid field has the focus.
  await expect(form.locator('[name="lastName"]')).toBeFocused();
  await expect(form.locator('[name="email"]')).toHaveAttribute("aria-invalid", "true");
  await form.locator('[name="lastName"]').fill("Chen");
  await form.locator('[name="email"]').fill("mia@example.com");
  await form.locator('[name="phone"]').fill("090-1234-5678");
  expect(await page.evaluate(() => (window as any).sdk.validateFields())).toEqual({ isValid: true });
  // `submit()` stands for a button of the merchant.
  const promise = page.evaluate(() => (window as any).sdk.submit());
  await expect(component(page).locator(".codes figure").first()).toBeVisible();
  // Requests in Debian's Firefox have no body in Playwright.
  if (!isFirefox(page)) {
    expect(factors).toEqual([
      { firstName: "Mia", lastName: "Chen", email: "mia@example.com", phone: "+819012345678" },
    ]);
  }
  await decide(page.request, gateway, session, "approve");
  await goOnline(page);
  await expectCodes(page, [...OPENED, "FORM_VERIFICATION_FAILED", ...PAID]);
  expect((await promise).code).toBe("SDK_PAYMENT_SUCCESSFUL");
});

test("a bank is searched for and chosen with the keyboard", async ({ page, shop, createSession, browserName }) => {
  const session = await createSession({
    method: "ONLINEBANKING_FPX", amount: "4200", currency: "MYR", metadata: { sandbox: { askHere: true } },
  });
  await enterLab(page, shop);
  await open(page, session, { params: STAY });
  const bank = component(page).getByRole("combobox");
  if (browserName === "firefox") await bank.fill("Maybank");
  else await bank.pressSequentially("mayb");
  await expect(component(page).getByRole("option").first()).toContainText("Maybank");
  await bank.press("ArrowDown");
  await bank.press("Enter");
  await expect(bank).toHaveValue("Maybank");
  await payButton(page).click();
  await page.waitForURL(`${session.gateway}/bank/**`);
});

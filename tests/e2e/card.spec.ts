// Card payments, from the form to the result, with the exact order of the contract's events.

import { expect, expectStatus, test } from "./support";
import { CARDS, CVC, cardForm, component, enterLab, expectCodes, received, open, payButton, typeCard } from "./support/lab";

const STAY = { params: { notRedirectAfterComplete: true } };
const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const PAID = [...OPENED, "PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"];

test("a card is paid without leaving the page", async ({ page, shop, createSession, request }) => {
  const session = await createSession();
  await enterLab(page, shop);
  expect(await open(page, session, STAY)).toBe("resolved");
  await expect(component(page).getByText("$123.45").first()).toBeVisible();
  await typeCard(page);
  await payButton(page).click();
  await expectCodes(page, PAID);
  await expectStatus(request, shop, session.paymentRequestId, "SUCCESS");

  const result = (await received(page)).at(-1)?.result;
  expect(result).toMatchObject({
    result: { resultCode: "SUCCESS", resultStatus: "S" },
    paymentStatus: "SUCCESS",
    paymentResultCode: "SUCCESS",
    retryable: false,
    cardPaymentResultInfo: {
      cardNo: "************0768",
      cardBrand: "VISA",
      cardBin: "405469",
      lastFour: "0768",
      issuerName: expect.any(String),
      issuingCountry: expect.stringMatching(/^[A-Z]{2}$/),
      funding: expect.any(String),
      avsResultRaw: expect.any(String),
      cvvResultRaw: expect.any(String),
      holdName: "Mia Chen",
      fingerprint: expect.any(String),
    },
    popRiskDecisionResultInfo: { riskDecision: "ACCEPT", riskAuthDecision: expect.any(String) },
  });

  await component(page).getByRole("button", { name: "Close" }).last().click();
  await expect(component(page)).toHaveCount(0);
  expect(await received(page, "closed")).toEqual([true]);
  await expectCodes(page, PAID);
});

test("a card is paid and the page goes to the merchant's result", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession());
  await typeCard(page, CARDS.mastercard);
  await payButton(page).click();
  await page.waitForURL(`${shop}/result?**`);
  await expect(page.locator("#result")).toHaveAttribute("data-scene", "paid");
  await expectCodes(page, [...OPENED, "PAYMENT_AUTHORIZATION_SUCCESSFUL", "CALL_URL_SUCCESS"]);
});

test("a declined card keeps the form, and another card pays", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession(), STAY);
  await typeCard(page, CARDS.declined);
  await payButton(page).click();
  await expectCodes(page, [...OPENED, "PAYMENT_FAIL"]);
  expect((await received(page)).at(-1)?.result).toMatchObject({
    result: { resultStatus: "F", resultCode: "ISSUER_REJECTS_TRANSACTION" },
    paymentStatus: "FAIL",
    paymentResultCode: "ISSUER_REJECTS_TRANSACTION",
    retryable: true,
    suggestion: expect.stringContaining("card"),
  });
  await expect(component(page).getByRole("alert")).toContainText("try another");
  // The form keeps its values.
  await expect(cardForm(page).locator("input[autocomplete=cc-name]")).toHaveValue("Mia Chen");

  await typeCard(page, CARDS.success);
  await payButton(page).click();
  await expectCodes(page, [...OPENED, "PAYMENT_FAIL", "PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"]);
});

test("a card number of an unrecognised brand is accepted", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession(), STAY);
  await typeCard(page, CARDS.korean);
  await payButton(page).click();
  await expectCodes(page, PAID);
});

test("mistakes are shown on the fields and nothing is sent", async ({ page, shop, gateway, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession(), STAY);
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().startsWith(gateway)) sent.push(request.url());
  });
  await typeCard(page, "4054695723100769", { expiry: "1320", code: "12" });
  await payButton(page).click();
  await expectCodes(page, [...OPENED, "FORM_VERIFICATION_FAILED"]);
  const number = cardForm(page).locator("input[autocomplete=cc-number]");
  await expect(number).toHaveAttribute("aria-invalid", "true");
  await expect(number).toBeFocused();
  await expect(number).toHaveAccessibleDescription(/\w/);
  for (const field of ["cc-exp", "cc-csc"]) {
    await expect(cardForm(page).locator(`input[autocomplete=${field}]`)).toHaveAttribute("aria-invalid", "true");
  }
  expect(sent).toEqual([]);

  await typeCard(page);
  // `press` would not reach the frame in Firefox, see `typeCard`.
  await number.dispatchEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
  await expectCodes(page, [...OPENED, "FORM_VERIFICATION_FAILED", ...PAID.slice(2)]);
});

// In Chromium the page's part of a click may reach the frame as a late loss of focus, after the frame
// has moved the focus to the wrong field.
test("a wrong field keeps the focus when the page takes it late", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession(), STAY);
  await typeCard(page, "4054695723100769");
  await payButton(page).evaluate((button: HTMLElement) => {
    button.click();
    button.focus();
  });
  await expectCodes(page, [...OPENED, "FORM_VERIFICATION_FAILED"]);
  const number = cardForm(page).locator("input[autocomplete=cc-number]");
  await expect(number).toBeFocused();

  // Later, the buyer may leave.
  await number.click();
  await payButton(page).focus();
  await expect(payButton(page)).toBeFocused();
});

test("the merchant's own button pays by submit()", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  await open(page, await createSession(), {
    into: "#a",
    params: { notRedirectAfterComplete: true, appearance: { showSubmitButton: false } },
  });
  await expect(component(page).getByRole("button")).toHaveCount(0);
  const submit = () =>
    page.evaluate(() => (window as any).sdk.submit({ billingAddress: { region: "MY", zipCode: "50000" } }));
  expect(await page.evaluate(() => (window as any).sdk.validateFields())).toEqual({ isValid: false });
  expect(await submit()).toMatchObject({ code: "SDK_FORM_VERIFICATION_FAILED" });
  await typeCard(page);
  expect(await page.evaluate(() => (window as any).sdk.validateFields())).toEqual({ isValid: true });
  expect(await submit()).toMatchObject({ code: "SDK_PAYMENT_SUCCESSFUL" });
});

test("a pending payment is inquired about until it has a result", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession({ metadata: { sandbox: { pendingFor: 3000 } } });
  await open(page, session, STAY);
  await typeCard(page);
  await payButton(page).click();
  await expect(component(page).getByRole("status")).toContainText("Checking your payment");
  await expectCodes(page, PAID);
});

test("a 3DS challenge by redirect to the issuer's page, and the return", async ({ page, shop, createSession }) => {
  await enterLab(page, shop);
  const session = await createSession({ metadata: { sandbox: { threeDS: "redirect" } } });
  await open(page, session);
  await typeCard(page);
  await payButton(page).click();
  await page.waitForURL(`${session.gateway}/3ds/challenge/**`);
  await page.locator("button.yes").click();
  await page.waitForURL(`${shop}/result?**`);
  await expect(page.locator("#result")).toHaveAttribute("data-scene", "paid");
  await expectCodes(page, [...OPENED, "PAYMENT_CHALLENGE", "CALL_URL_SUCCESS"]);
});

test("card data is in no part of the merchant's page, its messages or its requests", async ({
  page,
  shop,
  gateway,
  createSession,
}) => {
  const outside: string[] = [];
  page.on("console", (message) => outside.push(message.text()));
  page.on("request", (request) => {
    const own = request.frame() === page.mainFrame() || !request.url().startsWith(gateway);
    if (own) outside.push(request.url(), request.postData() ?? "", JSON.stringify(request.headers()));
  });
  await page.addInitScript(() => {
    if (window !== window.top) return;
    const messages: unknown[] = ((window as any).messages = []);
    window.addEventListener("message", (event) => messages.push(event.data));
    const start = MessagePort.prototype.start;
    // Records the messages of every port of the page, the SDK's too.
    MessagePort.prototype.start = function (this: MessagePort) {
      this.addEventListener("message", (event) => messages.push(event.data));
      return start.call(this);
    };
  });
  await enterLab(page, shop);
  await open(page, await createSession(), STAY);
  await typeCard(page);
  await payButton(page).click();
  await expectCodes(page, PAID);

  const inPage = await page.evaluate(() => {
    const deep = (root: ParentNode): string =>
      Array.from(root.querySelectorAll("*"))
        .map((e) => e.outerHTML + ((e as HTMLInputElement).value ?? "") + (e.shadowRoot ? deep(e.shadowRoot) : ""))
        .join("\n");
    const stores = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]);
    return [deep(document), stores, JSON.stringify((window as any).messages)];
  });
  // The token's message shows that the port is recorded; the token is part of the submit. The security
  // code is searched for as a whole value, since three digits occur in other numbers.
  expect(inPage[2]).toContain('"t":"token"');
  const everything = [...outside, ...inPage].join("\n");
  expect(everything.replace(/[\s-]/g, "")).not.toContain(CARDS.success);
  expect(everything).not.toMatch(new RegExp(`["'=>:]${CVC}["'<&,}]`));
});

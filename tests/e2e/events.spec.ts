// Every event code of the contract, and the test that causes it in a browser. The table is compared with
// the published types and with the specs, so that an event code without a test fails here.

import { readFileSync } from "node:fs";

import { expect, test } from "./support";
import { codes, component, enterLab, received, open, payButton, typeCard } from "./support/lab";

const WHERE: Record<string, [spec: string, title: string]> = {
  SDK_CALL_URL_ERROR: ["redirect", "a javascript: address is not opened"],
  SDK_CALL_URL_SUCCESS: ["card", "a card is paid and the page goes to the merchant's result"],
  SDK_CREATECOMPONENT_ERROR: ["opening", "a session that does not exist"],
  SDK_CREATEPAYMENT_PARAMETER_ERROR: ["opening", "a malformed session is refused without a request"],
  SDK_DUPLICATE_SUBMISSION_BEHAVIOR: ["network", "fifty clicks, Enter and submit() at once: one exchange, one submit, one payment"],
  SDK_END_OF_LOADING: ["card", "a card is paid without leaving the page"],
  SDK_FORM_VERIFICATION_FAILED: ["merchant", "invalid fields are marked, and valid values are sent to the gateway"],
  SDK_INIT_PARAMETER_ERROR: ["opening", "the message for an option of a wrong type names the option and the accepted values"],
  SDK_INTERNAL_ERROR: ["opening", "an exception inside of the module is an internal error, and the component is removed"],
  SDK_LAUNCH_PAYMENT_APP_ERROR: [
    "apps",
    "an app link that opens nothing, without a web page as alternative: an error event, and the app can be opened again",
  ],
  SDK_PAYMENT_AUTHORIZATION_SUCCESSFUL: ["card", "a card is paid without leaving the page"],
  SDK_PAYMENT_CANCEL: ["apps", "closing before the app opens cancels the payment, and closing afterwards does not"],
  SDK_PAYMENT_CHALLENGE: ["threeds", "3DS method and challenge in frames, approved"],
  SDK_PAYMENT_ERROR: ["events", "a gateway that stops answering: polling ends after five minutes with PAYMENT_ERROR"],
  SDK_PAYMENT_FAIL: ["codes", "an expired code: the gateway closes the order, and the event has the code ORDER_IS_CLOSED"],
  SDK_PAYMENT_PENDING: ["codes", "an account number can be copied"],
  SDK_PAYMENT_PROCESSING: ["threeds", "a closed challenge is inquired about, and the event has the reason for the missing result"],
  SDK_PAYMENT_SUCCESSFUL: ["codes", "a code is rendered in the page with its remaining time, and paid"],
  SDK_START_OF_LOADING: ["card", "a card is paid without leaving the page"],
  SDK_SUBMIT_NETWORK_ERROR: ["network", "a submit whose answer is lost is inquired about, and there is one payment"],
};

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("every event code of the published types has a test that causes it", () => {
  const types = read("../../js/src/kassa.d.ts");
  const union = types.slice(types.indexOf("export type EventCode"), types.indexOf("/** How a payment stands"));
  expect(Object.keys(WHERE).sort()).toEqual([...union.matchAll(/"(SDK_\w+)"/g)].map(([, code]) => code).sort());
  for (const [code, [spec, title]] of Object.entries(WHERE)) {
    const text = read(`./${spec}.spec.ts`);
    expect(text, `${spec}.spec.ts has the test for ${code}`).toContain(title);
    expect(text, `${spec}.spec.ts names ${code}`).toMatch(new RegExp(`\\b(SDK_)?${code.slice(4)}\\b`));
  }
});

test("a gateway that stops answering: polling ends after five minutes with PAYMENT_ERROR", async ({
  page, shop, gateway, createSession,
}) => {
  await page.clock.install();
  await enterLab(page, shop);
  await open(page, await createSession(), { params: { notRedirectAfterComplete: true } });
  await typeCard(page);
  await page.route(`${gateway}/mgw.htm`, (route) => route.abort());
  await payButton(page).click();
  await expect.poll(() => codes(page)).toContain("SUBMIT_NETWORK_ERROR");
  // Polling ends after five minutes.
  await expect
    .poll(
      async () => {
        await page.clock.runFor(10_000);
        return codes(page);
      },
      { timeout: 25_000, intervals: [20] },
    )
    .toContain("PAYMENT_ERROR");
  expect((await received(page)).at(-1)?.result).toMatchObject({
    paymentResultCode: "PAYMENT_IN_PROCESS", retryable: false, reason: "NO_RESULT_IN_TIME",
  });
  expect((await received(page, "errors")).map(({ code }) => code)).toContain("SDK_PAYMENT_ERROR");
  await expect(component(page).locator(".status").first()).toContainText("please do not pay again");
});

// What does not go as the buyer wished, with both SDKs.

import {
  END_OF_LOADING,
  PHONE,
  QUERY,
  SDKS,
  SUBMIT,
  call,
  createSession,
  expect,
  expectPage,
  expectPaid,
  gateway,
  operations,
  pay,
  shop,
  test,
} from "./support";

for (const sdk of SDKS) {
  test.describe(sdk, () => {
    test("a session of the other environment is refused with one error", async ({ page, request, internet }) => {
      const order = { method: "CARD", amount: "4200", currency: "USD", environment: "prod" };
      await pay(page, sdk, await createSession(request, order));
      const notes = [
        "SDK_START_OF_LOADING",
        ...END_OF_LOADING[sdk],
        "onError SDK_CREATECOMPONENT_ERROR",
        "SDK_CREATECOMPONENT_ERROR",
        "rejected SDK_CREATECOMPONENT_ERROR",
      ];
      await expect.poll(() => internet.notes()).toEqual(notes);
      expect(operations(internet)).toEqual([QUERY]);
    });

    test.describe("on a phone", () => {
      test.use(PHONE);

      test("an app that is not there is replaced by the wallet's page", async ({ page, request, internet }) => {
        const session = await createSession(request, { method: "ALIPAY_CN", amount: "4200", currency: "CNY" });
        await pay(page, sdk, session);
        await expectPage(page, `${gateway}/wallet/`);
        const { schemeUrl, normalUrl } = call(internet, SUBMIT).answer;
        expect(schemeUrl).toMatch(/^kassa-wallet:/);
        expect(page.url()).toBe(normalUrl);
        await page.locator("button.yes").click();
        await expectPage(page, `${shop}/result?`);
        await expectPaid(request, session);
      });
    });
  });
}

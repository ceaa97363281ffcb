// Payments on one merchant's page with the original SDK from npm, unmodified, and with Kassa without the
// option `gateway`: each calls the gateway of the session's region, which is the sandbox. The browser
// sends preflights and credentials as it would on the internet.

import { MERCHANT } from "./internet";
import {
  END_OF_LOADING,
  INQUIRE,
  PHONE,
  QUERY,
  SDKS,
  SUBMIT,
  call,
  createSession,
  expect,
  expectCode,
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
    test("a redirect method leads to the bank's page, and back to the merchant", async ({ page, request, internet }) => {
      const origins = new Set<string>();
      page.on("request", (made) => origins.add(new URL(made.url()).origin));
      const session = await createSession(request, { method: "ONLINEBANKING_FPX", amount: "4200", currency: "MYR" });
      await pay(page, sdk, session);
      await expectPage(page, `${gateway}/bank/`);
      expect(page.url()).toBe(call(internet, SUBMIT).answer.normalUrl);
      await page.locator("button.yes").click();
      await expectPage(page, `${shop}/result?`);
      await expectPaid(request, session);
      expect(operations(internet)).toEqual([QUERY, SUBMIT]);
      expect(call(internet, QUERY).origin).toBe(MERCHANT);
      expect(call(internet, QUERY).request.envInfo.locale, "as the merchant wrote it").toBe("sv_SE");
      expect(internet.preflights.length).toBeGreaterThan(0);
      // The page leaves, and it is the browser's choice whether the promise's callbacks still run.
      const events = ["SDK_START_OF_LOADING", ...END_OF_LOADING[sdk], "SDK_CALL_URL_SUCCESS"];
      await expect.poll(() => internet.notes().filter((note) => note !== "resolved")).toEqual(events);
      if (sdk === "kassa") {
        const known = [MERCHANT, "https://imgs-sea-global.alipay.com", gateway, shop];
        expect([...origins].filter((origin) => !known.includes(origin))).toEqual([]);
      }
    });

    test("a code method shows the code", async ({ page, request, internet }) => {
      const session = await createSession(request, { method: "PAYNOW", amount: "4200", currency: "SGD" });
      await pay(page, sdk, session);
      await expect.poll(() => operations(internet)).toContain(SUBMIT);
      const { code } = call(internet, SUBMIT).answer.codeFormViews[0];
      await expectCode(page, sdk, code);
      const notes = ["SDK_END_OF_LOADING", "SDK_START_OF_LOADING", "resolved"];
      await expect.poll(() => [...internet.notes()].sort()).toEqual(notes);
      // The buyer scans it.
      const scanned = await request.get(`${gateway}/scan`, { params: { code } });
      expect(new URL(scanned.url()).pathname).toMatch(/^\/scan\/./);
      const key = scanned.url().split("/").at(-1);
      expect((await request.post(`${gateway}/sim/${key}`, { form: { decision: "approve" } })).status()).toBe(200);
      await expectPaid(request, session);
      // Inquiries are not part of the original's package, but of its checkout app.
      if (sdk === "kassa") await expectPage(page, `${shop}/result?`);
      expect(operations(internet).filter((operation) => operation !== INQUIRE)).toEqual([QUERY, SUBMIT]);
    });

    test.describe("on a phone", () => {
      test.use(PHONE);

      test("an app method opens the app's link", async ({ page, request, internet }) => {
        const session = await createSession(request, { method: "GCASH", amount: "4200", currency: "PHP" });
        await pay(page, sdk, session);
        await expectPage(page, `${gateway}/app/`);
        expect(page.url()).toBe(call(internet, SUBMIT).answer.applinkUrl);
        await page.locator("button.yes").click();
        await expectPage(page, `${shop}/result?`);
        await expectPaid(request, session);
        expect(operations(internet)).toEqual([QUERY, SUBMIT]);
        const { terminalType, osType } = call(internet, QUERY).request.envInfo;
        expect([terminalType, osType]).toEqual(["WAP", "ANDROID"]);
      });
    });
  });
}

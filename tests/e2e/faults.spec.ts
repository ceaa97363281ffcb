// Each fault of docs/sandbox.md at each call: its events and log lines, an end of the payment, and exactly
// one payment at the gateway.

import { expect, test } from "./support";
import { goOnline } from "./support/buyer";
import { CARDS, codes, component, enterLab, expectCodes, received, open } from "./support/lab";
import { clear, fillCard, logged, payments, press } from "./support/network";

const PARAMS = { notRedirectAfterComplete: true };
const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const ENDED = ["PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"];
const PAID = [...OPENED, ...ENDED];

/** Poll intervals for states that the page leaves sooner than the default would see them. */
const QUICKLY = { intervals: [20, 40, 80, 160] };

const scenario = (sandbox: object) => ({ metadata: { sandbox } });

/** The course of a payment with a fault at one call; `inquired` means that an inquiry finds the result. */
type Course = "unaffected" | "inquired" | "form again" | "not opened" | "failed";

const FAULTS = ["ok", "delay:200", "duplicate", "content-type", "unknown", "lost", "truncated", "empty", "drop", "500", "html", "status:1002"];
const GOOD = FAULTS.slice(0, 5);
/** Faults after which the call was performed, though no answer can be read. */
const MUTE = ["lost", "truncated", "empty"];

for (const fault of FAULTS) {
  const good = GOOD.includes(fault);
  const bad = fault === "status:1002" ? "failed" : "form again";
  const courses: Record<string, Course> = good
    ? { query: "unaffected", submit: "unaffected", inquire: "unaffected", token: "unaffected" }
    : { query: "not opened", submit: MUTE.includes(fault) ? "inquired" : "form again", inquire: "inquired", token: bad };

  test(`${fault} at each call`, async ({ page, shop, createSession, request }) => {
    await enterLab(page, shop);
    for (const [call, course] of Object.entries(courses)) {
      await test.step(`${call}: ${course}`, async () => {
        // Decided when the first inquiry comes, and not when the submit is answered.
        const pendingFor = call === "inquire" ? 1 : 0;
        const session = await createSession(scenario({ pendingFor, faults: { [call]: [fault] } }));
        const settled = await open(page, session, { params: PARAMS });
        if (course === "not opened") {
          expect(settled).toMatch(/^SDK_CREATECOMPONENT_ERROR/);
          expect(await codes(page)).toEqual([...OPENED, "CREATECOMPONENT_ERROR"]);
          expect(await logged(page)).toEqual(["OPEN_FAILED"]);
          await clear(page);
          return;
        }
        expect(settled).toBe("resolved");
        await fillCard(page, CARDS.success);
        await press(page);
        if (course === "unaffected" && call !== "inquire") {
          await expectCodes(page, PAID);
          expect(await logged(page)).toEqual([]);
        } else if (call === "inquire") {
          if (course === "inquired") {
            await expect.poll(() => logged(page), QUICKLY).toEqual(["INQUIRE_FAILED"]);
            expect(await codes(page)).toEqual([...OPENED, "PAYMENT_AUTHORIZATION_SUCCESSFUL"]);
            await goOnline(page);
          }
          await expectCodes(page, PAID);
          expect(await logged(page)).toEqual(course === "inquired" ? ["INQUIRE_FAILED"] : []);
        } else if (course === "inquired") {
          await expectCodes(page, [...OPENED, "SUBMIT_NETWORK_ERROR", ...ENDED]);
          expect(await logged(page)).toEqual(["SUBMIT_SILENT"]);
        } else if (course === "failed") {
          await expectCodes(page, [...OPENED, "PAYMENT_FAIL"]);
          expect((await received(page)).at(-1)?.result).toMatchObject({ paymentResultCode: "SYSTEM_ERROR", retryable: true });
          await press(page);
          await expectCodes(page, [...OPENED, "PAYMENT_FAIL", ...ENDED]);
        } else {
          await expect(component(page).getByRole("alert")).toContainText("nothing was paid");
          expect(await codes(page)).toEqual([...OPENED, "SUBMIT_NETWORK_ERROR"]);
          expect(await logged(page)).toEqual(call === "submit" ? ["SUBMIT_SILENT"] : []);
          await press(page);
          await expectCodes(page, [...OPENED, "SUBMIT_NETWORK_ERROR", ...ENDED]);
        }
        expect(await payments(request, shop, session)).toHaveLength(1);
        await clear(page);
      });
    }
  });
}

for (const call of ["submit", "inquire", "token"] as const) {
  test(`a gateway that hangs at ${call} is waited for until the time limit`, async ({ page, shop, gateway, createSession, request }) => {
    await enterLab(page, shop);
    await page.clock.install();
    const session = await createSession(scenario({ pendingFor: call === "inquire" ? 100 : 0, faults: { [call]: ["hang"] } }));
    await open(page, session, { params: PARAMS });
    await fillCard(page, CARDS.success);
    // The test itself sends the first call, to wait until the gateway has received it.
    let isHeld = false;
    const held = new Promise<void>((resolve) =>
      page.route(`${gateway}/**`, async (route) => {
        const made = route.request();
        const isWanted =
          call === "token"
            ? made.url() === `${gateway}/frame/card/token`
            : (made.headers()["operation-type"] ?? "").includes(call === "submit" ? "submitPay" : "inquire");
        if (isHeld || made.method() !== "POST" || !isWanted) return route.fallback();
        isHeld = true;
        await expect(request.fetch(made, { timeout: 500 })).rejects.toThrow(/Timeout/);
        resolve();
      }),
    );
    await press(page);
    await held;
    await page.clock.fastForward(14_000);
    const before = call === "inquire" ? OPENED.concat("PAYMENT_AUTHORIZATION_SUCCESSFUL") : OPENED;
    await expectCodes(page, before);
    // The frame's time limit for the exchange is shorter than the page's time limit for the frame.
    await page.clock.fastForward(6_000);
    if (call === "inquire") {
      await expect.poll(() => logged(page)).toEqual(["INQUIRE_FAILED"]);
      await page.clock.fastForward(2_000);
      await expectCodes(page, PAID);
    } else {
      await expectCodes(page, [...OPENED, "SUBMIT_NETWORK_ERROR"]);
      await expect(component(page).getByRole("alert")).toContainText("nothing was paid");
      await press(page);
      await expectCodes(page, [...OPENED, "SUBMIT_NETWORK_ERROR", ...ENDED]);
    }
    expect(await payments(request, shop, session)).toHaveLength(1);
  });
}

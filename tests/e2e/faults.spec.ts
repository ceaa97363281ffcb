// Each fault of docs/sandbox.md at each call: which events and log lines it leads to, that it leads to
// an end at all, and that there is one payment.

import { expect, test } from "./support";
import { goOnline } from "./support/buyer";
import { CARDS, codes, component, enterLab, expectCodes, received, open } from "./support/lab";
import { clear, fillCard, logged, payments, press } from "./support/network";

const PARAMS = { notRedirectAfterComplete: true };
const OPENED = ["START_OF_LOADING", "END_OF_LOADING"];
const ENDED = ["PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"];
const PAID = [...OPENED, ...ENDED];

/** How often to look, where the default would wait longer than the page does. */
const QUICKLY = { intervals: [20, 40, 80, 160] };

const scenario = (sandbox: object) => ({ metadata: { sandbox } });

/** What becomes of a payment when one call goes wrong. */
type Course = "as if nothing was" | "asked for" | "form again" | "not opened" | "failed";

const FAULTS = ["ok", "delay:200", "duplicate", "content-type", "unknown", "lost", "truncated", "empty", "drop", "500", "html", "status:1002"];
const GOOD = FAULTS.slice(0, 5);
/** Performed, but nothing in the answer says so. */
const MUTE = ["lost", "truncated", "empty"];

for (const fault of FAULTS) {
  const good = GOOD.includes(fault);
  const bad = fault === "status:1002" ? "failed" : "form again";
  const courses: Record<string, Course> = good
    ? { query: "as if nothing was", submit: "as if nothing was", inquire: "as if nothing was", token: "as if nothing was" }
    : { query: "not opened", submit: MUTE.includes(fault) ? "asked for" : "form again", inquire: "asked for", token: bad };

  test(`${fault} at each call`, async ({ page, shop, createSession, request }) => {
    await enterLab(page, shop);
    for (const [call, course] of Object.entries(courses)) {
      await test.step(`${call}: ${course}`, async () => {
        // Decided when the first inquiry comes, and not when the submit is answered.
        const pendingFor = call === "inquire" ? 1 : 0;
        const session = await createSession(scenario({ pendingFor, faults: { [call]: [fault] } }));
        const said = await open(page, session, { params: PARAMS });
        if (course === "not opened") {
          expect(said).toMatch(/^SDK_CREATECOMPONENT_ERROR/);
          expect(await codes(page)).toEqual([...OPENED, "CREATECOMPONENT_ERROR"]);
          expect(await logged(page)).toEqual(["OPEN_FAILED"]);
          await clear(page);
          return;
        }
        expect(said).toBe("resolved");
        await fillCard(page, CARDS.success);
        await press(page);
        if (course === "as if nothing was" && call !== "inquire") {
          await expectCodes(page, PAID);
          expect(await logged(page)).toEqual([]);
        } else if (call === "inquire") {
          if (course === "asked for") {
            await expect.poll(() => logged(page), QUICKLY).toEqual(["INQUIRE_FAILED"]);
            expect(await codes(page)).toEqual([...OPENED, "PAYMENT_AUTHORIZATION_SUCCESSFUL"]);
            await goOnline(page);
          }
          await expectCodes(page, PAID);
          expect(await logged(page)).toEqual(course === "asked for" ? ["INQUIRE_FAILED"] : []);
        } else if (course === "asked for") {
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
    // The first call is sent by the test: only it can know that the gateway has received it.
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
    // The frame has a limit of its own for the exchange, and the page a later one for the frame.
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

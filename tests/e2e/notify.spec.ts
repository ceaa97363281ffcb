// Notifications to the merchant's server about payments in the browser. Repetition of refused
// notifications is tested in crates/sandbox/tests/notifications.rs, where each test has its own clock.

import { expect, test } from "./support";
import { decide, goOnline } from "./support/buyer";
import { CARDS, enterLab, expectCodes, open, start } from "./support/lab";
import { fillCard, press, screen } from "./support/network";

const PARAMS = { notRedirectAfterComplete: true };
const PAID = ["START_OF_LOADING", "END_OF_LOADING", "PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"];

/** The sent and the acknowledged notification, without members that differ from run to run. */
function notified(notifyType: string, resultCode: string) {
  return {
    sent: { notifyType, state: "DELIVERED", tries: [{ status: 200 }], body: { result: { resultCode } } },
    received: { notifyType, arrivals: 1, acknowledgedAt: expect.any(Number) },
  };
}

for (const [method, order, expected] of [
  ["card", { method: "CARD" }, [notified("PAYMENT_RESULT", "SUCCESS")]],
  [
    "bank transfer",
    { method: "BANKTRANSFER_KRUNGTHAIBANK", amount: "4200", currency: "THB" },
    [notified("PAYMENT_PENDING", "SUCCESS"), notified("PAYMENT_RESULT", "SUCCESS")],
  ],
] as const) {
  test(`a payment by ${method} is notified, signed and acknowledged`, async ({ page, shop, gateway, createSession, request }) => {
    const session = await createSession(order);
    await enterLab(page, shop);
    if (order.method === "CARD") {
      await open(page, session, { params: PARAMS });
      await fillCard(page, CARDS.success);
      await press(page);
    } else {
      await start(page, session, { params: PARAMS });
      await screen(page, "codes");
      await decide(request, gateway, session);
      await goOnline(page);
    }
    await expectCodes(page, PAID);
    const tools = `${shop}/api/notifications/${session.paymentRequestId}`;
    await expect
      .poll(async () => (await (await request.get(tools)).json()).received.filter((it: any) => it.acknowledgedAt).length)
      .toBe(expected.length);
    // The acknowledgement is listed once the answer has been read.
    await expect
      .poll(async () => (await (await request.get(tools)).json()).sent.every((it: any) => it.state === "DELIVERED"))
      .toBe(true);
    const { sent, received } = await (await request.get(tools)).json();
    expect(sent).toMatchObject(expected.map(({ sent }) => sent));
    expect(received).toMatchObject(expected.map(({ received }) => received));

    // The same notification without a valid signature is refused.
    const [{ url, body: data }] = sent;
    const signature = "algorithm=RSA256,keyVersion=1,signature=AAAA";
    const headers = { "client-id": "SANDBOX_KASSA_DEMO", "request-time": String(Date.now()), signature };
    expect((await request.post(url, { headers, data })).status()).toBe(401);
    expect((await request.post(url, { data })).status()).toBe(401);
    expect((await (await request.get(tools)).json()).received).toEqual(received);
  });
}

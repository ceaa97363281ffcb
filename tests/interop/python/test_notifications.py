"""Notifications: their contents, their signatures, and how many there are.

One payment's notifications arrive in order. So where nothing else may come, a later notification shows that nothing
came before it.
"""

import json

import buyer
import merchant
from checks import Checks, rows
from com.alipay.ams.api.request.notify.alipay_capture_result_notify import AlipayCaptureResultNotify
from com.alipay.ams.api.request.notify.alipay_pay_result_notify import AlipayPayResultNotify
from com.alipay.ams.api.request.notify.alipay_refund_notify import AlipayRefundNotify
from merchant import RECEIVER, Session, amount, capture, code, fresh, method, refund
from test_sessions import moment, other_key


def results(notifications):
    return [f"{one.body['notifyType']} {one.body['result']['resultCode']}" for one in notifications]


def refunded(session):
    """Refunds a little, so that a last notification comes; all that came."""
    request_id = fresh("r")
    members = {"refund_request_id": request_id, "payment_id": session.payment_id(), "refund_amount": amount(1)}
    assert code(refund(**members)) == "SUCCESS"
    found = RECEIVER.wait_for(session.notify_url, 1)
    while found[-1].body.get("refundRequestId") != request_id:
        found = RECEIVER.wait_for(session.notify_url, len(found) + 1)
    return found


class Notifications(Checks):
    def test_a_paid_payment(self):
        session = Session(metadata="mine")
        buyer.pay(session, holder="Zoë Käufer")
        (notification,) = RECEIVER.wait_for(session.notify_url, 1)
        notify = AlipayPayResultNotify(notification.text)
        self.assertEqual(notify.notify_type, "PAYMENT_RESULT")
        self.assertEqual((notify.result.result_code, notify.result.result_status.value), ("SUCCESS", "S"))
        self.assertEqual(notify.payment_request_id, session.payment_request_id)
        self.assertEqual(notify.payment_id, session.payment_id())
        self.assertEqual(notify.payment_amount, {"currency": "MYR", "value": "4200"})
        self.assertEqual(notify.payment_method_type, "CARD")
        self.assertEqual(notify.metadata, "mine")
        self.assertEqual(notify.payment_result_info["cardholderName"], "Zoë Käufer")
        self.assertTrue(notify.payment_time and notify.payment_create_time)
        self.assertIsNone(notify.auth_expiry_time)
        self.assertEqual(notification.body["actualPaymentAmount"], {"currency": "MYR", "value": "4200"})
        self.assertNotIn(buyer.GOOD, notification.text)

    def test_the_signature(self):
        session = Session()
        buyer.pay(session)
        (notification,) = RECEIVER.wait_for(session.notify_url, 1)
        self.assertEqual(notification.headers["client-id"], merchant.CLIENT)
        self.assertTrue(notification.is_signed())
        self.assertFalse(notification.is_signed(path="/notify"))
        self.assertFalse(notification.is_signed(text=notification.text + " "))
        self.assertFalse(notification.is_signed(text=notification.text.replace("4200", "1200")))
        self.assertFalse(notification.is_signed(key=other_key(public=True)))

    def test_held_money_is_told_with_its_time_limit(self):
        session = Session(payment_factor=merchant.MANUAL)
        buyer.pay(session)
        (notification,) = RECEIVER.wait_for(session.notify_url, 1)
        notify = AlipayPayResultNotify(notification.text)
        self.assertEqual(notify.auth_expiry_time, session.inquire().auth_expiry_time)
        self.assertIsNotNone(notify.auth_expiry_time)

    def test_a_capture(self):
        session = Session(payment_factor=merchant.MANUAL)
        buyer.pay(session)
        payment_id = session.payment_id()
        members = {"payment_id": payment_id, "capture_request_id": fresh("c"), "capture_amount": amount(1200)}
        answer = capture(**members)
        _, notification = RECEIVER.wait_for(session.notify_url, 2)
        notify = AlipayCaptureResultNotify(notification.text)
        self.assertEqual(notification.body["notifyType"], "CAPTURE_RESULT")
        self.assertEqual((notify.capture_id, notify.capture_request_id), (answer.capture_id, answer.capture_request_id))
        self.assertEqual((notify.payment_id, notify.capture_time), (payment_id, answer.capture_time))
        self.assertEqual(notify.capture_amount, {"currency": "MYR", "value": "1200"})
        self.assertTrue(notification.is_signed())

    def test_a_refund_at_its_own_address(self):
        session = Session()
        buyer.pay(session)
        elsewhere = RECEIVER.address()
        answer = refund(
            refund_request_id=fresh("r"), payment_id=session.payment_id(), refund_amount=amount(1200),
            refund_notify_url=elsewhere,
        )
        (notification,) = RECEIVER.wait_for(elsewhere, 1)
        notify = AlipayRefundNotify(notification.text)
        self.assertEqual(notification.body["notifyType"], "REFUND_RESULT")
        self.assertEqual((notify.refund_id, notify.refund_request_id), (answer.refund_id, answer.refund_request_id))
        self.assertEqual(notification.body["refundStatus"], "SUCCESS")
        self.assertEqual(notification.body["refundAmount"], {"currency": "MYR", "value": "1200"})
        self.assertTrue(notification.is_signed())
        self.assertEqual(results(RECEIVER.wait_for(session.notify_url, 1)), ["PAYMENT_RESULT SUCCESS"])

    def test_failed_refunds_and_captures_are_not_told(self):
        session = Session(payment_factor=merchant.MANUAL)
        buyer.pay(session)
        payment_id = session.payment_id()
        for value in (4201, 4200):
            capture(capture_request_id=fresh("c"), payment_id=payment_id, capture_amount=amount(value))
        refund(refund_request_id=fresh("r"), payment_id=payment_id, refund_amount=amount(4201))
        expected = ["PAYMENT_RESULT SUCCESS", "CAPTURE_RESULT SUCCESS", "REFUND_RESULT SUCCESS"]
        self.assertEqual(results(refunded(session)), expected)

    @rows(
        ("a declined card", [buyer.DECLINED]),
        ("three declined cards", [buyer.DECLINED, buyer.NOT_A_TEST_CARD, buyer.DECLINED]),
    )
    def one_result_with(self, declined):
        session = Session()
        for number, attempt in zip([*declined, buyer.GOOD], "abcd"):
            buyer.pay(session, number, attempt)
        found = refunded(session)
        self.assertEqual(results(found), ["PAYMENT_RESULT SUCCESS", "REFUND_RESULT SUCCESS"])
        self.assertEqual(found[0].body["paymentId"], session.payment_id())
        # Nor does one come when no card can be tried any more.
        buyer.advance(3601)
        self.assertEqual(len(refunded(session)), 3)

    def test_a_declined_card_is_the_result_when_the_session_expires(self):
        session = Session()
        buyer.pay(session, buyer.DECLINED)
        buyer.advance(3000)
        self.assertEqual(RECEIVER.received.get(merchant.target(session.notify_url)), None)
        buyer.advance(601)
        (notification,) = RECEIVER.wait_for(session.notify_url, 1)
        self.assertEqual(notification.body["result"]["resultCode"], "ISSUER_REJECTS_TRANSACTION")
        self.assertEqual(notification.body["result"]["resultStatus"], "F")
        self.assertNotIn("paymentTime", notification.body)
        self.assertNotIn("actualPaymentAmount", notification.body)

    def test_a_declined_card_of_a_closed_order(self):
        session = Session(payment_expiry_time=moment(seconds=60).isoformat())
        buyer.pay(session, buyer.DECLINED)
        buyer.advance(61)
        self.assertEqual(results(RECEIVER.wait_for(session.notify_url, 1)), ["PAYMENT_RESULT ORDER_IS_CLOSED"])
        self.assertEqual(session.inquire().payment_result_code, "ORDER_IS_CLOSED")
        self.assertEqual(buyer.pay(session, buyer.GOOD, "b")["paymentResultCode"], "ORDER_IS_CLOSED")

    def test_a_declined_card_of_a_cancelled_order(self):
        session = Session()
        buyer.pay(session, buyer.DECLINED)
        merchant.cancel(payment_request_id=session.payment_request_id)
        (notification,) = RECEIVER.wait_for(session.notify_url, 1)
        self.assertEqual(results([notification]), ["PAYMENT_RESULT ORDER_IS_CANCELLED"])
        self.assertEqual(notification.body["paymentId"], session.payment_id())

    @rows("FRAUD_REJECT", "ORDER_IS_CLOSED", "PAYMENT_AMOUNT_EXCEED_LIMIT", "SUSPECTED_RISK")
    def a_failure_that_ends_the_session(self, result):
        session = Session({"result": result})
        buyer.pay(session)
        self.assertEqual(results(RECEIVER.wait_for(session.notify_url, 1)), [f"PAYMENT_RESULT {result}"])

    def test_a_cancelled_payment_under_way(self):
        session = Session(payment_method=method("ONLINEBANKING_FPX"))
        buyer.submit(session, "ONLINEBANKING_FPX")
        merchant.cancel(payment_request_id=session.payment_request_id)
        self.assertEqual(results(RECEIVER.wait_for(session.notify_url, 1)), ["PAYMENT_RESULT ORDER_IS_CANCELLED"])

    def test_money_that_takes_days(self):
        total = amount(4200000, "IDR")
        session = Session(payment_method=method("BANKTRANSFER_BNI"), payment_amount=total)
        buyer.submit(session, "BANKTRANSFER_BNI")
        (pending,) = RECEIVER.wait_for(session.notify_url, 1)
        self.assertEqual(results([pending]), ["PAYMENT_PENDING SUCCESS"])
        self.assertNotIn("actualPaymentAmount", pending.body)
        buyer.decide(session.payment_request_id, "approve")
        found = RECEIVER.wait_for(session.notify_url, 2)
        self.assertEqual(results(found), ["PAYMENT_PENDING SUCCESS", "PAYMENT_RESULT SUCCESS"])

    def test_an_address_of_another_script(self):
        session = Session(payment_notify_url=RECEIVER.address().replace("/notify/", "/größe/通知/"))
        buyer.pay(session)
        (notification,) = RECEIVER.wait_for(session.notify_url, 1)
        self.assertTrue(notification.path.startswith("/gr%C3%B6%C3%9Fe/%E9%80%9A%E7%9F%A5/"))
        self.assertTrue(notification.is_signed())

    def test_an_unacknowledged_notification_comes_again(self):
        session = Session()
        RECEIVER.refuse(session.notify_url, 2)
        buyer.pay(session)
        for deliveries, wait in ((1, 120), (2, 600)):
            RECEIVER.wait_for(session.notify_url, deliveries)
            self.wait_until_stored(session, deliveries)
            buyer.advance(wait)
        found = RECEIVER.wait_for(session.notify_url, 3)
        self.assertEqual(len({one.text for one in found}), 1)
        self.assertTrue(all(one.is_signed() for one in found))

    def wait_until_stored(self, session, deliveries):
        """The wait for the next delivery begins when the answer to the one before was stored."""
        for _ in range(2000):
            with buyer.OPENER.open(f"{merchant.SHOP}/api/notifications/{session.payment_request_id}") as answer:
                sent = json.load(answer)["sent"]
            if sent and len(sent[0]["tries"]) >= deliveries:
                return
        self.fail("the delivery was not stored")

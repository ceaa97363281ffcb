"""capture, and what it leaves of the authorisation."""

import buyer
import merchant
from checks import Checks, rows
from merchant import Session, amount, cancel, capture, code, fresh, money, movements, name_of, refund, status

WEEK = 7 * 24 * 3600


def authorised(value=4200):
    """A session whose money is held, and its paymentId."""
    session = Session(payment_amount=amount(value), payment_factor=merchant.MANUAL)
    buyer.pay(session)
    return session, session.payment_id()


def take(payment_id, value, request_id=None, **more):
    members = {"capture_request_id": request_id or fresh("c"), "payment_id": payment_id}
    return capture(capture_amount=amount(value), **{**members, **more})


class Captures(Checks):
    def test_held_money_has_a_time_limit(self):
        session, _ = authorised()
        found = session.inquire()
        self.assertEqual(name_of(found.payment_status), "SUCCESS")
        self.assertEqual(movements(found), ["AUTHORIZATION SUCCESS 4200"])
        held = merchant.when(found.auth_expiry_time) - merchant.when(found.payment_time)
        self.assertEqual(held, WEEK)

    def test_a_capture_has_the_published_members(self):
        _, payment_id = authorised()
        answer = take(payment_id, 4200, "c-" + payment_id)
        self.assertEqual((code(answer), status(answer)), ("SUCCESS", "S"))
        self.assertEqual(answer.capture_request_id, "c-" + payment_id)
        self.assertEqual(answer.payment_id, payment_id)
        self.assertEqual(money(answer.capture_amount), ("MYR", "4200"))
        self.assertTrue(answer.capture_id and answer.capture_time)

    @rows(
        ("by default", {}),
        ("FINAL", {"capture_type": "FINAL"}),
        ("isLastCapture", {"is_last_capture": True}),
        ("isLastCapture as text", {"is_last_capture": "true"}),
        ("both", {"capture_type": "FINAL", "is_last_capture": True}),
        ("FINAL against the flag", {"capture_type": "FINAL", "is_last_capture": False}),
        ("the flag against NON_FINAL", {"capture_type": "NON_FINAL", "is_last_capture": True}),
    )
    def last_capture(self, members):
        session, payment_id = authorised()
        self.assertEqual(code(take(payment_id, 1200, **members)), "SUCCESS")
        found = session.inquire()
        self.assertIsNone(found.auth_expiry_time)
        self.assertEqual(movements(found), ["AUTHORIZATION SUCCESS 4200", "CAPTURE SUCCESS 1200", "VOID SUCCESS 3000"])
        self.assert_refused(take(payment_id, 1), "ORDER_STATUS_INVALID", "NON_FINAL")

    @rows(
        ("NON_FINAL", {"capture_type": "NON_FINAL"}),
        ("isLastCapture", {"is_last_capture": False}),
        ("isLastCapture as text", {"is_last_capture": "false"}),
        ("both", {"capture_type": "NON_FINAL", "is_last_capture": False}),
    )
    def capture_that_others_follow(self, members):
        session, payment_id = authorised()
        self.assertEqual(code(take(payment_id, 1200, **members)), "SUCCESS")
        self.assertIsNotNone(session.inquire().auth_expiry_time)
        self.assert_refused(take(payment_id, 3001, **members), "CAPTURE_AMOUNT_EXCEED")
        self.assertEqual(code(take(payment_id, 1000, **members)), "SUCCESS")
        self.assertEqual(code(take(payment_id, 1500)), "SUCCESS")
        self.assertEqual(
            movements(session.inquire()),
            [
                "AUTHORIZATION SUCCESS 4200", "CAPTURE SUCCESS 1200", "CAPTURE SUCCESS 1000",
                "CAPTURE SUCCESS 1500", "VOID SUCCESS 500",
            ],
        )

    def test_everything_captured_leaves_nothing(self):
        session, payment_id = authorised()
        for _ in range(2):
            self.assertEqual(code(take(payment_id, 2100, capture_type="NON_FINAL")), "SUCCESS")
        found = session.inquire()
        self.assertIsNone(found.auth_expiry_time)
        self.assertEqual(movements(found)[1:], ["CAPTURE SUCCESS 2100", "CAPTURE SUCCESS 2100"])
        self.assert_refused(take(payment_id, 1), "CAPTURE_AMOUNT_EXCEED")

    def test_the_same_request_captures_once(self):
        session, payment_id = authorised()
        first = take(payment_id, 1200, "c1-" + payment_id)
        again = take(payment_id, 1200, "c1-" + payment_id)
        self.assertEqual((code(again), again.capture_id), ("SUCCESS", first.capture_id))
        self.assert_refused(take(payment_id, 1300, "c1-" + payment_id), "REPEAT_REQ_INCONSISTENT")
        self.assertEqual(movements(session.inquire()).count("CAPTURE SUCCESS 1200"), 1)

    def test_a_failed_capture_stays_failed(self):
        _, payment_id = authorised()
        request_id = "failed-" + payment_id
        first = take(payment_id, 4201, request_id)
        self.assert_refused(first, "CAPTURE_AMOUNT_EXCEED")
        self.assertEqual(code(take(payment_id, 4200, capture_type="NON_FINAL")), "SUCCESS")
        again = take(payment_id, 4201, request_id)
        self.assert_refused(again, "CAPTURE_AMOUNT_EXCEED", first.result.result_message)
        self.assert_refused(take(payment_id, 1, request_id), "REPEAT_REQ_INCONSISTENT")

    def test_a_malformed_capture_leaves_its_id_free(self):
        _, payment_id = authorised()
        request_id = "free-" + payment_id
        self.assert_refused(take(payment_id, 0, request_id), "PARAM_ILLEGAL")
        self.assertEqual(code(take(payment_id, 4200, request_id)), "SUCCESS")

    def test_nothing_is_captured_after_the_time_limit(self):
        session, payment_id = authorised()
        self.assertEqual(code(take(payment_id, 1200, capture_type="NON_FINAL")), "SUCCESS")
        buyer.advance(WEEK)
        self.assert_refused(take(payment_id, 1), "ORDER_STATUS_INVALID", "held until")
        found = session.inquire()
        self.assertIsNone(found.auth_expiry_time)
        self.assertEqual(movements(found)[1:], ["CAPTURE SUCCESS 1200", "VOID SUCCESS 3000"])

    def test_nothing_is_captured_after_a_cancellation(self):
        session, payment_id = authorised()
        self.assertEqual(code(cancel(payment_id=payment_id)), "SUCCESS")
        self.assert_refused(take(payment_id, 4200), "ORDER_IS_CANCELLED")
        found = session.inquire()
        self.assertIsNone(found.auth_expiry_time)
        self.assertEqual(movements(found), ["AUTHORIZATION SUCCESS 4200", "VOID SUCCESS 4200"])

    @rows("FINAL", "NON_FINAL")
    def cancellation_after_a_capture(self, kind):
        _, payment_id = authorised()
        self.assertEqual(code(take(payment_id, 1200, capture_type=kind)), "SUCCESS")
        self.assert_refused(cancel(payment_id=payment_id), "PROCESS_FAIL")

    def test_what_was_captured_by_itself(self):
        session = Session()
        buyer.pay(session)
        self.assert_refused(take(session.payment_id(), 4200), "ORDER_STATUS_INVALID", "captureMode")

    def test_what_was_not_paid(self):
        session = Session(payment_factor=merchant.MANUAL)
        buyer.pay(session, buyer.DECLINED)
        self.assert_refused(take(session.payment_id(), 4200), "ORDER_STATUS_INVALID")

    def test_an_unknown_payment(self):
        self.assert_refused(take("none", 1), "ORDER_NOT_EXIST")

    def test_a_payment_of_another_merchant(self):
        _, payment_id = authorised()
        by = merchant.client(merchant.PROD_CLIENT)
        members = {"capture_request_id": fresh("c"), "payment_id": payment_id, "capture_amount": amount(1)}
        self.assert_refused(capture(by, **members), "ORDER_NOT_EXIST")

    def test_another_currency(self):
        _, payment_id = authorised()
        members = {"capture_request_id": fresh("c"), "payment_id": payment_id, "capture_amount": amount(1, "USD")}
        self.assert_refused(capture(**members), "CURRENCY_NOT_SUPPORT", "USD", "MYR")

    @rows(
        ("no request id", {"capture_request_id": None}, "captureRequestId"),
        ("long request id", {"capture_request_id": "x" * 65}, "captureRequestId"),
        ("no paymentId", {"payment_id": None}, "paymentId"),
        ("no amount", {"capture_amount": None}, "captureAmount"),
        ("zero", {"capture_amount": amount(0)}, "captureAmount"),
        ("negative", {"capture_amount": amount(-1)}, "captureAmount"),
        ("kind", {"capture_type": "LAST"}, "captureType"),
        ("small letters", {"capture_type": "final"}, "captureType"),
        ("flag", {"is_last_capture": "perhaps"}, "isLastCapture"),
    )
    def wrong_member(self, changes, name):
        members = {"capture_request_id": fresh("c"), "payment_id": "x", "capture_amount": amount(1)}
        self.assert_refused(capture(**{**members, **changes}), "PARAM_ILLEGAL", name)


class CapturedMoney(Checks):
    def give_back(self, payment_id, value, **more):
        members = {"refund_request_id": fresh("r"), "payment_id": payment_id, "refund_amount": amount(value)}
        return refund(**members, **more)

    def test_held_money_is_not_refunded(self):
        _, payment_id = authorised()
        self.assert_refused(self.give_back(payment_id, 1), "ORDER_STATUS_INVALID")

    def test_only_captured_money_is_refunded(self):
        _, payment_id = authorised()
        take(payment_id, 1200)
        self.assert_refused(self.give_back(payment_id, 1201), "REFUND_AMOUNT_EXCEED")
        self.assertEqual(code(self.give_back(payment_id, 1200)), "SUCCESS")

    def test_a_refund_of_one_capture(self):
        _, payment_id = authorised()
        first = take(payment_id, 1200, capture_type="NON_FINAL")
        take(payment_id, 3000)
        answer = self.give_back(payment_id, 1201, capture_id=first.capture_id)
        self.assert_refused(answer, "REFUND_AMOUNT_EXCEED", "capture")
        self.assertEqual(code(self.give_back(payment_id, 1200, capture_id=first.capture_id)), "SUCCESS")
        self.assert_refused(self.give_back(payment_id, 1, capture_id="none"), "PARAM_ILLEGAL", "captureId")

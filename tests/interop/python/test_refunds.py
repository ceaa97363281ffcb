"""refund and inquiryRefund."""

import buyer
import merchant
from checks import Checks, rows
from merchant import Session, amount, code, fresh, inquire_refund, method, money, movements, name_of, refund, status


def paid(value=4200):
    """A paid session, and its paymentId."""
    session = Session(payment_amount=amount(value))
    buyer.pay(session)
    return session, session.payment_id()


def give_back(payment_id, value, request_id=None, **more):
    members = {"refund_request_id": request_id or fresh("r"), "payment_id": payment_id}
    return refund(refund_amount=amount(value), **members, **more)


class Refunds(Checks):
    def test_a_refund_has_the_published_members(self):
        session, payment_id = paid()
        answer = give_back(payment_id, 4200, "r-" + payment_id, refund_reason="Broken", is_async_refund=True)
        self.assertEqual((code(answer), status(answer)), ("SUCCESS", "S"))
        self.assertEqual(answer.refund_request_id, "r-" + payment_id)
        self.assertEqual(answer.payment_id, payment_id)
        self.assertEqual(money(answer.refund_amount), ("MYR", "4200"))
        self.assertEqual(money(answer.actual_refund_amount), ("MYR", "4200"))
        self.assertTrue(answer.refund_id and answer.refund_time)
        found = session.inquire()
        self.assertEqual(name_of(found.payment_status), "SUCCESS")
        self.assertEqual(movements(found), ["PAYMENT SUCCESS 4200", "REFUND SUCCESS 4200"])

    def test_refunds_add_up_to_the_payment(self):
        session, payment_id = paid()
        for value in (1200, 2000, 1000):
            self.assertEqual(code(give_back(payment_id, value)), "SUCCESS")
        self.assert_refused(give_back(payment_id, 1), "REFUND_AMOUNT_EXCEED", "MYR 0.00")
        self.assertEqual(
            movements(session.inquire())[1:], ["REFUND SUCCESS 1200", "REFUND SUCCESS 2000", "REFUND SUCCESS 1000"]
        )

    def test_more_than_was_paid(self):
        _, payment_id = paid()
        self.assert_refused(give_back(payment_id, 4201), "REFUND_AMOUNT_EXCEED", "MYR 42.00")

    def test_the_same_request_refunds_once(self):
        session, payment_id = paid()
        first = give_back(payment_id, 1200, "r1-" + payment_id)
        again = give_back(payment_id, 1200, "r1-" + payment_id)
        self.assertEqual((again.refund_id, again.refund_time), (first.refund_id, first.refund_time))
        self.assert_refused(give_back(payment_id, 1300, "r1-" + payment_id), "REPEAT_REQ_INCONSISTENT")
        self.assertEqual(movements(session.inquire()), ["PAYMENT SUCCESS 4200", "REFUND SUCCESS 1200"])

    def test_a_failed_refund_stays_failed(self):
        # It was refused because the payment was not paid yet, and is refused after that too.
        session = Session(payment_method=method("ONLINEBANKING_FPX"))
        buyer.submit(session, "ONLINEBANKING_FPX")
        payment_id = session.payment_id()
        request_id = "early-" + payment_id
        first = give_back(payment_id, 1200, request_id)
        self.assert_refused(first, "ORDER_STATUS_INVALID")
        buyer.decide(session.payment_request_id, "approve")
        again = give_back(payment_id, 1200, request_id)
        self.assert_refused(again, "ORDER_STATUS_INVALID", first.result.result_message)
        self.assertEqual(movements(session.inquire()), ["PAYMENT SUCCESS 4200"])
        self.assertEqual(code(give_back(payment_id, 4200)), "SUCCESS")

    def test_a_refund_of_too_much_stays_failed(self):
        _, payment_id = paid()
        request_id = "much-" + payment_id
        first = give_back(payment_id, 4201, request_id)
        self.assert_refused(first, "REFUND_AMOUNT_EXCEED")
        self.assertEqual(code(give_back(payment_id, 4000)), "SUCCESS")
        self.assert_refused(
            give_back(payment_id, 4201, request_id), "REFUND_AMOUNT_EXCEED", first.result.result_message
        )
        self.assert_refused(give_back(payment_id, 200, request_id), "REPEAT_REQ_INCONSISTENT")
        self.assertEqual(code(give_back(payment_id, 200)), "SUCCESS")

    def test_a_failed_refund_can_be_inquired(self):
        _, payment_id = paid()
        request_id = "failed-" + payment_id
        give_back(payment_id, 4201, request_id)
        found = inquire_refund(refund_request_id=request_id)
        self.assertEqual((code(found), name_of(found.refund_status)), ("SUCCESS", "FAIL"))
        self.assertEqual(money(found.refund_amount), ("MYR", "4201"))
        self.assertIsNone(found.refund_time)
        self.assertEqual(name_of(inquire_refund(refund_id=found.refund_id).refund_status), "FAIL")

    def test_a_malformed_refund_leaves_its_id_free(self):
        _, payment_id = paid()
        request_id = "free-" + payment_id
        self.assert_refused(give_back(payment_id, 1, request_id, capture_id="none"), "PARAM_ILLEGAL", "captureId")
        self.assert_refused(give_back("none", 1, request_id), "ORDER_NOT_EXIST")
        self.assertEqual(code(give_back(payment_id, 4200, request_id)), "SUCCESS")

    def test_what_was_cancelled(self):
        _, payment_id = paid()
        merchant.cancel(payment_id=payment_id)
        self.assert_refused(give_back(payment_id, 1), "ORDER_IS_CANCELLED")

    def test_what_was_declined(self):
        session = Session()
        buyer.pay(session, buyer.DECLINED)
        self.assert_refused(give_back(session.payment_id(), 1), "ORDER_STATUS_INVALID")

    def test_what_was_declined_once_and_then_paid(self):
        session = Session()
        buyer.pay(session, buyer.DECLINED, "a")
        payment_id = session.payment_id()
        buyer.pay(session, buyer.GOOD, "b")
        self.assertEqual(code(give_back(payment_id, 4200)), "SUCCESS")
        self.assertEqual(
            movements(session.inquire()), ["PAYMENT FAIL 4200", "PAYMENT SUCCESS 4200", "REFUND SUCCESS 4200"]
        )

    def test_another_currency(self):
        _, payment_id = paid()
        members = {"refund_request_id": fresh("r"), "payment_id": payment_id, "refund_amount": amount(1, "USD")}
        self.assert_refused(refund(**members), "CURRENCY_NOT_SUPPORT", "USD", "MYR")

    def test_a_payment_of_another_merchant(self):
        _, payment_id = paid()
        by = merchant.client(merchant.PROD_CLIENT)
        members = {"refund_request_id": fresh("r"), "payment_id": payment_id, "refund_amount": amount(1)}
        self.assert_refused(refund(by, **members), "ORDER_NOT_EXIST")

    def test_an_unknown_payment(self):
        self.assert_refused(give_back("none", 1), "ORDER_NOT_EXIST")

    @rows(
        ("no request id", {"refund_request_id": None}, "refundRequestId"),
        ("long request id", {"refund_request_id": "x" * 65}, "refundRequestId"),
        ("no paymentId", {"payment_id": None}, "paymentId"),
        ("no amount", {"refund_amount": None}, "refundAmount"),
        ("zero", {"refund_amount": amount(0)}, "refundAmount"),
        ("negative", {"refund_amount": amount(-1)}, "refundAmount"),
        ("long reference", {"reference_refund_id": "x" * 65}, "referenceRefundId"),
        ("long reason", {"refund_reason": "x" * 257}, "refundReason"),
        ("notification without TLS", {"refund_notify_url": "http://shop.example/n"}, "refundNotifyUrl"),
        ("flag", {"is_async_refund": "perhaps"}, "isAsyncRefund"),
    )
    def wrong_member(self, changes, name):
        members = {"refund_request_id": fresh("r"), "payment_id": "x", "refund_amount": amount(1)}
        self.assert_refused(refund(**{**members, **changes}), "PARAM_ILLEGAL", name)


class InquiriesOfRefunds(Checks):
    @rows("refund_request_id", "refund_id")
    def by(self, name):
        _, payment_id = paid()
        answer = give_back(payment_id, 1200)
        found = inquire_refund(**{name: getattr(answer, name)})
        self.assertEqual((code(found), name_of(found.refund_status)), ("SUCCESS", "SUCCESS"))
        self.assertEqual((found.refund_id, found.refund_request_id), (answer.refund_id, answer.refund_request_id))
        self.assertEqual(money(found.refund_amount), ("MYR", "1200"))
        self.assertEqual(found.refund_time, answer.refund_time)

    def test_an_unknown_refund(self):
        self.assert_refused(inquire_refund(refund_request_id=fresh("none")), "REFUND_NOT_EXIST")
        self.assert_refused(inquire_refund(refund_id="none"), "REFUND_NOT_EXIST")

    def test_a_refund_of_another_merchant(self):
        _, payment_id = paid()
        answer = give_back(payment_id, 1)
        by = merchant.client(merchant.PROD_CLIENT)
        self.assert_refused(inquire_refund(by, refund_id=answer.refund_id), "REFUND_NOT_EXIST")

    def test_without_an_id(self):
        self.assert_refused(inquire_refund(), "PARAM_ILLEGAL", "refundRequestId", "refundId")

    @rows(
        ("long refundId", {"refund_id": "x" * 65}, "refundId"),
        ("long refundRequestId", {"refund_request_id": "x" * 65}, "refundRequestId"),
        ("long account", {"refund_id": "x", "merchant_account_id": "x" * 33}, "merchantAccountId"),
    )
    def wrong_member(self, members, name):
        self.assert_refused(inquire_refund(**members), "PARAM_ILLEGAL", name)

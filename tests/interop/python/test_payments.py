"""inquiryPayment after everything that a buyer does."""

import buyer
import merchant
from checks import Checks, rows
from merchant import Session, amount, code, cancel, inquire, method, money, movements, name_of, status

CARD_CODES = (
    "ACCESS_DENIED", "CARD_EXPIRED", "CARD_NOT_SUPPORTED", "CURRENCY_NOT_SUPPORT", "DO_NOT_HONOR", "FRAUD_REJECT",
    "INVALID_CARD", "INVALID_CARD_NUMBER", "INVALID_CVV", "INVALID_EXPIRATION_DATE", "INVALID_EXPIRY_DATE_FORMAT",
    "INVALID_MERCHANT_STATUS", "ISSUER_REJECTS_TRANSACTION", "KEY_NOT_FOUND", "MERCHANT_KYB_NOT_QUALIFIED",
    "NO_PAY_OPTIONS", "ORDER_IS_CANCELLED", "ORDER_IS_CLOSED", "ORDER_NOT_EXIST", "PARAM_ILLEGAL",
    "PAYMENT_AMOUNT_EXCEED_LIMIT", "PAYMENT_COUNT_EXCEED_LIMIT", "PAYMENT_NOT_QUALIFIED", "PROCESS_FAIL",
    "RISK_REJECT", "SELECTED_CARD_BRAND_NOT_AVAILABLE", "SETTLE_CONTRACT_NOT_MATCH", "SUSPECTED_CARD",
    "SUSPECTED_RISK", "SYSTEM_ERROR", "USER_AMOUNT_EXCEED_LIMIT", "USER_BALANCE_NOT_ENOUGH",
    "USER_KYC_NOT_QUALIFIED", "USER_PAYMENT_VERIFICATION_FAILED", "USER_STATUS_ABNORMAL",
)


class Payments(Checks):
    def test_nothing_was_tried_yet(self):
        self.assert_refused(Session().inquire(), "ORDER_NOT_EXIST")

    def test_an_unknown_order(self):
        self.assert_refused(inquire(payment_request_id=merchant.fresh("none")), "ORDER_NOT_EXIST")
        self.assert_refused(inquire(payment_id="none"), "ORDER_NOT_EXIST")

    def test_an_order_of_another_merchant(self):
        session = Session()
        buyer.pay(session)
        by = merchant.client(merchant.PROD_CLIENT)
        self.assert_refused(inquire(by, payment_id=session.payment_id()), "ORDER_NOT_EXIST")

    def test_without_an_id(self):
        self.assert_refused(inquire(), "PARAM_ILLEGAL", "paymentRequestId", "paymentId")

    def test_the_payment_id_decides(self):
        session, other = Session(), Session()
        buyer.pay(session)
        buyer.pay(other)
        found = inquire(payment_id=session.payment_id(), payment_request_id=other.payment_request_id)
        self.assertEqual(found.payment_request_id, session.payment_request_id)

    def test_a_paid_card_payment(self):
        session = Session(metadata="mine")
        buyer.pay(session)
        found = session.inquire()
        self.assertEqual((code(found), status(found)), ("SUCCESS", "S"))
        self.assertEqual(name_of(found.payment_status), "SUCCESS")
        self.assertEqual(found.payment_result_code, "SUCCESS")
        self.assertEqual(money(found.payment_amount), ("MYR", "4200"))
        self.assertEqual(money(found.actual_payment_amount), ("MYR", "4200"))
        self.assertEqual(found.payment_method_type, "CARD")
        self.assertEqual(found.metadata, "mine")
        self.assertEqual(movements(found), ["PAYMENT SUCCESS 4200"])
        self.assertLessEqual(merchant.when(found.payment_create_time), merchant.when(found.payment_time))
        self.assertIsNone(found.auth_expiry_time)

    def test_the_card_of_a_payment(self):
        session = Session()
        buyer.pay(session, holder="Zoë Käufer")
        card = session.inquire().payment_result_info
        self.assertEqual(card.cardholder_name, "Zoë Käufer")
        self.assertEqual((card.card_brand, card.card_bin, card.last_four), ("VISA", "405469", "0768"))
        self.assertEqual((card.expiry_month, card.expiry_year), ("12", "39"))
        self.assertEqual(card.card_no, "************0768")
        self.assertEqual((card.issuing_country, card.funding), ("SG", "CREDIT"))

    def test_the_card_of_a_declined_payment(self):
        session = Session()
        buyer.pay(session, buyer.DECLINED, holder="Ann Buyer")
        self.assertEqual(session.inquire().payment_result_info.cardholder_name, "Ann Buyer")

    @rows("4054695723100768", "4054 6957 2310 0768", "Ann 4054695723100768", "４０５４６９５７２３１００７６８")
    def a_number_is_no_name(self, holder):
        answer = buyer.token(Session(), holder=holder)
        self.assertNotIn("cardToken", answer)

    def test_no_answer_has_a_number(self):
        session = Session()
        buyer.pay(session)
        request = merchant.filled(
            merchant.inquire.request(), {"payment_request_id": session.payment_request_id}
        )
        text = merchant.MERCHANT.execute(request)
        self.assertIn("cardholderName", text)
        self.assertNotIn(buyer.GOOD, text)

    @rows(
        ("declined", buyer.DECLINED, 4200, "ISSUER_REJECTS_TRANSACTION"),
        ("no test card", buyer.NOT_A_TEST_CARD, 4200, "INVALID_CARD"),
        ("refused by risk control", buyer.GOOD, 11, "RISK_REJECT"),
    )
    def failed_card(self, number, value, expected):
        session = Session(payment_amount=amount(value))
        buyer.pay(session, number)
        found = session.inquire()
        self.assertEqual(code(found), "SUCCESS")
        self.assertEqual((name_of(found.payment_status), found.payment_result_code), ("FAIL", expected))
        self.assertIsNone(found.payment_time)
        self.assertIsNone(found.actual_payment_amount)
        self.assertEqual(movements(found), [f"PAYMENT FAIL {value}"])

    @rows(*CARD_CODES)
    def result_code(self, wanted):
        session = Session({"result": wanted})
        buyer.pay(session)
        found = session.inquire()
        self.assertEqual((name_of(found.payment_status), found.payment_result_code), ("FAIL", wanted))
        self.assertTrue(found.payment_result_message)

    def test_a_declined_card_and_a_good_one_are_one_payment(self):
        session = Session()
        self.assertEqual(buyer.pay(session, buyer.DECLINED, "a")["paymentStatus"], "FAIL")
        declined = session.payment_id()
        self.assertEqual(buyer.pay(session, buyer.GOOD, "b")["paymentStatus"], "SUCCESS")
        found = session.inquire()
        self.assertEqual(found.payment_id, declined)
        self.assertEqual(name_of(found.payment_status), "SUCCESS")
        self.assertEqual(movements(found), ["PAYMENT FAIL 4200", "PAYMENT SUCCESS 4200"])
        by_id = inquire(payment_id=declined)
        self.assertEqual(name_of(by_id.payment_status), "SUCCESS")
        self.assertEqual(movements(by_id), movements(found))
        self.assertEqual(by_id.payment_result_info.last_four, "0768")

    def test_ten_attempts_are_one_payment(self):
        session = Session()
        ids = set()
        for attempt in range(10):
            buyer.pay(session, buyer.DECLINED, f"a{attempt}")
            ids.add(session.payment_id())
        buyer.pay(session, buyer.GOOD, "a10")
        ids.add(session.payment_id())
        self.assertEqual(len(ids), 1)
        self.assertEqual(session.inquire().payment_result_code, "PAYMENT_COUNT_EXCEED_LIMIT")

    def test_a_repeated_attempt_pays_once(self):
        session = Session()
        buyer.pay(session, buyer.GOOD, "a")
        first = session.inquire()
        buyer.pay(session, buyer.GOOD, "a")
        buyer.pay(session, buyer.GOOD, "b")
        again = session.inquire()
        self.assertEqual(again.payment_id, first.payment_id)
        self.assertEqual(movements(again), ["PAYMENT SUCCESS 4200"])

    @rows(
        ("approval", {"decision": "approve"}, "SUCCESS", "SUCCESS"),
        ("decline", {"decision": "decline"}, "FAIL", "USER_PAYMENT_VERIFICATION_FAILED"),
        ("decline with a code", {"decision": "decline", "code": "RISK_REJECT"}, "FAIL", "RISK_REJECT"),
        ("none", {"decision": "leave"}, "PROCESSING", "PAYMENT_IN_PROCESS"),
        ("slow approval", {"decision": "slow", "seconds": 60}, "PROCESSING", "PAYMENT_IN_PROCESS"),
    )
    def decision(self, form, payment_status, result):
        session = Session(payment_method=method("ONLINEBANKING_FPX"))
        buyer.submit(session, "ONLINEBANKING_FPX")
        begun = session.inquire()
        self.assertEqual(name_of(begun.payment_status), "PROCESSING")
        self.assertEqual(begun.redirect_action_form.method, "GET")
        self.assertIsNone(begun.actual_payment_amount)
        buyer.decide(session.payment_request_id, **form)
        found = session.inquire()
        self.assertEqual((name_of(found.payment_status), found.payment_result_code), (payment_status, result))

    def test_money_that_takes_days(self):
        total = amount(4200000, "IDR")
        session = Session(payment_method=method("BANKTRANSFER_BNI"), payment_amount=total)
        buyer.submit(session, "BANKTRANSFER_BNI")
        self.assertEqual(name_of(session.inquire().payment_status), "PENDING")
        buyer.decide(session.payment_request_id, "approve")
        found = session.inquire()
        self.assertEqual(name_of(found.payment_status), "SUCCESS")
        self.assertEqual(money(found.actual_payment_amount), ("IDR", "4200000"))

    def test_a_challenge_comes_before_the_money(self):
        session = Session({"threeDS": "frame"})
        buyer.pay(session)
        self.assertEqual(name_of(session.inquire().payment_status), "PROCESSING")
        buyer.decide(session.payment_request_id, "approve")
        self.assertEqual(name_of(session.inquire().payment_status), "SUCCESS")

    def test_a_stored_card_pays(self):
        session = Session(payment_method=method(payment_method_id="SANDBOX_CARD_MASTERCARD"))
        card = {"session": session.payment_session_data, "client": merchant.CLIENT, "stored": "SANDBOX_CARD_MASTERCARD"}
        buyer.submit(session, "CARD", "a", {"cardToken": buyer.exchange(card)["cardToken"]})
        found = session.inquire()
        self.assertEqual(name_of(found.payment_status), "SUCCESS")
        self.assertEqual(found.payment_result_info.card_brand, "MASTERCARD")

    def test_an_expired_session_takes_no_payment(self):
        session = Session()
        token = buyer.token(session)["cardToken"]
        buyer.advance(3601)
        answer = buyer.submit(session, "CARD", "a", {"cardToken": token})
        self.assertFalse(answer["success"])
        self.assert_refused(session.inquire(), "ORDER_NOT_EXIST")


class Cancellations(Checks):
    def test_without_an_id(self):
        self.assert_refused(cancel(), "PARAM_ILLEGAL", "paymentRequestId", "paymentId")

    def test_an_unknown_order(self):
        self.assert_refused(cancel(payment_request_id=merchant.fresh("none")), "ORDER_NOT_EXIST")
        self.assert_refused(cancel(payment_id="none"), "ORDER_NOT_EXIST")

    def test_an_order_of_another_merchant(self):
        by = merchant.client(merchant.PROD_CLIENT)
        self.assert_refused(cancel(by, payment_request_id=Session().payment_request_id), "ORDER_NOT_EXIST")

    def test_before_the_payment(self):
        session = Session()
        answer = cancel(payment_request_id=session.payment_request_id)
        self.assertEqual((code(answer), status(answer)), ("SUCCESS", "S"))
        self.assertEqual(answer.payment_request_id, session.payment_request_id)
        self.assertIsNone(answer.payment_id)
        self.assertEqual(buyer.pay(session)["paymentStatus"], "CANCELLED")
        self.assertEqual(session.inquire().payment_result_code, "ORDER_IS_CANCELLED")

    def test_during_the_payment(self):
        session = Session(payment_method=method("ONLINEBANKING_FPX"))
        buyer.submit(session, "ONLINEBANKING_FPX")
        answer = cancel(payment_id=session.payment_id())
        self.assertEqual(code(answer), "SUCCESS")
        found = session.inquire()
        self.assertEqual(name_of(found.payment_status), "CANCELLED")
        self.assertEqual(movements(found), ["PAYMENT CANCELLED 4200", "CANCEL SUCCESS 4200"])
        self.assertIsNone(found.actual_payment_amount)

    def test_after_the_payment_and_again(self):
        session = Session()
        buyer.pay(session)
        first = cancel(payment_request_id=session.payment_request_id)
        buyer.advance(5)
        again = cancel(payment_id=first.payment_id)
        self.assertEqual((code(first), first.payment_id, first.cancel_time), ("SUCCESS", again.payment_id, again.cancel_time))
        self.assertEqual(movements(session.inquire()), ["PAYMENT SUCCESS 4200", "CANCEL SUCCESS 4200"])

    def test_after_a_declined_card(self):
        session = Session()
        buyer.pay(session, buyer.DECLINED)
        self.assertEqual(code(cancel(payment_request_id=session.payment_request_id)), "SUCCESS")
        self.assertEqual(buyer.pay(session, buyer.GOOD, "b")["paymentStatus"], "CANCELLED")
        self.assertEqual(name_of(session.inquire().payment_status), "CANCELLED")

    def test_too_late(self):
        session = Session()
        buyer.pay(session)
        buyer.advance(24 * 3600 + 15 * 60 + 1)
        self.assert_refused(cancel(payment_id=session.payment_id()), "CANCEL_WINDOW_EXCEED")

    def test_after_a_refund(self):
        session = Session()
        buyer.pay(session)
        payment_id = session.payment_id()
        merchant.refund(refund_request_id=merchant.fresh("r"), payment_id=payment_id, refund_amount=amount(1))
        self.assert_refused(cancel(payment_id=payment_id), "PROCESS_FAIL")

    @rows(
        ("long paymentId", {"payment_id": "x" * 65}, "paymentId"),
        ("long paymentRequestId", {"payment_request_id": "x" * 65}, "paymentRequestId"),
        ("long account", {"payment_id": "x", "merchant_account_id": "x" * 33}, "merchantAccountId"),
    )
    def wrong_member(self, members, name):
        self.assert_refused(cancel(**members), "PARAM_ILLEGAL", name)

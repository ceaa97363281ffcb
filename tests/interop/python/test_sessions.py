"""createPaymentSession, retrievePaymentSession, and the signature of every call."""

import base64
import datetime
import json

import buyer
import merchant
from checks import Checks, rows
from com.alipay.ams.api.exception.exception import AlipayApiException
from com.alipay.ams.api.model.address import Address
from com.alipay.ams.api.model.env import Env
from com.alipay.ams.api.model.goods import Goods
from com.alipay.ams.api.model.merchant import Merchant
from com.alipay.ams.api.model.payment_factor import PaymentFactor
from com.alipay.ams.api.model.settlement_strategy import SettlementStrategy
from com.alipay.ams.api.model.shipping import Shipping
from com.alipay.ams.api.model.terminal_type import TerminalType
from com.alipay.ams.api.model.user_name import UserName
from com.alipay.ams.api.request.alipay_request import AlipayRequest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from merchant import Session, amount, code, create_session, filled, fresh, method, order, session_members


def moment(hours=8, **later):
    """A time from now, in an offset of so many hours."""
    zone = datetime.timezone(datetime.timedelta(hours=hours))
    # The sandbox's clock may be ahead of the system's.
    now = datetime.datetime.fromtimestamp(buyer.advance(0), zone)
    return now + datetime.timedelta(**later)


def unpadded(at):
    return f"{at.year}-{at.month}-{at.day}T{at.hour}:{at.minute}:{at.second}"


class Sessions(Checks):
    def test_a_session_has_the_published_members(self):
        session = Session()
        self.assertEqual(len(session.payment_session_data.split("&&")), 4)
        self.assertLessEqual(len(session.payment_session_data), 4096)
        self.assertTrue(0 < len(session.payment_session_id) <= 64)
        left = merchant.when(session.payment_session_expiry_time) - buyer.advance(0)
        self.assertTrue(3500 < left <= 3600, left)

    def test_the_page_can_open_it(self):
        query = buyer.call("query", {"paymentSessionData": Session().payment_session_data})
        self.assertTrue(query["success"])

    def test_a_session_with_everything_about_the_order(self):
        address = filled(Address(), {"region": "MY", "city": "Kuala Lumpur", "address1": "1, Jalan Ü", "zip_code": "50000"})
        name = filled(UserName(), {"first_name": "Zoë", "last_name": "Käufer"})
        goods = filled(Goods(), {
            "reference_goods_id": "g-1", "goods_name": "Tasse", "goods_unit_amount": amount(2100), "goods_quantity": "2",
        })
        about = order(
            goods=[goods],
            shipping=filled(Shipping(), {"shipping_name": name, "shipping_address": address}),
            merchant=filled(Merchant(), {"merchant_name": "Ann's", "merchant_mcc": "5999"}),
            env=filled(Env(), {"client_ip": "192.0.2.1", "terminal_type": TerminalType.WEB}),
            order_discount_amount=amount(300),
            order_amount=amount(4500),
        )
        session = Session(
            order=about, locale="ms_MY", settlement_strategy=filled(SettlementStrategy(), {"settlement_currency": "USD"}),
            payment_factor=filled(PaymentFactor(), {"is_authorization": True}), enable_installment_collection=False,
            user_region="MY", metadata='{"mine": [1, 2.5, null]}',
        )
        found = merchant.retrieve_session(payment_request_id=session.payment_request_id)
        self.assertEqual(found.order["orderAmount"], {"currency": "MYR", "value": "4500"})
        self.assertEqual(found.order["merchant"]["merchantDisplayName"], "Ann's")
        buyer.pay(session)
        self.assertEqual(session.inquire().metadata, '{"mine": [1, 2.5, null]}')

    def test_the_same_request_gets_the_same_session(self):
        members = session_members()
        first, second = create_session(**members), create_session(**members)
        self.assertEqual(first.payment_session_data, second.payment_session_data)
        self.assertEqual(first.payment_session_id, second.payment_session_id)

    def test_another_request_with_the_id_is_refused(self):
        members = session_members()
        self.assertEqual(code(create_session(**members)), "SUCCESS")
        members["payment_redirect_url"] = "https://shop.example/elsewhere"
        self.assert_refused(create_session(**members), "REPEAT_REQ_INCONSISTENT", members["payment_request_id"])

    def test_a_refused_session_leaves_its_id_free(self):
        members = session_members(payment_notify_url="ftp://localhost/n")
        self.assert_refused(create_session(**members), "PARAM_ILLEGAL")
        members["payment_notify_url"] = None
        self.assertEqual(code(create_session(**members)), "SUCCESS")

    def test_a_session_is_retrieved(self):
        session = Session()
        found = merchant.retrieve_session(payment_request_id=session.payment_request_id)
        self.assertEqual(code(found), "SUCCESS")
        self.assertEqual(found.order["orderDescription"], "One thing")
        self.assertEqual(found.order["orderAmount"], {"currency": "MYR", "value": "4200"})

    def test_an_unknown_session_is_not_retrieved(self):
        self.assert_refused(merchant.retrieve_session(payment_request_id=fresh("none")), "ORDER_NOT_EXIST")

    @rows(
        ("product code", {"product_code": None}, "productCode"),
        ("request id", {"payment_request_id": None}, "paymentRequestId"),
        ("long request id", {"payment_request_id": "x" * 65}, "paymentRequestId"),
        ("order", {"order": None}, "order"),
        ("order id", {"order": order(reference_order_id=None)}, "order.referenceOrderId"),
        ("long order id", {"order": order(reference_order_id="x" * 65)}, "order.referenceOrderId"),
        ("description", {"order": order(order_description=None)}, "order.orderDescription"),
        ("long description", {"order": order(order_description="x" * 257)}, "order.orderDescription"),
        ("card number", {"order": order(order_description=f"for {buyer.GOOD}")}, "order.orderDescription"),
        ("amount of the order", {"order": order(order_amount=amount(4300))}, "order.orderAmount"),
        ("payment method", {"payment_method": None}, "paymentMethod"),
        ("method's type", {"payment_method": method(None)}, "paymentMethod.paymentMethodType"),
        ("unknown method", {"payment_method": method("MAGIC")}, "paymentMethod.paymentMethodType"),
        ("stored card", {"payment_method": method(payment_method_id="x")}, "paymentMethod.paymentMethodId"),
        ("page without scheme", {"payment_redirect_url": "/result"}, "paymentRedirectUrl"),
        ("page without TLS", {"payment_redirect_url": "http://shop.example/"}, "paymentRedirectUrl"),
        ("script as page", {"payment_redirect_url": "javascript:alert(1)"}, "paymentRedirectUrl"),
        ("page with a blank", {"payment_redirect_url": "https://shop.example/a b"}, "paymentRedirectUrl"),
        ("page with a user", {"payment_redirect_url": "https://ü@shop.example/"}, "paymentRedirectUrl"),
        ("long page", {"payment_redirect_url": "https://shop.example/" + "x" * 2048}, "paymentRedirectUrl"),
        ("foreign host", {"payment_notify_url": "https://shop.example/n"}, "paymentNotifyUrl"),
        ("notification without TLS", {"payment_notify_url": "http://shop.example/n"}, "paymentNotifyUrl"),
        ("capture mode", {"payment_factor": filled(PaymentFactor(), {"capture_mode": "LATER"})}, "captureMode"),
        ("expiry in words", {"payment_session_expiry_time": "soon"}, "paymentSessionExpiryTime"),
        ("past expiry", {"payment_session_expiry_time": "2020-1-1T0:0:0Z"}, "paymentSessionExpiryTime"),
        ("late expiry", {"payment_session_expiry_time": "2099-1-1T0:0:0Z"}, "paymentSessionExpiryTime"),
        ("expiry without offset", {"payment_session_expiry_time": "2099-1-1T0:0:0"}, "paymentSessionExpiryTime"),
        ("closing in words", {"payment_expiry_time": "later"}, "paymentExpiryTime"),
        ("past closing", {"payment_expiry_time": "2020-1-1T0:0:0+08:00"}, "paymentExpiryTime"),
        ("scenario", {"metadata": '{"sandbox": {"weather": "fine"}}'}, "sandbox"),
    )
    def wrong_member(self, changes, name):
        self.assert_refused(create_session(**session_members(**changes)), "PARAM_ILLEGAL", name)

    @rows(
        ("no digits", "abc", "MYR", "PARAM_ILLEGAL"),
        ("empty", "", "MYR", "PARAM_ILLEGAL"),
        ("zero", "0", "MYR", "PARAM_ILLEGAL"),
        ("negative", "-1", "MYR", "PARAM_ILLEGAL"),
        ("major units", "42.00", "MYR", "PARAM_ILLEGAL"),
        ("leading zero", "042", "MYR", "PARAM_ILLEGAL"),
        ("grouped", "4,200", "MYR", "PARAM_ILLEGAL"),
        ("17 digits", "1" * 17, "MYR", "PARAM_ILLEGAL"),
        ("no currency", "4200", None, "PARAM_ILLEGAL"),
        ("unknown currency", "4200", "XXX", "CURRENCY_NOT_SUPPORT"),
        ("small letters", "4200", "myr", "CURRENCY_NOT_SUPPORT"),
        ("part of a rupiah", "4250", "IDR", "PARAM_ILLEGAL"),
    )
    def wrong_amount(self, value, currency, expected):
        total = amount(value, currency)
        answer = create_session(**session_members(payment_amount=total))
        self.assert_refused(answer, expected, "mount")

    @rows(
        ("JPY has no minor unit", 1, "JPY"),
        ("USD", 12345, "USD"),
        ("KWD has three digits", 1234, "KWD"),
        ("IDR in whole rupiahs", 4200000, "IDR"),
        ("16 digits", 9999999999999999, "EUR"),
    )
    def good_amount(self, value, currency):
        self.assertEqual(code(create_session(**session_members(payment_amount=amount(value, currency)))), "SUCCESS")

    def test_the_currency_must_be_the_methods(self):
        members = session_members(payment_method=method("ONLINEBANKING_FPX"), payment_amount=amount(4200, "USD"))
        self.assert_refused(create_session(**members), "CURRENCY_NOT_SUPPORT")

    def test_only_cards_are_captured_by_call(self):
        members = session_members(payment_method=method("ONLINEBANKING_FPX"), payment_factor=merchant.MANUAL)
        self.assert_refused(create_session(**members), "PARAM_ILLEGAL", "captureMode")

    @rows(
        ("padded", lambda at: at.isoformat(timespec="seconds")),
        ("unpadded", lambda at: unpadded(at) + "+08:00"),
        ("unpadded offset", lambda at: unpadded(at) + "+8:00"),
        ("with milliseconds", lambda at: unpadded(at) + ".5+08:00"),
    )
    def time_of_expiry(self, written):
        at = moment(minutes=30)
        session = Session(payment_session_expiry_time=written(at))
        self.assertEqual(int(merchant.when(session.payment_session_expiry_time)), int(at.timestamp()))

    def test_an_unpadded_closing_time_closes_the_order(self):
        at = moment(minutes=10)
        members = {"payment_method": method("ONLINEBANKING_FPX"), "payment_expiry_time": unpadded(at) + "+08:00"}
        session = Session(**members)
        buyer.submit(session, "ONLINEBANKING_FPX")
        self.assertEqual(merchant.name_of(session.inquire().payment_status), "PROCESSING")
        buyer.advance(601)
        self.assertEqual(session.inquire().payment_result_code, "ORDER_IS_CLOSED")

    @rows(
        ("IDN", "https://bücher.example/fertig", "https://xn--bcher-kva.example/fertig"),
        ("path", "https://shop.example/größe/完了", "https://shop.example/gr%C3%B6%C3%9Fe/%E5%AE%8C%E4%BA%86"),
        ("query", "https://shop.example/?q=ü", "https://shop.example/?q=%C3%BC"),
        ("encoded", "https://shop.example/gr%C3%B6%C3%9Fe", "https://shop.example/gr%C3%B6%C3%9Fe"),
        ("as written", "https://Shop.example/a/../b?x=1#top", "https://Shop.example/a/../b?x=1#top"),
    )
    def return_address(self, given, expected):
        session = Session(payment_method=method("ONLINEBANKING_FPX"), payment_redirect_url=given)
        buyer.submit(session, "ONLINEBANKING_FPX")
        status, headers = buyer.decide(session.payment_request_id, "approve")
        self.assertEqual((status, headers["location"]), (303, expected))


class UnknownOperation(AlipayRequest):
    def __init__(self, path):
        super().__init__(path)

    def to_ams_json(self):
        return "{}"


def other_key(public=False):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if public:
        der = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    else:
        der = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    return base64.b64encode(der).decode()


class Signatures(Checks):
    def test_another_key_is_refused(self):
        by = merchant.client(private_key=other_key())
        self.assert_refused(create_session(by, **session_members()), "INVALID_SIGNATURE")

    def test_an_unknown_client_is_refused(self):
        self.assert_refused(create_session(merchant.client("SANDBOX_NOBODY"), **session_members()), "KEY_NOT_FOUND")

    def test_another_version_of_the_key_is_refused(self):
        request = filled(merchant.create_session.request(), session_members())
        request.key_version = "2"
        answer = merchant.create_session.response(merchant.MERCHANT.execute(request))
        self.assert_refused(answer, "SIGN_VERIFY_FAILURE")

    def test_the_sdk_refuses_an_answer_that_another_key_signed(self):
        by = merchant.client(gateway_key=other_key(public=True))
        with self.assertRaises(AlipayApiException):
            create_session(by, **session_members())

    def test_a_client_of_production_is_served_under_its_path(self):
        by = merchant.client(merchant.PROD_CLIENT)
        self.assertEqual(code(create_session(by, **session_members(payment_notify_url=None))), "SUCCESS")

    def test_the_sdk_verifies_the_certificate(self):
        # The entrance's certificate has another name.
        with self.assertRaises(AlipayApiException):
            create_session(merchant.client(host="localhost"), **session_members())

    @rows("payments/pay", "payments/consult", "payments/createPaymentSessions", "vaults/createVaultingSession")
    def unknown_operation(self, name):
        text = merchant.MERCHANT.execute(UnknownOperation(f"/ams/api/v1/{name}"))
        self.assertEqual(json.loads(text)["result"]["resultCode"], "INVALID_API")

"""The merchant's server: calls of the official SDK, and the receiver of notifications."""

import datetime
import itertools
import json
import os
import pathlib
import secrets
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import transport
from com.alipay.ams.api.default_alipay_client import DefaultAlipayClient
from com.alipay.ams.api.model.amount import Amount
from com.alipay.ams.api.model.buyer import Buyer
from com.alipay.ams.api.model.order import Order
from com.alipay.ams.api.model.payment_factor import PaymentFactor
from com.alipay.ams.api.model.payment_method import PaymentMethod
from com.alipay.ams.api.model.product_code_type import ProductCodeType
from com.alipay.ams.api.request.pay.alipay_capture_request import AlipayCaptureRequest
from com.alipay.ams.api.request.pay.alipay_inquiry_refund_request import AlipayInquiryRefundRequest
from com.alipay.ams.api.request.pay.alipay_pay_cancel_request import AlipayPayCancelRequest
from com.alipay.ams.api.request.pay.alipay_pay_query_request import AlipayPayQueryRequest
from com.alipay.ams.api.request.pay.alipay_payment_session_request import AlipayPaymentSessionRequest
from com.alipay.ams.api.request.pay.alipay_refund_request import AlipayRefundRequest
from com.alipay.ams.api.request.pay.alipay_retrieve_payment_session_request import (
    AlipayRetrievePaymentSessionRequest,
)
from com.alipay.ams.api.response.pay.alipay_capture_response import AlipayCaptureResponse
from com.alipay.ams.api.response.pay.alipay_inquiry_refund_response import AlipayInquiryRefundResponse
from com.alipay.ams.api.response.pay.alipay_pay_cancel_response import AlipayPayCancelResponse
from com.alipay.ams.api.response.pay.alipay_pay_query_response import AlipayPayQueryResponse
from com.alipay.ams.api.response.pay.alipay_payment_session_response import AlipayPaymentSessionResponse
from com.alipay.ams.api.response.pay.alipay_refund_response import AlipayRefundResponse
from com.alipay.ams.api.response.pay.alipay_retrieve_payment_session_response import (
    AlipayRetrievePaymentSessionResponse,
)
from com.alipay.ams.api.tools.webhook_tool import check_signature

GATEWAY = os.environ["KASSA_GATEWAY"]
SHOP = os.environ["KASSA_SHOP"]
KEYS = pathlib.Path(os.environ["KASSA_DATA"]) / "keys"
CLIENT = "SANDBOX_KASSA_DEMO"
PROD_CLIENT = "KASSA_DEMO"


def base64_key(name):
    """A key without the first and the last line of its file: the form that the SDK takes."""
    return "".join((KEYS / name).read_text().strip().splitlines()[1:-1])


PRIVATE_KEY = base64_key(f"{CLIENT}.private.pem")
GATEWAY_KEY = base64_key("gateway.public.pem")


def client(client_id=CLIENT, private_key=PRIVATE_KEY, gateway_key=GATEWAY_KEY, host=transport.HOST):
    return DefaultAlipayClient(f"https://{host}", client_id, private_key, gateway_key)


MERCHANT = client()


def filled(thing, members):
    """Sets members of one of the SDK's objects, which must have them."""
    for name, value in members.items():
        assert hasattr(type(thing), name), f"{type(thing).__name__} has no {name}"
        setattr(thing, name, value)
    return thing


class Caller:
    """One operation of the SDK."""

    def __init__(self, request, response):
        self.request, self.response = request, response

    def __call__(self, by=MERCHANT, **members):
        return self.response(by.execute(filled(self.request(), members)))


create_session = Caller(AlipayPaymentSessionRequest, AlipayPaymentSessionResponse)
retrieve_session = Caller(AlipayRetrievePaymentSessionRequest, AlipayRetrievePaymentSessionResponse)
inquire = Caller(AlipayPayQueryRequest, AlipayPayQueryResponse)
cancel = Caller(AlipayPayCancelRequest, AlipayPayCancelResponse)
capture = Caller(AlipayCaptureRequest, AlipayCaptureResponse)
refund = Caller(AlipayRefundRequest, AlipayRefundResponse)
inquire_refund = Caller(AlipayInquiryRefundRequest, AlipayInquiryRefundResponse)


def fresh(kind):
    return f"{kind}-{secrets.token_hex(8)}"


def amount(value=4200, currency="MYR"):
    return Amount(currency, str(value))


def method(kind="CARD", **more):
    return filled(PaymentMethod(), {"payment_method_type": kind, **more})


def order(total=None, **more):
    members = {
        "reference_order_id": fresh("order"),
        "order_description": "One thing",
        "order_amount": total or amount(),
        "buyer": filled(Buyer(), {"reference_buyer_id": "buyer-1"}),
    }
    return filled(Order(), {**members, **more})


MANUAL = filled(PaymentFactor(), {"is_authorization": True, "capture_mode": "MANUAL"})


def session_members(scenario=None, **changes):
    """The members of a request for a session, some of them changed; None leaves one out."""
    total = changes.get("payment_amount") or amount()
    members = {
        "product_code": ProductCodeType.CASHIER_PAYMENT,
        "payment_request_id": fresh("pay"),
        "order": order(total),
        "payment_amount": total,
        "payment_method": method(),
        "payment_redirect_url": "https://shop.example/result",
        "payment_notify_url": RECEIVER.address(),
    }
    if scenario is not None:
        members["metadata"] = json.dumps({"sandbox": scenario})
    members.update(changes)
    return members


class Session:
    """A created session, and its ids."""

    def __init__(self, scenario=None, **changes):
        members = session_members(scenario, **changes)
        answer = create_session(**members)
        assert code(answer) == "SUCCESS", answer.result.result_message
        self.payment_request_id = members["payment_request_id"]
        self.payment_session_data = answer.payment_session_data
        self.payment_session_id = answer.payment_session_id
        self.payment_session_expiry_time = answer.payment_session_expiry_time
        self.notify_url = members["payment_notify_url"]

    def inquire(self):
        return inquire(payment_request_id=self.payment_request_id)

    def payment_id(self):
        return self.inquire().payment_id


def code(answer):
    return answer.result.result_code


def status(answer):
    return answer.result.result_status.value


def name_of(value):
    """The text of one of the SDK's enumerations."""
    return None if value is None else value.value


def money(value):
    return None if value is None else (value.currency, str(value.value))


def movements(inquiry):
    """The transactions of an inquiry, as text."""
    return [
        f"{name_of(one.transaction_type)} {name_of(one.transaction_status)} {one.transaction_amount.value}"
        for one in inquiry.transactions or []
    ]


def when(text):
    """A time of the gateway's in seconds."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Receiver(ThreadingHTTPServer):
    """Takes notifications, checks their signatures with the SDK, and acknowledges them."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.numbers = itertools.count(1)
        self.changed = threading.Condition()
        self.received = {}
        self.refusals = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def address(self):
        """An address of its own for a session's notifications."""
        return f"http://127.0.0.1:{self.server_port}/notify/{next(self.numbers)}?from=gateway&x=%2F"

    def refuse(self, url, times):
        """Does not acknowledge so many deliveries."""
        self.refusals[target(url)] = times

    def wait_for(self, url, count, seconds=20):
        """The notifications that came to an address, once they are so many."""
        with self.changed:
            came = self.changed.wait_for(lambda: len(self.received.get(target(url), [])) >= count, seconds)
            found = list(self.received.get(target(url), []))
        kinds = [one.body.get("notifyType") for one in found]
        assert came, f"{count} notifications were expected, {kinds} came"
        return found

    def add(self, notification):
        with self.changed:
            self.received.setdefault(notification.path, []).append(notification)
            left = self.refusals.get(notification.path, 0)
            self.refusals[notification.path] = left - 1
            self.changed.notify_all()
        return left <= 0


def target(url):
    """The path and query under which a notification arrives."""
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.quote(f"{parts.path}?{parts.query}" if parts.query else parts.path, safe="/?=&%")


class Notification:
    def __init__(self, path, headers, text):
        self.path, self.headers, self.text = path, headers, text
        self.body = json.loads(text)

    def is_signed(self, path=None, text=None, key=GATEWAY_KEY):
        """Whether the SDK accepts the signature, also with one part replaced."""
        headers = self.headers
        try:
            return check_signature(
                "POST", path or self.path, headers["client-id"], headers["request-time"], text or self.text,
                headers["signature"], key,
            )
        except Exception:  # Each library of the SDK has its own.
            return False


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        text = self.rfile.read(int(self.headers["content-length"])).decode()
        acknowledges = self.server.add(Notification(self.path, self.headers, text))
        result = {"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success"}
        body = json.dumps({"result": result}).encode()
        self.send_response(200 if acknowledges else 503)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Requests are no output of the tests."""


ADDRESS = urllib.parse.urlsplit(GATEWAY)
transport.open_entrance((ADDRESS.hostname, ADDRESS.port))
RECEIVER = Receiver()

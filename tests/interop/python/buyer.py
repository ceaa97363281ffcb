"""The buyer: what the SDK of the page, the card form and the simulators do."""

import json
import urllib.error
import urllib.parse
import urllib.request

from merchant import CLIENT, GATEWAY, SHOP

GOOD = "4054695723100768"
MASTERCARD = "5162774114974622"
DECLINED = "4054692760174822"
NOT_A_TEST_CARD = "4111111111111111"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The merchant's page is not requested."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)


def post(url, body, headers):
    """Status, headers and text of the answer."""
    request = urllib.request.Request(url, body.encode(), headers)
    try:
        with OPENER.open(request) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def call(operation, request):
    """A call of the client protocol."""
    names = {
        "query": "com.ipay.iexpcashier.sdkAction.query",
        "submit": "com.ipay.iexpcashier.cashier.submitPayByPaymentSession",
        "inquire": "kassa.payment.inquire",
    }
    # As the SDK of the page does in the environment `sandbox`.
    headers = {"Operation-Type": names[operation], "Load-Test": "true", "Content-Type": "application/json"}
    _, _, text = post(f"{GATEWAY}/mgw.htm", json.dumps([request]), headers)
    return json.loads(text)


def token(session, number=GOOD, holder="Ann Buyer"):
    """The answer to the exchange of a typed card."""
    card = {
        "session": session.payment_session_data, "client": CLIENT, "number": number, "expiryMonth": "12",
        "expiryYear": "39", "cvc": "123", "holder": holder,
    }
    return exchange(card)


def exchange(card):
    """The card form's request."""
    _, _, text = post(f"{GATEWAY}/frame/card/token", json.dumps(card), {"Content-Type": "text/plain"})
    return json.loads(text)


def pay(session, number=GOOD, attempt="a", holder="Ann Buyer"):
    """Submits a card; the answer."""
    return submit(session, "CARD", attempt, {"cardToken": token(session, number, holder)["cardToken"]})


def submit(session, method, attempt="a", factors=None):
    return call("submit", {
        "paymentSessionData": session.payment_session_data,
        "paymentMethod": {"paymentMethodType": method},
        "paymentFactors": factors or {},
        "extParams": {"attemptId": attempt},
    })


def decide(request_id, decision, **form):
    """Decides in the simulator of the session's payment; status and headers of the answer."""
    with OPENER.open(f"{GATEWAY}/simulators?format=json") as answer:
        payments = json.load(answer)["payments"]
    payment = next(payment for payment in payments if payment["paymentRequestId"] == request_id)
    body = urllib.parse.urlencode({"decision": decision, **form})
    status, headers, _ = post(GATEWAY + payment["page"], body, {"Content-Type": "application/x-www-form-urlencoded"})
    return status, headers


def advance(seconds):
    """Moves the sandbox's clock forward; the new time in seconds."""
    body = json.dumps({"advance": round(seconds * 1000)})
    status, _, text = post(f"{SHOP}/api/clock", body, {"Content-Type": "application/json"})
    assert status == 200, text
    return json.loads(text)["now"] / 1000

//! The gateway's possible answers, by name.

use kassa_core::reply::HttpReply;
use kassa_protocol::json::ReadError;

use super::reply;

/// An answer of the gateway: its name, HTTP status, `Result-Status` header, and body.
pub(crate) struct Answer {
    pub(crate) name: &'static str,
    http: u16,
    status: Option<&'static str>,
    body: Option<&'static str>,
    /// An offer of payment methods, which only a query gets.
    pub(crate) is_offer: bool,
}

const fn offer(name: &'static str, body: &'static str) -> Answer {
    Answer { name, http: 200, status: None, body: Some(body), is_offer: true }
}

const fn answer(name: &'static str, body: &'static str) -> Answer {
    Answer { name, http: 200, status: Some("1000"), body: Some(body), is_offer: false }
}

const fn fault(
    name: &'static str,
    http: u16,
    status: Option<&'static str>,
    body: Option<&'static str>,
) -> Answer {
    Answer { name, http, status, body, is_offer: false }
}

const PAID: &str = r#"{"success":true,"paymentStatus":"SUCCESS"}"#;

/// The answers. Addresses carry a query that no log may show.
pub(crate) const ANSWERS: [Answer; 40] = [
    offer(
        "card",
        r#"{"success":true,"merchantName":"Tea House","paymentAmountView":{"currency":"MYR","value":"4200"},"paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"/frame/card?client=secret1","paymentRedirectUrl":"https://shop.example/result?order=secret2"}"#,
    ),
    offer(
        "card, no return page",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"/frame/card"}"#,
    ),
    offer(
        "card, script as return page",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"/frame/card","paymentRedirectUrl":"javascript:alert('secret3')"}"#,
    ),
    offer(
        "card, failed before",
        r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"DO_NOT_HONOR","paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"/frame/card","paymentRedirectUrl":"https://shop.example/result"}"#,
    ),
    offer(
        "card without frame",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"CARD"}]}"#,
    ),
    offer(
        "card, frame elsewhere",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"//evil.example/frame"}"#,
    ),
    offer(
        "bank",
        r#"{"success":true,"merchantName":"Tea House","paymentMethods":[{"paymentMethodType":"ONLINEBANKING_FPX"}],"paymentRedirectUrl":"https://shop.example/result?order=secret4"}"#,
    ),
    offer(
        "bank, no return page",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"ONLINEBANKING_FPX"}]}"#,
    ),
    offer(
        "bank with address",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"ONLINEBANKING_FPX"}],"normalUrl":"https://bank.example/pay?key=secret5"}"#,
    ),
    offer(
        "app",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"GCASH"}],"applinkUrl":"https://gcash.example/pay?key=secret9","normalUrl":"https://pay.example/gcash?key=secret10"}"#,
    ),
    offer(
        "fields",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"BLIK","paymentElements":[{"paymentElementKey":"blikCode","elementType":"BLIK"}]}],"paymentRedirectUrl":"https://shop.example/result?order=secret11"}"#,
    ),
    answer("paid", PAID),
    answer(
        "app to open",
        r#"{"success":true,"paymentStatus":"PROCESSING","schemeUrl":"wallet://pay?key=secret12","applinkUrl":"https://wallet.example/pay?key=secret13","normalUrl":"https://pay.example/wallet?key=secret14"}"#,
    ),
    answer(
        "app and nothing else",
        r#"{"success":true,"paymentStatus":"PROCESSING","schemeUrl":"wallet://pay?key=secret15"}"#,
    ),
    answer(
        "app that is a script",
        r#"{"success":true,"paymentStatus":"PROCESSING","schemeUrl":"javascript:alert('secret16')"}"#,
    ),
    answer(
        "codes",
        r#"{"success":true,"paymentStatus":"PROCESSING","serverTime":"1000000","codeFormViews":[{"code":"secret-code-1","displayType":"QRCODE","codeExpireTime":"1480000"}]}"#,
    ),
    answer(
        "codes, money may take days",
        r#"{"success":true,"paymentStatus":"PENDING","serverTime":"1000000","codeFormViews":[{"code":"secret-code-2","displayType":"TEXT","codeExpireTime":"1480000"}]}"#,
    ),
    answer(
        "approval",
        r#"{"success":true,"paymentStatus":"PROCESSING","serverTime":"1000000","expireTime":"1120000","waitsFor":"APPROVAL"}"#,
    ),
    answer(
        "3DS method",
        r#"{"success":true,"paymentStatus":"PROCESSING","threeDSMethodUrl":"/3ds/method/1?key=secret17"}"#,
    ),
    answer(
        "challenge in a frame",
        r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,"challengeUrl":"/3ds/challenge/1?key=secret18","challengeWindowSize":"02","actionForm":{"redirectUrl":"https://gw.example/3ds/challenge/1?key=secret19"}}"#,
    ),
    answer(
        "challenge in a frame elsewhere",
        r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,"challengeUrl":"//evil.example/3ds?key=secret20"}"#,
    ),
    answer("pending", r#"{"success":true,"paymentStatus":"PENDING"}"#),
    answer(
        "failed, retryable",
        r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"DO_NOT_HONOR"}"#,
    ),
    answer(
        "failed for good",
        r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"ORDER_IS_CLOSED"}"#,
    ),
    answer(
        "failed, new code",
        r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"BRAND_NEW_CODE"}"#,
    ),
    answer("cancelled", r#"{"success":true,"paymentStatus":"CANCELLED"}"#),
    answer("processing", r#"{"success":true,"paymentStatus":"PROCESSING"}"#),
    answer("new state", r#"{"success":true,"paymentStatus":"BRAND_NEW_STATE"}"#),
    answer(
        "processing at the bank",
        r#"{"success":true,"paymentStatus":"PROCESSING","normalUrl":"https://bank.example/pay?key=secret6"}"#,
    ),
    answer(
        "challenge",
        r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,"actionForm":{"redirectUrl":"https://acs.example/3ds?creq=secret7"}}"#,
    ),
    answer(
        "processing at a script",
        r#"{"success":true,"paymentStatus":"PROCESSING","normalUrl":"javascript:alert('secret8')"}"#,
    ),
    answer("nothing known", r#"{"success":true}"#),
    answer(
        "refused, retryable",
        r#"{"success":false,"errorCode":"CARD_EXPIRED","errorMessage":"no"}"#,
    ),
    answer("refused for good", r#"{"success":false,"errorCode":"INQUIRY_PAYMENT_SESSION_FAILED"}"#),
    answer("undecided", r#"{"success":false,"errorCode":"UNKNOWN_EXCEPTION","errorStatus":"U"}"#),
    answer("neither yes nor no", r#"{"success":false,"paymentStatus":"SUCCESS"}"#),
    fault("HTML", 200, None, None),
    fault("HTTP 500", 500, None, Some(PAID)),
    fault("HTTP 502 in HTML", 502, None, None),
    fault("Result-Status 1002", 200, Some("1002"), Some(PAID)),
];

impl Answer {
    pub(crate) fn reply(&self) -> HttpReply {
        let answer = self.body.map_or(Err(ReadError::OtherKind), |json| reply(json).answer);
        let result_status = self.status.map(Into::into);
        HttpReply { status: self.http, result_status, trace_id: None, answer }
    }

    /// The body; `None` for one that is no JSON.
    pub(crate) fn json(&self) -> Option<&'static str> {
        self.body
    }

    /// The row of this name.
    pub(crate) fn named(name: &str) -> &'static Self {
        ANSWERS.iter().find(|answer| answer.name == name).expect("an answer of this name")
    }
}

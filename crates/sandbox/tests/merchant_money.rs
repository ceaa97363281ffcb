//! Cancelling, capturing, refunding and retrieving over the signed server API.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::Duration;

use kassa_protocol::client::SUBMIT;
use kassa_sandbox::app::{DEMO_CLIENT, DEMO_PROD_CLIENT};
use kassa_sandbox::clock;
use serde_json::{Value, json};
use support::{DECLINED, GOOD, Made, Sandbox, bank_submit, card_submit};

const PREFIXES: [&str; 2] = ["/ams/api/v1/payments/", "/ams/sandbox/api/v1/payments/"];

fn call(sandbox: &Sandbox, operation: &str, body: &Value) -> Value {
    sandbox.signed(DEMO_CLIENT, &format!("{}{operation}", PREFIXES[0]), &body.to_string())
}

fn code(answer: &Value) -> &str {
    answer["result"]["resultCode"].as_str().unwrap()
}

fn status(answer: &Value) -> &str {
    answer["result"]["resultStatus"].as_str().unwrap()
}

fn message(answer: &Value) -> &str {
    answer["result"]["resultMessage"].as_str().unwrap()
}

fn myr(units: u64) -> Value {
    json!({ "currency": "MYR", "value": units.to_string() })
}

fn inquire(sandbox: &Sandbox, made: &Made) -> Value {
    call(sandbox, "inquiryPayment", &json!({ "paymentRequestId": made.request_id }))
}

/// A card payment of MYR 42.00 that is paid, and its id.
fn paid(sandbox: &Sandbox, asked: Value) -> (Made, String) {
    let made = sandbox.session(asked);
    assert_eq!(sandbox.pay(&made, "a", GOOD)["paymentStatus"], "SUCCESS");
    let id = inquire(sandbox, &made)["paymentId"].as_str().unwrap().to_owned();
    (made, id)
}

fn authorised(sandbox: &Sandbox) -> (Made, String) {
    paid(sandbox, json!({ "captureMode": "MANUAL" }))
}

fn refund(sandbox: &Sandbox, id: &str, payment: &str, units: u64) -> Value {
    let body = json!({ "refundRequestId": id, "paymentId": payment, "refundAmount": myr(units) });
    call(sandbox, "refund", &body)
}

fn capture(sandbox: &Sandbox, id: &str, payment: &str, units: u64) -> Value {
    let body = json!({ "captureRequestId": id, "paymentId": payment, "captureAmount": myr(units) });
    call(sandbox, "capture", &body)
}

fn kinds(inquiry: &Value) -> Vec<String> {
    let of = |transaction: &Value| {
        let text = |name: &str| transaction[name].as_str().unwrap().to_owned();
        assert!(text("transactionId").len() == 24);
        assert!(clock::parse_iso(&text("transactionTime")).is_some());
        format!(
            "{} {} {}",
            text("transactionType"),
            text("transactionStatus"),
            transaction["transactionAmount"]["value"].as_str().unwrap()
        )
    };
    inquiry["transactions"].as_array().map(|all| all.iter().map(of).collect()).unwrap_or_default()
}

#[test]
fn every_operation_is_under_both_paths() {
    let sandbox = Sandbox::start();
    for operation in
        ["cancel", "refund", "inquiryRefund", "capture", "retrievePaymentSession", "inquiryPayment"]
    {
        for prefix in PREFIXES {
            let path = format!("{prefix}{operation}");
            assert_eq!(code(&sandbox.signed(DEMO_CLIENT, &path, "{}")), "PARAM_ILLEGAL", "{path}");
            for body in ["", "[]", "null", "{", "{}{}", "{\"paymentId\":{}}"] {
                let answer = sandbox.signed(DEMO_CLIENT, &path, body);
                assert_eq!(code(&answer), "PARAM_ILLEGAL", "{path} {body}");
                assert_eq!(status(&answer), "F");
            }
        }
    }
}

#[test]
fn bad_input_is_named() {
    let sandbox = Sandbox::start();
    let (_, payment) = paid(&sandbox, json!({}));
    let text = |n: usize| Value::from("x".repeat(n));
    let give_back =
        json!({ "refundRequestId": "r", "paymentId": payment, "refundAmount": myr(100) });
    let take = json!({ "captureRequestId": "c", "paymentId": payment, "captureAmount": myr(100) });
    let either = json!({});
    let cases = [
        ("refund", &give_back, "refundRequestId", Value::Null),
        ("refund", &give_back, "refundRequestId", json!(" ")),
        ("refund", &give_back, "refundRequestId", text(65)),
        ("refund", &give_back, "paymentId", Value::Null),
        ("refund", &give_back, "paymentId", text(65)),
        ("refund", &give_back, "refundAmount", Value::Null),
        ("refund", &give_back, "refundAmount", json!("100")),
        ("refund", &give_back, "refundAmount", json!({ "currency": "MYR" })),
        ("refund", &give_back, "refundAmount", json!({ "value": "100" })),
        ("refund", &give_back, "refundAmount", json!({ "currency": "MYR", "value": "0" })),
        ("refund", &give_back, "refundAmount", json!({ "currency": "MYR", "value": "-1" })),
        ("refund", &give_back, "refundAmount", json!({ "currency": "MYR", "value": "1.5" })),
        ("refund", &give_back, "referenceRefundId", text(65)),
        ("refund", &give_back, "refundReason", text(257)),
        ("refund", &give_back, "refundNotifyUrl", text(2049)),
        ("refund", &give_back, "refundNotifyUrl", json!("http://shop.example/n")),
        ("refund", &give_back, "refundNotifyUrl", json!("ftp://localhost/n")),
        ("refund", &give_back, "isAsyncRefund", json!("perhaps")),
        ("refund", &give_back, "captureId", text(65)),
        ("refund", &give_back, "captureId", json!("of-nothing")),
        ("refund", &give_back, "merchantAccountId", text(33)),
        ("capture", &take, "captureRequestId", Value::Null),
        ("capture", &take, "captureRequestId", text(65)),
        ("capture", &take, "paymentId", Value::Null),
        ("capture", &take, "captureAmount", Value::Null),
        ("capture", &take, "captureAmount", json!([])),
        ("capture", &take, "captureAmount", json!({ "currency": "MYR", "value": "042" })),
        ("cancel", &either, "paymentId", Value::Null),
        ("cancel", &either, "paymentId", text(65)),
        ("cancel", &either, "paymentRequestId", text(65)),
        ("cancel", &either, "merchantAccountId", text(33)),
        ("inquiryPayment", &either, "paymentId", Value::Null),
        ("inquiryPayment", &either, "merchantAccountId", text(33)),
        ("inquiryRefund", &either, "merchantAccountId", text(33)),
        ("inquiryRefund", &either, "refundId", Value::Null),
        ("inquiryRefund", &either, "refundId", text(65)),
        ("inquiryRefund", &either, "refundRequestId", text(65)),
        ("retrievePaymentSession", &either, "paymentSessionId", Value::Null),
        ("retrievePaymentSession", &either, "paymentSessionId", text(65)),
        ("retrievePaymentSession", &either, "paymentRequestId", text(65)),
    ];
    for (operation, good, name, value) in cases {
        let mut body = good.clone();
        body[name] = value;
        let answer = call(&sandbox, operation, &body);
        assert_eq!(code(&answer), "PARAM_ILLEGAL", "{operation} {body}");
        assert!(message(&answer).contains(name), "{operation} {name}: {}", message(&answer));
        assert!(message(&answer).chars().count() <= 256);
    }
    // Nothing of it was kept: the id is free, and all of the money is still there.
    assert_eq!(code(&refund(&sandbox, "r", &payment, 4200)), "SUCCESS");
}

#[test]
fn sessions_say_how_money_is_taken_and_where_to_tell() {
    let sandbox = Sandbox::start();
    let create = |change: Value| {
        let mut body = json!({
            "productCode": "CASHIER_PAYMENT",
            "paymentRequestId": "s",
            "order": {
                "referenceOrderId": "o-1",
                "orderDescription": "One thing",
                "orderAmount": myr(4200),
            },
            "paymentAmount": myr(4200),
            "paymentMethod": { "paymentMethodType": "CARD" },
        });
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        call(&sandbox, "createPaymentSession", &body)
    };
    for (change, name) in [
        (json!({ "paymentNotifyUrl": "http://shop.example/n" }), "paymentNotifyUrl"),
        (json!({ "paymentNotifyUrl": "javascript:alert(1)" }), "paymentNotifyUrl"),
        (json!({ "paymentNotifyUrl": "x".repeat(2049) }), "paymentNotifyUrl"),
        (json!({ "paymentExpiryTime": "later" }), "paymentExpiryTime"),
        (json!({ "paymentExpiryTime": "2020-01-01T00:00:00Z" }), "paymentExpiryTime"),
        (json!({ "paymentFactor": [] }), "paymentFactor"),
        (json!({ "paymentFactor": { "captureMode": "LATER" } }), "captureMode"),
        (json!({ "paymentFactor": { "isAuthorization": "perhaps" } }), "isAuthorization"),
        (
            json!({ "paymentFactor": { "captureMode": "MANUAL", "isAuthorization": "false" } }),
            "isAuthorization",
        ),
        (
            json!({
                "paymentFactor": { "captureMode": "MANUAL" },
                "paymentMethod": { "paymentMethodType": "ONLINEBANKING_FPX" },
            }),
            "captureMode",
        ),
    ] {
        let answer = create(change.clone());
        assert_eq!(code(&answer), "PARAM_ILLEGAL", "{change}");
        assert!(message(&answer).contains(name), "{change}: {}", message(&answer));
    }
    assert_eq!(
        code(&create(json!({
            "paymentNotifyUrl": "https://shop.example/n?a=b",
            "paymentFactor": { "captureMode": "AUTOMATIC", "isAuthorization": true },
        }))),
        "SUCCESS"
    );
}

#[test]
fn a_session_is_cancelled_before_anyone_pays() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    let token = sandbox.token(&made, GOOD);
    let by_request = json!({ "paymentRequestId": made.request_id });
    let first = call(&sandbox, "cancel", &by_request);
    assert_eq!((code(&first), status(&first)), ("SUCCESS", "S"));
    assert_eq!(first["paymentRequestId"], made.request_id.as_str());
    assert!(first.get("paymentId").is_none());
    sandbox.app.clock.advance(Duration::from_secs(60));
    assert_eq!(call(&sandbox, "cancel", &by_request), first, "the same again says the same");

    for answer in [
        sandbox.query(&made),
        sandbox.inquire(&made),
        sandbox.call(SUBMIT, &card_submit(&made, "a", &token)),
    ] {
        assert_eq!(answer["success"], true);
        assert_eq!(answer["paymentStatus"], "CANCELLED");
        assert_eq!(answer["paymentResultCode"], "ORDER_IS_CANCELLED");
    }
    assert_eq!(sandbox.count(&made), 0);
    let inquiry = inquire(&sandbox, &made);
    assert_eq!(inquiry["paymentStatus"], "CANCELLED");
    assert_eq!(inquiry["paymentResultCode"], "ORDER_IS_CANCELLED");
    assert!(inquiry.get("transactions").is_none());
}

#[test]
fn a_running_payment_is_cancelled() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    let begun = sandbox.call(SUBMIT, &bank_submit(&made, "a"));
    let id = inquire(&sandbox, &made)["paymentId"].clone();
    let answer = call(&sandbox, "cancel", &json!({ "paymentId": id }));
    assert_eq!(code(&answer), "SUCCESS");
    assert_eq!(answer["paymentId"], id);
    let inquiry = inquire(&sandbox, &made);
    assert_eq!(inquiry["paymentStatus"], "CANCELLED");
    assert!(inquiry.get("paymentTime").is_none());
    assert!(inquiry.get("redirectActionForm").is_none());
    assert_eq!(kinds(&inquiry), ["PAYMENT CANCELLED 4200", "CANCEL SUCCESS 4200"]);
    // The bank's page is of no use any more.
    let bank = begun["normalUrl"].as_str().unwrap();
    sandbox.agent.post(bank).send_form([("decision", "approve")]).unwrap();
    assert_eq!(inquire(&sandbox, &made)["paymentStatus"], "CANCELLED");
    assert_eq!(sandbox.query(&made)["paymentStatus"], "CANCELLED");
    let again = sandbox.call(SUBMIT, &bank_submit(&made, "b"));
    assert_eq!(again["paymentStatus"], "CANCELLED");
    assert_eq!(sandbox.count(&made), 1);
}

#[test]
fn a_failed_payment_does_not_keep_a_session_open() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    assert_eq!(sandbox.pay(&made, "a", DECLINED)["paymentStatus"], "FAIL");
    let answer = call(&sandbox, "cancel", &json!({ "paymentRequestId": made.request_id }));
    assert_eq!(code(&answer), "SUCCESS");
    assert_eq!(sandbox.pay(&made, "b", GOOD)["paymentStatus"], "CANCELLED");
    assert_eq!(sandbox.query(&made)["paymentStatus"], "CANCELLED");
    let inquiry = inquire(&sandbox, &made);
    assert_eq!(inquiry["paymentStatus"], "CANCELLED");
    assert_eq!(kinds(&inquiry), ["PAYMENT FAIL 4200"]);
}

#[test]
fn a_paid_payment_is_cancelled_until_a_quarter_past_midnight() {
    let sandbox = Sandbox::start();
    let (made, id) = paid(&sandbox, json!({}));
    let (late, late_id) = paid(&sandbox, json!({}));
    let answer = call(&sandbox, "cancel", &json!({ "paymentId": id }));
    assert_eq!(code(&answer), "SUCCESS");
    let inquiry = inquire(&sandbox, &made);
    assert_eq!(inquiry["paymentStatus"], "CANCELLED");
    assert!(inquiry["paymentTime"].is_string(), "it was paid");
    assert_eq!(kinds(&inquiry), ["PAYMENT SUCCESS 4200", "CANCEL SUCCESS 4200"]);
    assert_eq!(code(&refund(&sandbox, "r", &id, 1)), "ORDER_IS_CANCELLED");

    // 24 h 15 min later it is past 00:15 of the next day, wherever the day began.
    sandbox.app.clock.advance(Duration::from_secs(24 * 3600 + 15 * 60 + 1));
    let refused = call(&sandbox, "cancel", &json!({ "paymentId": late_id }));
    assert_eq!(code(&refused), "CANCEL_WINDOW_EXCEED");
    assert_eq!(inquire(&sandbox, &late)["paymentStatus"], "SUCCESS");
    assert_eq!(code(&call(&sandbox, "cancel", &json!({ "paymentId": id }))), "SUCCESS");
}

#[test]
fn what_was_refunded_or_captured_is_not_cancelled() {
    let sandbox = Sandbox::start();
    let (_, refunded) = paid(&sandbox, json!({}));
    assert_eq!(code(&refund(&sandbox, "r", &refunded, 1)), "SUCCESS");
    assert_eq!(code(&call(&sandbox, "cancel", &json!({ "paymentId": refunded }))), "PROCESS_FAIL");
    let (_, captured) = authorised(&sandbox);
    assert_eq!(code(&capture(&sandbox, "c", &captured, 1)), "SUCCESS");
    assert_eq!(code(&call(&sandbox, "cancel", &json!({ "paymentId": captured }))), "PROCESS_FAIL");

    // Money that is only held can be let go of for seven days.
    let (made, held) = authorised(&sandbox);
    let (_, too_late) = authorised(&sandbox);
    sandbox.app.clock.advance(Duration::from_secs(6 * 24 * 3600));
    assert_eq!(code(&call(&sandbox, "cancel", &json!({ "paymentId": held }))), "SUCCESS");
    assert_eq!(
        kinds(&inquire(&sandbox, &made)),
        ["AUTHORIZATION SUCCESS 4200", "VOID SUCCESS 4200"]
    );
    assert_eq!(code(&capture(&sandbox, "c2", &held, 1)), "ORDER_IS_CANCELLED");
    sandbox.app.clock.advance(Duration::from_secs(24 * 3600 + 1));
    let refused = call(&sandbox, "cancel", &json!({ "paymentId": too_late }));
    assert_eq!(code(&refused), "CANCEL_WINDOW_EXCEED");
}

#[test]
fn others_orders_and_none_are_not_there() {
    let sandbox = Sandbox::start();
    let (made, id) = paid(&sandbox, json!({}));
    assert_eq!(code(&refund(&sandbox, "r", &id, 100)), "SUCCESS");
    for (operation, body, expected) in [
        ("cancel", json!({ "paymentId": id }), "ORDER_NOT_EXIST"),
        ("cancel", json!({ "paymentRequestId": made.request_id }), "ORDER_NOT_EXIST"),
        (
            "refund",
            json!({ "refundRequestId": "x", "paymentId": id, "refundAmount": myr(1) }),
            "ORDER_NOT_EXIST",
        ),
        (
            "capture",
            json!({ "captureRequestId": "x", "paymentId": id, "captureAmount": myr(1) }),
            "ORDER_NOT_EXIST",
        ),
        ("inquiryRefund", json!({ "refundRequestId": "r" }), "REFUND_NOT_EXIST"),
        (
            "retrievePaymentSession",
            json!({ "paymentRequestId": made.request_id }),
            "ORDER_NOT_EXIST",
        ),
    ] {
        let path = format!("{}{operation}", PREFIXES[0]);
        let foreign = sandbox.signed(DEMO_PROD_CLIENT, &path, &body.to_string());
        assert_eq!(code(&foreign), expected, "{operation}");
        let nobody = body.to_string().replace(&id, "nothing").replace(&made.request_id, "nothing");
        let nobody = nobody.replace("\"r\"", "\"nothing\"");
        assert_eq!(code(&sandbox.signed(DEMO_CLIENT, &path, &nobody)), expected, "{operation}");
    }
}

#[test]
fn refunds_add_up_to_what_was_paid() {
    let sandbox = Sandbox::start();
    let (made, id) = paid(&sandbox, json!({}));
    let first = refund(&sandbox, "r1", &id, 1200);
    assert_eq!((code(&first), status(&first)), ("SUCCESS", "S"));
    assert_eq!(first["refundRequestId"], "r1");
    assert_eq!(first["paymentId"], id.as_str());
    assert_eq!(first["refundAmount"], myr(1200));
    assert_eq!(refund(&sandbox, "r1", &id, 1200), first, "once, however often it is asked for");
    assert_eq!(code(&refund(&sandbox, "r1", &id, 1300)), "REPEAT_REQ_INCONSISTENT");

    let over = refund(&sandbox, "r2", &id, 3001);
    assert_eq!((code(&over), status(&over)), ("REFUND_AMOUNT_EXCEED", "F"));
    assert!(message(&over).contains("MYR 30.00"), "{}", message(&over));
    let other = json!({
        "refundRequestId": "r2", "paymentId": id,
        "refundAmount": { "currency": "USD", "value": "1" },
    });
    assert_eq!(code(&call(&sandbox, "refund", &other)), "CURRENCY_NOT_SUPPORT");
    assert_eq!(code(&refund(&sandbox, "r2", &id, 3000)), "SUCCESS", "a refusal keeps nothing");
    assert_eq!(code(&refund(&sandbox, "r3", &id, 1)), "REFUND_AMOUNT_EXCEED");
    let inquiry = inquire(&sandbox, &made);
    assert_eq!(inquiry["paymentStatus"], "SUCCESS");
    assert_eq!(
        kinds(&inquiry),
        ["PAYMENT SUCCESS 4200", "REFUND SUCCESS 1200", "REFUND SUCCESS 3000"]
    );

    for by in [json!({ "refundRequestId": "r1" }), json!({ "refundId": first["refundId"] })] {
        let found = call(&sandbox, "inquiryRefund", &by);
        assert_eq!(found["refundStatus"], "SUCCESS");
        assert_eq!(found["refundId"], first["refundId"]);
        assert_eq!(found["refundAmount"], myr(1200));
        assert_eq!(found["refundTime"], first["refundTime"]);
    }
    assert_eq!(
        code(&call(&sandbox, "inquiryRefund", &json!({ "refundRequestId": "r3" }))),
        "REFUND_NOT_EXIST"
    );
}

#[test]
fn refunds_at_once_do_not_give_back_too_much() {
    let sandbox = Sandbox::start();
    let (made, id) = paid(&sandbox, json!({}));
    let codes: Vec<String> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..8)
            .map(|n| {
                let (sandbox, id) = (&sandbox, &id);
                scope.spawn(move || code(&refund(sandbox, &format!("r{n}"), id, 1000)).to_owned())
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(codes.iter().filter(|code| *code == "SUCCESS").count(), 4, "{codes:?}");
    assert_eq!(kinds(&inquire(&sandbox, &made)).len(), 5);
}

#[test]
fn only_paid_orders_are_refunded_and_captured() {
    let sandbox = Sandbox::start();
    let running = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    sandbox.call(SUBMIT, &bank_submit(&running, "a"));
    let declined = sandbox.card(json!({}));
    sandbox.pay(&declined, "a", DECLINED);
    for made in [&running, &declined] {
        let id = inquire(&sandbox, made)["paymentId"].as_str().unwrap().to_owned();
        assert_eq!(code(&refund(&sandbox, "r", &id, 1)), "ORDER_STATUS_INVALID");
        assert_eq!(code(&capture(&sandbox, "c", &id, 1)), "ORDER_STATUS_INVALID");
    }
    let (_, id) = paid(&sandbox, json!({}));
    let by_itself = capture(&sandbox, "c", &id, 1);
    assert_eq!(code(&by_itself), "ORDER_STATUS_INVALID", "captured by itself");
    assert!(message(&by_itself).contains("captureMode"));
}

#[test]
fn captures_add_up_to_what_was_authorised() {
    let sandbox = Sandbox::start();
    let (made, id) = authorised(&sandbox);
    assert_eq!(kinds(&inquire(&sandbox, &made)), ["AUTHORIZATION SUCCESS 4200"]);
    let early = refund(&sandbox, "r0", &id, 1);
    assert_eq!(code(&early), "ORDER_STATUS_INVALID", "nothing was captured");

    let first = capture(&sandbox, "c1", &id, 1200);
    assert_eq!((code(&first), status(&first)), ("SUCCESS", "S"));
    assert_eq!(first["captureAmount"], myr(1200));
    assert_eq!(capture(&sandbox, "c1", &id, 1200), first);
    assert_eq!(code(&capture(&sandbox, "c1", &id, 1201)), "REPEAT_REQ_INCONSISTENT");
    let over = capture(&sandbox, "c2", &id, 3001);
    assert_eq!((code(&over), status(&over)), ("CAPTURE_AMOUNT_EXCEED", "F"));
    let other = json!({
        "captureRequestId": "c2", "paymentId": id,
        "captureAmount": { "currency": "USD", "value": "1" },
    });
    assert_eq!(code(&call(&sandbox, "capture", &other)), "CURRENCY_NOT_SUPPORT");

    // Only what was captured can go back.
    assert_eq!(code(&refund(&sandbox, "r1", &id, 1201)), "REFUND_AMOUNT_EXCEED");
    assert_eq!(code(&refund(&sandbox, "r1", &id, 200)), "SUCCESS");
    let second = capture(&sandbox, "c2", &id, 3000);
    assert_eq!(code(&second), "SUCCESS");
    assert_eq!(code(&capture(&sandbox, "c3", &id, 1)), "CAPTURE_AMOUNT_EXCEED");
    let of_first = |request: &str, units: u64| {
        call(
            &sandbox,
            "refund",
            &json!({
                "refundRequestId": request, "paymentId": id, "refundAmount": myr(units),
                "captureId": first["captureId"],
            }),
        )
    };
    assert_eq!(code(&of_first("r2", 1201)), "REFUND_AMOUNT_EXCEED");
    assert_eq!(code(&of_first("r2", 1200)), "SUCCESS");
    assert_eq!(
        kinds(&inquire(&sandbox, &made)),
        [
            "AUTHORIZATION SUCCESS 4200",
            "CAPTURE SUCCESS 1200",
            "REFUND SUCCESS 200",
            "CAPTURE SUCCESS 3000",
            "REFUND SUCCESS 1200",
        ]
    );
}

#[test]
fn a_session_is_retrieved() {
    let sandbox = Sandbox::start();
    let created = call(
        &sandbox,
        "createPaymentSession",
        &json!({
            "productCode": "CASHIER_PAYMENT",
            "paymentRequestId": "s-1",
            "order": {
                "referenceOrderId": "o-1",
                "orderDescription": "One thing",
                "orderAmount": myr(4200),
                "merchant": { "merchantName": "Ann's" },
            },
            "paymentAmount": myr(4200),
            "paymentMethod": { "paymentMethodType": "CARD" },
        }),
    );
    let order = json!({
        "referenceOrderId": "o-1",
        "orderDescription": "One thing",
        "orderAmount": myr(4200),
        "merchant": { "merchantDisplayName": "Ann's" },
    });
    for path in [
        "/ams/api/v1/payments/retrievePaymentSession",
        "/ams/sandbox/api/v1/payments/retrievePaymentSession",
        // As one official SDK has it.
        "/ams/api//v1/payments/retrievePaymentSession",
        "/ams/sandbox/api//v1/payments/retrievePaymentSession",
    ] {
        for by in [
            json!({ "paymentRequestId": "s-1" }),
            json!({ "payment_request_id": "s-1" }),
            json!({ "paymentSessionId": created["paymentSessionId"], "paymentRequestId": "x" }),
        ] {
            let found = sandbox.signed(DEMO_CLIENT, path, &by.to_string());
            assert_eq!(code(&found), "SUCCESS", "{path} {by}");
            assert_eq!(found["order"], order);
        }
    }
    let none = call(&sandbox, "retrievePaymentSession", &json!({ "paymentSessionId": "x" }));
    assert_eq!(code(&none), "ORDER_NOT_EXIST");
}

#[test]
fn an_order_closes_unpaid() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX", "closesInSeconds": 300 }));
    sandbox.call(SUBMIT, &bank_submit(&made, "a"));
    sandbox.app.clock.advance(Duration::from_secs(298));
    assert_eq!(inquire(&sandbox, &made)["paymentStatus"], "PROCESSING");
    sandbox.app.clock.advance(Duration::from_secs(3));
    let inquiry = inquire(&sandbox, &made);
    assert_eq!(inquiry["paymentStatus"], "FAIL");
    assert_eq!(inquiry["paymentResultCode"], "ORDER_IS_CLOSED");
}

//! Reading sessions and orders, and bad input, over the signed server API.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::Duration;

use kassa_protocol::client::Operation::Submit;
use kassa_sandbox::app::{DEMO_CLIENT, DEMO_PROD_CLIENT};
use serde_json::{Value, json};
use support::merchant::{PREFIXES, call, code, inquire, message, myr, paid, refund, status};
use support::{Sandbox, bank_submit};

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
fn refusals_name_the_wrong_member() {
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
    // Nothing was stored: the id is free, and the whole amount can be refunded.
    assert_eq!(code(&refund(&sandbox, "r", &payment, 4200)), "SUCCESS");
}

#[test]
fn sessions_have_a_capture_mode_and_a_notification_address() {
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
            "paymentNotifyUrl": "https://localhost/n?a=b",
            "paymentFactor": { "captureMode": "AUTOMATIC", "isAuthorization": true },
        }))),
        "SUCCESS"
    );
}

#[test]
fn orders_of_other_merchants_are_not_found() {
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
        // One official SDK spells it so.
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
fn an_unpaid_order_closes() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX", "closesInSeconds": 300 }));
    sandbox.call(Submit, &bank_submit(&made, "a"));
    sandbox.app.clock.advance(Duration::from_secs(298));
    assert_eq!(inquire(&sandbox, &made)["paymentStatus"], "PROCESSING");
    sandbox.app.clock.advance(Duration::from_secs(3));
    let inquiry = inquire(&sandbox, &made);
    assert_eq!(inquiry["paymentStatus"], "FAIL");
    assert_eq!(inquiry["paymentResultCode"], "ORDER_IS_CLOSED");
}

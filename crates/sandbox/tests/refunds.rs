//! Refunds and captures over the signed server API.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use kassa_protocol::client::Operation::Submit;
use serde_json::json;
use support::merchant::{
    authorised, call, capture, code, inquire, message, myr, paid, refund, status, transactions,
};
use support::{DECLINED, Sandbox, bank_submit};

#[test]
fn refunds_add_up_to_what_was_paid() {
    let sandbox = Sandbox::start();
    let (made, id) = paid(&sandbox, json!({}));
    let first = refund(&sandbox, "r1", &id, 1200);
    assert_eq!((code(&first), status(&first)), ("SUCCESS", "S"));
    assert_eq!(first["refundRequestId"], "r1");
    assert_eq!(first["paymentId"], id.as_str());
    assert_eq!(first["refundAmount"], myr(1200));
    assert_eq!(refund(&sandbox, "r1", &id, 1200), first, "a repeated request refunds once");
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
        transactions(&inquiry),
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
fn only_paid_orders_are_refunded_and_captured() {
    let sandbox = Sandbox::start();
    let running = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    sandbox.call(Submit, &bank_submit(&running, "a"));
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
    assert_eq!(transactions(&inquire(&sandbox, &made)), ["AUTHORIZATION SUCCESS 4200"]);
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

    // Only the captured amount can be refunded.
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
        transactions(&inquire(&sandbox, &made)),
        [
            "AUTHORIZATION SUCCESS 4200",
            "CAPTURE SUCCESS 1200",
            "REFUND SUCCESS 200",
            "CAPTURE SUCCESS 3000",
            "REFUND SUCCESS 1200",
        ]
    );
}

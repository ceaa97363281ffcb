//! Refunds and captures over the signed server API.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::Duration;

use kassa_protocol::client::Operation::Submit;
use kassa_sandbox::clock;
use serde_json::json;
use support::merchant::{
    authorised, call, capture, capture_with, code, inquire, message, myr, paid, refund, status,
    transactions,
};
use support::methods::notified;
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
        "refundRequestId": "r3", "paymentId": id,
        "refundAmount": { "currency": "USD", "value": "1" },
    });
    assert_eq!(code(&call(&sandbox, "refund", &other)), "CURRENCY_NOT_SUPPORT");
    assert_eq!(code(&refund(&sandbox, "r4", &id, 3000)), "SUCCESS");
    assert_eq!(code(&refund(&sandbox, "r5", &id, 1)), "REFUND_AMOUNT_EXCEED");
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
        code(&call(&sandbox, "inquiryRefund", &json!({ "refundRequestId": "r6" }))),
        "REFUND_NOT_EXIST"
    );
}

#[test]
fn what_failed_stays_failed() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    sandbox.call(Submit, &bank_submit(&made, "a"));
    let id = inquire(&sandbox, &made)["paymentId"].as_str().unwrap().to_owned();
    let early = refund(&sandbox, "r1", &id, 100);
    assert_eq!(code(&early), "ORDER_STATUS_INVALID");
    assert_eq!(sandbox.decide(&made, &[("decision", "approve")]), 200);
    assert_eq!(refund(&sandbox, "r1", &id, 100), early, "it was not paid then");
    assert_eq!(code(&refund(&sandbox, "r1", &id, 101)), "REPEAT_REQ_INCONSISTENT");
    let over = refund(&sandbox, "r2", &id, 1_000_000);
    assert_eq!(code(&refund(&sandbox, "r3", &id, 1)), "SUCCESS");
    assert_eq!(refund(&sandbox, "r2", &id, 1_000_000), over, "to the letter");
    let found = call(&sandbox, "inquiryRefund", &json!({ "refundRequestId": "r2" }));
    assert_eq!((code(&found), &found["refundStatus"]), ("SUCCESS", &json!("FAIL")));
    assert_eq!((&found["refundAmount"], found.get("refundTime")), (&myr(1_000_000), None));
    assert_eq!(transactions(&inquire(&sandbox, &made)).len(), 2, "a failure moves no money");
    let kinds: Vec<String> = notified(&sandbox, &made).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["PAYMENT_RESULT", "REFUND_RESULT"]);

    let (_, held) = authorised(&sandbox);
    let over = capture(&sandbox, "c1", &held, 4201);
    assert_eq!(code(&over), "CAPTURE_AMOUNT_EXCEED");
    assert_eq!(code(&capture(&sandbox, "c2", &held, 1)), "SUCCESS");
    assert_eq!(capture(&sandbox, "c1", &held, 4201), over);
    assert_eq!(code(&capture(&sandbox, "c1", &held, 1)), "REPEAT_REQ_INCONSISTENT");
    // A malformed request was none.
    assert_eq!(code(&capture(&sandbox, "c3", &held, 0)), "PARAM_ILLEGAL");
    assert_eq!(code(&capture(&sandbox, "c3", &held, 1)), "SUCCESS");
}

#[test]
fn the_last_capture_closes_the_authorisation() {
    let sandbox = Sandbox::start();
    for (n, (body, is_last)) in [
        (json!({}), true),
        (json!({ "captureType": "FINAL" }), true),
        (json!({ "captureType": "NON_FINAL" }), false),
        (json!({ "isLastCapture": true }), true),
        (json!({ "isLastCapture": "true" }), true),
        (json!({ "isLastCapture": "false" }), false),
        (json!({ "captureType": "NON_FINAL", "isLastCapture": true }), true),
        (json!({ "captureType": "FINAL", "isLastCapture": false }), true),
    ]
    .into_iter()
    .enumerate()
    {
        let (made, id) = authorised(&sandbox);
        let paid_at = clock::parse_iso(inquire(&sandbox, &made)["paymentTime"].as_str().unwrap());
        let until = clock::iso(paid_at.unwrap() + 7 * 24 * 3_600_000);
        assert_eq!(inquire(&sandbox, &made)["authExpiryTime"], until);
        let taken = capture_with(&sandbox, &format!("a{n}"), &id, 1200, body.clone());
        assert_eq!(code(&taken), "SUCCESS", "{body}");
        let inquiry = inquire(&sandbox, &made);
        let next = capture(&sandbox, &format!("b{n}"), &id, 1);
        let mut expected = vec!["AUTHORIZATION SUCCESS 4200", "CAPTURE SUCCESS 1200"];
        if is_last {
            expected.push("VOID SUCCESS 3000");
            assert_eq!((code(&next), status(&next)), ("ORDER_STATUS_INVALID", "F"), "{body}");
            assert!(inquiry.get("authExpiryTime").is_none(), "{body}");
        } else {
            assert_eq!(code(&next), "SUCCESS", "{body}");
            assert_eq!(inquiry["authExpiryTime"], until, "{body}");
        }
        assert_eq!(transactions(&inquiry), expected, "{body}");
    }
    let (_, id) = authorised(&sandbox);
    for body in [json!({ "captureType": "LAST" }), json!({ "isLastCapture": "perhaps" })] {
        let answer = capture_with(&sandbox, "c", &id, 1200, body);
        assert_eq!(code(&answer), "PARAM_ILLEGAL");
    }
}

#[test]
fn money_is_held_for_seven_days() {
    let sandbox = Sandbox::start();
    let (made, id) = authorised(&sandbox);
    assert_eq!(code(&capture(&sandbox, "c1", &id, 1200)), "SUCCESS");
    sandbox.app.clock.advance(Duration::from_secs(7 * 24 * 3600));
    let late = capture(&sandbox, "c2", &id, 1);
    assert_eq!(code(&late), "ORDER_STATUS_INVALID");
    assert!(message(&late).contains("held until"), "{}", message(&late));
    let inquiry = inquire(&sandbox, &made);
    assert!(inquiry.get("authExpiryTime").is_none());
    let released = ["AUTHORIZATION SUCCESS 4200", "CAPTURE SUCCESS 1200", "VOID SUCCESS 3000"];
    assert_eq!(transactions(&inquiry), released);
    assert_eq!(code(&refund(&sandbox, "r", &id, 1200)), "SUCCESS", "what was captured");
    let everything = capture(&sandbox, "c3", &authorised(&sandbox).1, 4200);
    assert_eq!(code(&everything), "SUCCESS");
}

#[test]
fn only_paid_orders_are_refunded_and_captured() {
    let sandbox = Sandbox::start();
    let running = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    sandbox.call(Submit, &bank_submit(&running, "a"));
    let declined = sandbox.card(json!({}));
    sandbox.pay(&declined, "a", DECLINED);
    for (n, made) in [&running, &declined].into_iter().enumerate() {
        let id = inquire(&sandbox, made)["paymentId"].as_str().unwrap().to_owned();
        assert_eq!(code(&refund(&sandbox, &format!("r{n}"), &id, 1)), "ORDER_STATUS_INVALID");
        assert_eq!(code(&capture(&sandbox, &format!("c{n}"), &id, 1)), "ORDER_STATUS_INVALID");
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
        "captureRequestId": "c3", "paymentId": id,
        "captureAmount": { "currency": "USD", "value": "1" },
    });
    assert_eq!(code(&call(&sandbox, "capture", &other)), "CURRENCY_NOT_SUPPORT");

    // Only the captured amount can be refunded.
    assert_eq!(code(&refund(&sandbox, "r1", &id, 1201)), "REFUND_AMOUNT_EXCEED");
    assert_eq!(code(&refund(&sandbox, "r2", &id, 200)), "SUCCESS");
    let second = capture(&sandbox, "c4", &id, 3000);
    assert_eq!(code(&second), "SUCCESS");
    assert_eq!(code(&capture(&sandbox, "c5", &id, 1)), "CAPTURE_AMOUNT_EXCEED");
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
    assert_eq!(code(&of_first("r3", 1201)), "REFUND_AMOUNT_EXCEED");
    assert_eq!(code(&of_first("r4", 1200)), "SUCCESS");
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

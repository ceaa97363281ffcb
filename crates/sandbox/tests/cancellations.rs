//! Cancelling over the signed server API.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::Duration;

use kassa_protocol::client::Operation::Submit;
use serde_json::json;
use support::merchant::{
    authorised, call, capture, code, inquire, paid, refund, status, transactions,
};
use support::{DECLINED, GOOD, Sandbox, bank_submit, card_submit};

#[test]
fn a_session_is_cancelled_before_it_is_paid() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    let token = sandbox.token(&made, GOOD);
    let by_request = json!({ "paymentRequestId": made.request_id });
    let first = call(&sandbox, "cancel", &by_request);
    assert_eq!((code(&first), status(&first)), ("SUCCESS", "S"));
    assert_eq!(first["paymentRequestId"], made.request_id.as_str());
    assert!(first.get("paymentId").is_none());
    sandbox.app.clock.advance(Duration::from_secs(60));
    assert_eq!(call(&sandbox, "cancel", &by_request), first, "a repeated call has the same answer");

    for answer in [
        sandbox.query(&made),
        sandbox.inquire(&made),
        sandbox.call(Submit, &card_submit(&made, "a", &token)),
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
    let begun = sandbox.call(Submit, &bank_submit(&made, "a"));
    let id = inquire(&sandbox, &made)["paymentId"].clone();
    let answer = call(&sandbox, "cancel", &json!({ "paymentId": id }));
    assert_eq!(code(&answer), "SUCCESS");
    assert_eq!(answer["paymentId"], id);
    let inquiry = inquire(&sandbox, &made);
    assert_eq!(inquiry["paymentStatus"], "CANCELLED");
    assert!(inquiry.get("paymentTime").is_none());
    assert!(inquiry.get("redirectActionForm").is_none());
    assert_eq!(transactions(&inquiry), ["PAYMENT CANCELLED 4200", "CANCEL SUCCESS 4200"]);
    // The bank's page decides nothing any more.
    let bank = begun["normalUrl"].as_str().unwrap();
    sandbox.agent.post(bank).send_form([("decision", "approve")]).unwrap();
    assert_eq!(inquire(&sandbox, &made)["paymentStatus"], "CANCELLED");
    assert_eq!(sandbox.query(&made)["paymentStatus"], "CANCELLED");
    let again = sandbox.call(Submit, &bank_submit(&made, "b"));
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
    assert_eq!(transactions(&inquiry), ["PAYMENT FAIL 4200"]);
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
    assert_eq!(transactions(&inquiry), ["PAYMENT SUCCESS 4200", "CANCEL SUCCESS 4200"]);
    assert_eq!(code(&refund(&sandbox, "r", &id, 1)), "ORDER_IS_CANCELLED");

    // 24 h 15 min later it is past 00:15 of the next day, wherever the day began.
    sandbox.app.clock.advance(Duration::from_secs(24 * 3600 + 15 * 60 + 1));
    let refused = call(&sandbox, "cancel", &json!({ "paymentId": late_id }));
    assert_eq!(code(&refused), "CANCEL_WINDOW_EXCEED");
    assert_eq!(inquire(&sandbox, &late)["paymentStatus"], "SUCCESS");
    assert_eq!(code(&call(&sandbox, "cancel", &json!({ "paymentId": id }))), "SUCCESS");
}

#[test]
fn a_refunded_or_captured_payment_is_not_cancelled() {
    let sandbox = Sandbox::start();
    let (_, refunded) = paid(&sandbox, json!({}));
    assert_eq!(code(&refund(&sandbox, "r", &refunded, 1)), "SUCCESS");
    assert_eq!(code(&call(&sandbox, "cancel", &json!({ "paymentId": refunded }))), "PROCESS_FAIL");
    let (_, captured) = authorised(&sandbox);
    assert_eq!(code(&capture(&sandbox, "c", &captured, 1)), "SUCCESS");
    assert_eq!(code(&call(&sandbox, "cancel", &json!({ "paymentId": captured }))), "PROCESS_FAIL");

    // An authorisation can be cancelled for seven days.
    let (made, held) = authorised(&sandbox);
    let (_, too_late) = authorised(&sandbox);
    sandbox.app.clock.advance(Duration::from_secs(6 * 24 * 3600));
    assert_eq!(code(&call(&sandbox, "cancel", &json!({ "paymentId": held }))), "SUCCESS");
    assert_eq!(
        transactions(&inquire(&sandbox, &made)),
        ["AUTHORIZATION SUCCESS 4200", "VOID SUCCESS 4200"]
    );
    assert_eq!(code(&capture(&sandbox, "c2", &held, 1)), "ORDER_IS_CANCELLED");
    sandbox.app.clock.advance(Duration::from_secs(24 * 3600 + 1));
    let refused = call(&sandbox, "cancel", &json!({ "paymentId": too_late }));
    assert_eq!(code(&refused), "CANCEL_WINDOW_EXCEED");
}

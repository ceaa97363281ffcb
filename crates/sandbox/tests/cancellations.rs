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
use support::methods::{notified, session, submit};
use support::{DECLINED, GOOD, Made, Sandbox, bank_submit, card_submit};

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

/// Pays a code of PromptPay, whose bank does not check whether the order is still open.
fn scan(sandbox: &Sandbox, key: &str) {
    let url = format!("{}/sim/{key}", sandbox.gateway);
    let page = sandbox.agent.post(url).send_form([("decision", "approve")]).unwrap();
    assert_eq!(page.status(), 200);
}

fn notified_types(sandbox: &Sandbox, made: &Made) -> Vec<String> {
    notified(sandbox, made).into_iter().map(|(kind, code)| format!("{kind} {code}")).collect()
}

#[test]
fn money_for_a_cancelled_code_is_refunded_and_told() {
    let sandbox = Sandbox::start();
    // The order was closed before it was cancelled, or cancelled while the code was valid.
    for is_closed in [true, false] {
        let made = session(&sandbox, "PROMPTPAY", json!({ "closesIn": 60 }));
        sandbox.call(Submit, &submit(&made, "PROMPTPAY", "WEB", json!({})));
        let key = sandbox.key(&made);
        let (first, start) = if is_closed {
            sandbox.app.clock.advance(Duration::from_secs(61));
            ("PAYMENT_RESULT ORDER_IS_CLOSED", vec!["PAYMENT FAIL 4200"])
        } else {
            let cancelled = vec!["PAYMENT CANCELLED 4200", "CANCEL SUCCESS 4200"];
            ("PAYMENT_RESULT ORDER_IS_CANCELLED", cancelled)
        };
        let cancel = json!({ "paymentRequestId": made.request_id });
        let cancelled = call(&sandbox, "cancel", &cancel);
        assert_eq!(code(&cancelled), "SUCCESS");
        let before = inquire(&sandbox, &made);
        assert_eq!(transactions(&before), start);
        assert_eq!(notified_types(&sandbox, &made), [first]);

        // A code is paid once, however often its page is used.
        for _ in 0..2 {
            scan(&sandbox, &key);
        }
        let after = inquire(&sandbox, &made);
        for answer in [&after, &sandbox.inquire(&made), &sandbox.query(&made)] {
            assert_eq!(answer["paymentStatus"], "CANCELLED", "{answer}");
            assert_eq!(answer["paymentResultCode"], "ORDER_IS_CANCELLED");
        }
        assert!(after.get("paymentTime").is_none());
        let moved = [start, vec!["PAYMENT SUCCESS 4200", "REFUND SUCCESS 4200"]].concat();
        assert_eq!(transactions(&after), moved);
        assert_eq!(notified_types(&sandbox, &made), [first, "REFUND_RESULT SUCCESS"]);
        assert_eq!(call(&sandbox, "cancel", &cancel), cancelled, "the answer stays");

        // The refund can be inquired, and not made again by the merchant.
        let id = after["paymentId"].as_str().unwrap();
        let known = call(&sandbox, "inquiryRefund", &json!({ "refundRequestId": id }));
        assert_eq!((code(&known), &known["refundStatus"]), ("SUCCESS", &json!("SUCCESS")));
        assert_eq!(known["paymentId"], id);
        assert_eq!(known["refundAmount"]["value"], "4200");
        assert_ne!(code(&refund(&sandbox, "again", id, 1)), "SUCCESS");
        assert_eq!(code(&refund(&sandbox, id, id, 1)), "REPEAT_REQ_INCONSISTENT");
    }
}

#[test]
fn late_money_goes_back_also_when_the_merchant_used_the_id_of_its_refund() {
    let sandbox = Sandbox::start();
    let made = session(&sandbox, "PROMPTPAY", json!({ "closesIn": 60 }));
    sandbox.call(Submit, &submit(&made, "PROMPTPAY", "WEB", json!({})));
    let key = sandbox.key(&made);
    let id = inquire(&sandbox, &made)["paymentId"].as_str().unwrap().to_owned();
    assert_eq!(code(&refund(&sandbox, &id, &id, 1)), "ORDER_STATUS_INVALID");
    let cancel = json!({ "paymentRequestId": made.request_id });
    assert_eq!(code(&call(&sandbox, "cancel", &cancel)), "SUCCESS");
    scan(&sandbox, &key);
    let moved = transactions(&inquire(&sandbox, &made));
    assert_eq!(moved.last().map(String::as_str), Some("REFUND SUCCESS 4200"), "{moved:?}");
    assert_eq!(code(&refund(&sandbox, &id, &id, 1)), "ORDER_STATUS_INVALID", "it stays failed");
}

/// What nobody cancelled stays as it was: late money is kept. What was paid before it was cancelled is
/// not paid again.
#[test]
fn only_late_money_of_cancelled_orders_goes_back() {
    let sandbox = Sandbox::start();
    let begin = |method: &str| {
        let made = session(&sandbox, method, json!({ "closesIn": 60 }));
        sandbox.call(Submit, &submit(&made, method, "WEB", json!({})));
        (sandbox.key(&made), made)
    };
    let (key, paid) = begin("PROMPTPAY");
    scan(&sandbox, &key);
    let cancel = json!({ "paymentRequestId": paid.request_id });
    assert_eq!(code(&call(&sandbox, "cancel", &cancel)), "SUCCESS");
    scan(&sandbox, &key);
    let expected = ["PAYMENT SUCCESS 4200", "CANCEL SUCCESS 4200"];
    assert_eq!(transactions(&inquire(&sandbox, &paid)), expected);

    // A wallet checks the order before it pays.
    let (key, wallet) = begin("ALIPAY_CN");
    let cancel = json!({ "paymentRequestId": wallet.request_id });
    assert_eq!(code(&call(&sandbox, "cancel", &cancel)), "SUCCESS");
    scan(&sandbox, &key);
    let state = inquire(&sandbox, &wallet);
    assert_eq!(transactions(&state).len(), 2, "{state}");
    assert_eq!(state["paymentStatus"], "CANCELLED");
}

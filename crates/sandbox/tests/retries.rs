//! Several attempts at one order: one payment and one result for the merchant.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::Duration;

use kassa_protocol::client::Operation::Submit;
use serde_json::{Value, json};
use support::merchant::{call, code, inquire, refund, transactions};
use support::methods::notified;
use support::{DECLINED, GOOD, Made, Sandbox, bank_submit, until};

/// The results that the merchant was notified of.
fn results(sandbox: &Sandbox, made: &Made) -> Vec<String> {
    let all = notified(sandbox, made);
    all.into_iter().filter(|(kind, _)| kind == "PAYMENT_RESULT").map(|(_, code)| code).collect()
}

fn payment_id(sandbox: &Sandbox, made: &Made) -> String {
    inquire(sandbox, made)["paymentId"].as_str().unwrap().to_owned()
}

#[test]
fn a_declined_card_and_a_good_one_are_one_payment() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    assert_eq!(sandbox.pay(&made, "a", DECLINED)["paymentStatus"], "FAIL");
    let id = payment_id(&sandbox, &made);
    assert!(results(&sandbox, &made).is_empty(), "the buyer may try again");
    assert_eq!(sandbox.pay(&made, "b", GOOD)["paymentStatus"], "SUCCESS");
    // An attempt that is repeated keeps its own answer, and changes nothing.
    assert_eq!(sandbox.pay(&made, "a", GOOD)["paymentStatus"], "FAIL");
    assert_eq!(payment_id(&sandbox, &made), id);
    for by in [json!({ "paymentId": id }), json!({ "paymentRequestId": made.request_id })] {
        let inquiry = call(&sandbox, "inquiryPayment", &by);
        assert_eq!(
            (&inquiry["paymentId"], &inquiry["paymentStatus"]),
            (&json!(id), &json!("SUCCESS"))
        );
        assert_eq!(transactions(&inquiry), ["PAYMENT FAIL 4200", "PAYMENT SUCCESS 4200"]);
    }
    assert_eq!(code(&refund(&sandbox, "r", &id, 4200)), "SUCCESS");
    let moved = ["PAYMENT FAIL 4200", "PAYMENT SUCCESS 4200", "REFUND SUCCESS 4200"];
    assert_eq!(transactions(&inquire(&sandbox, &made)), moved);
    sandbox.app.clock.advance(Duration::from_secs(2 * 3600));
    assert_eq!(inquire(&sandbox, &made)["paymentStatus"], "SUCCESS");
    assert_eq!(results(&sandbox, &made), ["SUCCESS"]);
}

#[test]
fn a_failure_is_the_result_once_nobody_can_try_again() {
    let sandbox = Sandbox::start();
    // The session expires, the order closes, or the merchant cancels.
    let expiring = sandbox.session(json!({ "expiresInSeconds": 300 }));
    let closing = sandbox.session(json!({ "closesInSeconds": 300 }));
    let cancelled = sandbox.card(json!({}));
    for made in [&expiring, &closing, &cancelled] {
        sandbox.pay(made, "a", DECLINED);
        sandbox.pay(made, "b", DECLINED);
        assert!(results(&sandbox, made).is_empty());
    }
    let cancel = json!({ "paymentRequestId": cancelled.request_id });
    assert_eq!(code(&call(&sandbox, "cancel", &cancel)), "SUCCESS");
    assert_eq!(results(&sandbox, &cancelled), ["ORDER_IS_CANCELLED"]);
    sandbox.app.clock.advance(Duration::from_secs(290));
    assert!(results(&sandbox, &closing).is_empty());
    sandbox.app.clock.advance(Duration::from_secs(11));
    // Without a call: the worker finds out.
    for (made, result) in [(&expiring, "ISSUER_REJECTS_TRANSACTION"), (&closing, "ORDER_IS_CLOSED")]
    {
        until(result, || !results(&sandbox, made).is_empty());
        assert_eq!(inquire(&sandbox, made)["paymentResultCode"], result);
    }
    let again = sandbox.pay(&closing, "c", GOOD);
    assert_eq!(again["paymentResultCode"], "ORDER_IS_CLOSED");
    sandbox.app.clock.advance(Duration::from_secs(2 * 3600));
    for (made, result) in [
        (&expiring, "ISSUER_REJECTS_TRANSACTION"),
        (&closing, "ORDER_IS_CLOSED"),
        (&cancelled, "ORDER_IS_CANCELLED"),
    ] {
        inquire(&sandbox, made);
        assert_eq!(results(&sandbox, made), [result]);
    }
}

#[test]
fn every_other_method_has_one_result_too() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    let decide = |attempt: &str, decision: &str| {
        sandbox.call(Submit, &bank_submit(&made, attempt));
        sandbox.decide(&made, &[("decision", decision)]);
        payment_id(&sandbox, &made)
    };
    let first = decide("a", "decline");
    assert_eq!(inquire(&sandbox, &made)["paymentStatus"], "FAIL");
    assert_eq!(decide("b", "decline"), first);
    assert_eq!(decide("c", "approve"), first);
    assert_eq!(results(&sandbox, &made), ["SUCCESS"]);
    // A code that ends the session is a result at once.
    let ended = sandbox.card(json!({ "result": "SUSPECTED_RISK" }));
    sandbox.pay(&ended, "a", GOOD);
    assert_eq!(results(&sandbox, &ended), ["SUSPECTED_RISK"]);
    let cancel = json!({ "paymentRequestId": ended.request_id });
    assert_eq!(code(&call(&sandbox, "cancel", &cancel)), "SUCCESS");
    assert_eq!(results(&sandbox, &ended), ["SUSPECTED_RISK"]);
}

#[test]
fn the_page_sees_the_last_attempt() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    sandbox.pay(&made, "a", DECLINED);
    let state: Value = sandbox.query(&made);
    assert_eq!((&state["paymentStatus"], &state["attemptId"]), (&json!("FAIL"), &json!("a")));
    sandbox.pay(&made, "b", GOOD);
    let state: Value = sandbox.query(&made);
    assert_eq!((&state["paymentStatus"], &state["attemptId"]), (&json!("SUCCESS"), &json!("b")));
}

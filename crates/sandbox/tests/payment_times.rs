//! Payments that time changes: orders that close, debits that take days, codes that are paid late.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::Duration;

use kassa_protocol::client::Operation::Submit;
use serde_json::{Value, json};
use support::methods::{elements, fill, later, leaves, notified, session, submit};
use support::{Made, Sandbox};

const DECLINED: &str = "USER_PAYMENT_VERIFICATION_FAILED";

/// As is published of PromptPay: the bank has read the code and does not check whether it is valid.
#[test]
fn money_for_a_real_time_code_may_come_after_the_order_was_closed() {
    let sandbox = Sandbox::start();
    let begin = |kind: &str| {
        let made = session(&sandbox, kind, json!({ "closesIn": 60 }));
        sandbox.call(Submit, &submit(&made, kind, "WEB", json!({})));
        (sandbox.key(&made), made)
    };
    let pay = |key: &str| {
        let url = format!("{}/sim/{key}", sandbox.gateway);
        sandbox.agent.post(url).send_form([("decision", "approve")]).unwrap();
    };
    let (key, made) = begin("PROMPTPAY");
    let (other_key, other) = begin("ALIPAY_CN");
    sandbox.app.clock.advance(Duration::from_secs(61));
    assert_eq!(sandbox.inquire(&made)["paymentResultCode"], "ORDER_IS_CLOSED");
    pay(&key);
    pay(&other_key);
    assert_eq!(sandbox.inquire(&made)["paymentStatus"], "SUCCESS");
    assert_eq!(
        sandbox.inquire(&other)["paymentResultCode"],
        "ORDER_IS_CLOSED",
        "a wallet checks the order"
    );
}

#[test]
fn orders_close_when_their_time_is_over() {
    let sandbox = Sandbox::start();
    let start = |kind: &str, scenario: Value, factors: Value| {
        let made = session(&sandbox, kind, scenario);
        let state = sandbox.call(Submit, &submit(&made, kind, "WEB", factors));
        assert_eq!(state["success"], true, "{state}");
        made
    };
    let ended = |made: &Made| {
        let state = sandbox.inquire(made);
        (state["paymentStatus"].clone(), state["paymentResultCode"].clone())
    };
    let closed = (json!("FAIL"), json!("ORDER_IS_CLOSED"));
    let open = (json!("PROCESSING"), json!("PAYMENT_IN_PROCESS"));
    let not_approved = (json!("FAIL"), json!(DECLINED));

    let gcash = start("GCASH", json!({}), json!({}));
    let by_scenario = start("GCASH", json!({ "closesIn": 60 }), json!({}));
    let code = start("GCASH", json!({ "codeExpiresIn": 60 }), json!({}));
    let both = start("GCASH", json!({ "codeExpiresIn": 60, "closesIn": 600 }), json!({}));
    let blik = start("BLIK", json!({}), json!({ "blikCode": "123456" }));
    let early = sandbox.session(json!({ "method": "GCASH", "closesInSeconds": 60 }));
    sandbox.call(Submit, &submit(&early, "GCASH", "WEB", json!({})));
    let approved = start("GCASH", json!({ "pendingFor": 3_600_000 }), json!({}));
    assert_eq!(sandbox.decide(&approved, &[("decision", "approve")]), 200);
    let konbini = json!({ "firstName": "A", "lastName": "B", "email": "a@b.example", "phone": "+819012345678" });
    let konbini = start("KONBINI", json!({}), konbini);
    let key = sandbox.key(&by_scenario);

    sandbox.app.clock.advance(Duration::from_secs(61));
    assert_eq!(ended(&gcash), open);
    assert_eq!(
        (ended(&by_scenario), ended(&code), ended(&early)),
        (closed.clone(), closed.clone(), closed.clone())
    );
    assert_eq!(ended(&both), open, "the code is over, the order is not");
    let state = sandbox.inquire(&both);
    assert!(!later(&state, &state["codeFormViews"][0]["codeExpireTime"]));
    // The wallet refuses it as well.
    let url = format!("{}/sim/{key}", sandbox.gateway);
    sandbox.agent.post(url).send_form([("decision", "approve")]).unwrap();
    assert_eq!(ended(&by_scenario), closed);
    // A closed order is not paid again in the same session.
    let mut again = submit(&by_scenario, "GCASH", "WEB", json!({}));
    again["extParams"]["attemptId"] = json!("second");
    assert_eq!(sandbox.call(Submit, &again)["paymentResultCode"], "ORDER_IS_CLOSED");

    sandbox.app.clock.advance(Duration::from_secs(60));
    assert_eq!(ended(&blik), not_approved, "no approval within two minutes");
    let mut again = submit(&blik, "BLIK", "WEB", json!({ "blikCode": "654321" }));
    again["extParams"]["attemptId"] = json!("second");
    assert_eq!(
        sandbox.call(Submit, &again)["paymentStatus"],
        "PROCESSING",
        "a new code, a new try"
    );

    sandbox.app.clock.advance(Duration::from_secs(720));
    assert_eq!(ended(&gcash), closed);
    assert_eq!(ended(&approved), open, "the buyer did their part");
    sandbox.app.clock.advance(Duration::from_secs(3600));
    assert_eq!(ended(&approved).0, "SUCCESS");

    // The code expires an hour before the order closes.
    let state = sandbox.inquire(&konbini);
    let shown: i64 = state["codeFormViews"][0]["codeExpireTime"].as_str().unwrap().parse().unwrap();
    sandbox.app.clock.advance(Duration::from_millis(
        u64::try_from(shown - sandbox.app.clock.now()).unwrap() + 1000,
    ));
    assert_eq!(ended(&konbini).0, "PENDING");
    sandbox.app.clock.advance(Duration::from_secs(3600));
    assert_eq!(ended(&konbini), closed);
}

#[test]
fn direct_debits_take_days() {
    let sandbox = Sandbox::start();
    let kind = "ACH_DIRECT_DEBIT";
    let made = session(&sandbox, kind, json!({}));
    let elements = elements(&sandbox.query(&made));
    let factors = fill(&leaves(&elements));
    let state = sandbox.call(Submit, &submit(&made, kind, "WEB", json!(factors)));
    assert_eq!(state["paymentStatus"], "PROCESSING");
    sandbox.decide(&made, &[("decision", "approve")]);
    let state = sandbox.inquire(&made);
    assert_eq!(state["paymentStatus"], "PENDING");
    assert!(state.get("normalUrl").is_none(), "the buyer's part is complete");
    sandbox.app.clock.advance(Duration::from_secs(2 * 86_400));
    assert_eq!(sandbox.inquire(&made)["paymentStatus"], "PENDING");
    sandbox.app.clock.advance(Duration::from_secs(86_400));
    assert_eq!(sandbox.inquire(&made)["paymentStatus"], "SUCCESS");
}

#[test]
fn pending_payments_and_their_results_are_notified() {
    let sandbox = Sandbox::start();
    let pair = |kind: &str, code: &str| (kind.to_owned(), code.to_owned());
    let pending = pair("PAYMENT_PENDING", "SUCCESS");
    let made = session(&sandbox, "BANKTRANSFER_BNI", json!({}));
    sandbox.call(Submit, &submit(&made, "BANKTRANSFER_BNI", "WEB", json!({})));
    assert_eq!(notified(&sandbox, &made), std::slice::from_ref(&pending));
    sandbox.decide(&made, &[("decision", "approve")]);
    assert_eq!(notified(&sandbox, &made), [pending.clone(), pair("PAYMENT_RESULT", "SUCCESS")]);

    let debit = session(&sandbox, "DIRECTDEBIT_YAPILY", json!({}));
    let elements = elements(&sandbox.query(&debit));
    let factors = json!(fill(&leaves(&elements)));
    sandbox.call(Submit, &submit(&debit, "DIRECTDEBIT_YAPILY", "WEB", factors));
    assert!(notified(&sandbox, &debit).is_empty());
    sandbox.decide(&debit, &[("decision", "approve")]);
    assert_eq!(notified(&sandbox, &debit), [pending]);

    // Without any call: an order that closed, and an approval by the scenario.
    let alone = session(&sandbox, "GCASH", json!({ "approvesIn": 30 }));
    let late = session(&sandbox, "GCASH", json!({ "closesIn": 30 }));
    for made in [&alone, &late] {
        sandbox.call(Submit, &submit(made, "GCASH", "WEB", json!({})));
    }
    sandbox.app.clock.advance(Duration::from_secs(30));
    for (made, code) in [(&alone, "SUCCESS"), (&late, "ORDER_IS_CLOSED")] {
        support::until(code, || notified(&sandbox, made) == [pair("PAYMENT_RESULT", code)]);
    }
}

//! The simulators, over real HTTP.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::Duration;

use kassa_protocol::client::Operation::Submit;
use serde_json::{Value, json};
use support::methods::{session, submit};
use support::{Made, Sandbox};

#[test]
fn simulators_support_slow_approval_and_leaving() {
    let sandbox = Sandbox::start();
    let start = |scenario: Value| {
        let made = session(&sandbox, "TNG", scenario);
        sandbox.call(Submit, &submit(&made, "TNG", "WEB", json!({})));
        made
    };
    let status = |made: &Made| sandbox.inquire(made)["paymentStatus"].clone();
    let slow = start(json!({}));
    assert_eq!(sandbox.decide(&slow, &[("decision", "slow"), ("seconds", "30")]), 200);
    assert_eq!(status(&slow), "PROCESSING");
    assert!(sandbox.inquire(&slow).get("codeFormViews").is_none());
    assert!(sandbox.under_way(&slow).unwrap()["page"].is_null());
    sandbox.app.clock.advance(Duration::from_secs(30));
    assert_eq!(status(&slow), "SUCCESS");

    for decision in ["leave", "vanish"] {
        let made = start(json!({}));
        assert_eq!(sandbox.decide(&made, &[("decision", decision)]), 200);
        assert_eq!(status(&made), "PROCESSING");
        assert_eq!(sandbox.decide(&made, &[("decision", "approve")]), 200, "they may come back");
        assert_eq!(status(&made), "SUCCESS");
    }

    let alone = start(json!({ "approvesIn": 20 }));
    assert_eq!(status(&alone), "PROCESSING");
    sandbox.app.clock.advance(Duration::from_secs(20));
    assert_eq!(status(&alone), "SUCCESS", "nobody had to press anything");
    let never = start(json!({ "approvesIn": 20, "closesIn": 10 }));
    sandbox.app.clock.advance(Duration::from_secs(30));
    assert_eq!(sandbox.inquire(&never)["paymentResultCode"], "ORDER_IS_CLOSED");

    let made = start(json!({}));
    for form in [
        &[("decision", "rob")][..],
        &[("decision", "slow"), ("seconds", "soon")],
        &[("decision", "decline"), ("code", "SUCCESS")],
        &[("decision", "decline"), ("code", "<b>")],
        &[],
    ] {
        assert_eq!(sandbox.decide(&made, form), 400, "{form:?}");
    }
    assert_eq!(status(&made), "PROCESSING");
}

#[test]
fn a_buyer_can_fail_with_any_code() {
    let sandbox = Sandbox::start();
    let codes = kassa_core::results::TABLE.iter().map(|row| row.code);
    for code in codes.filter(|code| *code != "PAYMENT_IN_PROCESS").chain(["FROM_THE_FUTURE_9"]) {
        let made = session(&sandbox, "TNG", json!({}));
        sandbox.call(Submit, &submit(&made, "TNG", "WEB", json!({})));
        assert_eq!(sandbox.decide(&made, &[("decision", "decline"), ("code", code)]), 200);
        let state = sandbox.inquire(&made);
        assert_eq!(
            (&state["paymentStatus"], &state["paymentResultCode"]),
            (&json!("FAIL"), &json!(code))
        );
    }
}

#[test]
fn the_list_answers_requests_of_this_machine_only() {
    let sandbox = Sandbox::start();
    let made = session(&sandbox, "BIZUM", json!({}));
    sandbox.call(Submit, &submit(&made, "BIZUM", "WAP", json!({ "phone": "+34600112233" })));
    let url = format!("{}/simulators", sandbox.gateway);
    let ask = |host: &str| sandbox.agent.get(&url).header("host", host).call().unwrap();
    let mut page = ask("127.0.0.1:4311");
    assert_eq!(page.status(), 200);
    let text = page.body_mut().read_to_string().unwrap();
    assert!(text.contains("push&#x2f;") && text.contains("EUR 42.00 by Bizum"), "{text}");
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
    assert_eq!(ask("sandbox.evil.example").status(), 403);
    let (entry, key) = (sandbox.under_way(&made).unwrap(), sandbox.key(&made));
    assert_eq!(entry["page"], format!("/push/{key}"));
    assert_eq!(entry["paymentMethodType"], "BIZUM");
    // Only the issuer's page has a script or may be framed.
    for place in ["bank", "wallet", "app", "push", "scan", "sim"] {
        let page = sandbox.agent.get(format!("{}/{place}/{key}", sandbox.gateway)).call().unwrap();
        assert_eq!(page.status(), 200, "{place}");
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'none'"), "{policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        let missing = sandbox.agent.get(format!("{}/{place}/x", sandbox.gateway)).call().unwrap();
        assert_eq!(missing.status(), 404, "{place}");
    }
    let nothing = sandbox.agent.get(format!("{}/scan?code=123", sandbox.gateway)).call().unwrap();
    assert_eq!(nothing.status(), 404);
    let style =
        sandbox.agent.get(format!("{}/sim/assets/sim.css", sandbox.gateway)).call().unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    let html = sandbox.agent.get(format!("{}/sim/assets/list.html", sandbox.gateway)).call();
    assert_eq!(html.unwrap().status(), 404);
}

#[test]
fn wallets_redirect_the_buyer_back() {
    let sandbox = Sandbox::start();
    for (terminal, place) in [("WEB", "wallet"), ("WAP", "app")] {
        let made = session(&sandbox, "DANA", json!({}));
        let state = sandbox.call(Submit, &submit(&made, "DANA", terminal, json!({})));
        let key = sandbox.key(&made);
        assert_eq!(state["normalUrl"], format!("{}/wallet/{key}", sandbox.gateway));
        let url = format!("{}/{place}/{key}", sandbox.gateway);
        let vanished = sandbox.agent.post(&url).send_form([("decision", "vanish")]).unwrap();
        assert_eq!(vanished.status(), 200);
        let back = sandbox.agent.post(&url).send_form([("decision", "approve")]).unwrap();
        assert_eq!(back.status(), 303);
        let expected = format!("{}/result?order={}", sandbox.shop, made.order);
        assert_eq!(back.headers()["location"], expected.as_str());
        assert_eq!(sandbox.inquire(&made)["paymentStatus"], "SUCCESS");
    }
}

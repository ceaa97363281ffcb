//! Faults on order, over real HTTP.
// The harness may die of a wrong assumption: that is how a test says so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::{Duration, Instant};

use kassa_wire::client::{INQUIRE, QUERY, QueryAnswer, SUBMIT};
use serde_json::{Value, json};
use support::{GOOD, Sandbox, bank_submit, card, card_submit, json_of};

fn session(sandbox: &Sandbox, operation: &str, fault: Value) -> support::Made {
    sandbox.card(json!({ "faults": { operation: fault } }))
}

#[test]
fn answers_are_spoilt_on_order() {
    let sandbox = Sandbox::start();
    let ask = |fault: &str| {
        let made = session(&sandbox, "query", json!(fault));
        sandbox.raw(QUERY, &json!({ "paymentSessionData": made.data })).unwrap()
    };
    let slow = Instant::now();
    assert_eq!(json_of(&mut ask("delay:300"))["success"], true);
    assert!(slow.elapsed() >= Duration::from_millis(300));

    assert_eq!(ask("500").status(), 500);
    let mut page = ask("html");
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert!(page.body_mut().read_to_string().unwrap().starts_with("<!doctype"));
    let cut = ask("truncated").body_mut().read_to_string().unwrap();
    assert!(cut.starts_with('{') && serde_json::from_str::<Value>(&cut).is_err());
    let mut plain = ask("content-type");
    assert_eq!(plain.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(json_of(&mut plain)["success"], true);
    let mut status = ask("status:4001");
    assert_eq!(status.headers()["result-status"], "4001");
    assert_eq!(json_of(&mut status)["success"], false);
    assert_eq!(ask("empty").body_mut().read_to_string().unwrap(), "");

    let unknown = json_of(&mut ask("unknown"));
    assert_eq!(unknown["paymentMethods"].as_array().unwrap().len(), 2);
    let read: QueryAnswer = serde_json::from_value(unknown).unwrap();
    assert_eq!(read.payment_methods[1].category, "MIND");
    // Every answer is readable by a page, spoilt or not.
    assert_eq!(ask("500").headers()["access-control-allow-origin"], "*");
}

#[test]
fn lists_are_used_up_call_by_call() {
    let sandbox = Sandbox::start();
    let made = session(&sandbox, "query", json!(["500", "ok", "empty"]));
    let status = || {
        let mut answer = sandbox.raw(QUERY, &json!({ "paymentSessionData": made.data })).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap().is_empty())
    };
    let seen = [status(), status(), status(), status(), status()];
    assert_eq!(seen, [(500, false), (200, false), (200, true), (200, false), (200, false)]);
}

#[test]
fn a_dropped_submit_did_nothing_and_a_lost_one_did() {
    let sandbox = Sandbox::start();
    for (fault, payments) in [("drop", 0), ("lost", 1)] {
        let made = sandbox.session(json!({
            "method": "ONLINEBANKING_FPX",
            "metadata": { "sandbox": { "faults": { "submit": [fault] } } },
        }));
        let request = bank_submit(&made, "a");
        sandbox.raw(SUBMIT, &request).expect_err("the connection closes without an answer");
        assert_eq!(sandbox.count(&made), payments, "{fault}");
        // The same attempt again gets the answer.
        assert_eq!(sandbox.call(SUBMIT, &request)["paymentStatus"], "PROCESSING");
        assert_eq!(sandbox.count(&made), 1);
    }
    let made = session(&sandbox, "submit", json!(["lost"]));
    let token = sandbox.token(&made, GOOD);
    sandbox.raw(SUBMIT, &card_submit(&made, "a", &token)).expect_err("lost");
    let again = sandbox.call(SUBMIT, &card_submit(&made, "a", &token));
    assert_eq!(again["paymentStatus"], "SUCCESS", "the token is used, the attempt is known");
}

#[test]
fn hanging_calls_do_not_hold_others() {
    let sandbox = Sandbox::start();
    let made = session(&sandbox, "inquire", json!("hang"));
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_millis(400)))
        .build()
        .into();
    let asked = support::raw(
        &agent,
        &sandbox.gateway,
        INQUIRE,
        &json!({ "paymentSessionData": made.data }),
    );
    asked.expect_err("silence");
    assert_eq!(sandbox.query(&made)["success"], true);
}

#[test]
fn the_card_exchange_has_faults_too() {
    let sandbox = Sandbox::start();
    let made = session(&sandbox, "token", json!(["drop", "status:2000"]));
    let url = format!("{}/frame/card/token", sandbox.gateway);
    let card = card(&made, GOOD).to_string();
    sandbox.agent.post(&url).send(&*card).expect_err("dropped");
    assert_eq!(sandbox.exchange(&made, GOOD)["success"], false);
    assert_eq!(sandbox.exchange(&made, GOOD)["success"], true);
}

#[test]
fn the_gateway_takes_one_request_for_each_connection() {
    let sandbox = Sandbox::start();
    let answer = sandbox.agent.get(format!("{}/healthz", sandbox.gateway)).call().unwrap();
    assert_eq!(answer.headers()["connection"], "close", "or browsers would repeat dropped calls");
}

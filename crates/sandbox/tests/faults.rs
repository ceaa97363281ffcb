//! Fault injection, over real HTTP.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::{Duration, Instant};

use kassa_protocol::client::GatewayAnswer;
use kassa_protocol::client::Operation::{Inquire, Query, Submit};
use kassa_protocol::json::read;
use serde_json::{Value, json};
use support::{GOOD, Sandbox, bank_submit, card, card_submit, json_of};

fn session(sandbox: &Sandbox, operation: &str, fault: Value) -> support::Made {
    sandbox.card(json!({ "faults": { operation: fault } }))
}

#[test]
fn injected_faults_change_answers() {
    let sandbox = Sandbox::start();
    let ask = |fault: &str| {
        let made = session(&sandbox, "query", json!(fault));
        sandbox.raw(Query, &json!({ "paymentSessionData": made.data })).unwrap()
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
    assert!(unknown["paymentAmountView"]["fromTheFuture"].is_object(), "in every object");
    let answer: GatewayAnswer = read(&unknown).unwrap();
    assert_eq!(answer.offer.payment_methods[1].category.as_deref(), Some("MIND"));
    // A page can read every answer, also one with a fault.
    assert_eq!(ask("500").headers()["access-control-allow-origin"], "*");
}

#[test]
fn a_list_has_one_fault_for_each_call() {
    let sandbox = Sandbox::start();
    let made = session(&sandbox, "query", json!(["500", "ok", "empty"]));
    let status = || {
        let mut answer = sandbox.raw(Query, &json!({ "paymentSessionData": made.data })).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap().is_empty())
    };
    let seen = [status(), status(), status(), status(), status()];
    assert_eq!(seen, [(500, false), (200, false), (200, true), (200, false), (200, false)]);
}

#[test]
fn a_dropped_submit_starts_no_payment_and_a_lost_one_does() {
    let sandbox = Sandbox::start();
    for (fault, payments) in [("drop", 0), ("lost", 1)] {
        let made = sandbox.session(json!({
            "method": "ONLINEBANKING_FPX",
            "metadata": { "sandbox": { "faults": { "submit": [fault] } } },
        }));
        let request = bank_submit(&made, "a");
        sandbox.raw(Submit, &request).expect_err("the connection closes without an answer");
        assert_eq!(sandbox.count(&made), payments, "{fault}");
        // The same attempt again gets the answer.
        assert_eq!(sandbox.call(Submit, &request)["paymentStatus"], "PROCESSING");
        assert_eq!(sandbox.count(&made), 1);
    }
    let made = session(&sandbox, "submit", json!(["lost"]));
    let token = sandbox.token(&made, GOOD);
    sandbox.raw(Submit, &card_submit(&made, "a", &token)).expect_err("lost");
    let again = sandbox.call(Submit, &card_submit(&made, "a", &token));
    assert_eq!(again["paymentStatus"], "SUCCESS", "the token is used, the attempt is known");
}

#[test]
fn a_duplicated_call_is_performed_twice_and_answered_once() {
    let sandbox = Sandbox::start();
    let made = session(&sandbox, "submit", json!("duplicate"));
    let token = sandbox.token(&made, GOOD);
    let answer = sandbox.call(Submit, &card_submit(&made, "a", &token));
    assert_eq!(answer["paymentStatus"], "SUCCESS", "the token is used up only once");
    assert_eq!(sandbox.count(&made), 1);

    let made = session(&sandbox, "token", json!(["duplicate"]));
    let token = sandbox.token(&made, GOOD);
    let answer = sandbox.call(Submit, &card_submit(&made, "a", &token));
    assert_eq!(answer["paymentStatus"], "SUCCESS", "the second token is as good as the first");
    for operation in ["query", "inquire"] {
        let made = session(&sandbox, operation, json!("duplicate"));
        assert_eq!(sandbox.query(&made)["success"], true);
        assert_eq!(sandbox.inquire(&made)["success"], true);
    }
}

/// The kind of an answer, as a caller sees it.
fn kind_of(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> &'static str {
    let Ok(mut answer) = answer else {
        return "closed";
    };
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    let status = answer.headers().get("result-status").map(|s| s.to_str().unwrap().to_owned());
    let code = answer.status();
    let text = answer.body_mut().read_to_string().unwrap();
    let json = serde_json::from_str::<Value>(&text).ok();
    match (code.as_u16(), kind.as_deref(), status.as_deref(), json) {
        (500, ..) => "500",
        (200, Some("text/html; charset=utf-8"), ..) => "html",
        (200, Some("text/plain; charset=utf-8"), _, Some(_)) => "content-type",
        (200, Some(_), Some("4001"), Some(_)) => "status",
        (200, Some(_), Some("1000"), Some(json)) if json["success"] == true => "good",
        (200, Some(_), Some("1000"), None) if text.is_empty() => "empty",
        (200, Some(_), Some("1000"), None) => "truncated",
        _ => "odd",
    }
}

#[test]
fn every_operation_has_every_fault() {
    let sandbox = Sandbox::start();
    for operation in ["query", "submit", "inquire", "token"] {
        for (fault, seen) in [
            ("delay:20", "good"),
            ("drop", "closed"),
            ("lost", "closed"),
            ("duplicate", "good"),
            ("500", "500"),
            ("html", "html"),
            ("truncated", "truncated"),
            ("content-type", "content-type"),
            ("status:4001", "status"),
            ("unknown", "good"),
            ("empty", "empty"),
        ] {
            let made = session(&sandbox, operation, json!([fault]));
            let data = json!({ "paymentSessionData": made.data });
            let ask = || match operation {
                "query" => sandbox.raw(Query, &data),
                "inquire" => sandbox.raw(Inquire, &data),
                "token" => sandbox
                    .agent
                    .post(format!("{}/frame/card/token", sandbox.gateway))
                    .send(card(&made, GOOD).to_string()),
                _ => {
                    let token = sandbox.token(&made, GOOD);
                    sandbox.raw(Submit, &card_submit(&made, "a", &token))
                }
            };
            assert_eq!(kind_of(ask()), seen, "{operation} {fault}");
            assert_eq!(kind_of(ask()), "good", "{operation} after {fault}");
        }
    }
}

#[test]
fn hanging_calls_do_not_block_others() {
    let sandbox = Sandbox::start();
    let made = session(&sandbox, "inquire", json!("hang"));
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_millis(400)))
        .build()
        .into();
    let answer = support::raw(
        &agent,
        &sandbox.gateway,
        Inquire,
        &json!({ "paymentSessionData": made.data }),
    );
    answer.expect_err("silence");
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

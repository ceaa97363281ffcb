//! The client protocol over real HTTP.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::Duration;

use kassa_protocol::client::Operation::{Inquire, Query, Submit};
use serde_json::{Value, json};
use support::{DECLINED, EXEMPT, GOOD, Sandbox, bank_submit, card, card_submit, json_of};

/// An answer without its own time.
fn timeless(mut answer: Value) -> Value {
    let time = answer.as_object_mut().unwrap().remove("serverTime");
    assert!(time.is_some_and(|time| time.is_string()), "{answer}");
    answer
}

#[test]
fn query_describes_the_session() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({ "amount": "123456", "currency": "USD" }));
    let answer = sandbox.query(&made);
    assert_eq!(answer["success"], true);
    assert_eq!(answer["paymentSessionConfig"]["productScene"], "CASHIER_PAYMENT");
    assert_eq!(answer["paymentAmountView"]["value"], "1234.56");
    assert_eq!(answer["paymentAmountView"]["formattedValue"], "1,234.56");
    assert!(answer["paymentMethods"][0].get("interActionType").is_none());
    assert_eq!(answer["frameUrl"], "/frame/card?client=SANDBOX_KASSA_DEMO");
    assert!(answer.get("paymentStatus").is_none());
    assert!(answer["serverTime"].as_str().unwrap().parse::<u64>().is_ok());
    let four_parts = sandbox.call(Query, &json!({ "paymentSessionData": made.whole }));
    assert_eq!(four_parts["success"], true);

    let bank = sandbox.session(json!({ "method": "ONLINEBANKING_FPX", "redirect": false }));
    let answer = sandbox.query(&bank);
    assert_eq!(answer["paymentMethods"][0]["interActionType"], "REDIRECT");
    assert!(answer.get("frameUrl").is_none());
    assert!(answer.get("paymentRedirectUrl").is_none());
}

#[test]
fn unknown_and_expired_sessions_and_those_of_the_other_environment() {
    let sandbox = Sandbox::start();
    for data in [json!("nothing&&SG&&188"), json!("x"), json!(""), json!(7), Value::Null] {
        for operation in [Query, Submit, Inquire] {
            let answer = sandbox.call(operation, &json!({ "paymentSessionData": data }));
            assert_eq!(answer["success"], false);
            assert_eq!(answer["errorCode"], "INQUIRY_PAYMENT_SESSION_FAILED");
        }
    }
    let prod = sandbox.session(json!({ "environment": "prod" }));
    let answer = sandbox.query(&prod);
    assert_eq!(answer["errorCode"], "INQUIRY_PAYMENT_SESSION_FAILED");
    assert_eq!(answer["environment"], "prod");

    let made = sandbox.card(json!({}));
    let token = sandbox.token(&made, GOOD);
    sandbox.app.clock.advance(Duration::from_secs(3601));
    assert_eq!(sandbox.query(&made)["errorCode"], "INQUIRY_PAYMENT_SESSION_FAILED");
    let late = sandbox.call(Submit, &card_submit(&made, "a", &token));
    assert_eq!(late["errorCode"], "INQUIRY_PAYMENT_SESSION_FAILED");
    assert_eq!(sandbox.exchange(&made, GOOD)["errorCode"], "INQUIRY_PAYMENT_SESSION_FAILED");
    assert_eq!(sandbox.count(&made), 0);
}

#[test]
fn the_state_is_given_after_the_session_expired() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    let first = sandbox.pay(&made, "a1", GOOD);
    sandbox.app.clock.advance(Duration::from_secs(7200));
    assert_eq!(sandbox.inquire(&made)["paymentStatus"], "SUCCESS");
    let again = sandbox.call(Submit, &card_submit(&made, "a1", "gone"));
    assert_eq!(timeless(again), timeless(first), "the same attempt has the same answer");
}

#[test]
fn calls_that_cannot_be_read_are_answered() {
    let sandbox = Sandbox::start();
    let url = format!("{}/mgw.htm", sandbox.gateway);
    for (operation, body) in [
        (Query.name(), ""),
        (Query.name(), "{}"),
        (Query.name(), "[]"),
        (Query.name(), "[1]"),
        (Query.name(), "[{},{}]"),
        (Query.name(), "[{"),
        (Query.name(), "[{\"paymentSessionData\":{}}]"),
        (Query.name(), "[{\"extParams\":7}]"),
        ("com.example.unknown", "[{}]"),
    ] {
        let call = sandbox.agent.post(&url).header("operation-type", operation);
        let mut response = call.send(body).unwrap();
        assert_eq!(response.status(), 200, "{body}");
        assert_eq!(response.headers()["result-status"], "1001", "{body}");
        assert!(response.headers().contains_key("tips"));
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        let answer = json_of(&mut response);
        assert_eq!(answer["errorCode"], "PARAM_ILLEGAL");
        assert_eq!(answer["success"], false);
    }
    let mut response = sandbox.agent.post(&url).send("[{}]").unwrap();
    assert_eq!(json_of(&mut response)["errorCode"], "PARAM_ILLEGAL");
    let mut response = sandbox.agent.post(&url).send("x".repeat(70_000)).unwrap();
    assert_eq!(json_of(&mut response)["errorCode"], "PARAM_ILLEGAL");
    let response =
        sandbox.agent.post(&url).header("operation-type", Query.name()).send(&b"\xff\xfe"[..]);
    assert_eq!(response.unwrap().status(), 200);
    assert_eq!(sandbox.agent.get(&url).call().unwrap().status(), 405);
}

#[test]
fn preflights_allow_the_headers_of_the_call() {
    let sandbox = Sandbox::start();
    let preflight = sandbox
        .agent
        .options(format!("{}/mgw.htm", sandbox.gateway))
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "operation-type,x-cors-antom_payment_web-default")
        .call()
        .unwrap();
    assert_eq!(preflight.status(), 204);
    let headers = preflight.headers();
    assert_eq!(headers["access-control-allow-origin"], "https://shop.example");
    assert_eq!(
        headers["access-control-allow-headers"],
        "operation-type,x-cors-antom_payment_web-default"
    );
    assert_eq!(headers["access-control-max-age"], "7200");
    let made = sandbox.card(json!({}));
    let answer = sandbox.raw(Query, &json!({ "paymentSessionData": made.data })).unwrap();
    assert_eq!(
        answer.headers()["access-control-expose-headers"],
        "Result-Status, Tips, Memo, Mgw-TraceId"
    );
}

#[test]
fn test_cards_have_their_published_results() {
    let sandbox = Sandbox::start();
    for (number, status, code) in [
        ("9490220011669217", "SUCCESS", "SUCCESS"),
        ("4294097400915107", "SUCCESS", "SUCCESS"),
        ("4006055482525268", "SUCCESS", "SUCCESS"),
        ("4600729331819383", "SUCCESS", "SUCCESS"),
        ("4310377720003234", "SUCCESS", "SUCCESS"),
        (GOOD, "SUCCESS", "SUCCESS"),
        ("5162774114974622", "SUCCESS", "SUCCESS"),
        (EXEMPT, "SUCCESS", "SUCCESS"),
        (DECLINED, "FAIL", "ISSUER_REJECTS_TRANSACTION"),
        ("5162770472561357", "FAIL", "ISSUER_REJECTS_TRANSACTION"),
        ("4111111111111111", "FAIL", "INVALID_CARD"),
    ] {
        let made = sandbox.card(json!({}));
        let answer = sandbox.pay(&made, "a", number);
        assert_eq!(answer["success"], true);
        assert_eq!(answer["paymentStatus"], status, "{number}");
        assert_eq!(answer["paymentResultCode"], code, "{number}");
        let info = &answer["cardPaymentResultInfo"];
        assert!(number.ends_with(info["lastFour"].as_str().unwrap()));
        assert!(number.starts_with(info["cardBin"].as_str().unwrap()));
        assert!(info["cardNo"].as_str().unwrap().starts_with("************"));
        for member in ["avsResultRaw", "cvvResultRaw", "funding", "issuerName", "fingerprint"] {
            assert!(info[member].is_string(), "{member}");
        }
        assert_eq!(answer["popRiskDecisionResultInfo"]["riskDecision"], "ACCEPT");
        let inquired = sandbox.inquire(&made);
        assert_eq!(inquired["paymentStatus"], status);
    }
    let risky = sandbox.session(json!({ "amount": "11" }));
    let answer = sandbox.pay(&risky, "a", GOOD);
    assert_eq!(answer["paymentResultCode"], "RISK_REJECT");
    assert_eq!(answer["popRiskDecisionResultInfo"]["riskDecision"], "REJECT");
}

#[test]
fn refused_cards_have_a_result_code() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    let change = |name: &str, value: &str| {
        let mut card = card(&made, GOOD);
        card[name] = json!(value);
        sandbox.exchange_card(&card)["errorCode"].as_str().unwrap().to_owned()
    };
    for (name, value, code) in [
        ("number", "4054695723100769", "INVALID_CARD_NUMBER"),
        ("number", "", "INVALID_CARD_NUMBER"),
        ("expiryMonth", "13", "INVALID_EXPIRATION_DATE"),
        ("expiryYear", "20", "INVALID_EXPIRATION_DATE"),
        ("expiryYear", "2039", "INVALID_EXPIRY_DATE_FORMAT"),
        ("cvc", "99", "INVALID_CVV"),
        ("session", "x&&SG&&188", "INQUIRY_PAYMENT_SESSION_FAILED"),
    ] {
        assert_eq!(change(name, value), code, "{name}={value}");
    }
    assert_eq!(sandbox.exchange_card(&json!([GOOD]))["errorCode"], "PARAM_ILLEGAL");
    let bank = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    assert_eq!(sandbox.exchange(&bank, GOOD)["errorCode"], "PARAM_ILLEGAL");
}

#[test]
fn card_tokens_are_valid_once_for_their_session_until_they_expire() {
    let sandbox = Sandbox::start();
    let (one, two) = (sandbox.card(json!({})), sandbox.card(json!({})));
    let token = sandbox.token(&one, DECLINED);
    let foreign = sandbox.call(Submit, &card_submit(&two, "a", &token));
    assert_eq!(foreign["errorCode"], "PARAM_ILLEGAL");
    let used = sandbox.call(Submit, &card_submit(&one, "a", &token));
    assert_eq!(used["paymentStatus"], "FAIL");
    let again = sandbox.call(Submit, &card_submit(&one, "b", &token));
    assert_eq!(again["errorCode"], "PARAM_ILLEGAL");
    let old = sandbox.token(&one, GOOD);
    sandbox.app.clock.advance(Duration::from_secs(601));
    let late = sandbox.call(Submit, &card_submit(&one, "c", &old));
    assert_eq!(late["errorCode"], "PARAM_ILLEGAL");
    let missing = sandbox.call(
        Submit,
        &json!({ "paymentSessionData": one.data, "paymentMethod": { "paymentMethodType": "CARD" },
                 "extParams": { "attemptId": "d" } }),
    );
    assert_eq!(missing["errorCode"], "PARAM_ILLEGAL");
    assert_eq!(sandbox.count(&one), 1);
}

#[test]
fn submits_need_the_right_method_and_an_attempt_of_a_fitting_length() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    for (pointer, value) in [
        ("/extParams/attemptId", json!("x".repeat(65))),
        ("/paymentMethod/paymentMethodType", json!("CARD")),
        ("/paymentMethod/paymentMethodType", json!("TELEPATHY")),
    ] {
        let mut request = bank_submit(&made, "a");
        *request.pointer_mut(pointer).unwrap() = value;
        let answer = sandbox.call(Submit, &request);
        assert_eq!(answer["errorCode"], "PARAM_ILLEGAL", "{pointer}");
    }
    let mut request = bank_submit(&made, "a");
    request["paymentMethod"] = Value::Null;
    request["paymentMethodType"] = json!("CARD");
    assert_eq!(sandbox.call(Submit, &request)["errorCode"], "PARAM_ILLEGAL");
    assert_eq!(sandbox.count(&made), 0);
}

#[test]
fn a_session_ends_after_ten_attempts() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    for attempt in 1..=10 {
        let state = sandbox.pay(&made, &format!("a{attempt}"), DECLINED);
        assert_eq!(state["paymentResultCode"], "ISSUER_REJECTS_TRANSACTION", "{attempt}");
    }
    for attempt in ["a11", "a12"] {
        let state = sandbox.pay(&made, attempt, GOOD);
        assert_eq!(state["paymentStatus"], "FAIL");
        assert_eq!(state["paymentResultCode"], "PAYMENT_COUNT_EXCEED_LIMIT");
    }
    assert_eq!(sandbox.count(&made), 11);
}

#[test]
fn a_failure_may_be_retried_if_its_code_says_so() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    assert_eq!(sandbox.pay(&made, "a1", DECLINED)["paymentStatus"], "FAIL");
    assert_eq!(sandbox.query(&made)["paymentStatus"], "FAIL");
    // Part of every state, so that a page can tell to which attempt a failure belongs.
    assert_eq!(sandbox.query(&made)["attemptId"], "a1");
    assert_eq!(sandbox.pay(&made, "a2", GOOD)["paymentStatus"], "SUCCESS");
    assert_eq!(sandbox.pay(&made, "a3", DECLINED)["paymentStatus"], "SUCCESS");
    assert_eq!(sandbox.count(&made), 2);

    let fraud = sandbox.card(json!({ "result": "FRAUD_REJECT" }));
    assert_eq!(sandbox.pay(&fraud, "a1", GOOD)["paymentResultCode"], "FRAUD_REJECT");
    assert_eq!(sandbox.pay(&fraud, "a2", GOOD)["paymentResultCode"], "FRAUD_REJECT");
    assert_eq!(sandbox.count(&fraud), 1);
}

#[test]
fn scenarios_change_results() {
    let sandbox = Sandbox::start();
    let pending = sandbox.card(json!({ "pendingFor": 60_000 }));
    assert_eq!(sandbox.pay(&pending, "a", GOOD)["paymentStatus"], "PROCESSING");
    let state = sandbox.inquire(&pending);
    assert_eq!(state["paymentStatus"], "PROCESSING");
    assert!(state.get("cardPaymentResultInfo").is_none());
    sandbox.app.clock.advance(Duration::from_secs(60));
    let state = sandbox.inquire(&pending);
    assert_eq!(state["paymentStatus"], "SUCCESS");
    assert!(state["cardPaymentResultInfo"].is_object());

    let poor = sandbox.card(json!({ "result": "USER_BALANCE_NOT_ENOUGH" }));
    assert_eq!(sandbox.pay(&poor, "a", GOOD)["paymentResultCode"], "USER_BALANCE_NOT_ENOUGH");
}

//! The client protocol as the original SDK speaks it: the members that it sends and no others, and
//! the members and kinds that it reads.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use kassa_protocol::client::Operation::{Inquire, Query, Submit};
use serde_json::{Value, json};
use support::methods::{elements, fill, leaves, methods};
use support::{GOOD, Made, Sandbox};

/// `interActionType`: the published values.
const INTERACTIONS: [&str; 4] = ["COLLECT_REDIRECT", "COLLECT_SHOW_CODE", "REDIRECT", "SHOW_CODE"];

/// The session's metadata, which is the fourth part of the session data.
fn metadata(made: &Made) -> Value {
    use base64::Engine;
    let part = made.whole.split("&&").nth(3).unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(part).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// The names of all payment methods.
fn names(sandbox: &Sandbox) -> Vec<String> {
    let name = |method: Value| method["type"].as_str().unwrap().to_owned();
    methods(sandbox).into_iter().map(name).collect()
}

/// The members that the original adds to each request.
fn env_info(terminal: &str) -> Value {
    json!({
        "terminalType": terminal,
        "browserInfo": {
            "browserJavaScriptEnabled": true, "browserLanguage": "en-US",
            "browserUserAgent": "Mozilla/5.0", "browserColorDepth": 24, "browserJavaEnabled": false,
        },
        "deviceLanguage": "en-US", "screenWidth": 1280, "screenHeight": 720, "timeZoneOffset": -480,
        "deviceId": "", "locale": "sv_SE",
    })
}

fn query(made: &Made) -> Value {
    json!({
        "paymentSessionData": made.data,
        "paymentSessionConfig": metadata(made)["paymentSessionConfig"],
        "notRedirectAfterComplete": false,
        "envInfo": env_info("WEB"),
        "extParams": { "refUrl": "https://shop.example/checkout?a=b" },
    })
}

fn submit(made: &Made, factors: &Value) -> Value {
    json!({
        "paymentSessionData": made.data,
        "paymentSessionConfig": metadata(made)["paymentSessionConfig"],
        "paymentFactors": factors,
        "envInfo": env_info("WEB"),
        "extParams": { "notRedirectAfterComplete": false, "refUrl": "https://shop.example/checkout" },
    })
}

#[test]
fn a_page_may_call_with_credentials_from_its_own_origin() {
    let sandbox = Sandbox::start();
    let url = format!("{}/mgw.htm", sandbox.gateway);
    let made = sandbox.session(json!({ "method": "ALIPAY_CN" }));
    for (origin, allowed, credentials) in [
        (Some("https://shop.example"), "https://shop.example", true),
        (Some("https://sub.other.example:8443"), "https://sub.other.example:8443", true),
        (Some("http://localhost:4310"), "http://localhost:4310", true),
        (Some("http://127.0.0.1:1"), "http://127.0.0.1:1", true),
        // An answer to these is readable, but not with credentials: a sandboxed frame, an
        // unencrypted page of the network, and headers that no browser writes.
        (Some("null"), "*", false),
        (Some("http://shop.example"), "*", false),
        (Some("https://shop.example/"), "*", false),
        (Some("https://user@shop.example"), "*", false),
        (Some("file://"), "*", false),
        (None, "*", false),
    ] {
        let mut preflight =
            sandbox.agent.options(&url).header("access-control-request-method", "POST");
        let mut call = sandbox.agent.post(&url).header("operation-type", Query.name());
        if let Some(origin) = origin {
            preflight = preflight.header("origin", origin);
            call = call.header("origin", origin);
        }
        let preflight = preflight.call().unwrap();
        let answer = call.send(json!([query(&made)]).to_string()).unwrap();
        let method =
            sandbox.agent.get(&url).header("origin", origin.unwrap_or("null")).call().unwrap();
        assert_eq!((preflight.status().as_u16(), answer.status().as_u16()), (204, 200));
        for headers in [preflight.headers(), answer.headers(), method.headers()] {
            assert_eq!(headers["access-control-allow-origin"], allowed, "{origin:?}");
            let given =
                headers.get("access-control-allow-credentials").map(|it| it.to_str().unwrap());
            assert_eq!(given, credentials.then_some("true"), "{origin:?}");
            let mut vary = headers.get_all("vary").iter();
            assert!(vary.any(|value| value == "Origin"), "{origin:?}");
            assert!(!headers.contains_key("set-cookie"), "{origin:?}");
        }
    }
}

#[test]
fn every_method_is_paid_with_the_members_that_the_original_sends() {
    let sandbox = Sandbox::start();
    for method in names(&sandbox) {
        let made = sandbox.session(json!({ "method": method }));
        let config = metadata(&made)["paymentSessionConfig"].clone();
        assert_eq!(config["productScene"], "CASHIER_PAYMENT", "{method}");
        assert_eq!(config["productSceneVersion"], "1.0", "{method}");
        let offer = sandbox.call(Query, &query(&made));
        assert_eq!(offer["paymentSessionConfig"], config, "{method}");
        let factors = if method == "CARD" {
            json!({ "cardToken": sandbox.token(&made, GOOD) })
        } else {
            json!(fill(&leaves(&elements(&offer))))
        };
        let state = sandbox.call(Submit, &submit(&made, &factors));
        assert_eq!(state["success"], true, "{method}: {state}");
        assert!(state["paymentStatus"].is_string(), "{method}: {state}");
        assert_eq!(sandbox.count(&made), 1, "{method}");
    }
}

#[test]
fn interactions_are_the_published_ones() {
    let sandbox = Sandbox::start();
    for method in names(&sandbox) {
        let made = sandbox.session(json!({ "method": method }));
        let offer = sandbox.query(&made);
        let given = offer["paymentMethods"][0].get("interActionType");
        if method == "CARD" {
            assert_eq!(given, None, "the published sample of a card has none");
            continue;
        }
        let given = given.and_then(Value::as_str).unwrap_or_default();
        assert!(INTERACTIONS.contains(&given), "{method}: {given}");
        let needs_fields =
            leaves(&elements(&offer)).iter().any(|it| it["elementMandatory"] == true);
        assert_eq!(given.starts_with("COLLECT_"), needs_fields, "{method}");
    }
}

#[test]
fn a_submit_without_an_attempt_is_the_open_payment_or_a_new_attempt() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    let first = sandbox.call(Submit, &submit(&made, &json!({})));
    let second = sandbox.call(Submit, &submit(&made, &json!({})));
    assert_eq!(first["normalUrl"], second["normalUrl"]);
    assert_eq!(sandbox.count(&made), 1, "a payment under way is not started again");
    assert_eq!(sandbox.decide(&made, &[("decision", "decline")]), 200);
    let failed = sandbox.call(Inquire, &query(&made));
    assert_eq!(failed["paymentStatus"], "FAIL");
    let third = sandbox.call(Submit, &submit(&made, &json!({})));
    assert_eq!(third["paymentStatus"], "PROCESSING");
    assert_ne!(first["normalUrl"], third["normalUrl"]);
    assert_eq!(sandbox.count(&made), 2);
    // Text of a page that has no attempts of its own.
    let mut empty = submit(&made, &json!({}));
    empty["extParams"]["attemptId"] = json!("");
    empty["paymentMethod"] = json!({ "paymentMethodType": "", "paymentMethodId": "" });
    assert_eq!(sandbox.call(Submit, &empty)["success"], true);
    assert_eq!(sandbox.count(&made), 2);
}

#[test]
fn amounts_are_published_in_major_and_in_minor_units() {
    let sandbox = Sandbox::start();
    for (currency, amount, major, formatted, label) in [
        ("USD", "123456", "1234.56", "1,234.56", "$"),
        ("MYR", "5", "0.05", "0.05", "RM"),
        ("JPY", "1000", "1000", "1,000", "\u{a5}"),
        ("KWD", "1234", "1.234", "1.234", "KWD"),
        ("IDR", "15000000", "150000.00", "150,000.00", "IDR"),
    ] {
        let made = sandbox.session(json!({ "currency": currency, "amount": amount }));
        let offer = sandbox.query(&made);
        let token = sandbox.token(&made, GOOD);
        let state = sandbox.call(Submit, &submit(&made, &json!({ "cardToken": token })));
        assert_eq!(state["paymentStatus"], "SUCCESS", "{state}");
        for name in ["orderAmount", "paymentAmount"] {
            assert_eq!(
                offer[name],
                json!({ "currency": currency, "currencyLabel": label, "value": amount })
            );
            let view = &offer[format!("{name}View")];
            assert_eq!(view["currency"], currency);
            assert_eq!(view["value"], major, "{currency}");
            assert_eq!(view["formattedValue"], formatted, "{currency}");
        }
    }
}

#[test]
fn the_return_address_is_where_the_original_reads_it() {
    let sandbox = Sandbox::start();
    let bank = |redirect: bool| {
        let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX", "redirect": redirect }));
        let offer = sandbox.query(&made);
        (offer, sandbox.call(Submit, &submit(&made, &json!({}))))
    };
    let (offer, state) = bank(true);
    let page = offer["paymentRedirectUrl"].as_str().unwrap();
    assert_eq!(offer["redirectUrl"], page);
    assert_eq!(state["extendInfo"]["paymentRedirectUrl"], page);
    let (offer, state) = bank(false);
    assert_eq!((offer.get("redirectUrl"), state.get("extendInfo")), (None, None));
}

#[test]
fn answers_say_what_the_page_does_about_an_error() {
    let sandbox = Sandbox::start();
    let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    assert_eq!(sandbox.query(&made)["errorActions"], json!({}));
    let mut other = submit(&made, &json!({}));
    other["paymentMethod"] = json!({ "paymentMethodType": "CARD" });
    for (operation, request) in [
        (Query, json!({ "paymentSessionData": "nothing&&SG&&188" })),
        (Submit, json!({ "paymentSessionData": "nothing&&SG&&188" })),
        (Submit, other),
    ] {
        let answer = sandbox.call(operation, &request);
        assert_eq!(answer["success"], false);
        assert_eq!(answer["errorActions"], json!({ "showType": "NONE" }), "{answer}");
    }
}

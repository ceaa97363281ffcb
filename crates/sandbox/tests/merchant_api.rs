//! The signed server API over real HTTP.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::Duration;

use kassa_sandbox::app::{DEMO_CLIENT, DEMO_PROD_CLIENT};
use kassa_sandbox::clock::{Clock, iso};
use kassa_sandbox::domain::merchant::Merchant;
use kassa_sandbox::signature::Envelope;
use serde_json::{Value, json};
use support::{GOOD, Sandbox, vector};

const CREATE: &str = "/ams/api/v1/payments/createPaymentSession";
const INQUIRY: &str = "/ams/api/v1/payments/inquiryPayment";

fn request(id: &str) -> Value {
    json!({
        "productCode": "CASHIER_PAYMENT",
        "paymentRequestId": id,
        "order": {
            "referenceOrderId": "o-1",
            "orderDescription": "One thing",
            "orderAmount": { "currency": "MYR", "value": "4200" },
            "buyer": { "referenceBuyerId": "b-1" },
        },
        "paymentAmount": { "currency": "MYR", "value": "4200" },
        "paymentMethod": { "paymentMethodType": "CARD" },
        "paymentRedirectUrl": "https://shop.example/done?x=1",
        "somethingNew": { "a": [1] },
    })
}

/// Sets the member at a JSON pointer; `null` removes it.
fn with(mut request: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = request.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(name);
    } else {
        parent.insert(name.to_owned(), value);
    }
    request
}

fn code(answer: &Value) -> &str {
    answer["result"]["resultCode"].as_str().unwrap()
}

fn message(answer: &Value) -> &str {
    answer["result"]["resultMessage"].as_str().unwrap()
}

#[test]
fn the_recorded_sdk_request_makes_a_session() {
    let sandbox = Sandbox::start();
    let merchant = Merchant {
        name: "Recorded".to_owned(),
        public_key: vector("publicKeyPem"),
        origins: Vec::new(),
    };
    sandbox.app.register(&vector("clientId"), &merchant).unwrap();
    let (client, time, signature) =
        (vector("clientId"), vector("requestTime"), vector("signatureHeader"));
    let headers = [("Client-Id", &*client), ("Request-Time", &*time), ("Signature", &*signature)];
    // The signature is checked first, and the recorded one is right; but it was made long ago.
    let recorded = sandbox.unchecked(&vector("path"), &vector("body"), &headers);
    assert_eq!(code(&recorded), "INVALID_REQUEST_TIME");
    let tampered = vector("body").replace("4200", "4201");
    assert_eq!(code(&sandbox.unchecked(&vector("path"), &tampered, &headers)), "INVALID_SIGNATURE");

    let first = sandbox.signed(&client, &vector("path"), &vector("body"));
    assert_eq!(first["result"]["resultStatus"], "S");
    assert_eq!(first["paymentSessionData"].as_str().unwrap().split("&&").count(), 4);
    let again = sandbox.signed(&client, &vector("path"), &vector("body"));
    assert_eq!(first["paymentSessionData"], again["paymentSessionData"]);
}

#[test]
fn headers_are_checked_before_anything_else() {
    let sandbox = Sandbox::start();
    let body = request("r-1").to_string();
    let time = &*Clock::system_now().to_string();
    let sign = |client: &str, time: &str| {
        let envelope = Envelope { method: "POST", path: CREATE, client_id: client, time };
        envelope.sign(body.as_bytes(), &sandbox.key).unwrap()
    };
    let good = sign(DEMO_CLIENT, time);
    let blanks = good.replace(',', ", ");
    let second_key = good.replace("keyVersion=1", "keyVersion=2");
    let odd_time = sign(DEMO_CLIENT, "yesterday");
    let nobody = sign("NOBODY", time);
    for (headers, expected) in [
        (vec![], "PARAM_ILLEGAL"),
        (vec![("client-id", DEMO_CLIENT), ("signature", &*good)], "PARAM_ILLEGAL"),
        (
            vec![
                ("client-id", DEMO_CLIENT),
                ("request-time", "yesterday"),
                ("signature", &*odd_time),
            ],
            "PARAM_ILLEGAL",
        ),
        (
            vec![("client-id", "NOBODY"), ("request-time", time), ("signature", &*nobody)],
            "KEY_NOT_FOUND",
        ),
        (vec![("client-id", DEMO_CLIENT), ("request-time", time)], "INVALID_SIGNATURE"),
        (
            vec![("client-id", DEMO_CLIENT), ("request-time", time), ("signature", "rubbish")],
            "INVALID_SIGNATURE",
        ),
        (
            vec![("client-id", DEMO_CLIENT), ("request-time", time), ("signature", &*second_key)],
            "SIGN_VERIFY_FAILURE",
        ),
        (
            vec![("client-id", DEMO_PROD_CLIENT), ("request-time", time), ("signature", &*good)],
            "INVALID_SIGNATURE",
        ),
        (
            vec![("client-id", DEMO_CLIENT), ("request-time", time), ("signature", &*blanks)],
            "SUCCESS",
        ),
    ] {
        assert_eq!(code(&sandbox.unchecked(CREATE, &body, &headers)), expected, "{headers:?}");
    }
}

#[test]
fn a_request_has_a_time_within_five_minutes() {
    let sandbox = Sandbox::start();
    let body = request("in-time").to_string();
    let call = |time: &str| {
        let envelope = Envelope { method: "POST", path: CREATE, client_id: DEMO_CLIENT, time };
        let signature = envelope.sign(body.as_bytes(), &sandbox.key).unwrap();
        let headers =
            [("client-id", DEMO_CLIENT), ("request-time", time), ("signature", &*signature)];
        sandbox.unchecked(CREATE, &body, &headers)
    };
    let minute = 60_000;
    let now = Clock::system_now();
    for time in [
        "2001-01-01T00:00:00Z".to_owned(),
        "2999-01-01T00:00:00+08:00".to_owned(),
        "1000000000000".to_owned(),
        // Seconds.
        (now / 1000).to_string(),
        iso(now - 6 * minute),
        iso(now + 6 * minute),
        (now - 6 * minute).to_string(),
        (now + 6 * minute).to_string(),
        "9999999999999999".to_owned(),
    ] {
        let answer = call(&time);
        assert_eq!(code(&answer), "INVALID_REQUEST_TIME", "{time}");
        assert_eq!(answer["result"]["resultStatus"], "F");
        assert!(message(&answer).contains("at most 5 minutes"), "{}", message(&answer));
    }
    for time in [
        iso(now - 4 * minute),
        iso(now + 4 * minute),
        (now - 4 * minute).to_string(),
        (now + 4 * minute).to_string(),
    ] {
        assert_eq!(code(&call(&time)), "SUCCESS", "{time}");
    }
    // The clock that a test moves is not that of merchants' servers, the demo shop's included.
    sandbox.app.clock.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(code(&call(&iso(Clock::system_now()))), "SUCCESS");
    sandbox.session(json!({}));
}

#[test]
fn refusals_name_the_wrong_member_and_store_nothing() {
    let sandbox = Sandbox::start();
    let text = |n: usize| Value::from("x".repeat(n));
    let cases = [
        ("/productCode", Value::Null, "PARAM_ILLEGAL"),
        ("/productCode", json!("IN_STORE_PAYMENT"), "PARAM_ILLEGAL"),
        ("/paymentRequestId", Value::Null, "PARAM_ILLEGAL"),
        ("/paymentRequestId", json!(""), "PARAM_ILLEGAL"),
        ("/paymentRequestId", text(65), "PARAM_ILLEGAL"),
        ("/paymentRequestId", json!({}), "PARAM_ILLEGAL"),
        ("/order", Value::Null, "PARAM_ILLEGAL"),
        ("/order", json!([]), "PARAM_ILLEGAL"),
        ("/order/referenceOrderId", Value::Null, "PARAM_ILLEGAL"),
        ("/order/orderDescription", text(257), "PARAM_ILLEGAL"),
        ("/order/orderAmount", Value::Null, "PARAM_ILLEGAL"),
        ("/order/orderAmount/value", json!("4201"), "PARAM_ILLEGAL"),
        ("/paymentAmount", Value::Null, "PARAM_ILLEGAL"),
        ("/paymentAmount/value", Value::Null, "PARAM_ILLEGAL"),
        ("/paymentAmount/value", json!("-4200"), "PARAM_ILLEGAL"),
        ("/paymentAmount/value", json!(-4200), "PARAM_ILLEGAL"),
        ("/paymentAmount/value", json!("0"), "PARAM_ILLEGAL"),
        ("/paymentAmount/value", json!("42.00"), "PARAM_ILLEGAL"),
        ("/paymentAmount/value", json!(42.5), "PARAM_ILLEGAL"),
        ("/paymentAmount/value", json!(1e30), "PARAM_ILLEGAL"),
        ("/paymentAmount/value", json!("99999999999999999"), "PARAM_ILLEGAL"),
        ("/paymentAmount/value", json!(["4200"]), "PARAM_ILLEGAL"),
        ("/paymentAmount/value", json!("4200\u{0}"), "PARAM_ILLEGAL"),
        ("/paymentAmount/currency", Value::Null, "PARAM_ILLEGAL"),
        ("/paymentAmount/currency", json!("XYZ"), "CURRENCY_NOT_SUPPORT"),
        ("/paymentAmount/currency", json!("myr"), "CURRENCY_NOT_SUPPORT"),
        ("/paymentMethod", Value::Null, "PARAM_ILLEGAL"),
        ("/paymentMethod/paymentMethodType", json!("CASH"), "PARAM_ILLEGAL"),
        ("/paymentMethod/paymentMethodMetaData", json!("text"), "PARAM_ILLEGAL"),
        (
            "/paymentMethod/paymentMethodMetaData",
            json!({"is3DSAuthentication": "maybe"}),
            "PARAM_ILLEGAL",
        ),
        ("/paymentRedirectUrl", json!("javascript:alert(1)"), "PARAM_ILLEGAL"),
        ("/paymentRedirectUrl", json!("http://shop.example/"), "PARAM_ILLEGAL"),
        ("/paymentRedirectUrl", json!("https://a b/"), "PARAM_ILLEGAL"),
        ("/paymentRedirectUrl", text(2049), "PARAM_ILLEGAL"),
        ("/paymentSessionExpiryTime", json!("soon"), "PARAM_ILLEGAL"),
        ("/paymentSessionExpiryTime", json!("2020-01-01T00:00:00Z"), "PARAM_ILLEGAL"),
        ("/paymentSessionExpiryTime", json!("2999-01-01T00:00:00Z"), "PARAM_ILLEGAL"),
        ("/metadata", json!("{\"sandbox\":{\"faults\":{\"query\":\"boom\"}}}"), "PARAM_ILLEGAL"),
    ];
    for (pointer, value, expected) in cases {
        let shown = value.to_string();
        let answer =
            sandbox.signed(DEMO_CLIENT, CREATE, &with(request("bad"), pointer, value).to_string());
        assert_eq!(code(&answer), expected, "{pointer} {shown}");
        assert_eq!(answer["result"]["resultStatus"], "F");
        assert!(answer.get("paymentSessionData").is_none());
        let name = pointer.rsplit('/').next().unwrap();
        assert!(message(&answer).contains(name), "{pointer} {shown}: {}", message(&answer));
        assert!(message(&answer).chars().count() <= 256);
    }
    for body in ["", "{", "[]", "null", "7", "\"x\"", "{}{}", "\u{feff}{}", "{\"a\":}"] {
        assert_eq!(code(&sandbox.signed(DEMO_CLIENT, CREATE, body)), "PARAM_ILLEGAL", "{body}");
    }
    let deep = format!("{{\"order\":{}1{}}}", "[".repeat(9000), "]".repeat(9000));
    assert_eq!(code(&sandbox.signed(DEMO_CLIENT, CREATE, &deep)), "PARAM_ILLEGAL");
    let huge = " ".repeat(300 * 1024);
    assert_eq!(code(&sandbox.unchecked(CREATE, &huge, &[])), "PARAM_ILLEGAL");
    // None of these stored anything: the id is still free.
    assert_eq!(code(&sandbox.signed(DEMO_CLIENT, CREATE, &request("bad").to_string())), "SUCCESS");
}

#[test]
fn other_paths_and_methods_get_signed_refusals() {
    let sandbox = Sandbox::start();
    for path in ["/ams/api/v1/payments/teleport", "/ams/api/v2/payments/pay", "/ams/x"] {
        assert_eq!(code(&sandbox.signed(DEMO_CLIENT, path, "{}")), "INVALID_API", "{path}");
    }
    let with_query = format!("{CREATE}?a=b%20c");
    let answer = sandbox.signed(DEMO_CLIENT, &with_query, &request("q").to_string());
    assert_eq!(code(&answer), "SUCCESS", "the query is part of what is signed");
}

#[test]
fn numbers_and_flags_may_be_bare() {
    let sandbox = Sandbox::start();
    let bare = with(request("bare"), "/paymentAmount/value", json!(4200));
    let bare = with(bare, "/order/orderAmount/value", json!(4200));
    let bare = with(
        bare,
        "/paymentMethod/paymentMethodMetaData",
        json!({ "is3DSAuthentication": "true" }),
    );
    assert_eq!(code(&sandbox.signed(DEMO_CLIENT, CREATE, &bare.to_string())), "SUCCESS");
}

#[test]
fn a_request_id_cannot_be_reused_with_other_content() {
    let sandbox = Sandbox::start();
    let first = sandbox.signed(DEMO_CLIENT, CREATE, &request("same").to_string());
    let pretty = serde_json::to_string_pretty(&request("same")).unwrap();
    let again = sandbox.signed(DEMO_CLIENT, CREATE, &pretty);
    assert_eq!(first["paymentSessionData"], again["paymentSessionData"]);
    assert_eq!(first["paymentSessionId"], again["paymentSessionId"]);
    assert_eq!(first["paymentSessionExpiryTime"], again["paymentSessionExpiryTime"]);

    let other = with(request("same"), "/order/orderDescription", json!("Another thing"));
    let refused = sandbox.signed(DEMO_CLIENT, CREATE, &other.to_string());
    assert_eq!(code(&refused), "REPEAT_REQ_INCONSISTENT");
    // Another merchant's ids are its own.
    let foreign = sandbox.signed(DEMO_PROD_CLIENT, CREATE, &other.to_string());
    assert_eq!(code(&foreign), "SUCCESS");
}

#[test]
fn the_same_request_at_once_makes_one_session() {
    let sandbox = Sandbox::start();
    let body = request("at-once").to_string();
    let data: Vec<Value> = std::thread::scope(|scope| {
        let calls: Vec<_> =
            (0..12).map(|_| scope.spawn(|| sandbox.signed(DEMO_CLIENT, CREATE, &body))).collect();
        calls.into_iter().map(|call| call.join().unwrap()["paymentSessionData"].clone()).collect()
    });
    assert!(data[0].is_string());
    assert!(data.iter().all(|other| *other == data[0]));
}

#[test]
fn session_data_has_three_or_four_parts() {
    let sandbox = Sandbox::start();
    let four = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    let hints = four.whole.split("&&").nth(3).unwrap();
    let hints = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, hints).unwrap();
    let hints: Value = serde_json::from_slice(&hints).unwrap();
    assert_eq!(hints["paymentSessionConfig"]["paymentMethodCategoryType"], "BANK");
    assert!(four.data.ends_with("&&SG&&188"));
    let three = sandbox.card(json!({ "sessionShape": "three" }));
    assert_eq!(three.whole, three.data);
}

#[test]
fn inquiry_gives_the_state() {
    let sandbox = Sandbox::start();
    let ask = |client: &str, body: Value| sandbox.signed(client, INQUIRY, &body.to_string());
    assert_eq!(code(&ask(DEMO_CLIENT, json!({}))), "PARAM_ILLEGAL");
    assert_eq!(code(&ask(DEMO_CLIENT, json!({ "paymentRequestId": "none" }))), "ORDER_NOT_EXIST");
    let made = sandbox.card(json!({}));
    let by_request = json!({ "paymentRequestId": made.request_id });
    assert_eq!(code(&ask(DEMO_CLIENT, by_request.clone())), "ORDER_NOT_EXIST");
    sandbox.pay(&made, "a1", GOOD);
    let answer = ask(DEMO_CLIENT, by_request.clone());
    assert_eq!(answer["paymentStatus"], "SUCCESS");
    assert_eq!(answer["paymentAmount"], json!({ "currency": "MYR", "value": "4200" }));
    assert_eq!(answer["paymentResultInfo"]["lastFour"], "0768");
    let by_id = json!({ "paymentId": answer["paymentId"], "paymentRequestId": "ignored" });
    assert_eq!(ask(DEMO_CLIENT, by_id.clone())["paymentId"], answer["paymentId"]);
    // Another merchant does not find it.
    assert_eq!(code(&ask(DEMO_PROD_CLIENT, by_id)), "ORDER_NOT_EXIST");
    assert_eq!(code(&ask(DEMO_PROD_CLIENT, by_request)), "ORDER_NOT_EXIST");
}

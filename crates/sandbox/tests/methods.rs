//! Every method, from its session to its end, over real HTTP.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::collections::BTreeSet;

use kassa_protocol::client::Operation::Submit;
use serde_json::{Value, json};
use support::Sandbox;
use support::methods::{elements, fill, later, leaves, methods, refusal, session, submit};

const DECLINED: &str = "USER_PAYMENT_VERIFICATION_FAILED";

/// The state must have the members of the interaction and no others.
fn check_state(sandbox: &Sandbox, kind: &str, interaction: &str, state: &Value, key: &str) {
    const STEPS: [&str; 10] = [
        "normalUrl",
        "actionForm",
        "schemeUrl",
        "applinkUrl",
        "codeFormViews",
        "waitsFor",
        "expireTime",
        "threeDSMethodUrl",
        "challenge",
        "challengeUrl",
    ];
    let present: BTreeSet<&str> =
        STEPS.into_iter().filter(|member| state.get(member).is_some()).collect();
    let gateway = &sandbox.gateway;
    let expected: &[&str] = match interaction {
        "redirect" => {
            assert_eq!(state["normalUrl"], state["actionForm"]["redirectUrl"], "{kind}");
            &["actionForm", "normalUrl"]
        }
        "app:scheme" => &["normalUrl", "schemeUrl"],
        "app:applink" => &["applinkUrl", "normalUrl"],
        "app:scheme+applink" => &["applinkUrl", "normalUrl", "schemeUrl"],
        "wait" => {
            assert_eq!(state["waitsFor"], "APPROVAL", "{kind}");
            assert!(later(state, &state["expireTime"]), "{kind}");
            &["expireTime", "waitsFor"]
        }
        _ => {
            let views = state["codeFormViews"].as_array().unwrap();
            let types: Vec<&str> =
                views.iter().map(|view| view["displayType"].as_str().unwrap()).collect();
            let wanted: Vec<&str> = interaction
                .split('+')
                .map(|code| match code {
                    "qr" => "QRCODE",
                    "barcode" => "BARCODE",
                    _ => "TEXT",
                })
                .collect();
            assert_eq!(types, wanted, "{kind}");
            for (view, code) in views.iter().zip(interaction.split('+')) {
                let text = view["code"].as_str().unwrap();
                match code {
                    "qr" | "text" => assert!(text.starts_with("000201") && text.is_ascii()),
                    _ => assert!(text.len() >= 16 && text.bytes().all(|b| b.is_ascii_digit())),
                }
                assert!(later(state, &view["codeExpireTime"]), "{kind}");
            }
            &["codeFormViews"]
        }
    };
    assert_eq!(present, expected.iter().copied().collect(), "{kind} {interaction}");
    if let Some(url) = state.get("schemeUrl") {
        assert_eq!(url, &format!("kassa-wallet://pay/{key}"));
    }
    if let Some(url) = state.get("applinkUrl") {
        assert_eq!(url, &format!("{gateway}/app/{key}"));
    }
    if let Some(url) = state.get("normalUrl").and_then(Value::as_str) {
        assert!(url.starts_with(gateway) && url.ends_with(key), "{url}");
        assert_eq!(sandbox.agent.get(url).call().unwrap().status(), 200);
    }
}

/// One payment: create, query, submit, decide, inquire.
fn run(sandbox: &Sandbox, method: &Value, terminal: &str, approve: bool) {
    let kind = method["type"].as_str().unwrap();
    let interaction = method[terminal.to_lowercase()].as_str().unwrap();
    let made = session(sandbox, kind, json!({}));
    let query = sandbox.query(&made);
    assert_eq!(query["success"], true, "{kind}: {query}");
    assert_eq!(query["paymentMethods"][0]["paymentMethodType"], kind);
    assert_eq!(query["paymentMethods"][0]["category"], method["category"]);
    assert_eq!(elements(&query), method["elements"], "{kind}");
    let factors = fill(&leaves(&method["elements"]));
    let state = sandbox.call(Submit, &submit(&made, kind, terminal, json!(factors)));
    assert_eq!(state["success"], true, "{kind}: {state}");
    let status = state["paymentStatus"].as_str().unwrap();
    let counter = interaction.contains("number") && !interaction.contains("qr");
    assert_eq!(status, if counter { "PENDING" } else { "PROCESSING" }, "{kind}");
    let key = sandbox.key(&made);
    check_state(sandbox, kind, interaction, &state, &key);
    // An inquiry gives the same state.
    let mut inquired = sandbox.inquire(&made);
    inquired["serverTime"] = state["serverTime"].clone();
    assert_eq!(inquired, state, "{kind}");
    // The buyer's page exists, and the scanner finds the payment of the code.
    let page = sandbox.under_way(&made).unwrap()["page"].as_str().unwrap().to_owned();
    assert_eq!(
        sandbox.agent.get(format!("{}{page}", sandbox.gateway)).call().unwrap().status(),
        200
    );
    if let Some(code) = state.pointer("/codeFormViews/0/code").and_then(Value::as_str) {
        let scan = sandbox.agent.get(format!("{}/scan", sandbox.gateway)).query("code", code);
        let found = scan.call().unwrap();
        assert_eq!(found.headers()["location"], format!("/scan/{key}").as_str(), "{kind}");
    }
    let form = [("decision", if approve { "approve" } else { "decline" })];
    assert_eq!(sandbox.decide(&made, &form), 200);
    let ended = sandbox.inquire(&made);
    let debit = method["category"] == "DIRECT_DEBIT";
    let (status, code) = match (approve, debit) {
        (true, true) => ("PENDING", "PAYMENT_IN_PROCESS"),
        (true, false) => ("SUCCESS", "SUCCESS"),
        (false, _) => ("FAIL", DECLINED),
    };
    assert_eq!(ended["paymentStatus"], status, "{kind}");
    assert_eq!(ended["paymentResultCode"], code, "{kind}");
    assert!(ended.get("codeFormViews").is_none() && ended.get("normalUrl").is_none(), "{kind}");
}

#[test]
fn every_method_is_approved_and_declined_on_every_terminal() {
    let sandbox = Sandbox::start();
    let methods = methods(&sandbox);
    assert_eq!(methods.len(), 121);
    let others: Vec<&Value> = methods.iter().filter(|method| method["web"] != "card").collect();
    assert_eq!(others.len(), 120, "cards have their own tests");
    // Two threads: the store runs one transaction at a time.
    std::thread::scope(|scope| {
        for half in others.chunks(60) {
            let sandbox = &sandbox;
            scope.spawn(move || {
                for method in half {
                    for terminal in ["WEB", "WAP"] {
                        run(sandbox, method, terminal, true);
                        run(sandbox, method, terminal, false);
                    }
                }
            });
        }
    });
}

#[test]
fn every_kind_of_field_and_interaction_occurs() {
    let sandbox = Sandbox::start();
    let methods = methods(&sandbox);
    let mut types = BTreeSet::new();
    let mut ways = BTreeSet::new();
    for method in &methods {
        for element in method["elements"].as_array().unwrap() {
            types.insert(element["elementType"].as_str().unwrap().to_owned());
        }
        for terminal in ["web", "wap"] {
            let way = method[terminal].as_str().unwrap();
            ways.extend(way.split('+').map(str::to_owned));
        }
    }
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(types, words("BANK BLIK CONSENT CPF DATE EMAIL NAME NUMBER PHONE SELECT TEXT"));
    assert_eq!(
        ways,
        words("app:applink app:scheme applink barcode card number qr redirect text wait")
    );
}

#[test]
fn amounts_outside_of_the_rules_make_no_session() {
    let sandbox = Sandbox::start();
    for (kind, currency, amount, code) in [
        ("TELEPATHY", "MYR", "4200", "PARAM_ILLEGAL"),
        ("GCASH", "MYR", "4200", "CURRENCY_NOT_SUPPORT"),
        ("GCASH", "PHP", "99", "PARAM_ILLEGAL"),
        ("GCASH", "PHP", "10000001", "PAYMENT_AMOUNT_EXCEED_LIMIT"),
        ("KONBINI", "JPY", "300001", "PAYMENT_AMOUNT_EXCEED_LIMIT"),
        ("JKOPAY", "TWD", "4250", "PARAM_ILLEGAL"),
        ("OCTOPUS", "HKD", "4205", "PARAM_ILLEGAL"),
        ("DANA", "IDR", "4000050", "PARAM_ILLEGAL"),
        ("TABBY", "SAR", "1000001", "PAYMENT_AMOUNT_EXCEED_LIMIT"),
    ] {
        let wanted = json!({ "method": kind, "currency": currency, "amount": amount });
        assert_eq!(refusal(&sandbox, wanted), code, "{kind} {amount}");
    }
    for (kind, currency, amount) in [
        ("GCASH", "PHP", "100"),
        ("GCASH", "PHP", "10000000"),
        ("JKOPAY", "TWD", "4300"),
        ("OCTOPUS", "HKD", "4210"),
        ("TABBY", "AED", "1000001"),
    ] {
        sandbox.session(json!({ "method": kind, "currency": currency, "amount": amount }));
    }
}

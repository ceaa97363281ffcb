//! The fields of methods, over real HTTP.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use kassa_protocol::client::Operation::Submit;
use serde_json::{Value, json};
use support::methods::{elements, fill, leaves, methods, refusal, session, submit};
use support::{Made, Sandbox};

#[test]
fn missing_and_malformed_values_start_no_payment() {
    let sandbox = Sandbox::start();
    for method in methods(&sandbox) {
        let kind = method["type"].as_str().unwrap();
        let elements = leaves(&method["elements"]);
        if elements.is_empty() {
            continue;
        }
        let made = session(&sandbox, kind, json!({}));
        let good = fill(&elements);
        for element in &elements {
            let key = element["paymentElementKey"].as_str().unwrap();
            let needed = element["elementMandatory"] == true;
            for (wrong, refused) in [
                (Value::Null, needed),
                (json!(""), needed),
                (json!("\u{7}"), true),
                (json!({ "a": 1 }), true),
                (json!(5), true),
            ] {
                if !refused {
                    continue;
                }
                let mut factors = good.clone();
                factors.insert(key.to_owned(), wrong.clone());
                let answer = sandbox.call(Submit, &submit(&made, kind, "WEB", json!(factors)));
                assert_eq!(answer["errorCode"], "PARAM_ILLEGAL", "{kind} {key} {wrong}");
                let message = answer["errorMessage"].as_str().unwrap();
                assert!(message.contains(&format!("paymentFactors.{key}")), "{message}");
            }
        }
        assert_eq!(sandbox.count(&made), 0, "{kind}");
        // Unknown members change nothing.
        let mut factors = good;
        factors.insert("shoeSize".to_owned(), json!(["44"]));
        let answer = sandbox.call(Submit, &submit(&made, kind, "WEB", json!(factors)));
        assert_eq!(answer["success"], true, "{kind}: {answer}");
    }
}

#[test]
fn values_of_the_buyer_are_not_stored() {
    let sandbox = Sandbox::start();
    for kind in ["KONBINI", "BLIK", "PAGALEVE", "BIZUM", "ACH_DIRECT_DEBIT", "P24"] {
        let made = session(&sandbox, kind, json!({}));
        let elements = elements(&sandbox.query(&made));
        let factors = fill(&leaves(&elements));
        let answer = sandbox.call(Submit, &submit(&made, kind, "WEB", json!(factors)));
        assert_eq!(answer["success"], true);
    }
    let mut kept = Vec::new();
    for name in ["kassa-sandbox.db", "kassa-sandbox.db-wal"] {
        kept.extend(std::fs::read(sandbox.folder().join("data").join(name)).unwrap_or_default());
    }
    let has = |text: &str| kept.windows(text.len()).any(|window| window == text.as_bytes());
    // The bank's name is stored, so these are the right bytes.
    assert!(has("Channel 20"));
    for value in
        ["ann.buyer@mail", "600112233", "52998224725", "Wilhelmina", "777777777", "\"123456\""]
    {
        assert!(!has(value), "{value}");
    }
}

#[test]
fn a_bank_is_chosen_where_the_session_says() {
    let sandbox = Sandbox::start();
    let elements = |made: &Made| elements(&sandbox.query(made)).as_array().unwrap().clone();
    let fpx = "ONLINEBANKING_FPX";
    assert!(elements(&session(&sandbox, fpx, json!({}))).is_empty());
    let here = session(&sandbox, fpx, json!({ "askHere": true }));
    let shown = elements(&here);
    assert_eq!((shown.len(), &shown[0]["elementType"]), (1, &json!("BANK")));
    assert_eq!(shown[0]["elementMandatory"], false);
    assert_eq!(shown[0]["options"].as_array().unwrap().len(), 19);
    let chosen = json!({ "bankIdentifierCode": "MYRHB" });
    let state = sandbox.call(Submit, &submit(&here, fpx, "WEB", chosen));
    let url = state["normalUrl"].as_str().unwrap();
    let text = sandbox.agent.get(url).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(text.contains("RHB Bank"), "the bank's page is the chosen bank's");

    // The buyer chose on the merchant's own page.
    let chosen = |kind: &str, code: &str| json!({ "method": kind, "paymentMethodMetaData": { "bankIdentifierCode": code } });
    let made = sandbox.session(chosen("ONLINEBANKING_YAPILY", "IPAY-MONZO"));
    assert!(elements(&made).is_empty());
    let state = sandbox.call(Submit, &submit(&made, "ONLINEBANKING_YAPILY", "WEB", json!({})));
    assert_eq!(state["paymentStatus"], "PROCESSING");
    for (kind, code) in [("ONLINEBANKING_YAPILY", "MYRHB"), ("GCASH", "MYRHB")] {
        assert_eq!(refusal(&sandbox, chosen(kind, code)), "PARAM_ILLEGAL");
    }
}

//! The two samples of the seeds ("Callback data"): what the gateway tells of card and risk reaches
//! the merchant member by member.

use kassa_core::events::Code;
use serde_json::{Value, json};

use crate::support::{Driver, line};

fn card_sample() -> Value {
    json!({
        "avsResultRaw": "4",
        "cardBin": "409280",
        "cardBrand": "VISA",
        "cardNo": "************8888",
        "cvvResultRaw": "1",
        "expiryMonth": "02",
        "expiryYear": "27",
        "fingerprint": "",
        "funding": "DEBIT",
        "holdName": "Tom Jay",
        "issuerName": "BANCO ITAUCARD, S.A.",
        "issuingCountry": "BR",
        "lastFour": "0000"
    })
}

fn risk_sample() -> Value {
    json!({ "riskDecision": "ACCEPT", "riskAuthDecision": "NON_3D" })
}

/// A paid session that the gateway tells this of, besides.
fn paid(facts: &Value) -> Value {
    let mut answer = json!({
        "success": true,
        "paymentStatus": "SUCCESS",
        "paymentResultCode": "SUCCESS",
        "paymentResultMessage": "success",
    });
    let members = answer.as_object_mut().unwrap();
    members.extend(facts.as_object().unwrap().clone());
    let mut driver = Driver::new();
    driver.open(|_| {});
    driver.answer(&answer.to_string());
    let event = driver.events.last().unwrap();
    assert_eq!(event.code, Code::PaymentSuccessful);
    let event: Value = serde_json::from_str(&line::json(event)).unwrap();
    event["result"].clone()
}

#[test]
fn a_result_is_the_samples_and_what_is_ours() {
    for (name, facts) in
        [("cardPaymentResultInfo", card_sample()), ("popRiskDecisionResultInfo", risk_sample())]
    {
        let mut result = paid(&json!({ name: facts }));
        let ours = result.as_object_mut().unwrap();
        assert_eq!(ours.remove("retryable"), Some(json!(false)));
        assert!(ours.remove("suggestion").is_some_and(|text| text.is_string()));
        let mut sample = json!({
            "result": {
                "resultCode": "SUCCESS",
                "resultStatus": "S",
                "resultMessage": "Success"
            },
            "paymentStatus": "SUCCESS",
            "paymentResultCode": "SUCCESS",
            "paymentResultMessage": "success",
        });
        sample[name] = facts;
        assert_eq!(result, sample);
    }
}

#[test]
fn each_fact_stands_alone_and_an_absent_one_stays_absent() {
    for (object, facts) in
        [("cardPaymentResultInfo", card_sample()), ("popRiskDecisionResultInfo", risk_sample())]
    {
        for (name, value) in facts.as_object().unwrap() {
            let only = json!({ name: value });
            assert_eq!(paid(&json!({ object: only }))[object], only);
        }
        for nothing in [json!({}), json!({ "unheardOf": "x" }), json!(null), json!("text")] {
            let result = paid(&json!({ object: nothing }));
            assert!(result.get(object).is_none(), "{result}");
        }
        assert!(paid(&json!({})).get(object).is_none());
    }
}

#[test]
fn a_raw_value_passes_as_text_whatever_it_is() {
    let sent =
        json!({ "avsResultRaw": 4, "cvvResultRaw": "?\"<ü", "expiryMonth": 2, "lastFour": 0 });
    let heard = json!({
        "avsResultRaw": "4", "cvvResultRaw": "?\"<ü", "expiryMonth": "2", "lastFour": "0"
    });
    assert_eq!(paid(&json!({ "cardPaymentResultInfo": sent }))["cardPaymentResultInfo"], heard);
    let odd = json!({ "riskDecision": true, "riskAuthDecision": { "a": "b" } });
    let result = paid(&json!({ "popRiskDecisionResultInfo": odd }));
    assert!(result.get("popRiskDecisionResultInfo").is_none(), "what is no text is no fact");
}

/// The members of the published types are those of the samples.
#[test]
fn the_published_types_name_each_fact() {
    let types = crate::read("js/src/kassa.d.ts");
    for facts in [card_sample(), risk_sample()] {
        for name in facts.as_object().unwrap().keys() {
            assert!(types.contains(&format!(" {name}?: string")), "{name}");
        }
    }
}

//! The two samples of the seeds ("Callback data"): the gateway's data about card and risk reach the
//! merchant member by member.

use kassa_core::events::EventCode;
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

/// The sample as a merchant receives it: an empty text counts as absent.
fn without_empty(sample: &Value) -> Value {
    let members = sample.as_object().unwrap().clone();
    members.into_iter().filter(|(_, value)| value != "").collect()
}

/// The result of a paid session whose answer contains these members, too.
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
    assert_eq!(event.code, EventCode::PaymentSuccessful);
    let event: Value = serde_json::from_str(&line::json(event)).unwrap();
    event["result"].clone()
}

#[test]
fn a_result_has_the_members_of_the_sample_and_of_kassa() {
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
        sample[name] = without_empty(&facts);
        assert_eq!(result, sample);
    }
}

#[test]
fn members_are_independent_and_absent_ones_stay_absent() {
    for (object, facts) in
        [("cardPaymentResultInfo", card_sample()), ("popRiskDecisionResultInfo", risk_sample())]
    {
        for (name, value) in without_empty(&facts).as_object().unwrap() {
            let only = json!({ name: value });
            assert_eq!(paid(&json!({ object: only }))[object], only);
        }
        let nothing = [
            json!({}),
            json!({ "unknown": "x" }),
            json!({ "fingerprint": "", "riskDecision": "" }),
            json!(null),
            json!("text"),
        ];
        for nothing in nothing {
            let result = paid(&json!({ object: nothing }));
            assert!(result.get(object).is_none(), "{result}");
        }
        assert!(paid(&json!({})).get(object).is_none());
    }
}

#[test]
fn scalar_values_are_passed_on_as_text() {
    let sent =
        json!({ "avsResultRaw": 4, "cvvResultRaw": "?\"<ü", "expiryMonth": 2, "lastFour": 0 });
    let received = json!({
        "avsResultRaw": "4", "cvvResultRaw": "?\"<ü", "expiryMonth": "2", "lastFour": "0"
    });
    assert_eq!(paid(&json!({ "cardPaymentResultInfo": sent }))["cardPaymentResultInfo"], received);
    let odd = json!({ "riskDecision": true, "riskAuthDecision": { "a": "b" } });
    let result = paid(&json!({ "popRiskDecisionResultInfo": odd }));
    assert!(
        result.get("popRiskDecisionResultInfo").is_none(),
        "a value that is no text is left out"
    );
}

/// The members of the published types are those of the samples.
#[test]
fn published_types_have_each_member_of_the_samples() {
    let types = crate::read("js/src/kassa.d.ts");
    for facts in [card_sample(), risk_sample()] {
        for name in facts.as_object().unwrap().keys() {
            assert!(types.contains(&format!(" {name}?: string")), "{name}");
        }
    }
}

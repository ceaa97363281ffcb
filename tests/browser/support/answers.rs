//! Answers of gateways.

use serde_json::{Value, json};

/// `sessionData` of the tests.
pub(crate) const SESSION: &str = "c2Vzc2lvbg==&&SG&&188";

/// Path of the page that stands in for the card form.
pub(crate) const CARD_FORM: &str = "/tests/browser/support/card_form.html";

/// Path of a page that stands in for those of 3DS.
pub(crate) const THREE_DS: &str = "/tests/browser/support/three_ds.html";

/// A value with other members instead, or besides.
pub(crate) fn with(value: &Value, others: &Value) -> Value {
    let mut value = value.clone();
    for (name, other) in others.as_object().unwrap() {
        value[name] = other.clone();
    }
    value
}

/// To a query: a card.
pub(crate) fn card() -> Value {
    with(&method("CARD"), &json!({"frameUrl": CARD_FORM}))
}

/// To a query: a method with one field.
pub(crate) fn field() -> Value {
    let element =
        json!({"paymentElementKey": "blikCode", "elementType": "BLIK", "elementMandatory": true});
    let method = json!([{"paymentMethodType": "BLIK", "paymentElements": [element]}]);
    with(&self::method("BLIK"), &json!({"paymentMethods": method}))
}

/// To a query: a method without a form.
pub(crate) fn method(name: &str) -> Value {
    json!({
        "success": true,
        "merchantName": "Tea House",
        "paymentAmountView": {"currency": "MYR", "value": "4200"},
        "paymentMethods": [{"paymentMethodType": name}],
    })
}

/// To a submit or an inquiry.
pub(crate) fn payment(status: &str, more: &Value) -> Value {
    with(&json!({"success": true, "paymentStatus": status}), more)
}

/// To a submit or an inquiry: the payment is under way.
pub(crate) fn processing(more: &Value) -> Value {
    payment("PROCESSING", more)
}

/// To a submit or an inquiry: a code that is valid for so many milliseconds.
pub(crate) fn code(code: &str, valid_for: u64) -> Value {
    processing(&json!({
        "serverTime": "1000000",
        "codeFormViews": [{
            "code": code,
            "displayType": "TEXT",
            "codeExpireTime": (1_000_000 + valid_for).to_string(),
        }],
    }))
}

/// To a submit or an inquiry: a challenge in a frame.
pub(crate) fn challenge(more: &Value) -> Value {
    let challenge =
        json!({"challenge": true, "challengeUrl": THREE_DS, "challengeWindowSize": "03"});
    with(&processing(&challenge), more)
}

/// To any call: refused.
pub(crate) fn refused(code: &str) -> Value {
    json!({"success": false, "errorCode": code, "errorMessage": "Refused."})
}

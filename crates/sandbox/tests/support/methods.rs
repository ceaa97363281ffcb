//! Sessions, submits and form values of methods.

use serde_json::{Map, Value, json};

use super::{Made, Sandbox, json_of};

/// A session for a method, with this scenario.
pub(crate) fn session(sandbox: &Sandbox, method: &str, scenario: Value) -> Made {
    sandbox.session(json!({ "method": method, "metadata": { "sandbox": scenario } }))
}

pub(crate) fn submit(made: &Made, method: &str, terminal: &str, factors: Value) -> Value {
    json!({
        "paymentSessionData": made.data,
        "paymentMethod": { "paymentMethodType": method },
        "paymentFactors": factors,
        "envInfo": { "terminalType": terminal, "osType": if terminal == "WAP" { "IOS" } else { "" } },
        "extParams": { "attemptId": format!("{terminal}-1") },
    })
}

/// The fields of a query's answer; a list without items is left out.
pub(crate) fn elements(query: &Value) -> Value {
    query["paymentMethods"][0].get("paymentElements").cloned().unwrap_or(json!([]))
}

/// Every field that takes a value: headings have parts instead.
pub(crate) fn leaves(elements: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for element in elements.as_array().unwrap() {
        match element.get("subPaymentElementView") {
            Some(parts) => found.extend(leaves(parts)),
            None => found.push(element.clone()),
        }
    }
    found
}

/// A valid value of an element.
pub(crate) fn value(element: &Value) -> String {
    match element["elementType"].as_str().unwrap() {
        "BANK" | "SELECT" => element["options"][0]["value"].as_str().unwrap().to_owned(),
        "BLIK" => "123456".to_owned(),
        "CONSENT" => "true".to_owned(),
        "CPF" => "52998224725".to_owned(),
        "DATE" => "1990-02-28".to_owned(),
        "EMAIL" => "ann.buyer@mail.example".to_owned(),
        "NAME" | "TEXT" => "Wilhelmina".to_owned(),
        "NUMBER" => "7".repeat(element["minLength"].as_u64().unwrap().try_into().unwrap()),
        "PHONE" => "+34600112233".to_owned(),
        other => panic!("no value for {other}"),
    }
}

pub(crate) fn fill(elements: &[Value]) -> Map<String, Value> {
    let key = |element: &Value| element["paymentElementKey"].as_str().unwrap().to_owned();
    elements.iter().map(|element| (key(element), json!(value(element)))).collect()
}

pub(crate) fn methods(sandbox: &Sandbox) -> Vec<Value> {
    let url = format!("{}/api/methods", sandbox.shop);
    let list = json_of(&mut sandbox.agent.get(url).call().unwrap());
    list.as_array().unwrap().clone()
}

/// The result code with which no session is made.
pub(crate) fn refusal(sandbox: &Sandbox, wanted: Value) -> String {
    let mut response = sandbox
        .agent
        .post(format!("{}/api/sessions", sandbox.shop))
        .header("content-type", "application/json")
        .send(wanted.to_string())
        .unwrap();
    assert_eq!(response.status(), 422, "{wanted}");
    json_of(&mut response)["result"]["resultCode"].as_str().unwrap().to_owned()
}

/// The notifications about the session's payment, with their result codes.
pub(crate) fn notified(sandbox: &Sandbox, made: &Made) -> Vec<(String, String)> {
    let url = format!("{}/api/notifications/{}", sandbox.shop, made.request_id);
    let answer = json_of(&mut sandbox.agent.get(url).call().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let sent = answer["sent"].as_array().unwrap().iter();
    sent.map(|one| (text(&one["notifyType"]), text(&one["body"]["result"]["resultCode"]))).collect()
}

/// Whether a time of an answer is after the answer's own.
pub(crate) fn later(state: &Value, time: &Value) -> bool {
    let number = |value: &Value| value.as_str().unwrap().parse::<i64>().unwrap();
    number(time) > number(&state["serverTime"])
}

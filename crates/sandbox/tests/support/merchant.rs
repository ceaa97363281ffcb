//! Calls of the server API, and payments for them.

use kassa_sandbox::app::DEMO_CLIENT;
use kassa_sandbox::clock;
use serde_json::{Value, json};

use super::{GOOD, Made, Sandbox};

pub(crate) const PREFIXES: [&str; 2] = ["/ams/api/v1/payments/", "/ams/sandbox/api/v1/payments/"];

pub(crate) fn call(sandbox: &Sandbox, operation: &str, body: &Value) -> Value {
    sandbox.signed(DEMO_CLIENT, &format!("{}{operation}", PREFIXES[0]), &body.to_string())
}

pub(crate) fn code(answer: &Value) -> &str {
    answer["result"]["resultCode"].as_str().unwrap()
}

pub(crate) fn status(answer: &Value) -> &str {
    answer["result"]["resultStatus"].as_str().unwrap()
}

pub(crate) fn message(answer: &Value) -> &str {
    answer["result"]["resultMessage"].as_str().unwrap()
}

pub(crate) fn myr(units: u64) -> Value {
    json!({ "currency": "MYR", "value": units.to_string() })
}

pub(crate) fn inquire(sandbox: &Sandbox, made: &Made) -> Value {
    call(sandbox, "inquiryPayment", &json!({ "paymentRequestId": made.request_id }))
}

/// A card payment of MYR 42.00 that is paid, and its id.
pub(crate) fn paid(sandbox: &Sandbox, wanted: Value) -> (Made, String) {
    let made = sandbox.session(wanted);
    assert_eq!(sandbox.pay(&made, "a", GOOD)["paymentStatus"], "SUCCESS");
    let id = inquire(sandbox, &made)["paymentId"].as_str().unwrap().to_owned();
    (made, id)
}

pub(crate) fn authorised(sandbox: &Sandbox) -> (Made, String) {
    paid(sandbox, json!({ "captureMode": "MANUAL" }))
}

pub(crate) fn refund(sandbox: &Sandbox, id: &str, payment: &str, units: u64) -> Value {
    let body = json!({ "refundRequestId": id, "paymentId": payment, "refundAmount": myr(units) });
    call(sandbox, "refund", &body)
}

/// A capture that others may follow.
pub(crate) fn capture(sandbox: &Sandbox, id: &str, payment: &str, units: u64) -> Value {
    capture_with(sandbox, id, payment, units, json!({ "captureType": "NON_FINAL" }))
}

/// A capture with these members besides.
pub(crate) fn capture_with(
    sandbox: &Sandbox,
    id: &str,
    payment: &str,
    units: u64,
    mut body: Value,
) -> Value {
    body["captureRequestId"] = json!(id);
    body["paymentId"] = json!(payment);
    body["captureAmount"] = myr(units);
    call(sandbox, "capture", &body)
}

pub(crate) fn transactions(inquiry: &Value) -> Vec<String> {
    let of = |transaction: &Value| {
        let text = |name: &str| transaction[name].as_str().unwrap().to_owned();
        assert!(text("transactionId").len() == 24);
        assert!(clock::parse_iso(&text("transactionTime")).is_some());
        format!(
            "{} {} {}",
            text("transactionType"),
            text("transactionStatus"),
            transaction["transactionAmount"]["value"].as_str().unwrap()
        )
    };
    inquiry["transactions"].as_array().map(|all| all.iter().map(of).collect()).unwrap_or_default()
}

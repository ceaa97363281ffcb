//! Answers are read member by member, by type.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Sdk, answers, run_queued_tasks, until};

/// Opens with an answer whose members are replaced, and waits until the form loads.
async fn form_loads(others: &Value) -> Sdk {
    let sdk = Sdk::new();
    sdk.create();
    sdk.gateway.answer(&answers::with(&answers::card(), others)).await;
    until(&format!("the form loads with {others}"), || sdk.screen().frame().is_some()).await;
    sdk
}

#[wasm_bindgen_test]
async fn numbers_count_as_text() {
    let amount = json!({"currency": "MYR", "value": 4200});
    let sdk = form_loads(&json!({"paymentAmountView": amount, "merchantName": 7})).await;
    assert_eq!(sdk.screen().text(".amount"), "MYR\u{a0}42.00");
    assert_eq!(sdk.screen().text(".merchant"), "7");
}

#[wasm_bindgen_test]
async fn the_orders_amount_stands_in_for_the_payments() {
    let amount = json!({"currency": "MYR", "value": "100"});
    let sdk = form_loads(&json!({"paymentAmountView": null, "orderAmountView": amount})).await;
    assert_eq!(sdk.screen().text(".amount"), "MYR\u{a0}1.00");
}

#[wasm_bindgen_test]
async fn a_member_of_another_type_is_absent() {
    for (name, value) in [
        ("merchantName", json!({"x": 1})),
        ("merchantName", json!(["Tea House"])),
        ("merchantName", json!(true)),
        ("paymentAmountView", json!("42")),
        ("paymentAmountView", json!({"currency": 7, "value": []})),
        ("paymentAmountView", json!({"currency": "MYR", "value": "-1"})),
        ("paymentAmountView", json!(null)),
        ("savedPaymentMethods", json!([null, 7, {}])),
        ("savedPaymentMethods", json!({})),
        ("paymentRedirectUrl", json!([])),
        ("paymentStatus", json!({})),
        ("codeFormViews", json!("x")),
        ("actionForm", json!([])),
        ("serverTime", json!("soon")),
        ("expireTime", json!(-1)),
        ("challenge", json!("true")),
        ("paymentSessionConfig", json!(1)),
    ] {
        let sdk = form_loads(&json!({ name: value })).await;
        assert!(sdk.host.thrown().is_empty(), "{name}");
        let shown = (sdk.screen().text(".merchant"), sdk.screen().text(".amount"));
        match name {
            "merchantName" => assert_eq!(shown.0, ""),
            "paymentAmountView" => assert_eq!(shown.1, ""),
            _ => assert_eq!(shown, ("Tea House".to_owned(), "MYR\u{a0}42.00".to_owned())),
        }
    }
}

#[wasm_bindgen_test]
async fn items_that_are_not_objects_are_left_out() {
    let methods = json!([null, 7, [], "x", {"paymentMethodType": "CARD"}]);
    form_loads(&json!({"paymentMethods": methods})).await;
}

#[wasm_bindgen_test]
async fn lists_without_an_object_are_empty() {
    for methods in [json!([null]), json!([]), json!({}), json!("CARD"), json!([[]]), json!(null)] {
        let sdk = Sdk::new();
        sdk.create();
        let answer = answers::with(&answers::card(), &json!({"paymentMethods": methods}));
        sdk.gateway.answer(&answer).await;
        let event = sdk.receives("CREATECOMPONENT_ERROR").await;
        assert!(event["message"].as_str().unwrap().contains("no payment method"), "{methods}");
        assert!(sdk.host.thrown().is_empty());
    }
}

#[wasm_bindgen_test]
async fn a_list_of_codes_without_an_object_is_empty() {
    for codes in [json!([null]), json!([7, "x", []]), json!({}), json!("1234")] {
        let sdk = Sdk::new();
        sdk.submitted(&answers::processing(&json!({"codeFormViews": codes}))).await;
        sdk.shows("waiting").await;
        run_queued_tasks().await;
        assert!(sdk.host.thrown().is_empty(), "{codes}");
    }
    let sdk = Sdk::new();
    let codes = json!([null, {"code": 1234, "displayType": 7, "codeExpireTime": {}}]);
    sdk.submitted(&answers::processing(&json!({"codeFormViews": codes}))).await;
    sdk.shows("codes").await;
}

#[wasm_bindgen_test]
async fn members_named_like_those_of_objects_are_members() {
    let sdk = Sdk::new();
    sdk.create();
    let odd =
        r#"{"hasOwnProperty":1,"toString":2,"constructor":null,"__proto__":{"success":false},"#;
    sdk.gateway.call().await.answer_text(&answers::card().to_string().replacen('{', odd, 1));
    until("the form loads", || sdk.screen().frame().is_some()).await;
    assert_eq!(sdk.screen().text(".merchant"), "Tea House");
}

#[wasm_bindgen_test]
async fn proto_members_of_json_are_no_prototype() {
    let sdk = Sdk::new();
    sdk.create();
    sdk.gateway.call().await.answer_text(&format!("{{\"__proto__\":{}}}", answers::card()));
    let event = sdk.receives("CREATECOMPONENT_ERROR").await;
    assert!(
        event["message"].as_str().unwrap().contains("neither a success nor a refusal"),
        "{event}"
    );
}

#[wasm_bindgen_test]
async fn texts_of_the_gateway_are_texts() {
    let name = "<img src=x onerror=\"window.broken=1\">&amp;\u{202e}";
    let sdk = form_loads(&json!({"merchantName": name})).await;
    assert_eq!(sdk.screen().text(".merchant"), name);
    assert!(sdk.screen().find("img").is_none());
}

#[wasm_bindgen_test]
async fn an_unknown_status_counts_as_undecided() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::payment("REVIEWING", &json!({}))).await;
    let status = "Checking your payment. Please keep this page open…";
    assert_eq!(sdk.shows("waiting").await.shown().status, status);
    assert!(sdk.record.has("PAYMENT_AUTHORIZATION_SUCCESSFUL"));
}

#[wasm_bindgen_test]
async fn card_results_are_passed_on_as_they_came() {
    let info = json!({"cardNo": "4111******1111", "cardBrand": "VISA", "avsResultRaw": "Y"});
    let more = json!({
        "cardPaymentResultInfo": answers::with(&info, &json!({"unknown": 1, "issuerName": {}})),
        "popRiskDecisionResultInfo": {"riskDecision": "ACCEPT"},
        "paymentResultMessage": "Paid.",
    });
    let sdk = Sdk::new();
    sdk.create();
    sdk.gateway.answer(&answers::payment("SUCCESS", &more)).await;
    let event = sdk.receives("PAYMENT_SUCCESSFUL").await;
    let expected = json!({
        "result": {"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "Success"},
        "paymentStatus": "SUCCESS",
        "paymentResultCode": "SUCCESS",
        "paymentResultMessage": "Paid.",
        "retryable": false,
        "suggestion": "Confirm on your server before you deliver.",
        "cardPaymentResultInfo": info,
        "popRiskDecisionResultInfo": {"riskDecision": "ACCEPT"},
    });
    assert_eq!(event["result"], expected);
}

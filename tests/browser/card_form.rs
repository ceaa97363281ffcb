//! The card form's messages.

use js_sys::{Array, Map, Object, Reflect};
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Element, Sdk, answers, from_js, press, run_queued_tasks, set, to_js, until};

#[wasm_bindgen_test]
async fn a_token_leads_to_a_submit_with_it() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    let address = to_js(&json!({"city": "Ipoh", "zipCode": 30000, "state": "", "other": "x"}));
    sdk.submit_with(&address);
    assert_eq!(form.receives("busy").await["busy"], true);
    form.answer_with_token().await;
    let call = sdk.gateway.call().await;
    assert_eq!(call.operation(), "submitPayByPaymentSession");
    let request = call.request();
    assert_eq!(request["paymentMethod"], json!({"paymentMethodType": "CARD"}));
    let factors = json!({
        "cardToken": "tok_1",
        "billingAddress": {"city": "Ipoh", "zipCode": "30000"},
    });
    assert_eq!(request["paymentFactors"], factors);
}

#[wasm_bindgen_test]
async fn the_height_follows_the_form_up_to_a_limit() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    for (height, expected) in [
        (json!(412), "412px"),
        (json!(2001), "2000px"),
        (json!(1999), "1999px"),
        (json!(4_000_000_000_u32), "2000px"),
        (json!(0), "0px"),
    ] {
        form.send(&json!({"t": "resized", "height": height}));
        let is_so = || form.frame.style().get_property_value("height").unwrap() == expected;
        until(&format!("the form is {expected} high"), is_so).await;
    }
    for height in [json!(-1), json!(10.5), json!("300"), json!(null), json!(1e300)] {
        form.send(&json!({"t": "resized", "height": height}));
    }
    run_queued_tasks().await;
    assert_eq!(form.frame.style().get_property_value("height").unwrap(), "0px");
}

#[wasm_bindgen_test]
async fn other_messages_are_ignored() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    press(&sdk.screen().button());
    let id = form.receives("submit").await["id"].clone();
    sdk.record.take();
    let before = sdk.screen().shown();
    for message in [
        json!(null),
        json!("close"),
        json!(["close"]),
        json!({}),
        json!({"t": ["close"]}),
        json!({"t": "paid"}),
        json!({"t": "kassa:hello"}),
        json!({"t": "values", "id": id, "values": {"cardToken": "tok_2"}}),
        json!({"t": "token", "token": "tok_2"}),
        json!({"t": "token", "id": id.to_string(), "token": "tok_2"}),
        json!({"t": "token", "id": id.as_u64().unwrap() + 1, "token": "tok_2"}),
        json!({"t": "checked", "id": 99, "valid": true}),
    ] {
        form.send(&message);
    }
    // Values that JSON does not have.
    let cyclic = Object::new();
    set(&cyclic, "t", &cyclic);
    for value in [cyclic.into(), Map::new().into(), JsValue::UNDEFINED, Array::new().into()] {
        form.send_value(&value);
    }
    run_queued_tasks().await;
    assert_eq!(sdk.screen().shown(), before);
    assert!(sdk.record.order().is_empty());
    assert!(sdk.gateway.is_quiet());

    form.answer_with_token().await;
    let factors = sdk.gateway.call().await.request()["paymentFactors"].clone();
    assert_eq!(factors, json!({"cardToken": "tok_1"}));
}

#[wasm_bindgen_test]
async fn escape_in_the_form_closes_and_enter_pays() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    form.send(&json!({"t": "enter"}));
    form.receives("submit").await;
    form.send(&json!({"t": "close"}));
    run_queued_tasks().await;
    assert!(sdk.is_in_page(), "not while a payment is under way");
    form.replies("submit", &json!({"t": "invalid"})).await;
    sdk.receives("FORM_VERIFICATION_FAILED").await;

    form.send(&json!({"t": "close"}));
    until("the component is gone", || !sdk.is_in_page()).await;
    assert_eq!(sdk.record.of("onClose").len(), 1);
}

#[wasm_bindgen_test]
async fn escape_in_the_form_of_an_inline_component_changes_nothing() {
    let (sdk, container) = (Sdk::new(), Element::new("section"));
    sdk.mount(container.js());
    let form = sdk.loads_card_form(&answers::card()).await;
    form.send(&json!({"t": "close"}));
    form.send(&json!({"t": "enter"}));
    form.receives("submit").await;
    assert!(sdk.is_in_page());
    assert!(sdk.record.of("onClose").is_empty());
}

#[wasm_bindgen_test]
async fn an_invalid_form_is_reported_and_stays_editable() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    let submitted = sdk.submit();
    form.replies("submit", &json!({"t": "invalid"})).await;
    let outcome = from_js(&submitted.outcome().await.unwrap());
    assert_eq!(outcome["code"], "SDK_FORM_VERIFICATION_FAILED");
    let is_free = || form.received().last() == Some(&json!({"t": "busy", "busy": false}));
    until("the form is given back", is_free).await;
    assert_eq!(sdk.screen().shown().alert, "", "the errors are on the fields");
    assert!(sdk.gateway.is_quiet());
}

#[wasm_bindgen_test]
async fn a_card_that_the_gateway_refused_is_a_failure_that_keeps_the_form() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    let submitted = sdk.submit();
    let refused =
        json!({"t": "refused", "code": "INVALID_CARD_NUMBER", "message": "No such card."});
    form.replies("submit", &refused).await;
    let outcome = from_js(&submitted.outcome().await.unwrap());
    assert_eq!(outcome, json!({"code": "SDK_PAYMENT_FAIL", "message": "No such card."}));
    let event = sdk.record.last("PAYMENT_FAIL");
    assert_eq!(event["result"]["paymentResultCode"], "INVALID_CARD_NUMBER");
    assert_eq!(event["result"]["retryable"], true);
    assert_eq!(sdk.screen().name(), "form");
    assert!(!sdk.screen().shown().alert.is_empty());
}

#[wasm_bindgen_test]
async fn validate_fields_is_answered_by_the_form() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    for (before, valid) in [true, false].into_iter().enumerate() {
        let validated = sdk.validate();
        let id = form.receives_nth("validate", before).await["id"].clone();
        let answer = json!({"t": "checked", "id": id, "valid": valid});
        form.send(&answer);
        let outcome = from_js(&validated.outcome().await.unwrap());
        assert_eq!(outcome, json!({"isValid": valid}));
    }
    let validated = sdk.validate();
    sdk.checkout.unmount();
    let outcome = from_js(&validated.outcome().await.unwrap());
    assert_eq!(outcome, json!({"isValid": false}), "settles at the end, too");
}

#[wasm_bindgen_test]
async fn inherited_members_of_a_message_do_not_count() {
    // A structured clone has no prototype of its own, so the message is put together here.
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    let prototype = Reflect::get(&crate::support::window(), &"Object".into()).unwrap();
    let prototype = Reflect::get(&prototype, &"prototype".into()).unwrap();
    let polluted = crate::support::Patch::new(&prototype, "t", &"close".into());
    form.send(&json!({}));
    run_queued_tasks().await;
    drop(polluted);
    assert!(sdk.is_in_page());
}

#[wasm_bindgen_test]
async fn a_page_that_pollutes_prototypes_changes_no_request() {
    let prototype = Reflect::get(&crate::support::window(), &"Object".into()).unwrap();
    let prototype = Reflect::get(&prototype, &"prototype".into()).unwrap();
    let polluted = crate::support::Patch::new(&prototype, "success", &JsValue::TRUE);
    let sdk = Sdk::new();
    let opened = sdk.create();
    sdk.gateway.answer(&json!({"merchantName": "x"})).await;
    let refused = opened.outcome().await;
    drop(polluted);
    let (_, message) = crate::support::rejection(refused);
    assert!(message.contains("neither a success nor a refusal"), "{message}");
}

#[wasm_bindgen_test]
async fn a_retryable_decline_keeps_the_form_for_another_attempt() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    press(&sdk.screen().button());
    form.answer_with_token().await;
    let first = sdk.gateway.call().await;
    let decline = json!({"paymentResultCode": "DO_NOT_HONOR"});
    first.answer(&answers::payment("FAIL", &decline));
    sdk.receives("PAYMENT_FAIL").await;
    assert_eq!(sdk.screen().name(), "form");

    press(&sdk.screen().button());
    let id = form.receives_nth("submit", 1).await["id"].clone();
    form.send(&json!({"t": "token", "id": id, "token": "tok_2"}));
    let second = sdk.gateway.call().await;
    assert_eq!(second.request()["paymentFactors"]["cardToken"], "tok_2");
    let attempt = |call: &crate::support::Call| call.request()["extParams"]["attemptId"].clone();
    assert_ne!(attempt(&first), attempt(&second));
}

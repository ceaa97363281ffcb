//! The SDK's promises, and the values that they settle with.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{CardForm, Sdk, answers, from_js, press, rejection, run_queued_tasks};

#[wasm_bindgen_test]
async fn an_opening_settles_when_the_form_can_be_used() {
    let sdk = Sdk::new();
    let opened = sdk.create();
    sdk.gateway.answer(&answers::card()).await;
    let form = CardForm::of(&sdk).await;
    form.send_hello().await;
    form.receives("init").await;
    run_queued_tasks().await;
    assert!(!opened.is_settled());
    form.send(&json!({"t": "ready"}));
    assert!(opened.outcome().await.unwrap().is_undefined());
    assert_eq!(sdk.screen().name(), "form");
}

#[wasm_bindgen_test]
async fn a_submit_before_the_form_is_there_is_refused() {
    let sdk = Sdk::new();
    sdk.create();
    let (code, message) = rejection(sdk.submit().outcome().await);
    assert_eq!(code, "SDK_CREATECOMPONENT_ERROR");
    assert!(message.contains("wait for its promise"), "{message}");
    let validated = from_js(&sdk.validate().outcome().await.unwrap());
    assert_eq!(validated, json!({"isValid": false}));
    assert_eq!(sdk.record.order(), ["START_OF_LOADING"], "neither is an event");
}

#[wasm_bindgen_test]
async fn a_submit_settles_with_the_event_that_ended_the_attempt() {
    let sdk = Sdk::new();
    let form =
        sdk.card_form_with(&json!({"notRedirectAfterComplete": true}), &answers::card()).await;
    let submitted = sdk.submit();
    let duplicate = from_js(&sdk.submit().outcome().await.unwrap());
    let message = "A payment is already under way; this submit was ignored.";
    let expected = json!({"code": "SDK_DUPLICATE_SUBMISSION_BEHAVIOR", "message": message});
    assert_eq!(duplicate, expected);
    form.answer_with_token().await;
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    let inquiry = sdk.gateway.call().await;
    assert!(!submitted.is_settled());
    inquiry.answer(&answers::payment("SUCCESS", &json!({"paymentResultMessage": "Paid."})));
    let outcome = from_js(&submitted.outcome().await.unwrap());
    assert_eq!(outcome, json!({"code": "SDK_PAYMENT_SUCCESSFUL", "message": "Paid."}));

    let (code, message) = rejection(sdk.submit().outcome().await);
    assert_eq!(code, "SDK_CREATECOMPONENT_ERROR");
    assert!(message.contains("over"), "{message}");
}

#[wasm_bindgen_test]
async fn a_press_while_paying_is_reported_and_sends_nothing() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    press(&sdk.screen().button());
    press(&sdk.screen().button());
    assert!(sdk.record.has("DUPLICATE_SUBMISSION_BEHAVIOR"));
    form.answer_with_token().await;
    sdk.gateway.call().await;
    run_queued_tasks().await;
    assert!(sdk.gateway.is_quiet());
}

#[wasm_bindgen_test]
async fn unmount_settles_what_is_pending() {
    let sdk = Sdk::new();
    let opened = sdk.create();
    sdk.gateway.call().await;
    sdk.checkout.unmount();
    assert!(opened.outcome().await.unwrap().is_undefined());

    let form = sdk.card_form().await;
    let (validated, submitted) = (sdk.validate(), sdk.submit());
    form.receives("submit").await;
    sdk.record.take();
    sdk.checkout.unmount();
    let submitted = from_js(&submitted.outcome().await.unwrap());
    let message = "The component was removed before the end.";
    assert_eq!(submitted, json!({"code": "SDK_PAYMENT_PROCESSING", "message": message}));
    let validated = from_js(&validated.outcome().await.unwrap());
    assert_eq!(validated, json!({"isValid": false}));
    assert!(sdk.record.order().is_empty(), "unmount is silent");
}

#[wasm_bindgen_test]
async fn closing_settles_what_is_pending() {
    let sdk = Sdk::new();
    let opened = sdk.create();
    press(&sdk.screen().element(".close"));
    assert!(opened.outcome().await.unwrap().is_undefined());
    assert!(sdk.record.has("PAYMENT_CANCEL") && sdk.record.has("END_OF_LOADING"));
}

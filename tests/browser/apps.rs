//! Leaving the page: apps and other pages.

use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Clock, Patch, Sdk, answers, dispatch, document, from_js, page_address, press, restored, to_js,
    until, window,
};

const ANDROID: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130 Mobile";

fn navigator() -> JsValue {
    window().navigator().into()
}

#[wasm_bindgen_test]
async fn a_page_is_left_for_the_address_that_the_gateway_names() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::processing(&json!({"normalUrl": page_address("bank")}))).await;
    let event = sdk.receives("CALL_URL_SUCCESS").await;
    assert_eq!(window().location().hash().unwrap(), "#bank");
    assert!(!event["message"].as_str().unwrap().contains("bank#"), "{event}");
    let expected = [
        "START_OF_LOADING",
        "END_OF_LOADING",
        "onPaymentMethodSelected PAYNOW",
        "CALL_URL_SUCCESS",
    ];
    assert_eq!(sdk.record.order(), expected);
}

#[wasm_bindgen_test]
async fn after_paying_the_buyer_goes_to_the_merchants_page() {
    let sdk = Sdk::new();
    sdk.create();
    let address = json!({"paymentRedirectUrl": page_address("result")});
    sdk.gateway.answer(&answers::with(&answers::method("PAYNOW"), &address)).await;
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.receives("CALL_URL_SUCCESS").await;
    assert!(sdk.record.has("PAYMENT_AUTHORIZATION_SUCCESSFUL"));
    assert_eq!(window().location().hash().unwrap(), "#result");
}

#[wasm_bindgen_test]
async fn a_page_restored_from_the_cache_inquires_first() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::processing(&json!({"normalUrl": page_address("bank")}))).await;
    sdk.receives("CALL_URL_SUCCESS").await;
    restored();
    let call = sdk.gateway.call_now();
    assert_eq!(call.operation(), "inquire");
    assert_eq!(sdk.screen().shown().status, "Checking your payment. Please keep this page open…");
    call.answer(&answers::payment("SUCCESS", &json!({})));
    sdk.receives("PAYMENT_SUCCESSFUL").await;
}

#[wasm_bindgen_test]
async fn an_app_that_opens_hides_the_page() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::processing(&json!({"applinkUrl": page_address("app")}))).await;
    let screen = sdk.shows("app").await;
    let submitted = sdk.submit();
    assert_eq!(window().location().hash().unwrap(), "#app");
    assert_eq!(screen.shown().status, "Taking you to the next step…");
    sdk.record.take();

    let hidden = Patch::visibility("hidden");
    dispatch(&document(), "visibilitychange");
    assert_eq!(sdk.record.take(), ["CALL_URL_SUCCESS"]);
    let outcome = from_js(&submitted.outcome().await.unwrap());
    assert_eq!(outcome["code"], "SDK_CALL_URL_SUCCESS");
    assert_eq!(screen.shown().button, "Open the app");
    assert!(sdk.gateway.is_quiet(), "the inquiry waits until the page is visible");

    drop(hidden);
    dispatch(&document(), "visibilitychange");
    sdk.gateway.call_now().answer(&answers::payment("SUCCESS", &json!({})));
    sdk.receives("PAYMENT_SUCCESSFUL").await;
}

#[wasm_bindgen_test]
async fn an_app_opens_at_once_while_the_page_has_the_buyers_activation() {
    let _phone = Patch::new(&navigator(), "userAgent", &ANDROID.into());
    let processing = answers::processing(&json!({"applinkUrl": page_address("activated")}));

    let sdk = Sdk::new();
    let activation = Patch::new(&navigator(), "userActivation", &to_js(&json!({"isActive": true})));
    sdk.submitted(&processing).await;
    until("the app is opened", || window().location().hash().unwrap() == "#activated").await;
    assert_eq!(sdk.screen().name(), "waiting");
    drop(activation);

    // The activation of a press ends after some seconds.
    window().location().set_hash("").unwrap();
    let sdk = Sdk::new();
    let activation =
        Patch::new(&navigator(), "userActivation", &to_js(&json!({"isActive": false})));
    sdk.submitted(&processing).await;
    sdk.shows("app").await;
    drop(activation);

    // An engine without: the click that opened the component stands for it.
    for (is_from_click, screen) in [(false, "app"), (true, "waiting")] {
        let sdk = Sdk::new();
        let _activation = Patch::new(&navigator(), "userActivation", &JsValue::UNDEFINED);
        sdk.create_with(&json!({"isFromClick": is_from_click}));
        sdk.gateway.answer(&answers::method("PAYNOW")).await;
        sdk.gateway.answer(&processing).await;
        sdk.shows(screen).await;
    }
}

#[wasm_bindgen_test]
async fn an_app_that_does_not_open_is_offered_again() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    sdk.submitted(&answers::processing(&json!({"applinkUrl": page_address("app")}))).await;
    let screen = sdk.shows("app").await;
    press(&screen.button());
    assert_eq!(screen.name(), "waiting");
    clock.advance(5_000);
    let shown = screen.shown();
    assert_eq!((shown.screen.as_str(), shown.button.as_str()), ("app", "Open the app"));
    assert_eq!(shown.alert, "The app did not open. Is it on this phone?");
    let errors = ["onError LAUNCH_PAYMENT_APP_ERROR", "LAUNCH_PAYMENT_APP_ERROR"];
    assert!(errors.iter().all(|label| sdk.record.has(label)));
}

#[wasm_bindgen_test]
async fn an_address_that_may_not_be_opened_is_reported() {
    // A refusal by the browser is not tested: `location.assign` accepts every allowed address, and
    // cannot be replaced.
    for address in ["data:text/html,x", "javascript:alert(1)", "file:///etc/passwd", "/relative"] {
        let sdk = Sdk::new();
        sdk.submitted(&answers::processing(&json!({"normalUrl": address}))).await;
        let event = sdk.receives("CALL_URL_ERROR").await;
        assert!(!event["message"].as_str().unwrap().contains(address), "never the address");
        until("the way on is blocked", || sdk.screen().name() == "ended").await;
    }
    assert_eq!(JsValue::from(window().location().protocol().unwrap()), JsValue::from("http:"));
}

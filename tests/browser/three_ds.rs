//! The frames of 3DS.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    CardForm, Clock, Element, Sdk, answers, message_from, origin, page_address, press,
    run_queued_tasks, until, window,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlIFrameElement;

#[wasm_bindgen_test]
async fn a_challenge_frame_has_the_size_of_the_answer() {
    for (size, height) in [("01", "400px"), ("02", "400px"), ("03", "600px"), ("04", "400px")] {
        let sdk = Sdk::new();
        sdk.submitted(&answers::challenge(&json!({"challengeWindowSize": size}))).await;
        let screen = sdk.shows("challenge").await;
        assert_eq!(screen.panel().get_attribute("data-size").as_deref(), Some(size));
        assert_eq!(screen.style("iframe", "height"), height, "{size}");
        let frame = screen.frame().unwrap();
        let sandbox = "allow-scripts allow-same-origin allow-forms allow-modals allow-popups \
                       allow-popups-to-escape-sandbox";
        assert_eq!(frame.get_attribute("sandbox").as_deref(), Some(sandbox));
        let allow = "publickey-credentials-get; payment; otp-credentials";
        assert_eq!(frame.get_attribute("allow").as_deref(), Some(allow));
        assert_eq!(
            frame.get_attribute("title").as_deref(),
            Some("Your bank checks that it is you.")
        );
        let encoded = String::from(js_sys::encode_uri_component(&origin()));
        let address = format!("{}{}#{encoded}", origin(), answers::THREE_DS);
        assert_eq!(frame.get_attribute("src"), Some(address));
        assert!(sdk.record.has("PAYMENT_CHALLENGE"));
    }
}

#[wasm_bindgen_test]
async fn only_the_frames_own_page_can_end_a_challenge() {
    let (sdk, other) = (Sdk::new(), Element::new("iframe"));
    sdk.submitted(&answers::challenge(&json!({}))).await;
    let frame = CardForm::of(&sdk).await;
    let other = other.unchecked_ref::<HtmlIFrameElement>().content_window().unwrap();
    let done = json!({"t": "kassa:3ds"});
    for (source, origin, message) in [
        (&other, origin().as_str(), &done),
        (&frame.window(), "https://evil.example", &done),
        (&frame.window(), origin().as_str(), &json!({"t": "close"})),
        (&frame.window(), origin().as_str(), &json!({"t": "token", "id": 1, "token": "x"})),
        (&frame.window(), origin().as_str(), &json!({"t": "kassa:hello"})),
    ] {
        message_from(source, origin, message);
    }
    assert_eq!(sdk.screen().name(), "challenge");
    assert!(sdk.gateway.is_quiet());
    assert_eq!(frame.welcomes(), 0);

    frame.post(&done);
    let call = sdk.gateway.call().await;
    assert_eq!(call.operation(), "inquire");
    assert!(sdk.screen().frame().is_none());
    assert_eq!(sdk.screen().name(), "waiting");
    call.answer(&answers::payment("SUCCESS", &json!({})));
    sdk.receives("PAYMENT_SUCCESSFUL").await;
}

#[wasm_bindgen_test]
async fn a_challenge_without_a_frame_address_redirects_the_page() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::challenge(&json!({"normalUrl": page_address("acs")}))).await;
    let screen = sdk.shows("challenge").await;
    press(&screen.element(".second"));
    sdk.receives("CALL_URL_SUCCESS").await;
    assert_eq!(window().location().hash().unwrap(), "#acs");
    assert!(screen.frame().is_none());
}

#[wasm_bindgen_test]
async fn closing_a_challenge_sends_an_inquiry_first() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::challenge(&json!({}))).await;
    let screen = sdk.shows("challenge").await;
    sdk.record.take();
    press(&screen.element(".close"));
    assert!(screen.frame().is_none());
    assert!(sdk.record.order().is_empty());
    let call = sdk.gateway.call().await;
    assert_eq!(call.operation(), "inquire");
    call.answer(&answers::challenge(&json!({})));
    let event = sdk.receives("PAYMENT_PROCESSING").await;
    assert_eq!(event["result"]["reason"], "CHALLENGE_CLOSED");
    assert!(!sdk.is_in_page());
}

#[wasm_bindgen_test]
async fn the_3ds_method_runs_in_a_hidden_frame() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::processing(&json!({"threeDSMethodUrl": answers::THREE_DS}))).await;
    let frame = CardForm::of(&sdk).await;
    let shown = sdk.screen().shown();
    assert_eq!((shown.screen.as_str(), shown.has_challenge), ("waiting", false));
    frame.post(&json!({"t": "kassa:3ds"}));
    let call = sdk.gateway.call().await;
    assert_eq!(call.request()["extParams"]["threeDSCompInd"], "Y");
    assert!(sdk.screen().frame().is_none());
}

#[wasm_bindgen_test]
async fn a_3ds_method_without_completion_times_out_after_10_seconds() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    sdk.submitted(&answers::processing(&json!({"threeDSMethodUrl": answers::THREE_DS}))).await;
    let frame = CardForm::of(&sdk).await;
    clock.advance(9_999);
    assert!(sdk.gateway.is_quiet());
    clock.advance(1);
    let call = sdk.gateway.call_now();
    assert_eq!(call.request()["extParams"]["threeDSCompInd"], "N");
    // Too late: the frame is gone.
    let window = frame.frame.content_window();
    assert!(window.is_none());
    run_queued_tasks().await;
    assert!(sdk.gateway.is_quiet());
}

#[wasm_bindgen_test]
async fn a_path_that_leaves_the_gateway_is_not_framed() {
    let sdk = Sdk::new();
    let elsewhere = json!({"challengeUrl": "//evil.example/acs"});
    sdk.submitted(&answers::challenge(&elsewhere)).await;
    sdk.receives("CALL_URL_ERROR").await;
    until("the way on is blocked", || sdk.screen().name() == "ended").await;
    assert!(sdk.screen().frame().is_none());
}

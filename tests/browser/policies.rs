//! Policies of the page that refuse what an opening waits for, and a card form that cannot run.

use js_sys::{Object, Promise, Reflect};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Event;

use crate::support::{
    CardForm, Sdk, answers, document, origin, rejection, run_queued_tasks, until,
};

/// The browser's report that a policy of the page refused an address.
fn violated(directive: &str, blocked: &str, disposition: &str) {
    let event = Event::new("securitypolicyviolation").unwrap();
    for (name, value) in
        [("effectiveDirective", directive), ("blockedURI", blocked), ("disposition", disposition)]
    {
        let descriptor = Object::new();
        Reflect::set(&descriptor, &"value".into(), &value.into()).unwrap();
        let event: &Object = event.unchecked_ref();
        assert!(Reflect::define_property(event, &name.into(), &descriptor).unwrap());
    }
    document().dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
async fn a_refused_call_ends_the_opening_and_the_message_names_connect_src() {
    let sdk = Sdk::new();
    let opened = sdk.create();
    let call = sdk.gateway.call().await;
    violated("connect-src", &format!("{}/mgw.htm", origin()), "enforce");
    let (code, message) = rejection(opened.outcome().await);
    assert_eq!(code, "SDK_CREATECOMPONENT_ERROR");
    let expected = format!(
        "The page's policy refuses calls to the gateway: add {} to its connect-src.",
        origin()
    );
    assert_eq!(message, expected);
    assert!(call.is_aborted() && !sdk.is_in_page());
}

/// As in browsers: `fetch` throws first, and the report follows in a task of its own.
#[wasm_bindgen_test]
async fn a_refused_call_is_named_when_the_report_follows_the_exception() {
    let sdk = Sdk::new();
    let opened = sdk.create();
    sdk.gateway.call().await.fail();
    // Its microtasks have run, and no timer.
    JsFuture::from(Promise::<JsValue>::resolve(&JsValue::UNDEFINED)).await.unwrap();
    violated("connect-src", &origin(), "enforce");
    let (_, message) = rejection(opened.outcome().await);
    assert!(message.contains("connect-src"), "{message}");
    run_queued_tasks().await;
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn a_refused_frame_ends_the_opening_and_the_message_names_frame_src() {
    for directive in ["frame-src", "child-src"] {
        let sdk = Sdk::new();
        let opened = sdk.create();
        sdk.gateway.answer(&answers::card()).await;
        until("the form loads", || sdk.screen().frame().is_some()).await;
        violated(directive, &origin(), "enforce");
        let (_, message) = rejection(opened.outcome().await);
        let expected =
            format!("The page's policy refuses the card form: add {} to its frame-src.", origin());
        assert_eq!(message, expected);
        assert!(!sdk.is_in_page());
    }
}

#[wasm_bindgen_test]
async fn other_reports_change_nothing() {
    let sdk = Sdk::new();
    let opened = sdk.create();
    let call = sdk.gateway.call().await;
    let port_apart = format!("{}1", origin());
    for (directive, blocked, disposition) in [
        ("connect-src", origin().as_str(), "report"),
        ("connect-src", "https://other.example/mgw.htm", "enforce"),
        ("connect-src", port_apart.as_str(), "enforce"),
        ("connect-src", "inline", "enforce"),
        ("connect-src", "", "enforce"),
        ("frame-src", origin().as_str(), "enforce"),
        ("img-src", origin().as_str(), "enforce"),
        ("", origin().as_str(), "enforce"),
    ] {
        violated(directive, blocked, disposition);
    }
    crate::support::dispatch(&document(), "securitypolicyviolation");
    run_queued_tasks().await;
    assert!(!opened.is_settled());
    call.answer(&answers::payment("SUCCESS", &json!({})));
    opened.outcome().await.unwrap();
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn a_card_form_that_cannot_run_is_reported_by_name() {
    let sdk = Sdk::new();
    let opened = sdk.create();
    sdk.gateway.answer(&answers::card()).await;
    let form = CardForm::of(&sdk).await;
    form.post(&json!({"t": "kassa:broken", "reason": "ReferenceError: URL is not defined"}));
    let (code, message) = rejection(opened.outcome().await);
    assert_eq!(code, "SDK_CREATECOMPONENT_ERROR");
    assert_eq!(message, "The card form could not start: ReferenceError: URL is not defined.");
    assert!(!sdk.is_in_page());
}

#[wasm_bindgen_test]
async fn a_report_of_another_window_or_of_a_form_in_use_changes_nothing() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    form.post(&json!({"t": "kassa:broken", "reason": "late"}));
    let page = crate::support::window();
    let message = crate::support::to_js(&json!({"t": "kassa:broken", "reason": "other"}));
    page.post_message(&message, &origin()).unwrap();
    run_queued_tasks().await;
    assert!(sdk.is_in_page());
    assert!(!sdk.record.has("CREATECOMPONENT_ERROR"));
}

//! `unmount` at any moment: no element, listener, timer or request is left.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    CardForm, Clock, Element, Ledger, Patch, Sdk, Setup, adopted_style_sheets, answers, body,
    dispatch, document, is_scrolling_locked, page_address, press, run_queued_tasks, window,
};

/// Unmounts, and checks that nothing is left.
async fn leaves_nothing(moment: &str, sdk: &Sdk, ledger: &Ledger) {
    assert_ne!(ledger.live(), [""; 0], "{moment}: something is there to be released");
    let host = sdk.host.mounted().unwrap();
    sdk.record.take();
    sdk.checkout.unmount();
    assert_eq!(ledger.live(), [""; 0], "{moment}");
    assert!(!host.is_connected(), "{moment}");
    assert_eq!(body().query_selector_all("[data-kassa]").unwrap().length(), 0, "{moment}");
    assert!(!is_scrolling_locked(), "{moment}");
    assert_eq!(adopted_style_sheets(), 0, "{moment}");

    for event in ["online", "pageshow"] {
        dispatch(&window(), event);
    }
    dispatch(&document(), "visibilitychange");
    sdk.checkout.unmount();
    run_queued_tasks().await;
    assert!(sdk.record.order().is_empty(), "{moment}: {:?}", sdk.record.order());
    assert!(sdk.gateway.is_quiet(), "{moment}");
    assert_eq!(ledger.live(), [""; 0], "{moment}");
    assert!(sdk.host.thrown().is_empty(), "{moment}");
}

#[wasm_bindgen_test]
async fn while_a_call_is_pending() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.create();
    let call = sdk.gateway.call().await;
    assert_eq!(
        ledger.live(),
        [
            "HTMLButtonElement click",
            "HTMLButtonElement click",
            "HTMLButtonElement click",
            "HTMLDialogElement cancel",
            "HTMLDocument securitypolicyviolation",
            "HTMLDocument visibilitychange",
            "ResizeObserver",
            "ShadowRoot beforeinput",
            "ShadowRoot compositionend",
            "ShadowRoot compositionstart",
            "ShadowRoot compositionupdate",
            "ShadowRoot copy",
            "ShadowRoot cut",
            "ShadowRoot input",
            "ShadowRoot keydown",
            "ShadowRoot keypress",
            "ShadowRoot keyup",
            "ShadowRoot paste",
            "Window online",
            "Window pageshow",
            "timeout 15000",
        ]
    );
    leaves_nothing("loading", &sdk, &ledger).await;
    assert!(call.is_aborted());
}

#[wasm_bindgen_test]
async fn while_the_form_loads() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.create();
    sdk.gateway.answer(&answers::card()).await;
    CardForm::of(&sdk).await;
    leaves_nothing("loading the form", &sdk, &ledger).await;
}

#[wasm_bindgen_test]
async fn while_the_form_is_filled_in_or_sent() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.card_form().await;
    leaves_nothing("form", &sdk, &ledger).await;

    let form = sdk.card_form().await;
    sdk.validate();
    press(&sdk.screen().button());
    form.receives("submit").await;
    leaves_nothing("form that is read", &sdk, &ledger).await;

    let form = sdk.card_form().await;
    press(&sdk.screen().button());
    form.answer_with_token().await;
    let call = sdk.gateway.call().await;
    leaves_nothing("submit", &sdk, &ledger).await;
    assert!(call.is_aborted());
}

#[wasm_bindgen_test]
async fn while_on_before_submit_is_pending() {
    let sdk = Sdk::with(Setup { asks_before_submit: true, ..Setup::default() });
    let ledger = Ledger::start();
    sdk.record.returns("onBeforeSubmit PAYNOW", || Ok(js_sys::Promise::new(&mut |_, _| {}).into()));
    sdk.create();
    sdk.gateway.answer(&answers::method("PAYNOW")).await;
    sdk.receives("onBeforeSubmit PAYNOW").await;
    leaves_nothing("onBeforeSubmit", &sdk, &ledger).await;
}

#[wasm_bindgen_test]
async fn on_every_screen_after_a_submit() {
    let screens: [(&str, Value); 8] = [
        ("codes", answers::code("1234", 60_000)),
        ("challenge", answers::challenge(&json!({}))),
        ("waiting", answers::processing(&json!({"threeDSMethodUrl": answers::THREE_DS}))),
        ("waiting", answers::processing(&json!({"waitsFor": "APPROVAL"}))),
        ("waiting", answers::processing(&json!({}))),
        ("waiting", answers::processing(&json!({"normalUrl": page_address("bank")}))),
        ("app", answers::processing(&json!({"applinkUrl": page_address("app")}))),
        ("ended", answers::payment("FAIL", &json!({"paymentResultCode": "ORDER_IS_CLOSED"}))),
    ];
    for (screen, answer) in screens {
        let (sdk, ledger) = (Sdk::new(), Ledger::start());
        sdk.submitted(&answer).await;
        sdk.shows(screen).await;
        while !sdk.gateway.is_quiet() {
            sdk.gateway.call_now();
        }
        leaves_nothing(&answer.to_string(), &sdk, &ledger).await;
    }
}

#[wasm_bindgen_test]
async fn while_an_app_opens() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.submitted(&answers::processing(&json!({"applinkUrl": page_address("app")}))).await;
    press(&sdk.shows("app").await.button());
    leaves_nothing("launching", &sdk, &ledger).await;
}

#[wasm_bindgen_test]
async fn while_the_page_is_hidden() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.submitted(&answers::code("1234", 60_000)).await;
    sdk.shows("codes").await;
    let hidden = Patch::visibility("hidden");
    dispatch(&document(), "visibilitychange");
    leaves_nothing("hidden", &sdk, &ledger).await;
    drop(hidden);
}

#[wasm_bindgen_test]
async fn in_a_container() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    let ledger = Ledger::start();
    sdk.mount(container.js());
    sdk.gateway.answer(&answers::card()).await;
    CardForm::of(&sdk).await.send_hello().await;
    leaves_nothing("inline", &sdk, &ledger).await;
    assert_eq!(container.child_element_count(), 0);
}

#[wasm_bindgen_test]
async fn a_timer_that_ends_the_component_is_released_in_its_own_call() {
    let clock = Clock::start();
    let (sdk, ledger) = (Sdk::under(&clock), Ledger::start());
    sdk.create();
    sdk.gateway.call().await;
    clock.advance(15_000);
    assert!(!sdk.is_in_page());
    assert_eq!(ledger.live(), [""; 0]);
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn a_button_that_ends_the_component_is_released_in_its_own_call() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    for _ in 0..2 {
        sdk.create();
        press(&sdk.screen().element(".close"));
        assert!(!sdk.is_in_page());
        assert_eq!(ledger.live(), [""; 0]);
    }
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn a_failed_opening_leaves_nothing_either() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.create();
    sdk.gateway.call().await.fail();
    sdk.receives("CREATECOMPONENT_ERROR").await;
    assert!(!sdk.is_in_page());
    assert_eq!(ledger.live(), [""; 0]);
}

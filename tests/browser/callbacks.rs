//! The merchant's callbacks: their arguments, and the calls and exceptions that they may make.

use js_sys::{Error, Object, Promise};
use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Does, Element, Patch, Sdk, Setup, Watched, answers, bare, press, run_queued_tasks, set,
    thrower, until, window,
};

/// The triggers of every callback but `onLog` and `onSizeChanged` while a method without a form is
/// opened and closed.
const TRIGGERS: [&str; 4] = [
    "START_OF_LOADING",
    "END_OF_LOADING",
    "onPaymentMethodSelected PAYNOW",
    "PAYMENT_AUTHORIZATION_SUCCESSFUL",
];

#[wasm_bindgen_test]
async fn the_order_of_a_payment() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    let screen = sdk.shows("ended").await;
    press(&screen.button());
    let end = ["PAYMENT_SUCCESSFUL".to_owned(), "onClose".to_owned()];
    assert_eq!(sdk.record.order(), [TRIGGERS.map(str::to_owned).as_slice(), &end].concat());
    assert_eq!(sdk.record.of("onClose"), [json!(null)]);
    let selected = json!({"paymentMethodType": "PAYNOW"});
    assert_eq!(sdk.record.of("onPaymentMethodSelected"), [selected]);
    assert_eq!(sdk.record.of("onEventCallback")[0], json!({"code": "SDK_START_OF_LOADING"}));
}

#[wasm_bindgen_test]
async fn an_error_reaches_on_error_before_on_event_callback() {
    let sdk = Sdk::new();
    sdk.create();
    sdk.gateway.call().await.fail();
    sdk.receives("CREATECOMPONENT_ERROR").await;
    let order = sdk.record.order();
    assert!(
        order.ends_with(
            &["onError CREATECOMPONENT_ERROR", "CREATECOMPONENT_ERROR"].map(str::to_owned)
        )
    );
    let events = sdk.record.of("onEventCallback");
    assert_eq!(sdk.record.of("onError").last(), events.last(), "the same event");
}

#[wasm_bindgen_test]
async fn each_callback_has_an_object_of_its_own() {
    let sdk = Sdk::new();
    sdk.record.react("onError CREATEPAYMENT_PARAMETER_ERROR", |_, event| {
        set(event, "code", &"spoilt".into());
        Ok(JsValue::UNDEFINED)
    });
    sdk.open(&JsValue::NULL, &JsValue::UNDEFINED);
    assert!(sdk.record.has("CREATEPAYMENT_PARAMETER_ERROR"));
}

#[wasm_bindgen_test]
async fn a_callback_that_throws_is_logged_and_stops_nothing() {
    let plain = || Err(Error::new("mine").into());
    let without_prototype = || Err(bare());
    let nothing = || Err(JsValue::UNDEFINED);
    let symbol = || Err(js_sys::Symbol::iterator().into());
    let hostile = || {
        let object = Object::new();
        set(&object, "toString", &thrower("no words"));
        Err(object.into())
    };
    let throws: [(Does, &str); 5] = [
        (plain, "Error: mine"),
        (without_prototype, "a value that cannot be printed"),
        (nothing, "undefined"),
        (symbol, "Symbol(Symbol.iterator)"),
        (hostile, "a value that cannot be printed"),
    ];
    for (throw, printed) in throws {
        let sdk = Sdk::new();
        for trigger in TRIGGERS {
            sdk.record.returns(trigger, throw);
        }
        sdk.submitted(&answers::payment("SUCCESS", &json!({}))).await;
        sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
        sdk.receives("PAYMENT_SUCCESSFUL").await;
        let lines = sdk.record.of("onLog");
        for (line, callback) in lines.iter().zip([
            "onEventCallback",
            "onEventCallback",
            "onPaymentMethodSelected",
            "onEventCallback",
        ]) {
            assert_eq!(line["code"], "CALLBACK_THREW");
            assert_eq!(line["message"], format!("{callback} threw: {printed}"));
        }
        assert_eq!(lines.len(), TRIGGERS.len());
        assert!(sdk.host.thrown().is_empty());
    }
}

#[wasm_bindgen_test]
async fn on_error_on_close_and_on_log_may_throw_as_well() {
    let sdk = Sdk::new();
    sdk.record.returns("onError CREATEPAYMENT_PARAMETER_ERROR", || Err("one".into()));
    sdk.record.returns("onLog CALLBACK_THREW", || Err("two".into()));
    sdk.open(&JsValue::NULL, &JsValue::UNDEFINED);
    let expected = [
        "onError CREATEPAYMENT_PARAMETER_ERROR",
        "onLog CALLBACK_THREW",
        "CREATEPAYMENT_PARAMETER_ERROR",
    ];
    assert_eq!(sdk.record.take(), expected);

    sdk.card_form().await;
    sdk.record.returns("onClose", || Err("three".into()));
    press(&sdk.screen().element(".close"));
    assert!(!sdk.is_in_page());
    assert_eq!(sdk.record.of("onLog")[0]["message"], "onClose threw: three");
}

#[wasm_bindgen_test]
async fn a_callback_may_return_a_promise_that_rejects() {
    let sdk = Sdk::new();
    for trigger in TRIGGERS {
        sdk.record.returns(trigger, || {
            // The result of an `async` function that throws; the page handles it.
            let rejected = Promise::reject(&"late".into());
            let _ = Watched::new(rejected.clone());
            Ok(rejected.into())
        });
    }
    sdk.submitted(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.receives("PAYMENT_SUCCESSFUL").await;
    assert!(sdk.record.of("onLog").is_empty());
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn a_long_thrown_text_is_cut_short() {
    let sdk = Sdk::new();
    sdk.record.returns("START_OF_LOADING", || Err("x".repeat(100_000).into()));
    sdk.create();
    let line = sdk.record.last("onLog CALLBACK_THREW");
    assert!(line["message"].as_str().unwrap().len() < 300);
}

#[wasm_bindgen_test]
async fn options_that_are_no_functions_are_no_callbacks() {
    let options = json!({
        "onClose": null,
        "onError": false,
        "onEventCallback": "",
        "onLog": {},
        "onSizeChanged": [],
        "onBeforeSubmit": 7,
    });
    let sdk = Sdk::with(Setup { options, has_callbacks: false, ..Setup::default() });
    let call = sdk.submits_without_form(&json!({"appearance": {"layout": {}}})).await;
    call.answer(&answers::payment("FAIL", &json!({"paymentResultCode": "ORDER_IS_CLOSED"})));
    press(&sdk.shows("ended").await.button());
    assert!(!sdk.is_in_page());
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn the_size_is_reported_in_css_pixels() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    container.style().set_property("width", "300px").unwrap();
    sdk.mount(container.js());
    let size = |width: f64| {
        let sizes = sdk.record.of("onSizeChanged");
        sizes.last().is_some_and(|size| size["width"].as_f64() == Some(width))
    };
    until("the size is reported", || size(300.0)).await;
    let height = sdk.record.of("onSizeChanged").last().unwrap()["height"].as_f64();
    assert_eq!(height, Some(sdk.screen().panel().get_bounding_client_rect().height()));

    container.style().set_property("width", "320px").unwrap();
    until("the new size is reported", || size(320.0)).await;
    let before = sdk.record.of("onSizeChanged").len();
    sdk.checkout.unmount();
    run_queued_tasks().await;
    assert_eq!(sdk.record.of("onSizeChanged").len(), before);
}

#[wasm_bindgen_test]
async fn engines_without_observers_of_sizes_report_none() {
    let _old = Patch::new(&window(), "ResizeObserver", &JsValue::UNDEFINED);
    let sdk = Sdk::new();
    sdk.create();
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.shows("ended").await;
    assert!(sdk.record.of("onSizeChanged").is_empty());
    assert!(sdk.host.thrown().is_empty());
}

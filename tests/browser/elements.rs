//! One field and one code through the whole component. Their kinds are tested in `src/view`.

use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventInit, HtmlInputElement};

use crate::support::{
    Clock, Ledger, Patch, Screen, Sdk, answers, from_js, press, run_queued_tasks, thrower, until,
};

/// Opens a method with one field.
async fn field(sdk: &Sdk) -> Screen {
    let opened = sdk.create_with(&json!({"notRedirectAfterComplete": true}));
    sdk.gateway.answer(&answers::field()).await;
    assert!(opened.outcome().await.unwrap().is_undefined());
    sdk.shows("form").await
}

fn input(screen: &Screen) -> HtmlInputElement {
    screen.element("input").unchecked_into()
}

fn type_into(input: &HtmlInputElement, value: &str) {
    input.set_value(value);
    let init = EventInit::new();
    init.set_bubbles(true);
    input.dispatch_event(&Event::new_with_event_init_dict("input", &init).unwrap()).unwrap();
}

fn qr_code(code: &str) -> Value {
    answers::processing(&json!({"codeFormViews": [{"code": code, "displayType": "QRCODE"}]}))
}

#[wasm_bindgen_test]
async fn a_field_becomes_a_factor_of_the_payment() {
    let sdk = Sdk::new();
    let screen = field(&sdk).await;
    let opening = ["START_OF_LOADING", "END_OF_LOADING", "onPaymentMethodSelected BLIK"];
    assert_eq!(sdk.record.take(), opening);
    assert!(screen.is_visible("input"));

    press(&screen.button());
    assert_eq!(sdk.record.take(), ["FORM_VERIFICATION_FAILED"]);
    assert_eq!(screen.root.active_element(), Some(input(&screen).into()));
    assert_eq!(screen.shown().button, "Pay MYR\u{a0}42.00");
    let validated = from_js(&sdk.validate().outcome().await.unwrap());
    assert_eq!(validated, json!({"isValid": false}));

    type_into(&input(&screen), "123456");
    let validated = from_js(&sdk.validate().outcome().await.unwrap());
    assert_eq!(validated, json!({"isValid": true}));
    press(&screen.button());
    let call = sdk.gateway.call().await;
    assert_eq!(call.request()["paymentFactors"], json!({"blikCode": "123456"}));
    assert_eq!(screen.shown().button, "Paying…");

    call.answer(&answers::payment("FAIL", &json!({"paymentResultCode": "DO_NOT_HONOR"})));
    sdk.receives("PAYMENT_FAIL").await;
    assert_eq!(input(&screen).value(), "123 456", "the buyer can try again");
    press(&screen.button());
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    assert!(sdk.shows("ended").await.find("input").is_none());
}

#[wasm_bindgen_test]
async fn a_code_is_rendered_again_when_it_changes() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    sdk.submitted(&qr_code("https://qr.example/1")).await;
    let screen = sdk.shows("codes").await;
    assert!(screen.is_visible("svg"));
    let first = screen.element("svg");
    let drawing = first.outer_html();
    clock.advance(2_000);
    sdk.gateway.call_now().answer(&qr_code("https://qr.example/1"));
    run_queued_tasks().await;
    assert_eq!(screen.element("svg"), first, "nothing is new");

    clock.advance(2_000);
    sdk.gateway.call_now().answer(&qr_code("https://qr.example/2"));
    until("the new code is drawn", || screen.element("svg").outer_html() != drawing).await;
    assert!(sdk.record.of("onLog").is_empty());

    // No QR code takes as much: a line in the log, and the text itself.
    let long = "x".repeat(3_000);
    clock.advance(2_000);
    sdk.gateway.call_now().answer(&qr_code(&long));
    sdk.receives("onLog CODES_CHANGED").await;
    assert!(screen.find("svg").is_none());
    assert!(screen.text(".codes").replace(char::is_whitespace, "").contains(&long));
    assert_eq!(sdk.record.of("onLog").len(), 1);
}

#[wasm_bindgen_test]
async fn fields_and_codes_leave_nothing() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    let screen = field(&sdk).await;
    sdk.checkout.unmount();
    assert_eq!(ledger.live(), [""; 0]);
    assert!(!screen.host.is_connected());

    sdk.submitted(&qr_code("https://qr.example/1")).await;
    let screen = sdk.shows("codes").await;
    press(&screen.element(".copy"));
    run_queued_tasks().await;
    sdk.checkout.unmount();
    run_queued_tasks().await;
    assert_eq!(ledger.live(), [""; 0]);
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn codes_leave_nothing_after_a_trap() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.submitted(&qr_code("https://qr.example/1")).await;
    let screen = sdk.shows("codes").await;
    let _broken = Patch::new(&screen.panel(), "getAttribute", &thrower("unreachable"));
    press(&screen.button());
    assert_eq!(sdk.host.thrown().len(), 1);
    screen.host.remove();
    sdk.checkout.abandon();
    assert_eq!(ledger.live(), [""; 0]);
}

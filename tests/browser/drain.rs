//! The drain rule: one input is handled to its end before the next one. While an `unmount` is queued,
//! no callback is called.

use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Call, Element, JsCheckout, Ledger, Patch, Sdk, Setup, Watched, answers, body, from_js,
    function, opening, press, rejection, run_queued_tasks, until, window,
};

/// Has a callback unmount, runs the steps that lead to it, and checks that nothing is left.
async fn unmount_inside_of(trigger: &str, lead: impl AsyncFnOnce(&Sdk)) {
    let sdk = Sdk::with(Setup { asks_before_submit: true, ..Setup::default() });
    let ledger = Ledger::start();
    sdk.record.calls(trigger, |checkout| {
        checkout.unmount();
        checkout.unmount();
    });
    if !trigger.starts_with("onBeforeSubmit") {
        let goes_on = || Ok(crate::support::to_js(&json!({"result": "CONTINUE"})));
        sdk.record.returns("onBeforeSubmit PAYNOW", goes_on);
        sdk.record.returns("onBeforeSubmit CARD", goes_on);
    }
    lead(&sdk).await;
    sdk.receives(trigger).await;
    run_queued_tasks().await;
    let order = sdk.record.order();
    assert_eq!(order.last().map(String::as_str), Some(trigger), "the last callback: {order:?}");
    assert!(!sdk.is_in_page(), "{trigger}");
    assert_eq!(body().query_selector_all("[data-kassa]").unwrap().length(), 0, "{trigger}");
    assert_eq!(ledger.live(), [""; 0], "{trigger}");
    assert!(sdk.gateway.is_quiet(), "{trigger}");
    assert!(sdk.host.thrown().is_empty(), "{trigger}");

    // The instance can be used again.
    sdk.record.take();
    let opened = sdk.create();
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    opened.outcome().await.unwrap();
}

#[wasm_bindgen_test]
async fn unmount_while_the_component_opens() {
    unmount_inside_of("START_OF_LOADING", async |sdk| {
        let opened = sdk.create();
        assert!(sdk.host.mounted().is_none(), "never drawn");
        assert!(opened.outcome().await.unwrap().is_undefined());
    })
    .await;
    for trigger in ["END_OF_LOADING", "onPaymentMethodSelected CARD"] {
        unmount_inside_of(trigger, async |sdk| {
            sdk.create();
            sdk.gateway.answer(&answers::card()).await;
            let form = crate::support::CardForm::of(sdk).await;
            form.send_hello().await;
            form.send(&json!({"t": "ready"}));
        })
        .await;
    }
}

#[wasm_bindgen_test]
async fn unmount_while_an_error_is_reported() {
    unmount_inside_of("onError CREATEPAYMENT_PARAMETER_ERROR", async |sdk| {
        sdk.open(&JsValue::NULL, &JsValue::UNDEFINED);
    })
    .await;
}

#[wasm_bindgen_test]
async fn unmount_while_opening_fails() {
    for trigger in ["END_OF_LOADING", "onLog OPEN_FAILED"] {
        unmount_inside_of(trigger, async |sdk| {
            let opened = sdk.create();
            sdk.gateway.call().await.fail();
            rejection(opened.outcome().await);
        })
        .await;
    }
}

#[wasm_bindgen_test]
async fn unmount_while_a_result_is_reported() {
    unmount_inside_of("onBeforeSubmit PAYNOW", async |sdk| {
        sdk.create();
        sdk.gateway.answer(&answers::method("PAYNOW")).await;
    })
    .await;
    for trigger in ["PAYMENT_AUTHORIZATION_SUCCESSFUL", "PAYMENT_SUCCESSFUL"] {
        unmount_inside_of(trigger, async |sdk| {
            sdk.submitted(&answers::payment("SUCCESS", &json!({}))).await;
            if trigger == "PAYMENT_SUCCESSFUL" {
                sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
            }
        })
        .await;
    }
    unmount_inside_of("PAYMENT_CHALLENGE", async |sdk| {
        sdk.submitted(&answers::challenge(&json!({}))).await;
    })
    .await;
    unmount_inside_of("CALL_URL_SUCCESS", async |sdk| {
        let page = crate::support::page_address("bank");
        sdk.submitted(&answers::processing(&json!({"normalUrl": page}))).await;
    })
    .await;
}

#[wasm_bindgen_test]
async fn unmount_while_a_size_is_reported() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.record.calls("onSizeChanged", JsCheckout::unmount);
    sdk.create();
    until("the component is gone", || !sdk.is_in_page()).await;
    assert_eq!(ledger.live(), [""; 0]);
    assert_eq!(sdk.record.of("onSizeChanged").len(), 1);
}

#[wasm_bindgen_test]
async fn unmount_while_closing() {
    let sdk = Sdk::new();
    sdk.create();
    sdk.record.calls("onClose", JsCheckout::unmount);
    press(&sdk.screen().element(".close"));
    assert!(!sdk.is_in_page());
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.create();
    sdk.record.calls("PAYMENT_CANCEL", JsCheckout::unmount);
    press(&sdk.screen().element(".close"));
    assert!(!sdk.is_in_page());
    assert_eq!(ledger.live(), [""; 0]);
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn a_callback_may_unmount_and_open_anew_elsewhere() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    let place = container.js().clone();
    sdk.record.calls("END_OF_LOADING", move |checkout| {
        checkout.unmount();
        let _ = Watched::new(checkout.open(&opening(&json!({})), &place));
    });
    let first = sdk.create();
    sdk.gateway.call().await.fail();
    rejection(first.outcome().await);
    assert_eq!(sdk.screen().host.parent_element(), Some((*container).clone().into()));
    assert_eq!(sdk.record.order(), ["START_OF_LOADING", "END_OF_LOADING", "START_OF_LOADING"]);
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.receives("PAYMENT_SUCCESSFUL").await;
}

#[wasm_bindgen_test]
async fn an_opening_between_two_unmounts_emits_no_event() {
    let sdk = Sdk::new();
    sdk.record.calls("START_OF_LOADING", |checkout| {
        checkout.unmount();
        let _ = Watched::new(checkout.open(&opening(&json!({})), &JsValue::UNDEFINED));
        checkout.unmount();
    });
    sdk.create();
    run_queued_tasks().await;
    assert_eq!(sdk.record.order(), ["START_OF_LOADING"]);
    assert!(sdk.host.mounted().is_none());
    assert!(sdk.gateway.is_quiet());
}

#[wasm_bindgen_test]
async fn an_opening_inside_of_a_callback_is_queued_and_refused() {
    let sdk = Sdk::new();
    sdk.record.calls("START_OF_LOADING", |checkout| {
        let _ = Watched::new(checkout.open(&opening(&json!({})), &JsValue::UNDEFINED));
    });
    sdk.create();
    // The first opening is rendered and its call sent before the second is handled.
    let expected = ["START_OF_LOADING", "onError CREATECOMPONENT_ERROR", "CREATECOMPONENT_ERROR"];
    assert_eq!(sdk.record.order(), expected);
    assert_eq!(sdk.screen().name(), "loading");
    sdk.gateway.call_now();
    assert!(sdk.gateway.is_quiet());
}

#[wasm_bindgen_test]
async fn submit_and_validate_inside_of_a_callback_use_the_form() {
    let sdk = Sdk::new();
    sdk.record.calls("onPaymentMethodSelected CARD", |checkout| {
        let _ = Watched::new(checkout.validate_fields());
        let _ = Watched::new(checkout.submit(&JsValue::UNDEFINED));
        let _ = Watched::new(checkout.submit(&JsValue::UNDEFINED));
    });
    let form = sdk.card_form().await;
    form.receives("validate").await;
    form.answer_with_token().await;
    let call = sdk.gateway.call().await;
    assert_eq!(call.request()["paymentFactors"]["cardToken"], "tok_1");
    assert!(sdk.record.has("DUPLICATE_SUBMISSION_BEHAVIOR"));
}

#[wasm_bindgen_test]
async fn submit_inside_of_an_events_callback_is_a_duplicate() {
    let sdk = Sdk::new();
    let outcome = std::rc::Rc::new(std::cell::RefCell::new(None));
    let keep = std::rc::Rc::clone(&outcome);
    sdk.record.calls("PAYMENT_AUTHORIZATION_SUCCESSFUL", move |checkout| {
        keep.replace(Some(Watched::new(checkout.submit(&JsValue::UNDEFINED))));
    });
    sdk.submitted(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.receives("DUPLICATE_SUBMISSION_BEHAVIOR").await;
    let outcome = outcome.borrow().clone().unwrap();
    let outcome = from_js(&outcome.outcome().await.unwrap());
    assert_eq!(outcome["code"], "SDK_DUPLICATE_SUBMISSION_BEHAVIOR");
}

#[wasm_bindgen_test]
async fn a_press_inside_of_a_callback_is_queued() {
    let sdk = Sdk::new();
    let screen = std::rc::Rc::new(std::cell::RefCell::new(None));
    let keep = std::rc::Rc::clone(&screen);
    sdk.record.calls("END_OF_LOADING", move |_| {
        let close: Option<web_sys::HtmlElement> = keep.borrow_mut().take();
        press(&close.unwrap());
    });
    sdk.create();
    screen.replace(Some(sdk.screen().element(".close")));
    sdk.gateway.answer(&answers::card()).await;
    let form = crate::support::CardForm::of(&sdk).await;
    form.send_hello().await;
    form.send(&json!({"t": "ready"}));
    until("the component is closed", || !sdk.is_in_page()).await;
    // All effects of the form's message were executed before.
    let order = sdk.record.order();
    let expected = ["START_OF_LOADING", "END_OF_LOADING", "onPaymentMethodSelected CARD"];
    assert!(order.starts_with(&expected.map(str::to_owned)), "{order:?}");
    assert_eq!(order.len(), 5);
}

#[wasm_bindgen_test]
async fn an_unmount_in_a_blur_listener() {
    let (sdk, ledger, button) = (Sdk::new(), Ledger::start(), Element::new("button"));
    button.focus().unwrap();
    let checkout = sdk.checkout.clone();
    let blurred = function(move |_| {
        checkout.unmount();
        Ok(JsValue::UNDEFINED)
    });
    button.set_onblur(Some(&blurred));
    let opened = sdk.create();
    button.set_onblur(None);
    run_queued_tasks().await;
    assert!(!sdk.is_in_page());
    assert!(opened.outcome().await.unwrap().is_undefined());
    assert_eq!(ledger.live(), [""; 0]);
    assert!(sdk.gateway.is_quiet());
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn an_opening_in_a_focus_listener() {
    let (sdk, button) = (Sdk::new(), Element::new("button"));
    button.focus().unwrap();
    sdk.create();
    sdk.gateway.call().await;
    let checkout = sdk.checkout.clone();
    let focused = function(move |_| {
        let _ = Watched::new(checkout.open(&opening(&json!({})), &JsValue::UNDEFINED));
        Ok(JsValue::UNDEFINED)
    });
    button.set_onfocus(Some(&focused));
    let first = sdk.screen().host;
    sdk.checkout.unmount();
    button.set_onfocus(None);
    assert!(!first.is_connected());
    assert!(sdk.is_in_page(), "opened again");
    assert_eq!(sdk.screen().name(), "loading");
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.receives("PAYMENT_SUCCESSFUL").await;
    assert!(sdk.host.thrown().is_empty());
}

#[wasm_bindgen_test]
async fn an_unmount_inside_of_fetch() {
    let sdk = Sdk::new();
    let checkout = sdk.checkout.clone();
    let fetch = function(move |_| {
        checkout.unmount();
        Ok(js_sys::Promise::new(&mut |_, _| {}).into())
    });
    let own = Patch::new(&window(), "fetch", &fetch);
    let ledger = Ledger::start();
    let opened = sdk.create();
    drop(own);
    assert!(opened.outcome().await.unwrap().is_undefined());
    assert!(!sdk.is_in_page());
    assert_eq!(ledger.live(), [""; 0]);
}

#[wasm_bindgen_test]
async fn callbacks_of_one_instance_may_call_another() {
    let (first, container) = (Sdk::new(), Element::new("div"));
    let second = Sdk::beside(&first);
    let (other, place) = (second.checkout.clone(), container.js().clone());
    first.record.calls("START_OF_LOADING", move |_| {
        let _ = Watched::new(other.open(&opening(&json!({})), &place));
    });
    first.create();
    assert_eq!(container.unchecked_ref::<web_sys::Element>().child_element_count(), 1);
    assert!(first.is_in_page());
    let calls: [Call; 2] = [second.gateway.call_now(), second.gateway.call_now()];
    assert!(calls.iter().all(|call| call.operation() == "query"));
}

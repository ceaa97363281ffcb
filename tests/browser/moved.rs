//! The page's own code moves the component in the document, or takes it out.

use serde_json::json;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    CardForm, Clock, Element, Ledger, Patch, Sdk, answers, body, document, from_js,
    is_scrolling_locked, press, run_queued_tasks, until, window,
};

/// A card form in a container, on the screen on which it can be used.
async fn card_form_in(sdk: &Sdk, container: &Element) -> CardForm {
    sdk.mount(container.js());
    sdk.loads_card_form(&answers::card()).await
}

/// Moves the container to another place, which makes its frame load again.
async fn moved(sdk: &Sdk, container: &Element, form: &CardForm) -> CardForm {
    let before = form.window();
    let place = document().create_element("div").unwrap();
    body().append_child(&place).unwrap();
    place.append_child(container).unwrap();
    until("the frame loads again", || {
        sdk.screen().frame().and_then(|frame| frame.content_window()).is_some_and(|it| it != before)
    })
    .await;
    let form = CardForm::of(sdk).await;
    form.send_hello().await;
    form
}

#[wasm_bindgen_test]
async fn a_form_that_loads_again_gets_the_same_init_and_pays() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    let first = card_form_in(&sdk, &container).await;
    let init = first.receives("init").await;
    let second = moved(&sdk, &container, &first).await;
    assert_eq!(second.receives("init").await, init);
    second.send(&json!({"t": "ready"}));
    run_queued_tasks().await;
    sdk.record.take();
    press(&sdk.screen().button());
    second.answer_with_token().await;
    assert_eq!(sdk.gateway.call().await.operation(), "submitPayByPaymentSession");
    assert!(sdk.record.order().is_empty());
}

#[wasm_bindgen_test]
async fn the_first_form_is_no_longer_connected() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    let first = card_form_in(&sdk, &container).await;
    // The page of a frame may say hello again without a load.
    first.post(&json!({"t": "kassa:hello"}));
    until("the form is welcome again", || first.welcomes() == 2).await;
    first.receives_nth("init", 1).await;
}

#[wasm_bindgen_test]
async fn what_was_due_is_lost_and_nothing_is_paid() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    let first = card_form_in(&sdk, &container).await;
    let checked = sdk.validate();
    first.receives("validate").await;
    let paid = sdk.submit();
    first.receives("submit").await;
    sdk.record.take();
    let second = moved(&sdk, &container, &first).await;
    second.send(&json!({"t": "ready"}));
    let outcome = from_js(&paid.outcome().await.unwrap());
    assert_eq!(outcome["code"], "SDK_SUBMIT_NETWORK_ERROR");
    let checked = from_js(&checked.outcome().await.unwrap());
    assert_eq!(checked, json!({"isValid": false}));
    assert_eq!(sdk.record.take(), ["onError SUBMIT_NETWORK_ERROR", "SUBMIT_NETWORK_ERROR"]);
    assert!(sdk.gateway.is_quiet());
    let alert = "The connection was interrupted and nothing was paid. Please try again.";
    assert_eq!(sdk.screen().shown().alert, alert);
}

#[wasm_bindgen_test]
async fn a_form_that_loads_again_while_a_payment_is_sent_is_locked() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    let first = card_form_in(&sdk, &container).await;
    press(&sdk.screen().button());
    first.answer_with_token().await;
    let call = sdk.gateway.call().await;
    let second = moved(&sdk, &container, &first).await;
    second.send(&json!({"t": "ready"}));
    assert_eq!(second.receives("busy").await["busy"], true);
    assert!(!call.is_aborted());
}

#[wasm_bindgen_test]
async fn a_dialog_that_is_moved_is_above_the_page_again() {
    let sdk = Sdk::new();
    let first = sdk.card_form().await;
    let place = Element::new("div");
    let host = sdk.screen().host;
    let before = first.window();
    place.append_child(&host).unwrap();
    until("the frame loads again", || {
        sdk.screen().frame().and_then(|frame| frame.content_window()).is_some_and(|it| it != before)
    })
    .await;
    let second = CardForm::of(&sdk).await;
    second.send_hello().await;
    second.send(&json!({"t": "ready"}));
    until("the dialog is modal", || sdk.screen().panel().matches(":modal").unwrap()).await;
}

#[wasm_bindgen_test]
async fn a_component_that_is_taken_out_ends_as_if_it_had_been_closed() {
    for in_container in [true, false] {
        let (sdk, container) = (Sdk::new(), Element::new("div"));
        let ledger = Ledger::start();
        if in_container {
            card_form_in(&sdk, &container).await;
        } else {
            sdk.card_form().await;
        }
        sdk.record.take();
        sdk.host.mounted().unwrap().remove();
        sdk.receives("PAYMENT_CANCEL").await;
        sdk.receives("onClose").await;
        assert!(!is_scrolling_locked());
        assert_eq!(ledger.live(), [""; 0]);
        assert_eq!(sdk.host.finished(), 1);
        // Another one can be opened.
        sdk.create();
        assert!(sdk.is_in_page());
    }
}

#[wasm_bindgen_test]
async fn a_body_that_is_replaced_takes_the_component_with_it() {
    let sdk = Sdk::new();
    let own = body();
    sdk.card_form().await;
    sdk.record.take();
    let other = document().create_element("body").unwrap();
    own.replace_with_with_node_1(&other).unwrap();
    sdk.receives("PAYMENT_CANCEL").await;
    assert!(!is_scrolling_locked());
    other.replace_with_with_node_1(&own).unwrap();
}

#[wasm_bindgen_test]
async fn a_payment_under_way_ends_undecided() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::code("1234", 60_000)).await;
    sdk.shows("codes").await;
    sdk.record.take();
    sdk.host.mounted().unwrap().remove();
    let event = sdk.receives("PAYMENT_PROCESSING").await;
    assert_eq!(event["result"]["reason"], "CLOSED_BEFORE_RESULT");
}

#[wasm_bindgen_test]
async fn engines_without_observers_notice_it_with_the_next_screen() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    let _old = Patch::new(&window(), "ResizeObserver", &JsValue::UNDEFINED);
    sdk.create();
    sdk.host.mounted().unwrap().remove();
    run_queued_tasks().await;
    sdk.record.take();
    sdk.gateway.answer(&answers::card()).await;
    sdk.receives("PAYMENT_CANCEL").await;
    assert_eq!(sdk.host.finished(), 1);
}

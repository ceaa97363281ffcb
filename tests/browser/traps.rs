//! `abandon`, the module's part of the cleanup after a trap. JavaScript calls it after it has
//! removed the component. JavaScript's part of it is tested end to end.
//!
//! No answer, no message and no value of a merchant's may lead to a trap, so that none can be
//! provoked from there. These tests throw through the module's frames instead, in the middle of an
//! effect: the calls on the stack end without a destructor, cells stay borrowed, and
//! the queue stays where it was, as after `unreachable`.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    CardForm, Clock, Element, Faulty, Ledger, Patch, Sdk, answers, dispatch, document,
    is_scrolling_locked, press, run_queued_tasks, set, thrower, window,
};

/// Cleans up as `js/src/guard.ts` does, and checks that nothing is left.
async fn leaves_nothing(sdk: &Sdk, ledger: &Ledger) {
    assert_eq!(sdk.host.thrown().len(), 1, "one trap");
    if let Some(host) = sdk.host.mounted() {
        host.remove();
        let lock = sdk.host.scroll_lock();
        if lock.is_object() {
            set(&lock, "disabled", &true.into());
        }
    }
    sdk.checkout.abandon();
    assert_eq!(ledger.live(), [""; 0]);
    assert!(!is_scrolling_locked());

    // No further call reaches the trapped module.
    sdk.record.take();
    for event in ["online", "pageshow"] {
        dispatch(&window(), event);
    }
    dispatch(&document(), "visibilitychange");
    sdk.checkout.unmount();
    sdk.checkout.abandon();
    run_queued_tasks().await;
    assert!(sdk.record.order().is_empty());
    assert!(sdk.gateway.is_quiet());
    assert_eq!(sdk.host.thrown().len(), 1);
}

#[wasm_bindgen_test]
async fn while_a_call_is_sent() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.host.make_throw(Faulty::Signal);
    let opened = sdk.create();
    assert!(!opened.is_settled(), "JavaScript rejects what is pending");
    leaves_nothing(&sdk, &ledger).await;
}

#[wasm_bindgen_test]
async fn in_a_timer() {
    let clock = Clock::start();
    let (sdk, ledger) = (Sdk::under(&clock), Ledger::start());
    sdk.submitted(&answers::challenge(&json!({}))).await;
    sdk.shows("challenge").await;
    CardForm::of(&sdk).await;
    sdk.host.make_throw(Faulty::Signal);
    clock.advance(2_000);
    leaves_nothing(&sdk, &ledger).await;
}

#[wasm_bindgen_test]
async fn in_a_listener_of_the_page() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.submitted(&answers::processing(&json!({"waitsFor": "APPROVAL"}))).await;
    let screen = sdk.shows("waiting").await;
    sdk.host.make_throw(Faulty::Signal);
    press(&screen.button());
    leaves_nothing(&sdk, &ledger).await;
}

#[wasm_bindgen_test]
async fn while_the_screen_is_rendered() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    sdk.submitted(&answers::code("1234", 60_000)).await;
    let screen = sdk.shows("codes").await;
    assert!(ledger.live().contains(&"interval 1000".to_owned()), "the countdown runs");
    let _broken = Patch::new(&screen.panel(), "getAttribute", &thrower("unreachable"));
    press(&screen.button());
    leaves_nothing(&sdk, &ledger).await;
}

#[wasm_bindgen_test]
async fn with_a_card_form() {
    let (sdk, ledger) = (Sdk::new(), Ledger::start());
    let form = sdk.card_form().await;
    press(&sdk.screen().button());
    sdk.host.make_throw(Faulty::Signal);
    form.answer_with_token().await;
    crate::support::until("the module traps", || !sdk.host.thrown().is_empty()).await;
    leaves_nothing(&sdk, &ledger).await;
}

#[wasm_bindgen_test]
async fn when_the_component_has_just_been_mounted() {
    let (sdk, container) = (Sdk::new(), Element::new("div"));
    let ledger = Ledger::start();
    sdk.host.make_throw(Faulty::Mounted);
    sdk.mount(container.js());
    leaves_nothing(&sdk, &ledger).await;
    assert_eq!(container.child_element_count(), 0);
}

#[wasm_bindgen_test]
async fn another_instance_keeps_working() {
    let (first, container) = (Sdk::new(), Element::new("div"));
    let second = Sdk::beside(&first);
    first.host.make_throw(Faulty::Signal);
    first.create();
    first.host.mounted().unwrap().remove();
    first.checkout.abandon();
    second.mount(container.js());
    second.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    second.receives("PAYMENT_SUCCESSFUL").await;
    assert_eq!(second.screen().shown().status, "Payment complete. Thank you!");
}

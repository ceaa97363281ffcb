//! Limits, inquiries and countdowns, by a monotonic clock.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Clock, Patch, Screen, Sdk, answers, dispatch, document, restored, run_queued_tasks, until,
    window,
};

const DAY: f64 = 86_400_000.0;

/// A code on the screen that is valid for so many milliseconds.
async fn shows_code(sdk: &Sdk, valid_for: u64) -> Screen {
    sdk.submitted(&answers::code("1234", valid_for)).await;
    sdk.shows("codes").await
}

#[wasm_bindgen_test]
async fn the_countdown_counts_seconds() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    let screen = shows_code(&sdk, 3_723_000).await;
    // A hidden page sends no inquiry meanwhile.
    let _hidden = Patch::visibility("hidden");
    dispatch(&document(), "visibilitychange");
    let left = screen.element(".left");
    for (passes, shown) in [
        (0, "Time left 1:02:03"),
        (1_000, "Time left 1:02:02"),
        (122_000, "Time left 1:00:00"),
        (1_000, "Time left 59:59"),
        (3_539_000, "Time left 1:00"),
        (50_000, "Time left 0:10"),
        (9_000, "Time left 0:01"),
    ] {
        clock.advance(passes);
        assert_eq!(left.text_content().as_deref(), Some(shown));
        assert!(!left.hidden());
    }
    clock.advance(1_000);
    assert!(left.hidden());
    clock.advance(10_000);
    assert!(left.hidden(), "it does not begin again");
}

#[wasm_bindgen_test]
async fn the_countdown_of_a_long_time_has_days() {
    const SECOND: u64 = 1_000;
    const DAY: u64 = 86_400 * SECOND;
    for (valid_for, shown, a_second_later) in [
        (40 * DAY, "Time left 40 days 0:00:00", "Time left 39 days 23:59:59"),
        (2 * DAY, "Time left 2 days 0:00:00", "Time left 1 day 23:59:59"),
        (DAY, "Time left 1 day 0:00:00", "Time left 23:59:59"),
    ] {
        let clock = Clock::start();
        let sdk = Sdk::under(&clock);
        let screen = shows_code(&sdk, valid_for).await;
        let left = screen.element(".left");
        assert_eq!(left.text_content().as_deref(), Some(shown));
        clock.advance(1_000);
        assert_eq!(left.text_content().as_deref(), Some(a_second_later));
    }
}

#[wasm_bindgen_test]
async fn a_code_without_a_limit_has_no_countdown() {
    let sdk = Sdk::new();
    let codes = json!({"codeFormViews": [{"code": "1234", "displayType": "TEXT"}]});
    sdk.submitted(&answers::processing(&codes)).await;
    assert_eq!(sdk.shows("codes").await.shown().time_left, "");
}

#[wasm_bindgen_test]
async fn a_system_clock_that_jumps_changes_no_countdown_and_no_limit() {
    for jump in [DAY, -DAY] {
        let clock = Clock::start();
        let sdk = Sdk::under(&clock);
        // The limit of a call.
        sdk.create_with(&json!({"notRedirectAfterComplete": true}));
        clock.advance(10_000);
        clock.set_system_forward(jump);
        clock.advance(4_999);
        assert_eq!(sdk.screen().name(), "loading");
        sdk.gateway.answer(&answers::method("PAYNOW")).await;
        sdk.gateway.answer(&answers::code("1234", 60_000)).await;
        let screen = sdk.shows("codes").await;

        clock.set_system_forward(jump);
        clock.advance(1_000);
        assert_eq!(screen.shown().time_left, "Time left 0:59");
        clock.advance(1_000);
        sdk.gateway.call_now().answer(&answers::code("1234", 58_000));
        run_queued_tasks().await;
        assert_eq!(screen.shown().time_left, "Time left 0:58");
        assert!(screen.shown().status.starts_with("Pay with this code"));
        clock.set_system_forward(-3.0 * jump);
        clock.advance(2_000);
        sdk.gateway.call_now().answer(&answers::payment("SUCCESS", &json!({})));
        sdk.receives("PAYMENT_SUCCESSFUL").await;
    }
}

#[wasm_bindgen_test]
async fn polling_sends_one_call_at_a_time_every_two_seconds() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    shows_code(&sdk, 600_000).await;
    for _ in 0..3 {
        clock.advance(1_999);
        assert!(sdk.gateway.is_quiet());
        clock.advance(1);
        let call = sdk.gateway.call_now();
        assert_eq!(call.operation(), "inquire");
        clock.advance(10_000);
        assert!(sdk.gateway.is_quiet(), "one call at a time");
        call.answer(&answers::code("1234", 600_000));
        run_queued_tasks().await;
    }
    // A network that breaks is no result.
    clock.advance(2_000);
    sdk.gateway.call_now().fail();
    run_queued_tasks().await;
    // Until then, the browser may report a policy as the reason.
    clock.advance(0);
    sdk.receives("onLog INQUIRE_FAILED").await;
    clock.advance(2_000);
    sdk.gateway.call_now();
}

#[wasm_bindgen_test]
async fn polling_stops_in_the_background_and_resumes_at_once() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    shows_code(&sdk, 600_000).await;
    let hidden = Patch::visibility("hidden");
    dispatch(&document(), "visibilitychange");
    clock.advance(60_000);
    assert!(sdk.gateway.is_quiet());
    drop(hidden);
    dispatch(&document(), "visibilitychange");
    sdk.gateway.call_now().answer(&answers::code("1234", 600_000));
    run_queued_tasks().await;
    assert!(sdk.gateway.is_quiet());

    dispatch(&window(), "online");
    sdk.gateway.call_now().answer(&answers::code("1234", 600_000));
    run_queued_tasks().await;
    restored();
    dispatch(&window(), "online");
    sdk.gateway.call_now().answer(&answers::payment("SUCCESS", &json!({})));
    assert!(sdk.gateway.is_quiet(), "one call at a time");
    sdk.receives("PAYMENT_SUCCESSFUL").await;
}

#[wasm_bindgen_test]
async fn a_change_to_the_background_or_back_counts_also_while_nothing_is_open() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    sdk.create();
    let hidden = Patch::visibility("hidden");
    dispatch(&document(), "visibilitychange");
    sdk.gateway.call_now().fail();
    run_queued_tasks().await;
    clock.advance(0);
    sdk.record.last("CREATECOMPONENT_ERROR");
    drop(hidden);
    dispatch(&document(), "visibilitychange");
    shows_code(&sdk, 600_000).await;
    clock.advance(2_000);
    sdk.gateway.call_now().answer(&answers::payment("SUCCESS", &json!({})));
    sdk.receives("PAYMENT_SUCCESSFUL").await;
    sdk.checkout.unmount();

    let _hidden = Patch::visibility("hidden");
    shows_code(&sdk, 600_000).await;
    clock.advance(60_000);
    assert!(sdk.gateway.is_quiet());
}

#[wasm_bindgen_test]
async fn a_form_has_15_seconds_to_load_and_20_to_answer() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    sdk.create();
    sdk.gateway.answer(&answers::card()).await;
    until("the form loads", || sdk.screen().frame().is_some()).await;
    clock.advance(14_999);
    assert!(sdk.is_in_page());
    clock.advance(1);
    let event = sdk.record.last("CREATECOMPONENT_ERROR");
    let message = event["message"].as_str().unwrap();
    assert!(message.contains("no answer within 15 seconds"), "{message}");
    assert!(!message.contains("-src"), "{message}");
    // As the page of the tests is, or is not.
    let is_isolated = js_sys::Reflect::get(&window(), &"crossOriginIsolated".into()).unwrap();
    assert_eq!(message.contains("cross-origin isolated"), is_isolated.is_truthy(), "{message}");
    assert!(!sdk.is_in_page());

    sdk.card_form().await;
    let (validated, submitted) = (sdk.validate(), sdk.submit());
    clock.advance(19_999);
    run_queued_tasks().await;
    assert!(!validated.is_settled() && !submitted.is_settled());
    clock.advance(1);
    assert_eq!(
        crate::support::from_js(&validated.outcome().await.unwrap()),
        json!({"isValid": false})
    );
    let outcome = crate::support::from_js(&submitted.outcome().await.unwrap());
    assert_eq!(outcome["code"], "SDK_SUBMIT_NETWORK_ERROR");
}

#[wasm_bindgen_test]
async fn engines_without_a_monotonic_clock_use_the_systems() {
    let _old = Patch::new(&window(), "performance", &wasm_bindgen::JsValue::UNDEFINED);
    let sdk = Sdk::new();
    sdk.submitted(&answers::code("1234", 60_000)).await;
    let left = sdk.shows("codes").await.shown().time_left;
    assert!(left == "Time left 1:00" || left == "Time left 0:59", "{left}");
}

//! What happens in which order, and what does not happen any more.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{CARD, SESSION, Stage, arguments, container, json, reply};

#[wasm_bindgen_test]
fn opening_draws_where_it_was_told_and_asks_the_gateway() {
    let stage = Stage::new();
    let place = container();
    stage.kassa.open(1, arguments(SESSION), Some(place.clone()));
    assert_eq!(stage.member("draw", 0, "screen"), "loading");
    assert_eq!(stage.given("draw", 1), JsValue::from(place));
    assert_eq!(stage.given("call", 1), "https://gw.example/mgw.htm");
    assert_eq!(stage.heard(), "SDK_START_OF_LOADING draw call timer");
}

#[wasm_bindgen_test]
fn without_a_container_it_is_over_the_page() {
    let stage = Stage::opening();
    assert!(stage.given("draw", 1).is_undefined());
}

#[wasm_bindgen_test]
fn a_bad_session_is_refused_and_nothing_was_in_the_page() {
    let stage = Stage::new();
    stage.kassa.open(7, arguments("abc"), None);
    assert_eq!(stage.id("settle"), 7);
    assert_eq!(stage.given("settle", 1), false);
    assert_eq!(stage.given("settle", 2), "SDK_CREATEPAYMENT_PARAMETER_ERROR");
    assert_eq!(stage.heard(), "SDK_CREATEPAYMENT_PARAMETER_ERROR settle");
}

#[wasm_bindgen_test]
fn unmount_lets_go_of_everything_and_whatever_comes_late_is_not_heard() {
    let stage = Stage::opening();
    let (call, timer) = (stage.id("call"), stage.id("timer"));
    stage.heard();
    stage.kassa.unmount();
    assert_eq!((stage.id("abort"), stage.id("cancel")), (call, timer));
    assert_eq!(stage.id("settle"), 1);
    let mut heard: Vec<String> = stage.heard().split(' ').map(str::to_owned).collect();
    heard.sort();
    assert_eq!(heard, ["abort", "cancel", "settle", "teardown"]);

    stage.kassa.answered(call, reply(&json(CARD)));
    stage.kassa.answered(call, JsValue::UNDEFINED);
    stage.kassa.fired(timer);
    for what in ["close", "continue", "hidden", "online", "pay", "restored", "shown", "no such"] {
        stage.kassa.happened(what);
    }
    stage.kassa.heard(1, json(r#"{"t":"ready"}"#));
    stage.kassa.unmount();
    assert_eq!(stage.heard(), "");
}

#[wasm_bindgen_test]
fn unmount_inside_a_callback_silences_what_would_come_after_it() {
    let stage = Stage::new().when("SDK_START_OF_LOADING", "kassa.unmount()", &[]);
    stage.call("kassa.open(1, opening, undefined)", &[("opening", arguments(SESSION))]);
    // Neither drawn nor asked: the event was the first of several effects of one input.
    let heard = stage.heard();
    assert!(heard.ends_with("settle teardown"), "{heard}");
    for silenced in ["draw", "call", "timer"] {
        assert!(!heard.split(' ').any(|name| name == silenced), "{heard}");
    }
}

#[wasm_bindgen_test]
fn a_callback_may_unmount_and_open_anew_elsewhere() {
    let place = container();
    let scope = [("opening", arguments(SESSION)), ("place", place.clone().into())];
    let script = "kassa.unmount(); kassa.open(2, opening, place)";
    let stage = Stage::opening().when("SDK_END_OF_LOADING", script, &scope);
    // A gateway that refuses ends the first opening, with an event.
    stage.heard();
    stage.call("kassa.answered(call, reply)", &[("call", 1.into()), ("reply", reply(&json("{}")))]);
    assert_eq!(stage.given("draw", 1), JsValue::from(place));
    let heard = stage.heard();
    assert!(heard.ends_with("SDK_START_OF_LOADING draw call timer"), "{heard}");
}

#[wasm_bindgen_test]
fn a_second_opening_is_refused_and_does_not_move_the_first() {
    let stage = Stage::new();
    let place = container();
    stage.kassa.open(1, arguments(SESSION), Some(place.clone()));
    stage.kassa.open(2, arguments(SESSION), Some(container()));
    assert_eq!(stage.id("settle"), 2);
    assert_eq!(stage.given("settle", 1), false);
    stage.answer(CARD);
    assert_eq!(stage.given("draw", 1), JsValue::from(place));
}

#[wasm_bindgen_test]
fn an_input_that_arrives_while_another_is_handled_waits_its_turn() {
    let stage = Stage::opening().when("cancel", "kassa.happened('close')", &[]);
    stage.heard();
    let scope = [("call", JsValue::from(1)), ("reply", reply(&json(CARD)))];
    stage.call("kassa.answered(call, reply)", &scope);
    // All that the answer asks for is done before the closing is looked at.
    let heard = stage.heard();
    let (opened, closed) = (heard.find("open_frame"), heard.find("teardown"));
    assert!(opened.is_some() && opened < closed, "{heard}");
}

//! What comes from elsewhere is read member by member, and believed no further.

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{CARD, SESSION, Stage, arguments, json, reply, set};

#[wasm_bindgen_test]
fn numbers_count_as_text() {
    let stage = Stage::opening();
    stage.answer(&CARD.replace("\"4200\"", "4200"));
    assert_eq!(stage.member("draw", 0, "decimal"), "42.00");
    assert_eq!(stage.member("draw", 0, "merchant"), "Tea House");
}

#[wasm_bindgen_test]
fn inherited_members_are_not_there() {
    let stage = Stage::opening();
    let inherits = Object::create(json(CARD).unchecked_ref());
    set(&inherits, "merchantName", &"Tea House".into());
    stage.kassa.answered(stage.id("call"), reply(&inherits));
    // Without `success` of its own it is a refusal.
    assert_eq!(stage.given("settle", 1), false);
    assert!(stage.given("open_frame", 0).is_undefined());
}

#[wasm_bindgen_test]
fn members_named_like_methods_of_objects_are_members() {
    let stage = Stage::opening();
    stage.answer(&CARD.replacen('{', r#"{"hasOwnProperty":1,"toString":2,"__proto__":{},"#, 1));
    assert_eq!(stage.member("draw", 0, "merchant"), "Tea House");
}

#[wasm_bindgen_test]
fn of_a_list_the_first_object_is_taken() {
    let stage = Stage::opening();
    stage.answer(&CARD.replace("[{", "[null,7,[],{"));
    assert!(stage.id("open_frame") > 0);
}

#[wasm_bindgen_test]
fn what_is_not_an_object_is_no_answer() {
    for body in ["[]", "null", "7", "\"text\"", "true"] {
        let stage = Stage::opening();
        stage.answer(body);
        assert_eq!(stage.given("settle", 1), false, "{body}");
    }
}

#[wasm_bindgen_test]
fn a_broken_call_is_told_from_an_answered_one() {
    let words = |given| {
        let stage = Stage::opening();
        stage.kassa.answered(stage.id("call"), given);
        stage.given("settle", 3).as_string()
    };
    let (broken, empty) = (words(JsValue::UNDEFINED), words(reply(&JsValue::UNDEFINED)));
    assert!(broken.is_some() && broken != empty, "{broken:?}");
}

#[wasm_bindgen_test]
fn an_answer_to_another_call_changes_nothing() {
    let stage = Stage::opening();
    let other = stage.id("call") + 1;
    stage.heard();
    stage.kassa.answered(other, reply(&json(CARD)));
    assert_eq!(stage.heard(), "");
}

#[wasm_bindgen_test]
fn the_card_form_is_heard_by_its_own_words_only() {
    let stage = Stage::ready();
    let frame = stage.id("open_frame");
    assert_eq!(stage.given("settle", 1), true);
    stage.kassa.happened("pay");
    let asked = stage.member("send", 0, "id");
    stage.heard();
    let inherits: Object = Object::create(json(r#"{"t":"close"}"#).unchecked_ref());
    for packet in [json("[]"), json("null"), json(r#"{"t":"paid"}"#), json("{}"), inherits.into()] {
        stage.kassa.heard(frame, packet);
    }
    stage.kassa.heard(frame + 1, json(r#"{"t":"close"}"#));
    assert_eq!(stage.heard(), "");

    let token: Object = json(r#"{"t":"token","token":"tok_1"}"#).unchecked_into();
    set(&token, "id", &asked);
    stage.kassa.heard(frame, token.into());
    assert_eq!(stage.member("call", 3, "paymentFactors.cardToken"), "tok_1");
}

#[wasm_bindgen_test]
fn a_fourth_part_must_be_base64_of_an_object() {
    for (part, taken) in [("e30=", true), ("%%%", false), ("W10=", false), ("", true)] {
        let stage = Stage::new();
        let session = format!("{}&&{part}", SESSION);
        stage.kassa.open(1, arguments(&session), None);
        assert_eq!(stage.given("call", 0).is_undefined(), !taken, "{part}");
    }
}

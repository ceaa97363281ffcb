//! What goes out is JSON that says what was meant.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{CARD, SESSION, Stage, json};

#[wasm_bindgen_test]
fn a_call_carries_the_browsers_facts_whatever_is_in_them() {
    let stage = Stage::opening();
    let member = |name| stage.member("call", 3, name);
    // Quotes, backslashes and letters of any kind arrive; a line break is only a space.
    let agent = "A \"quoted\" \\ \u{2028} \u{1f4b3} browser";
    assert_eq!(member("envInfo.browserInfo.browserUserAgent"), agent);
    assert_eq!(member("envInfo.browserInfo.browserJavaScriptEnabled"), true);
    assert_eq!(member("envInfo.browserInfo.browserColorDepth"), 24);
    assert_eq!(member("envInfo.timeZoneOffset"), -480);
    assert_eq!(member("envInfo.screenWidth"), 1280);
    assert_eq!(member("extParams.refUrl"), "https://shop.example/pay");
    assert_eq!(member("notRedirectAfterComplete"), true);
    let operation = stage.member("call", 2, "Operation-Type");
    assert_eq!(operation, "com.ipay.iexpcashier.sdkAction.query");
    // Cookies never travel to a gateway that the merchant named.
    assert_eq!(stage.given("call", 4), false);
}

#[wasm_bindgen_test]
fn a_picture_says_all_that_is_drawn() {
    let stage = Stage::ready();
    let member = |name| stage.member("draw", 0, name);
    assert_eq!(member("screen"), "card");
    assert_eq!(member("theme"), "night");
    assert_eq!(member("currency"), "MYR");
    assert_eq!(member("digits"), 2);
    assert_eq!(member("button"), "pay");
    assert_eq!(member("label"), "Pay");
    assert_eq!(member("closable"), true);
    assert_eq!(member("alert"), "");

    stage.kassa.happened("pay");
    assert_eq!(member("button"), "paying");
    assert_eq!(member("closable"), false);
}

#[wasm_bindgen_test]
fn bad_news_and_other_news_have_a_place_each() {
    let stage = Stage::opening();
    assert_eq!(stage.member("draw", 0, "status"), "Preparing secure payment…");
    assert_eq!(stage.member("draw", 0, "alert"), "");

    let stage = Stage::ready();
    stage.kassa.happened("pay");
    stage.form_answers(r#"{"t":"unreachable"}"#);
    assert_ne!(stage.member("draw", 0, "alert"), "");
    assert_eq!(stage.member("draw", 0, "status"), "");
}

#[wasm_bindgen_test]
fn the_form_is_greeted_before_anything_else_is_said_to_it() {
    let stage = Stage::opening();
    stage.answer(CARD);
    assert_eq!(stage.given("open_frame", 1), "https://gw.example/frame/card");
    assert_eq!(stage.given("open_frame", 2), "Card details");
    assert_eq!(stage.member("send", 0, "t"), "init");
    assert_eq!(stage.member("send", 0, "session"), SESSION);
    assert_eq!(stage.member("send", 0, "theme"), "night");
}

#[wasm_bindgen_test]
fn promises_are_settled_with_what_they_ask_for() {
    let stage = Stage::ready();
    stage.kassa.validate(5);
    stage.form_answers(r#"{"t":"checked","valid":"1"}"#);
    assert_eq!(stage.id("settle"), 5);
    assert_eq!(stage.given("settle", 1), true);
    assert_eq!(stage.given("settle", 2), "");

    let address = json(r#"{"city":"Ipoh","zipCode":30000,"state":{},"other":"x"}"#);
    stage.kassa.submit(6, address);
    stage.form_answers(r#"{"t":"token","token":"tok_1"}"#);
    let given = |name| stage.member("call", 3, name);
    assert_eq!(given("paymentFactors.billingAddress.city"), "Ipoh");
    assert_eq!(given("paymentFactors.billingAddress.zipCode"), "30000");
    assert_eq!(given("paymentFactors.billingAddress.state"), JsValue::UNDEFINED);
    assert_eq!(given("paymentFactors.billingAddress.other"), JsValue::UNDEFINED);
}

//! What goes out is JSON that says what was meant.

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{CARD, SESSION, Stage, arguments, json, set};

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
    assert_eq!(member("screen"), "form");
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
fn codes_are_passed_on_as_they_came_with_the_time_that_is_left() {
    let stage = Stage::opening();
    stage.answer(r#"{"success":true,"paymentMethods":[{"paymentMethodType":"PAYNOW"}]}"#);
    stage.answer(
        r#"{"success":true,"paymentStatus":"PROCESSING","serverTime":1000000,
            "codeFormViews":[{"code":"a\"b","displayType":"QRCODE","codeExpireTime":"1060000"}]}"#,
    );
    let member = |name| stage.member("draw", 0, name);
    assert_eq!(member("screen"), "codes");
    assert_eq!(member("codes.0.code"), "a\"b");
    assert_eq!(member("codes.0.displayType"), "QRCODE");
    let left = member("left").as_f64().unwrap();
    assert!((55_000.0..=60_000.0).contains(&left), "{left}");
    assert_eq!(member("button"), "check");
}

#[wasm_bindgen_test]
fn fields_are_passed_on_and_their_values_are_the_factors() {
    let stage = Stage::opening();
    stage.answer(
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"BLIK",
            "paymentElements":[{"paymentElementKey":"blikCode","elementType":"BLIK"}]}]}"#,
    );
    let form = stage.id("open_form");
    let elements = stage.given("open_form", 1).as_string().unwrap();
    assert_eq!(elements, r#"[{"paymentElementKey":"blikCode","elementType":"BLIK"}]"#);
    stage.kassa.heard(form, json(r#"{"t":"ready"}"#));
    assert_eq!(stage.given("selected", 0), "BLIK");
    stage.kassa.happened("pay");
    let values: Object =
        json(r#"{"t":"values","values":"{\"blikCode\":\"123456\"}"}"#).unchecked_into();
    set(&values, "id", &stage.member("send", 0, "id"));
    stage.kassa.heard(form, values.into());
    assert_eq!(stage.member("call", 3, "paymentFactors.blikCode"), "123456");
}

#[wasm_bindgen_test]
fn what_the_session_and_the_merchant_say_reaches_the_gateway() {
    let stage = Stage::new();
    // {"paymentSessionConfig":{"productScene":"CASHIER_PAYMENT","more":[1]}}
    let metadata = "eyJwYXltZW50U2Vzc2lvbkNvbmZpZyI6eyJwcm9kdWN0U2NlbmUiOiJDQVNISUVSX1BBWU1FTlQiLCJtb3JlIjpbMV19fQ==";
    stage.kassa.open(1, arguments(&format!("{SESSION}&&{metadata}")), None);
    let member = |name| stage.member("call", 3, name);
    assert_eq!(member("paymentSessionConfig.productScene"), "CASHIER_PAYMENT");
    assert_eq!(member("paymentSessionConfig.more.0"), 1);
    assert_eq!(member("merchantAppointParam.storedCard.needCVV"), true);
}

#[wasm_bindgen_test]
fn the_merchant_is_asked_before_a_submit_and_heard() {
    let stage = Stage::guarded();
    stage.kassa.open(1, arguments(SESSION), None);
    stage.answer(r#"{"success":true,"paymentMethods":[{"paymentMethodType":"GCASH"}]}"#);
    assert_eq!(stage.given("guard", 1), "GCASH");
    stage.heard();
    stage.kassa.guarded(0, "CONTINUE".into());
    assert_eq!(stage.heard(), "", "that was another question");
}

#[wasm_bindgen_test]
fn a_challenge_is_a_frame_that_has_one_thing_to_say() {
    let stage = Stage::ready();
    stage.kassa.happened("pay");
    stage.form_answers(r#"{"t":"token","token":"tok_1"}"#);
    stage.answer(
        r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,
            "challengeUrl":"/3ds/challenge/1","challengeWindowSize":"03"}"#,
    );
    assert_eq!(stage.given("open_window", 1), "https://gw.example/3ds/challenge/1");
    assert_eq!(stage.given("open_window", 2), "03");
    assert_eq!(stage.member("draw", 0, "screen"), "challenge");
    let window = stage.id("open_window");
    stage.heard();
    stage.kassa.heard(window, json(r#"{"t":"close"}"#));
    stage.kassa.heard(window, json(r#"{"t":"token","id":"1","token":"x"}"#));
    assert_eq!(stage.heard(), "");
    stage.kassa.heard(window, json(r#"{"t":"kassa:3ds"}"#));
    assert!(stage.heard().contains("close_window"));
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

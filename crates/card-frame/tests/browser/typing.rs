//! What typing, pasting and autofill do to the fields.

use js_sys::Reflect;
use kassa_protocol::frame::CardFormInit;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CompositionEvent, InputEvent, InputEventInit};

use crate::page::{Page, init};

#[wasm_bindgen_test]
async fn a_number_is_grouped_and_the_caret_stays() {
    let page = Page::open().await;
    page.place("number", 0);
    page.type_text("411122");
    assert_eq!(page.shows("number"), "4111 22|");
    page.place("number", 2);
    page.type_text("9");
    assert_eq!(page.shows("number"), "419|1 122");
    page.place("number", 2);
    page.type_text("x 8");
    assert_eq!(page.shows("number"), "418|9 1122");
}

#[wasm_bindgen_test]
async fn a_deleted_gap_takes_the_digit_next_to_it() {
    let page = Page::open().await;
    page.place("number", 0);
    page.command("insertText", "41112222");
    assert_eq!(page.shows("number"), "4111 2222|");
    page.place("number", 5);
    page.command("delete", "");
    assert_eq!(page.shows("number"), "411|2 222");
    page.place("number", 4);
    page.command("forwardDelete", "");
    assert_eq!(page.shows("number"), "4112| 22");
}

#[wasm_bindgen_test]
async fn a_pasted_number_replaces_the_selection() {
    let page = Page::open().await;
    page.place("number", 0);
    page.type_text("5162");
    page.input("number").select();
    page.command("insertText", "3782-822463-10005");
    assert_eq!(page.shows("number"), "3782 822463 10005|");
    assert_eq!(page.text_of("brand"), "American Express");
    assert_eq!(page.text_of("cvc-hint"), "4 digits on the front");
    page.input("number").select();
    page.command("insertText", "\u{ff14}111");
    assert_eq!(page.shows("number"), "4111|");
    assert_eq!(page.text_of("brand"), "Visa");
}

#[wasm_bindgen_test]
async fn a_date_gets_its_separator() {
    let page = Page::open().await;
    page.place("expiry", 0);
    page.type_text("4");
    assert_eq!(page.shows("expiry"), "04/|");
    page.type_text("3");
    page.command("delete", "");
    assert_eq!(page.shows("expiry"), "04|");
    page.command("delete", "");
    page.command("delete", "");
    page.type_text("1/2039");
    assert_eq!(page.shows("expiry"), "01/2039|");
    // Once the buyer leaves the field, the date is shown like all dates.
    page.place("cvc", 0);
    assert_eq!(page.input("expiry").value(), "01/39");
}

#[wasm_bindgen_test]
async fn autofill_of_all_fields_is_accepted() {
    let page = Page::open().await;
    page.fill("number", "4111111111111111", "input");
    page.fill("expiry", "2039-12", "change");
    page.fill("cvc", "737", "change");
    page.fill("holder", "Ada Lovelace", "input");
    assert_eq!(page.input("number").value(), "4111 1111 1111 1111");
    assert_eq!(page.input("expiry").value(), "12/2039");
    assert_eq!(page.text_of("brand"), "Visa");
}

#[wasm_bindgen_test]
async fn a_date_of_a_password_manager_is_read_as_a_whole() {
    let page = Page::open().await;
    for (text, shown) in
        [("203012", "12/2030"), ("2031-06-30", "06/2031"), ("12/31/2030", "12/2030")]
    {
        page.fill("expiry", text, "input");
        assert_eq!(page.input("expiry").value(), shown);
    }
    page.fill("expiry", "next summer", "change");
    assert_eq!(page.input("expiry").value(), "next summer");
    page.fire("expiry", "focusout");
    assert_eq!(page.input("expiry").value(), "next summer");
    assert!(page.is_invalid("expiry"));
}

#[wasm_bindgen_test]
async fn a_card_expires_by_the_gateways_clock() {
    for (today, expiry, is_invalid) in [
        (Some("2026-11-24"), "11/26", false),
        (Some("2026-11-24"), "10/26", true),
        (Some("2035-01-01"), "12/34", true),
        // The gateway gave no time: the issuer decides.
        (None, "10/20", false),
    ] {
        let today = today.map(String::from);
        let page = Page::open_with(CardFormInit { today, ..init() }).await;
        page.fill("expiry", expiry, "input");
        page.fire("expiry", "focusout");
        assert_eq!(page.is_invalid("expiry"), is_invalid, "{expiry}");
    }
}

#[wasm_bindgen_test]
async fn errors_appear_when_the_field_is_left_and_go_when_corrected() {
    let page = Page::open().await;
    // An empty field that the buyer only passed has no error.
    page.place("number", 0);
    page.place("expiry", 0);
    assert!(!page.is_invalid("number"));
    page.place("number", 0);
    page.type_text("4111 1111 1111 1112");
    assert_eq!(page.text_of("number-error"), "");
    page.place("expiry", 0);
    assert!(page.is_invalid("number"));
    assert!(page.text_of("number-error").contains("digit"));
    page.place("number", 19);
    page.command("delete", "");
    assert!(page.is_invalid("number"), "still wrong");
    page.type_text("1");
    assert!(!page.is_invalid("number"));
    assert_eq!(page.text_of("number-error"), "");

    page.place("expiry", 0);
    page.type_text("1327");
    page.place("cvc", 0);
    assert_eq!(page.text_of("expiry-error"), "The month must be 01 to 12.");
    page.type_text("99");
    page.place("holder", 0);
    assert_eq!(page.text_of("cvc-error"), "The code has 3 digits.");
    page.command("insertText", "4111 1111 1111 1111");
    page.place("cvc", 0);
    assert!(page.is_invalid("holder"));
}

#[wasm_bindgen_test]
async fn a_composition_is_left_alone() {
    let page = Page::open().await;
    let input = page.input("number");
    input.focus().unwrap();
    input.set_value("\u{ff14}\u{ff11}x");
    let init = InputEventInit::new();
    init.set_bubbles(true);
    Reflect::set(&init, &"isComposing".into(), &JsValue::TRUE).unwrap();
    let event = InputEvent::new_with_event_init_dict("input", &init).unwrap();
    input.dispatch_event(&event).unwrap();
    assert_eq!(input.value(), "\u{ff14}\u{ff11}x");
    let init = web_sys::CompositionEventInit::new();
    init.set_bubbles(true);
    let event = CompositionEvent::new_with_event_init_dict("compositionend", &init).unwrap();
    input.dispatch_event(&event).unwrap();
    assert_eq!(input.value(), "41");
}

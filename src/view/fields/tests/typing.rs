//! Texts while they are typed, filled in and composed.

use kassa_protocol::frame::FromForm;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CompositionEvent, CompositionEventInit, InputEvent, InputEventInit};

use super::{Page, fire, one, press_with, type_into};

/// Edits a text as a key does: the text afterwards, the caret in it, and the type of input.
fn edit(page: &Page, key: &str, text: &str, caret: u32, input_type: &str) -> (String, u32) {
    let input = page.input(key);
    input.focus().unwrap();
    input.set_value(text);
    input.set_selection_range(caret, caret).unwrap();
    type_into(&input, input_type);
    (input.value(), input.selection_start().unwrap().unwrap())
}

#[wasm_bindgen_test]
fn a_text_is_shaped_and_the_caret_stays() {
    let page = Page::new(&one("cpf", "CPF"));
    let shown = |text: &str, caret| (text.to_owned(), caret);
    let cpf = |text, caret, input_type| edit(&page, "cpf", text, caret, input_type);
    assert_eq!(cpf("5299", 4, "insertText"), shown("529.9", 5));
    assert_eq!(cpf("52998224725", 11, "insertFromPaste"), shown("529.982.247-25", 14));
    // Only the point before the caret is gone: the digit before it was meant.
    assert_eq!(cpf("529.982247-25", 7, "deleteContentBackward"), shown("529.982.472-5", 6));
    assert_eq!(cpf("529.982.2472-5", 10, "insertText"), shown("529.982.247-25", 10));
    // Only the point behind the caret is gone: the digit behind it was meant.
    assert_eq!(cpf("529982.247-25", 3, "deleteContentForward"), shown("529.822.472-5", 3));
    // A text that needs no other shape is left alone.
    assert_eq!(cpf("529.822.4", 2, "deleteWordForward"), shown("529.822.4", 2));
}

#[wasm_bindgen_test]
fn a_caret_does_not_take_the_focus() {
    let page = Page::new(&one("cpf", "CPF").replace("]", r#",{"paymentElementKey":"note"}]"#));
    page.input("note").focus().unwrap();
    let cpf = page.input("cpf");
    cpf.set_value("5299");
    type_into(&cpf, "insertText");
    assert_eq!(cpf.value(), "529.9");
    assert_eq!(page.focused(), "note");
}

#[wasm_bindgen_test]
fn texts_of_browsers_that_fill_in_are_shaped() {
    let page = Page::new(&one("phone", "PHONE"));
    let phone = page.input("phone");
    phone.set_value("\u{ff0b}34 600\u{a0}112 233x");
    // Such events have no type of input.
    fire(&phone, "change");
    assert_eq!(phone.value(), "+34 600 112 233");
    // Such events have no key.
    fire(&phone, "keydown");
    assert_eq!(page.sent(), []);
}

#[wasm_bindgen_test]
fn a_composition_is_left_alone() {
    let page = Page::new(&one("cpf", "CPF"));
    let cpf = page.input("cpf");
    cpf.focus().unwrap();
    cpf.set_value("\u{ff15}\u{ff12}\u{ff19}\u{ff19}");
    let init = InputEventInit::new();
    init.set_bubbles(true);
    init.set_is_composing(true);
    let event = InputEvent::new_with_event_init_dict("input", &init).unwrap();
    cpf.dispatch_event(&event).unwrap();
    assert_eq!(cpf.value(), "\u{ff15}\u{ff12}\u{ff19}\u{ff19}");
    // Keys of a composition do nothing in the form.
    let enter = press_with(&cpf, "Enter", |init| {
        init.set_is_composing(true);
    });
    assert!(!enter.default_prevented());
    let enter = press_with(&cpf, "Enter", |init| {
        init.set_key_code(229);
    });
    assert!(!enter.default_prevented());
    assert_eq!(page.sent(), []);
    let init = CompositionEventInit::new();
    init.set_bubbles(true);
    let event = CompositionEvent::new_with_event_init_dict("compositionend", &init).unwrap();
    cpf.dispatch_event(&event).unwrap();
    assert_eq!(cpf.value(), "529.9");
    assert!(press_with(&cpf, "Enter", |_| {}).default_prevented());
    assert_eq!(page.sent(), [FromForm::SubmitPressed]);
}

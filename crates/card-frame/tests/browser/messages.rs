//! Messages between the page and the form.

use js_sys::Array;
use kassa_protocol::frame::{CardFormInit, FromForm, StoredCard, Theme, ToForm};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Event;

use crate::exchange::{Gateway, TOKEN};
use crate::page::{Page, init, object, to_js, until, window};

#[wasm_bindgen_test]
async fn a_form_reports_that_it_is_ready_and_its_height() {
    let page = Page::open().await;
    let height = page.receive(|m| matches!(m, FromForm::Resized { .. })).await;
    assert!(matches!(height, FromForm::Resized { height: 100.. }), "{height:?}");
    assert_eq!(page.received().first(), Some(&FromForm::Ready));
    for id in ["number", "expiry", "cvc", "holder"] {
        assert!(!page.text_of(&format!("{id}-label")).is_empty());
    }
}

#[wasm_bindgen_test]
async fn the_page_gets_enter_and_escape() {
    let page = Page::open().await;
    assert!(!page.press("cvc", "Enter"), "the browser must not act on it");
    page.receive(|m| *m == FromForm::SubmitPressed).await;
    page.press("holder", "Escape");
    page.receive(|m| *m == FromForm::ClosePressed).await;
    // Autofill fires key events without a key.
    page.fire("number", "keydown");
    page.send(&ToForm::Busy { busy: true });
    until(|| page.input("cvc").read_only()).await;
    page.press("cvc", "Enter");
    page.settle().await;
    let presses = page.received().iter().filter(|m| **m == FromForm::SubmitPressed).count();
    assert_eq!(presses, 1);
}

#[wasm_bindgen_test]
async fn a_check_shows_errors_and_focuses_the_first() {
    let page = Page::open().await;
    page.place("holder", 0);
    page.send(&ToForm::Validate { id: 4 });
    page.receive(|m| *m == FromForm::Checked { id: 4, valid: false }).await;
    assert_eq!(page.active(), "number");
    for id in ["number", "expiry", "cvc", "holder"] {
        assert!(page.is_invalid(id), "{id}");
        assert!(!page.text_of(&format!("{id}-error")).is_empty(), "{id}");
    }
    page.fill_card("4111111111111111");
    page.send(&ToForm::Validate { id: 5 });
    page.receive(|m| *m == FromForm::Checked { id: 5, valid: true }).await;
    assert!(!page.is_invalid("number"));
    // Another brand needs a CVC of another length.
    page.fill("number", "378282246310005", "input");
    page.send(&ToForm::Validate { id: 6 });
    page.receive(|m| *m == FromForm::Checked { id: 6, valid: false }).await;
    assert_eq!(page.active(), "cvc");
}

#[wasm_bindgen_test]
async fn a_card_of_unknown_brand_is_valid() {
    let page = Page::open().await;
    page.fill_card("9490220011669217");
    page.send(&ToForm::Validate { id: 1 });
    page.receive(|m| *m == FromForm::Checked { id: 1, valid: true }).await;
}

#[wasm_bindgen_test]
async fn a_busy_form_keeps_the_focus_and_refuses_edits() {
    let page = Page::open().await;
    page.place("cvc", 0);
    page.send(&ToForm::Busy { busy: true });
    until(|| page.input("cvc").read_only()).await;
    assert_eq!(page.active(), "cvc");
    page.send(&ToForm::Busy { busy: false });
    until(|| !page.input("cvc").read_only()).await;
}

#[wasm_bindgen_test]
async fn a_hidden_page_keeps_no_card() {
    let page = Page::open().await;
    page.fill_card("4111111111111111");
    window().dispatch_event(&Event::new("pagehide").unwrap()).unwrap();
    for id in ["number", "expiry", "cvc", "holder"] {
        assert_eq!(page.input(id).value(), "", "{id}");
    }
    assert_eq!(page.text_of("brand"), "");
}

#[wasm_bindgen_test]
async fn the_theme_is_the_documents() {
    for (theme, attribute) in [(Some(Theme::Night), "night"), (None, "")] {
        let page = Page::open_with(CardFormInit { theme, ..init() }).await;
        let html = page.document.document_element().unwrap();
        assert_eq!(html.get_attribute("data-theme").as_deref(), Some(attribute));
    }
}

#[wasm_bindgen_test]
async fn only_the_first_init_counts() {
    let page = Page::open().await;
    page.fill_card("4111111111111111");
    let second = CardFormInit {
        session: String::from("another;session"),
        locale: String::from("de"),
        theme: Some(Theme::Night),
        today: None,
        stored: Some(StoredCard { id: String::from("pm_1"), ..StoredCard::default() }),
    };
    page.send(&ToForm::Init(Box::new(second)));
    page.settle().await;
    assert_eq!(page.received().iter().filter(|m| **m == FromForm::Ready).count(), 1);
    assert_eq!(page.input("number").value(), "4111 1111 1111 1111");
    assert!(!page.is_shown("stored") && !page.is_shown("other"));
    let html = page.document.document_element().unwrap();
    assert_eq!(html.get_attribute("data-theme").as_deref(), Some(""));

    let gateway = Gateway::answers(200, TOKEN);
    page.send(&ToForm::Submit { id: 1 });
    page.receive(|m| matches!(m, FromForm::Token { id: 1, .. })).await;
    assert!(gateway.sent().contains(&("session".into(), "session;with;parts".into())));
}

#[wasm_bindgen_test]
async fn nothing_is_answered_before_the_first_init() {
    let gateway = Gateway::answers(200, TOKEN);
    let page = Page::load();
    page.fill_card("4111111111111111");
    page.send(&ToForm::Submit { id: 1 });
    page.send(&ToForm::Validate { id: 2 });
    page.send(&ToForm::Busy { busy: true });
    page.send(&ToForm::Init(Box::new(init())));
    page.receive(|m| *m == FromForm::Ready).await;
    page.settle().await;
    assert_eq!(page.received().first(), Some(&FromForm::Ready));
    assert!(!page.input("cvc").read_only());
    assert_eq!(page.input("number").value(), "", "the text is from before the session");
    assert!(gateway.requests().is_empty());
}

#[wasm_bindgen_test]
async fn values_that_are_no_message_are_ignored() {
    let page = Page::open().await;
    page.settle().await;
    let before = page.received().len();
    let with = |members: &[(&str, JsValue)]| JsValue::from(object(members));
    for value in [
        JsValue::UNDEFINED,
        JsValue::NULL,
        JsValue::from("submit"),
        JsValue::from(7),
        Array::of1(&JsValue::from("submit")).into(),
        with(&[]),
        with(&[("t", JsValue::NULL)]),
        with(&[("t", "paid".into()), ("id", 1.into())]),
        with(&[("t", "Validate".into()), ("id", 1.into())]),
        // What forms send is nothing that a form takes.
        to_js(&FromForm::Ready),
        to_js(&FromForm::Checked { id: 1, valid: true }),
        // An id that could not be echoed.
        with(&[("t", "validate".into())]),
        with(&[("t", "validate".into()), ("id", (-1).into())]),
        with(&[("t", "validate".into()), ("id", 1.5.into())]),
    ] {
        page.send_value(&value);
    }
    page.settle().await;
    let received = page.received();
    let is_answer = |m: &&FromForm| matches!(m, FromForm::Checked { .. } | FromForm::Ready);
    assert_eq!(received[before..].iter().filter(is_answer).count(), 1, "{received:?}");
    assert!(page.is_shown("number"));
}

#[wasm_bindgen_test]
async fn a_page_of_a_newer_version_is_understood() {
    let page = Page::load();
    let more = || ("more", JsValue::from(object(&[("t", "busy".into())])));
    let stored = object(&[
        ("id", "pm_1".into()),
        ("brand", "VISA".into()),
        ("lastFour", "0768".into()),
        ("needsCvc", true.into()),
        more(),
    ]);
    page.send_value(&object(&[
        ("t", "init".into()),
        ("session", "session;with;parts".into()),
        ("locale", "en".into()),
        ("storedCard", stored.into()),
        more(),
    ]));
    page.receive(|m| *m == FromForm::Ready).await;
    assert_eq!(page.text_of("stored"), "VISA •••• 0768");
    assert!(page.is_shown("cvc") && !page.is_shown("number"));
    page.send_value(&object(&[("t", "prefill".into()), ("holder", "Ada".into())]));
    page.send_value(&object(&[("t", "validate".into()), ("id", 9.into()), more()]));
    page.receive(|m| *m == FromForm::Checked { id: 9, valid: false }).await;
    assert_eq!(page.input("holder").value(), "");
}

#[wasm_bindgen_test]
async fn a_page_of_an_older_version_gets_the_form_for_a_new_card() {
    // Before version 0.1 every member was a text, and a stored card was three of them.
    let page = Page::load();
    page.send_value(&object(&[
        ("t", "init".into()),
        ("session", "session;with;parts".into()),
        ("locale", "en".into()),
        ("theme", "".into()),
        ("stored", "pm_1".into()),
        ("storedLabel", "VISA •••• 0768".into()),
        ("needCode", "1".into()),
    ]));
    page.receive(|m| *m == FromForm::Ready).await;
    assert!(page.is_shown("number") && !page.is_shown("stored") && !page.is_shown("other"));
    // An id as text is not the id of a message: the page's own time limit reports it.
    page.send_value(&object(&[("t", "submit".into()), ("id", "7".into())]));
    page.settle().await;
    assert!(!page.received().iter().any(|m| matches!(m, FromForm::Invalid { .. })));
}

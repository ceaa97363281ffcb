//! What the form does when the page speaks, and what it says by itself.

use kassa_core::frame::{FromFrame, Greeting, ToFrame};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Event;

use crate::page::{Page, sleep, window};

#[wasm_bindgen_test]
async fn a_form_says_that_it_is_ready_and_how_tall() {
    let page = Page::open().await;
    let tall = page.hear(|m| matches!(m, FromFrame::Resized { .. })).await;
    assert!(matches!(tall, FromFrame::Resized { height: 100.. }), "{tall:?}");
    assert_eq!(page.heard().first(), Some(&FromFrame::Ready));
    for id in ["number", "expiry", "cvc", "holder"] {
        assert!(!page.text_of(&format!("{id}-label")).is_empty());
    }
}

#[wasm_bindgen_test]
async fn keys_that_mean_something_to_the_page_reach_it() {
    let page = Page::open().await;
    assert!(!page.press("cvc", "Enter"), "the browser must not act on it");
    page.hear(|m| *m == FromFrame::SubmitPressed).await;
    page.press("holder", "Escape");
    page.hear(|m| *m == FromFrame::ClosePressed).await;
    // Autofill fires key events without a key.
    page.fire("number", "keydown");
    page.say(&ToFrame::Busy { busy: true });
    sleep(30).await;
    page.press("cvc", "Enter");
    sleep(30).await;
    let presses = page.heard().iter().filter(|m| **m == FromFrame::SubmitPressed).count();
    assert_eq!(presses, 1);
}

#[wasm_bindgen_test]
async fn a_check_shows_what_is_wrong_and_leads_there() {
    let page = Page::open().await;
    page.place("holder", 0);
    page.say(&ToFrame::Validate { id: 4 });
    page.hear(|m| *m == FromFrame::Checked { id: 4, valid: false }).await;
    assert_eq!(page.active(), "number");
    for id in ["number", "expiry", "cvc", "holder"] {
        assert!(page.is_invalid(id), "{id}");
        assert!(!page.text_of(&format!("{id}-error")).is_empty(), "{id}");
    }
    page.fill_card("4111111111111111");
    page.say(&ToFrame::Validate { id: 5 });
    page.hear(|m| *m == FromFrame::Checked { id: 5, valid: true }).await;
    assert!(!page.is_invalid("number"));
    // A code that fitted no longer does when the brand changes.
    page.fill("number", "378282246310005", "input");
    page.say(&ToFrame::Validate { id: 6 });
    page.hear(|m| *m == FromFrame::Checked { id: 6, valid: false }).await;
    assert_eq!(page.active(), "cvc");
}

#[wasm_bindgen_test]
async fn a_card_of_unknown_brand_is_valid() {
    let page = Page::open().await;
    page.fill_card("9490220011669217");
    page.say(&ToFrame::Validate { id: 1 });
    page.hear(|m| *m == FromFrame::Checked { id: 1, valid: true }).await;
}

#[wasm_bindgen_test]
async fn a_busy_form_keeps_the_focus_and_refuses_edits() {
    let page = Page::open().await;
    page.place("cvc", 0);
    page.say(&ToFrame::Busy { busy: true });
    sleep(30).await;
    assert!(page.input("cvc").read_only());
    assert_eq!(page.active(), "cvc");
    page.say(&ToFrame::Busy { busy: false });
    sleep(30).await;
    assert!(!page.input("cvc").read_only());
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
    let page = Page::open().await;
    page.say(&ToFrame::Init(Box::new(Greeting {
        session: String::new(),
        locale: String::new(),
        theme: String::from("night"),
        ..Greeting::default()
    })));
    sleep(30).await;
    let html = page.document.document_element().unwrap();
    assert_eq!(html.get_attribute("data-theme").as_deref(), Some("night"));
}

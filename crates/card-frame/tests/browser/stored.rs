//! A stored card in place of the fields.

use kassa_protocol::frame::{CardFormInit, FromForm, StoredCard, ToForm};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Event;

use crate::exchange::{Gateway, TOKEN, members};
use crate::page::{Page, init, until, window};

const FIELDS: [&str; 4] = ["number", "expiry", "cvc", "holder"];

/// The first message of a page that offers a stored card.
pub(crate) fn with_stored(brand: &str, needs_cvc: bool) -> CardFormInit {
    let stored = StoredCard {
        id: String::from("pm_1"),
        brand: String::from(brand),
        last_four: String::from("0768"),
        needs_cvc,
    };
    CardFormInit { stored: Some(stored), ..init() }
}

/// The fields that the buyer sees.
fn shown(page: &Page) -> Vec<&'static str> {
    FIELDS.into_iter().filter(|id| page.is_shown(id)).collect()
}

#[wasm_bindgen_test]
async fn without_one_there_is_nothing_to_choose() {
    let without_id = StoredCard { brand: String::from("VISA"), ..StoredCard::default() };
    for stored in [None, Some(without_id)] {
        let page = Page::open_with(CardFormInit { stored, ..init() }).await;
        assert_eq!(shown(&page), FIELDS);
        assert!(!page.is_shown("stored") && !page.is_shown("other"));
    }
}

#[wasm_bindgen_test]
async fn a_stored_card_is_shown_and_exchanged() {
    let gateway = Gateway::answers(200, TOKEN);
    let page = Page::open_with(with_stored("VISA", false)).await;
    assert!(shown(&page).is_empty());
    assert!(page.is_shown("stored") && page.is_shown("other"));
    assert_eq!(page.text_of("stored"), "VISA •••• 0768");
    let spoken_label = page.input("stored").get_attribute("aria-label");
    assert_eq!(spoken_label.as_deref(), Some("VISA, ending in 0768"));
    page.send(&ToForm::Validate { id: 1 });
    page.receive(|m| *m == FromForm::Checked { id: 1, valid: true }).await;
    page.send(&ToForm::Submit { id: 2 });
    let answer = page.receive(|m| matches!(m, FromForm::Token { .. })).await;
    let expected = FromForm::Token {
        id: 2,
        token: "tok_1".into(),
        brand: "VISA".into(),
        last_four: "1111".into(),
    };
    assert_eq!(answer, expected);
    // Text that a browser fills into a hidden field is not sent.
    page.fill("cvc", "737", "input");
    page.send(&ToForm::Submit { id: 3 });
    page.receive(|m| matches!(m, FromForm::Token { id: 3, .. })).await;
    let expected = members(&[("session", "session;with;parts"), ("stored", "pm_1")]);
    assert_eq!(gateway.sent(), expected);
}

#[wasm_bindgen_test]
async fn its_cvc_is_asked_for_where_it_is_needed() {
    let gateway = Gateway::answers(200, TOKEN);
    for (brand, wrong, right, hint) in [
        ("VISA", "1234", "123", "3 digits on the back"),
        ("AMEX", "123", "1234", "4 digits on the front"),
        ("OURS", "12", "1234", "3 or 4 digits"),
    ] {
        let page = Page::open_with(with_stored(brand, true)).await;
        assert_eq!(shown(&page), ["cvc"]);
        assert_eq!(page.text_of("cvc-hint"), hint);
        let requests = gateway.requests().len();
        for (id, text) in [(1, ""), (2, wrong)] {
            page.fill("cvc", text, "input");
            page.send(&ToForm::Submit { id });
            page.receive(|m| *m == FromForm::Invalid { id }).await;
            assert!(page.is_invalid("cvc"), "{brand} {text}");
            assert_eq!(page.active(), "cvc");
        }
        assert_eq!(gateway.requests().len(), requests, "an invalid CVC is not sent");
        page.fill("cvc", right, "input");
        assert!(!page.is_invalid("cvc"));
        page.send(&ToForm::Submit { id: 3 });
        page.receive(|m| matches!(m, FromForm::Token { id: 3, .. })).await;
        let expected = [("session", "session;with;parts"), ("stored", "pm_1"), ("cvc", right)];
        assert_eq!(gateway.sent(), members(&expected));
        for message in page.received() {
            assert!(!format!("{message:?}").contains(right), "{message:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn another_card_can_be_used_and_the_stored_one_again() {
    let gateway = Gateway::answers(200, TOKEN);
    let page = Page::open_with(with_stored("VISA", true)).await;
    assert_eq!(page.text_of("other"), "Use another card");
    page.fill("cvc", "12", "input");
    page.send(&ToForm::Validate { id: 1 });
    page.receive(|m| *m == FromForm::Checked { id: 1, valid: false }).await;
    page.input("other").click();
    assert_eq!(shown(&page), FIELDS);
    assert!(!page.is_shown("stored"));
    assert_eq!(page.active(), "number");
    assert_eq!(page.input("cvc").value(), "", "the CVC was the other card's");
    assert!(!page.is_invalid("cvc"));
    page.fill_card("378282246310005");
    page.fill("cvc", "1234", "input");
    page.send(&ToForm::Submit { id: 2 });
    page.receive(|m| matches!(m, FromForm::Token { id: 2, .. })).await;
    let names: Vec<String> = gateway.sent().into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"number".into()) && !names.contains(&"stored".into()), "{names:?}");

    assert_eq!(page.text_of("other"), "Use the saved card");
    page.input("other").click();
    assert_eq!(shown(&page), ["cvc"]);
    assert_eq!(page.active(), "cvc");
    for id in FIELDS {
        assert_eq!(page.input(id).value(), "", "{id}");
    }
    assert_eq!(page.text_of("cvc-hint"), "3 digits on the back");
    page.fill("cvc", "123", "input");
    page.send(&ToForm::Submit { id: 3 });
    page.receive(|m| matches!(m, FromForm::Token { id: 3, .. })).await;
    let expected = [("session", "session;with;parts"), ("stored", "pm_1"), ("cvc", "123")];
    assert_eq!(gateway.sent(), members(&expected));
}

#[wasm_bindgen_test]
async fn the_page_gets_the_height_of_each_of_them() {
    let page = Page::open_with(with_stored("VISA", false)).await;
    let FromForm::Resized { height: stored } =
        page.receive(|m| matches!(m, FromForm::Resized { .. })).await
    else {
        unreachable!()
    };
    page.input("other").click();
    page.receive(|m| matches!(m, FromForm::Resized { height } if *height > stored + 100)).await;
}

#[wasm_bindgen_test]
async fn the_button_works_while_no_payment_is_under_way() {
    let page = Page::open_with(with_stored("VISA", true)).await;
    assert!(page.press("other", "Enter"), "the browser makes a click of it");
    page.send(&ToForm::Busy { busy: true });
    until(|| page.input("cvc").read_only()).await;
    page.input("other").click();
    assert_eq!(shown(&page), ["cvc"], "not while a payment is under way");
    assert_eq!(page.input("other").get_attribute("aria-disabled").as_deref(), Some("true"));
    page.send(&ToForm::Busy { busy: false });
    until(|| !page.input("cvc").read_only()).await;
    page.input("other").click();
    assert_eq!(shown(&page), FIELDS);
    page.press("other", "Escape");
    page.receive(|m| *m == FromForm::ClosePressed).await;
    assert!(!page.received().contains(&FromForm::SubmitPressed));
}

#[wasm_bindgen_test]
async fn a_gateway_that_asks_for_the_cvc_after_all_gets_it() {
    let refusal = r#"{"success":false,"errorCode":"INVALID_CVV","errorMessage":"m"}"#;
    let gateway = Gateway::answers(200, refusal);
    let page = Page::open_with(with_stored("VISA", false)).await;
    page.send(&ToForm::Submit { id: 1 });
    page.receive(|m| matches!(m, FromForm::Refused { id: 1, .. })).await;
    assert_eq!(shown(&page), ["cvc"]);
    assert!(page.is_invalid("cvc"));
    assert_eq!(page.active(), "cvc");
    page.send(&ToForm::Submit { id: 2 });
    page.receive(|m| *m == FromForm::Invalid { id: 2 }).await;
    page.fill("cvc", "123", "input");
    page.send(&ToForm::Submit { id: 3 });
    page.receive(|m| matches!(m, FromForm::Refused { id: 3, .. })).await;
    assert!(gateway.sent().contains(&("cvc".into(), "123".into())));
}

#[wasm_bindgen_test]
async fn a_refusal_of_a_hidden_field_changes_nothing() {
    let refusal = r#"{"success":false,"errorCode":"INVALID_CARD_NUMBER","errorMessage":"m"}"#;
    let _gateway = Gateway::answers(200, refusal);
    let page = Page::open_with(with_stored("VISA", false)).await;
    page.send(&ToForm::Submit { id: 1 });
    page.receive(|m| matches!(m, FromForm::Refused { id: 1, .. })).await;
    assert!(shown(&page).is_empty());
    page.input("other").click();
    assert!(!page.is_invalid("number"));
}

#[wasm_bindgen_test]
async fn a_hidden_page_keeps_no_cvc_but_its_card() {
    let page = Page::open_with(with_stored("AMEX", true)).await;
    page.fill("cvc", "1234", "input");
    window().dispatch_event(&Event::new("pagehide").unwrap()).unwrap();
    assert_eq!(page.input("cvc").value(), "");
    assert_eq!(shown(&page), ["cvc"]);
    assert_eq!(page.text_of("cvc-hint"), "4 digits on the front");
}

//! A stored card in place of the fields.

use js_sys::{JSON, Object};
use kassa_core::frame::{FromFrame, Greeting, ToFrame, stored_label};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Event;

use crate::exchange::{Gateway, TOKEN};
use crate::page::{Page, get, sleep, window};

const FIELDS: [&str; 4] = ["number", "expiry", "cvc", "holder"];

fn greeting(brand: &str, needs_code: bool) -> Greeting {
    Greeting {
        stored: String::from("pm_1"),
        stored_label: stored_label(brand, "0768"),
        needs_code,
        ..Greeting::default()
    }
}

/// The fields that the buyer sees.
fn shown(page: &Page) -> Vec<&'static str> {
    FIELDS.into_iter().filter(|id| page.is_shown(id)).collect()
}

/// The members of the last request.
fn sent(gateway: &Gateway) -> Vec<(String, String)> {
    let asked = gateway.asked.borrow();
    let (url, init) = asked.last().unwrap();
    assert_eq!(url, "/frame/card/token");
    let body = JSON::parse(&get(init, "body").as_string().unwrap()).unwrap();
    let body: Object = body.unchecked_into();
    let names = Object::keys(&body).into_iter().map(|name| name.as_string().unwrap());
    names.map(|name| (name.clone(), get(&body, &name).as_string().unwrap())).collect()
}

fn pairs(members: &[(&str, &str)]) -> Vec<(String, String)> {
    members.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[wasm_bindgen_test]
async fn without_one_there_is_nothing_to_choose() {
    let page = Page::open().await;
    assert_eq!(shown(&page), FIELDS);
    assert!(!page.is_shown("stored") && !page.is_shown("other"));
}

#[wasm_bindgen_test]
async fn a_stored_card_is_shown_and_exchanged() {
    let gateway = Gateway::answers(200, TOKEN);
    let page = Page::open_with(greeting("VISA", false)).await;
    assert!(shown(&page).is_empty());
    assert!(page.is_shown("stored") && page.is_shown("other"));
    assert_eq!(page.text_of("stored"), "VISA •••• 0768");
    let spoken = page.input("stored").get_attribute("aria-label");
    assert_eq!(spoken.as_deref(), Some("VISA, ending in 0768"));
    page.say(&ToFrame::Validate { id: 1 });
    page.hear(|m| *m == FromFrame::Checked { id: 1, valid: true }).await;
    page.say(&ToFrame::Submit { id: 2 });
    let answer = page.hear(|m| matches!(m, FromFrame::Token { .. })).await;
    let expected = FromFrame::Token {
        id: 2,
        token: "tok_1".into(),
        brand: "VISA".into(),
        last_four: "1111".into(),
    };
    assert_eq!(answer, expected);
    // What a browser fills into fields that nobody sees is not part of it either.
    page.fill("cvc", "737", "input");
    page.say(&ToFrame::Submit { id: 3 });
    page.hear(|m| matches!(m, FromFrame::Token { id: 3, .. })).await;
    let expected = pairs(&[("session", "session;with;parts"), ("stored", "pm_1")]);
    assert_eq!(sent(&gateway), expected);
}

#[wasm_bindgen_test]
async fn its_code_is_asked_for_where_it_is_needed() {
    let gateway = Gateway::answers(200, TOKEN);
    for (brand, wrong, right, hint) in [
        ("VISA", "1234", "123", "3 digits on the back"),
        ("AMEX", "123", "1234", "4 digits on the front"),
        ("OURS", "12", "1234", "3 or 4 digits"),
    ] {
        let page = Page::open_with(greeting(brand, true)).await;
        assert_eq!(shown(&page), ["cvc"]);
        assert_eq!(page.text_of("cvc-hint"), hint);
        let asked = gateway.asked.borrow().len();
        for (id, text) in [(1, ""), (2, wrong)] {
            page.fill("cvc", text, "input");
            page.say(&ToFrame::Submit { id });
            page.hear(|m| *m == FromFrame::Invalid { id }).await;
            assert!(page.is_invalid("cvc"), "{brand} {text}");
            assert_eq!(page.active(), "cvc");
        }
        assert_eq!(gateway.asked.borrow().len(), asked, "an invalid code is not sent");
        page.fill("cvc", right, "input");
        assert!(!page.is_invalid("cvc"));
        page.say(&ToFrame::Submit { id: 3 });
        page.hear(|m| matches!(m, FromFrame::Token { id: 3, .. })).await;
        let expected = [("session", "session;with;parts"), ("stored", "pm_1"), ("cvc", right)];
        assert_eq!(sent(&gateway), pairs(&expected));
        for message in page.heard() {
            assert!(!format!("{message:?}").contains(right), "{message:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn another_card_can_be_used_and_the_stored_one_again() {
    let gateway = Gateway::answers(200, TOKEN);
    let page = Page::open_with(greeting("VISA", true)).await;
    assert_eq!(page.text_of("other"), "Use another card");
    page.fill("cvc", "12", "input");
    page.say(&ToFrame::Validate { id: 1 });
    page.hear(|m| *m == FromFrame::Checked { id: 1, valid: false }).await;
    page.input("other").click();
    assert_eq!(shown(&page), FIELDS);
    assert!(!page.is_shown("stored"));
    assert_eq!(page.active(), "number");
    assert_eq!(page.input("cvc").value(), "", "the code was the other card's");
    assert!(!page.is_invalid("cvc"));
    page.fill_card("378282246310005");
    page.fill("cvc", "1234", "input");
    page.say(&ToFrame::Submit { id: 2 });
    page.hear(|m| matches!(m, FromFrame::Token { id: 2, .. })).await;
    let names: Vec<String> = sent(&gateway).into_iter().map(|(name, _)| name).collect();
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
    page.say(&ToFrame::Submit { id: 3 });
    page.hear(|m| matches!(m, FromFrame::Token { id: 3, .. })).await;
    let expected = [("session", "session;with;parts"), ("stored", "pm_1"), ("cvc", "123")];
    assert_eq!(sent(&gateway), pairs(&expected));
}

#[wasm_bindgen_test]
async fn the_page_is_told_how_tall_each_of_them_is() {
    let page = Page::open_with(greeting("VISA", false)).await;
    let FromFrame::Resized { height: low } =
        page.hear(|m| matches!(m, FromFrame::Resized { .. })).await
    else {
        unreachable!()
    };
    page.input("other").click();
    page.hear(|m| matches!(m, FromFrame::Resized { height } if *height > low + 100)).await;
}

#[wasm_bindgen_test]
async fn the_button_is_the_buyers_while_nothing_is_under_way() {
    let page = Page::open_with(greeting("VISA", true)).await;
    assert!(page.press("other", "Enter"), "the browser makes a click of it");
    page.say(&ToFrame::Busy { busy: true });
    sleep(30).await;
    page.input("other").click();
    assert_eq!(shown(&page), ["cvc"], "not while a payment is under way");
    assert_eq!(page.input("other").get_attribute("aria-disabled").as_deref(), Some("true"));
    page.say(&ToFrame::Busy { busy: false });
    sleep(30).await;
    page.input("other").click();
    assert_eq!(shown(&page), FIELDS);
    page.press("other", "Escape");
    page.hear(|m| *m == FromFrame::ClosePressed).await;
    assert!(!page.heard().contains(&FromFrame::SubmitPressed));
}

#[wasm_bindgen_test]
async fn a_gateway_that_wants_the_code_after_all_gets_it() {
    let refusal = r#"{"success":false,"errorCode":"INVALID_CVV","errorMessage":"m"}"#;
    let gateway = Gateway::answers(200, refusal);
    let page = Page::open_with(greeting("VISA", false)).await;
    page.say(&ToFrame::Submit { id: 1 });
    page.hear(|m| matches!(m, FromFrame::Refused { id: 1, .. })).await;
    assert_eq!(shown(&page), ["cvc"]);
    assert!(page.is_invalid("cvc"));
    assert_eq!(page.active(), "cvc");
    page.say(&ToFrame::Submit { id: 2 });
    page.hear(|m| *m == FromFrame::Invalid { id: 2 }).await;
    page.fill("cvc", "123", "input");
    page.say(&ToFrame::Submit { id: 3 });
    page.hear(|m| matches!(m, FromFrame::Refused { id: 3, .. })).await;
    assert!(sent(&gateway).contains(&("cvc".into(), "123".into())));
}

#[wasm_bindgen_test]
async fn a_refusal_of_what_is_not_shown_moves_nothing() {
    let refusal = r#"{"success":false,"errorCode":"INVALID_CARD_NUMBER","errorMessage":"m"}"#;
    let _gateway = Gateway::answers(200, refusal);
    let page = Page::open_with(greeting("VISA", false)).await;
    page.say(&ToFrame::Submit { id: 1 });
    page.hear(|m| matches!(m, FromFrame::Refused { id: 1, .. })).await;
    assert!(shown(&page).is_empty());
    page.input("other").click();
    assert!(!page.is_invalid("number"));
}

#[wasm_bindgen_test]
async fn a_hidden_page_keeps_no_code_but_its_card() {
    let page = Page::open_with(greeting("AMEX", true)).await;
    page.fill("cvc", "1234", "input");
    window().dispatch_event(&Event::new("pagehide").unwrap()).unwrap();
    assert_eq!(page.input("cvc").value(), "");
    assert_eq!(shown(&page), ["cvc"]);
    assert_eq!(page.text_of("cvc-hint"), "4 digits on the front");
}

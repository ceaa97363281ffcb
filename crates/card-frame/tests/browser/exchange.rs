//! The exchange of a card for a token, with a made-up gateway.

use std::{cell::RefCell, rc::Rc};

use js_sys::{JSON, Promise, Reflect};
use kassa_core::frame::{FromFrame, ToFrame};
use wasm_bindgen::{JsValue, closure::Closure};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Response, ResponseInit};

use crate::page::{Page, get, sleep, window};

/// Stands in for `fetch` until dropped.
pub(crate) struct Gateway {
    original: JsValue,
    pub(crate) asked: Rc<RefCell<Vec<(String, JsValue)>>>,
    _closure: Closure<dyn FnMut(String, JsValue) -> Promise>,
}

impl Gateway {
    pub(crate) fn answers(status: u16, body: &'static str) -> Self {
        let asked = Rc::new(RefCell::new(Vec::new()));
        let asks = Rc::clone(&asked);
        let closure = Closure::<dyn FnMut(String, JsValue) -> Promise>::new(move |url, init| {
            asks.borrow_mut().push((url, init));
            let init = ResponseInit::new();
            init.set_status(status);
            let response = Response::new_with_opt_str_and_init(Some(body), &init).unwrap();
            Promise::resolve(&JsValue::from(response))
        });
        let original = get(&window(), "fetch");
        Reflect::set(&window(), &"fetch".into(), closure.as_ref()).unwrap();
        Self { original, asked, _closure: closure }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        Reflect::set(&window(), &"fetch".into(), &self.original).unwrap();
    }
}

pub(crate) const TOKEN: &str =
    r#"{"success":true,"cardToken":"tok_1","brand":"VISA","lastFour":"1111"}"#;

#[wasm_bindgen_test]
async fn a_card_becomes_a_token() {
    let gateway = Gateway::answers(200, TOKEN);
    let page = Page::open().await;
    page.fill_card("4111111111111111");
    page.say(&ToFrame::Submit { id: 7 });
    // A second one while the first is under way is ignored.
    page.say(&ToFrame::Submit { id: 8 });
    let answer = page.hear(|m| matches!(m, FromFrame::Token { .. })).await;
    let expected = FromFrame::Token {
        id: 7,
        token: "tok_1".into(),
        brand: "VISA".into(),
        last_four: "1111".into(),
    };
    assert_eq!(answer, expected);

    let asked = gateway.asked.borrow();
    let (url, init) = &asked[0];
    assert_eq!(url, "/frame/card/token");
    for (name, value) in [
        ("method", "POST"),
        ("credentials", "omit"),
        ("cache", "no-store"),
        ("referrerPolicy", "no-referrer"),
    ] {
        assert_eq!(get(init, name).as_string().as_deref(), Some(value), "{name}");
    }
    let body = JSON::parse(&get(init, "body").as_string().unwrap()).unwrap();
    for (name, value) in [
        ("session", "session;with;parts"),
        ("number", "4111111111111111"),
        ("expiryMonth", "12"),
        ("expiryYear", "39"),
        ("cvc", "737"),
        ("holder", "Ada Lovelace"),
    ] {
        assert_eq!(get(&body, name).as_string().as_deref(), Some(value), "{name}");
    }
    // Nothing that the page heard holds the number or the code.
    for message in page.heard() {
        let said = format!("{message:?}");
        assert!(!said.contains("41111") && !said.contains("737"), "{said}");
    }
}

#[wasm_bindgen_test]
async fn an_invalid_card_is_not_sent() {
    let gateway = Gateway::answers(200, TOKEN);
    let page = Page::open().await;
    page.fill_card("4111111111111112");
    page.say(&ToFrame::Submit { id: 1 });
    page.hear(|m| *m == FromFrame::Invalid { id: 1 }).await;
    assert_eq!(page.active(), "number");
    assert!(gateway.asked.borrow().is_empty());
}

#[wasm_bindgen_test]
async fn a_refusal_is_shown_where_it_belongs() {
    for (body, id) in [
        (r#"{"success":false,"errorCode":"INVALID_CARD_NUMBER","errorMessage":"m"}"#, "number"),
        (r#"{"success":false,"errorCode":"INVALID_EXPIRATION_DATE","errorMessage":"m"}"#, "expiry"),
        (r#"{"success":false,"errorCode":"INVALID_CVV","errorMessage":"m"}"#, "cvc"),
    ] {
        let _gateway = Gateway::answers(200, body);
        let page = Page::open().await;
        page.fill_card("4111111111111111");
        page.say(&ToFrame::Submit { id: 2 });
        let answer = page.hear(|m| matches!(m, FromFrame::Refused { .. })).await;
        assert!(matches!(answer, FromFrame::Refused { id: 2, ref message, .. } if message == "m"));
        assert!(page.is_invalid(id), "{id}");
        assert_eq!(page.active(), id);
        // The next edit takes it back.
        page.fill("number", "5162774114974622", "input");
        assert!(!page.is_invalid(id), "{id}");
    }
}

#[wasm_bindgen_test]
async fn anything_else_is_no_answer() {
    for (status, body) in [
        (500, TOKEN),
        (404, ""),
        (200, "<html>"),
        (200, "null"),
        (200, "[]"),
        (200, r#"{"success":"true"}"#),
        (200, r#"{"success":true,"cardToken":"","lastFour":"1111"}"#),
        (200, r#"{"success":true,"cardToken":"tok_1"}"#),
        (200, r#"{"success":false}"#),
    ] {
        let _gateway = Gateway::answers(status, body);
        let page = Page::open().await;
        page.fill_card("4111111111111111");
        page.say(&ToFrame::Submit { id: 3 });
        page.hear(|m| *m == FromFrame::Unreachable { id: 3 }).await;
        sleep(0).await;
    }
}

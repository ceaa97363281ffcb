//! The exchange of a card for a token, with a stand-in for the gateway.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, JSON, Object, Promise, Reflect};
use kassa_protocol::frame::{FromForm, ToForm};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AbortSignal, Response, ResponseInit};

use crate::page::{Page, get, until, window};
use crate::stored::with_stored;

const PATH: &str = "/frame/card/token";

pub(crate) const TOKEN: &str =
    r#"{"success":true,"cardToken":"tok_1","brand":"VISA","lastFour":"1111"}"#;

/// Stands in for a function of the window until dropped.
struct Replacement<F: ?Sized> {
    name: &'static str,
    original: JsValue,
    _closure: Closure<F>,
}

impl<F: ?Sized> Replacement<F> {
    fn new(name: &'static str, closure: Closure<F>) -> Self {
        let original = get(&window(), name);
        Reflect::set(&window(), &name.into(), closure.as_ref()).unwrap();
        Self { name, original, _closure: closure }
    }
}

impl<F: ?Sized> Drop for Replacement<F> {
    fn drop(&mut self) {
        Reflect::set(&window(), &self.name.into(), &self.original).unwrap();
    }
}

/// Stands in for `fetch` until dropped.
pub(crate) struct Gateway {
    requests: Rc<RefCell<Vec<(String, JsValue)>>>,
    _fetch: Replacement<dyn FnMut(String, JsValue) -> Promise>,
}

impl Gateway {
    pub(crate) fn answers(status: u16, body: &'static str) -> Self {
        Self::replies(move |_| {
            let init = ResponseInit::new();
            init.set_status(status);
            let response = Response::new_with_opt_str_and_init(Some(body), &init).unwrap();
            Promise::resolve(&JsValue::from(response))
        })
    }

    fn replies(reply: impl Fn(&JsValue) -> Promise + 'static) -> Self {
        let requests = Rc::new(RefCell::new(Vec::new()));
        let receiving = Rc::clone(&requests);
        let fetch = Closure::new(move |url: String, init: JsValue| {
            let promise = reply(&init);
            receiving.borrow_mut().push((url, init));
            promise
        });
        Self { requests, _fetch: Replacement::new("fetch", fetch) }
    }

    /// The addresses and the options of the requests so far.
    pub(crate) fn requests(&self) -> Vec<(String, JsValue)> {
        self.requests.borrow().clone()
    }

    /// The members of the last request.
    pub(crate) fn sent(&self) -> Vec<(String, String)> {
        let (url, init) = self.requests().pop().unwrap();
        assert_eq!(url, PATH);
        let body = JSON::parse(&get(&init, "body").as_string().unwrap()).unwrap();
        let body: Object = body.unchecked_into();
        let names = Object::keys(&body).into_iter().map(|name| name.as_string().unwrap());
        names.map(|name| (name.clone(), get(&body, &name).as_string().unwrap())).collect()
    }
}

/// Expected members of a request.
pub(crate) fn members(members: &[(&str, &str)]) -> Vec<(String, String)> {
    members.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[wasm_bindgen_test]
async fn a_card_becomes_a_token() {
    let gateway = Gateway::answers(200, TOKEN);
    let page = Page::open().await;
    page.fill_card("4111111111111111");
    page.send(&ToForm::Submit { id: 7 });
    let answer = page.receive(|m| matches!(m, FromForm::Token { .. })).await;
    let expected = FromForm::Token {
        id: 7,
        token: "tok_1".into(),
        brand: "VISA".into(),
        last_four: "1111".into(),
    };
    assert_eq!(answer, expected);

    let requests = gateway.requests();
    let (url, init) = &requests[0];
    assert_eq!(url, PATH);
    for (name, value) in [
        ("method", "POST"),
        ("credentials", "omit"),
        ("cache", "no-store"),
        ("redirect", "error"),
        ("referrerPolicy", "no-referrer"),
    ] {
        assert_eq!(get(init, name).as_string().as_deref(), Some(value), "{name}");
    }
    let content_type = get(&get(init, "headers"), "content-type");
    assert_eq!(content_type.as_string().as_deref(), Some("application/json"));
    let expected = [
        ("session", "session;with;parts"),
        ("number", "4111111111111111"),
        ("expiryMonth", "12"),
        ("expiryYear", "39"),
        ("cvc", "737"),
        ("holder", "Ada Lovelace"),
    ];
    assert_eq!(gateway.sent(), members(&expected));
    // No message holds the PAN or the CVC.
    page.settle().await;
    for message in page.received() {
        let text = format!("{message:?}");
        assert!(!text.contains("41111") && !text.contains("737"), "{text}");
    }
}

#[wasm_bindgen_test]
async fn a_second_request_during_an_exchange_is_ignored() {
    let resolve: Rc<RefCell<Option<Function>>> = Rc::default();
    let holding = Rc::clone(&resolve);
    let gateway = Gateway::replies(move |_| {
        Promise::new(&mut |resolve, _| {
            holding.replace(Some(resolve));
        })
    });
    let page = Page::open_with(with_stored("VISA", false)).await;
    page.send(&ToForm::Submit { id: 1 });
    page.send(&ToForm::Submit { id: 2 });
    page.settle().await;
    page.input("other").click();
    assert!(page.is_shown("stored"), "the card that pays cannot be changed");
    let response = JsValue::from(Response::new_with_opt_str(Some(TOKEN)).unwrap());
    resolve.take().unwrap().call1(&JsValue::UNDEFINED, &response).unwrap();
    page.receive(|m| matches!(m, FromForm::Token { id: 1, .. })).await;
    page.settle().await;
    assert!(!page.received().iter().any(|m| matches!(m, FromForm::Token { id: 2, .. })));
    assert_eq!(gateway.requests().len(), 1);
}

#[wasm_bindgen_test]
async fn the_merchant_of_the_documents_address_is_sent() {
    let gateway = Gateway::answers(200, TOKEN);
    let page = Page::open().await;
    let history: JsValue = get(&window(), "history");
    let replace: Function = get(&history, "replaceState").unchecked_into();
    let show = |address: &str| {
        replace.call3(&history, &JsValue::NULL, &"".into(), &address.into()).unwrap();
    };
    let location = window().location();
    let before = location.pathname().unwrap() + &location.search().unwrap();
    page.fill_card("4111111111111111");
    for (id, address, client) in [
        (1, "?client=SHOP_1%20%2B", Some("SHOP_1%20%2B")),
        (2, "?client=", Some("")),
        (3, "?clients=SHOP_1", None),
        (4, "?", None),
    ] {
        show(address);
        page.send(&ToForm::Submit { id });
        page.receive(|m| matches!(m, FromForm::Token { id: it, .. } if *it == id)).await;
        let sent = gateway.sent();
        let found = sent.iter().find(|(name, _)| name == "client").map(|(_, value)| value.as_str());
        assert_eq!(found, client, "{address}");
    }
    show(&before);
}

#[wasm_bindgen_test]
async fn an_invalid_card_is_not_sent() {
    let gateway = Gateway::answers(200, TOKEN);
    let page = Page::open().await;
    page.fill_card("4111111111111112");
    page.send(&ToForm::Submit { id: 1 });
    page.receive(|m| *m == FromForm::Invalid { id: 1 }).await;
    assert_eq!(page.active(), "number");
    assert!(gateway.requests().is_empty());
}

#[wasm_bindgen_test]
async fn a_refusal_is_shown_on_its_field() {
    for (body, id) in [
        (r#"{"success":false,"errorCode":"INVALID_CARD_NUMBER","errorMessage":"m"}"#, "number"),
        (r#"{"success":false,"errorCode":"INVALID_EXPIRATION_DATE","errorMessage":"m"}"#, "expiry"),
        (
            r#"{"success":false,"errorCode":"INVALID_EXPIRY_DATE_FORMAT","errorMessage":"m"}"#,
            "expiry",
        ),
        (r#"{"success":false,"errorCode":"INVALID_CVV","errorMessage":"m"}"#, "cvc"),
    ] {
        let _gateway = Gateway::answers(200, body);
        let page = Page::open().await;
        page.fill_card("4111111111111111");
        page.send(&ToForm::Submit { id: 2 });
        let answer = page.receive(|m| matches!(m, FromForm::Refused { .. })).await;
        assert!(matches!(answer, FromForm::Refused { id: 2, ref message, .. } if message == "m"));
        assert!(page.is_invalid(id), "{id}");
        assert_eq!(page.active(), id);
        // The next edit removes the error.
        page.fill("number", "5162774114974622", "input");
        assert!(!page.is_invalid(id), "{id}");
    }
}

#[wasm_bindgen_test]
async fn a_refusal_that_is_about_no_field_marks_none() {
    let refusal = r#"{"success":false,"errorCode":"ACCESS_DENIED"}"#;
    let _gateway = Gateway::answers(200, refusal);
    let page = Page::open().await;
    page.fill_card("4111111111111111");
    page.send(&ToForm::Submit { id: 2 });
    let expected =
        FromForm::Refused { id: 2, code: "ACCESS_DENIED".into(), message: String::new() };
    page.receive(|m| *m == expected).await;
    for id in ["number", "expiry", "cvc", "holder"] {
        assert!(!page.is_invalid(id), "{id}");
    }
}

#[wasm_bindgen_test]
async fn other_answers_are_not_used() {
    // Longer than any token answer, and otherwise one.
    let long: &'static str =
        Box::leak(TOKEN.replace('}', &format!(r#","more":"{}"}}"#, "a".repeat(17_000))).into());
    for (status, body) in [
        (500, TOKEN),
        (404, ""),
        (200, ""),
        (200, "<html>"),
        (200, "null"),
        (200, "[]"),
        (200, r#""success""#),
        (200, r#"{"success":"true"}"#),
        (200, r#"{"success":true}"#),
        (200, r#"{"success":true,"cardToken":"","lastFour":"1111"}"#),
        (200, r#"{"success":true,"cardToken":"tok_1"}"#),
        (200, r#"{"success":true,"cardToken":{"a":1},"lastFour":"1111"}"#),
        (200, r#"{"success":false}"#),
        (200, r#"{"success":false,"cardToken":"tok_1","lastFour":"1111"}"#),
        (200, long),
    ] {
        let _gateway = Gateway::answers(status, body);
        let page = Page::open().await;
        page.fill_card("4111111111111111");
        page.send(&ToForm::Submit { id: 3 });
        let is_answer = |m: &FromForm| !matches!(m, FromForm::Ready | FromForm::Resized { .. });
        let answer = page.receive(is_answer).await;
        assert_eq!(answer, FromForm::Unreachable { id: 3 }, "{body:.80}");
    }
}

#[wasm_bindgen_test]
async fn a_lost_connection_ends_the_exchange() {
    let _gateway = Gateway::replies(|_| Promise::reject(&JsValue::from("no network")));
    let page = Page::open().await;
    page.fill_card("4111111111111111");
    for id in [1, 2] {
        page.send(&ToForm::Submit { id });
        page.receive(|m| *m == FromForm::Unreachable { id }).await;
    }
}

#[wasm_bindgen_test]
async fn a_silent_gateway_is_given_up_at_the_time_limit() {
    // Rejects like `fetch` when the request is aborted, and never else.
    let gateway = Gateway::replies(|init| {
        let signal: AbortSignal = get(init, "signal").unchecked_into();
        Promise::new(&mut |_, reject| signal.set_onabort(Some(&reject)))
    });
    // Holds back the timer of fifteen seconds, and starts the others.
    let set_timeout: Function = get(&window(), "setTimeout").unchecked_into();
    let limits: Rc<RefCell<Vec<Function>>> = Rc::default();
    let holding = Rc::clone(&limits);
    let closure = Closure::<dyn FnMut(Function, i32) -> JsValue>::new(
        move |run: Function, milliseconds: i32| {
            if milliseconds == 15_000 {
                holding.borrow_mut().push(run);
                return JsValue::from(0);
            }
            set_timeout.call2(&window(), &run, &milliseconds.into()).unwrap()
        },
    );
    let _timers = Replacement::new("setTimeout", closure);

    let page = Page::open().await;
    page.fill_card("4111111111111111");
    page.send(&ToForm::Submit { id: 1 });
    until(|| limits.borrow().len() == 1).await;
    page.settle().await;
    assert!(!page.received().contains(&FromForm::Unreachable { id: 1 }));
    let fire = limits.borrow_mut().remove(0);
    fire.call0(&JsValue::UNDEFINED).unwrap();
    page.receive(|m| *m == FromForm::Unreachable { id: 1 }).await;
    let (_, init) = &gateway.requests()[0];
    assert!(get(init, "signal").unchecked_into::<AbortSignal>().aborted());
}

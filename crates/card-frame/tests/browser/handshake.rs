//! Who may talk to the form.

use std::{cell::Cell, rc::Rc};

use js_sys::Array;
use kassa_card_frame::handshake::{Handshake, merchant_origin, welcome};
use kassa_core::frame::{HELLO, WELCOME};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlIFrameElement, MessageChannel, MessageEvent, MessageEventInit, Window};

use crate::page::{object, sleep, window};

const SHOP: &str = "https://shop.example";

fn event(source: &Window, origin: &str, says: &str, with_port: bool) -> MessageEvent {
    let init = MessageEventInit::new();
    init.set_source(Some(source.unchecked_ref()));
    init.set_origin(origin);
    init.set_data(&object(&[("t", says.into())]));
    let port = MessageChannel::new().unwrap().port2();
    let ports = if with_port { Array::of1(&port) } else { Array::new() };
    js_sys::Reflect::set(&init, &"ports".into(), &ports).unwrap();
    MessageEvent::new_with_event_init_dict("message", &init).unwrap()
}

/// A window that is not the parent.
fn stranger() -> (HtmlIFrameElement, Window) {
    let document = window().document().unwrap();
    let iframe: HtmlIFrameElement = document.create_element("iframe").unwrap().unchecked_into();
    document.body().unwrap().append_child(&iframe).unwrap();
    let inner = iframe.content_window().unwrap();
    (iframe, inner)
}

#[wasm_bindgen_test]
fn only_the_parent_of_the_named_origin_is_met() {
    let parent = window();
    let (iframe, other) = stranger();
    let met = |event: &MessageEvent| welcome(event, &parent, SHOP).is_some();
    assert!(met(&event(&parent, SHOP, WELCOME, true)));
    assert!(!met(&event(&other, SHOP, WELCOME, true)), "another window");
    assert!(!met(&event(&parent, "https://evil.example", WELCOME, true)), "another origin");
    assert!(!met(&event(&parent, "https://shop.example.evil.example", WELCOME, true)));
    assert!(!met(&event(&parent, "", WELCOME, true)));
    assert!(!met(&event(&parent, SHOP, HELLO, true)), "another word");
    assert!(!met(&event(&parent, SHOP, WELCOME, false)), "no port");
    let bare = MessageEvent::new("message").unwrap();
    assert!(!met(&bare));
    iframe.remove();
}

#[wasm_bindgen_test]
fn an_origin_is_read_from_the_fragment() {
    for (hash, origin) in [
        ("#https%3A%2F%2Fshop.example", Some("https://shop.example")),
        ("#https://shop.example", Some("https://shop.example")),
        ("#http%3A%2F%2Flocalhost%3A8080", Some("http://localhost:8080")),
        ("", None),
        ("#", None),
        ("#*", None),
        ("#null", None),
        ("#%", None),
        ("#https%3A%2F%2Fshop.example%2F", None),
        ("#https%3A%2F%2Fshop.example%2Fpath", None),
        ("#https%3A%2F%2Fuser%40shop.example", None),
        ("#https%3A%2F%2FSHOP.example", None),
        ("#javascript%3Aalert(1)", None),
        ("#data%3A%2C", None),
        ("#file%3A%2F%2F", None),
        ("#ftp%3A%2F%2Fshop.example", None),
        ("#blob%3Ahttps%3A%2F%2Fshop.example%2Fx", None),
    ] {
        assert_eq!(merchant_origin(hash).as_deref(), origin, "{hash}");
    }
}

#[wasm_bindgen_test]
async fn the_first_welcome_is_the_only_one() {
    // This window plays both sides: our hello comes to ourselves and means nothing.
    let window = window();
    let origin = window.location().origin().unwrap();
    let met = Rc::new(Cell::new(0));
    let count = Rc::clone(&met);
    let handshake = Handshake::begin(&window, window.clone(), origin.clone(), move |_| {
        count.set(count.get() + 1);
    });
    sleep(30).await;
    assert_eq!(met.get(), 0);
    for _ in 0..2 {
        let port: JsValue = MessageChannel::new().unwrap().port2().into();
        let hello = object(&[("t", WELCOME.into())]);
        window.post_message_with_transfer(&hello, &origin, &Array::of1(&port)).unwrap();
    }
    sleep(50).await;
    assert_eq!(met.get(), 1);
    drop(handshake);
}

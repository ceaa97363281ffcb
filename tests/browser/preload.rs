//! `preload`.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use crate::support::{Clock, body, document, origin, until};

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).unwrap()
}

/// The link to the gateway and the frame of its files.
fn preloaded() -> (Element, Element) {
    (find("link[rel=preconnect]").unwrap(), find("body > iframe").unwrap())
}

#[wasm_bindgen_test]
async fn the_preload_frame_is_removed_after_its_time_limit() {
    let clock = Clock::start();
    kassa::preload(&origin());
    let (link, frame) = preloaded();
    assert_eq!(link.get_attribute("href"), Some(origin()));
    assert_eq!(link.get_attribute("crossorigin").as_deref(), Some("anonymous"));
    for (name, value) in [
        ("src", format!("{}/frame/warm", origin())),
        ("sandbox", "allow-scripts allow-same-origin".to_owned()),
        ("aria-hidden", "true".to_owned()),
        ("referrerpolicy", "origin".to_owned()),
    ] {
        assert_eq!(frame.get_attribute(name), Some(value));
    }
    assert_eq!(frame.get_client_rects().length(), 0);

    let loaded = std::rc::Rc::new(std::cell::Cell::new(false));
    let is_loaded = std::rc::Rc::clone(&loaded);
    let load = crate::support::function(move |_| {
        loaded.set(true);
        Ok(wasm_bindgen::JsValue::UNDEFINED)
    });
    frame.unchecked_ref::<web_sys::HtmlElement>().set_onload(Some(&load));
    until("the frame has loaded", || is_loaded.get()).await;
    clock.advance(1_999);
    assert!(frame.is_connected());
    clock.advance(1);
    assert!(!frame.is_connected());
    link.remove();
}

#[wasm_bindgen_test]
fn a_frame_that_never_loads_is_removed_too() {
    let clock = Clock::start();
    kassa::preload(&origin());
    let (link, frame) = preloaded();
    clock.advance(10_000);
    assert!(!frame.is_connected());
    link.remove();
}

#[wasm_bindgen_test]
fn without_a_body_preload_only_opens_the_connection() {
    let page_body = body();
    page_body.remove();
    kassa::preload(&origin());
    document().document_element().unwrap().append_child(&page_body).unwrap();
    find("link[rel=preconnect]").unwrap().remove();
    assert!(find("iframe").is_none());
}

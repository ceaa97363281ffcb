//! The handshake with the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use kassa_card_frame::handshake::{begin, merchant_origin, welcome};
use kassa_card_frame::start;
use kassa_dom::{Listener, listen};
use kassa_protocol::frame::{HELLO, Handshake, THREE_DS_DONE, WELCOME};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlIFrameElement, MessageChannel, MessageEvent, MessageEventInit, Window};

use crate::page::{get, object, shipped_element, to_js, until, window};

const SHOP: &str = "https://shop.example";

fn event(source: &Window, origin: &str, tag: &'static str, with_port: bool) -> MessageEvent {
    let init = MessageEventInit::new();
    init.set_source(Some(source.unchecked_ref()));
    init.set_origin(origin);
    init.set_data(&to_js(&Handshake(tag)));
    let port = MessageChannel::new().unwrap().port2();
    let ports = if with_port { Array::of1(&port) } else { Array::new() };
    js_sys::Reflect::set(&init, &"ports".into(), &ports).unwrap();
    MessageEvent::new_with_event_init_dict("message", &init).unwrap()
}

/// A frame in this document, until dropped.
struct Frame(HtmlIFrameElement);

impl Frame {
    fn new(address: &str) -> Self {
        let document = window().document().unwrap();
        let frame: HtmlIFrameElement = document.create_element("iframe").unwrap().unchecked_into();
        frame.set_src(address);
        document.body().unwrap().append_child(&frame).unwrap();
        Self(frame)
    }

    fn window(&self) -> Window {
        self.0.content_window().unwrap()
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// The tags of the messages that this window receives.
struct Tags {
    tags: Rc<RefCell<Vec<Option<String>>>>,
    _listener: Listener,
}

impl Tags {
    fn new() -> Self {
        let tags = Rc::new(RefCell::new(Vec::new()));
        let receiving = Rc::clone(&tags);
        let listener = listen(&window(), "message", move |event| {
            let event: &MessageEvent = event.unchecked_ref();
            receiving.borrow_mut().push(get(&event.data(), "t").as_string());
        });
        Self { tags, _listener: listener }
    }

    fn count(&self, tag: &str) -> usize {
        self.tags.borrow().iter().filter(|it| it.as_deref() == Some(tag)).count()
    }

    /// Waits until every message that was posted before has arrived: a window keeps their order.
    async fn settle(&self) {
        let before = self.count("last");
        let last = object(&[("t", "last".into())]);
        window().post_message(&last, "/").unwrap();
        until(|| self.count("last") > before).await;
    }
}

fn own_origin() -> String {
    window().location().origin().unwrap()
}

fn post_welcome() {
    let port: JsValue = MessageChannel::new().unwrap().port2().into();
    let welcome = to_js(&Handshake(WELCOME));
    window().post_message_with_transfer(&welcome, &own_origin(), &Array::of1(&port)).unwrap();
}

#[wasm_bindgen_test]
fn only_the_parent_of_the_named_origin_is_accepted() {
    let parent = window();
    let stranger = Frame::new("about:blank");
    let accepted = |event: &MessageEvent| welcome(event, &parent, SHOP).is_some();
    assert!(accepted(&event(&parent, SHOP, WELCOME, true)));
    assert!(!accepted(&event(&stranger.window(), SHOP, WELCOME, true)), "another window");
    for origin in ["https://evil.example", "https://shop.example.evil.example", "null", ""] {
        assert!(!accepted(&event(&parent, origin, WELCOME, true)), "{origin}");
    }
    for tag in [HELLO, THREE_DS_DONE] {
        assert!(!accepted(&event(&parent, SHOP, tag, true)), "{tag}");
    }
    assert!(!accepted(&event(&parent, SHOP, WELCOME, false)), "no port");
    assert!(!accepted(&MessageEvent::new("message").unwrap()));
}

#[wasm_bindgen_test]
fn an_origin_is_read_from_the_fragment() {
    for (fragment, origin) in [
        ("#https%3A%2F%2Fshop.example", Some("https://shop.example")),
        ("#https://shop.example", Some("https://shop.example")),
        ("#http%3A%2F%2Flocalhost%3A8080", Some("http://localhost:8080")),
        ("", None),
        ("#", None),
        ("#*", None),
        ("#/", None),
        ("#null", None),
        ("#%", None),
        ("#https%3A%2F%2F", None),
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
        assert_eq!(merchant_origin(fragment).as_deref(), origin, "{fragment}");
    }
}

#[wasm_bindgen_test]
async fn the_first_welcome_is_the_only_one() {
    // This window takes both parts: it also receives the hello, which means nothing to the frame.
    let tags = Tags::new();
    let connections = Rc::new(Cell::new(0));
    let count = Rc::clone(&connections);
    begin(&window(), window(), own_origin(), move |_| count.set(count.get() + 1));
    until(|| tags.count(HELLO) == 1).await;
    assert_eq!(connections.get(), 0);
    post_welcome();
    post_welcome();
    until(|| tags.count(WELCOME) == 2).await;
    assert_eq!(connections.get(), 1);
}

#[wasm_bindgen_test]
async fn a_welcome_of_another_origin_is_not_accepted() {
    let tags = Tags::new();
    let connections = Rc::new(Cell::new(0));
    let count = Rc::clone(&connections);
    begin(&window(), window(), String::from(SHOP), move |_| count.set(count.get() + 1));
    // The browser delivers the hello to a window of the named origin only.
    tags.settle().await;
    assert_eq!(tags.count(HELLO), 0);
    // The parent's window answers all the same, from its own origin.
    post_welcome();
    until(|| tags.count(WELCOME) == 1).await;
    tags.settle().await;
    assert_eq!(connections.get(), 0);
}

#[wasm_bindgen_test]
async fn a_framed_document_posts_one_hello_to_the_origin_in_its_address() {
    let origin = String::from(js_sys::encode_uri_component(&own_origin()));
    for (fragment, hellos) in [
        (format!("#{origin}"), 1),
        (String::new(), 0),
        (String::from("#*"), 0),
        (String::from("#https%3A%2F%2Fshop.example"), 0),
    ] {
        let tags = Tags::new();
        let frame = Frame::new(&format!("about:blank{fragment}"));
        until(|| frame.window().location().hash().is_ok_and(|hash| hash == fragment)).await;
        start(frame.window());
        tags.settle().await;
        assert_eq!(tags.count(HELLO), hellos, "{fragment}");
    }
}

#[wasm_bindgen_test]
async fn a_document_that_is_opened_by_itself_explains_itself() {
    let document = window().document().unwrap();
    let outside = shipped_element("outside");
    document.body().unwrap().append_child(&outside).unwrap();
    let tags = Tags::new();
    start(window());
    assert!(outside.text_content().is_some_and(|text| text.contains("checkout")));
    tags.settle().await;
    assert_eq!(tags.count(HELLO), 0);
    outside.remove();
}

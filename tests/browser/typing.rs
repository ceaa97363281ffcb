//! What the buyer types belongs to the component, and not to the page's shortcuts.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Element, Sdk, answers, body, document};

/// Each event, with the constructor of its class.
const TYPING: [(&str, &str); 11] = [
    ("InputEvent", "beforeinput"),
    ("CompositionEvent", "compositionend"),
    ("CompositionEvent", "compositionstart"),
    ("CompositionEvent", "compositionupdate"),
    ("ClipboardEvent", "copy"),
    ("ClipboardEvent", "cut"),
    ("InputEvent", "input"),
    ("KeyboardEvent", "keydown"),
    ("KeyboardEvent", "keypress"),
    ("KeyboardEvent", "keyup"),
    ("ClipboardEvent", "paste"),
];

fn new_event(class: &str, name: &str) -> web_sys::Event {
    let script = "return new window[type](name, \
                  {bubbles: true, cancelable: true, composed: true, key: 'k'})";
    let make = Function::new_with_args("type, name", script);
    make.call2(&JsValue::UNDEFINED, &class.into(), &name.into()).unwrap().unchecked_into()
}

/// A handler in the page that prevents each event, as shortcuts do, and its notes of them.
struct Shortcuts {
    seen: Rc<RefCell<Vec<String>>>,
    handler: Closure<dyn Fn(web_sys::Event)>,
}

impl Shortcuts {
    fn new() -> Self {
        let seen = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&seen);
        let handler = Closure::new(move |event: web_sys::Event| {
            event.prevent_default();
            log.borrow_mut().push(event.type_());
        });
        Self { seen, handler }
    }

    /// Dispatches events while the handler listens to them.
    fn during(&self, name: &str, dispatch: impl FnOnce()) {
        let handler = self.handler.as_ref().unchecked_ref();
        document().add_event_listener_with_callback(name, handler).unwrap();
        dispatch();
        document().remove_event_listener_with_callback(name, handler).unwrap();
    }
}

#[wasm_bindgen_test]
async fn events_of_typing_end_at_the_component() {
    for in_container in [true, false] {
        let (sdk, container) = (Sdk::new(), Element::new("div"));
        if in_container {
            sdk.mount(container.js());
        } else {
            sdk.create();
        }
        sdk.gateway.answer(&answers::field()).await;
        let input = sdk.shows("form").await.element("input");
        let shortcuts = Shortcuts::new();
        for (class, name) in TYPING {
            shortcuts.during(name, || {
                assert!(input.dispatch_event(&new_event(class, name)).unwrap(), "{name}");
                // Others reach the page.
                assert!(!body().dispatch_event(&new_event(class, name)).unwrap(), "{name}");
            });
        }
        assert_eq!(*shortcuts.seen.borrow(), TYPING.map(|(_, name)| name), "one each");
    }
}

#[wasm_bindgen_test]
async fn a_click_still_reaches_the_page() {
    let sdk = Sdk::new();
    sdk.create();
    let shortcuts = Shortcuts::new();
    shortcuts.during("click", || sdk.screen().panel().click());
    assert_eq!(*shortcuts.seen.borrow(), ["click"]);
}

//! Takes the part of the merchant's page and of the buyer.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use kassa_card_frame::form;
use kassa_dom::{Listener, from_js, listen, tree_to_js};
use kassa_protocol::frame::{CardFormInit, FromForm, ToForm};
use kassa_protocol::json::ToJson;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, DomParser, Event, EventInit, HtmlInputElement, KeyboardEvent, KeyboardEventInit,
    MessageChannel, MessageEvent, MessagePort, SupportedType, Window,
};

/// A form in this document and the page's end of its port.
pub(crate) struct Page {
    pub(crate) document: Document,
    port: MessagePort,
    received: Rc<RefCell<Vec<FromForm>>>,
    _listener: Listener,
}

pub(crate) fn window() -> Window {
    web_sys::window().unwrap()
}

/// A message as it is posted.
pub(crate) fn to_js(message: &impl ToJson) -> JsValue {
    tree_to_js(&message.to_json().unwrap())
}

pub(crate) fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or_default()
}

pub(crate) fn object(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &JsValue::from_str(name), value).unwrap();
    }
    object
}

pub(crate) async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |done: Function, _| {
        window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds)
            .map(drop)
            .unwrap();
    });
    JsFuture::from(promise).await.unwrap();
}

/// Waits until a condition holds.
pub(crate) async fn until(holds: impl Fn() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        sleep(10).await;
    }
    panic!("the condition did not come to hold");
}

/// The first message of most pages.
pub(crate) fn init() -> CardFormInit {
    CardFormInit {
        session: String::from("session;with;parts"),
        locale: String::from("en"),
        today: Some(String::from("2026-11-24")),
        ..CardFormInit::default()
    }
}

impl Page {
    /// The shipped document's form, opened for a new card.
    pub(crate) async fn open() -> Self {
        Self::open_with(init()).await
    }

    /// The shipped document's form, opened with this message.
    pub(crate) async fn open_with(init: CardFormInit) -> Self {
        let page = Self::load();
        page.send(&ToForm::Init(Box::new(init)));
        page.receive(|message| *message == FromForm::Ready).await;
        page
    }

    /// The shipped document's form before the first message.
    pub(crate) fn load() -> Self {
        let document = window().document().unwrap();
        while let Some(old) = document.get_element_by_id("card") {
            old.remove();
        }
        let form = shipped_element("card");
        document.body().unwrap().append_child(&form).unwrap();
        let channel = MessageChannel::new().unwrap();
        let received = Rc::new(RefCell::new(Vec::new()));
        let receiving = Rc::clone(&received);
        let port = channel.port1();
        let listener = listen(&port, "message", move |event| {
            let data = event.unchecked_ref::<MessageEvent>().data();
            receiving.borrow_mut().push(from_js(data).expect("a message of the form"));
        });
        port.start();
        form::serve(window(), channel.port2());
        Self { document, port, received, _listener: listener }
    }

    pub(crate) fn send(&self, message: &ToForm) {
        self.send_value(&to_js(message));
    }

    /// Sends a message that is not one of this version.
    pub(crate) fn send_value(&self, value: &JsValue) {
        self.port.post_message(value).unwrap();
    }

    /// Waits for a message like this.
    pub(crate) async fn receive(&self, is_like: impl Fn(&FromForm) -> bool) -> FromForm {
        for _ in 0..500 {
            if let Some(found) = self.received.borrow().iter().find(|message| is_like(message)) {
                return found.clone();
            }
            sleep(10).await;
        }
        panic!("no such message; received {:?}", self.received.borrow());
    }

    /// Waits until the form has handled every message that was sent before: a port keeps their
    /// order.
    pub(crate) async fn settle(&self) {
        const ID: u32 = 4_000_000_000;
        let count = || {
            let is_answer =
                |message: &&FromForm| matches!(message, FromForm::Checked { id: ID, .. });
            self.received.borrow().iter().filter(is_answer).count()
        };
        let before = count();
        self.send(&ToForm::Validate { id: ID });
        until(|| count() > before).await;
    }

    /// Every message so far.
    pub(crate) fn received(&self) -> Vec<FromForm> {
        self.received.borrow().clone()
    }

    pub(crate) fn input(&self, id: &str) -> HtmlInputElement {
        self.document.get_element_by_id(id).unwrap().unchecked_into()
    }

    pub(crate) fn text_of(&self, id: &str) -> String {
        self.document.get_element_by_id(id).unwrap().text_content().unwrap_or_default()
    }

    /// Puts the caret into a field, behind so many characters.
    pub(crate) fn place(&self, id: &str, caret: u32) {
        self.input(id).focus().unwrap();
        self.input(id).set_selection_range(caret, caret).unwrap();
    }

    /// Edits at the caret through the browser's own editing, which fires the real events.
    pub(crate) fn command(&self, name: &str, text: &str) {
        let run: Function = get(&self.document, "execCommand").unchecked_into();
        let done = run.call3(&self.document, &name.into(), &false.into(), &text.into());
        assert_eq!(done.unwrap().as_bool(), Some(true), "{name} {text:?}");
    }

    /// Types one character after the other.
    pub(crate) fn type_text(&self, text: &str) {
        for character in text.chars() {
            self.command("insertText", &character.to_string());
        }
    }

    /// The field's text with `|` at the caret.
    pub(crate) fn shows(&self, id: &str) -> String {
        let mut text = self.input(id).value();
        text.insert(self.input(id).selection_end().unwrap().unwrap() as usize, '|');
        text
    }

    /// Sets a field like autofill does: all at once, with an event that has no details.
    pub(crate) fn fill(&self, id: &str, text: &str, event: &str) {
        self.input(id).set_value(text);
        self.fire(id, event);
    }

    pub(crate) fn fill_card(&self, number: &str) {
        for (id, text) in
            [("number", number), ("expiry", "12/39"), ("cvc", "737"), ("holder", "Ada Lovelace")]
        {
            self.fill(id, text, "input");
        }
    }

    pub(crate) fn fire(&self, id: &str, event: &str) {
        let init = EventInit::new();
        init.set_bubbles(true);
        let event = Event::new_with_event_init_dict(event, &init).unwrap();
        self.input(id).dispatch_event(&event).unwrap();
    }

    /// Presses a key; false when the browser must not act on it.
    pub(crate) fn press(&self, id: &str, key: &str) -> bool {
        let init = KeyboardEventInit::new();
        init.set_bubbles(true);
        init.set_cancelable(true);
        init.set_key(key);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        self.input(id).dispatch_event(&event).unwrap()
    }

    /// Whether the buyer sees an element.
    pub(crate) fn is_shown(&self, id: &str) -> bool {
        self.input(id).offset_height() > 0
    }

    pub(crate) fn is_invalid(&self, id: &str) -> bool {
        self.input(id).get_attribute("aria-invalid").as_deref() == Some("true")
    }

    pub(crate) fn active(&self) -> String {
        self.document.active_element().map(|element| element.id()).unwrap_or_default()
    }
}

/// A copy of an element of the shipped document.
pub(crate) fn shipped_element(id: &str) -> web_sys::Element {
    let html = include_str!("../../../../www/frame/card.html");
    let parser = DomParser::new().unwrap();
    let parsed = parser.parse_from_string(html, SupportedType::TextHtml).unwrap();
    let element = parsed.get_element_by_id(id).unwrap();
    window().document().unwrap().adopt_node(&element).unwrap();
    element
}

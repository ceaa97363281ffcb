//! Plays the merchant's page and the buyer.

use std::{cell::RefCell, rc::Rc};

use gloo::events::EventListener;
use js_sys::{Function, Object, Promise, Reflect};
use kassa_card_frame::form::Form;
use kassa_core::frame::{FromFrame, Greeting, ToFrame};
use kassa_core::outgoing::{Outgoing, Sink};
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
    heard: Rc<RefCell<Vec<FromFrame>>>,
    _listener: EventListener,
    _form: Rc<Form>,
}

pub(crate) fn window() -> Window {
    web_sys::window().unwrap()
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

impl Page {
    /// The shipped document's form, opened and told who it works for.
    pub(crate) async fn open() -> Self {
        Self::open_with(Greeting::default()).await
    }

    /// The same with what the page says of a stored card.
    pub(crate) async fn open_with(greeting: Greeting) -> Self {
        let document = window().document().unwrap();
        while let Some(old) = document.get_element_by_id("card") {
            old.remove();
        }
        let html = include_str!("../../../../www/frame/card.html");
        let parsed = DomParser::new().unwrap();
        let parsed = parsed.parse_from_string(html, SupportedType::TextHtml).unwrap();
        let form = parsed.get_element_by_id("card").unwrap();
        document.body().unwrap().append_child(&document.adopt_node(&form).unwrap()).unwrap();

        let channel = MessageChannel::new().unwrap();
        let heard = Rc::new(RefCell::new(Vec::new()));
        let hears = Rc::clone(&heard);
        let port = channel.port1();
        let listener = EventListener::new(&port, "message", move |event| {
            let data = event.unchecked_ref::<MessageEvent>().data();
            let message = FromFrame::unpack(|name| get(&data, name).as_string());
            hears.borrow_mut().push(message.expect("a known message"));
        });
        port.start();
        let form = Form::open(&window(), &document, channel.port2());
        let page = Self { document, port, heard, _listener: listener, _form: form };
        page.say(&ToFrame::Init(Box::new(Greeting {
            session: String::from("session;with;parts"),
            locale: String::from("en"),
            ..greeting
        })));
        page.hear(|m| *m == FromFrame::Ready).await;
        page
    }

    pub(crate) fn say(&self, message: &ToFrame) {
        let mut members = Members(Vec::new());
        message.write(&mut members);
        let members: Vec<(&str, JsValue)> =
            members.0.iter().map(|(name, value)| (name.as_str(), value.into())).collect();
        self.port.post_message(&object(&members)).unwrap();
    }

    /// Waits for a message like this and gives it.
    pub(crate) async fn hear(&self, like: impl Fn(&FromFrame) -> bool) -> FromFrame {
        for _ in 0..100 {
            if let Some(found) = self.heard.borrow().iter().find(|m| like(m)) {
                return found.clone();
            }
            sleep(10).await;
        }
        panic!("waited in vain; heard {:?}", self.heard.borrow());
    }

    /// All that was heard so far.
    pub(crate) fn heard(&self) -> Vec<FromFrame> {
        self.heard.borrow().clone()
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

    /// Sets a field like autofill does: all at once, with an event that says little.
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
        get(&self.input(id), "offsetHeight").as_f64().unwrap() > 0.0
    }

    pub(crate) fn is_invalid(&self, id: &str) -> bool {
        self.input(id).get_attribute("aria-invalid").as_deref() == Some("true")
    }

    pub(crate) fn active(&self) -> String {
        self.document.active_element().map(|e| e.id()).unwrap_or_default()
    }
}

/// The members of a message, all of which are text.
struct Members(Vec<(String, String)>);

impl Sink for Members {
    fn text(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    fn flag(&mut self, name: &str, _: bool) {
        panic!("{name} is no text");
    }

    fn json(&mut self, name: &str, _: &str) {
        panic!("{name} is no text");
    }

    fn whole(&mut self, name: &str, _: i32) {
        panic!("{name} is no text");
    }

    fn open(&mut self, name: &str) {
        panic!("{name} is no text");
    }

    fn close(&mut self) {}
}

//! The fields in a browser's DOM. Events are made by script, so that what a browser itself does
//! about a key or a click is only judged by whether it was prevented.

mod filling;
mod hostile_names;
mod keys;
mod search;
mod typing;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Reflect};
use kassa_dom::parse;
use kassa_protocol::client::{Element, FormValues};
use kassa_protocol::frame::{FromForm, ToForm};
use kassa_protocol::json::{FromJson, Json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test_configure;
use web_sys::{
    Document, Event, EventInit, HtmlElement, HtmlInputElement, HtmlSelectElement, InputEvent,
    InputEventInit, KeyboardEvent, KeyboardEventInit, MouseEvent, MouseEventInit, ShadowRoot,
    ShadowRootInit, ShadowRootMode,
};

use super::Fields;
use crate::host_functions::unguarded;
use crate::view::english;

wasm_bindgen_test_configure!(run_in_browser);

const BANKS: [&str; 12] = [
    "mBank",
    "ING Bank Śląski",
    "PKO Bank Polski",
    "Santander",
    "Alior Bank",
    "Bank Millennium",
    "BNP Paribas",
    "Citi Handlowy",
    "Credit Agricole",
    "Getin Bank",
    "Nest Bank",
    "Bank Spółdzielczy",
];

/// The fields in a shadow root, as in a component. Taken out of the page when dropped.
struct Page {
    host: HtmlElement,
    slot: HtmlElement,
    fields: Option<Fields>,
    sent: Rc<RefCell<Vec<FromForm>>>,
}

impl Page {
    /// Shows payment elements, given as JSON text.
    fn new(elements: &str) -> Self {
        let document = document();
        let host: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        document.body().unwrap().append_child(&host).unwrap();
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap();
        let style = document.create_element("style").unwrap();
        style.set_text_content(Some(include_str!("../fields.css")));
        root.append_child(&style).unwrap();
        let slot: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        root.append_child(&slot).unwrap();
        let sent = Rc::default();
        let mut page = Self { host, slot, fields: None, sent };
        page.show(elements);
        page
    }

    fn show(&mut self, elements: &str) {
        let Ok(Json::List(elements)) = parse(elements) else { panic!("no list: {elements}") };
        let elements = elements.iter().filter_map(Element::from_json).collect();
        let sent = Rc::clone(&self.sent);
        let send = move |message| sent.borrow_mut().push(message);
        self.fields =
            Some(Fields::new(&self.slot, elements, "2026-11-25", &english(), &unguarded(), send));
    }

    fn send(&self, message: &ToForm) {
        self.fields.as_ref().unwrap().handle(message);
    }

    /// The messages since the last call.
    fn sent(&self) -> Vec<FromForm> {
        self.sent.take()
    }

    /// Submits. The values, or `None` when the form is invalid.
    fn submit(&self) -> Option<Vec<(String, String)>> {
        self.sent();
        self.send(&ToForm::Submit { id: 9 });
        match self.sent().as_slice() {
            [FromForm::Values { id: 9, values: FormValues(values) }] => Some(values.clone()),
            [FromForm::Invalid { id: 9 }] => None,
            other => panic!("{other:?}"),
        }
    }

    fn find<T: JsCast>(&self, selector: &str) -> T {
        let found = self.slot.query_selector(selector).unwrap();
        found.unwrap_or_else(|| panic!("no {selector}")).unchecked_into()
    }

    /// A control by the key of its payment element.
    fn input(&self, key: &str) -> HtmlInputElement {
        self.find(&format!("[name={key}]"))
    }

    fn select(&self, key: &str) -> HtmlSelectElement {
        self.find(&format!("[name={key}]"))
    }

    /// The error of a field: the text that describes its control.
    fn error(&self, key: &str) -> String {
        let id = self.input(key).get_attribute("aria-describedby").unwrap();
        let error: HtmlElement = self.find(&format!("#{id}"));
        let text = error.text_content().unwrap();
        let is_invalid = self.input(key).get_attribute("aria-invalid");
        assert_eq!(is_invalid.as_deref() == Some("true"), !text.is_empty(), "{key}: {text}");
        text
    }

    /// The key of the focused control; empty for none.
    fn focused(&self) -> String {
        let root: ShadowRoot = self.slot.get_root_node().unchecked_into();
        let focused = root.active_element().and_then(|element| element.get_attribute("name"));
        focused.unwrap_or_default()
    }

    /// Types a whole text, as the browser reports it.
    fn fill(&self, key: &str, text: &str) {
        let input = self.input(key);
        input.focus().unwrap();
        input.set_value(text);
        type_into(&input, "insertText");
    }

    fn leave(&self, key: &str) {
        fire(&self.input(key), "focusout");
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.host.remove();
    }
}

fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// An event that bubbles and has no members of its own, as browsers make them up for autofill.
fn fire(target: &HtmlElement, name: &str) -> Event {
    let init = EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = Event::new_with_event_init_dict(name, &init).unwrap();
    target.dispatch_event(&event).unwrap();
    event
}

/// The event after a text was changed.
fn type_into(target: &HtmlElement, input_type: &str) {
    let init = InputEventInit::new();
    init.set_bubbles(true);
    init.set_input_type(input_type);
    let event = InputEvent::new_with_event_init_dict("input", &init).unwrap();
    target.dispatch_event(&event).unwrap();
}

/// Presses a key, and returns whether its meaning for the browser was prevented.
fn press(target: &HtmlElement, key: &str) -> bool {
    press_with(target, key, |_| {}).default_prevented()
}

fn press_with(
    target: &HtmlElement,
    key: &str,
    change: impl FnOnce(&KeyboardEventInit),
) -> KeyboardEvent {
    let init = KeyboardEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_key(key);
    change(&init);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    target.dispatch_event(&event).unwrap();
    event
}

/// Presses the mouse's button, and returns whether the focus would stay where it is.
fn mouse_down(target: &HtmlElement) -> bool {
    let init = MouseEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = MouseEvent::new_with_mouse_event_init_dict("mousedown", &init).unwrap();
    !target.dispatch_event(&event).unwrap()
}

/// The member of an object, whatever it is.
fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

/// Payment elements of every kind.
fn every_kind() -> String {
    let (banks, few) = (options(BANKS.len()), options(2));
    format!(
        r#"[
        {{"paymentElementKey":"buyerName","elementType":"NAME","title":"Your name",
          "subPaymentElementView":[
            {{"paymentElementKey":"firstName","elementType":"NAME","elementMandatory":true,
              "title":"First name","maxLength":32}},
            {{"paymentElementKey":"lastName","elementType":"NAME","elementMandatory":true,
              "title":"Last name"}}]}},
        {{"paymentElementKey":"phone","elementType":"PHONE","elementMandatory":true,"country":"es"}},
        {{"paymentElementKey":"email","elementType":"EMAIL","elementMandatory":true,
          "paramIllegalText":"That is no address."}},
        {{"paymentElementKey":"cpf","elementType":"CPF"}},
        {{"paymentElementKey":"blik","elementType":"BLIK","elementMandatory":true}},
        {{"paymentElementKey":"account","elementType":"NUMBER","minLength":4,"defaultText":"Digits"}},
        {{"paymentElementKey":"birthDate","elementType":"DATE","elementMandatory":true}},
        {{"paymentElementKey":"bank","elementType":"BANK","elementMandatory":true,
          "options":{banks},"defaultText":"Search your bank"}},
        {{"paymentElementKey":"smallBank","elementType":"BANK","options":{few}}},
        {{"paymentElementKey":"brand","elementType":"SELECT","elementMandatory":true,"title":"Card",
          "options":{few},"defaultText":"Which one?"}},
        {{"paymentElementKey":"note","elementType":"HOLOGRAM"}},
        {{"paymentElementKey":"terms","elementType":"CONSENT","elementMandatory":true,
          "title":"I agree to the terms."}},
        {{"paymentElementKey":"news","elementType":"CONSENT"}}
        ]"#
    )
}

/// A payment element that may stay empty.
fn one(key: &str, kind: &str) -> String {
    format!(r#"[{{"paymentElementKey":"{key}","elementType":"{kind}"}}]"#)
}

/// A bank with a search.
fn bank() -> String {
    let options = options(BANKS.len());
    format!(
        r#"[{{"paymentElementKey":"bank","elementType":"BANK","elementMandatory":true,
             "options":{options}}}]"#
    )
}

/// The first banks, with the values `B0`, `B1` and so on.
fn options(count: usize) -> String {
    let option = |(index, text)| format!(r#"{{"value":"B{index}","text":"{text}"}}"#);
    let options: Vec<String> = BANKS.iter().take(count).enumerate().map(option).collect();
    format!("[{}]", options.join(","))
}

/// Runs a script in the page.
fn run(script: &str) -> JsValue {
    Function::new_no_args(script).call0(&JsValue::NULL).unwrap()
}

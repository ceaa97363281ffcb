//! The page that stands in for the card form.

use js_sys::{Array, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlIFrameElement, MessageEvent, MessageEventInit, Window};

use super::{Sdk, from_js, origin, to_js, until, window};

/// The message with which a card form requests its port.
pub(crate) const HELLO: &str = "kassa:hello";

#[wasm_bindgen]
extern "C" {
    /// `cardForm` of `card_form.js`.
    type JsCardForm;

    #[wasm_bindgen(method, getter)]
    fn welcomes(this: &JsCardForm) -> u32;

    #[wasm_bindgen(method, getter)]
    fn received(this: &JsCardForm) -> Array;

    #[wasm_bindgen(method, getter)]
    fn port(this: &JsCardForm) -> JsValue;

    #[wasm_bindgen(method)]
    fn post(this: &JsCardForm, message: &JsValue, origin: &str);

    #[wasm_bindgen(method)]
    fn send(this: &JsCardForm, message: &JsValue);
}

/// The page in a frame of the component's.
pub(crate) struct CardForm {
    pub(crate) frame: HtmlIFrameElement,
    page: JsCardForm,
}

impl CardForm {
    /// Waits until the page in the component's frame has loaded.
    pub(crate) async fn of(sdk: &Sdk) -> Self {
        until("there is a frame", || sdk.is_in_page() && sdk.screen().frame().is_some()).await;
        let frame = sdk.screen().frame().unwrap();
        let page = || {
            // Another page's members, before this one has loaded, cannot be read.
            let window = frame.content_window()?;
            Reflect::get(&window, &"cardForm".into()).ok().filter(JsValue::is_object)
        };
        until("the frame has loaded", || page().is_some()).await;
        let page = page().unwrap().unchecked_into();
        Self { frame, page }
    }

    /// Waits until the page in the component's frame of 3DS has loaded.
    pub(crate) async fn three_ds_of(sdk: &Sdk) -> Self {
        let find = || {
            let frame = sdk.screen().root.query_selector(".window iframe").unwrap()?;
            let frame: HtmlIFrameElement = frame.unchecked_into();
            let window = frame.content_window()?;
            let page = Reflect::get(&window, &"cardForm".into()).ok()?;
            page.is_object().then(|| Self { frame, page: page.unchecked_into() })
        };
        until("the frame has loaded", || find().is_some()).await;
        find().unwrap()
    }

    pub(crate) fn window(&self) -> Window {
        self.frame.content_window().unwrap()
    }

    /// Posts a message to the page around the frame, from the frame.
    pub(crate) fn post(&self, message: &Value) {
        self.page.post(&to_js(message), &origin());
    }

    /// Sends the handshake message to the page around the frame and waits for the port.
    pub(crate) async fn send_hello(&self) {
        self.post(&json!({"t": HELLO}));
        until("the form has its port", || !self.page.port().is_undefined()).await;
    }

    /// How often a port was sent.
    pub(crate) fn welcomes(&self) -> u32 {
        self.page.welcomes()
    }

    /// Sends a message over the port.
    pub(crate) fn send(&self, message: &Value) {
        self.page.send(&to_js(message));
    }

    /// Sends any value over the port.
    pub(crate) fn send_value(&self, message: &JsValue) {
        self.page.send(message);
    }

    /// The messages so far.
    pub(crate) fn received(&self) -> Vec<Value> {
        self.page.received().iter().map(|message| from_js(&message)).collect()
    }

    /// Waits for a message with this tag, and returns the first one.
    pub(crate) async fn receives(&self, tag: &str) -> Value {
        self.receives_nth(tag, 0).await
    }

    /// Waits for another message with this tag, after so many.
    pub(crate) async fn receives_nth(&self, tag: &str, after: usize) -> Value {
        let find = || self.received().into_iter().filter(|message| message["t"] == tag).nth(after);
        until(&format!("the form receives {tag}"), || find().is_some()).await;
        find().unwrap()
    }

    /// Answers the first message with this tag.
    pub(crate) async fn replies(&self, tag: &str, answer: &Value) {
        let id = self.receives(tag).await["id"].clone();
        self.send(&super::answers::with(answer, &json!({"id": id})));
    }

    /// Answers the submit with a token.
    pub(crate) async fn answer_with_token(&self) {
        self.replies("submit", &json!({"t": "token", "token": "tok_1"})).await;
    }
}

/// Has a message arrive in the page as if it came from this window and this origin.
pub(crate) fn message_from(source: &Window, origin: &str, data: &Value) {
    let init = MessageEventInit::new();
    init.set_source(Some(source));
    init.set_origin(origin);
    init.set_data(&to_js(data));
    let event = MessageEvent::new_with_event_init_dict("message", &init).unwrap();
    window().dispatch_event(&event).unwrap();
}

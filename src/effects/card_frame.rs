//! The card form's frame: a handshake by `postMessage`, then messages over a port that no other
//! frame can reach.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::Array;
use kassa_core::machine::FormId;
use kassa_core::platform::Target;
use kassa_dom::listen;
use kassa_protocol::frame::{HELLO, Handshake, ToForm, WELCOME};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlIFrameElement, MessageChannel, MessageEvent, MessagePort, Window};

use super::page::window;
use super::{origin_of, sender_of};
use crate::runtime::{Inbox, Queued};
use crate::to_js::to_js;

/// The page's end of the card form. Dropped, it neither sends nor receives.
pub(crate) struct CardFrame {
    connection: Rc<Connection>,
    _handshake: EventListener,
}

#[derive(Default)]
struct Connection {
    port: RefCell<Option<(MessagePort, EventListener)>>,
    /// Messages from before the handshake.
    waiting: RefCell<Vec<JsValue>>,
}

impl CardFrame {
    pub(crate) fn new(id: FormId, frame: HtmlIFrameElement, target: &Target, inbox: Inbox) -> Self {
        let connection = Rc::new(Connection::default());
        let (connecting, origin) = (Rc::clone(&connection), origin_of(target));
        let handshake = listen(&window(), "message", move |event| {
            if connecting.port.borrow().is_some() {
                return;
            }
            if let Some(sender) = sender_of(event, &frame, &origin, HELLO) {
                connecting.connect(id, &sender, &origin, inbox.clone());
            }
        });
        Self { connection, _handshake: handshake }
    }

    /// Sends a message, now or after the handshake.
    pub(crate) fn send(&self, message: &ToForm) {
        let message = to_js(message);
        match &*self.connection.port.borrow() {
            // A plain object can always be cloned.
            Some((port, _)) => drop(port.post_message(&message)),
            None => self.connection.waiting.borrow_mut().push(message),
        }
    }
}

impl Drop for CardFrame {
    fn drop(&mut self) {
        if let Some((port, _)) = self.connection.port.take() {
            port.close();
        }
    }
}

impl Connection {
    fn connect(&self, id: FormId, frame: &Window, origin: &str, inbox: Inbox) {
        let Ok(channel) = MessageChannel::new() else { return };
        let welcome = to_js(&Handshake(WELCOME));
        let transferred = Array::of1(&channel.port2());
        if frame.post_message_with_transfer(&welcome, origin, &transferred).is_err() {
            return;
        }
        let port = channel.port1();
        let listener = listen(&port, "message", move |event| {
            let event: &MessageEvent = event.unchecked_ref();
            inbox.queue(Queued::FrameMessage { form: id, message: event.data() });
        });
        port.start();
        for message in self.waiting.take() {
            let _ = port.post_message(&message);
        }
        self.port.replace(Some((port, listener)));
    }
}

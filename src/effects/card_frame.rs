//! The card form's frame: a handshake by `postMessage`, then messages over a port that no other
//! frame can reach.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use kassa_core::machine::FormId;
use kassa_core::platform::Target;
use kassa_dom::{Listener, tree_to_js};
use kassa_protocol::frame::{BROKEN, CardFormInit, HELLO, Handshake, ToForm, WELCOME};
use kassa_protocol::json::ToJson;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlIFrameElement, MessageChannel, MessageEvent, MessagePort, Window};

use super::page::window;
use super::{origin_of, sender_of};
use crate::host_functions::{HostFunctions, listen};
use crate::runtime::{Inbox, Queued};

/// The page's end of the card form. Dropped, it neither sends nor receives.
pub(crate) struct CardFrame {
    connection: Rc<Connection>,
    _handshake: Listener,
}

struct Connection {
    id: FormId,
    /// The first message after each handshake.
    init: JsValue,
    host: HostFunctions,
    inbox: Inbox,
    port: RefCell<Option<Port>>,
    /// Messages from before the first handshake.
    waiting: RefCell<Vec<JsValue>>,
}

/// The page's end of a message channel. Dropped, it is closed.
struct Port {
    port: MessagePort,
    _listener: Listener,
}

impl CardFrame {
    /// A frame that the page's own code moves in the document loads again, and says hello again: it
    /// then gets a new port and the same `init`.
    pub(crate) fn new(
        id: FormId,
        frame: HtmlIFrameElement,
        target: &Target,
        init: Box<CardFormInit>,
        host: &HostFunctions,
        inbox: Inbox,
    ) -> Self {
        let connection = Rc::new(Connection {
            id,
            init: to_js(&ToForm::Init(init)),
            host: host.clone(),
            inbox,
            port: RefCell::default(),
            waiting: RefCell::default(),
        });
        let (connecting, origin) = (Rc::clone(&connection), origin_of(target));
        let handshake = listen(host, &window(), "message", move |event| {
            if let Some(sender) = sender_of(event, &frame, &origin, HELLO) {
                connecting.connect(&sender, &origin);
            } else if sender_of(event, &frame, &origin, BROKEN).is_some() {
                queue_message(event, id, &connecting.inbox);
            }
        });
        Self { connection, _handshake: handshake }
    }

    /// Sends a message, now or after the handshake. While a frame loads again, messages are lost.
    pub(crate) fn send(&self, message: &ToForm) {
        let message = to_js(message);
        match &*self.connection.port.borrow() {
            Some(port) => port.send(&message),
            None => self.connection.waiting.borrow_mut().push(message),
        }
    }
}

impl Connection {
    fn connect(&self, frame: &Window, origin: &str) {
        let Ok(channel) = MessageChannel::new() else { return };
        let welcome = to_js(&Handshake(WELCOME));
        let transferred = Array::of1(&channel.port2());
        if frame.post_message_with_transfer(&welcome, origin, &transferred).is_err() {
            return;
        }
        let (id, inbox) = (self.id, self.inbox.clone());
        let port = channel.port1();
        let listener = listen(&self.host, &port, "message", move |event| {
            queue_message(event, id, &inbox);
        });
        port.start();
        let port = Port { port, _listener: listener };
        port.send(&self.init);
        for message in self.waiting.take() {
            port.send(&message);
        }
        self.port.replace(Some(port));
    }
}

fn queue_message(event: &Event, form: FormId, inbox: &Inbox) {
    let message = event.unchecked_ref::<MessageEvent>().data();
    inbox.queue(Queued::FrameMessage { form, message });
}

/// A message as a JavaScript object.
fn to_js(message: &impl ToJson) -> JsValue {
    message.to_json().as_ref().map(tree_to_js).unwrap_or_default()
}

impl Port {
    fn send(&self, message: &JsValue) {
        // A plain object can always be cloned.
        let _ = self.port.post_message(message);
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.port.close();
    }
}

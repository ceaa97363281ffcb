//! The card frame: loading it, meeting it once, and speaking with it over a port of our own.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo::events::EventListener;
use js_sys::{Array, Object, Reflect};
use kassa_core::answer::Json;
use kassa_core::frame::{FromFrame, HELLO, Packet, ToFrame, WELCOME};
use kassa_core::machine::{FrameId, Input};
use kassa_core::platform::Target;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlIFrameElement, MessageChannel, MessageEvent, MessagePort};

use crate::decode::JsonObject;
use crate::shell::Shell;
use crate::view::Canvas;

/// A frame that is loading or loaded. Dropping it closes the port.
pub(crate) struct FrameLink {
    line: Rc<RefCell<Line>>,
    _greeting: EventListener,
}

/// The port, once there is one, and what was said before there was.
#[derive(Default)]
struct Line {
    port: Option<MessagePort>,
    waiting: Vec<ToFrame>,
    _listener: Option<EventListener>,
}

impl FrameLink {
    /// Puts the frame into the canvas and waits for its greeting.
    pub(crate) fn open(
        shell: Weak<Shell>,
        canvas: &Rc<Canvas>,
        id: FrameId,
        target: &Target,
        first: ToFrame,
    ) -> Option<Self> {
        let window = web_sys::window()?;
        let gateway = web_sys::Url::new(target.as_str()).ok()?.origin();
        let page = window.location().origin().ok()?;
        let frame = canvas.put_frame(target.as_str(), &page)?;
        let line = Rc::new(RefCell::new(Line { waiting: vec![first], ..Line::default() }));
        let meeting = line.clone();
        let canvas = Rc::downgrade(canvas);
        let greeting = EventListener::new(&window, "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            if meeting.borrow().port.is_some() || !is_greeting(event, &frame, &gateway) {
                return;
            }
            let heard = Listener { shell: shell.clone(), canvas: canvas.clone(), id };
            // A frame that vanished between its greeting and our answer gets no port.
            let _ = meet(&meeting, &frame, &gateway, heard);
        });
        Some(Self { line, _greeting: greeting })
    }

    pub(crate) fn send(&self, message: &ToFrame) {
        let mut line = self.line.borrow_mut();
        match &line.port {
            Some(port) => {
                let _ = port.post_message(&pack(&message.pack()));
            }
            None => line.waiting.push(message.clone()),
        }
    }
}

impl Drop for FrameLink {
    fn drop(&mut self) {
        if let Some(port) = &self.line.borrow().port {
            port.close();
        }
    }
}

/// Who hears what the frame says.
struct Listener {
    shell: Weak<Shell>,
    canvas: Weak<Canvas>,
    id: FrameId,
}

impl Listener {
    fn hear(&self, message: FromFrame) {
        // The frame's height is nobody's decision: it goes straight to the screen.
        if let FromFrame::Resized { height } = message {
            if let Some(canvas) = self.canvas.upgrade() {
                canvas.resize_frame(height);
            }
        } else if let Some(shell) = self.shell.upgrade() {
            shell.dispatch(Input::Frame { frame: self.id, message });
        }
    }
}

/// Only our own frame's window, on the gateway's origin, with the right word.
fn is_greeting(event: &MessageEvent, frame: &HtmlIFrameElement, gateway: &str) -> bool {
    let from_frame = match (event.source(), frame.content_window()) {
        (Some(source), Some(window)) => Object::is(&source, &window),
        _ => false,
    };
    let says_hello =
        || JsonObject::new(event.data()).and_then(|data| data.text("t")).as_deref() == Some(HELLO);
    from_frame && event.origin() == gateway && says_hello()
}

fn meet(
    line: &RefCell<Line>,
    frame: &HtmlIFrameElement,
    gateway: &str,
    heard: Listener,
) -> Result<(), JsValue> {
    let channel = MessageChannel::new()?;
    let window = frame.content_window().ok_or(JsValue::NULL)?;
    let welcome = pack(&Packet { tag: WELCOME, members: vec![] });
    let ports = Array::of1(&channel.port2());
    window.post_message_with_transfer(&welcome, gateway, &ports)?;
    let port = channel.port1();
    let listener = EventListener::new(&port, "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        let Some(data) = JsonObject::new(event.data()) else { return };
        if let Some(message) = FromFrame::unpack(|name| data.text(name)) {
            heard.hear(message);
        }
    });
    port.start();
    let mut line = line.borrow_mut();
    for message in line.waiting.drain(..) {
        port.post_message(&pack(&message.pack()))?;
    }
    line.port = Some(port);
    line._listener = Some(listener);
    Ok(())
}

fn pack(packet: &Packet) -> JsValue {
    let object = Object::new();
    let put = |name: &str, value: &str| {
        // Setting a member of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value.into());
    };
    put("t", packet.tag);
    for (name, value) in &packet.members {
        put(name, value);
    }
    object.into()
}

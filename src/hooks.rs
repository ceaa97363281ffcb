//! What goes to JavaScript: the facade's hooks.

use js_sys::{Object, Reflect};
use kassa_core::events::Event;
use kassa_core::machine::{Ticket, Verdict};
use kassa_core::money::Printable;
use kassa_core::outgoing::{Outgoing, Sink};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The facade's side of the bridge. Its methods catch what the merchant's callbacks throw, so
    /// nothing ever unwinds through here.
    pub type Hooks;

    #[wasm_bindgen(method)]
    fn event(this: &Hooks, event: &JsValue, is_error: bool);

    /// Settles a promise: rejects with a code when `good` is false and there is one.
    #[wasm_bindgen(method)]
    fn settle(this: &Hooks, ticket: u32, good: bool, code: Option<&str>, message: Option<&str>);

    /// The module takes control, or gives it back. In between, a trap is ours.
    #[wasm_bindgen(method)]
    pub fn inside(this: &Hooks, inside: bool);

    /// `onLog`.
    #[wasm_bindgen(method)]
    pub fn log(this: &Hooks, code: &str, message: &str);

    /// `onClose`.
    #[wasm_bindgen(method)]
    pub fn closed(this: &Hooks);

    /// `onSizeChanged`, CSS pixels.
    #[wasm_bindgen(method)]
    pub fn resized(this: &Hooks, width: f64, height: f64);

    #[wasm_bindgen(method)]
    fn money(this: &Hooks, currency: &str, decimal: &str, digits: u8) -> String;

    /// Gives the component its style sheet, in the way that the page's CSP allows.
    #[wasm_bindgen(method)]
    pub fn style(this: &Hooks, root: &web_sys::ShadowRoot);
}

/// Turns our values into plain objects.
pub(crate) fn to_js(value: &dyn Outgoing) -> JsValue {
    let mut builder = Builder { object: Object::new(), outer: Vec::new() };
    value.write(&mut builder);
    builder.object.into()
}

/// An object under construction, and those around it with the names that they wait for.
struct Builder {
    object: Object,
    outer: Vec<(Object, String)>,
}

impl Builder {
    fn put(&self, name: &str, value: &JsValue) {
        // Setting a member of a plain object of our own cannot fail.
        let _ = Reflect::set(&self.object, &JsValue::from_str(name), value);
    }
}

impl Sink for Builder {
    fn text(&mut self, name: &str, value: &str) {
        self.put(name, &JsValue::from_str(value));
    }

    fn flag(&mut self, name: &str, value: bool) {
        self.put(name, &JsValue::from_bool(value));
    }

    fn whole(&mut self, name: &str, value: i32) {
        self.put(name, &JsValue::from_f64(f64::from(value)));
    }

    fn open(&mut self, name: &str) {
        let outer = core::mem::replace(&mut self.object, Object::new());
        self.outer.push((outer, name.to_owned()));
    }

    fn close(&mut self) {
        if let Some((outer, name)) = self.outer.pop() {
            let object = core::mem::replace(&mut self.object, outer);
            self.put(&name, &object);
        }
    }
}

impl Hooks {
    pub(crate) fn emit(&self, event: &Event) {
        self.event(&to_js(event), event.code.is_error());
    }

    pub(crate) fn verdict(&self, ticket: Ticket, verdict: &Verdict) {
        match verdict {
            Verdict::Checked { valid } => self.settle(ticket.0, *valid, None, None),
            Verdict::Opened => self.settle(ticket.0, true, None, None),
            Verdict::Refused { code, message } => {
                self.settle(ticket.0, false, Some(code.name()), Some(message));
            }
            Verdict::Submitted { code, message } => {
                self.settle(ticket.0, true, Some(code.name()), Some(message));
            }
        }
    }

    /// The amount as the buyer's language writes it.
    pub(crate) fn print(&self, amount: &Printable) -> String {
        self.money(&amount.currency, &amount.decimal, amount.digits)
    }
}

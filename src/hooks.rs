//! What goes to JavaScript: the facade's hooks.

use kassa_core::events::Event;
use kassa_core::machine::{Ticket, Verdict};
use kassa_core::money::Printable;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The facade's side of the bridge. Its methods catch what the merchant's callbacks throw, so
    /// nothing ever unwinds through here.
    pub type Hooks;

    #[wasm_bindgen(method)]
    fn event(this: &Hooks, event: &JsValue, is_error: bool);

    #[wasm_bindgen(method)]
    fn settle(this: &Hooks, ticket: u32, fulfilled: bool, value: &JsValue);

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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<kassa_core::events::Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_valid: Option<bool>,
}

/// Turns our values into plain objects.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

impl Hooks {
    pub(crate) fn emit(&self, event: &Event) {
        self.event(&to_js(event), event.code.is_error());
    }

    pub(crate) fn verdict(&self, ticket: Ticket, verdict: &Verdict) {
        let (fulfilled, answer) = match verdict {
            Verdict::Checked { valid } => {
                (true, Answer { code: None, message: None, is_valid: Some(*valid) })
            }
            Verdict::Opened => return self.settle(ticket.0, true, &JsValue::UNDEFINED),
            Verdict::Refused { code, message } => {
                (false, Answer { code: Some(*code), message: Some(message), is_valid: None })
            }
            Verdict::Submitted { code, message } => {
                (true, Answer { code: Some(*code), message: Some(message), is_valid: None })
            }
        };
        self.settle(ticket.0, fulfilled, &to_js(&answer));
    }

    /// The amount as the buyer's language writes it.
    pub(crate) fn print(&self, amount: &Printable) -> String {
        self.money(&amount.currency, &amount.decimal, amount.digits)
    }
}

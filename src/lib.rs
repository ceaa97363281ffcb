//! The SDK's shell in the merchant's page.
//!
//! * [`Kassa`] is what the facade in `js/` holds: one for each `AMSCashierPayment`;
//! * `shell` takes inputs one at a time, asks the machine, and has done what it says;
//! * `hooks` is what others do for it: the bridge in `js/src/bridge.ts`, and behind it one file for
//!   each kind of effect and the view (`docs/adr/0003-who-does-effects.md` says why there);
//! * `decode` reads what comes from JavaScript; `json` and `picture` write what goes to it.
//!
//! *Architecture invariant:* nothing here decides anything about payments. An `if` about payments
//! belongs in `kassa-core`.
//!
//! *Architecture invariant:* no `RefCell` is borrowed while JavaScript runs that may call back.

mod decode;
mod hooks;
mod json;
mod picture;
mod shell;

use kassa_core::machine::{CallId, FrameId, Input, Ticket, TimerId};
use wasm_bindgen::prelude::*;

use hooks::Hooks;
use shell::Shell;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// One SDK instance. A thin handle: every method takes `&self`, so that a merchant's callback can
/// call back in without finding the object borrowed.
#[wasm_bindgen(skip_typescript)]
pub struct Kassa {
    shell: Shell,
}

/// What the merchant asks for.
#[wasm_bindgen]
impl Kassa {
    /// An instance with nothing open.
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue, hooks: Hooks) -> Self {
        Self { shell: Shell::new(decode::config(config), hooks) }
    }

    /// `createComponent` and `mountComponent`: the latter with a container.
    pub fn open(&self, ticket: u32, opening: JsValue, container: Option<web_sys::Element>) {
        self.shell.open(ticket, opening, container);
    }

    /// `submit`.
    pub fn submit(&self, ticket: u32, billing_address: JsValue) {
        let billing_address = decode::billing_address(billing_address);
        self.shell.dispatch(Input::Submit { ticket: Ticket(ticket), billing_address });
    }

    /// `validateFields`.
    pub fn validate(&self, ticket: u32) {
        self.shell.dispatch(Input::Validate { ticket: Ticket(ticket) });
    }

    /// `unmount`.
    pub fn unmount(&self) {
        self.shell.dispatch(Input::Unmount);
    }
}

/// What effects report.
#[wasm_bindgen]
impl Kassa {
    /// A call was answered, or broke: then there is no reply.
    pub fn answered(&self, call: u32, reply: JsValue) {
        let call = CallId(call);
        self.shell.dispatch(match decode::reply(reply) {
            Some(reply) => Input::Answered { call, reply },
            None => Input::CallFailed { call },
        });
    }

    /// A timer fired.
    pub fn fired(&self, timer: u32) {
        self.shell.dispatch(Input::TimerFired(TimerId(timer)));
    }

    /// The buyer pressed something, or the page changed.
    pub fn happened(&self, what: &str) {
        self.shell.dispatch(match what {
            "app" => Input::AppPressed,
            "check" => Input::CheckPressed,
            "close" => Input::ClosePressed,
            "continue" => Input::ContinuePressed,
            "hidden" => Input::PageHidden,
            "online" => Input::Online,
            "pay" => Input::PayPressed,
            "restored" => Input::PageShown { restored: true },
            "shown" => Input::PageShown { restored: false },
            _ => return,
        });
    }

    /// `onBeforeSubmit` answered.
    pub fn guarded(&self, question: u32, answer: String) {
        self.shell.dispatch(Input::Guarded { question, answer });
    }

    /// A form or a frame said something.
    pub fn heard(&self, frame: u32, packet: JsValue) {
        if let Some(message) = decode::packet(packet) {
            self.shell.dispatch(Input::Frame { frame: FrameId(frame), message });
        }
    }
}

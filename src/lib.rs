//! The SDK's shell in the merchant's page.
//!
//! * [`Kassa`] is what the facade in `js/` holds: one for each `AMSCashierPayment`;
//! * `shell` takes inputs one at a time, asks the machine, and does what it says;
//! * `effects` has one file per kind of thing to do: calls, timers, the card frame;
//! * `view` draws what the machine wants to be seen;
//! * `decode` reads what comes from JavaScript, `hooks` is what goes to it.
//!
//! *Architecture invariant:* nothing here decides anything about payments. An `if` about payments
//! belongs in `kassa-core`.
//!
//! *Architecture invariant:* no `RefCell` is borrowed while JavaScript runs that may call back.

mod decode;
mod effects;
mod hooks;
mod shell;
mod view;

use std::rc::Rc;

use kassa_core::machine::{Input, Ticket};
use wasm_bindgen::prelude::*;

use decode::{ConfigObject, OpeningObject};
use hooks::Hooks;
use shell::Shell;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// One SDK instance. A thin handle: every method takes `&self`, so that a merchant's callback can
/// call back in without finding the object borrowed.
#[wasm_bindgen(skip_typescript)]
pub struct Kassa {
    shell: Rc<Shell>,
}

#[wasm_bindgen]
impl Kassa {
    /// An instance with nothing open.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &ConfigObject, hooks: Hooks) -> Self {
        Self { shell: Shell::new(decode::config(config), hooks) }
    }

    /// `createComponent` and `mountComponent`: the latter with a container.
    pub fn open(&self, ticket: u32, opening: &OpeningObject, container: Option<web_sys::Element>) {
        let input = decode::opening(ticket, opening, container.is_some());
        self.shell.open(input, container);
    }

    /// `submit`.
    pub fn submit(&self, ticket: u32, billing_address: &JsValue) {
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

//! The promises that the merchant holds.

use std::cell::{Cell, RefCell};

use js_sys::{Error, Function, Promise};
use kassa_core::events::EventCode;
use kassa_core::machine::{PromiseId, Settlement};
use kassa_dom::set_member;
use kassa_protocol::Json;
use wasm_bindgen::JsValue;

use crate::to_js::to_js;

/// The promises that have not settled.
#[derive(Default)]
pub(crate) struct Promises {
    pending: RefCell<Vec<Pending>>,
    last: Cell<u32>,
}

struct Pending {
    id: PromiseId,
    resolve: Function,
    reject: Function,
}

impl Promises {
    /// A promise, and the id by which it will be settled.
    pub(crate) fn create(&self) -> (PromiseId, Promise) {
        let id = PromiseId(self.last.get() + 1);
        self.last.set(id.0);
        let promise = Promise::new(&mut |resolve, reject| {
            self.pending.borrow_mut().push(Pending { id, resolve, reject });
        });
        (id, promise)
    }

    pub(crate) fn settle(&self, id: PromiseId, settlement: &Settlement) {
        let pending = {
            let mut pending = self.pending.borrow_mut();
            let Some(at) = pending.iter().position(|it| it.id == id) else { return };
            pending.swap_remove(at)
        };
        let (settle, value) = match settlement {
            Settlement::Opened => (pending.resolve, JsValue::UNDEFINED),
            Settlement::Rejected { code, message } => {
                (pending.reject, coded_error(*code, message).into())
            }
            Settlement::Submitted { code, message } => {
                let settled = Json::object().with("code", &code.name()).with("message", message);
                (pending.resolve, to_js(&settled))
            }
            Settlement::Validated { is_valid } => {
                (pending.resolve, to_js(&Json::object().with("isValid", is_valid)))
            }
        };
        // A promise's own functions do not throw.
        let _ = settle.call1(&JsValue::UNDEFINED, &value);
    }
}

/// A promise that settles as a value does: a promise of the page's, a thenable, or the result itself.
///
/// Not `Promise.resolve`, which throws for a promise with a `constructor` that throws, and returns
/// one with a `then` of its own as it is.
pub(crate) fn promise_of(value: &JsValue) -> Promise {
    Promise::new(&mut |resolve, _| {
        // A promise's own functions do not throw.
        let _ = resolve.call1(&JsValue::UNDEFINED, value);
    })
}

/// An `Error` that carries one of the contract's codes.
fn coded_error(code: EventCode, message: &str) -> Error {
    let error = Error::new(message);
    // A new `Error` takes members.
    let _ = set_member(&error, "code", &code.name().into());
    error
}

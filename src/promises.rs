//! The promises that the merchant holds.

use std::cell::{Cell, RefCell};

use js_sys::{Error, Function, Promise, Reflect};
use kassa_core::events::EventCode;
use kassa_core::machine::{PromiseId, Settlement};
use serde::Serialize;
use wasm_bindgen::JsValue;

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

/// What the promise of `submit` resolves with.
#[derive(Serialize)]
struct Submitted<'a> {
    code: &'static str,
    message: &'a str,
}

/// What the promise of `validateFields` resolves with.
#[derive(Serialize)]
struct Validated {
    #[serde(rename = "isValid")]
    is_valid: bool,
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
                let code = code.name();
                (pending.resolve, to_js(&Submitted { code, message }))
            }
            Settlement::Validated { is_valid } => {
                (pending.resolve, to_js(&Validated { is_valid: *is_valid }))
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

/// The result as a JavaScript object. Texts and booleans have no form that could fail.
fn to_js(result: &impl Serialize) -> JsValue {
    serde_wasm_bindgen::to_value(result).unwrap_or_default()
}

/// An `Error` that carries one of the contract's codes.
fn coded_error(code: EventCode, message: &str) -> Error {
    let error = Error::new(message);
    // A new `Error` takes members.
    let _ = Reflect::set(&error, &"code".into(), &code.name().into());
    error
}

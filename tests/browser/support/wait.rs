//! Waiting for states.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

#[wasm_bindgen(module = "/tests/browser/support/wait.js")]
extern "C" {
    fn sleep(milliseconds: u32) -> Promise;
}

/// How often a state is looked for, 5 ms apart, before the test fails: for a busy machine.
const LOOKS: u32 = 2_000;

/// Waits until something is so.
pub(crate) async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..LOOKS {
        if is_so() {
            return;
        }
        later().await;
    }
    panic!("waited in vain until {what}");
}

/// A moment later: other tasks of the page have run.
pub(crate) async fn later() {
    JsFuture::from(sleep(5)).await.unwrap();
}

/// Runs the tasks that an answer of the gateway, a message or a promise queues. For tests that an
/// effect is absent; [`until`] awaits an expected effect.
pub(crate) async fn run_queued_tasks() {
    for _ in 0..3 {
        // Reading a body takes the same way as in the product.
        let response = Response::new_with_opt_str(Some("x")).unwrap();
        JsFuture::from(response.text().unwrap()).await.unwrap();
        later().await;
    }
}

type Outcome = Result<JsValue, JsValue>;

/// A promise of the SDK's. Its rejection counts as handled.
#[derive(Clone)]
pub(crate) struct Watched(Rc<RefCell<Option<Outcome>>>);

impl Watched {
    pub(crate) fn new(promise: Promise) -> Self {
        let outcome = Rc::new(RefCell::new(None));
        let settled = Rc::clone(&outcome);
        spawn_local(async move {
            let came_to = JsFuture::from(promise).await;
            settled.replace(Some(came_to));
        });
        Self(outcome)
    }

    pub(crate) fn is_settled(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// The value or the error that the promise settles with.
    pub(crate) async fn outcome(&self) -> Outcome {
        until("a promise settles", || self.is_settled()).await;
        self.0.borrow().clone().unwrap()
    }
}

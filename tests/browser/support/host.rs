//! JavaScript's side of an instance: what `js/src/guard.ts` is in a page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Error, Object};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, HtmlElement};

use super::sdk::JsCheckout;
use super::values::set;

/// The host object of one instance.
pub(crate) struct Host {
    pub(crate) object: Object,
    state: Rc<State>,
}

/// A method of the host's that throws. An exception out of a method that is called in the middle of
/// an effect leaves the module as a trap does: the calls on the stack end, no destructor runs, and
/// borrowed cells stay borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Faulty {
    Mounted,
    Signal,
}

#[derive(Default)]
struct State {
    checkout: RefCell<Option<JsCheckout>>,
    controller: RefCell<Option<AbortController>>,
    mounted: RefCell<Option<(HtmlElement, bool)>>,
    faulty: Cell<Option<Faulty>>,
    thrown: RefCell<Vec<JsValue>>,
}

impl State {
    fn fault(&self, method: Faulty) -> Result<(), JsValue> {
        if self.faulty.get() == Some(method) {
            Err(Error::new("unreachable").into())
        } else {
            Ok(())
        }
    }
}

impl Host {
    /// `has_controller`: whether the engine has `AbortController`.
    pub(crate) fn new(has_controller: bool) -> Self {
        let state = Rc::new(State::default());
        if has_controller {
            state.controller.replace(AbortController::new().ok());
        }
        let object = Object::new();
        let add = |name, method: JsValue| set(&object, name, &method);
        let it = Rc::clone(&state);
        let drain: Closure<dyn Fn()> = Closure::new(move || {
            let checkout = it.checkout.borrow().clone().unwrap();
            if let Err(error) = checkout.drain() {
                it.thrown.borrow_mut().push(error);
            }
        });
        add("drain", drain.into_js_value());
        let it = Rc::clone(&state);
        let mounted: Closure<dyn Fn(HtmlElement, bool) -> Result<(), JsValue>> =
            Closure::new(move |host, covers_page| {
                it.mounted.replace(Some((host, covers_page)));
                it.fault(Faulty::Mounted)
            });
        add("mounted", mounted.into_js_value());
        let it = Rc::clone(&state);
        let signal: Closure<dyn Fn() -> Result<Option<AbortSignal>, JsValue>> =
            Closure::new(move || {
                it.fault(Faulty::Signal)?;
                Ok(it.controller.borrow().as_ref().map(AbortController::signal))
            });
        add("signal", signal.into_js_value());
        let it = Rc::clone(&state);
        let abort: Closure<dyn Fn()> = Closure::new(move || {
            let mut controller = it.controller.borrow_mut();
            if let Some(controller) = &mut *controller {
                controller.abort();
                *controller = AbortController::new().unwrap();
            }
        });
        add("abort", abort.into_js_value());
        Self { object, state }
    }

    pub(super) fn connect(&self, checkout: &JsCheckout) {
        self.state.checkout.replace(Some(checkout.clone()));
    }

    /// The element that the module put into the page last.
    pub(crate) fn mounted(&self) -> Option<HtmlElement> {
        self.state.mounted.borrow().as_ref().map(|(host, _)| host.clone())
    }

    /// Whether the module reported that the component covers the page.
    pub(crate) fn covers_page(&self) -> Option<bool> {
        self.state.mounted.borrow().as_ref().map(|(_, covers_page)| *covers_page)
    }

    /// From now on, a method throws.
    pub(crate) fn make_throw(&self, method: Faulty) {
        self.state.faulty.set(Some(method));
    }

    /// The exceptions that came out of the module while it drained.
    pub(crate) fn thrown(&self) -> Vec<JsValue> {
        self.state.thrown.borrow().clone()
    }
}

//! JavaScript's side of an instance: what `js/src/guard.ts` is in a page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Error, Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, HtmlElement};

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
    controller: RefCell<Option<AbortController>>,
    mounted: RefCell<Option<(HtmlElement, JsValue)>>,
    finished: Cell<u32>,
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
        let run: Closure<dyn Fn(Function)> = Closure::new(move |work: Function| {
            // After a trap nothing calls the module.
            if it.thrown.borrow().is_empty()
                && let Err(error) = work.call0(&JsValue::UNDEFINED)
            {
                it.thrown.borrow_mut().push(error);
            }
        });
        add("run", run.into_js_value());
        let it = Rc::clone(&state);
        let mounted: Closure<dyn Fn(HtmlElement, JsValue) -> Result<(), JsValue>> =
            Closure::new(move |host, lock| {
                it.mounted.replace(Some((host, lock)));
                it.fault(Faulty::Mounted)
            });
        add("mounted", mounted.into_js_value());
        let it = Rc::clone(&state);
        let finished: Closure<dyn Fn()> =
            Closure::new(move || it.finished.set(it.finished.get() + 1));
        add("finished", finished.into_js_value());
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

    /// The element that the module put into the page last.
    pub(crate) fn mounted(&self) -> Option<HtmlElement> {
        self.state.mounted.borrow().as_ref().map(|(host, _)| host.clone())
    }

    /// The style sheet of the component that was mounted last, with which it keeps the page from
    /// scrolling; `undefined` of one in a container.
    pub(crate) fn scroll_lock(&self) -> JsValue {
        self.state.mounted.borrow().as_ref().unwrap().1.clone()
    }

    /// How often the module reported that nothing is open any more.
    pub(crate) fn finished(&self) -> u32 {
        self.state.finished.get()
    }

    /// From now on, a method throws.
    pub(crate) fn make_throw(&self, method: Faulty) {
        self.state.faulty.set(Some(method));
    }

    /// The exceptions that came out of the module.
    pub(crate) fn thrown(&self) -> Vec<JsValue> {
        self.state.thrown.borrow().clone()
    }
}

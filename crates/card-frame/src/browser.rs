//! The few things we need of a browser, in the fewest bytes: everything that is linked here is
//! downloaded by a buyer who waits.

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, EventTarget, Window};

/// Listens until it is dropped.
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls `then` at every event `name` that reaches the target.
    pub fn new(target: &EventTarget, name: &'static str, then: Closure<dyn FnMut(Event)>) -> Self {
        // Fails only for a callback that is no function.
        let _ = target.add_event_listener_with_callback(name, then.as_ref().unchecked_ref());
        Self { target: target.clone(), name, closure: then }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.name, function);
    }
}

/// Runs once after a time, unless it is dropped before.
pub struct Timer {
    window: Window,
    id: i32,
    _closure: Closure<dyn FnMut(JsValue)>,
}

impl Timer {
    /// Calls `then` after so many milliseconds.
    pub fn new(window: &Window, milliseconds: i32, mut then: impl FnMut() + 'static) -> Self {
        let closure = Closure::<dyn FnMut(JsValue)>::new(move |_| then());
        let id = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                closure.as_ref().unchecked_ref(),
                milliseconds,
            )
            .unwrap_or_default();
        Self { window: window.clone(), id, _closure: closure }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.window.clear_timeout_with_handle(self.id);
    }
}

/// The member `name` of any JavaScript value; `undefined` when there is none. Events that browsers
/// and password managers make up lack members that the types promise.
#[must_use]
pub fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A plain object with these members.
#[must_use]
pub fn record(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        set(&object, name, value);
    }
    object
}

/// Sets a member of a plain object of our own, which cannot fail.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// Whether two values are the same object (`===`).
#[must_use]
pub fn same(one: &JsValue, other: &JsValue) -> bool {
    one == other
}

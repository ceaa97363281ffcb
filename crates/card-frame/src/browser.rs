//! The few things we need of a browser, in the fewest bytes: everything that is linked here is
//! downloaded by a buyer who waits.
//!
//! Every import and every type of closure costs code in the module and in its glue, twice as much
//! when it may throw. Hence one closure type, and own imports, which do not catch, of functions
//! that do not throw the way they are used here.

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// Anything that has the method that is called.
    type Any;

    #[wasm_bindgen(method, js_name = addEventListener)]
    fn add_event_listener(this: &Any, name: &str, hook: &JsValue);
    #[wasm_bindgen(method, js_name = removeEventListener)]
    fn remove_event_listener(this: &Any, name: &str, hook: &JsValue);
    #[wasm_bindgen(method, js_name = setTimeout)]
    fn set_timeout(this: &Any, hook: &JsValue, milliseconds: u32) -> u32;
    #[wasm_bindgen(method, js_name = clearTimeout)]
    fn clear_timeout(this: &Any, id: u32);
    #[wasm_bindgen(method, js_name = getElementById)]
    fn get_element_by_id(this: &Any, id: &str) -> JsValue;
    #[wasm_bindgen(method, js_name = setAttribute)]
    fn set_attribute(this: &Any, name: &str, value: &str);
    #[wasm_bindgen(method)]
    fn focus(this: &Any);
    #[wasm_bindgen(method, js_name = postMessage)]
    fn post_message(this: &Any, message: &JsValue);
    #[wasm_bindgen(method)]
    fn then(this: &Any, done: &JsValue, failed: &JsValue) -> JsValue;
    #[wasm_bindgen(method, indexing_setter)]
    fn put(this: &Any, name: &str, value: &JsValue);
    #[wasm_bindgen(method, indexing_setter)]
    fn put_text(this: &Any, name: &str, value: &str);
    #[wasm_bindgen(method, catch, indexing_getter)]
    fn get(this: &Any, name: &str) -> Result<JsValue, JsValue>;
}

fn any(value: &JsValue) -> &Any {
    value.unchecked_ref()
}

/// A function that JavaScript can call, for as long as this is kept.
pub struct Hook(Closure<dyn FnMut(JsValue) -> JsValue>);

impl Hook {
    /// A function of one argument.
    pub fn new(mut run: impl FnMut(JsValue) + 'static) -> Self {
        Self::giving(move |argument| {
            run(argument);
            JsValue::UNDEFINED
        })
    }

    /// A function of one argument that gives something back.
    pub fn giving(run: impl FnMut(JsValue) -> JsValue + 'static) -> Self {
        Self(Closure::new(run))
    }

    /// The function.
    #[must_use]
    pub fn function(&self) -> &JsValue {
        self.0.as_ref()
    }
}

/// Listens until it is dropped.
pub struct Listener {
    target: JsValue,
    name: &'static str,
    hook: Hook,
}

impl Listener {
    /// Calls `hook` with every event `name` that reaches the target.
    #[must_use]
    pub fn new(target: &JsValue, name: &'static str, hook: Hook) -> Self {
        any(target).add_event_listener(name, hook.function());
        Self { target: target.clone(), name, hook }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        any(&self.target).remove_event_listener(self.name, self.hook.function());
    }
}

/// Runs once after a time, unless it is dropped before.
pub struct Timer {
    window: JsValue,
    id: u32,
    _hook: Hook,
}

impl Timer {
    /// Calls `hook` after so many milliseconds.
    #[must_use]
    pub fn new(window: &JsValue, milliseconds: u32, hook: Hook) -> Self {
        let id = any(window).set_timeout(hook.function(), milliseconds);
        Self { window: window.clone(), id, _hook: hook }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        any(&self.window).clear_timeout(self.id);
    }
}

/// The member `name` of any JavaScript value; `undefined` when there is none. Events that browsers
/// and password managers make up lack members that the types promise.
#[must_use]
pub fn member(value: &JsValue, name: &str) -> JsValue {
    any(value).get(name).unwrap_or(JsValue::UNDEFINED)
}

/// The member `name` when it is a text, else an empty one.
#[must_use]
pub fn text(value: &JsValue, name: &str) -> String {
    member(value, name).as_string().unwrap_or_default()
}

/// The member `name` when it is a whole number from 0 on, else `None`.
#[must_use]
pub fn count(value: &JsValue, name: &str) -> Option<u32> {
    // Lengths and pixels; saturates, and has no fraction that matters.
    member(value, name).as_f64().map(|number| number as u32)
}

/// A plain object with these texts as members.
#[must_use]
pub fn record(members: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        set_text(&object, name, value);
    }
    object
}

/// Sets a member of an object of our own, or a property of an element.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    any(object).put(name, value);
}

/// Sets a member of an object of our own, or a property of an element.
pub fn set_text(object: &JsValue, name: &str, value: &str) {
    any(object).put_text(name, value);
}

/// Whether two values are the same object (`===`).
#[must_use]
pub fn same(one: &JsValue, other: &JsValue) -> bool {
    one == other
}

/// The element of this id. It is there: the document and this program are built and served
/// together. Were it not, the first use of it would throw and the page's time limit would tell.
#[must_use]
pub fn find<T: JsCast>(document: &JsValue, id: &str) -> T {
    any(document).get_element_by_id(id).unchecked_into()
}

/// Sets an attribute whose name is a valid one.
pub fn set_attribute(element: &JsValue, name: &str, value: &str) {
    any(element).set_attribute(name, value);
}

/// Puts the focus on an element. Handlers of blur and focus run before this returns.
pub fn focus(element: &JsValue) {
    any(element).focus();
}

/// Posts a message of plain texts through a port.
pub fn post(port: &JsValue, message: &Object) {
    any(port).post_message(message);
}

/// `promise.then(done, failed)`; both may be `undefined`.
#[must_use]
pub fn then(promise: &JsValue, done: &JsValue, failed: &JsValue) -> JsValue {
    any(promise).then(done, failed)
}

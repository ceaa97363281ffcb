//! The JavaScript that must still work when this module has trapped: `js/src/guard.ts`.

use kassa_dom::Listener;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Element, Event, EventTarget};

#[wasm_bindgen]
extern "C" {
    /// The JavaScript side of one instance.
    #[derive(Clone)]
    pub type HostFunctions;

    /// Calls a function at once, inside of a `try`. A listener, a timer or a promise has no `try`
    /// around it, so that a trap in it would be lost: each of them does its work in here. Does
    /// nothing after a trap.
    #[wasm_bindgen(method)]
    pub(crate) fn run(this: &HostFunctions, work: &mut dyn FnMut());

    /// The component is in the page: after a trap this element is removed, and `lock`, a style sheet
    /// or element that keeps the page from scrolling, is disabled.
    #[wasm_bindgen(method)]
    pub(crate) fn mounted(this: &HostFunctions, host: &Element, lock: &JsValue);

    /// Nothing is open any more, and every promise has settled: the instance can be freed.
    #[wasm_bindgen(method)]
    pub(crate) fn finished(this: &HostFunctions);

    /// The signal that ends a request: the one `AbortController` is JavaScript's. `undefined` on
    /// engines without.
    #[wasm_bindgen(method)]
    pub(crate) fn signal(this: &HostFunctions) -> Option<AbortSignal>;

    /// The address of the folder of the SDK's script, with a slash at its end. `None` where a bundler
    /// has made the SDK a part of another script.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn folder(this: &HostFunctions) -> Option<String>;

    /// Aborts what listens to the signal.
    #[wasm_bindgen(method)]
    pub(crate) fn abort(this: &HostFunctions);
}

/// For tests of a part of the view: runs everything, and catches nothing.
#[cfg(test)]
#[cfg(target_arch = "wasm32")]
pub(crate) fn unguarded() -> HostFunctions {
    let host = js_sys::Object::new();
    let run = js_sys::Function::new_with_args("work", "work()");
    js_sys::Reflect::set(&host, &"run".into(), &run).unwrap_throw();
    host.unchecked_into()
}

/// Listens until the listener is dropped. The handler runs inside of [`HostFunctions::run`].
pub(crate) fn listen(
    host: &HostFunctions,
    target: &EventTarget,
    event: &'static str,
    mut handler: impl FnMut(&Event) + 'static,
) -> Listener {
    let host = host.clone();
    kassa_dom::listen(target, event, move |event| host.run(&mut || handler(event)))
}

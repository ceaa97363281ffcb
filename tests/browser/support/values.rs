//! Values between the tests and JavaScript.

use js_sys::{Error, Function, JSON, Object, Reflect};
use serde_json::Value;
use wasm_bindgen::prelude::*;

/// A plain value as JavaScript has it.
pub(crate) fn to_js(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap()
}

/// A JavaScript value as JSON has it; `null` where JSON has no form for it.
pub(crate) fn from_js(value: &JsValue) -> Value {
    let text = JSON::stringify(value).unwrap();
    JsValue::from(text).as_string().map_or(Value::Null, |text| serde_json::from_str(&text).unwrap())
}

/// Sets a member.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).unwrap();
}

/// The body of a callback: its result, or the value that it throws.
pub(crate) type Does = fn() -> Result<JsValue, JsValue>;

/// A function for the page to call.
pub(crate) fn function(run: impl Fn(JsValue) -> Result<JsValue, JsValue> + 'static) -> Function {
    let closure: Closure<dyn Fn(JsValue) -> Result<JsValue, JsValue>> = Closure::new(run);
    closure.into_js_value().unchecked_into()
}

/// A function that throws.
pub(crate) fn thrower(message: &'static str) -> Function {
    function(move |_| Err(Error::new(message).into()))
}

/// An object without a prototype, which JavaScript cannot print.
pub(crate) fn bare() -> JsValue {
    Object::create(JsValue::NULL.unchecked_ref::<Object>()).into()
}

/// An object whose member throws when it is read.
pub(crate) fn with_getter(name: &str, getter: &Function) -> Object {
    let (object, descriptor) = (Object::new(), Object::new());
    set(&descriptor, "get", getter);
    set(&descriptor, "enumerable", &JsValue::TRUE);
    Reflect::define_property(&object, &name.into(), &descriptor).unwrap();
    object
}

/// Code and message of a promise that rejected.
pub(crate) fn rejection(outcome: Result<JsValue, JsValue>) -> (String, String) {
    let error = outcome.unwrap_err();
    assert!(error.is_instance_of::<Error>(), "{error:?} is no Error");
    let member = |name: &str| Reflect::get(&error, &name.into()).unwrap().as_string().unwrap();
    (member("code"), member("message"))
}

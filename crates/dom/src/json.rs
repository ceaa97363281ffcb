//! JSON between Rust and JavaScript.
//!
//! *Architecture invariant:* what is read or written here passes through no function that a page's
//! library adds to a prototype: members are read and set by syntax, and texts are written in Rust.

use js_sys::{Array, Object};
use kassa_protocol::json::{FromJson, Json, Limits, ReadError, Source, read};
use kassa_protocol::write;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Any;

    #[wasm_bindgen(catch, method, structural, indexing_getter)]
    fn get(this: &Any, name: &str) -> Result<JsValue, JsValue>;

    // For a value without getters.
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn own(this: &Any, name: &JsValue) -> JsValue;

    #[wasm_bindgen(catch, method, structural, indexing_setter)]
    fn set(this: &Any, name: &str, value: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = String)]
    fn number_text(number: f64) -> String;
}

/// A member of an object, own or inherited. Not by `Reflect`, which a page may have replaced.
///
/// # Errors
/// The value that a getter or a proxy threw; also for what has no members.
pub fn member(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    object.unchecked_ref::<Any>().get(name)
}

/// Sets a member of an object of ours.
///
/// # Errors
/// The value that a setter threw, which the page's prototypes may have.
pub fn set_member(object: &JsValue, name: &str, value: &JsValue) -> Result<(), JsValue> {
    object.unchecked_ref::<Any>().set(name, value)
}

/// A JavaScript value that came out of `JSON.parse` or out of a message: it has no getters.
struct Value(JsValue);

impl Source for Value {
    fn tree(&self, name: &str, limits: &mut Limits) -> Json {
        let Self(value) = self;
        if !limits.allow_value() {
            return Json::Null;
        }
        if let Some(flag) = value.as_bool() {
            return Json::Flag(flag);
        }
        if let Some(number) = value.as_f64() {
            return Json::Number(number);
        }
        if let Some(text) = value.as_string() {
            return limits.text(name, text);
        }
        if Array::is_array(value) {
            let items: &Array = value.unchecked_ref();
            if !limits.enter_list(name, items.length() as usize) {
                return Json::Null;
            }
            let mut list = Vec::new();
            for index in 0..items.length() {
                list.push(Self(items.get(index)).tree(name, limits));
            }
            limits.leave();
            return Json::List(list);
        }
        if !value.is_object() {
            return Json::Null;
        }
        // Own members only.
        let names = Object::keys(value.unchecked_ref::<Object>());
        if !limits.enter_object(name, names.length() as usize) {
            return Json::Null;
        }
        let mut members = Vec::new();
        for index in 0..names.length() {
            let name = names.get(index);
            let member = Self(value.unchecked_ref::<Any>().own(&name));
            let name = name.as_string().unwrap_or_default();
            let member = member.tree(&name, limits);
            members.push((name, member));
        }
        limits.leave();
        Json::Object(members)
    }
}

/// Reads a value that came out of `JSON.parse` or out of a message.
///
/// # Errors
/// [`ReadError`] when it is of another kind, or exceeds a limit.
pub fn from_js<T: FromJson>(value: JsValue) -> Result<T, ReadError> {
    read(&Value(value))
}

/// Parses and reads a JSON text.
///
/// # Errors
/// [`ReadError`] when it is no JSON, of another kind, or exceeds a limit.
pub fn parse<T: FromJson>(text: &str) -> Result<T, ReadError> {
    from_js(js_sys::JSON::parse(text).map_err(|_| ReadError::OtherKind)?)
}

/// A tree as JSON text.
#[must_use]
pub fn text(json: &Json) -> String {
    write(json, number_text)
}

/// A tree as a JavaScript value for a function of the browser: options, a message, a request. Its
/// objects have no prototype: nothing that a page adds to that of all objects is an option, stops a
/// member from being set, or changes what is written.
#[must_use]
pub fn tree_to_js(json: &Json) -> JsValue {
    match json {
        Json::Null => JsValue::NULL,
        Json::Flag(flag) => JsValue::from_bool(*flag),
        Json::Number(number) => JsValue::from_f64(*number),
        Json::Text(text) => JsValue::from_str(text),
        Json::List(items) => {
            let list = Array::new();
            for item in items {
                list.push(&tree_to_js(item));
            }
            list.into()
        }
        Json::Object(members) => {
            let none: Object = JsValue::NULL.unchecked_into();
            let object = Object::<JsValue>::create(&none);
            for (name, value) in members {
                // A new object takes members.
                let _ = set_member(&object, name, &tree_to_js(value));
            }
            object.into()
        }
    }
}

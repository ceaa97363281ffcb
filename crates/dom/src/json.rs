//! JSON between Rust and JavaScript.

use js_sys::{Array, Object};
use kassa_protocol::json::{FromJson, Json, Limits, ReadError, Source, read};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // The `js_sys` binding catches exceptions, for which a value without getters has no use.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn own(object: &JsValue, name: &JsValue) -> JsValue;

    #[wasm_bindgen(js_namespace = Reflect)]
    fn set(object: &JsValue, name: &str, value: &JsValue);
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
            return Json::Text(text);
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
            let member = Self(own(value, &name));
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

/// A tree as a plain JavaScript value, as `JSON.parse` would make it.
///
/// For the card frame, in which `serde-wasm-bindgen` weighs 0.4 KB more.
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
            let object = Object::new();
            for (name, value) in members {
                set(&object, name, &tree_to_js(value));
            }
            object.into()
        }
    }
}

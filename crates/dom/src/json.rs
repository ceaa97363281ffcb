//! JSON between Rust and JavaScript.

use js_sys::{Array, Object};
use kassa_protocol::json::Json;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // `Object.hasOwn` is younger than engines that are supported, and the object's own method may
    // be anything in an object from elsewhere.
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "hasOwnProperty"], js_name = call)]
    fn has_own(object: &JsValue, name: &str) -> bool;

    // The `js_sys` binding catches exceptions, for which a value without getters has no use.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn own(object: &JsValue, name: &str) -> JsValue;

    #[wasm_bindgen(js_name = String)]
    fn print(value: &JsValue) -> String;
}

/// A JavaScript value that came out of `JSON.parse` or out of a message: it has no getters, and its
/// own members are all that counts.
#[derive(Debug, Clone)]
pub struct JsonValue(JsValue);

impl JsonValue {
    /// Parses a JSON text. `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        js_sys::JSON::parse(text).ok().map(Self)
    }
}

impl From<JsValue> for JsonValue {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

impl Json for JsonValue {
    fn as_text(&self) -> Option<String> {
        // JavaScript prints a number for free; the standard library's printing of floats is large.
        self.0.as_string().or_else(|| self.0.as_f64().map(|_| print(&self.0)))
    }

    fn as_number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn as_flag(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn is_object(&self) -> bool {
        self.0.is_object() && !Array::is_array(&self.0)
    }

    fn member(&self, name: &str) -> Option<Self> {
        (self.is_object() && has_own(&self.0, name)).then(|| Self(own(&self.0, name)))
    }

    fn members(&self) -> Option<Vec<(String, Self)>> {
        if !self.is_object() {
            return None;
        }
        let object: &Object = self.0.unchecked_ref();
        let names = Object::keys(object);
        let names = names.iter().filter_map(|name| name.as_string());
        Some(names.map(|name| (name.clone(), Self(own(&self.0, &name)))).collect())
    }

    fn items(&self) -> Option<Vec<Self>> {
        let items: &Array = self.0.dyn_ref()?;
        Some(items.iter().map(Self).collect())
    }
}

/// A value as a plain JavaScript object, as `JSON.parse` would make it.
///
/// Serialisation fails only for types that JSON has not, which a type of the protocol never
/// contains; `undefined` stands for that.
#[must_use]
pub fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

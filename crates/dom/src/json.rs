//! JSON between Rust and JavaScript.

use js_sys::{Array, Object};
use kassa_protocol::json::{FromJson, Parsed, ReadError, Source, read};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // The `js_sys` binding catches exceptions, for which a value without getters has no use.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn own(object: &JsValue, name: &JsValue) -> JsValue;
}

/// A JavaScript value that came out of `JSON.parse` or out of a message: it has no getters.
struct Value(JsValue);

impl Source for Value {
    fn parsed(self) -> Parsed<Self> {
        let Self(value) = self;
        if let Some(flag) = value.as_bool() {
            return Parsed::Flag(flag);
        }
        if let Some(number) = value.as_f64() {
            return Parsed::Number(number);
        }
        if let Some(text) = value.as_string() {
            return Parsed::Text(text);
        }
        if Array::is_array(&value) {
            let items: &Array = value.unchecked_ref();
            let mut list = Vec::new();
            items.for_each(&mut |item, _, _| list.push(Self(item)));
            return Parsed::List(list);
        }
        if !value.is_object() {
            return Parsed::Null;
        }
        let mut members = Vec::new();
        // Own members only.
        let object: &Object = value.unchecked_ref();
        Object::keys(object).for_each(&mut |name, _, _| {
            let member = own(&value, &name);
            members.push((name.as_string().unwrap_or_default(), Self(member)));
        });
        Parsed::Object(members)
    }
}

/// Reads a value that came out of `JSON.parse` or out of a message.
///
/// # Errors
/// [`ReadError`] when it is of another kind, or exceeds a limit.
pub fn from_js<T: FromJson>(value: JsValue) -> Result<T, ReadError> {
    read(Value(value))
}

/// Parses and reads a JSON text.
///
/// # Errors
/// [`ReadError`] when it is no JSON, of another kind, or exceeds a limit.
pub fn parse<T: FromJson>(text: &str) -> Result<T, ReadError> {
    from_js(js_sys::JSON::parse(text).map_err(|_| ReadError::OtherKind)?)
}

/// A value as a plain JavaScript object, as `JSON.parse` would make it.
///
/// Serialisation fails only for types that JSON has not, which a type of the protocol never
/// contains; `undefined` stands for that.
#[must_use]
pub fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

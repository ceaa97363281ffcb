//! Values for the merchant as JavaScript objects: results and events.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// A value as a plain JavaScript object, as `JSON.parse` would make it.
///
/// Serialisation fails only for types that JSON has not, which a type of the protocol never
/// contains; `undefined` stands for that.
#[must_use]
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

//! Values as JavaScript objects: results, events, requests and messages.

use js_sys::Object;
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

/// The same for options of a browser's function, without a prototype: what a page adds to that of
/// all objects is no option.
#[must_use]
pub(crate) fn to_options(value: &impl Serialize) -> JsValue {
    let (options, none): (Object, Object) = (to_js(value).into(), JsValue::NULL.into());
    Object::set_prototype_of(&options, &none).into()
}

//! JSON as a tree, and the types that are read from it and written to it.
//!
//! Another parser makes the values: the browser's `JSON.parse` in the SDK, `serde_json` in the
//! sandbox and in tests ([`read`], [`crate::source`]). The types of the protocol are read from the
//! tree ([`FromJson`]), become a tree ([`ToJson`]), and the tree is what serde serialises: one
//! instance of each serializer for all types, which saves 4 KB of the shipped file against a
//! derived `Serialize` for each type (`docs/adr/0003-rust-owns-the-page.md`). A derived
//! `Deserialize` would cost 17 KB there, and refuse a whole answer for one member of an unexpected
//! type. The readers here take such a member for absent, so that a gateway can change without
//! breaking published pages.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::digits;
pub use crate::source::{
    Limits, MAX_DEPTH, MAX_FIELDS, MAX_TEXT, MAX_VALUE_TEXT, MAX_VALUES, ReadError, Source, read,
};

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Self>),
    /// An object; members keep their order.
    Object(Vec<(String, Self)>),
}

/// JSON has no NaN, the one number that is not equal to itself.
impl Eq for Json {}

impl Json {
    /// A member of an object.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Whether this is an object without members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Object(members) if members.is_empty())
    }

    /// An object without members.
    #[must_use]
    pub fn object() -> Self {
        Self::Object(Vec::new())
    }

    /// An object with another member, unless the value is absent.
    #[must_use]
    pub fn with(mut self, name: &str, value: &impl ToJson) -> Self {
        self.add(name, value.to_json());
        self
    }

    /// Adds a member to an object, unless the value is absent.
    pub fn add(&mut self, name: &str, value: Option<Self>) {
        if let (Self::Object(members), Some(value)) = (self, value) {
            members.push((name.to_owned(), value));
        }
    }

    /// Adds the members of another object.
    pub(crate) fn add_all(&mut self, value: Option<Self>) {
        if let (Self::Object(members), Some(Self::Object(others))) = (self, value) {
            members.extend(others);
        }
    }

    /// A whole number from 0 to `max`.
    fn whole(&self, max: u32) -> Option<u32> {
        let Self::Number(number) = self else { return None };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the comparison catches a number that is not whole or out of range"
        )]
        let whole = *number as u32;
        (f64::from(whole) == *number && whole <= max).then_some(whole)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => {
                #[expect(clippy::cast_possible_truncation, reason = "compared below")]
                let whole = *number as i32;
                // `serde_json` would write a whole number as `16.0`.
                if f64::from(whole) == *number {
                    serializer.serialize_i32(whole)
                } else {
                    serializer.serialize_f64(*number)
                }
            }
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => items.serialize(serializer),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// A type that can be read from a JSON value.
pub trait FromJson: Sized {
    /// Reads a value; `None` when the value is of another kind.
    fn from_json(json: &Json) -> Option<Self>;
}

/// A type that can be written as a JSON value.
pub trait ToJson {
    /// The value; `None` when a member of an object with this value is left out.
    fn to_json(&self) -> Option<Json>;
}

/// A type that a member of an object can have.
pub trait FromMember: Sized {
    /// Reads a member. A member that is absent or of another kind gives the type's empty value.
    fn from_member(object: &Json, name: &str) -> Self;
}

impl FromJson for Json {
    fn from_json(json: &Self) -> Option<Self> {
        Some(json.clone())
    }
}

impl ToJson for Json {
    fn to_json(&self) -> Option<Self> {
        Some(self.clone())
    }
}

impl FromJson for String {
    /// A string, or a whole number in decimal digits: gateways differ in how they send identifiers
    /// and amounts. For every text of the protocol, an empty one means the same as an absent one.
    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Text(text) if !text.is_empty() => Some(text.clone()),
            Json::Number(number) => {
                #[expect(clippy::cast_possible_truncation, reason = "compared below")]
                let whole = *number as i64;
                #[expect(clippy::cast_precision_loss, reason = "compared below")]
                let is_whole = whole as f64 == *number;
                let sign = if whole < 0 { "-" } else { "" };
                is_whole.then(|| Self::from(sign) + &digits(whole.unsigned_abs()))
            }
            Json::Null | Json::Flag(_) | Json::Text(_) | Json::List(_) | Json::Object(_) => None,
        }
    }
}

impl ToJson for String {
    fn to_json(&self) -> Option<Json> {
        self.as_str().to_json()
    }
}

impl ToJson for &str {
    fn to_json(&self) -> Option<Json> {
        Some(Json::Text(String::from(*self)))
    }
}

impl FromJson for bool {
    fn from_json(json: &Json) -> Option<Self> {
        let Json::Flag(flag) = json else { return None };
        Some(*flag)
    }
}

impl ToJson for bool {
    fn to_json(&self) -> Option<Json> {
        Some(Json::Flag(*self))
    }
}

impl FromJson for u16 {
    fn from_json(json: &Json) -> Option<Self> {
        Self::try_from(json.whole(Self::MAX.into())?).ok()
    }
}

impl FromJson for u32 {
    fn from_json(json: &Json) -> Option<Self> {
        json.whole(Self::MAX)
    }
}

macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl ToJson for $type {
            fn to_json(&self) -> Option<Json> {
                Some(Json::Number(f64::from(*self)))
            }
        }
    )*};
}

numbers!(u16, u32, i32, f64);

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Option<Json> {
        self.as_ref()?.to_json()
    }
}

impl<T: ToJson + ?Sized> ToJson for Box<T> {
    fn to_json(&self) -> Option<Json> {
        (**self).to_json()
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Option<Json> {
        if self.is_empty() {
            return None;
        }
        let mut items = Vec::new();
        for item in self {
            items.extend(item.to_json());
        }
        Some(Json::List(items))
    }
}

impl<T: FromJson> FromMember for Option<T> {
    fn from_member(object: &Json, name: &str) -> Self {
        T::from_json(object.member(name)?)
    }
}

impl<T: FromJson> FromMember for Vec<T> {
    /// Items of another kind are left out.
    fn from_member(object: &Json, name: &str) -> Self {
        let mut read = Self::new();
        if let Some(Json::List(items)) = object.member(name) {
            for item in items {
                read.extend(T::from_json(item));
            }
        }
        read
    }
}

impl FromMember for String {
    fn from_member(object: &Json, name: &str) -> Self {
        Option::from_member(object, name).unwrap_or_default()
    }
}

impl FromMember for bool {
    fn from_member(object: &Json, name: &str) -> Self {
        Option::from_member(object, name).unwrap_or_default()
    }
}

impl FromMember for i32 {
    /// No reader needs a signed number.
    fn from_member(_: &Json, _: &str) -> Self {
        0
    }
}

/// `Serialize` by way of the tree. A value that is absent by itself is `null`.
///
/// # Errors
/// The serializer's.
pub fn serialize<S: Serializer>(value: &impl ToJson, serializer: S) -> Result<S::Ok, S::Error> {
    value.to_json().unwrap_or(Json::Null).serialize(serializer)
}

/// Implements `Serialize` for types with [`ToJson`].
#[macro_export]
macro_rules! serialize_as_json {
    ($($name:ty),* $(,)?) => {$(
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::json::serialize(self, serializer)
            }
        }
    )*};
}

/// Defines an object of the protocol once: the struct, how it is read and how it is written. Each
/// field names its member on the wire. What follows a `+` are objects whose members stand directly
/// in this one. The sandbox also uses the derived `Deserialize`; the SDK never does.
macro_rules! object {
    ($(
        $(#[$about:meta])*
        $name:ident {
            $($(#[$doc:meta])* $field:ident: $type:ty = $wire:literal,)*
        }
        $(+ { $($(#[$flat_doc:meta])* $flat_field:ident: $flat_type:ty,)* })?
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($(#[$doc])* #[serde(rename = $wire)] pub $field: $type,)*
            $($($(#[$flat_doc])* #[serde(flatten)] pub $flat_field: $flat_type,)*)?
        }

        impl crate::json::FromJson for $name {
            fn from_json(json: &crate::json::Json) -> Option<Self> {
                let crate::json::Json::Object(_) = json else { return None };
                Some(Self {
                    $($field: crate::json::FromMember::from_member(json, $wire),)*
                    $($($flat_field: crate::json::FromJson::from_json(json)?,)*)?
                })
            }
        }

        impl crate::json::ToJson for $name {
            fn to_json(&self) -> Option<crate::json::Json> {
                let mut json = crate::json::Json::object();
                $(json.add($wire, crate::json::ToJson::to_json(&self.$field));)*
                $($(json.add_all(crate::json::ToJson::to_json(&self.$flat_field));)*)?
                Some(json)
            }
        }

        crate::serialize_as_json!($name);
    )*};
}

pub(crate) use object;

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json, E> {
        Ok(Json::Flag(flag))
    }

    #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_written_without_a_fraction() {
        let numbers = [0.0, 32.0, -60.0, 1.5].map(Json::Number);
        let text = serde_json::to_string(&Json::List(numbers.into())).unwrap();
        assert_eq!(text, "[0,32,-60,1.5]");
    }
}

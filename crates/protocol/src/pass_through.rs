//! JSON that the SDK passes on unread.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json::Json;
use crate::reader::{ReadValue, Source};

/// A JSON value whose members are agreed between the merchant and the gateway, such as
/// `merchantAppointParam`.
#[derive(Debug, Clone, PartialEq)]
pub enum PassThrough {
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

impl PassThrough {
    /// A member of an object.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

impl ReadValue for PassThrough {
    fn read_value(source: &Source<'_, impl Json>) -> Option<Self> {
        let json = source.json;
        if let Some(members) = json.members() {
            let members = members.into_iter();
            let read = members.map(|(name, value)| Some((name, read_inner(source, &value)?)));
            return read.collect::<Option<_>>().map(Self::Object);
        }
        if let Some(items) = json.items() {
            let read = items.iter().map(|item| read_inner(source, item));
            return read.collect::<Option<_>>().map(Self::List);
        }
        let flag = json.as_flag().map(Self::Flag);
        let number = || json.as_number().map(Self::Number);
        let text = || json.as_text().map(Self::Text);
        Some(flag.or_else(number).or_else(text).unwrap_or(Self::Null))
    }
}

fn read_inner<J: Json>(source: &Source<'_, J>, json: &J) -> Option<PassThrough> {
    PassThrough::read_value(&source.inner(json, "")?)
}

impl Serialize for PassThrough {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => serializer.serialize_f64(*number),
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

impl<'de> Deserialize<'de> for PassThrough {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = PassThrough;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<PassThrough, E> {
        Ok(PassThrough::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<PassThrough, E> {
        Ok(PassThrough::Flag(flag))
    }

    #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
    fn visit_i64<E>(self, number: i64) -> Result<PassThrough, E> {
        Ok(PassThrough::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
    fn visit_u64<E>(self, number: u64) -> Result<PassThrough, E> {
        Ok(PassThrough::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<PassThrough, E> {
        Ok(PassThrough::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<PassThrough, E> {
        Ok(PassThrough::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<PassThrough, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(PassThrough::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PassThrough, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(PassThrough::Object(members))
    }
}

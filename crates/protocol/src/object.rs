//! Members that are objects and nothing else.
//!
//! A derived reader also takes an array, member by member in the order of declaration. An array is
//! never meant as an object, so that it is refused instead.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// For `deserialize_with`: an object, or `null`.
pub(crate) fn optional<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use crate::server::CreatePaymentSessionRequest as Request;

    #[test]
    fn arrays_are_not_objects() {
        assert!(serde_json::from_str::<Request>(r#"{"order":["o-1"]}"#).is_err());
        assert!(serde_json::from_str::<Request>(r#"{"order":"o-1"}"#).is_err());
        assert_eq!(serde_json::from_str::<Request>(r#"{"order":null}"#).unwrap().order, None);
        let read: Request = serde_json::from_str(r#"{"order":{"x":1}}"#).unwrap();
        assert!(read.order.is_some());
    }
}

//! Scalars that are text in the documentation, and that real callers also send as numbers or booleans.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json::{FromJson, Json, ToJson};

/// Text; reads JSON strings, numbers (in their shortest decimal form) and booleans.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Text(String);

impl Text {
    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Text, E> {
        Ok(Text(text))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Text, E> {
        Ok(Text(format!("{value:?}")))
    }
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z by the gateway's clock. Travels as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EpochMillis(pub u64);

impl EpochMillis {
    /// Milliseconds from `earlier` to this moment; 0 when `earlier` is the later one, and
    /// `u32::MAX` (49 days) at most.
    #[must_use]
    pub fn since(self, earlier: Self) -> u32 {
        u32::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(u32::MAX)
    }
}

impl Serialize for EpochMillis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for EpochMillis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        Self::parse(&text.0).ok_or_else(|| D::Error::custom("expected epoch milliseconds"))
    }
}

impl EpochMillis {
    fn parse(text: &str) -> Option<Self> {
        // `str::parse` would also take a sign.
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { text.parse().ok().map(Self) } else { None }
    }
}

impl FromJson for EpochMillis {
    fn from_json(json: &Json) -> Option<Self> {
        Self::parse(&String::from_json(json)?)
    }
}

impl ToJson for EpochMillis {
    fn to_json(&self) -> Option<Json> {
        digits(self.0).to_json()
    }
}

/// A PAN or a CVC. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text, for the one use that it is for.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(***)")
    }
}

impl FromJson for Secret {
    fn from_json(json: &Json) -> Option<Self> {
        String::from_json(json).map(Self)
    }
}

impl ToJson for Secret {
    fn to_json(&self) -> Option<Json> {
        self.0.to_json()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Text::deserialize(deserializer).map(|text| Self(text.0))
    }
}

/// A number in decimal digits. Formatting is banned from the shipped modules, and the table of
/// `itoa` is larger than all that this function replaces.
#[must_use]
pub fn digits(number: u64) -> String {
    let mut text = if number < 10 { String::new() } else { digits(number / 10) };
    let last = usize::try_from(number % 10).unwrap_or_default();
    text.push_str("0123456789".get(last..=last).unwrap_or_default());
    text
}

/// For `deserialize_with`: a text that may also come as a number or a boolean, or `null`.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(Option::<Text>::deserialize(deserializer)?.map(String::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> Option<String> {
        serde_json::from_str::<Text>(json).ok().map(Into::into)
    }

    #[test]
    fn text_reads_every_scalar() {
        assert_eq!(text("\"4200\"").as_deref(), Some("4200"));
        assert_eq!(text("4200").as_deref(), Some("4200"));
        assert_eq!(text("-1").as_deref(), Some("-1"));
        assert_eq!(text("true").as_deref(), Some("true"));
        assert_eq!(text("42.0").as_deref(), Some("42.0"), "a fraction must stay visible");
        assert_eq!(text("1e3").as_deref(), Some("1000.0"));
        assert_eq!(text("{}"), None);
        assert_eq!(text("null"), None);
    }
}

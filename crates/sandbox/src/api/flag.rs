//! Booleans that callers also send as text.

use kassa_protocol::Text;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// A boolean; reads `true`, `false` and the same as text in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        if text.as_str().eq_ignore_ascii_case("true") {
            Ok(Self(true))
        } else if text.as_str().eq_ignore_ascii_case("false") {
            Ok(Self(false))
        } else {
            Err(D::Error::custom("expected true or false"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_from_text_too() {
        for (json, flag) in [
            ("true", Some(true)),
            ("\"TRUE\"", Some(true)),
            ("\"false\"", Some(false)),
            ("1", None),
        ] {
            assert_eq!(serde_json::from_str::<Flag>(json).ok().map(|it| it.0), flag, "{json}");
        }
    }
}

//! `sessionData`: the session that the merchant's server passes to the page.
//!
//! `opaque && site && number [&& base64(JSON metadata)]`. Three parts (the sample in the seeds) and
//! four are both valid. The metadata is not signed: it chooses the first skeleton, is passed back to
//! the gateway, and decides nothing else.

use kassa_protocol::Json;

use crate::card::edit::length;
use crate::text_tools::{cut, fill};

/// The longest session that is accepted, in characters.
pub const MAX_LENGTH: usize = 8192;

/// A session that can be sent to the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The first three parts, joined again: the id on the wire.
    pub id: String,
    /// Site code, which names a region when the merchant gave no gateway.
    pub site: String,
}

/// What is wrong with a session, for the merchant's engineer. The session itself is never quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionError {
    /// Nothing, or only blanks.
    Empty,
    /// Fewer than three parts.
    Parts(u8),
    /// The first part is empty.
    NoOpaque,
    /// More than [`MAX_LENGTH`] characters.
    TooLong,
    /// The fourth part is not base64 of a JSON object.
    Metadata,
}

impl SessionError {
    /// What was wrong and what is accepted.
    #[must_use]
    pub fn message(self) -> String {
        let wrong = match self {
            Self::Empty => "it is empty",
            Self::Parts(1) => "it has 1 part",
            Self::Parts(_) => "it has 2 parts",
            Self::NoOpaque => "its first part is empty",
            Self::TooLong => "it is longer than 8192 characters",
            Self::Metadata => "its fourth part is not base64 of a JSON object",
        };
        fill(
            "sessionData cannot be used: {}. Pass paymentSessionData unchanged: three or four parts \
             joined by &&.",
            &[wrong],
        )
    }
}

/// The fourth part. It is not signed, so it may choose the first skeleton and is passed back to the
/// gateway, and nothing else.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata {
    /// `paymentSessionConfig`, for gateways that want it back.
    pub session_config: Option<Json>,
}

impl Metadata {
    /// Whether the metadata announces a payment by card.
    #[must_use]
    pub fn is_card(&self) -> bool {
        let config = self.session_config.as_ref();
        let category = config.and_then(|config| config.member("paymentMethodCategoryType"));
        matches!(category, Some(Json::Text(category)) if category == "CARD")
    }
}

/// The fourth part, still encoded. Decoding base64 and JSON is left to the browser.
#[must_use]
pub fn encoded_metadata(data: &str) -> Option<&str> {
    let mut rest = data.trim_ascii();
    for _ in 0..3 {
        rest = cut_part(rest).1?;
    }
    let (part, _) = cut_part(rest);
    (!part.is_empty()).then_some(part)
}

/// A part, and the text behind its separator.
fn cut_part(data: &str) -> (&str, Option<&str>) {
    cut(data, "&&")
}

impl Session {
    /// Checks a session and takes what the gateway needs from it.
    ///
    /// # Errors
    /// [`SessionError`], one variant for each way in which a session can be wrong.
    pub fn parse(data: &str) -> Result<Self, SessionError> {
        let data = data.trim_ascii();
        if data.is_empty() {
            return Err(SessionError::Empty);
        }
        if length(data) > MAX_LENGTH {
            return Err(SessionError::TooLong);
        }
        let (opaque, rest) = cut_part(data);
        let (site, rest) = cut_part(rest.ok_or(SessionError::Parts(1))?);
        let (number, _) = cut_part(rest.ok_or(SessionError::Parts(2))?);
        if opaque.is_empty() {
            return Err(SessionError::NoOpaque);
        }
        Ok(Self { id: fill("{}&&{}&&{}", &[opaque, site, number]), site: site.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SEEDS: &str = "UNvjVWnWPXJA4BgW+vfjsQj7PbOraafHY19X+6EqMz6Kvvmsdk+akdLvoShW5avHX8e8J15P8uNVEf/PcCMyXg==&&SG&&111";

    #[test]
    fn three_and_four_parts_have_the_same_id() {
        let three = Session::parse(SEEDS).unwrap();
        let four = Session::parse(&format!("{SEEDS}&&e30=")).unwrap();
        assert_eq!(three, four);
        assert_eq!((three.id.as_str(), three.site.as_str()), (SEEDS, "SG"));
        assert_eq!(encoded_metadata(SEEDS), None);
        assert_eq!(encoded_metadata(&format!("{SEEDS}&&e30=&&more")), Some("e30="));
        assert_eq!(encoded_metadata(&format!("{SEEDS}&&")), None);
    }

    #[test]
    fn every_refusal_has_its_reason() {
        let long = format!("{}&&SG&&1", "a".repeat(MAX_LENGTH));
        for (data, error) in [
            ("", SessionError::Empty),
            (" \n", SessionError::Empty),
            ("abc", SessionError::Parts(1)),
            ("abc&&SG", SessionError::Parts(2)),
            ("&&SG&&1", SessionError::NoOpaque),
            (long.as_str(), SessionError::TooLong),
        ] {
            assert_eq!(Session::parse(data), Err(error), "{data:.20}");
            assert!(!error.message().contains("abc"), "a session is never quoted");
        }
    }

    #[test]
    fn the_longest_session_is_accepted() {
        let data = format!("{}&&SG&&1", "a".repeat(MAX_LENGTH - 7));
        assert!(Session::parse(&data).is_ok());
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_ids_parse_again(data in "\\PC{0,40}(&&\\PC{0,10}){0,5}") {
            if let Ok(session) = Session::parse(&data) {
                // Blanks around the whole are not part of it, and may have been inside before.
                let again = Session::parse(&session.id).map(|s| s.id);
                prop_assert_eq!(again, Ok(session.id.trim_ascii().to_owned()));
            }
        }
    }
}

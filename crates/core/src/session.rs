//! `sessionData`: what a merchant's server hands to the page.
//!
//! `opaque && site && number [&& base64(JSON metadata)]`. Three parts (the sample in the seeds) and
//! four are both valid. The metadata is not signed, so nothing in it is believed beyond which
//! skeleton to show first.

use crate::fill;
use crate::small;

/// The longest session that is accepted, in characters.
pub const MAX_LENGTH: usize = 4096;

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
    /// Less than three parts.
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
            Self::TooLong => "it is longer than 4096 characters",
            Self::Metadata => "its fourth part is not base64 of a JSON object",
        };
        fill(
            "sessionData cannot be used: {}. Pass paymentSessionData unchanged: three or four parts \
             joined by &&.",
            &[wrong],
        )
    }
}

/// What the fourth part turned out to be once the browser decoded it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metadata {
    /// There is no fourth part, or an empty one.
    #[default]
    Absent,
    /// It is not base64 of a JSON object.
    Unreadable,
    /// It says that the payment will be by card.
    Card,
    /// It says anything else.
    Other,
}

/// The fourth part, still encoded, for whoever can decode base64 and JSON without costing bytes.
#[must_use]
pub fn encoded_metadata(data: &str) -> Option<&str> {
    let mut rest = data.trim_ascii();
    for _ in 0..3 {
        rest = cut(rest).1?;
    }
    let part = cut(rest).0;
    (!part.is_empty()).then_some(part)
}

/// A part, and what follows its separator.
fn cut(data: &str) -> (&str, Option<&str>) {
    small::cut(data, "&&")
}

impl Session {
    /// Checks a session and takes what the gateway needs from it.
    ///
    /// # Errors
    /// [`SessionError`], one variant for each way in which a session can be wrong.
    pub fn parse(data: &str, metadata: Metadata) -> Result<Self, SessionError> {
        let data = data.trim_ascii();
        if data.is_empty() {
            return Err(SessionError::Empty);
        }
        // Characters, not bytes: those that continue one do not count.
        if data.bytes().filter(|byte| byte & 0xc0 != 0x80).count() > MAX_LENGTH {
            return Err(SessionError::TooLong);
        }
        let (opaque, rest) = cut(data);
        let (site, rest) = cut(rest.ok_or(SessionError::Parts(1))?);
        let (number, _) = cut(rest.ok_or(SessionError::Parts(2))?);
        if opaque.is_empty() {
            return Err(SessionError::NoOpaque);
        }
        if metadata == Metadata::Unreadable {
            return Err(SessionError::Metadata);
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
        let three = Session::parse(SEEDS, Metadata::Absent).unwrap();
        let four = Session::parse(&format!("{SEEDS}&&e30="), Metadata::Other).unwrap();
        assert_eq!(three, four);
        assert_eq!((three.id.as_str(), three.site.as_str()), (SEEDS, "SG"));
        assert_eq!(encoded_metadata(SEEDS), None);
        assert_eq!(encoded_metadata(&format!("{SEEDS}&&e30=&&more")), Some("e30="));
        assert_eq!(encoded_metadata(&format!("{SEEDS}&&")), None);
    }

    #[test]
    fn every_refusal_has_its_reason() {
        let long = format!("{}&&SG&&1", "a".repeat(MAX_LENGTH));
        for (data, metadata, error) in [
            ("", Metadata::Absent, SessionError::Empty),
            (" \n", Metadata::Absent, SessionError::Empty),
            ("abc", Metadata::Absent, SessionError::Parts(1)),
            ("abc&&SG", Metadata::Absent, SessionError::Parts(2)),
            ("&&SG&&1", Metadata::Absent, SessionError::NoOpaque),
            (long.as_str(), Metadata::Absent, SessionError::TooLong),
            ("abc&&SG&&1&&%%%", Metadata::Unreadable, SessionError::Metadata),
        ] {
            assert_eq!(Session::parse(data, metadata), Err(error), "{data:.20}");
            assert!(!error.message().contains("abc"), "a session is never quoted");
        }
    }

    #[test]
    fn the_longest_session_is_accepted() {
        let data = format!("{}&&SG&&1", "a".repeat(MAX_LENGTH - 7));
        assert!(Session::parse(&data, Metadata::Absent).is_ok());
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_ids_parse_again(data in "\\PC{0,40}(&&\\PC{0,10}){0,5}") {
            if let Ok(session) = Session::parse(&data, Metadata::Absent) {
                // Blanks around the whole are not part of it, and may have been inside before.
                let again = Session::parse(&session.id, Metadata::Absent).map(|s| s.id);
                prop_assert_eq!(again, Ok(session.id.trim_ascii().to_owned()));
            }
        }
    }
}

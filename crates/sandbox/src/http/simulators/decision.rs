//! The form by which every simulator decides.

use serde::Deserialize;
use thiserror::Error;

use crate::domain::card_numbers;
use crate::domain::payment::{Decision, NOT_APPROVED, SUCCESS};

/// The longest time that a slow approval may take, in seconds: a day.
const SLOWEST: u32 = 24 * 60 * 60;
/// The most characters of a result code.
const LONGEST_CODE: usize = 64;

/// The fields of the form.
#[derive(Deserialize)]
pub(super) struct DecisionForm {
    decision: Option<String>,
    code: Option<String>,
    seconds: Option<String>,
}

/// The form is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum DecisionError {
    #[error("decision is approve, decline, slow, leave or vanish.\n")]
    Decision,
    #[error("code is SUCCESS, with which no payment is declined.\n")]
    Success,
    #[error("code is a card number, which the gateway does not store.\n")]
    CardNumber,
    #[error("code has at most {LONGEST_CODE} capitals, digits and underscores.\n")]
    Code,
    #[error("seconds is a whole number from 0 to {SLOWEST}.\n")]
    Seconds,
}

impl DecisionForm {
    pub(super) fn read(&self) -> Result<Decision, DecisionError> {
        match self.decision.as_deref() {
            Some("approve") => Ok(Decision::Approve),
            Some("decline") => self.code().map(Decision::Decline),
            Some("slow") => self.seconds().map(Decision::Slow),
            Some("leave") => Ok(Decision::Leave),
            Some("vanish") => Ok(Decision::Vanish),
            Some(_) | None => Err(DecisionError::Decision),
        }
    }

    fn code(&self) -> Result<String, DecisionError> {
        let code = self.code.as_deref().map(str::trim).unwrap_or_default();
        let is_allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        match code {
            "" => Ok(NOT_APPROVED.to_owned()),
            SUCCESS => Err(DecisionError::Success),
            code if card_numbers::contains(code) => Err(DecisionError::CardNumber),
            code if code.len() <= LONGEST_CODE && code.bytes().all(is_allowed) => {
                Ok(code.to_owned())
            }
            _ => Err(DecisionError::Code),
        }
    }

    fn seconds(&self) -> Result<u32, DecisionError> {
        let seconds = self.seconds.as_deref().and_then(|text| text.trim().parse().ok());
        seconds.filter(|seconds| *seconds <= SLOWEST).ok_or(DecisionError::Seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(decision: &str, code: &str, seconds: &str) -> Result<Decision, DecisionError> {
        let some = |text: &str| Some(text.to_owned());
        DecisionForm { decision: some(decision), code: some(code), seconds: some(seconds) }.read()
    }

    #[test]
    fn the_form_is_checked() {
        assert_eq!(read("approve", "", ""), Ok(Decision::Approve));
        assert_eq!(read("decline", "", ""), Ok(Decision::Decline(NOT_APPROVED.to_owned())));
        assert_eq!(
            read("decline", " NEW_CODE_7 ", ""),
            Ok(Decision::Decline("NEW_CODE_7".to_owned()))
        );
        assert_eq!(read("slow", "", "90"), Ok(Decision::Slow(90)));
        for (decision, code, seconds) in [
            ("decline", "SUCCESS", ""),
            ("decline", "lower", ""),
            ("decline", "4054695723100768", ""),
            ("decline", "A\r\nB", ""),
            ("slow", "", ""),
            ("slow", "", "-1"),
            ("slow", "", "86401"),
            ("rob", "", ""),
        ] {
            assert!(read(decision, code, seconds).is_err(), "{decision} {code} {seconds}");
        }
        assert!(read("decline", &"A".repeat(65), "").is_err());
    }
}

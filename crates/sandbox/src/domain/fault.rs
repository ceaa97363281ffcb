//! Fault injection: faults of calls of the client protocol.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use kassa_protocol::client::Operation;
use serde::de::{Error as _, SeqAccess, Visitor, value::StrDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use serde_with::{DeserializeFromStr, SerializeDisplay};
use thiserror::Error;

use super::quote::Quoted;

/// The longest delay, in milliseconds.
const LONGEST_DELAY: u64 = 60_000;

/// A fault of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SerializeDisplay, DeserializeFromStr)]
pub enum Fault {
    /// `ok`: nothing goes wrong.
    None,
    /// `delay:<ms>`: the call is performed after this time.
    Delay(Duration),
    /// `hang`: not performed; silence for a minute, then the connection closes.
    Hang,
    /// `drop`: not performed; the connection closes without an answer.
    Drop,
    /// `lost`: performed, but the connection closes without an answer.
    Lost,
    /// `500`: not performed; HTTP status 500.
    Http500,
    /// `html`: not performed; a web page with HTTP status 200, as a captive portal answers.
    Html,
    /// `truncated`: performed; the answer's JSON is cut.
    Truncated,
    /// `content-type`: performed; the right JSON as `text/plain`.
    ContentType,
    /// `unknown`: performed; unknown members and enumeration values are added.
    Unknown,
    /// `status:<n>`: not performed; the header `Result-Status` is `n`.
    Status(u16),
    /// `empty`: performed; an answer without a body.
    Empty,
    /// `duplicate`: performed twice, like a request that was sent again; the second answer is sent.
    Duplicate,
}

/// There is no such fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "there is no fault {}; accepted are ok, delay:<milliseconds up to {LONGEST_DELAY}>, hang, drop, \
     lost, 500, html, truncated, content-type, unknown, status:<number>, empty, duplicate",
    Quoted(.0)
)]
pub struct UnknownFault(String);

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let fault = match text {
            "ok" => Some(Self::None),
            "hang" => Some(Self::Hang),
            "drop" => Some(Self::Drop),
            "lost" => Some(Self::Lost),
            "500" => Some(Self::Http500),
            "html" => Some(Self::Html),
            "truncated" => Some(Self::Truncated),
            "content-type" => Some(Self::ContentType),
            "unknown" => Some(Self::Unknown),
            "empty" => Some(Self::Empty),
            "duplicate" => Some(Self::Duplicate),
            other => match other.split_once(':') {
                Some(("delay", ms)) => ms
                    .parse()
                    .ok()
                    .filter(|ms| *ms <= LONGEST_DELAY)
                    .map(|ms| Self::Delay(Duration::from_millis(ms))),
                Some(("status", number)) => number.parse().ok().map(Self::Status),
                Some(_) | None => None,
            },
        };
        fault.ok_or_else(|| UnknownFault(text.to_owned()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => out.write_str("ok"),
            Self::Delay(time) => write!(out, "delay:{}", time.as_millis()),
            Self::Hang => out.write_str("hang"),
            Self::Drop => out.write_str("drop"),
            Self::Lost => out.write_str("lost"),
            Self::Http500 => out.write_str("500"),
            Self::Html => out.write_str("html"),
            Self::Truncated => out.write_str("truncated"),
            Self::ContentType => out.write_str("content-type"),
            Self::Unknown => out.write_str("unknown"),
            Self::Status(number) => write!(out, "status:{number}"),
            Self::Empty => out.write_str("empty"),
            Self::Duplicate => out.write_str("duplicate"),
        }
    }
}

/// The faults of one kind of call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Schedule {
    /// The same for every call; a string in JSON.
    Always(Fault),
    /// One for each of the first calls, in order; a list in JSON.
    InOrder(Vec<Fault>),
}

impl Schedule {
    /// The fault of the call that comes after `earlier` others.
    #[must_use]
    pub fn at(&self, earlier: usize) -> Fault {
        match self {
            Self::Always(fault) => *fault,
            Self::InOrder(faults) => faults.get(earlier).copied().unwrap_or(Fault::None),
        }
    }
}

/// Not derived: an untagged enumeration drops the reason why its variants refused a value.
impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScheduleVisitor;

        impl<'de> Visitor<'de> for ScheduleVisitor {
            type Value = Schedule;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a fault or a list of faults")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Schedule, E> {
                Fault::deserialize(StrDeserializer::<E>::new(text)).map(Schedule::Always)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Schedule, A::Error> {
                let mut faults = Vec::new();
                while let Some(fault) = seq.next_element::<String>()? {
                    faults.push(fault.parse().map_err(A::Error::custom)?);
                }
                Ok(Schedule::InOrder(faults))
            }
        }

        deserializer.deserialize_any(ScheduleVisitor)
    }
}

/// A kind of call that faults can be injected into: the operations of the client protocol, and the
/// exchange of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultTarget {
    /// Opening a session.
    Query,
    /// Paying.
    Submit,
    /// Inquiring the payment's state.
    Inquire,
    /// Exchanging a card for a token.
    Token,
}

impl FaultTarget {
    /// Its name in `metadata`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Submit => "submit",
            Self::Inquire => "inquire",
            Self::Token => "token",
        }
    }
}

impl From<Operation> for FaultTarget {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::Query => Self::Query,
            Operation::Submit => Self::Submit,
            Operation::Inquire => Self::Inquire,
        }
    }
}

/// The faults of a session, by kind of call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    query: Option<Schedule>,
    submit: Option<Schedule>,
    inquire: Option<Schedule>,
    token: Option<Schedule>,
}

impl Faults {
    /// The faults of one kind of call.
    #[must_use]
    pub fn of(&self, target: FaultTarget) -> Option<&Schedule> {
        match target {
            FaultTarget::Query => self.query.as_ref(),
            FaultTarget::Submit => self.submit.as_ref(),
            FaultTarget::Inquire => self.inquire.as_ref(),
            FaultTarget::Token => self.token.as_ref(),
        }
    }
}

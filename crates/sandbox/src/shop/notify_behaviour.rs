//! How the shop answers the notifications of an order.

use std::fmt;
use std::str::FromStr;

use serde_with::{DeserializeFromStr, SerializeDisplay};
use thiserror::Error;

/// A behaviour, so that tests and demonstrations can show repeated notifications.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SerializeDisplay, DeserializeFromStr)]
pub(super) enum NotifyBehaviour {
    /// `prompt`: acknowledges each at once.
    #[default]
    Acknowledge,
    /// `late:<n>`: refuses the first `n` deliveries of each.
    RefuseFirst(u32),
    /// `never`: refuses all.
    Refuse,
}

/// There is no such behaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("notify takes prompt, never and late:<n>")]
pub(super) struct UnknownBehaviour;

impl NotifyBehaviour {
    /// Whether the shop acknowledges the delivery with this number, counted from 1.
    pub(super) fn acknowledges(self, arrival: u32) -> bool {
        match self {
            Self::Acknowledge => true,
            Self::RefuseFirst(refusals) => arrival > refusals,
            Self::Refuse => false,
        }
    }
}

impl FromStr for NotifyBehaviour {
    type Err = UnknownBehaviour;

    fn from_str(text: &str) -> Result<Self, UnknownBehaviour> {
        match text {
            "prompt" => Ok(Self::Acknowledge),
            "never" => Ok(Self::Refuse),
            other => other
                .strip_prefix("late:")
                .and_then(|refusals| refusals.parse().ok())
                .map(Self::RefuseFirst)
                .ok_or(UnknownBehaviour),
        }
    }
}

impl fmt::Display for NotifyBehaviour {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Acknowledge => out.write_str("prompt"),
            Self::RefuseFirst(refusals) => write!(out, "late:{refusals}"),
            Self::Refuse => out.write_str("never"),
        }
    }
}

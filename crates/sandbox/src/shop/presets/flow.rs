//! How a payment goes in the merchant's page.

use crate::domain::method::{Interaction, Method, Pends, Terminal};
use serde::Serialize;

/// The flow of a method on a device. It decides which events can occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::shop) enum Flow {
    /// The hosted card form.
    Card,
    /// Another page.
    Redirect,
    /// An app on the same phone.
    App,
    /// A code that is paid on the spot.
    Code,
    /// A number that is paid another day.
    Counter,
    /// An approval on the buyer's phone.
    Wait,
}

impl Flow {
    pub(super) const ALL: [Self; 6] =
        [Self::Card, Self::Redirect, Self::App, Self::Code, Self::Counter, Self::Wait];

    /// The flow of a method on this kind of device.
    pub(in crate::shop) fn of(method: Method, terminal: Terminal) -> Self {
        match method.interaction(terminal) {
            Interaction::Card => Self::Card,
            Interaction::Redirect => Self::Redirect,
            Interaction::App { .. } => Self::App,
            Interaction::Wait => Self::Wait,
            Interaction::Codes(_) if method.row().pends == Pends::FromStart => Self::Counter,
            Interaction::Codes(_) => Self::Code,
        }
    }

    /// For people.
    pub(in crate::shop) fn title(self) -> &'static str {
        match self {
            Self::Card => "Card form",
            Self::Redirect => "Another page",
            Self::App => "App on this phone",
            Self::Code => "Code to scan",
            Self::Counter => "Number to pay to",
            Self::Wait => "Approval on a phone",
        }
    }
}

/// Whether the buyer fills in a form in the merchant's page.
pub(in crate::shop) fn has_form(method: Method) -> bool {
    method.is_card() || method.shown_fields(false).next().is_some()
}

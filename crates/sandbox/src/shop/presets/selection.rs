//! The chosen preset with its details.

use kassa_core::results;
use serde::{Deserialize, Serialize};

use super::table::TABLE;
use super::{Detail, Preset, Setup};
use crate::domain::fault::Fault;
use crate::domain::payment::IN_PROCESS;
use crate::domain::scenario::ChallengeWindow;
use crate::shop::form::{Fields, FormError};

/// The faults that the form offers, in words.
pub(super) const FAULTS: [(Fault, &str); 5] = [
    (Fault::Hang, "silence"),
    (Fault::Http500, "HTTP status 500"),
    (Fault::Html, "a web page, as of a captive portal"),
    (Fault::Truncated, "half of the JSON"),
    (Fault::Status(1002), "Result-Status 1002: too busy"),
];

/// The most refusals of a notification: the gateway gives up after eight deliveries.
pub(super) const MOST_REFUSALS: u32 = 7;

/// The choice. An empty field of the form has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::shop) struct Selection {
    pub(super) id: String,
    pub(super) result_code: String,
    pub(super) window: ChallengeWindow,
    pub(super) fault: Fault,
    /// Refusals of each notification.
    #[serde(rename = "times")]
    pub(super) refusals: u32,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            id: "paid".to_owned(),
            result_code: "USER_BALANCE_NOT_ENOUGH".to_owned(),
            window: ChallengeWindow::default(),
            fault: Fault::Hang,
            refusals: 2,
        }
    }
}

impl Selection {
    /// Reads the form.
    ///
    /// # Errors
    /// The field that is wrong.
    pub(in crate::shop) fn read(fields: Fields<'_>) -> Result<Self, FormError> {
        let default = Self::default();
        let id = fields.filled("outcome").unwrap_or(&default.id);
        if !TABLE.iter().any(|preset| preset.id == id) {
            return Err(FormError::Preset);
        }
        let result_code = fields.filled(Detail::ResultCode.field()).unwrap_or(&default.result_code);
        if !failure_codes().any(|(code, _)| code == result_code) {
            return Err(FormError::ResultCode);
        }
        let fault = fields.choice(Detail::Fault.field(), default.fault)?;
        if !FAULTS.iter().any(|(known, _)| *known == fault) {
            return Err(FormError::Fault);
        }
        let refusals = match fields.filled(Detail::Refusals.field()) {
            None => Some(default.refusals),
            Some(text) => text.parse().ok().filter(|times| (1..=MOST_REFUSALS).contains(times)),
        };
        Ok(Self {
            id: id.to_owned(),
            result_code: result_code.to_owned(),
            window: fields.choice(Detail::ChallengeWindow.field(), default.window)?,
            fault,
            refusals: refusals.ok_or(FormError::Refusals(MOST_REFUSALS))?,
        })
    }

    /// Its preset. A stored order may name one that no longer exists; then the default.
    pub(in crate::shop) fn preset(&self) -> &'static Preset {
        let [default, ..] = &TABLE;
        TABLE.iter().find(|preset| preset.id == self.id).unwrap_or(default)
    }

    /// How the session and the order are made.
    pub(in crate::shop) fn setup(&self) -> Setup {
        (self.preset().setup)(self)
    }
}

/// The result codes of failures, with their meaning.
pub(super) fn failure_codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = results::TABLE.iter().filter(|row| row.code != IN_PROCESS);
    rows.map(|row| (row.code, row.meaning))
}

//! Orders, as the shop stores them.

use serde::{Deserialize, Serialize};

use super::notify_behaviour::NotifyBehaviour;
use super::options::Options;
use super::presets::Selection;

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) quantity: u64,
    /// Currency and amount, for people.
    pub(super) total: String,
}

/// An order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) id: String,
    /// `paymentRequestId` of its session.
    pub(super) request_id: String,
    /// The client id under which its session was created.
    pub(super) client_id: String,
    /// `paymentSessionData`.
    pub(super) session_data: String,
    /// `paymentMethodType`.
    pub(super) method: String,
    /// Currency and amount, for people.
    pub(super) total: String,
    pub(super) lines: Vec<Line>,
    #[serde(flatten)]
    pub(super) options: Options,
    /// The scenario that was chosen for it.
    #[serde(default, rename = "choice")]
    pub(super) selection: Selection,
    /// The form that it was made with.
    #[serde(default)]
    pub(super) form: Vec<(String, String)>,
    #[serde(default)]
    pub(super) notify: NotifyBehaviour,
}

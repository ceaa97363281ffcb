//! Merchants.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::web_url::Origin;

/// A registered merchant, which may create sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merchant {
    /// Shown to buyers.
    pub name: String,
    /// PEM of the public half of the key that the merchant signs with.
    pub public_key: String,
    /// Origins of the pages that may show the gateway's frames.
    pub origins: Vec<Origin>,
}

/// Path of the card form for sessions of a merchant. The gateway serves it to pages of this merchant's
/// origins only.
#[must_use]
pub fn card_form_path(client_id: &str) -> String {
    format!("/frame/card?client={}", client_parameter(client_id))
}

/// The parameter `client` in the address of the card form.
#[must_use]
pub fn client_parameter(client_id: &str) -> String {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'.');
    utf8_percent_encode(client_id, ESCAPED).to_string()
}

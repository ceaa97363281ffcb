//! Merchants.

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

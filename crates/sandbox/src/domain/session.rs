//! Payment sessions.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::domain::method::Method;
use crate::domain::money::Money;
use crate::domain::scenario::Knobs;

/// Which of the two worlds a session belongs to. Here both are play money; the difference is for
/// seeing what happens when a page mixes them up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Created through the sandbox path or by a sandbox client.
    Sandbox,
    /// Created through the production path.
    Prod,
}

impl Environment {
    /// As the SDK's constructor spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Prod => "prod",
        }
    }
}

/// A payment session, as it was created. Only [`Session::asks_cvc`] changes afterwards: that it was
/// cancelled is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// First part of the session data, and the key of the session.
    pub id: String,
    /// `paymentSessionData`, whole.
    pub data: String,
    /// `paymentSessionId`.
    pub public_id: String,
    /// Of the merchant.
    pub client_id: String,
    /// The merchant's idempotency key.
    pub request_id: String,
    /// Its world.
    pub environment: Environment,
    /// The one method that it is for.
    pub method: Method,
    /// To be paid.
    pub amount: Money,
    /// What the order costs.
    pub order_amount: Money,
    /// Shown to the buyer.
    pub order_description: String,
    /// Shown to the buyer.
    pub merchant_name: String,
    /// Where the buyer ends, unchanged.
    pub redirect_url: Option<String>,
    /// The merchant's id of the order.
    #[serde(default)]
    pub reference_order_id: Option<String>,
    /// Where the merchant wants to be told, unchanged.
    #[serde(default)]
    pub notify_url: Option<String>,
    /// The money is only held until the merchant captures it.
    #[serde(default)]
    pub manual_capture: bool,
    /// When the merchant wants an unpaid order to close; without it, the method says when.
    #[serde(default)]
    pub closes_at: Option<Millis>,
    /// When it was made.
    pub created_at: Millis,
    /// From then on no payment can be started.
    pub expires_at: Millis,
    /// `paymentMethodId` of the stored card that it is for.
    #[serde(default)]
    pub stored_card: Option<String>,
    /// The last query said that a stored card needs its security code.
    #[serde(default)]
    pub asks_cvc: bool,
    /// The bank that the merchant let the buyer choose before.
    #[serde(default)]
    pub bank: Option<String>,
    /// The merchant asked for the card issuer's check.
    pub three_ds: bool,
    /// The merchant's text, echoed.
    pub metadata: Option<String>,
    /// What it asked of the sandbox.
    pub knobs: Knobs,
}

/// The site code that every session of the sandbox carries, and the number after it.
pub const SITE: (&str, &str) = ("SG", "188");

/// The key of a session from its data, three parts or more; `None` when it cannot be one of ours.
#[must_use]
pub fn id_of(data: &str) -> Option<&str> {
    let mut parts = data.split("&&");
    let id = parts.next().filter(|id| !id.is_empty())?;
    (parts.next() == Some(SITE.0) && parts.next() == Some(SITE.1)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_three_and_four_parts() {
        assert_eq!(id_of("abc=&&SG&&188"), Some("abc="));
        assert_eq!(id_of("abc=&&SG&&188&&e30="), Some("abc="));
        for bad in ["", "abc", "abc&&SG", "abc&&US&&188", "&&SG&&188", "abc&SG&188"] {
            assert_eq!(id_of(bad), None, "{bad}");
        }
    }
}

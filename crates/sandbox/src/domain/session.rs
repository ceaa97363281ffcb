//! Payment sessions.

use serde::{Deserialize, Serialize};

use super::method::Method;
use super::money::Money;
use super::scenario::Scenario;
use super::web_url::WebUrl;
use crate::clock::Millis;

/// The environment of a session. No real money moves in either; the two exist so that a page that
/// mixes them up can be tested.
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

/// A payment session, as it was created. Only [`Session::needs_cvc`] changes afterwards; a
/// cancellation is stored beside the session.
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
    /// Its environment.
    pub environment: Environment,
    /// Its only payment method.
    pub method: Method,
    /// The amount to pay.
    pub amount: Money,
    /// The amount of the order.
    pub order_amount: Money,
    /// Shown to the buyer.
    pub order_description: String,
    /// Shown to the buyer.
    pub merchant_name: String,
    /// Page of the merchant to which the buyer returns.
    pub redirect_url: Option<WebUrl>,
    /// The merchant's id of the order.
    #[serde(default)]
    pub reference_order_id: Option<String>,
    /// Address for notifications.
    #[serde(default)]
    pub notify_url: Option<WebUrl>,
    /// The money is only held until the merchant captures it.
    #[serde(default)]
    pub manual_capture: bool,
    /// When an unpaid order closes as the merchant requested; otherwise the method decides.
    #[serde(default)]
    pub closes_at: Option<Millis>,
    /// When it was created.
    pub created_at: Millis,
    /// No payment can be started from this time on.
    pub expires_at: Millis,
    /// `paymentMethodId` of its stored card.
    #[serde(default)]
    pub stored_card: Option<String>,
    /// Whether the security code of a stored card is required, by the last query.
    // Stores of earlier versions have it under the other name.
    #[serde(default, alias = "asks_cvc")]
    pub needs_cvc: bool,
    /// Name of the bank that the buyer chose on the merchant's own page.
    #[serde(default)]
    pub bank: Option<String>,
    /// Whether the merchant requested 3DS.
    pub three_ds: bool,
    /// The `metadata` of the session, unchanged.
    pub metadata: Option<String>,
    /// How its payments go.
    // Stores of earlier versions have it under the other name.
    #[serde(alias = "knobs")]
    pub scenario: Scenario,
}

/// The moment after which no other attempt may follow a failed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RetriesEnd {
    /// The session expires.
    Expiry(Millis),
    /// The unpaid order closes.
    Closing(Millis),
}

impl RetriesEnd {
    /// Its time.
    #[must_use]
    pub fn at(self) -> Millis {
        match self {
            Self::Expiry(at) | Self::Closing(at) => at,
        }
    }
}

impl Session {
    /// When its attempts end.
    #[must_use]
    pub fn retries_end(&self) -> RetriesEnd {
        match self.closes_at {
            Some(at) if at <= self.expires_at => RetriesEnd::Closing(at),
            Some(_) | None => RetriesEnd::Expiry(self.expires_at),
        }
    }
}

/// Site code of every session of the sandbox, and the number after it.
pub const SITE: (&str, &str) = ("SG", "188");

/// The key of a session from its data of three parts or more; `None` when the sandbox cannot have
/// made it.
#[must_use]
pub fn id_of(data: &str) -> Option<&str> {
    let mut parts = data.split("&&");
    let id = parts.next().filter(|id| !id.is_empty())?;
    (parts.next() == Some(SITE.0) && parts.next() == Some(SITE.1)).then_some(id)
}

#[cfg(test)]
impl Session {
    /// A card session of MYR 42.00 that is created at 0 and expires after an hour.
    pub(crate) fn sample(change: impl FnOnce(&mut Self)) -> Self {
        let amount = Money { currency: super::money::Currency::MYR, minor: 4200 };
        let mut session = Self {
            id: "session".to_owned(),
            data: String::new(),
            public_id: "public".to_owned(),
            client_id: "client".to_owned(),
            request_id: "request".to_owned(),
            environment: Environment::Sandbox,
            method: "CARD".parse().unwrap(),
            amount,
            order_amount: amount,
            order_description: "One thing".to_owned(),
            merchant_name: "Shop".to_owned(),
            redirect_url: None,
            reference_order_id: None,
            notify_url: "http://localhost/n".parse().ok(),
            manual_capture: false,
            closes_at: None,
            created_at: 0,
            expires_at: 3_600_000,
            stored_card: None,
            needs_cvc: false,
            bank: None,
            three_ds: false,
            metadata: None,
            scenario: Scenario::default(),
        };
        change(&mut session);
        session
    }
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

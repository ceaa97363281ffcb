//! The card form exchanges a card for a one-time token: `POST /frame/card/token`, on the gateway's
//! own origin. Ours.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::object;
use crate::scalar::optional_text;

/// The card form's request: the members of a typed card, or those of a stored one.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenRequest {
    /// Session id, three parts.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// `paymentMethodId` of a stored card, in place of PAN, expiry and holder.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub stored: Option<String>,
    /// The PAN, digits.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Two digits.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub expiry_month: Option<String>,
    /// Two digits.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub expiry_year: Option<String>,
    /// Three or four digits.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub cvc: Option<String>,
    /// The holder's name.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
}

/// Never prints a PAN or a CVC.
impl fmt::Debug for TokenRequest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TokenRequest { .. }")
    }
}

object! {
    /// The answer to a [`TokenRequest`]. A refusal has `errorCode` and `errorMessage` in place of
    /// the token.
    TokenAnswer {
        /// Whether there is a token.
        success: bool = "success",
        /// Valid once, for this session, for ten minutes.
        card_token: Option<String> = "cardToken",
        /// Such as `VISA`.
        brand: Option<String> = "brand",
        /// Last four digits, for display.
        last_four: Option<String> = "lastFour",
        /// The reason of a refusal, as a result code.
        error_code: Option<String> = "errorCode",
        /// The reason of a refusal, for an engineer.
        error_message: Option<String> = "errorMessage",
    }
}

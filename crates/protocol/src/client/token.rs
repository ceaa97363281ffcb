//! The card form exchanges a card for a one-time token: `POST /frame/card/token`, on the gateway's
//! own origin. Ours.

use crate::Secret;
use crate::json::object;
use crate::scalar::optional_text;

object! {
    /// The card form's request: the members of a typed card, or those of a stored one.
    TokenRequest {
        /// Session id, three parts.
        #[serde(deserialize_with = "optional_text")]
        session: Option<String> = "session",
        /// The merchant that the card form was opened for: `client` of the form's own address, as it
        /// stands there. The gateway refuses the session of another merchant.
        #[serde(deserialize_with = "optional_text")]
        client: Option<String> = "client",
        /// `paymentMethodId` of a stored card, in place of PAN, expiry and holder.
        #[serde(deserialize_with = "optional_text")]
        stored: Option<String> = "stored",
        /// The PAN, digits.
        number: Option<Secret> = "number",
        /// Two digits.
        #[serde(deserialize_with = "optional_text")]
        expiry_month: Option<String> = "expiryMonth",
        /// Two digits.
        #[serde(deserialize_with = "optional_text")]
        expiry_year: Option<String> = "expiryYear",
        /// Three or four digits.
        cvc: Option<Secret> = "cvc",
        /// The holder's name.
        #[serde(deserialize_with = "optional_text")]
        holder: Option<String> = "holder",
    }

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

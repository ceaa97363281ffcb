//! Messages between the merchant's page and the frames that the gateway serves into it. Ours.
//!
//! A message is a small object with its tag in the member `t`. Page and frame are built from this
//! file; between different versions, messages that only one of them has are ignored.

use serde::Serialize;

use crate::client::FormValues;
use crate::json::{Json, object};
use crate::reader::{ReadMember, ReadValue, Source};

/// Tag of the message that the page posts to the frame's window once, together with one end of a
/// message channel.
pub const WELCOME: &str = "kassa:welcome";
/// Tag of the message that the frame posts to its parent's window when its script runs.
pub const HELLO: &str = "kassa:hello";
/// Tag of the message that a 3DS frame posts to its parent's window when its page is done.
pub const THREE_DS_DONE: &str = "kassa:3ds";

/// A message of the handshake: nothing but its tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Handshake {
    /// [`WELCOME`], [`HELLO`] or [`THREE_DS_DONE`].
    pub t: &'static str,
}

/// The tag of a message.
pub fn tag(message: &impl Json) -> Option<String> {
    message.member("t")?.as_text()
}

/// From the page to a form: the card form in its frame, or the fields of another payment method in
/// the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "camelCase")]
pub enum ToForm {
    /// Whether the form may not be edited: a payment is under way.
    Busy {
        /// True from submit until the answer.
        busy: bool,
    },
    /// First message to a card form: the data that it needs to be drawn.
    Init(Box<CardFormInit>),
    /// Check the form, and when it is valid, answer with a token or with values.
    Submit {
        /// Echoed in the answer; an answer to an older id is stale.
        id: u32,
    },
    /// Check the form and show its errors.
    Validate {
        /// Echoed in the answer.
        id: u32,
    },
}

object! {
    /// The data that the card form needs to be drawn.
    CardFormInit {
        /// The session id, three parts, for the token exchange.
        session: String = "session",
        /// BCP 47 tag of the language.
        locale: String = "locale",
        /// `default`, `night`, or absent to follow the system.
        theme: Option<String> = "theme",
        /// The stored card that takes the place of the fields.
        stored: Option<StoredCard> = "storedCard",
    }

    /// A stored card.
    StoredCard {
        /// `paymentMethodId`.
        id: String = "id",
        /// As the gateway spells it, such as `VISA`.
        brand: String = "brand",
        /// The last four digits; never more (PCI DSS 3.4.1).
        last_four: String = "lastFour",
        /// Whether the CVC is asked for.
        needs_cvc: bool = "needsCvc",
    }
}

/// From a form to the page. None of these ever carries a PAN or a CVC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "camelCase")]
pub enum FromForm {
    /// Answer to [`ToForm::Validate`].
    Checked {
        /// The id of the message that is answered.
        id: u32,
        /// Whether every field is valid.
        valid: bool,
    },
    /// The buyer pressed Escape in the card form.
    #[serde(rename = "close")]
    ClosePressed,
    /// Answer to [`ToForm::Submit`]: the form has errors. They are shown on the fields, and the
    /// first of them has the focus.
    Invalid {
        /// The id of the message that is answered.
        id: u32,
    },
    /// The form is drawn and can be used.
    Ready,
    /// Answer to [`ToForm::Submit`]: the gateway refused to exchange the card.
    Refused {
        /// The id of the message that is answered.
        id: u32,
        /// A result code, such as `INVALID_CARD_NUMBER`.
        code: String,
        /// The gateway's message for it.
        message: String,
    },
    /// The height of the card form changed.
    Resized {
        /// CSS pixels.
        height: u32,
    },
    /// The buyer pressed Enter in the form.
    #[serde(rename = "enter")]
    SubmitPressed,
    /// Answer to [`ToForm::Submit`]: the card became a token.
    #[serde(rename_all = "camelCase")]
    Token {
        /// The id of the message that is answered.
        id: u32,
        /// One-time token, valid for this session and ten minutes.
        token: String,
        /// As the gateway spells it, such as `VISA`; empty when not known.
        brand: String,
        /// The card's last four digits, for display.
        last_four: String,
    },
    /// Answer to [`ToForm::Submit`]: the exchange got no usable answer. No payment was started.
    Unreachable {
        /// The id of the message that is answered.
        id: u32,
    },
    /// Answer to [`ToForm::Submit`] of fields in the page. No frame sends this.
    #[serde(skip)]
    Values {
        /// The id of the message that is answered.
        id: u32,
        /// The buyer's input.
        values: FormValues,
    },
}

impl ReadValue for ToForm {
    fn read_value(source: &Source<'_, impl Json>) -> Option<Self> {
        let id = || Option::read_member(source, "id");
        Some(match tag(source.json)?.as_str() {
            "busy" => Self::Busy { busy: bool::read_member(source, "busy") },
            "init" => Self::Init(Box::new(CardFormInit::read_value(source)?)),
            "submit" => Self::Submit { id: id()? },
            "validate" => Self::Validate { id: id()? },
            _ => return None,
        })
    }
}

impl ReadValue for FromForm {
    /// Reads a message from a frame.
    fn read_value(source: &Source<'_, impl Json>) -> Option<Self> {
        let id = || Option::read_member(source, "id");
        let text = |name| String::read_member(source, name);
        Some(match tag(source.json)?.as_str() {
            "checked" => Self::Checked { id: id()?, valid: bool::read_member(source, "valid") },
            "close" => Self::ClosePressed,
            "enter" => Self::SubmitPressed,
            "invalid" => Self::Invalid { id: id()? },
            "ready" => Self::Ready,
            "refused" => Self::Refused { id: id()?, code: text("code"), message: text("message") },
            "resized" => Self::Resized { height: Option::read_member(source, "height")? },
            "token" => Self::Token {
                id: id()?,
                token: text("token"),
                brand: text("brand"),
                last_four: text("lastFour"),
            },
            "unreachable" => Self::Unreachable { id: id()? },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json, to_value};

    use super::*;
    use crate::json::FromJson;

    fn text() -> String {
        String::from("a \u{1f4b3} b")
    }

    #[test]
    fn every_message_to_a_form_survives_the_trip() {
        let stored = StoredCard {
            id: text(),
            brand: "VISA".into(),
            last_four: "0768".into(),
            needs_cvc: true,
        };
        let init = CardFormInit { session: text(), locale: text(), theme: None, stored: None };
        for message in [
            ToForm::Busy { busy: true },
            ToForm::Busy { busy: false },
            ToForm::Init(Box::new(init.clone())),
            ToForm::Init(Box::new(CardFormInit {
                theme: Some("night".into()),
                stored: Some(stored),
                ..init
            })),
            ToForm::Submit { id: 7 },
            ToForm::Validate { id: u32::MAX },
        ] {
            assert_eq!(ToForm::from_json(&to_value(&message).unwrap()), Some(message));
        }
    }

    #[test]
    fn every_message_from_a_frame_survives_the_trip() {
        for message in [
            FromForm::Checked { id: 1, valid: false },
            FromForm::ClosePressed,
            FromForm::Invalid { id: 2 },
            FromForm::Ready,
            FromForm::Refused { id: 3, code: text(), message: text() },
            FromForm::Resized { height: 320 },
            FromForm::SubmitPressed,
            FromForm::Token { id: 4, token: text(), brand: text(), last_four: text() },
            FromForm::Unreachable { id: 5 },
        ] {
            assert_eq!(FromForm::from_json(&to_value(&message).unwrap()), Some(message));
        }
    }

    #[test]
    fn values_never_come_from_a_frame() {
        let message = json!({"t": "values", "id": 6, "values": {"payerName": "Mia"}});
        assert_eq!(FromForm::from_json(&message), None);
    }

    #[test]
    fn other_objects_are_no_messages() {
        for message in [
            Value::Null,
            json!([]),
            json!("ready"),
            json!({}),
            json!({"t": "paid"}),
            json!({"t": "token"}),
            json!({"t": "submit", "id": -1}),
            json!({"t": "submit", "id": 1.5}),
            json!({"t": "submit", "id": 4_294_967_296_u64}),
            json!({"t": "submit", "id": "7"}),
        ] {
            assert_eq!(ToForm::from_json(&message), None, "{message}");
            assert_eq!(FromForm::from_json(&message), None, "{message}");
        }
    }
}

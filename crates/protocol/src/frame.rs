//! Messages between the merchant's page and the frames that the gateway serves into it. Ours.
//!
//! A message is a small object with its tag in the member `t`. Page and frame are built from this
//! file; between different versions, messages that only one of them has are ignored.

use serde::{Deserialize, Serialize};

use crate::client::FormValues;
use crate::json::{FromJson, FromMember, Json, ToJson, object};
use crate::serialize_as_json;

/// Tag of the message that the page posts to the frame's window once, together with one end of a
/// message channel.
pub const WELCOME: &str = "kassa:welcome";
/// Tag of the message that the frame posts to its parent's window when its script runs.
pub const HELLO: &str = "kassa:hello";
/// Tag of the message that the frame posts to its parent's window in place of [`HELLO`], or after it,
/// when its script cannot run: [`FromForm::Broken`].
pub const BROKEN: &str = "kassa:broken";
/// Tag of the message that a 3DS frame posts to its parent's window when its page is done.
pub const THREE_DS_DONE: &str = "kassa:3ds";

/// A message of the handshake: nothing but its tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handshake(
    /// [`WELCOME`], [`HELLO`] or [`THREE_DS_DONE`].
    pub &'static str,
);

/// The tag of a message.
#[must_use]
pub fn tag(message: &Json) -> Option<&str> {
    match message.member("t")? {
        Json::Text(tag) => Some(tag),
        Json::Null | Json::Flag(_) | Json::Number(_) | Json::List(_) | Json::Object(_) => None,
    }
}

/// From the page to a form: the card form in its frame, or the fields of another payment method in
/// the page.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// `appearance.theme`. Where the merchant names none, the component follows the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark on light.
    Default,
    /// Light on dark.
    Night,
}

impl Theme {
    /// As the merchant writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Night => "night",
        }
    }

    /// The theme of a name; `None` for a name that no theme has.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Default, Self::Night].into_iter().find(|theme| theme.name() == name)
    }
}

object! {
    /// The data that the card form needs to be drawn.
    CardFormInit {
        /// The session id, three parts, for the token exchange.
        session: String = "session",
        /// BCP 47 tag of the language.
        locale: String = "locale",
        /// Absent to follow the system.
        theme: Option<Theme> = "theme",
        /// The earliest day that it still is somewhere by the gateway's clock, `YYYY-MM-DD`: a card
        /// whose last month is before it has expired. Absent when the gateway gives no time.
        today: Option<String> = "today",
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
        /// Whether the CVC is required.
        needs_cvc: bool = "needsCvc",
    }
}

/// From a form to the page. None of these ever carries a PAN or a CVC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FromForm {
    /// The script of the card form cannot run. Comes from the frame's window, since there may be no
    /// channel, and from a script without module: `www/frame/broken.ts`.
    Broken {
        /// What the browser threw.
        reason: String,
    },
    /// Answer to [`ToForm::Validate`].
    Checked {
        /// The id of the message that is answered.
        id: u32,
        /// Whether every field is valid.
        valid: bool,
    },
    /// The buyer pressed Escape in the card form.
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
    SubmitPressed,
    /// Answer to [`ToForm::Submit`]: the card became a token.
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
    Values {
        /// The id of the message that is answered.
        id: u32,
        /// The buyer's input.
        values: FormValues,
    },
}

impl ToJson for Theme {
    fn to_json(&self) -> Option<Json> {
        self.name().to_json()
    }
}

impl FromJson for Theme {
    fn from_json(json: &Json) -> Option<Self> {
        Self::of(&String::from_json(json)?)
    }
}

impl ToJson for Handshake {
    fn to_json(&self) -> Option<Json> {
        Some(message(self.0))
    }
}

impl FromJson for Handshake {
    fn from_json(json: &Json) -> Option<Self> {
        let tag = tag(json)?;
        [WELCOME, HELLO, THREE_DS_DONE].into_iter().find(|known| *known == tag).map(Self)
    }
}

impl ToJson for ToForm {
    fn to_json(&self) -> Option<Json> {
        Some(match self {
            Self::Busy { busy } => message("busy").with("busy", busy),
            Self::Init(init) => {
                let mut init = init.to_json()?;
                init.add("t", "init".to_json());
                init
            }
            Self::Submit { id } => message("submit").with("id", id),
            Self::Validate { id } => message("validate").with("id", id),
        })
    }
}

impl FromJson for ToForm {
    fn from_json(json: &Json) -> Option<Self> {
        let id = || Option::from_member(json, "id");
        Some(match tag(json)? {
            "busy" => Self::Busy { busy: bool::from_member(json, "busy") },
            "init" => Self::Init(Box::new(CardFormInit::from_json(json)?)),
            "submit" => Self::Submit { id: id()? },
            "validate" => Self::Validate { id: id()? },
            _ => return None,
        })
    }
}

impl ToJson for FromForm {
    fn to_json(&self) -> Option<Json> {
        let answer = |tag, id: &u32| message(tag).with("id", id);
        Some(match self {
            Self::Broken { reason } => message(BROKEN).with("reason", reason),
            Self::Checked { id, valid } => answer("checked", id).with("valid", valid),
            Self::ClosePressed => message("close"),
            Self::Invalid { id } => answer("invalid", id),
            Self::Ready => message("ready"),
            Self::Refused { id, code, message } => {
                answer("refused", id).with("code", code).with("message", message)
            }
            Self::Resized { height } => message("resized").with("height", height),
            Self::SubmitPressed => message("enter"),
            Self::Token { id, token, brand, last_four } => {
                let answer = answer("token", id).with("token", token).with("brand", brand);
                answer.with("lastFour", last_four)
            }
            Self::Unreachable { id } => answer("unreachable", id),
            // Values never leave the page by a message.
            Self::Values { .. } => return None,
        })
    }
}

impl FromJson for FromForm {
    /// Reads a message from a frame.
    fn from_json(json: &Json) -> Option<Self> {
        let id = || Option::from_member(json, "id");
        let text = |name| String::from_member(json, name);
        Some(match tag(json)? {
            BROKEN => Self::Broken { reason: text("reason") },
            "checked" => Self::Checked { id: id()?, valid: bool::from_member(json, "valid") },
            "close" => Self::ClosePressed,
            "enter" => Self::SubmitPressed,
            "invalid" => Self::Invalid { id: id()? },
            "ready" => Self::Ready,
            "refused" => Self::Refused { id: id()?, code: text("code"), message: text("message") },
            "resized" => Self::Resized { height: Option::from_member(json, "height")? },
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

serialize_as_json!(Handshake, ToForm, FromForm);

fn message(tag: &str) -> Json {
    Json::object().with("t", &tag)
}

#[cfg(test)]
mod tests {
    use std::iter::successors;

    use serde_json::{Value, json, to_value};

    use super::*;
    use crate::json::read;

    fn text() -> String {
        String::from("a \u{1f4b3} b")
    }

    /// The message after this one. Each variant leads to the next, so the compiler names the one
    /// that is forgotten here.
    fn after_to_form(message: &ToForm) -> Option<ToForm> {
        Some(match message {
            ToForm::Busy { busy: true } => ToForm::Busy { busy: false },
            ToForm::Busy { busy: false } => ToForm::Init(Box::new(CardFormInit {
                session: text(),
                locale: text(),
                ..CardFormInit::default()
            })),
            ToForm::Init(init) if init.stored.is_none() => ToForm::Init(Box::new(CardFormInit {
                theme: Some(Theme::Night),
                today: Some("2026-11-24".into()),
                stored: Some(StoredCard {
                    id: text(),
                    brand: "VISA".into(),
                    last_four: "0768".into(),
                    needs_cvc: true,
                }),
                ..(**init).clone()
            })),
            ToForm::Init(_) => ToForm::Submit { id: 7 },
            ToForm::Submit { .. } => ToForm::Validate { id: u32::MAX },
            ToForm::Validate { .. } => return None,
        })
    }

    fn after_from_form(message: &FromForm) -> Option<FromForm> {
        Some(match message {
            FromForm::Broken { .. } => FromForm::Checked { id: 1, valid: false },
            FromForm::Checked { .. } => FromForm::ClosePressed,
            FromForm::ClosePressed => FromForm::Invalid { id: 2 },
            FromForm::Invalid { .. } => FromForm::Ready,
            FromForm::Ready => FromForm::Refused { id: 3, code: text(), message: text() },
            FromForm::Refused { .. } => FromForm::Resized { height: 320 },
            FromForm::Resized { .. } => FromForm::SubmitPressed,
            FromForm::SubmitPressed => {
                FromForm::Token { id: 4, token: text(), brand: text(), last_four: text() }
            }
            FromForm::Token { brand, .. } if !brand.is_empty() => FromForm::Token {
                id: 4,
                token: text(),
                brand: String::new(),
                last_four: String::new(),
            },
            FromForm::Token { .. } => FromForm::Unreachable { id: 5 },
            // Values stay in the page.
            FromForm::Unreachable { .. } | FromForm::Values { .. } => return None,
        })
    }

    #[test]
    fn every_message_to_a_form_survives_the_trip() {
        let first = ToForm::Busy { busy: true };
        for message in successors(Some(first), after_to_form) {
            assert_eq!(read(&to_value(&message).unwrap()), Ok(message));
        }
    }

    #[test]
    fn every_message_from_a_frame_survives_the_trip() {
        let first = FromForm::Broken { reason: text() };
        for message in successors(Some(first), after_from_form) {
            assert_eq!(read(&to_value(&message).unwrap()), Ok(message));
        }
    }

    #[test]
    fn handshakes_are_known_by_their_tags() {
        for name in [WELCOME, HELLO, THREE_DS_DONE] {
            let message: Json = read(&to_value(Handshake(name)).unwrap()).unwrap();
            assert_eq!(tag(&message), Some(name));
        }
    }

    #[test]
    fn values_never_come_from_a_frame() {
        let message = json!({"t": "values", "id": 6, "values": {"payerName": "Mia"}});
        assert!(read::<FromForm>(&message).is_err());
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
            assert!(read::<ToForm>(&message).is_err(), "{message}");
            assert!(read::<FromForm>(&message).is_err(), "{message}");
        }
    }
}

//! The words that the merchant's page and the card frame say to each other.
//!
//! Both sides are ours and both are built from this file, so a message that one side sends and the
//! other does not know can only come from a version mix-up; it is ignored. On the wire a message is
//! a flat object `{t: <tag>, …}` whose members are strings: a page and a frame of different
//! versions can then always read the part that they share.

use crate::fill;
use crate::outgoing::{Outgoing, Sink, maybe};
use crate::small::{cut, digits, number};

/// What the page posts to the frame's window, once, together with one end of a message channel.
pub const WELCOME: &str = "kassa:welcome";
/// What the frame posts to its parent's window when its script runs.
pub const HELLO: &str = "kassa:hello";
/// What a frame for 3DS posts to its parent's window when its part is over.
pub const DONE: &str = "kassa:3ds";

/// A message as it travels: its tag and its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// The value of the member `t`.
    pub tag: &'static str,
    /// The other members, by name.
    pub members: Vec<(&'static str, String)>,
}

/// From the merchant's page to the card frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToFrame {
    /// Whether the form may be edited: it may not while a payment is under way.
    Busy {
        /// True from submit until the answer.
        busy: bool,
    },
    /// First message: what the form needs to be drawn.
    Init(Box<Greeting>),
    /// Check the form, and when it is valid exchange the card for a token.
    Submit {
        /// Echoed in the answer; an answer to an older id is stale.
        id: u32,
    },
    /// Check the form and show what is wrong, without exchanging anything.
    Validate {
        /// Echoed in the answer.
        id: u32,
    },
}

/// What the form needs to be drawn. Members that the other side does not know are absent, which
/// means the same as empty or false.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Greeting {
    /// The session id, three parts, for the token exchange.
    pub session: String,
    /// BCP 47 tag of the language to speak.
    pub locale: String,
    /// `default`, `night`, or empty to follow the system.
    pub theme: String,
    /// `paymentMethodId` of the stored card to show in place of the fields; empty for none.
    pub stored: String,
    /// What the buyer reads of the stored card, made by [`stored_label`].
    pub stored_label: String,
    /// Whether the stored card's security code is asked for.
    pub needs_code: bool,
}

/// Stands for the digits of a stored card that nobody is shown.
const MASK: &str = " •••• ";

/// What the buyer reads of a stored card, such as `VISA •••• 0768`. `brand` is the gateway's
/// `CardBrand`, `last_four` its `last4`, of which no more than four digits are shown (PCI DSS 3.4.1).
#[must_use]
pub fn stored_label(brand: &str, last_four: &str) -> String {
    let digits = last_four.get(last_four.len().saturating_sub(4)..).unwrap_or_default();
    fill("{}{}{}", &[brand, MASK, digits])
}

/// The brand of a label that [`stored_label`] made, and its last digits. `None` for a label of
/// another making, which is shown as it is.
#[must_use]
pub fn read_label(label: &str) -> Option<(&str, &str)> {
    let (brand, digits) = cut(label, MASK);
    digits.map(|digits| (brand, digits))
}

/// From the card frame to the merchant's page. None of these ever carries a PAN or a CVC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FromFrame {
    /// Answer to [`ToFrame::Validate`].
    Checked {
        /// The id asked with.
        id: u32,
        /// Whether every field is valid.
        valid: bool,
    },
    /// The buyer pressed Escape inside the frame.
    ClosePressed,
    /// Answer to [`ToFrame::Submit`]: the form has errors, they are shown on the fields, and the
    /// first of them has the focus.
    Invalid {
        /// The id asked with.
        id: u32,
    },
    /// The frame for 3DS says that its part is over.
    Done,
    /// A form of ours could not be loaded.
    Missing,
    /// The form is drawn and can be used.
    Ready,
    /// Answer to [`ToFrame::Submit`]: the gateway answered the exchange with a refusal.
    Refused {
        /// The id asked with.
        id: u32,
        /// A result code, such as `INVALID_CARD_NUMBER`.
        code: String,
        /// The gateway's words for it.
        message: String,
    },
    /// The form's height changed.
    Resized {
        /// CSS pixels.
        height: u32,
    },
    /// The buyer pressed Enter inside the frame.
    SubmitPressed,
    /// Answer to [`ToFrame::Submit`]: the card became a token.
    Token {
        /// The id asked with.
        id: u32,
        /// One-time token, good for this session and ten minutes.
        token: String,
        /// Brand name as the gateway spells it, such as `VISA`; empty when not known.
        brand: String,
        /// The card's last four digits, for display.
        last_four: String,
    },
    /// Answer to [`ToFrame::Submit`]: the exchange got no usable answer. No payment was started.
    Unreachable {
        /// The id asked with.
        id: u32,
    },
    /// Answer to [`ToFrame::Submit`], of a form that is not for cards: what was filled in.
    Values {
        /// The id asked with.
        id: u32,
        /// A JSON object whose members are text, by `paymentElementKey`.
        values: String,
    },
}

impl Outgoing for ToFrame {
    fn write(&self, sink: &mut dyn Sink) {
        let (tag, name, value) = match self {
            Self::Busy { busy } => ("busy", "busy", flag(*busy)),
            Self::Init(greeting) => {
                sink.text("locale", &greeting.locale);
                sink.text("theme", &greeting.theme);
                maybe(sink, "stored", &greeting.stored);
                maybe(sink, "storedLabel", &greeting.stored_label);
                sink.text("needCode", &flag(greeting.needs_code));
                ("init", "session", greeting.session.clone())
            }
            Self::Submit { id } => ("submit", "id", digits((*id).into())),
            Self::Validate { id } => ("validate", "id", digits((*id).into())),
        };
        sink.text("t", tag);
        sink.text(name, &value);
    }
}

impl ToFrame {
    /// Reads a message; `member` looks up one member by name. `None` for anything that is not one.
    pub fn unpack(member: impl Fn(&str) -> Option<String>) -> Option<Self> {
        match member("t")?.as_str() {
            "busy" => Some(Self::Busy { busy: member("busy")? == "1" }),
            "init" => Some(Self::Init(Box::new(Greeting {
                session: member("session")?,
                locale: member("locale")?,
                theme: member("theme")?,
                stored: member("stored").unwrap_or_default(),
                stored_label: member("storedLabel").unwrap_or_default(),
                needs_code: member("needCode").is_some_and(|flag| flag == "1"),
            }))),
            "submit" => Some(Self::Submit { id: whole(&member("id")?)? }),
            "validate" => Some(Self::Validate { id: whole(&member("id")?)? }),
            _ => None,
        }
    }
}

impl FromFrame {
    /// Turns the message into what travels.
    #[must_use]
    pub fn pack(&self) -> Packet {
        match self {
            Self::Checked { id, valid } => {
                packet("checked", vec![("id", digits(u64::from(*id))), ("valid", flag(*valid))])
            }
            Self::ClosePressed => packet("close", vec![]),
            Self::Invalid { id } => packet("invalid", vec![("id", digits(u64::from(*id)))]),
            Self::Done => packet(DONE, vec![]),
            Self::Missing => packet("missing", vec![]),
            Self::Ready => packet("ready", vec![]),
            Self::Refused { id, code, message } => packet(
                "refused",
                vec![
                    ("id", digits(u64::from(*id))),
                    ("code", code.clone()),
                    ("message", message.clone()),
                ],
            ),
            Self::Resized { height } => {
                packet("resized", vec![("height", digits(u64::from(*height)))])
            }
            Self::SubmitPressed => packet("enter", vec![]),
            Self::Token { id, token, brand, last_four } => packet(
                "token",
                vec![
                    ("id", digits(u64::from(*id))),
                    ("token", token.clone()),
                    ("brand", brand.clone()),
                    ("lastFour", last_four.clone()),
                ],
            ),
            Self::Unreachable { id } => packet("unreachable", vec![("id", digits(u64::from(*id)))]),
            Self::Values { id, values } => {
                packet("values", vec![("id", digits(u64::from(*id))), ("values", values.clone())])
            }
        }
    }

    /// Reads a message; `member` looks up one member by name. `None` for anything that is not one.
    pub fn unpack(member: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let id = member("id").and_then(|id| whole(&id));
        let text = |name| member(name).unwrap_or_default();
        Some(match member("t")?.as_str() {
            "checked" => Self::Checked { id: id?, valid: text("valid") == "1" },
            "close" => Self::ClosePressed,
            "enter" => Self::SubmitPressed,
            "invalid" => Self::Invalid { id: id? },
            DONE => Self::Done,
            "missing" => Self::Missing,
            "ready" => Self::Ready,
            "refused" => Self::Refused { id: id?, code: text("code"), message: text("message") },
            "resized" => Self::Resized { height: whole(&text("height"))? },
            "token" => Self::Token {
                id: id?,
                token: text("token"),
                brand: text("brand"),
                last_four: text("lastFour"),
            },
            "unreachable" => Self::Unreachable { id: id? },
            "values" => Self::Values { id: id?, values: text("values") },
            _ => return None,
        })
    }
}

fn packet(tag: &'static str, members: Vec<(&'static str, String)>) -> Packet {
    Packet { tag, members }
}

fn whole(text: &str) -> Option<u32> {
    u32::try_from(number(text)?).ok()
}

fn flag(on: bool) -> String {
    String::from(if on { "1" } else { "0" })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn lookup(packet: &Packet) -> impl Fn(&str) -> Option<String> + '_ {
        |name| match name {
            "t" => Some(packet.tag.to_owned()),
            _ => packet.members.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()),
        }
    }

    /// Members that were written, which are text one and all.
    #[derive(Default)]
    struct Members(BTreeMap<String, String>);

    impl Sink for Members {
        fn text(&mut self, name: &str, value: &str) {
            assert!(self.0.insert(name.into(), value.into()).is_none(), "{name} is there twice");
        }

        fn flag(&mut self, name: &str, _: bool) {
            panic!("{name} is not text");
        }

        fn json(&mut self, name: &str, _: &str) {
            panic!("{name} is not text");
        }

        fn whole(&mut self, name: &str, _: i32) {
            panic!("{name} is not text");
        }

        fn open(&mut self, name: &str) {
            panic!("{name} is not text");
        }

        fn close(&mut self) {}
    }

    #[test]
    fn every_message_survives_the_trip() {
        let text = || String::from("a \u{1f4b3} b");
        for message in [
            ToFrame::Busy { busy: true },
            ToFrame::Init(Box::new(Greeting {
                session: text(),
                locale: text(),
                theme: text(),
                ..Greeting::default()
            })),
            ToFrame::Init(Box::new(Greeting {
                session: text(),
                locale: text(),
                theme: text(),
                stored: text(),
                stored_label: stored_label("VISA", "0768"),
                needs_code: true,
            })),
            ToFrame::Submit { id: 7 },
            ToFrame::Validate { id: u32::MAX },
        ] {
            let mut members = Members::default();
            message.write(&mut members);
            let lookup = |name: &str| members.0.get(name).cloned();
            assert_eq!(ToFrame::unpack(lookup), Some(message));
        }
        for message in [
            FromFrame::Checked { id: 1, valid: false },
            FromFrame::ClosePressed,
            FromFrame::Invalid { id: 2 },
            FromFrame::Done,
            FromFrame::Missing,
            FromFrame::Ready,
            FromFrame::Refused { id: 3, code: text(), message: text() },
            FromFrame::Resized { height: 320 },
            FromFrame::SubmitPressed,
            FromFrame::Token { id: 4, token: text(), brand: text(), last_four: text() },
            FromFrame::Unreachable { id: 5 },
            FromFrame::Values { id: 6, values: text() },
        ] {
            assert_eq!(FromFrame::unpack(lookup(&message.pack())), Some(message));
        }
    }

    #[test]
    fn a_greeting_of_another_version_is_understood() {
        let member = |name: &str| match name {
            "t" => Some(String::from("init")),
            "session" | "locale" | "theme" => Some(String::new()),
            _ => None,
        };
        assert_eq!(ToFrame::unpack(member), Some(ToFrame::Init(Box::default())));
        // Older than stored cards: what it needs is still there.
        assert_eq!(ToFrame::unpack(|name| member(name).filter(|_| name != "session")), None);
        let unclear = |name: &str| member(name).or((name == "needCode").then(|| "true".into()));
        assert_eq!(ToFrame::unpack(unclear), Some(ToFrame::Init(Box::default())));
    }

    #[test]
    fn a_label_shows_brand_and_four_digits() {
        assert_eq!(stored_label("VISA", "0768"), "VISA •••• 0768");
        assert_eq!(read_label("VISA •••• 0768"), Some(("VISA", "0768")));
        assert_eq!(stored_label("AMEX", "378282246310005"), "AMEX •••• 0005", "never a number");
        assert_eq!(stored_label("", "é"), " •••• é");
        assert_eq!(read_label(&stored_label("", "")), Some(("", "")));
        assert_eq!(read_label("my blue card"), None);
    }

    #[test]
    fn what_is_not_a_message_is_nothing() {
        assert_eq!(FromFrame::unpack(|_| None), None);
        assert_eq!(FromFrame::unpack(|n| (n == "t").then(|| "token".into())), None);
        assert_eq!(FromFrame::unpack(|_| Some("paid".into())), None);
        assert_eq!(ToFrame::unpack(|n| Some(if n == "t" { "submit" } else { "-1" }.into())), None);
    }
}

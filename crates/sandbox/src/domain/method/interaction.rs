//! The interaction of a method: the steps after a submit.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_with::{DeserializeFromStr, SerializeDisplay};
use thiserror::Error;

/// The steps that a submit leads to. Its text is the one in the file.
#[derive(Debug, Clone, PartialEq, Eq, SerializeDisplay, DeserializeFromStr)]
pub enum Interaction {
    /// `card`: the hosted card form, and 3DS where it is needed.
    Card,
    /// `redirect`: another page.
    Redirect,
    /// `app:scheme`, `app:applink` or `app:scheme+applink`: an app on the same phone.
    App {
        /// The app has a scheme of its own.
        scheme: bool,
        /// The app takes over a web address.
        applink: bool,
    },
    /// `wait`: the buyer approves on a phone, and no link leads there.
    Wait,
    /// Kinds joined by `+`: codes that the page shows, in this order.
    Codes(Vec<CodeKind>),
}

/// There is no such interaction.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no interaction {0}")]
pub struct UnknownInteraction(String);

impl FromStr for Interaction {
    type Err = UnknownInteraction;

    fn from_str(text: &str) -> Result<Self, UnknownInteraction> {
        Ok(match text {
            "card" => Self::Card,
            "redirect" => Self::Redirect,
            "wait" => Self::Wait,
            "app:scheme" => Self::App { scheme: true, applink: false },
            "app:applink" => Self::App { scheme: false, applink: true },
            "app:scheme+applink" => Self::App { scheme: true, applink: true },
            codes => {
                let kinds = codes.split('+').map(CodeKind::parse).collect::<Option<_>>();
                Self::Codes(kinds.ok_or_else(|| UnknownInteraction(codes.to_owned()))?)
            }
        })
    }
}

impl fmt::Display for Interaction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Card => out.write_str("card"),
            Self::Redirect => out.write_str("redirect"),
            Self::App { scheme: true, applink: true } => out.write_str("app:scheme+applink"),
            Self::App { scheme: true, applink: false } => out.write_str("app:scheme"),
            Self::App { scheme: false, applink: _ } => out.write_str("app:applink"),
            Self::Wait => out.write_str("wait"),
            Self::Codes(kinds) => {
                for (index, kind) in kinds.iter().enumerate() {
                    write!(out, "{}{}", if index > 0 { "+" } else { "" }, kind.name())?;
                }
                Ok(())
            }
        }
    }
}

/// Kind of a code that the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CodeKind {
    /// A QR code as EMVCo describes it.
    Qr,
    /// The content of the QR code, to be copied.
    Text,
    /// A number to pay to or to name at a counter.
    Number,
    /// Code 128.
    Barcode,
}

impl CodeKind {
    const ALL: [Self; 4] = [Self::Qr, Self::Text, Self::Number, Self::Barcode];

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Qr => "qr",
            Self::Text => "text",
            Self::Number => "number",
            Self::Barcode => "barcode",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interactions_have_the_names_of_the_file() {
        for name in [
            "card",
            "redirect",
            "wait",
            "app:scheme",
            "app:applink",
            "app:scheme+applink",
            "qr",
            "text+qr",
            "barcode+number",
        ] {
            assert_eq!(name.parse::<Interaction>().unwrap().to_string(), name);
        }
        assert!("smoke".parse::<Interaction>().is_err());
    }
}

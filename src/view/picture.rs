//! A view, taken out of the machine so that it can be drawn while the machine is free.

use kassa_core::machine::{Button, Message, Screen, View};
use kassa_core::money::Printable;

/// What to draw.
pub(crate) struct Picture {
    pub(crate) screen: Screen,
    pub(crate) theme: String,
    pub(crate) merchant: String,
    pub(crate) amount: Option<Printable>,
    pub(crate) message: Option<Message>,
    pub(crate) button: Option<Button>,
    pub(crate) closable: bool,
}

impl From<View<'_>> for Picture {
    fn from(view: View<'_>) -> Self {
        Self {
            screen: view.screen,
            theme: view.theme.to_owned(),
            merchant: view.merchant.to_owned(),
            amount: view.amount,
            message: view.message,
            button: view.button,
            closable: view.closable,
        }
    }
}

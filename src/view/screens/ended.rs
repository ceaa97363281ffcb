//! The payment is over, or its way on is blocked.

use kassa_core::machine::{Button, Message};

use super::Regions;

pub(super) fn regions(message: Message, button: Button) -> Regions {
    Regions { button: Some(button.into()), ..Regions::with_message("ended", message) }
}

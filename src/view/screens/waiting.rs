//! A message with a sign that something is going on.

use kassa_core::machine::{Button, Millis};
use kassa_core::text::Text;

use super::Regions;

pub(super) fn regions(
    notice: Text,
    button: Option<Button>,
    second_button: Option<Button>,
    until: Option<Millis>,
) -> Regions {
    Regions {
        status: Some(notice),
        button: button.map(Into::into),
        second_button: second_button.map(Into::into),
        until,
        ..Regions::empty("waiting")
    }
}

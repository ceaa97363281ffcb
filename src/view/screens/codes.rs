//! Codes that the buyer pays with.

use kassa_core::machine::{Button, Millis};
use kassa_core::text::Text;

use super::Regions;

pub(super) fn regions(notice: Text, until: Option<Millis>) -> Regions {
    Regions {
        status: Some(notice),
        button: Some(Button::Check.into()),
        until,
        ..Regions::empty("codes")
    }
}

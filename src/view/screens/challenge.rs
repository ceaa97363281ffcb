//! A 3DS challenge in its frame.

use kassa_core::machine::Button;
use kassa_core::text::Text;

use super::Regions;

pub(super) fn regions(can_continue: bool) -> Regions {
    Regions {
        status: Some(Text::BankChecks),
        second_button: can_continue.then(|| Button::Continue.into()),
        ..Regions::empty("challenge")
    }
}

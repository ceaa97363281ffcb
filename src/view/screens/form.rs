//! The form, a card's in its frame.

use kassa_core::machine::PayButton;
use kassa_core::text::Text;

use super::{Action, Press, Regions};

pub(super) fn regions(notice: Option<Text>, pay: Option<PayButton>) -> Regions {
    let button = pay.map(|pay| match pay {
        PayButton::Ready => {
            Action { label: Text::Pay, shows_amount: true, is_busy: false, press: Press::Pay }
        }
        // Not inert: a second press is reported to the merchant.
        PayButton::Busy => {
            Action { label: Text::Paying, shows_amount: false, is_busy: true, press: Press::Pay }
        }
    });
    Regions { alert: notice, button, ..Regions::empty("form") }
}

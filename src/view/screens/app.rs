//! The buyer chooses how to go on: in an app, or in the browser.

use kassa_core::machine::{AppOffer, Button};

use super::Regions;

pub(super) fn regions(offer: AppOffer) -> Regions {
    let in_browser = offer.can_continue_in_browser.then_some(Button::ContinueInBrowser);
    Regions {
        button: Some(Button::OpenApp.into()),
        second_button: in_browser.map(Into::into),
        ..Regions::with_message("app", offer.message)
    }
}

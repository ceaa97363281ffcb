//! "Never silence": whatever state a payment is in, time alone brings it to news for the merchant,
//! or to a place where the next word is the buyer's.

use kassa_core::machine::{Button, Input, Screen};
use kassa_core::text::Text;

use super::Driver;

/// The longest that a payment may go on without an answer from anywhere, in milliseconds.
const PATIENCE: u32 = 15 * 60_000;

/// Lets time pass with no answer from gateway, frame or buyer, and judges where it ends. The
/// browser still does its part: it reports on navigations and shows the page again some day.
pub(crate) fn leave_alone(driver: &Driver) {
    driver.check_books();
    let mut driver = driver.clone();
    let start = driver.now;
    run_down(&mut driver);
    if let Some(navigation) = driver.navigation {
        driver.input(Input::Navigated { navigation, taken: true });
        run_down(&mut driver);
    }
    if driver.hidden {
        driver.input(Input::PageShown { restored: false });
        run_down(&mut driver);
    }
    assert!(driver.now - start <= PATIENCE, "it took {} ms", driver.now - start);
    let waits_for_buyer = driver.machine.view().screen == Screen::Choice;
    driver.laws.at_rest(waits_for_buyer);
    assert!(
        driver.tickets.is_empty() || waits_for_buyer,
        "promises that nobody will settle: {:?}",
        driver.tickets
    );
    let view = driver.machine.view();
    let rests = match view.screen {
        Screen::Hidden => !driver.on_screen,
        Screen::Form => view.button == Some(Button::Pay),
        Screen::Choice => view.button == Some(Button::App),
        Screen::Ended => view.button.is_some(),
        // Only on the way out: the other page has the buyer now, or the buyer has a button.
        Screen::Waiting => {
            view.message.is_some_and(|message| message.text == Text::Leaving)
                && view.button == Some(Button::Continue)
        }
        Screen::Challenge | Screen::Codes | Screen::Loading => false,
    };
    assert!(rests, "time alone does not lead on from {view:?}");
}

fn run_down(driver: &mut Driver) {
    let limit = driver.now + PATIENCE;
    while driver.fire_next().is_some() {
        assert!(driver.now <= limit, "still busy after a quarter of an hour");
    }
}

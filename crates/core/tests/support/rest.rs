//! "Never silence": from any state of a payment, time alone leads to an event for the merchant, or
//! to a state in which only the buyer can go on.

use kassa_core::machine::{Button, Input, PayButton, Screen};
use kassa_core::text::Text;

use super::Driver;

/// The longest that a payment may go on without an answer from anywhere, in milliseconds.
const LIMIT: u32 = 15 * 60_000;

/// Lets time pass without an answer from gateway, form or buyer, and checks the final state. The
/// browser still reports on navigations, and shows the page again some day.
pub(crate) fn leave_alone(driver: &Driver) {
    driver.check_books();
    let mut driver = driver.clone();
    let start = driver.now;
    run_down(&mut driver);
    if let Some(navigation) = driver.navigation {
        driver.input(Input::NavigationDone { navigation, accepted: true });
        run_down(&mut driver);
    }
    if driver.is_hidden {
        driver.input(Input::PageShown { restored: false });
        run_down(&mut driver);
    }
    assert!(driver.now - start <= LIMIT, "it took {} ms", driver.now - start);
    let view = driver.machine.view();
    let waits_for_buyer = matches!(view.screen, Screen::App(_));
    driver.laws.at_rest(waits_for_buyer);
    assert!(
        driver.promises.is_empty() || waits_for_buyer,
        "promises that nothing will settle: {:?}",
        driver.promises
    );
    let rests = match &view.screen {
        Screen::Hidden => !driver.is_on_screen,
        Screen::Form { pay, .. } => *pay == Some(PayButton::Ready),
        Screen::App(_) | Screen::Ended { .. } => true,
        // Only during a navigation: the buyer is on the other page, or has a button.
        Screen::Waiting { notice: Text::Leaving, button: Some(Button::Continue), .. } => true,
        Screen::Waiting { .. }
        | Screen::Challenge { .. }
        | Screen::Codes { .. }
        | Screen::Loading => false,
    };
    assert!(rests, "time alone does not lead on from {view:?}");
}

fn run_down(driver: &mut Driver) {
    let limit = driver.now + LIMIT;
    while driver.fire_next().is_some() {
        assert!(driver.now <= limit, "still busy after a quarter of an hour");
    }
}

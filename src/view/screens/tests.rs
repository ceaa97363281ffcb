//! The regions of every screen. How they look is tested in browsers.

use kassa_core::machine::{AppOffer, Button, Input, Message, Millis, PayButton, Screen, Tone};
use kassa_core::text::Text;
use kassa_protocol::ChallengeWindowSize;

use super::{Action, Press, Regions};

fn action(label: Text, press: Press) -> Option<Action> {
    Some(Action { label, shows_amount: false, is_busy: false, press })
}

#[test]
fn hidden_and_loading() {
    assert_eq!(Regions::of(&Screen::Hidden), Regions::empty("hidden"));
    let loading = Regions { status: Some(Text::Loading), ..Regions::empty("loading") };
    assert_eq!(Regions::of(&Screen::Loading), loading);
}

#[test]
fn the_pay_button_shows_the_amount_until_it_is_pressed() {
    let form = |notice, pay| Regions::of(&Screen::Form { notice, pay });
    assert_eq!(form(None, None), Regions::empty("form"), "the merchant has a button");

    let ready = Action { label: Text::Pay, shows_amount: true, is_busy: false, press: Press::Pay };
    let expected =
        Regions { alert: Some(Text::TryAgain), button: Some(ready), ..Regions::empty("form") };
    assert_eq!(form(Some(Text::TryAgain), Some(PayButton::Ready)), expected);

    let busy =
        Action { label: Text::Paying, shows_amount: false, is_busy: true, press: Press::Pay };
    let expected = Regions { button: Some(busy), ..Regions::empty("form") };
    assert_eq!(form(None, Some(PayButton::Busy)), expected);
}

#[test]
fn an_app_is_offered_alone_or_beside_the_browser() {
    let app = |tone, text, can_continue_in_browser| {
        let message = Message { tone, text };
        Regions::of(&Screen::App(AppOffer { message, can_continue_in_browser }))
    };
    let open = action(Text::OpenApp, Press::OpenApp);
    let alone = Regions { status: Some(Text::PayInApp), button: open, ..Regions::empty("app") };
    assert_eq!(app(Tone::Plain, Text::PayInApp, false), alone);
    let beside = Regions {
        alert: Some(Text::AppNotOpened),
        button: open,
        second_button: action(Text::ContinueInBrowser, Press::Continue),
        ..Regions::empty("app")
    };
    assert_eq!(app(Tone::Bad, Text::AppNotOpened, true), beside);
}

#[test]
fn a_challenge_may_have_another_way() {
    let size = &ChallengeWindowSize::FullScreen;
    for (can_continue, second_button) in
        [(false, None), (true, action(Text::Continue, Press::Continue))]
    {
        let expected = Regions {
            status: Some(Text::BankChecks),
            second_button,
            ..Regions::empty("challenge")
        };
        assert_eq!(Regions::of(&Screen::Challenge { size, can_continue }), expected);
    }
}

#[test]
fn codes_and_waiting_have_a_time() {
    let until = Some(Millis(7));
    let expected = Regions {
        status: Some(Text::PayWithCode),
        button: action(Text::HavePaid, Press::Check),
        until,
        ..Regions::empty("codes")
    };
    let codes = Screen::Codes { codes: &[], notice: Text::PayWithCode, until };
    assert_eq!(Regions::of(&codes), expected);

    let waiting = Screen::Waiting {
        notice: Text::FinishInApp,
        button: Some(Button::OpenApp),
        second_button: Some(Button::ContinueInBrowser),
        until,
    };
    let expected = Regions {
        status: Some(Text::FinishInApp),
        button: action(Text::OpenApp, Press::OpenApp),
        second_button: action(Text::ContinueInBrowser, Press::Continue),
        until,
        ..Regions::empty("waiting")
    };
    assert_eq!(Regions::of(&waiting), expected);
}

#[test]
fn bad_news_interrupt_and_other_news_do_not() {
    for (tone, is_alert) in [(Tone::Bad, true), (Tone::Good, false), (Tone::Plain, false)] {
        let message = Message { tone, text: Text::Paid };
        let regions = Regions::of(&Screen::Ended { message, button: Button::Close });
        assert_eq!((regions.alert.is_some(), regions.status.is_some()), (is_alert, !is_alert));
        assert_eq!(regions.button, action(Text::Close, Press::Close));
    }
}

#[test]
fn each_press_is_an_input_of_its_own() {
    for (press, input) in [
        (Press::Check, Input::CheckPressed),
        (Press::Close, Input::ClosePressed),
        (Press::Continue, Input::ContinuePressed),
        (Press::OpenApp, Input::AppPressed),
        (Press::Pay, Input::PayPressed),
    ] {
        assert_eq!(press.input(), input);
    }
}

//! What each screen puts into the regions that all screens share.

mod app;
mod challenge;
mod codes;
mod ended;
mod form;
mod loading;
#[cfg(test)]
mod tests;
mod waiting;

use kassa_core::machine::{Button, Input, Message, Millis, Screen, Tone};
use kassa_core::text::Text;

/// What a screen shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Regions {
    /// Value of the panel's `data-screen`, for the style sheet and for tests.
    pub(super) name: &'static str,
    /// Bad news, which interrupt a screen reader.
    pub(super) alert: Option<Text>,
    /// Other news, which wait for a pause.
    pub(super) status: Option<Text>,
    /// The first button.
    pub(super) button: Option<Action>,
    /// Another way on.
    pub(super) second_button: Option<Action>,
    /// Until when the buyer can do what the screen asks for.
    pub(super) until: Option<Millis>,
}

/// A button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) label: Text,
    /// Whether the amount follows the label.
    pub(super) shows_amount: bool,
    /// Whether what the button starts is under way.
    pub(super) is_busy: bool,
    pub(super) press: Press,
}

/// What a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Press {
    Check,
    Close,
    Continue,
    OpenApp,
    Pay,
}

impl Press {
    pub(super) fn input(self) -> Input {
        match self {
            Self::Check => Input::CheckPressed,
            Self::Close => Input::ClosePressed,
            Self::Continue => Input::ContinuePressed,
            Self::OpenApp => Input::AppPressed,
            Self::Pay => Input::PayPressed,
        }
    }
}

impl From<Button> for Action {
    fn from(button: Button) -> Self {
        let (label, press) = match button {
            Button::Check => (Text::HavePaid, Press::Check),
            Button::Close => (Text::Close, Press::Close),
            Button::Continue => (Text::Continue, Press::Continue),
            Button::ContinueInBrowser => (Text::ContinueInBrowser, Press::Continue),
            Button::OpenApp => (Text::OpenApp, Press::OpenApp),
        };
        Self { label, shows_amount: false, is_busy: false, press }
    }
}

impl Regions {
    fn empty(name: &'static str) -> Self {
        Self { name, alert: None, status: None, button: None, second_button: None, until: None }
    }

    fn with_message(name: &'static str, message: Message) -> Self {
        let is_bad = message.tone == Tone::Bad;
        let text = Some(message.text);
        let (alert, status) = if is_bad { (text, None) } else { (None, text) };
        Self { alert, status, ..Self::empty(name) }
    }

    /// What a screen shows.
    pub(super) fn of(screen: &Screen<'_>) -> Self {
        match screen {
            Screen::Hidden => Self::empty("hidden"),
            Screen::Loading => loading::regions(),
            Screen::Form { notice, pay } => form::regions(*notice, *pay),
            Screen::App(offer) => app::regions(*offer),
            Screen::Challenge { can_continue, .. } => challenge::regions(*can_continue),
            Screen::Codes { notice, until, .. } => codes::regions(*notice, *until),
            Screen::Waiting { notice, button, second_button, until } => {
                waiting::regions(*notice, *button, *second_button, *until)
            }
            Screen::Ended { message, button } => ended::regions(*message, *button),
        }
    }
}

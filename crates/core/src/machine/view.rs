//! What should be on the screen.

use super::Machine;
use super::state::{Redirecting, State};
use crate::money::Printable;
use crate::text::Text;

/// What should be on the screen now. The shell draws it and adds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View<'a> {
    /// Which screen.
    pub screen: Screen,
    /// `appearance.theme`, or empty to follow the system.
    pub theme: &'a str,
    /// Name of the shop, or empty.
    pub merchant: &'a str,
    /// What is to be paid.
    pub amount: Option<Printable>,
    /// The one message of screens that have no form, and the form's notice otherwise.
    pub message: Option<Message>,
    /// The one button, if there is one.
    pub button: Option<Button>,
    /// Whether the buyer can close.
    pub closable: bool,
}

/// A message to the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// Good news, bad news or just news.
    pub tone: Tone,
    /// The words.
    pub text: Text,
}

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something went wrong.
    Bad,
    /// It worked.
    Good,
    /// Wait, or go on.
    Plain,
}

/// The screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The card form, in its frame.
    Card,
    /// It is over.
    Ended,
    /// Nothing at all.
    Hidden,
    /// Being prepared.
    Loading,
    /// A message with a sign that something is going on.
    Waiting,
}

/// The one button of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// Close what is over.
    Close,
    /// Go on to another page.
    Continue,
    /// Pay; the label carries the amount.
    Pay,
    /// A payment is under way.
    Paying,
}

impl Machine {
    /// What should be on the screen now.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        let plain = |text| Some(Message { tone: Tone::Plain, text });
        let bad = |text| Some(Message { tone: Tone::Bad, text });
        let looks = &self.job.given.looks;
        let shows_button = |button| if looks.show_submit_button { Some(button) } else { None };
        let (screen, message, button, closable) = match self.state {
            State::Idle => (Screen::Hidden, None, None, false),
            State::Opening(_) => {
                let screen = if looks.show_loading { Screen::Loading } else { Screen::Hidden };
                (screen, plain(Text::Loading), None, true)
            }
            State::Collecting(notice) => {
                (Screen::Card, notice.and_then(bad), shows_button(Button::Pay), true)
            }
            State::Submitting(_) => (Screen::Card, None, shows_button(Button::Paying), false),
            State::Redirecting(Redirecting::Leaving { .. }) => {
                (Screen::Waiting, plain(Text::Leaving), None, false)
            }
            State::Redirecting(Redirecting::Left) => {
                (Screen::Waiting, plain(Text::Leaving), Some(Button::Continue), true)
            }
            State::Redirecting(Redirecting::Refused) => {
                (Screen::Ended, bad(Text::PageNotOpened), Some(Button::Continue), true)
            }
            State::Confirming(_) => {
                let button = self.job.target.as_ref().map(|_| Button::Continue);
                (Screen::Waiting, plain(Text::StillChecking), button, true)
            }
            State::Done(message) => (Screen::Ended, Some(message), Some(Button::Close), true),
        };
        View {
            screen,
            theme: &looks.theme,
            merchant: self.job.offer.merchant_name(),
            amount: Printable::read(self.job.offer.currency(), self.job.offer.amount()),
            message,
            button,
            closable,
        }
    }
}

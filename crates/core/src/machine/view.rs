//! What should be on the screen.

use super::state::{Confirming, Pressed, Redirecting, State, SwitchingApp, Why};
use super::{Machine, Millis};
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
    /// The button, if there is one.
    pub button: Option<Button>,
    /// Another way on, for those whom the button does not help.
    pub second: Option<Button>,
    /// Codes to pay with, JSON of the protocol, or empty.
    pub codes: &'a str,
    /// Until when the buyer can do what the screen asks for.
    pub until: Option<Millis>,
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
    /// The issuer's challenge, in its frame.
    Challenge,
    /// A message, and what the buyer can do.
    Choice,
    /// Codes to pay with.
    Codes,
    /// It is over.
    Ended,
    /// The form, a card's in its frame.
    Form,
    /// Nothing at all.
    Hidden,
    /// Being prepared.
    Loading,
    /// A message with a sign that something is going on.
    Waiting,
}

/// The buttons of screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// Open the app.
    App,
    /// Ask whether the payment has arrived.
    Check,
    /// Close what is over.
    Close,
    /// Go on to another page.
    Continue,
    /// Go on to another page, where an app would do.
    ContinueInBrowser,
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
        let elsewhere = |button| self.job.target.as_ref().map(|_| button);
        let mut second = None;
        let mut codes = "";
        let mut until = None;
        let (screen, message, button, closable) = match self.state {
            State::Idle => (Screen::Hidden, None, None, false),
            State::Opening(_) => {
                let screen = if looks.show_loading { Screen::Loading } else { Screen::Hidden };
                (screen, plain(Text::Loading), None, true)
            }
            State::Collecting(notice) => {
                (Screen::Form, notice.and_then(bad), shows_button(Button::Pay), true)
            }
            State::Submitting(_) => (Screen::Form, None, shows_button(Button::Paying), false),
            State::Redirecting(Redirecting::Leaving { .. }) => {
                (Screen::Waiting, plain(Text::Leaving), None, false)
            }
            State::Redirecting(Redirecting::Left) => {
                (Screen::Waiting, plain(Text::Leaving), Some(Button::Continue), true)
            }
            State::Redirecting(Redirecting::Refused) => {
                (Screen::Ended, bad(Text::PageNotOpened), Some(Button::Continue), true)
            }
            State::Preparing => (Screen::Waiting, plain(Text::BankChecks), None, false),
            State::SwitchingApp(SwitchingApp::Offered(text)) => {
                second = elsewhere(Button::ContinueInBrowser);
                let message = if text == Text::AppNotOpened { bad(text) } else { plain(text) };
                (Screen::Choice, message, Some(Button::App), true)
            }
            State::SwitchingApp(SwitchingApp::Calling { .. }) => {
                second = elsewhere(Button::ContinueInBrowser);
                (Screen::Waiting, plain(Text::Leaving), None, true)
            }
            State::Confirming(confirming) => {
                let Confirming { why, expired, pressed, .. } = confirming;
                let text = |usual| match pressed {
                    Pressed::Yes => Text::StillChecking,
                    _ if expired => Text::CodeExpired,
                    Pressed::InVain => Text::NotYet,
                    Pressed::No => usual,
                };
                let check = Some(Button::Check);
                let (screen, text, button) = match why {
                    Why::App => {
                        second = elsewhere(Button::ContinueInBrowser);
                        (Screen::Waiting, Text::FinishInApp, Some(Button::App))
                    }
                    Why::Approval => {
                        until = confirming.until;
                        (Screen::Waiting, text(Text::ApproveOnPhone), check)
                    }
                    Why::Challenge => {
                        second = elsewhere(Button::Continue);
                        (Screen::Challenge, Text::BankChecks, None)
                    }
                    Why::Code if !self.job.task.codes().is_empty() => {
                        codes = self.job.task.codes();
                        until = confirming.until;
                        (Screen::Codes, text(Text::PayWithCode), check)
                    }
                    Why::Authorised | Why::Resumed => {
                        (Screen::Waiting, Text::StillChecking, elsewhere(Button::Continue))
                    }
                    Why::Challenged | Why::Code | Why::Left | Why::Prepared | Why::Silence => {
                        (Screen::Waiting, Text::StillChecking, None)
                    }
                };
                (screen, plain(text), button, true)
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
            second,
            codes,
            until,
            closable,
        }
    }
}

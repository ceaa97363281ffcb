//! What should be on the screen.

use super::state::{Job, State};
use super::{Confirming, Ended, Machine, Redirect, RedirectStep, Submitting};
use crate::money::{Money, Printable};
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
        match &self.state {
            State::Idle => View {
                screen: Screen::Hidden,
                theme: "",
                merchant: "",
                amount: None,
                message: None,
                button: None,
                closable: false,
            },
            State::Opening(job, _) => job.screen(
                if job.looks.show_loading { Screen::Loading } else { Screen::Hidden },
                Some(plain(Text::Loading)),
                None,
                true,
            ),
            State::Collecting(job, notice) => {
                job.form(notice.map(|text| Message { tone: Tone::Bad, text }), Button::Pay, true)
            }
            State::Submitting(job, Submitting::Tokenising { .. } | Submitting::Sending { .. }) => {
                job.form(None, Button::Paying, false)
            }
            State::Redirecting(job, Redirect { step, .. }) => match step {
                RedirectStep::Leaving { .. } | RedirectStep::Left => {
                    job.screen(Screen::Waiting, Some(plain(Text::Leaving)), None, false)
                }
                RedirectStep::Refused => job.screen(
                    Screen::Ended,
                    Some(Message { tone: Tone::Bad, text: Text::PageNotOpened }),
                    Some(Button::Continue),
                    true,
                ),
            },
            State::Confirming(job, Confirming { next, .. }) => job.screen(
                Screen::Waiting,
                Some(plain(Text::StillChecking)),
                next.is_some().then_some(Button::Continue),
                true,
            ),
            State::Done(job, Ended { message }) => {
                job.screen(Screen::Ended, Some(*message), Some(Button::Close), true)
            }
        }
    }
}

fn plain(text: Text) -> Message {
    Message { tone: Tone::Plain, text }
}

impl Job {
    fn screen(
        &self,
        screen: Screen,
        message: Option<Message>,
        button: Option<Button>,
        closable: bool,
    ) -> View<'_> {
        View {
            screen,
            theme: &self.looks.theme,
            merchant: self.merchant.as_deref().unwrap_or_default(),
            amount: self.amount.as_ref().map(Money::printable),
            message,
            button,
            closable,
        }
    }

    fn form(&self, message: Option<Message>, button: Button, closable: bool) -> View<'_> {
        let button = self.looks.show_submit_button.then_some(button);
        self.screen(Screen::Card, message, button, closable)
    }
}

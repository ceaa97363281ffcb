//! What should be on the screen.

use kassa_protocol::ChallengeWindowSize;
use kassa_protocol::client::CodeView;
use kassa_protocol::frame::Theme;

use super::state::{
    AppStep, Challenging, ChallengingStep, Collecting, Confirming, ManualCheck, Redirecting,
    RedirectingStep, ShowingCodes, Shown, State, SwitchingApp,
};
use super::{Machine, Millis};
use crate::money::Amount;
use crate::text::Text;

/// What should be on the screen now. The runtime renders it and adds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View<'a> {
    /// Which screen, with what it shows.
    pub screen: Screen<'a>,
    /// `appearance.theme`; `None` follows the system.
    pub theme: Option<Theme>,
    /// Name of the shop.
    pub merchant_name: Option<&'a str>,
    /// What is to be paid.
    pub amount: Option<&'a Amount>,
    /// Whether the buyer can close the component. One in a container of the page is part of the page.
    pub is_closable: bool,
}

/// The screens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Screen<'a> {
    /// Nothing at all.
    Hidden,
    /// The first view is being prepared.
    Loading,
    /// The form, a card's in its frame.
    Form {
        /// What the last attempt came to.
        notice: Option<Text>,
        /// The pay button; `None` when the merchant has its own.
        pay: Option<PayButton>,
    },
    /// The buyer chooses how to go on: in an app, or in the browser.
    App(AppOffer),
    /// A 3DS challenge in its frame.
    Challenge {
        /// Size of the frame.
        size: &'a ChallengeWindowSize,
        /// Whether a button goes on to the same challenge without a frame.
        can_continue: bool,
    },
    /// Codes that the buyer pays with.
    Codes {
        /// The codes.
        codes: &'a [CodeView],
        /// What the buyer has to do, or what the last check came to.
        notice: Text,
        /// Until when the codes are valid.
        until: Option<Millis>,
    },
    /// A message with a sign that something is going on.
    Waiting {
        /// The message.
        notice: Text,
        /// What the buyer can do meanwhile.
        button: Option<Button>,
        /// Another way on, for a buyer whom the button does not help.
        second_button: Option<Button>,
        /// Until when the buyer can follow the message.
        until: Option<Millis>,
    },
    /// The payment is over, or its way on is blocked.
    Ended {
        /// The last message.
        message: Message,
        /// What the buyer can do.
        button: Button,
    },
}

/// The pay button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayButton {
    /// The buyer can press it.
    Ready,
    /// A payment is under way. Pressing it again is reported to the merchant.
    Busy,
}

/// An app to pay in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppOffer {
    /// What the buyer should know.
    pub message: Message,
    /// Whether a button goes on in the browser instead.
    pub can_continue_in_browser: bool,
}

/// A message to the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// How it is meant.
    pub tone: Tone,
    /// The message.
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

/// The buttons of screens other than the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// Check whether the payment has arrived.
    Check,
    /// Close the component.
    Close,
    /// Go on to another page.
    Continue,
    /// Go on to another page, where an app would do.
    ContinueInBrowser,
    /// Open the app.
    OpenApp,
}

impl Machine {
    /// What should be on the screen now.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        let checkout = self.state.checkout();
        let offer = checkout.map(|checkout| &checkout.offer);
        View {
            screen: self.screen(),
            theme: checkout.and_then(|checkout| checkout.request.appearance.theme),
            merchant_name: offer.and_then(|offer| offer.merchant_name.as_deref()),
            amount: checkout.and_then(|checkout| checkout.amount.as_ref()),
            is_closable: !self.state.is_inline() && self.is_closable(),
        }
    }

    fn is_closable(&self) -> bool {
        match &self.state {
            State::Idle
            | State::Submitting(_)
            | State::Challenging(Challenging { step: ChallengingStep::Method, .. })
            | State::Redirecting(Redirecting { step: RedirectingStep::Leaving(_), .. }) => false,
            State::Opening(_)
            | State::Collecting(_)
            | State::Challenging(_)
            | State::ShowingCodes(_)
            | State::SwitchingApp(_)
            | State::Redirecting(_)
            | State::Confirming(_)
            | State::Ended(_) => true,
        }
    }

    fn screen(&self) -> Screen<'_> {
        let appearance = self.state.checkout().map(|checkout| checkout.request.appearance);
        let appearance = appearance.unwrap_or_default();
        let shows = |button| appearance.show_submit_button.then_some(button);
        let waiting =
            |notice| Screen::Waiting { notice, button: None, second_button: None, until: None };
        match &self.state {
            State::Idle => Screen::Hidden,
            State::Opening(_) if appearance.show_loading => Screen::Loading,
            State::Opening(_) => Screen::Hidden,
            State::Collecting(Collecting { notice, .. }) => {
                Screen::Form { notice: *notice, pay: shows(PayButton::Ready) }
            }
            State::Submitting(_) => Screen::Form { notice: None, pay: shows(PayButton::Busy) },
            State::Challenging(Challenging { step, .. }) => match step {
                ChallengingStep::Method => waiting(Text::BankChecks),
                ChallengingStep::Challenge { size, elsewhere, .. } => {
                    Screen::Challenge { size, can_continue: elsewhere.is_some() }
                }
            },
            State::ShowingCodes(it) => it.screen(),
            State::SwitchingApp(SwitchingApp { elsewhere, step, .. }) => {
                let in_browser = elsewhere.as_ref().map(|_| Button::ContinueInBrowser);
                match step {
                    AppStep::Offered { notice } => {
                        let is_bad = *notice == Text::AppNotOpened;
                        let tone = if is_bad { Tone::Bad } else { Tone::Plain };
                        Screen::App(AppOffer {
                            message: Message { tone, text: *notice },
                            can_continue_in_browser: in_browser.is_some(),
                        })
                    }
                    AppStep::Launching { .. } => Screen::Waiting {
                        notice: Text::Leaving,
                        button: None,
                        second_button: in_browser,
                        until: None,
                    },
                    AppStep::InApp { .. } => Screen::Waiting {
                        notice: Text::FinishInApp,
                        button: Some(Button::OpenApp),
                        second_button: in_browser,
                        until: None,
                    },
                }
            }
            State::Redirecting(Redirecting { step, .. }) => match step {
                RedirectingStep::Leaving(_) => waiting(Text::Leaving),
                RedirectingStep::Left => Screen::Waiting {
                    notice: Text::Leaving,
                    button: Some(Button::Continue),
                    second_button: None,
                    until: None,
                },
                RedirectingStep::Refused => Screen::Ended {
                    message: Message { tone: Tone::Bad, text: Text::PageNotOpened },
                    button: Button::Continue,
                },
            },
            State::Confirming(Confirming { elsewhere, .. }) => Screen::Waiting {
                notice: Text::StillChecking,
                button: elsewhere.as_ref().map(|_| Button::Continue),
                second_button: None,
                until: None,
            },
            State::Ended(ended) => Screen::Ended { message: ended.message, button: Button::Close },
        }
    }
}

impl ShowingCodes {
    fn screen(&self) -> Screen<'_> {
        let usual = match &self.shown {
            Shown::Approval => Text::ApproveOnPhone,
            Shown::Codes(_) => Text::PayWithCode,
        };
        let notice = match self.check {
            ManualCheck::Pending => Text::StillChecking,
            ManualCheck::Idle | ManualCheck::NotFound if self.is_expired => Text::CodeExpired,
            ManualCheck::NotFound => Text::NotYet,
            ManualCheck::Idle => usual,
        };
        match &self.shown {
            Shown::Codes(codes) if codes.is_empty() => Screen::Waiting {
                notice: Text::StillChecking,
                button: None,
                second_button: None,
                until: None,
            },
            Shown::Codes(codes) => Screen::Codes { codes, notice, until: self.until },
            Shown::Approval => Screen::Waiting {
                notice,
                button: Some(Button::Check),
                second_button: None,
                until: self.until,
            },
        }
    }
}

//! What can happen to a machine.

use std::rc::Rc;

use super::effect::{CallId, FrameId, NavigationId, Ticket, TimerId};
use crate::answer::Reply;
use crate::call::{Browser, Terms};
use crate::events::Facts;
use crate::frame::FromFrame;
use crate::session::Metadata;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A call was answered.
    Answered {
        /// Which call.
        call: CallId,
        /// With what.
        reply: Reply,
    },
    /// A call broke: no connection, or one that closed without an answer.
    CallFailed {
        /// Which call.
        call: CallId,
    },
    /// The buyer pressed the button that opens the app.
    AppPressed,
    /// The buyer pressed the button that asks whether the payment has arrived.
    CheckPressed,
    /// The buyer pressed the closing button or Escape.
    ClosePressed,
    /// The buyer pressed the button that goes on to another page.
    ContinuePressed,
    /// A form or a frame said something.
    Frame {
        /// Which frame.
        frame: FrameId,
        /// What it said.
        message: FromFrame,
    },
    /// `onBeforeSubmit` answered.
    Guarded {
        /// The question.
        question: u32,
        /// `CONTINUE`, `IGNORE`, `CANCEL`, `ERROR` or `TIMEOUT`. Anything else stops the payment as
        /// an error does.
        answer: String,
    },
    /// The browser took a navigation, or refused it.
    Navigated {
        /// Which one.
        navigation: NavigationId,
        /// Whether it was taken.
        taken: bool,
    },
    /// The browser is connected again.
    Online,
    /// `createComponent` or `mountComponent`.
    Open(Box<Opening>),
    /// The page went to the background.
    PageHidden,
    /// The page came to the foreground.
    PageShown {
        /// Whether it came out of the back/forward cache.
        restored: bool,
    },
    /// The buyer pressed our pay button.
    PayPressed,
    /// The merchant called `submit()`.
    Submit {
        /// The promise.
        ticket: Ticket,
        /// The argument's members; none where there is no argument.
        billing_address: Facts,
    },
    /// A timer that was started fired.
    TimerFired(TimerId),
    /// The merchant called `unmount()`.
    Unmount,
    /// The merchant called `validateFields()`.
    Validate {
        /// The promise.
        ticket: Ticket,
    },
}

/// The arguments of `createComponent` and `mountComponent`, types already checked by the facade.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opening {
    /// The promise.
    pub ticket: Ticket,
    /// `sessionData`.
    pub session: String,
    /// What its fourth part is.
    pub metadata: Metadata,
    /// `notRedirectAfterComplete`.
    pub stay: bool,
    /// `appearance` and the display.
    pub looks: Looks,
    /// `isAppWebview`, or a browser that is part of another app.
    pub in_app: bool,
    /// `merchantAppointParam.storedCard.needCVV`.
    pub needs_code: bool,
    /// What is passed on to the gateway.
    pub terms: Rc<Terms>,
    /// Facts of the browser.
    pub browser: Rc<Browser>,
    /// Random text, new for each opening: attempt ids are made of it.
    pub seed: String,
}

/// How the component should look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    /// In the merchant's container rather than over the page.
    pub inline: bool,
    /// `appearance.showLoading`.
    pub show_loading: bool,
    /// `appearance.showSubmitButton`.
    pub show_submit_button: bool,
    /// `appearance.theme`: `default`, `night`, or empty to follow the system.
    pub theme: String,
}

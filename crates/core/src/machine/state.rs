//! Where a machine can be.

use super::effect::Millis;
use super::effect::{CallId, Effect, FrameId, Fx, NavigationId, Ticket, TimerId, Verdict};
use super::input::Looks;
use super::view::Message;
use crate::answer::Method;
use crate::call::Browser;
use crate::events::{Code, Facts};
use crate::money::Money;
use crate::platform::Target;
use crate::session::Session;
use crate::text::Text;

/// The states, in the order in which a payment passes through them.
#[derive(Debug, Clone)]
pub(super) enum State {
    /// No component.
    Idle,
    /// Before the first view.
    Opening(Box<Job>, OpeningStep),
    /// The buyer fills in the form. The notice says what the last attempt came to.
    Collecting(Box<Job>, Option<Text>),
    /// From the pay button to the gateway's answer.
    Submitting(Box<Job>, Submitting),
    /// On the way to another page.
    Redirecting(Box<Job>, Redirect),
    /// Asking the gateway how the payment stands.
    Confirming(Box<Job>, Confirming),
    /// The terminal event is out; the last view stays until it is closed.
    Done(Box<Job>, Ended),
}

/// Steps before the first view.
#[derive(Debug, Clone)]
pub(super) enum OpeningStep {
    /// The query is out.
    Asking { call: CallId, timer: TimerId },
    /// The card form is being loaded.
    LoadingFrame { timer: TimerId },
    /// A method without a form is being started.
    Starting { call: CallId, timer: TimerId },
}

/// Steps of an attempt to pay.
#[derive(Debug, Clone)]
pub(super) enum Submitting {
    /// The frame checks the form and exchanges the card for a token.
    Tokenising { talk: u32, timer: TimerId },
    /// The submit is out.
    Sending { call: CallId, timer: TimerId },
}

/// A navigation and how far it is.
#[derive(Debug, Clone)]
pub(super) struct Redirect {
    /// Where to; `None` when the gateway named a place that may not be opened.
    pub(super) target: Option<Target>,
    pub(super) place: Place,
    pub(super) step: RedirectStep,
}

/// How far a navigation is.
#[derive(Debug, Clone)]
pub(super) enum RedirectStep {
    /// Handed to the browser, not confirmed.
    Leaving { navigation: NavigationId },
    /// The browser took it; the page is about to go.
    Left,
    /// The browser or our own rules refused it.
    Refused,
}

/// Kinds of places that a payment leads to. Messages name the kind and never the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A bank's or wallet's page.
    Bank,
    /// The issuer's 3DS page.
    Challenge,
    /// The merchant's page for afterwards.
    Merchant,
}

impl Place {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bank => "payment page",
            Self::Challenge => "3DS page",
            Self::Merchant => "merchant page",
        }
    }
}

/// Asking how the payment stands.
#[derive(Debug, Clone)]
pub(super) struct Confirming {
    pub(super) why: Why,
    pub(super) poll: Poll,
    /// When it began: the pace and the end depend on it.
    pub(super) since: Millis,
    /// Where the buyer can go on meanwhile.
    pub(super) next: Option<(Target, Place)>,
    /// Whether the gateway has said anything at all since then.
    pub(super) heard: bool,
}

/// Why the machine asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The buyer's part is complete.
    Authorised,
    /// A payment was under way when the component was opened or the page came back.
    Resumed,
    /// A submit was not answered.
    Silence,
}

/// Where in the rhythm of asking.
#[derive(Debug, Clone)]
pub(super) enum Poll {
    /// A call is out.
    Asking { call: CallId, timer: TimerId },
    /// The page is in the background.
    Paused,
    /// Until the next call.
    Waiting { timer: TimerId },
}

/// The end.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    pub(super) message: Message,
}

/// All that is known of the component while it lives.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) session: Session,
    /// Base address, no slash at its end.
    pub(super) gateway: String,
    pub(super) credentials: bool,
    pub(super) browser: Browser,
    pub(super) looks: Looks,
    pub(super) stay: bool,
    pub(super) attempts: Attempts,
    /// The promise of `createComponent`, until it settles.
    pub(super) opening: Option<Ticket>,
    /// Whether the buyer has done something that may have paid: sent a card, or been at the bank.
    pub(super) engaged: bool,
    /// The promise of the running `submit()`.
    pub(super) submit: Option<Ticket>,
    /// The promises of `validateFields()`, by the id that the frame will echo.
    pub(super) checks: Vec<Check>,
    pub(super) billing_address: Option<Facts>,
    pub(super) frame: Option<FrameId>,
    pub(super) method: Option<Method>,
    pub(super) amount: Option<Money>,
    pub(super) merchant: Option<String>,
    pub(super) return_url: Option<String>,
}

/// A `validateFields()` that waits for the frame.
#[derive(Debug, Clone)]
pub(super) struct Check {
    pub(super) talk: u32,
    pub(super) ticket: Ticket,
    pub(super) timer: TimerId,
}

/// Attempt ids: one per attempt to pay, kept until the attempt is answered, so that a repetition
/// after silence is the same attempt to the gateway.
#[derive(Debug, Clone)]
pub(super) struct Attempts {
    pub(super) seed: String,
    pub(super) number: u32,
}

impl Attempts {
    pub(super) fn id(&self) -> String {
        crate::join(&[&self.seed, "-", &crate::small::digits(self.number.into())])
    }

    pub(super) fn next(&mut self) {
        self.number += 1;
    }
}

impl Job {
    /// Settles the running `submit()`, if the merchant holds one.
    pub(super) fn settle_submit(&mut self, code: Code, message: &str, fx: &mut Fx) {
        fx.settle(self.submit.take(), Verdict::Submitted { code, message: message.to_owned() });
    }

    /// Ends the loading phase: first view, leaving page, or failure. Once, as START was.
    pub(super) fn end_loading(&mut self, fx: &mut Fx) {
        if let Some(ticket) = self.opening.take() {
            fx.emit(Code::EndOfLoading);
            fx.settle(Some(ticket), Verdict::Opened);
        }
    }

    /// Lets go of everything: promises, timers, page. Says nothing to the merchant's callbacks.
    pub(super) fn tear_down(mut self: Box<Self>, fx: &mut Fx) -> State {
        fx.settle(self.opening.take(), Verdict::Opened);
        self.settle_submit(
            Code::PaymentProcessing,
            "The component was removed before the end.",
            fx,
        );
        self.drop_checks(fx);
        fx.push(Effect::Teardown);
        State::Idle
    }

    /// Answers every waiting `validateFields()` with no.
    pub(super) fn drop_checks(&mut self, fx: &mut Fx) {
        for check in self.checks.drain(..) {
            fx.push(Effect::CancelTimer(check.timer));
            fx.settle(Some(check.ticket), Verdict::Checked { valid: false });
        }
    }
}

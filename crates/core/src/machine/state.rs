//! Where a machine can be, and what it knows there.

use std::rc::Rc;

use super::effect::{CallId, FrameId, Millis, NavigationId, Ticket, TimerId};
use super::input::Opening;
use super::view::Message;
use crate::answer::Body;
use crate::call::Filled;
use crate::events::Facts;
use crate::fill;
use crate::platform::Target;
use crate::small::digits;
use crate::text::Text;

/// The states, in the order in which a payment passes through them. A state is small and copied:
/// what lasts longer than one of them is in the [`Job`].
#[derive(Debug, Clone, Copy)]
pub(super) enum State {
    /// No component.
    Idle,
    /// Before the first view.
    Opening(OpeningStep),
    /// The buyer fills in the form. The notice says what the last attempt came to.
    Collecting(Option<Text>),
    /// From the pay button to the gateway's answer.
    Submitting(Submitting),
    /// On the way to another page: [`Job::place`].
    Redirecting(Redirecting),
    /// In a 3DS method, which runs unseen before the issuer decides whether to challenge.
    Preparing,
    /// The buyer opens an app to pay in.
    SwitchingApp(SwitchingApp),
    /// Asking the gateway how the payment stands, whatever the buyer does meanwhile.
    Confirming(Confirming),
    /// The terminal event is out; the last view stays until it is closed.
    Done(Message),
}

/// Steps before the first view.
#[derive(Debug, Clone, Copy)]
pub(super) enum OpeningStep {
    /// The query is out.
    Asking,
    /// The form is being loaded.
    LoadingForm,
    /// The merchant is asked whether a method without a form may be started.
    Guarding { question: u32 },
    /// A method without a form is being started.
    Starting,
}

/// Steps of an attempt to pay.
#[derive(Debug, Clone, Copy)]
pub(super) enum Submitting {
    /// The form is checked, and a card exchanged for a token.
    Tokenising { talk: u32 },
    /// The merchant is asked whether to go on.
    Guarding { question: u32 },
    /// The submit is out.
    Sending,
}

/// How far a navigation is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Redirecting {
    /// Handed to the browser, not confirmed.
    Leaving { navigation: NavigationId },
    /// The browser took it; the page is about to go.
    Left,
    /// The browser or our own rules refused it.
    Refused,
}

/// Opening an app.
#[derive(Debug, Clone, Copy)]
pub(super) enum SwitchingApp {
    /// The buyer has a button for it. The notice says what the last try came to.
    Offered(Text),
    /// One press, one try: whether it came to anything shows in whether the page is hidden.
    Calling {
        /// What was handed to the browser, until it has said whether it takes it.
        navigation: Option<NavigationId>,
        /// When: a timer that is very late was held up by the app in front of it.
        since: Millis,
    },
}

/// Asking how the payment stands: by a call that is out, or until the timer of the next, or not at
/// all while the page is in the background.
#[derive(Debug, Clone, Copy)]
pub(super) struct Confirming {
    pub(super) why: Why,
    /// When it began: the pace and the end depend on it.
    pub(super) since: Millis,
    /// Whether the gateway has said anything at all since then.
    pub(super) heard: bool,
    /// Until when the buyer can do their part, as far as the gateway says.
    pub(super) until: Option<Millis>,
    /// Whether that time is over, as far as is known here.
    pub(super) expired: bool,
    /// Whether the buyer wants to know.
    pub(super) pressed: Pressed,
}

/// Whether the buyer has pressed the button that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    /// Not yet.
    No,
    /// And has no answer yet.
    Yes,
    /// And nothing had arrived.
    InVain,
}

/// Why the machine asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The buyer is, or was, in an app.
    App,
    /// The buyer approves somewhere else.
    Approval,
    /// The buyer's part is complete.
    Authorised,
    /// The issuer's challenge is on the screen.
    Challenge,
    /// The issuer's challenge is over, as its frame says.
    Challenged,
    /// The buyer uses a code that is on the screen.
    Code,
    /// The buyer closed the challenge: what it came to has to be asked before that can be told.
    Left,
    /// The 3DS method is over: the issuer decides whether to challenge.
    Prepared,
    /// A payment was under way when the component was opened or the page came back.
    Resumed,
    /// A submit was not answered.
    Silence,
}

impl Why {
    /// Whether the buyer's part is news to the merchant when it turns out to be complete.
    pub(super) fn is_before_authorised(self) -> bool {
        !matches!(self, Self::Authorised | Self::Resumed)
    }
}

/// Kinds of places that a payment leads to. Messages name the kind and never the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Place {
    /// A bank's or wallet's page.
    #[default]
    Bank,
    /// The issuer's 3DS page.
    Challenge,
    /// The merchant's page for afterwards.
    Merchant,
}

impl Place {
    /// Where an answer's address leads.
    pub(super) fn of(body: &Body) -> Self {
        if body.challenge { Self::Challenge } else { Self::Bank }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bank => "payment page",
            Self::Challenge => "3DS page",
            Self::Merchant => "merchant page",
        }
    }
}

/// All that is known of the component while it lives; blank while there is none.
#[derive(Debug, Clone, Default)]
pub(super) struct Job {
    /// What it was opened with.
    pub(super) given: Opening,
    /// The session's id on the wire.
    pub(super) session: String,
    /// Base address, no slash at its end.
    pub(super) gateway: String,
    /// The call that is out. There is never more than one.
    pub(super) call: Option<CallId>,
    /// The time limit of that call or of the frame, or the pause before the next inquiry.
    pub(super) timer: Option<TimerId>,
    /// The promise of `createComponent`, until it settles.
    pub(super) opening: Option<Ticket>,
    /// The promise of the running `submit()`.
    pub(super) submit: Option<Ticket>,
    /// The promises of `validateFields()`, by the id that the form will echo.
    pub(super) checks: Vec<Check>,
    /// Whether the buyer has done something that may have paid: sent a form, been at the bank or in
    /// the app, or seen a code.
    pub(super) engaged: bool,
    /// Whether the gateway said last that the money may take days.
    pub(super) pending: bool,
    /// Whether a submit was not answered and nothing has shown since that it was heard.
    pub(super) unanswered: bool,
    /// Attempts to pay so far. An attempt keeps its number until it is answered, so that a
    /// repetition after silence is the same attempt to the gateway.
    pub(super) attempt: u32,
    /// Whether an attempt of an earlier opening had failed.
    pub(super) failed_before: bool,
    pub(super) billing_address: Facts,
    /// What the form came to, for the submit that it is for.
    pub(super) filled: Filled,
    /// The form, in a frame or in the page.
    pub(super) form: Option<FrameId>,
    /// The frame of 3DS.
    pub(super) window: Option<FrameId>,
    /// Where that frame is: the same challenge is not shown twice.
    pub(super) challenge: String,
    /// `threeDSCompInd`, once the 3DS method was called.
    pub(super) method_done: &'static str,
    /// What in the page led here, for the outcome.
    pub(super) reason: &'static str,
    /// What the gateway answered to the query: shop, amount, method, page for afterwards.
    pub(super) offer: Rc<Body>,
    /// The newest answer that tells what the buyer has to do.
    pub(super) task: Rc<Body>,
    /// Links that open the app, the one that is tried next first.
    pub(super) apps: Vec<Target>,
    /// Where the buyer can go on; `None` when that is nowhere, or a place that may not be opened.
    pub(super) target: Option<Target>,
    /// What kind of place that is.
    pub(super) place: Place,
}

impl Job {
    pub(super) fn attempt_id(&self) -> String {
        fill("{}-{}", &[&self.given.seed, &digits(self.attempt.into())])
    }
}

/// A `validateFields()` that waits for the frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Check {
    pub(super) talk: u32,
    pub(super) ticket: Ticket,
    pub(super) timer: TimerId,
}

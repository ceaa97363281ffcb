//! The states, and the data that each of them owns.
//!
//! *Architecture invariant:* data that is only meaningful in one state is a field of that state. A
//! field that outlives its state is how an old failure was once taken for the result of a new
//! attempt.

use kassa_protocol::ChallengeWindowSize;
use kassa_protocol::client::CodeView;

use super::effect::{
    BeforeSubmitId, CallId, Millis, NavigationId, PromiseId, ThreeDsFrameId, TimerId,
};
pub(super) use super::payment::{Attempt, Check, Checkout, Factors, Form, Payment};
use super::view::Message;
use crate::platform::Target;
use crate::text::Text;

/// The states, in the order in which a payment passes through them.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum State {
    /// No component.
    Idle,
    /// Before the first view.
    Opening(Opening),
    /// The buyer fills in the form.
    Collecting(Collecting),
    /// From the pay button to the gateway's answer.
    Submitting(Submitting),
    /// In the 3DS method or in a 3DS challenge.
    Challenging(Challenging),
    /// The buyer pays with a code, or approves the payment, outside of the page.
    ShowingCodes(ShowingCodes),
    /// The buyer pays in an app.
    SwitchingApp(SwitchingApp),
    /// On the way to another page.
    Redirecting(Redirecting),
    /// Inquiring about the payment, with nothing left to do for the buyer.
    Confirming(Confirming),
    /// The terminal event is out; the last view stays until it is closed.
    Ended(Ended),
}

/// Before the first view.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Opening {
    /// The promise of `createComponent`.
    pub(super) promise: PromiseId,
    pub(super) payment: Box<Payment>,
    pub(super) step: OpeningStep,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum OpeningStep {
    /// The query is out.
    Querying,
    /// The form is being loaded.
    LoadingForm,
    /// The merchant decides whether a method without a form may be submitted.
    BeforeSubmit(BeforeSubmitId),
    /// The submit of a method without a form is out.
    Sending,
}

/// The buyer fills in the form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Collecting {
    /// With the attempt that the next press starts, or repeats.
    pub(super) payment: Box<Payment>,
    /// The result of the last attempt.
    pub(super) notice: Option<Text>,
}

/// From the pay button to the gateway's answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Submitting {
    pub(super) payment: Box<Payment>,
    pub(super) step: SubmittingStep,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum SubmittingStep {
    /// The form checks its fields, and exchanges a card for a token.
    ReadingForm {
        /// The id that the form echoes.
        id: u32,
    },
    /// The merchant decides whether the payment goes on.
    BeforeSubmit(BeforeSubmitId),
    /// The submit is out.
    Sending,
}

/// In the 3DS method or in a 3DS challenge.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Challenging {
    pub(super) payment: Box<Payment>,
    pub(super) frame: ThreeDsFrameId,
    pub(super) step: ChallengingStep,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum ChallengingStep {
    /// The 3DS method runs in a hidden frame before the issuer decides whether to challenge.
    Method,
    /// The challenge is shown.
    Challenge {
        poll: Poll,
        size: ChallengeWindowSize,
        /// The page that shows the same challenge without a frame.
        elsewhere: Option<Page>,
    },
}

/// The buyer pays with a code, or approves the payment, outside of the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ShowingCodes {
    pub(super) payment: Box<Payment>,
    pub(super) poll: Poll,
    pub(super) shown: Shown,
    /// Until when the buyer can pay or approve; `None` where the gateway gives no time.
    pub(super) until: Option<Millis>,
    /// Whether that moment has passed. What has expired stays expired.
    pub(super) is_expired: bool,
    pub(super) check: ManualCheck,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    /// A request to approve the payment on the phone.
    Approval,
    /// Codes.
    Codes(Vec<CodeView>),
}

/// The buyer's press on the button that checks whether the payment has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ManualCheck {
    /// The buyer has not pressed it.
    Idle,
    /// The gateway has not answered yet.
    Pending,
    /// The payment had not arrived.
    NotFound,
}

/// The buyer pays in an app.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SwitchingApp {
    pub(super) payment: Box<Payment>,
    /// Links that open the app, the one that is tried next first.
    pub(super) apps: Vec<Target>,
    /// The page that takes the same payment without the app.
    pub(super) elsewhere: Option<Page>,
    pub(super) step: AppStep,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum AppStep {
    /// The buyer has a button for it. The notice is the result of the last try.
    Offered { notice: Text },
    /// One press, one try: whether the app opened shows in whether the page is hidden.
    Launching {
        /// The navigation, until the browser has accepted or refused it.
        navigation: Option<NavigationId>,
        /// When the buyer pressed.
        since: Millis,
    },
    /// The app was opened.
    InApp { poll: Poll },
}

/// On the way to another page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Redirecting {
    pub(super) payment: Box<Payment>,
    pub(super) destination: Destination,
    /// The address; `None` when it was refused by our own rules.
    pub(super) target: Option<Target>,
    pub(super) step: RedirectingStep,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum RedirectingStep {
    /// Handed to the browser, which has not accepted or refused it yet.
    Leaving(NavigationId),
    /// The browser accepted; the page is about to go.
    Left,
    /// The browser or our own rules refused.
    Refused,
}

/// A page that the buyer can go on to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page {
    pub(super) destination: Destination,
    pub(super) target: Target,
}

/// Kinds of pages that a payment leads to. Messages name the kind and never the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    /// A bank's or wallet's page.
    Payment,
    /// The ACS's 3DS page.
    ThreeDs,
    /// The merchant's page for the buyer after the payment.
    Merchant,
}

impl Destination {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Payment => "payment page",
            Self::ThreeDs => "3DS page",
            Self::Merchant => "merchant page",
        }
    }
}

/// Inquiring about the payment, with nothing left to do for the buyer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Confirming {
    pub(super) payment: Box<Payment>,
    pub(super) poll: Poll,
    pub(super) reason: PollReason,
    /// The page that the buyer can go on to.
    pub(super) elsewhere: Option<Page>,
}

/// Why the machine inquires about the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PollReason {
    /// The buyer's part is complete.
    Authorised,
    /// The buyer closed the 3DS challenge: the real state has to be known before it can be
    /// reported.
    ChallengeClosed,
    /// The 3DS challenge is over, as its frame reported.
    ChallengeDone,
    /// The 3DS method is over: the issuer decides whether to challenge.
    ThreeDsMethodDone,
    /// A payment was under way when the component was opened or the page came back.
    Resumed,
    /// A submit was not answered.
    SubmitUnanswered,
}

impl PollReason {
    /// Whether `SDK_PAYMENT_AUTHORIZATION_SUCCESSFUL` was emitted, or is not due.
    pub(super) fn is_after_authorisation(self) -> bool {
        matches!(self, Self::Authorised | Self::Resumed)
    }
}

/// A series of inquiries. Between two of them a timer runs; while the page is
/// hidden, nothing does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Poll {
    /// When it began: the interval and the end depend on it.
    pub(super) since: Millis,
    /// Whether the gateway has answered anything since then.
    pub(super) is_answered: bool,
}

/// The terminal event is out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ended {
    pub(super) checkout: Box<Checkout>,
    pub(super) message: Message,
}

/// The one call and the one timer that run.
///
/// *Architecture invariant:* there is never more than one of each, beside the limits of
/// `validateFields()`, and a state that does not wait has neither.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Running {
    pub(super) call: Option<CallId>,
    pub(super) timer: Option<(TimerId, Timer)>,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timer {
    /// The app has [`super::APP_LIMIT`] to open.
    AppLaunch,
    /// `onBeforeSubmit` has [`super::BEFORE_SUBMIT_LIMIT`] to answer.
    BeforeSubmit,
    /// The gateway has [`super::CALL_LIMIT`] to answer.
    Call,
    /// The form has [`super::FORM_ANSWER_LIMIT`] to answer a submit.
    FormAnswer,
    /// The form has [`super::FORM_LOAD_LIMIT`] to load.
    FormLoad,
    /// The pause before the next inquiry.
    NextInquiry,
    /// The 3DS method has [`super::THREE_DS_METHOD_LIMIT`] to complete.
    ThreeDsMethod,
}

impl State {
    /// The open component.
    pub(super) fn checkout(&self) -> Option<&Checkout> {
        if let Self::Ended(ended) = self {
            return Some(&ended.checkout);
        }
        self.payment().map(|payment| &payment.checkout)
    }

    pub(super) fn checkout_mut(&mut self) -> Option<&mut Checkout> {
        if let Self::Ended(ended) = self {
            return Some(&mut ended.checkout);
        }
        self.payment_mut().map(|payment| &mut payment.checkout)
    }

    /// Whether the component is in a container of the page, and not over the page.
    pub(super) fn is_inline(&self) -> bool {
        self.checkout().is_some_and(|checkout| checkout.request.is_inline)
    }

    /// The open component with its attempt, while the payment is not over.
    pub(super) fn payment(&self) -> Option<&Payment> {
        match self {
            Self::Idle | Self::Ended(_) => None,
            Self::Opening(it) => Some(&it.payment),
            Self::Collecting(it) => Some(&it.payment),
            Self::Submitting(it) => Some(&it.payment),
            Self::Challenging(it) => Some(&it.payment),
            Self::ShowingCodes(it) => Some(&it.payment),
            Self::SwitchingApp(it) => Some(&it.payment),
            Self::Redirecting(it) => Some(&it.payment),
            Self::Confirming(it) => Some(&it.payment),
        }
    }

    pub(super) fn payment_mut(&mut self) -> Option<&mut Payment> {
        match self {
            Self::Idle | Self::Ended(_) => None,
            Self::Opening(it) => Some(&mut it.payment),
            Self::Collecting(it) => Some(&mut it.payment),
            Self::Submitting(it) => Some(&mut it.payment),
            Self::Challenging(it) => Some(&mut it.payment),
            Self::ShowingCodes(it) => Some(&mut it.payment),
            Self::SwitchingApp(it) => Some(&mut it.payment),
            Self::Redirecting(it) => Some(&mut it.payment),
            Self::Confirming(it) => Some(&mut it.payment),
        }
    }

    /// The series of inquiries, in the states that inquire.
    pub(super) fn poll(&self) -> Option<&Poll> {
        match self {
            Self::Challenging(Challenging {
                step: ChallengingStep::Challenge { poll, .. },
                ..
            })
            | Self::ShowingCodes(ShowingCodes { poll, .. })
            | Self::SwitchingApp(SwitchingApp { step: AppStep::InApp { poll }, .. })
            | Self::Confirming(Confirming { poll, .. }) => Some(poll),
            Self::Idle
            | Self::Opening(_)
            | Self::Collecting(_)
            | Self::Submitting(_)
            | Self::Challenging(Challenging { step: ChallengingStep::Method, .. })
            | Self::SwitchingApp(SwitchingApp {
                step: AppStep::Offered { .. } | AppStep::Launching { .. },
                ..
            })
            | Self::Redirecting(_)
            | Self::Ended(_) => None,
        }
    }

    pub(super) fn poll_mut(&mut self) -> Option<&mut Poll> {
        match self {
            Self::Challenging(Challenging {
                step: ChallengingStep::Challenge { poll, .. },
                ..
            })
            | Self::ShowingCodes(ShowingCodes { poll, .. })
            | Self::SwitchingApp(SwitchingApp { step: AppStep::InApp { poll }, .. })
            | Self::Confirming(Confirming { poll, .. }) => Some(poll),
            Self::Idle
            | Self::Opening(_)
            | Self::Collecting(_)
            | Self::Submitting(_)
            | Self::Challenging(Challenging { step: ChallengingStep::Method, .. })
            | Self::SwitchingApp(SwitchingApp {
                step: AppStep::Offered { .. } | AppStep::Launching { .. },
                ..
            })
            | Self::Redirecting(_)
            | Self::Ended(_) => None,
        }
    }

    /// Gives the payment up to the next state.
    pub(super) fn into_payment(self) -> Option<Box<Payment>> {
        match self {
            Self::Idle | Self::Ended(_) => None,
            Self::Opening(it) => Some(it.payment),
            Self::Collecting(it) => Some(it.payment),
            Self::Submitting(it) => Some(it.payment),
            Self::Challenging(it) => Some(it.payment),
            Self::ShowingCodes(it) => Some(it.payment),
            Self::SwitchingApp(it) => Some(it.payment),
            Self::Redirecting(it) => Some(it.payment),
            Self::Confirming(it) => Some(it.payment),
        }
    }
}

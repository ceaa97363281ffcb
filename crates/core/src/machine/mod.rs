//! The state machine: one pure function with every decision about a payment.
//!
//! [`Machine::handle`] takes one [`Input`] and returns the [`Effect`]s that the runtime must now
//! execute, in order; [`Machine::view`] returns what should be on the screen. Time is an argument.
//! A reply, a timer or a message comes back as an input with the id that it was started with.
//!
//! *Architecture invariant:* ids are never reused, so what comes late (a reply after `unmount`, a
//! timer of an earlier attempt) matches nothing and changes nothing. There is no other mechanism
//! against late inputs.
//!
//! The files: `state` has the states and the data that each of them owns; this file decides what an
//! input means in each state; `opening`, `submitting`, `challenging`, `showing_codes`,
//! `switching_app`, `redirecting` and `confirming` have the transitions; `leaving` has the ends that the
//! buyer, the page and the merchant cause, `outcome` the endings with a result.
//! A transition takes the old state's data and returns the new [`State`].

mod challenging;
mod confirming;
mod effect;
mod input;
mod leaving;
mod limits;
mod opening;
mod outcome;
mod payment;
mod redirecting;
mod running;
mod showing_codes;
mod snapshot;
mod state;
mod submitting;
mod switching_app;
mod view;

pub use effect::{
    BeforeSubmitId, CallId, Effect, FormId, Millis, NavigationId, PromiseId, Settlement,
    ThreeDsFrameId, TimerId,
};
pub use input::{Appearance, BeforeSubmit, BeforeSubmitAnswer, Directive, Input, OpenRequest};
pub use limits::{
    APP_LIMIT, BEFORE_SUBMIT_LIMIT, CALL_LIMIT, CHALLENGE_LIMIT, CODE_LIMIT, CONFIRM_LIMIT,
    FORM_ANSWER_LIMIT, FORM_LOAD_LIMIT, LATE_LIMIT, POLL_FAST, POLL_FAST_FOR, POLL_SLOW,
    THREE_DS_METHOD_LIMIT,
};
pub use snapshot::Snapshot;
pub use view::{AppOffer, Button, Message, PayButton, Screen, Tone, View};

use kassa_protocol::ThreeDsCompInd;
use kassa_protocol::client::BillingAddress;
use kassa_protocol::frame::{FromForm, ToForm};

use crate::events::EventCode;
use crate::locale::Locale;
use crate::platform::Environment;
use crate::reply::ReplyOutcome;
use crate::text_tools::fill;
use state::{
    AppStep, Challenging, ChallengingStep, Check, Collecting, Factors, Opening, OpeningStep, Page,
    PollReason, Redirecting, RedirectingStep, Running, State, Submitting, SubmittingStep,
    SwitchingApp, Timer,
};

/// The constructor's options, as far as the machine decides over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `environment`.
    pub environment: Environment,
    /// `gateway`; without it, the gateway of the session's region.
    pub gateway: Option<String>,
    /// The locale, already chosen ([`crate::locale::choose`]).
    pub locale: Locale,
    /// Whether there is an `onBeforeSubmit`.
    pub asks_before_submit: bool,
}

/// The payment state machine. One for each instance of the SDK, reused by each opening.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    config: Config,
    last_id: u32,
    page_is_hidden: bool,
    running: Running,
    state: State,
    /// When the input that is being handled happened.
    now: Millis,
    /// Whether the page has the buyer's activation, while a reply is handled.
    activation: Option<bool>,
    /// The effects of that input so far.
    effects: Vec<Effect>,
}

impl Machine {
    /// A machine with nothing open.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            last_id: 0,
            page_is_hidden: false,
            running: Running::default(),
            state: State::Idle,
            now: Millis::default(),
            activation: None,
            effects: Vec::new(),
        }
    }

    /// Takes one input and returns what the runtime must now do, in order.
    pub fn handle(&mut self, input: Input, now: Millis) -> Vec<Effect> {
        self.now = now;
        let state = core::mem::replace(&mut self.state, State::Idle);
        self.state = self.on_input(state, input);
        self.activation = None;
        core::mem::take(&mut self.effects)
    }

    /// Whether nothing is open.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.state == State::Idle
    }

    /// Whether an opening would be accepted: nothing is open, or what was open is over.
    #[must_use]
    pub fn can_open(&self) -> bool {
        matches!(self.state, State::Idle | State::Ended(_))
    }

    fn on_input(&mut self, mut state: State, input: Input) -> State {
        match input {
            Input::AppPressed => self.launch_app(state),
            Input::BeforeSubmitAnswered { id, answer } => {
                self.on_before_submit_answer(state, id, answer)
            }
            Input::CallAnswered { call, reply, activation } => {
                if self.take_call(call) {
                    self.activation = activation;
                    return self.on_reply(state, reply.into());
                }
                state
            }
            Input::CallFailed { call, reason } => {
                if self.take_call(call) {
                    let mut reason = match reason.as_str() {
                        "" => "the gateway could not be reached".to_owned(),
                        reason => fill("the gateway could not be reached ({})", &[reason]),
                    };
                    if let State::Opening(_) = state {
                        reason.push_str("; check its address and its CORS headers");
                    }
                    return self.on_reply(state, ReplyOutcome::Unusable(reason));
                }
                state
            }
            Input::CheckPressed => self.check_now(state),
            Input::ClosePressed => self.close(state),
            Input::ContinuePressed => self.continue_elsewhere(state),
            Input::FormMessage { form, message } => {
                let current = state.checkout().and_then(|checkout| checkout.form.as_ref());
                if current.is_some_and(|current| current.id == form) {
                    return self.on_form_message(state, message);
                }
                state
            }
            Input::NavigationDone { navigation, accepted } => {
                self.on_navigation(state, navigation, accepted)
            }
            Input::Online => self.poll_now(state),
            Input::Open(request) => self.open(state, *request),
            Input::PageHidden => self.on_page_hidden(state),
            Input::PageShown { restored } => self.on_page_shown(state, restored),
            Input::PayPressed => self.pay(state),
            Input::PolicyViolated { directive, origin } => {
                self.on_policy_violation(state, directive, &origin)
            }
            Input::Removed => self.on_removed(state),
            Input::Submit { promise, billing_address } => {
                self.submit(state, promise, billing_address)
            }
            Input::ThreeDsFrameDone { frame } => self.on_three_ds_frame_done(state, frame),
            Input::TimerFired(timer) => {
                if self.fail_check(&mut state, timer) {
                    return state;
                }
                match self.take_timer(timer) {
                    Some(timer) => self.on_timer(state, timer),
                    None => state,
                }
            }
            Input::Unmount => self.unmount(state),
            Input::Validate { promise } => self.validate(state, promise),
        }
    }

    /// The call that was out was answered, or was not.
    fn on_reply(&mut self, mut state: State, mut outcome: ReplyOutcome) -> State {
        if let (ReplyOutcome::Accepted(answer), Some(checkout)) =
            (&mut outcome, state.checkout_mut())
        {
            checkout.keep_return_page(answer);
        }
        if state.poll().is_some() {
            return self.on_inquiry_reply(state, outcome);
        }
        match state {
            State::Opening(Opening { promise, payment, step: OpeningStep::Querying }) => {
                self.on_query_reply(promise, payment, outcome)
            }
            State::Opening(Opening { promise, payment, step: OpeningStep::Sending }) => {
                if let ReplyOutcome::Unusable(reason) = outcome {
                    return self.reject_opening_unanswered(promise, payment, &reason);
                }
                self.end_loading(promise, &payment.checkout);
                self.on_submit_reply(payment, outcome)
            }
            State::Submitting(Submitting { payment, step: SubmittingStep::Sending }) => {
                self.on_submit_reply(payment, outcome)
            }
            // No call is out in these.
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Challenging(_)
            | State::ShowingCodes(_)
            | State::SwitchingApp(_)
            | State::Redirecting(_)
            | State::Confirming(_)
            | State::Ended(_) => state,
        }
    }

    fn on_timer(&mut self, state: State, timer: Timer) -> State {
        match timer {
            Timer::AppLaunch => self.on_app_launch_limit(state),
            Timer::BeforeSubmit => self.on_before_submit(state, BeforeSubmit::Timeout.into()),
            Timer::Call => {
                self.halt();
                let reason = "the gateway did not answer within 15 seconds".to_owned();
                self.on_reply(state, ReplyOutcome::Unusable(reason))
            }
            Timer::FormAnswer => self.on_form_answer_limit(state),
            Timer::FormLoad => self.on_form_load_limit(state),
            Timer::NextInquiry => self.inquire(state),
            Timer::ThreeDsMethod => self.on_three_ds_method(state, ThreeDsCompInd::NotCompleted),
        }
    }

    /// A message of the current form.
    fn on_form_message(&mut self, mut state: State, message: FromForm) -> State {
        match message {
            FromForm::Broken { reason } => self.on_form_broken(state, &reason),
            FromForm::Checked { id, valid } => {
                self.answer_check(&mut state, id, valid);
                state
            }
            // A component in the page is part of it, and cannot be closed.
            FromForm::ClosePressed if state.is_inline() => state,
            FromForm::ClosePressed => self.close(state),
            FromForm::Ready => self.on_form_ready(state),
            // The height of the card form concerns the view only.
            FromForm::Resized { .. } => state,
            FromForm::SubmitPressed => self.pay(state),
            FromForm::Invalid { id } => self.on_form_answer(state, id, Self::on_form_invalid),
            FromForm::Refused { id, code, message } => {
                self.on_form_answer(state, id, |machine, payment| {
                    machine.on_card_refused(payment, code, message)
                })
            }
            FromForm::Token { id, token, .. } => {
                self.on_form_answer(state, id, |machine, payment| {
                    machine.send(payment, Factors::CardToken(token), None)
                })
            }
            FromForm::Unreachable { id } => {
                self.on_form_answer(state, id, Self::on_form_unreachable)
            }
            FromForm::Values { id, values } => {
                self.on_form_answer(state, id, |machine, payment| {
                    machine.send(payment, Factors::Values(values), None)
                })
            }
        }
    }

    /// The merchant's `submit()`.
    fn submit(
        &mut self,
        state: State,
        promise: PromiseId,
        billing_address: Option<BillingAddress>,
    ) -> State {
        let message = match state {
            State::Idle => "Nothing is open: call createComponent first.",
            State::Opening(_) => "The component is opening: wait for its promise.",
            State::Ended(_) => "The payment is over: open a new component.",
            State::Collecting(Collecting { mut payment, .. }) => {
                payment.attempt.press(Some(promise), billing_address);
                return self.read_form(payment);
            }
            State::SwitchingApp(mut it @ SwitchingApp { step: AppStep::Offered { .. }, .. })
                if it.payment.attempt.promise.is_none() =>
            {
                it.payment.attempt.promise = Some(promise);
                return self.launch_app(State::SwitchingApp(it));
            }
            State::Submitting(_)
            | State::Challenging(_)
            | State::ShowingCodes(_)
            | State::SwitchingApp(_)
            | State::Redirecting(_)
            | State::Confirming(_) => {
                let message = self.refuse_duplicate();
                self.settle_submitted(promise, EventCode::DuplicateSubmission, message);
                return state;
            }
        };
        self.settle_rejected(promise, EventCode::CreateComponentError, message);
        state
    }

    /// The pay button, in the page or by the Enter key in the form.
    fn pay(&mut self, state: State) -> State {
        match state {
            State::Collecting(Collecting { mut payment, .. }) => {
                payment.attempt.press(None, None);
                self.read_form(payment)
            }
            State::SwitchingApp(SwitchingApp { step: AppStep::Offered { .. }, .. }) => {
                self.launch_app(state)
            }
            State::Submitting(_)
            | State::Challenging(_)
            | State::ShowingCodes(_)
            | State::SwitchingApp(_)
            | State::Redirecting(_)
            | State::Confirming(_) => {
                self.refuse_duplicate();
                state
            }
            State::Idle | State::Opening(_) | State::Ended(_) => state,
        }
    }

    fn refuse_duplicate(&mut self) -> &'static str {
        const MESSAGE: &str = "A payment is already under way; this submit was ignored.";
        self.emit(EventCode::DuplicateSubmission, MESSAGE);
        MESSAGE
    }

    /// The button that goes on to another page.
    fn continue_elsewhere(&mut self, state: State) -> State {
        match state {
            State::Redirecting(Redirecting {
                payment,
                destination,
                target: None,
                step: RedirectingStep::Refused,
            }) => self.on_not_left(payment, destination, None, "its address is not allowed"),
            State::Redirecting(Redirecting {
                payment,
                destination,
                target: Some(target),
                step: RedirectingStep::Refused | RedirectingStep::Left,
            }) => self.navigate(payment, Page { destination, target }),
            State::Challenging(Challenging {
                payment,
                step: ChallengingStep::Challenge { elsewhere: Some(page), .. },
                ..
            }) => {
                self.halt();
                self.push(Effect::CloseThreeDsFrame);
                self.navigate(payment, page)
            }
            State::SwitchingApp(SwitchingApp { payment, elsewhere: Some(page), .. })
            | State::Confirming(state::Confirming { payment, elsewhere: Some(page), .. }) => {
                self.halt();
                self.navigate(payment, page)
            }
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Challenging(_)
            | State::ShowingCodes(_)
            | State::SwitchingApp(_)
            | State::Redirecting(_)
            | State::Confirming(_)
            | State::Ended(_) => state,
        }
    }

    /// The page went to the background, where no inquiry is sent.
    fn on_page_hidden(&mut self, state: State) -> State {
        self.page_is_hidden = true;
        if let State::SwitchingApp(it @ SwitchingApp { step: AppStep::Launching { .. }, .. }) =
            state
        {
            return self.on_app_launched(it);
        }
        if state.poll().is_some() && self.running.call.is_none() {
            self.halt();
        }
        state
    }

    /// The page came to the foreground.
    fn on_page_shown(&mut self, mut state: State, restored: bool) -> State {
        let was_hidden = core::mem::replace(&mut self.page_is_hidden, false);
        if restored {
            // The page had been left: only the gateway has the result.
            if let State::Redirecting(Redirecting { mut payment, destination, target, .. }) = state
            {
                payment.attempt.may_have_paid = true;
                let elsewhere = target.map(|target| Page { destination, target });
                return self.confirm(payment, PollReason::Resumed, elsewhere);
            }
            if let State::SwitchingApp(it @ SwitchingApp { step: AppStep::Launching { .. }, .. }) =
                state
            {
                return self.on_app_launched(it);
            }
        }
        if was_hidden && let Some(poll) = state.poll_mut() {
            // The time in the background does not count.
            poll.since = self.now;
        }
        self.poll_now(state)
    }

    /// The merchant's `validateFields()`.
    fn validate(&mut self, mut state: State, promise: PromiseId) -> State {
        if let State::Collecting(Collecting { payment, .. }) = &mut state
            && let Some(form) = &mut payment.checkout.form
        {
            let id = self.next_id();
            let limit = self.start_timer(FORM_ANSWER_LIMIT);
            form.checks.push(Check { id, promise, limit });
            self.push(Effect::SendToForm(ToForm::Validate { id }));
        } else {
            // No field is on the screen that could be marked, and none that could be valid.
            self.settle(promise, Settlement::Validated { is_valid: false });
        }
        state
    }
}

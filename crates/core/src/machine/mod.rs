//! The machine: one pure function that carries the whole product.
//!
//! [`Machine::handle`] takes one [`Input`] and returns the [`Effect`]s that the shell must now do,
//! in order; [`Machine::view`] says what should be on the screen. Nothing here knows what time it
//! is, what a browser is, or how to wait: time is an argument, and an answer or a timer comes back
//! as an input that carries the id it was started with. An id is never given twice, so whatever
//! comes late (a reply after `unmount`, a timer of an earlier attempt) matches nothing and changes
//! nothing.

mod confirming;
mod effect;
mod input;
mod opening;
mod outcome;
mod paying;
mod redirecting;
mod state;
mod view;

pub use effect::{CallId, Effect, FrameId, Millis, NavigationId, Ticket, TimerId, Verdict};
pub use input::{Input, Looks, Opening};
pub use view::{Button, Message, Screen, Tone, View};

use crate::answer::Reply;
use crate::call::{Attempt, Call, CallBody, Operation, PATH};
use crate::events::Code;
use crate::frame::{FromFrame, ToFrame};
use crate::platform::Environment;
use effect::Fx;
use state::{Check, Confirming, Ended, Job, Redirect, RedirectStep, State, Submitting};

/// How long a call may take, in milliseconds. The protocol's limit.
pub const ANSWER_LIMIT: u32 = 15_000;
/// How long the card form may take to load, in milliseconds.
pub const FRAME_LIMIT: u32 = 15_000;
/// How long the frame may take to answer, in milliseconds: its own limit for the exchange is
/// [`ANSWER_LIMIT`], and it should be the one to say so.
pub const TALK_LIMIT: u32 = 20_000;
/// Between two inquiries at first, in milliseconds.
pub const POLL_FAST: u32 = 2_000;
/// Between two inquiries after [`POLL_FAST_FOR`], in milliseconds.
pub const POLL_SLOW: u32 = 10_000;
/// How long inquiries are frequent, in milliseconds.
pub const POLL_FAST_FOR: u32 = 60_000;
/// How long the machine waits for a result before it leaves the rest to the merchant's server, in
/// milliseconds.
pub const CONFIRM_LIMIT: u32 = 300_000;

/// What the constructor was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `environment`.
    pub environment: Environment,
    /// `gateway`; without it, the region's own.
    pub gateway: Option<String>,
    /// The language, already chosen ([`crate::locale::choose`]).
    pub locale: &'static str,
}

/// The payment machine. One for each instance of the SDK, reused by each opening.
#[derive(Debug, Clone)]
pub struct Machine {
    config: Config,
    last_id: u32,
    hidden: bool,
    state: State,
}

impl Machine {
    /// A machine with nothing open.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self { config, last_id: 0, hidden: false, state: State::Idle }
    }

    /// Takes one input and returns what the shell must now do, in order.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "an input without a meaning here changes nothing"
    )]
    pub fn handle(&mut self, input: Input, now: Millis) -> Vec<Effect> {
        let mut fx = Fx::default();
        match &input {
            Input::PageHidden => self.hidden = true,
            Input::PageShown { .. } => self.hidden = false,
            _ => {}
        }
        let state = core::mem::replace(&mut self.state, State::Idle);
        self.state = match input {
            Input::Open(opening) => self.open(state, *opening, &mut fx),
            Input::Unmount => state.unmount(&mut fx),
            Input::Validate { ticket } => self.validate(state, ticket, &mut fx),
            input => self.step(state, input, now, &mut fx),
        };
        fx.0
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "an input without a meaning here changes nothing"
    )]
    fn step(&mut self, mut state: State, input: Input, now: Millis, fx: &mut Fx) -> State {
        if let Some(job) = state.job_mut() {
            // Words of another component's frame, which came late.
            if let Input::Frame { frame, .. } = &input
                && job.frame != Some(*frame)
            {
                return state;
            }
            if job.take_check(&input, fx) {
                return state;
            }
        }
        match state {
            State::Idle => {
                refuse_submit(&input, "Nothing is open: call createComponent first.", fx);
                State::Idle
            }
            State::Opening(job, step) => self.step_opening(job, step, input, now, fx),
            State::Collecting(job, notice) => self.step_collecting(job, notice, input, fx),
            State::Submitting(job, step) => self.step_submitting(job, step, input, now, fx),
            State::Redirecting(job, redirect) => {
                self.step_redirecting(job, redirect, input, now, fx)
            }
            State::Confirming(job, confirming) => {
                self.step_confirming(job, confirming, input, now, fx)
            }
            State::Done(job, ended) => match input {
                Input::ClosePressed => {
                    fx.push(Effect::Closed);
                    job.tear_down(fx)
                }
                input => {
                    refuse_submit(&input, "The payment is over: open a new component.", fx);
                    State::Done(job, ended)
                }
            },
        }
    }

    fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    fn start_timer(&mut self, after: u32, fx: &mut Fx) -> TimerId {
        let id = TimerId(self.next_id());
        fx.push(Effect::StartTimer { id, after });
        id
    }

    /// Sends a call with its time limit.
    fn call(&mut self, job: &Job, operation: Operation, fx: &mut Fx) -> (CallId, TimerId) {
        self.call_with(job, operation, None, fx)
    }

    /// Sends the submit of the current attempt, with its time limit.
    fn submit(&mut self, job: &Job, card_token: Option<String>, fx: &mut Fx) -> (CallId, TimerId) {
        let attempt = Attempt {
            id: job.attempts.id(),
            method: job.method.as_ref().map(|method| method.kind.clone()).unwrap_or_default(),
            card_token,
            billing_address: job.billing_address.clone(),
        };
        self.call_with(job, Operation::Submit, Some(attempt), fx)
    }

    fn call_with(
        &mut self,
        job: &Job,
        operation: Operation,
        attempt: Option<Attempt>,
        fx: &mut Fx,
    ) -> (CallId, TimerId) {
        let body = CallBody {
            session: job.session.id.clone(),
            stay: (operation == Operation::Query).then_some(job.stay),
            attempt,
            browser: job.browser.clone(),
            locale: self.config.locale,
        };
        let id = CallId(self.next_id());
        fx.push(Effect::Call {
            id,
            call: Box::new(Call {
                url: crate::join(&[&job.gateway, PATH]),
                operation,
                body: Box::new(body),
                credentials: job.credentials,
                environment: self.config.environment,
            }),
        });
        (id, self.start_timer(ANSWER_LIMIT, fx))
    }

    fn validate(&mut self, mut state: State, ticket: Ticket, fx: &mut Fx) -> State {
        if let State::Collecting(job, _) = &mut state {
            let talk = self.next_id();
            let timer = self.start_timer(TALK_LIMIT, fx);
            job.checks.push(Check { talk, ticket, timer });
            fx.push(Effect::SendFrame(ToFrame::Validate { id: talk }));
        } else {
            // Nothing is on the screen that could be marked, and nothing is there to be valid.
            fx.settle(Some(ticket), Verdict::Checked { valid: false });
        }
        state
    }
}

impl State {
    fn job_mut(&mut self) -> Option<&mut Job> {
        match self {
            Self::Idle => None,
            Self::Opening(job, _)
            | Self::Collecting(job, _)
            | Self::Submitting(job, _)
            | Self::Redirecting(job, _)
            | Self::Confirming(job, _)
            | Self::Done(job, _) => Some(job),
        }
    }

    /// Stops whatever runs and goes back to the beginning, without a word.
    fn unmount(self, fx: &mut Fx) -> Self {
        match self {
            Self::Idle => Self::Idle,
            Self::Opening(job, step) => {
                step.halt(fx);
                job.tear_down(fx)
            }
            Self::Submitting(job, step) => {
                step.halt(fx);
                job.tear_down(fx)
            }
            Self::Confirming(job, confirming) => {
                confirming.poll.halt(fx);
                job.tear_down(fx)
            }
            Self::Collecting(job, _) | Self::Redirecting(job, _) | Self::Done(job, _) => {
                job.tear_down(fx)
            }
        }
    }
}

impl Job {
    /// Takes an input that belongs to a running `validateFields()`.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "an input without a meaning here changes nothing"
    )]
    fn take_check(&mut self, input: &Input, fx: &mut Fx) -> bool {
        let (at, valid) = match input {
            Input::Frame { message: FromFrame::Checked { id, valid }, .. } => {
                (self.checks.iter().position(|check| check.talk == *id), *valid)
            }
            Input::TimerFired(id) => {
                (self.checks.iter().position(|check| check.timer == *id), false)
            }
            _ => return false,
        };
        let Some(at) = at else { return false };
        let check = self.checks.swap_remove(at);
        if !matches!(input, Input::TimerFired(_)) {
            fx.push(Effect::CancelTimer(check.timer));
        }
        fx.settle(Some(check.ticket), Verdict::Checked { valid });
        true
    }
}

/// A promise must settle even where its call makes no sense.
fn refuse_submit(input: &Input, message: &str, fx: &mut Fx) {
    if let Input::Submit { ticket, .. } = input {
        let code = Code::CreateComponentError;
        fx.settle(Some(*ticket), Verdict::Refused { code, message: message.to_owned() });
    }
}

/// Says that a payment is already under way, to the merchant and to the promise.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "an input without a meaning here changes nothing"
)]
fn refuse_duplicate(input: &Input, fx: &mut Fx) {
    const MESSAGE: &str = "A payment is already under way; this submit was ignored.";
    let code = Code::DuplicateSubmission;
    match input {
        Input::Submit { ticket, .. } => {
            fx.tell(code, MESSAGE.to_owned());
            fx.settle(Some(*ticket), Verdict::Submitted { code, message: MESSAGE.to_owned() });
        }
        Input::PayPressed | Input::Frame { message: FromFrame::SubmitPressed, .. } => {
            fx.tell(code, MESSAGE.to_owned());
        }
        _ => {}
    }
}

/// What an answer amounts to.
enum Heard {
    /// The gateway did what was asked.
    Good(Box<crate::answer::Body>),
    /// The gateway said no, with a reason.
    No(Box<crate::answer::Body>),
    /// Nothing can be concluded. The text says why.
    Unclear(String),
}

fn hear(reply: Reply) -> Heard {
    let status = reply.result_status.as_deref().unwrap_or("1000");
    let trace = reply.trace.as_deref().unwrap_or("none");
    let unclear = |what: &str| {
        let http = crate::small::digits(reply.http.into());
        Heard::Unclear(crate::join(&[what, " (HTTP ", &http, ", trace ", trace, ")"]))
    };
    if status != "1000" {
        return unclear(&crate::join(&["the gateway reported status ", status]));
    }
    if !(200..300).contains(&reply.http) {
        return unclear("the gateway reported a fault");
    }
    match reply.body {
        None => unclear("the answer is not a JSON object"),
        Some(body) if body.success => Heard::Good(body),
        Some(body) if !body.error_code.is_empty() => Heard::No(body),
        Some(_) => unclear("the answer says neither yes nor no"),
    }
}

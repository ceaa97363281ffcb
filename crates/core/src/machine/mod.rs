//! The machine: one pure function that carries the whole product.
//!
//! [`Machine::handle`] takes one [`Input`] and returns the [`Effect`]s that the shell must now do,
//! in order; [`Machine::view`] says what should be on the screen. Nothing here knows what time it
//! is, what a browser is, or how to wait: time is an argument, and an answer or a timer comes back
//! as an input that carries the id it was started with. An id is never given twice, so whatever
//! comes late (a reply after `unmount`, a timer of an earlier attempt) matches nothing and changes
//! nothing.
//!
//! Each kind of input has a method here, which says for every state what it means there: `pay`,
//! `close`, `heard` and so on. The files beside have the steps that lead from state to state.

mod challenging;
mod confirming;
mod effect;
mod input;
mod opening;
mod outcome;
mod paying;
mod redirecting;
mod running;
mod state;
mod switching;
mod view;

pub use effect::{CallId, Effect, FrameId, Millis, NavigationId, Ticket, TimerId, Verdict};
pub use input::{Input, Looks, Opening};
pub use view::{Button, Message, Screen, Tone, View};

use std::rc::Rc;

use crate::answer::{Body, Reply};
use crate::call::Filled;
use crate::events::{Code, Facts};
use crate::fill;
use crate::frame::{FromFrame, ToFrame};
use crate::platform::Environment;
use crate::small::digits;
use state::{
    Check, Confirming, Job, OpeningStep, Place, Pressed, Redirecting, State, Submitting,
    SwitchingApp, Why,
};

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
/// How long it waits when a code or an approval has run out: money may have been on its way, in
/// milliseconds.
pub const LATE_LIMIT: u32 = 60_000;
/// How long it waits for a code that does not say how long it is good, in milliseconds. Sessions
/// live for an hour.
pub const CODE_LIMIT: u32 = 3_600_000;
/// How long a challenge may take, in milliseconds. EMVCo has challenges last five minutes at least.
pub const CHALLENGE_LIMIT: u32 = 600_000;
/// How long the 3DS method may take, in milliseconds. EMVCo's limit.
pub const METHOD_LIMIT: u32 = 10_000;
/// How long an app may take to open, in milliseconds. The original's limit, which old phones need.
pub const APP_LIMIT: u32 = 5_000;
/// How long `onBeforeSubmit` may take, in milliseconds.
pub const GUARD_LIMIT: u32 = 30_000;

/// What the constructor was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `environment`.
    pub environment: Environment,
    /// `gateway`; without it, the region's own.
    pub gateway: Option<String>,
    /// The language, already chosen ([`crate::locale::choose`]).
    pub locale: &'static str,
    /// Whether there is an `onBeforeSubmit`.
    pub guarded: bool,
}

/// The payment machine. One for each instance of the SDK, reused by each opening.
#[derive(Debug, Clone)]
pub struct Machine {
    config: Config,
    last_id: u32,
    hidden: bool,
    state: State,
    job: Job,
    /// When the input that is being handled happened.
    now: Millis,
    /// What came of it so far.
    effects: Vec<Effect>,
}

impl Machine {
    /// A machine with nothing open.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            last_id: 0,
            hidden: false,
            state: State::Idle,
            job: Job::default(),
            now: Millis::default(),
            effects: Vec::new(),
        }
    }

    /// Takes one input and returns what the shell must now do, in order.
    pub fn handle(&mut self, input: Input, now: Millis) -> Vec<Effect> {
        self.now = now;
        match input {
            Input::Answered { call, reply } => {
                if self.take_call(call) {
                    self.heard(hear(reply));
                }
            }
            Input::CallFailed { call } => {
                if self.take_call(call) {
                    self.heard(Heard::Nothing("the gateway could not be reached".to_owned()));
                }
            }
            Input::AppPressed => self.open_app(),
            Input::CheckPressed => self.look(),
            Input::ClosePressed => self.close(),
            Input::ContinuePressed => self.go_on(),
            Input::Frame { frame, message } => {
                // Words of another component's frame come late.
                if self.job.form == Some(frame) {
                    self.form_says(message);
                } else if self.job.window == Some(frame) && message == FromFrame::Done {
                    self.window_is_done();
                }
            }
            Input::Guarded { question, answer } => {
                if self.take_question(question) {
                    self.guarded(&answer);
                }
            }
            Input::Navigated { navigation, taken } => self.navigated(navigation, taken),
            Input::Online => self.wake(),
            Input::Open(opening) => self.open(*opening),
            Input::PageHidden => self.hide(),
            Input::PageShown { restored } => self.show(restored),
            Input::PayPressed => self.pay(),
            Input::Submit { ticket, billing_address } => self.submit(ticket, billing_address),
            Input::TimerFired(timer) => self.time_is_up(timer),
            Input::Unmount => self.unmount(),
            Input::Validate { ticket } => self.validate(ticket),
        }
        core::mem::take(&mut self.effects)
    }

    /// What the gateway's answer means, or its silence.
    fn heard(&mut self, heard: Heard) {
        match self.state {
            State::Opening(OpeningStep::Asking) => match heard {
                Heard::Good(body) => self.begin(&body),
                Heard::No(body) => self.fail(&self.refusal(&body)),
                Heard::Nothing(why) => self.fail_in_silence(&why),
            },
            State::Opening(OpeningStep::Starting) => match heard {
                Heard::Good(body) => self.carry_on(&body),
                Heard::No(body) => self.refused(&body),
                Heard::Nothing(why) => self.fail_in_silence(&why),
            },
            State::Submitting(Submitting::Sending) => match heard {
                Heard::Good(body) => self.carry_on(&body),
                Heard::No(body) => self.refused(&body),
                Heard::Nothing(why) => self.silence(&why),
            },
            // Closed: what can be learnt is learnt at once, or not here.
            State::Confirming(Confirming { why: Why::Left, .. })
                if !matches!(heard, Heard::Good(_)) =>
            {
                self.close_undecided();
            }
            State::Confirming(mut confirming) => match heard {
                Heard::Good(body) => {
                    confirming.heard = true;
                    self.judge(confirming, &body);
                }
                Heard::No(body) => {
                    self.log("INQUIRE_REFUSED", body.error_code().to_owned());
                    self.wait(confirming);
                }
                Heard::Nothing(why) => {
                    self.log("INQUIRE_FAILED", why);
                    self.wait(confirming);
                }
            },
            // No call is out.
            State::Idle
            | State::Opening(OpeningStep::LoadingForm | OpeningStep::Guarding { .. })
            | State::Collecting(_)
            | State::Submitting(Submitting::Tokenising { .. } | Submitting::Guarding { .. })
            | State::Redirecting(_)
            | State::Preparing
            | State::SwitchingApp(_)
            | State::Done(_) => {}
        }
    }

    /// What a timer means that nothing came before.
    fn time_is_up(&mut self, timer: TimerId) {
        if self.take_check(timer.0, None) || self.job.timer != Some(timer) {
            return;
        }
        self.job.timer = None;
        if let Some(call) = self.job.call.take() {
            self.push(Effect::AbortCall(call));
            return self
                .heard(Heard::Nothing("the gateway did not answer within 15 seconds".to_owned()));
        }
        match self.state {
            State::Opening(OpeningStep::Guarding { .. })
            | State::Submitting(Submitting::Guarding { .. }) => self.guarded("TIMEOUT"),
            State::Opening(_) => self.fail_without_form(),
            State::Submitting(_) => self.not_exchanged(),
            State::Preparing => self.prepared("N"),
            State::SwitchingApp(_) => self.app_is_late(),
            State::Confirming(_) => self.ask(),
            State::Idle | State::Collecting(_) | State::Redirecting(_) | State::Done(_) => {}
        }
    }

    /// What the form says, the card frame's or one of ours.
    fn form_says(&mut self, message: FromFrame) {
        match message {
            FromFrame::Checked { id, valid } => {
                self.take_check(id, Some(valid));
            }
            FromFrame::ClosePressed => self.close(),
            FromFrame::Ready => {
                if let State::Opening(OpeningStep::LoadingForm) = self.state {
                    self.halt();
                    self.end_loading();
                    self.collect(None);
                }
            }
            FromFrame::Missing => {
                if let State::Opening(OpeningStep::LoadingForm) = self.state {
                    self.halt();
                    self.fail_without_form();
                }
            }
            // A form does not speak for a frame of 3DS, and its height is the screen's business.
            FromFrame::Done | FromFrame::Resized { .. } => {}
            FromFrame::SubmitPressed => self.pay(),
            FromFrame::Invalid { id } => {
                if self.take_talk(id) {
                    self.not_valid();
                }
            }
            FromFrame::Refused { id, code, message } => {
                if self.take_talk(id) {
                    // The attempt stays: this card was not sent, and one before it may still
                    // arrive.
                    self.report_failure(&Rc::new(Body::refusal(code, message)));
                }
            }
            FromFrame::Token { id, token, .. } => {
                if self.take_talk(id) {
                    self.send(Filled::Token(token));
                }
            }
            FromFrame::Values { id, values } => {
                if self.take_talk(id) {
                    self.send(Filled::Values(values));
                }
            }
            FromFrame::Unreachable { id } => {
                if self.take_talk(id) {
                    self.not_exchanged();
                }
            }
        }
    }

    /// The merchant's `submit()`.
    fn submit(&mut self, ticket: Ticket, billing_address: Facts) {
        let message = match self.state {
            State::Idle => "Nothing is open: call createComponent first.",
            State::Opening(_) => "The component is opening: wait for its promise.",
            State::Done(_) => "The payment is over: open a new component.",
            State::Collecting(_) => {
                self.job.submit = Some(ticket);
                self.job.billing_address = billing_address;
                return self.tokenise();
            }
            State::SwitchingApp(SwitchingApp::Offered(_)) if self.job.submit.is_none() => {
                self.job.submit = Some(ticket);
                return self.open_app();
            }
            State::Submitting(_)
            | State::Redirecting(_)
            | State::Preparing
            | State::SwitchingApp(_)
            | State::Confirming(_) => {
                let message = self.refuse_duplicate();
                return self.settle_submitted(ticket, Code::DuplicateSubmission, message);
            }
        };
        self.settle_refused(ticket, Code::CreateComponentError, message);
    }

    /// The pay button, ours or the Enter key in the frame.
    fn pay(&mut self) {
        match self.state {
            State::Collecting(_) => self.tokenise(),
            State::SwitchingApp(SwitchingApp::Offered(_)) => self.open_app(),
            State::Submitting(_)
            | State::Redirecting(_)
            | State::Preparing
            | State::SwitchingApp(SwitchingApp::Calling { .. })
            | State::Confirming(_) => {
                self.refuse_duplicate();
            }
            State::Idle | State::Opening(_) | State::Done(_) => {}
        }
    }

    fn refuse_duplicate(&mut self) -> &'static str {
        const MESSAGE: &str = "A payment is already under way; this submit was ignored.";
        self.tell(Code::DuplicateSubmission, MESSAGE);
        MESSAGE
    }

    /// The closing button or Escape, in the page or in the frame.
    fn close(&mut self) {
        match self.state {
            State::Opening(_) => {
                self.halt();
                self.end_loading();
                self.cancel();
            }
            State::Collecting(_) => self.cancel(),
            State::Redirecting(Redirecting::Left | Redirecting::Refused)
                if self.job.place == Place::Challenge =>
            {
                self.job.reason = CHALLENGE_CLOSED;
                self.close_undecided();
            }
            State::Redirecting(Redirecting::Refused) | State::SwitchingApp(_) => {
                self.halt();
                if self.job.engaged {
                    self.close_undecided();
                } else {
                    self.cancel();
                }
            }
            State::Confirming(Confirming { why: Why::Challenge, .. }) => self.leave_challenge(),
            // Left, too: a browser may have taken a navigation and not gone.
            State::Confirming(_) | State::Redirecting(Redirecting::Left) => {
                self.halt();
                self.close_undecided();
            }
            State::Done(_) => {
                self.push(Effect::Closed);
                self.tear_down();
            }
            State::Idle
            | State::Submitting(_)
            | State::Preparing
            | State::Redirecting(Redirecting::Leaving { .. }) => {}
        }
    }

    /// The button that goes on to another page.
    fn go_on(&mut self) {
        match self.state {
            State::Redirecting(Redirecting::Refused) if self.job.target.is_none() => {
                self.not_left("its address is not allowed");
            }
            State::Redirecting(Redirecting::Refused | Redirecting::Left)
            | State::SwitchingApp(_)
            | State::Confirming(_) => {
                if let Some(target) = self.job.target.clone() {
                    self.halt();
                    self.navigate(target);
                }
            }
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Preparing
            | State::Redirecting(Redirecting::Leaving { .. })
            | State::Done(_) => {}
        }
    }

    /// The page went to the background, where nothing is asked.
    fn hide(&mut self) {
        self.hidden = true;
        match self.state {
            State::SwitchingApp(SwitchingApp::Calling { .. }) => self.app_opened(),
            State::Confirming(_) if self.job.call.is_none() => self.halt(),
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Redirecting(_)
            | State::Preparing
            | State::SwitchingApp(_)
            | State::Confirming(_)
            | State::Done(_) => {}
        }
    }

    /// The page came to the foreground.
    fn show(&mut self, restored: bool) {
        let returns = core::mem::replace(&mut self.hidden, false);
        if restored && let State::Redirecting(_) = self.state {
            // Back in the page that had been left: what happened meanwhile only the gateway knows.
            self.job.engaged = true;
            return self.confirm(Why::Resumed);
        }
        if restored && let State::SwitchingApp(SwitchingApp::Calling { .. }) = self.state {
            return self.app_opened();
        }
        if returns && let State::Confirming(confirming) = &mut self.state {
            // Whoever was away has waited for nothing yet.
            confirming.since = self.now;
        }
        self.wake();
    }

    /// A good moment to ask again.
    fn wake(&mut self) {
        if let State::Confirming(_) = self.state
            && self.job.call.is_none()
        {
            self.halt();
            self.ask();
        }
    }

    /// The button that asks whether the payment has arrived.
    fn look(&mut self) {
        if let State::Confirming(confirming) = &mut self.state {
            confirming.pressed = Pressed::Yes;
            self.push(Effect::Render);
            self.wake();
        }
    }

    /// Stops whatever runs and goes back to the beginning, without a word.
    fn unmount(&mut self) {
        if !matches!(self.state, State::Idle) {
            self.halt();
            self.tear_down();
        }
    }

    /// The merchant's `validateFields()`.
    fn validate(&mut self, ticket: Ticket) {
        if let State::Collecting(_) = self.state {
            let talk = self.next_id();
            let timer = self.start_timer(TALK_LIMIT);
            self.job.checks.push(Check { talk, ticket, timer });
            self.push(Effect::SendFrame(ToFrame::Validate { id: talk }));
        } else {
            // Nothing is on the screen that could be marked, and nothing is there to be valid.
            self.settle(ticket, Verdict::Checked { valid: false });
        }
    }
}

/// `result.reason` of a payment whose challenge the buyer closed.
const CHALLENGE_CLOSED: &str = "CHALLENGE_CLOSED";

/// What an answer amounts to.
enum Heard {
    /// The gateway did what was asked.
    Good(Rc<Body>),
    /// The gateway said no, with a reason.
    No(Rc<Body>),
    /// Nothing can be concluded. The text says why.
    Nothing(String),
}

fn hear(reply: Reply) -> Heard {
    let status = reply.result_status.as_deref().unwrap_or("1000");
    let what = if status != "1000" {
        "the gateway reported a status"
    } else if !(200..300).contains(&reply.http) {
        "the gateway reported a fault"
    } else {
        match reply.body {
            None => "the answer is not a JSON object",
            Some(body) if body.success => return Heard::Good(body),
            Some(body) if !body.error_code().is_empty() => return Heard::No(body),
            Some(_) => "the answer says neither yes nor no",
        }
    };
    let http = digits(reply.http.into());
    let trace = reply.trace.as_deref().unwrap_or("none");
    Heard::Nothing(fill("{} (HTTP {}, status {}, trace {})", &[what, &http, status, trace]))
}

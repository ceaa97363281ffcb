//! From `createComponent` to the first view.

use super::effect::Fx;
use super::state::{Attempts, Job, OpeningStep, Place, Poll, State, Submitting, Why};
use super::{
    Effect, FRAME_LIMIT, FrameId, Heard, Input, Machine, Millis, Opening, TimerId, Verdict, hear,
    refuse_submit,
};
use crate::answer::{Body, Status};
use crate::call::Operation;
use crate::events::Code;
use crate::frame::{FromFrame, ToFrame};
use crate::join;
use crate::platform::{Target, region_gateway};
use crate::results::meaning;
use crate::session::Session;

impl Machine {
    pub(super) fn open(&mut self, state: State, opening: Opening, fx: &mut Fx) -> State {
        match state {
            State::Idle => {}
            // Over, and only its last words still stand there: make room.
            State::Done(job, _) => {
                job.tear_down(fx);
            }
            state @ (State::Opening(..)
            | State::Collecting(..)
            | State::Submitting(..)
            | State::Redirecting(..)
            | State::Confirming(..)) => {
                let message = "A component of this instance is already open and goes on. Call \
                               unmount() before you open another.";
                refuse(Code::CreateComponentError, message.to_owned(), opening.ticket, fx);
                return state;
            }
        }
        let session = match Session::parse(&opening.session, opening.metadata) {
            Ok(session) => session,
            Err(error) => {
                let code = Code::CreatePaymentParameterError;
                refuse(code, error.message(), opening.ticket, fx);
                return State::Idle;
            }
        };
        let named = self.config.gateway.as_deref();
        let gateway = named.unwrap_or_else(|| region_gateway(&session.site));
        let job = Box::new(Job {
            gateway: gateway.trim_end_matches('/').to_owned(),
            credentials: named.is_none(),
            session,
            browser: opening.browser,
            looks: opening.looks,
            stay: opening.stay,
            attempts: Attempts { seed: opening.seed, number: 0 },
            opening: Some(opening.ticket),
            engaged: false,
            submit: None,
            checks: Vec::new(),
            billing_address: None,
            frame: None,
            method: None,
            amount: None,
            merchant: None,
            return_url: None,
        });
        fx.emit(Code::StartOfLoading);
        fx.push(Effect::Render);
        let (call, timer) = self.call(&job, Operation::Query, fx);
        State::Opening(job, OpeningStep::Asking { call, timer })
    }

    pub(super) fn step_opening(
        &mut self,
        job: Box<Job>,
        step: OpeningStep,
        input: Input,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        match (step, input) {
            (OpeningStep::Asking { call, timer }, Input::Answered { call: id, reply })
                if id == call =>
            {
                fx.push(Effect::CancelTimer(timer));
                match hear(reply) {
                    Heard::Good(body) => self.begin(job, body, now, fx),
                    Heard::No(body) => {
                        let message = self.refusal(&body);
                        fail(job, message, fx)
                    }
                    Heard::Unclear(why) => {
                        fail(job, join(&["The gateway's answer cannot be used: ", &why, "."]), fx)
                    }
                }
            }
            (OpeningStep::Starting { call, timer }, Input::Answered { call: id, reply })
                if id == call =>
            {
                fx.push(Effect::CancelTimer(timer));
                match hear(reply) {
                    Heard::Good(body) => self.carry_on(job, body, now, fx),
                    Heard::No(body) if body.leaves_it_open() => self.undecided(job, body, now, fx),
                    Heard::No(body) => self.failed(job, &body, fx),
                    Heard::Unclear(why) => {
                        fail(job, join(&["The payment could not be started: ", &why, "."]), fx)
                    }
                }
            }
            (
                OpeningStep::Asking { call, timer } | OpeningStep::Starting { call, timer },
                Input::CallFailed { call: id },
            ) if id == call => {
                fx.push(Effect::CancelTimer(timer));
                let message = "The gateway could not be reached. Check the connection, the \
                               gateway's address, the page's connect-src and the gateway's CORS \
                               headers.";
                fail(job, message.to_owned(), fx)
            }
            (
                OpeningStep::Asking { call, timer } | OpeningStep::Starting { call, timer },
                Input::TimerFired(id),
            ) if id == timer => {
                fx.push(Effect::AbortCall(call));
                fail(job, "The gateway did not answer within 15 seconds.".to_owned(), fx)
            }
            (
                OpeningStep::LoadingFrame { timer },
                Input::Frame { message: FromFrame::Ready, .. },
            ) => {
                fx.push(Effect::CancelTimer(timer));
                let mut job = job;
                job.end_loading(fx);
                fx.push(Effect::Render);
                State::Collecting(job, None)
            }
            (OpeningStep::LoadingFrame { timer }, Input::TimerFired(id)) if id == timer => fail(
                job,
                "The card form did not load within 15 seconds. Check the page's frame-src and \
                 that the gateway lists this origin for the merchant."
                    .to_owned(),
                fx,
            ),
            (step, Input::ClosePressed | Input::Frame { message: FromFrame::ClosePressed, .. }) => {
                leave_opening(job, step, fx)
            }
            (step, input) => {
                let message = "The component is still opening: wait for createComponent's promise.";
                refuse_submit(&input, message, fx);
                State::Opening(job, step)
            }
        }
    }

    /// Reads the query's answer and opens what it calls for.
    fn begin(&mut self, mut job: Box<Job>, body: Box<Body>, now: Millis, fx: &mut Fx) -> State {
        job.amount.clone_from(&body.amount);
        job.merchant.clone_from(&body.merchant_name);
        job.return_url.clone_from(&body.return_url);
        job.method.clone_from(&body.method);
        let ended = match body.status {
            Some(Status::Paid) => return self.finish(job, &body, fx),
            Some(Status::Cancelled) => true,
            // A failed attempt does not end a session that may be paid again.
            Some(Status::Failed) => !meaning(&body.payment_result_code).retryable,
            Some(Status::Open) => {
                job.engaged = true;
                // The payment waits elsewhere: go on there. Or it waits for its result.
                return match &body.next_url {
                    Some(url) => self.redirect(job, url, Place::of(&body), now, fx),
                    None => {
                        job.end_loading(fx);
                        self.confirm(job, Why::Resumed, None, now, fx)
                    }
                };
            }
            None => false,
        };
        if ended {
            return self.failed(job, &body, fx);
        }
        let Some(method) = &job.method else {
            return fail(job, "The gateway offers no payment method for this session.".into(), fx);
        };
        if method.is_card() {
            return self.load_frame(job, body.frame_url.as_deref(), fx);
        }
        if let Some(url) = &body.next_url {
            return self.redirect(job, url, Place::Bank, now, fx);
        }
        job.attempts.next();
        // Shop and amount are known by now.
        fx.push(Effect::Render);
        let (call, timer) = self.submit(&job, None, fx);
        State::Opening(job, OpeningStep::Starting { call, timer })
    }

    fn load_frame(&mut self, mut job: Box<Job>, path: Option<&str>, fx: &mut Fx) -> State {
        let Some(path) = path else {
            let message = "The gateway offers cards but no card form of its own (frameUrl), and a \
                           card may not be typed into the merchant's page.";
            return fail(job, message.to_owned(), fx);
        };
        let target = match Target::on_gateway(&job.gateway, path) {
            Ok(target) => target,
            Err(refused) => {
                let message = join(&["The card form's address was refused: ", refused.message()]);
                return fail(job, message, fx);
            }
        };
        let id = FrameId(self.next_id());
        job.frame = Some(id);
        let first = ToFrame::Init {
            session: job.session.id.clone(),
            locale: self.config.locale.to_owned(),
            theme: job.looks.theme.clone(),
        };
        fx.push(Effect::Render);
        fx.push(Effect::OpenFrame { id, target, first });
        let timer = self.start_timer(FRAME_LIMIT, fx);
        State::Opening(job, OpeningStep::LoadingFrame { timer })
    }

    /// Why the gateway refused the session, and whether the environments look mixed up.
    fn refusal(&self, body: &Body) -> String {
        let mine = self.config.environment.name();
        let said = join(&["The gateway refused the session: ", &body.error_code]);
        match body.environment.as_deref() {
            Some(theirs) if theirs != mine => join(&[
                &said,
                ". It was made for ",
                theirs,
                ", but the SDK was created with environment: \"",
                mine,
                "\".",
            ]),
            _ => {
                let words = if body.error_message.is_empty() {
                    meaning(&body.error_code).meaning
                } else {
                    &body.error_message
                };
                // What a session from the other environment looks like to most gateways.
                let hint = match body.error_code.as_str() {
                    "INQUIRY_PAYMENT_SESSION_FAILED" | "KEY_NOT_FOUND" | "ORDER_NOT_EXIST" => {
                        join(&[" If the session is fresh, check that it was made in ", mine, "."])
                    }
                    _ => String::new(),
                };
                join(&[&said, " (", words, ")", &hint])
            }
        }
    }
}

/// Refuses an opening before anything was started.
fn refuse(code: Code, message: String, ticket: super::Ticket, fx: &mut Fx) {
    fx.tell(code, message.clone());
    fx.settle(Some(ticket), Verdict::Refused { code, message });
}

/// Opening failed: says so and leaves nothing behind.
fn fail(mut job: Box<Job>, message: String, fx: &mut Fx) -> State {
    let code = Code::CreateComponentError;
    fx.emit(Code::EndOfLoading);
    fx.log("OPEN_FAILED", message.clone());
    fx.tell(code, message.clone());
    fx.settle(job.opening.take(), Verdict::Refused { code, message });
    job.tear_down(fx)
}

/// The buyer closes before there is anything to see.
fn leave_opening(mut job: Box<Job>, step: OpeningStep, fx: &mut Fx) -> State {
    step.halt(fx);
    job.end_loading(fx);
    fx.emit(Code::PaymentCancel);
    fx.push(Effect::Closed);
    job.tear_down(fx)
}

impl OpeningStep {
    pub(super) fn halt(self, fx: &mut Fx) {
        match self {
            Self::Asking { call, timer } | Self::Starting { call, timer } => {
                halt_call(call, timer, fx);
            }
            Self::LoadingFrame { timer } => fx.push(Effect::CancelTimer(timer)),
        }
    }
}

impl Submitting {
    pub(super) fn halt(self, fx: &mut Fx) {
        match self {
            Self::Sending { call, timer } => halt_call(call, timer, fx),
            Self::Tokenising { timer, .. } => fx.push(Effect::CancelTimer(timer)),
        }
    }
}

impl Poll {
    pub(super) fn halt(self, fx: &mut Fx) {
        match self {
            Self::Asking { call, timer } => halt_call(call, timer, fx),
            Self::Waiting { timer } => fx.push(Effect::CancelTimer(timer)),
            Self::Paused => {}
        }
    }
}

fn halt_call(call: super::CallId, timer: TimerId, fx: &mut Fx) {
    fx.push(Effect::AbortCall(call));
    fx.push(Effect::CancelTimer(timer));
}

//! Asking the gateway how a payment stands, until it says.

use super::effect::Fx;
use super::state::{Confirming, Job, Place, Poll, State, Why};
use super::{
    CONFIRM_LIMIT, Effect, Heard, Input, Machine, Millis, POLL_FAST, POLL_FAST_FOR, POLL_SLOW,
    hear, refuse_duplicate,
};
use crate::answer::{Body, Status};
use crate::call::Operation;
use crate::events::Code;
use crate::frame::FromFrame;
use crate::platform::Target;
use crate::text::Text;

impl Machine {
    /// Begins to ask.
    pub(super) fn confirm(
        &mut self,
        job: Box<Job>,
        why: Why,
        next: Option<(Target, Place)>,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        fx.push(Effect::Render);
        let confirming = Confirming { why, poll: Poll::Paused, since: now, next, heard: false };
        self.ask(job, confirming, fx)
    }

    fn ask(&mut self, job: Box<Job>, mut confirming: Confirming, fx: &mut Fx) -> State {
        confirming.poll = if self.hidden {
            Poll::Paused
        } else {
            let (call, timer) = self.call(&job, Operation::Inquire, fx);
            Poll::Asking { call, timer }
        };
        State::Confirming(job, confirming)
    }

    /// Waits for the next turn, or gives up when it has been long enough.
    fn wait(
        &mut self,
        job: Box<Job>,
        mut confirming: Confirming,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        let waited = now.0.saturating_sub(confirming.since.0);
        if waited >= CONFIRM_LIMIT {
            return self.give_up(job, confirming.heard, fx);
        }
        confirming.poll = if self.hidden {
            Poll::Paused
        } else {
            let pace = if waited < POLL_FAST_FOR { POLL_FAST } else { POLL_SLOW };
            Poll::Waiting { timer: self.start_timer(pace, fx) }
        };
        State::Confirming(job, confirming)
    }

    pub(super) fn step_confirming(
        &mut self,
        job: Box<Job>,
        confirming: Confirming,
        input: Input,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        match (&confirming.poll, input) {
            (Poll::Asking { call, timer }, Input::Answered { call: id, reply }) if id == *call => {
                fx.push(Effect::CancelTimer(*timer));
                match hear(reply) {
                    Heard::Good(body) => self.judge(job, confirming, &body, now, fx),
                    Heard::No(body) => {
                        fx.log("INQUIRE_REFUSED", body.error_code.clone());
                        self.wait(job, confirming, now, fx)
                    }
                    Heard::Unclear(why) => {
                        fx.log("INQUIRE_UNCLEAR", why);
                        self.wait(job, confirming, now, fx)
                    }
                }
            }
            (Poll::Asking { call, timer }, Input::CallFailed { call: id }) if id == *call => {
                fx.push(Effect::CancelTimer(*timer));
                fx.log("INQUIRE_FAILED", "the connection broke".to_owned());
                self.wait(job, confirming, now, fx)
            }
            (Poll::Asking { call, timer }, Input::TimerFired(id)) if id == *timer => {
                fx.push(Effect::AbortCall(*call));
                fx.log("INQUIRE_FAILED", "no answer within 15 seconds".to_owned());
                self.wait(job, confirming, now, fx)
            }
            (Poll::Waiting { timer }, Input::TimerFired(id)) if id == *timer => {
                self.ask(job, confirming, fx)
            }
            (Poll::Waiting { timer }, Input::PageHidden) => {
                fx.push(Effect::CancelTimer(*timer));
                State::Confirming(job, Confirming { poll: Poll::Paused, ..confirming })
            }
            (Poll::Waiting { timer }, Input::PageShown { .. } | Input::Online) => {
                fx.push(Effect::CancelTimer(*timer));
                self.ask(job, confirming, fx)
            }
            (Poll::Paused, Input::PageShown { .. } | Input::Online) => {
                self.ask(job, confirming, fx)
            }
            (_, Input::ContinuePressed) => match confirming.next {
                Some((target, place)) => {
                    confirming.poll.halt(fx);
                    self.navigate(job, target, place, fx)
                }
                None => State::Confirming(job, confirming),
            },
            (_, Input::ClosePressed | Input::Frame { message: FromFrame::ClosePressed, .. }) => {
                confirming.poll.halt(fx);
                self.close_undecided(job, "CLOSED_BEFORE_RESULT", fx)
            }
            (_, input) => {
                refuse_duplicate(&input, fx);
                State::Confirming(job, confirming)
            }
        }
    }

    fn judge(
        &mut self,
        mut job: Box<Job>,
        mut confirming: Confirming,
        body: &Body,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        confirming.heard = true;
        match (body.status, confirming.why) {
            (Some(Status::Paid), Why::Silence) if !job.stay && job.return_url.is_some() => {
                self.authorised(job, now, fx)
            }
            (Some(Status::Paid), why) => {
                if why == Why::Silence {
                    fx.emit(Code::PaymentAuthorizationSuccessful);
                }
                self.finish(job, body, fx)
            }
            (Some(Status::Failed | Status::Cancelled), _) => self.failed(job, body, fx),
            (None, Why::Silence) if job.frame.is_some() => {
                // The submit was not heard, or not yet: the next one carries the same attempt id,
                // so that both together are one payment.
                let message = "The gateway knows of no payment: the submit did not arrive.";
                job.settle_submit(Code::SubmitNetworkError, message, fx);
                self.back_to_form(job, Code::SubmitNetworkError, None, Text::TryAgain, fx)
            }
            (Some(Status::Open), Why::Silence) if body.next_url.is_some() => {
                self.follow(job, body, now, fx)
            }
            (Some(Status::Open) | None, _) => self.wait(job, confirming, now, fx),
        }
    }

    fn follow(&mut self, job: Box<Job>, body: &Body, now: Millis, fx: &mut Fx) -> State {
        self.carry_on(job, Box::new(body.clone()), now, fx)
    }
}

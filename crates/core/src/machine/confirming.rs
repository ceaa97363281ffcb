//! Asking the gateway how a payment stands, until it says.

use std::rc::Rc;

use super::state::{Confirming, Pressed, State, Why};
use super::{
    CHALLENGE_LIMIT, CODE_LIMIT, CONFIRM_LIMIT, Effect, LATE_LIMIT, Machine, POLL_FAST,
    POLL_FAST_FOR, POLL_SLOW,
};
use crate::answer::{Body, Next, Status};
use crate::call::Operation;
use crate::events::Code;
use crate::text::Text;

impl Machine {
    /// Begins to ask. Where the buyer can go on meanwhile is the job's target.
    #[inline(never)]
    pub(super) fn confirm(&mut self, why: Why) {
        self.push(Effect::Render);
        self.state = State::Confirming(Confirming {
            why,
            since: self.now,
            heard: false,
            until: None,
            expired: false,
            pressed: Pressed::No,
        });
        self.ask();
    }

    /// Asks now, or when the page is shown again.
    pub(super) fn ask(&mut self) {
        if !self.hidden {
            self.call(Operation::Inquire, None);
        }
    }

    /// Waits for the next turn, or gives up when it has been long enough.
    #[inline(never)]
    pub(super) fn wait(&mut self, mut confirming: Confirming) {
        let now = self.now.0;
        let left = confirming.until.map(|until| until.0.saturating_sub(now));
        let expired = left == Some(0);
        if expired != confirming.expired || confirming.pressed == Pressed::Yes {
            self.push(Effect::Render);
        }
        confirming.expired = expired;
        if confirming.pressed == Pressed::Yes {
            confirming.pressed = Pressed::InVain;
        }
        self.state = State::Confirming(confirming);
        let waited = now.saturating_sub(confirming.since.0);
        let late = confirming.until.map(|until| now.saturating_sub(until.0));
        let over = match (confirming.why, late) {
            (Why::Challenge, _) => waited >= CHALLENGE_LIMIT,
            (_, Some(late)) => expired && late >= LATE_LIMIT,
            (Why::Code, None) => waited >= CODE_LIMIT,
            _ => waited >= CONFIRM_LIMIT,
        };
        if over {
            if confirming.why == Why::Challenge {
                self.job.reason = "CHALLENGE_TIMEOUT";
            }
            self.give_up(confirming.heard);
        } else if !self.hidden {
            let pace = if waited < POLL_FAST_FOR { POLL_FAST } else { POLL_SLOW };
            // The end of a code's time is a moment to ask, too.
            self.limit(left.filter(|left| (1..pace).contains(left)).unwrap_or(pace));
        }
    }

    /// What an answer means for the payment that it tells of.
    pub(super) fn judge(&mut self, confirming: Confirming, body: &Rc<Body>) {
        let why = confirming.why;
        let silence = why == Why::Silence;
        self.job.pending = body.is_pending();
        // There is never more than one payment that runs: this is the silent one.
        self.job.unanswered &= body.status() != Some(Status::Open);
        match body.status() {
            Some(Status::Paid) if why.is_before_authorised() && !self.job.given.stay => {
                self.authorised();
            }
            Some(Status::Paid) => {
                if why.is_before_authorised() {
                    self.emit(Code::PaymentAuthorizationSuccessful);
                }
                self.finish(body);
            }
            Some(Status::Failed) if self.job.unanswered && self.is_of_another_attempt(body) => {
                if self.job.form.is_some() {
                    self.not_heard();
                } else {
                    self.wait(confirming);
                }
            }
            Some(Status::Failed | Status::Cancelled) => self.failed(body),
            None if silence && self.job.form.is_some() => self.not_heard(),
            Some(Status::Open) | None if why == Why::Left => self.close_undecided(),
            Some(Status::Open) => self.go_along(confirming, body),
            None => self.wait(confirming),
        }
    }

    /// The payment is still under way: what the buyer is asked to do may have changed.
    fn go_along(&mut self, mut confirming: Confirming, body: &Rc<Body>) {
        let next = body.next(self.is_phone());
        let asked_before = match next {
            Next::Challenge(path) => path == self.job.challenge,
            Next::Prepare(_) => !self.job.method_done.is_empty(),
            Next::App | Next::Approval | Next::Codes | Next::Nothing | Next::Page(_) => false,
        };
        match confirming.why {
            Why::Silence if next == Next::Nothing => {}
            Why::Prepared | Why::Silence if !asked_before => return self.follow(body),
            Why::Challenge | Why::Challenged if next != Next::Nothing && !asked_before => {
                return self.follow(body);
            }
            Why::Challenge if next == Next::Nothing => {
                self.drop_window();
                self.push(Effect::Render);
                confirming.why = Why::Challenged;
                confirming.since = self.now;
            }
            Why::Approval | Why::Code => {
                self.push(Effect::Render);
                self.job.task = body.clone();
                // What has run out stays run out, however often the gateway says so.
                let told = self.deadline().filter(|until| until.0 > self.now.0);
                confirming.until = told.or(confirming.until).or(self.deadline());
            }
            Why::Authorised | Why::Resumed if self.job.pending && next == Next::Nothing => {
                return self.postpone();
            }
            Why::App
            | Why::Authorised
            | Why::Challenge
            | Why::Challenged
            | Why::Left
            | Why::Prepared
            | Why::Resumed
            | Why::Silence => {}
        }
        self.wait(confirming);
    }

    /// The submit was not heard, or not yet: the next one carries the same attempt id, so that both
    /// together are one payment.
    fn not_heard(&mut self) {
        let message = "The gateway knows of no payment: the submit did not arrive.";
        self.end_submit(Code::SubmitNetworkError, message);
        self.back_to_form(Some(Text::TryAgain));
    }

    /// Whether a failure may be an earlier attempt's, and so says nothing of the silent one. Taking
    /// it for the silent one's would start a new attempt beside one that may still be paid.
    fn is_of_another_attempt(&self, body: &Body) -> bool {
        match body.attempt_id() {
            "" => self.job.attempt > 1 || self.job.failed_before,
            id => id != self.job.attempt_id(),
        }
    }
}

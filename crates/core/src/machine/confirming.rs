//! Asking the gateway how a payment stands, until it says.

use std::rc::Rc;

use super::state::{Confirming, State, Why};
use super::{CONFIRM_LIMIT, Effect, Machine, POLL_FAST, POLL_FAST_FOR, POLL_SLOW};
use crate::answer::{Body, Status};
use crate::call::Operation;
use crate::events::Code;
use crate::text::Text;

impl Machine {
    /// Begins to ask. Where the buyer can go on meanwhile is the job's target.
    #[inline(never)]
    pub(super) fn confirm(&mut self, why: Why) {
        self.push(Effect::Render);
        self.state = State::Confirming(Confirming { why, since: self.now, heard: false });
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
    pub(super) fn wait(&mut self, confirming: Confirming) {
        self.state = State::Confirming(confirming);
        let waited = self.now.0.saturating_sub(confirming.since.0);
        if waited >= CONFIRM_LIMIT {
            self.give_up(confirming.heard);
        } else if !self.hidden {
            self.limit(if waited < POLL_FAST_FOR { POLL_FAST } else { POLL_SLOW });
        }
    }

    /// What an answer means for the payment that it tells of.
    pub(super) fn judge(&mut self, confirming: Confirming, body: &Rc<Body>) {
        let silence = confirming.why == Why::Silence;
        // There is never more than one payment that runs: this is the silent one.
        self.job.unanswered &= body.status() != Some(Status::Open);
        match body.status() {
            Some(Status::Paid) if silence && self.leaves_afterwards() => self.authorised(),
            Some(Status::Paid) => {
                if silence {
                    self.emit(Code::PaymentAuthorizationSuccessful);
                }
                self.finish(body);
            }
            Some(Status::Failed) if self.job.unanswered && self.is_of_another_attempt(body) => {
                if self.job.frame.is_some() {
                    self.not_heard();
                } else {
                    self.wait(confirming);
                }
            }
            Some(Status::Failed | Status::Cancelled) => self.failed(body),
            None if silence && self.job.frame.is_some() => self.not_heard(),
            Some(Status::Open) if silence && !body.next_url().is_empty() => self.carry_on(body),
            Some(Status::Open) | None => self.wait(confirming),
        }
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
            "" => self.job.attempt > 1,
            id => id != self.job.attempt_id(),
        }
    }

    fn leaves_afterwards(&self) -> bool {
        !self.job.given.stay && !self.job.offer.return_url().is_empty()
    }
}

//! Inquiries about a payment, until it is decided.

use kassa_protocol::PaymentStatus;
use kassa_protocol::client::{GatewayAnswer, Operation, PaymentState};

use super::state::{
    Challenging, Confirming, ManualCheck, Page, Payment, Poll, PollReason, Shown, State, Timer,
};
use super::{
    CHALLENGE_LIMIT, CODE_LIMIT, CONFIRM_LIMIT, Effect, LATE_LIMIT, Machine, POLL_FAST,
    POLL_FAST_FOR, POLL_SLOW,
};
use crate::events::{EventCode, LogCode, Reason};
use crate::next_step::{NextStep, next_step};
use crate::reply::ReplyOutcome;
use crate::text::Text;

impl Machine {
    /// Begins to inquire, with nothing left to do for the buyer.
    pub(super) fn confirm(
        &mut self,
        payment: Box<Payment>,
        reason: PollReason,
        elsewhere: Option<Page>,
    ) -> State {
        self.push(Effect::Render);
        let poll = Poll { since: self.now, is_answered: false };
        self.inquire(State::Confirming(Confirming { payment, poll, reason, elsewhere }))
    }

    /// Sends an inquiry; while the page is hidden, none.
    pub(super) fn inquire(&mut self, state: State) -> State {
        if !self.page_is_hidden
            && let Some(payment) = state.payment()
        {
            self.call(payment, Operation::Inquire);
        }
        state
    }

    /// Inquires at once, in a state that does.
    pub(super) fn poll_now(&mut self, state: State) -> State {
        if state.poll().is_some() && self.running.call.is_none() {
            self.halt();
            return self.inquire(state);
        }
        state
    }

    /// Waits for the next inquiry, or ends when it has been long enough.
    pub(super) fn wait(&mut self, mut state: State) -> State {
        let now = self.now;
        let Some(since) = state.poll().map(|poll| poll.since) else { return state };
        let waited = now.since(since);
        let mut left = None;
        let is_over = match &mut state {
            State::Challenging(_) => waited >= CHALLENGE_LIMIT,
            State::ShowingCodes(it) => {
                left = it.until.map(|until| until.since(now));
                let is_expired = left == Some(0);
                if is_expired != it.is_expired || it.check == ManualCheck::Pending {
                    self.push(Effect::Render);
                }
                it.is_expired = is_expired;
                if it.check == ManualCheck::Pending {
                    it.check = ManualCheck::NotFound;
                }
                match (it.until, &it.shown) {
                    (Some(until), _) => is_expired && now.since(until) >= LATE_LIMIT,
                    (None, Shown::Codes(_)) => waited >= CODE_LIMIT,
                    (None, Shown::Approval) => waited >= CONFIRM_LIMIT,
                }
            }
            State::SwitchingApp(_) | State::Confirming(_) => waited >= CONFIRM_LIMIT,
            // These do not inquire.
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Redirecting(_)
            | State::Ended(_) => return state,
        };
        if is_over {
            return self.report_timeout(state);
        }
        if !self.page_is_hidden {
            let interval = if waited < POLL_FAST_FOR { POLL_FAST } else { POLL_SLOW };
            // An inquiry is due when a code expires, too.
            let until_expiry = left.filter(|left| (1..interval).contains(left));
            self.start(Timer::NextInquiry, until_expiry.unwrap_or(interval));
        }
        state
    }

    /// The payment was not decided in time.
    fn report_timeout(&mut self, mut state: State) -> State {
        let is_answered = state.poll().is_some_and(|poll| poll.is_answered);
        if let State::Challenging(it) = &mut state {
            it.payment.attempt.reason = Some(Reason::ChallengeTimeout);
        }
        match self.leave(state) {
            Some(payment) => self.end_undecided(payment, is_answered),
            None => State::Idle,
        }
    }

    /// Follows the gateway's answer to an inquiry.
    pub(super) fn on_inquiry_reply(&mut self, mut state: State, outcome: ReplyOutcome) -> State {
        let answer = match outcome {
            ReplyOutcome::Accepted(answer) => answer,
            // The buyer has closed the component, so that there is no second inquiry.
            ReplyOutcome::Refused(_) | ReplyOutcome::Unusable(_) if is_closing(&state) => {
                return self.close_undecided_state(state);
            }
            ReplyOutcome::Refused(answer) => {
                let code = answer.refusal.error_code.unwrap_or_default();
                self.log(LogCode::InquireRefused, code);
                return self.wait(state);
            }
            ReplyOutcome::Unusable(reason) => {
                self.log(LogCode::InquireFailed, reason);
                return self.wait(state);
            }
        };
        if let Some(poll) = state.poll_mut() {
            poll.is_answered = true;
        }
        self.on_payment_state(state, answer)
    }

    /// Follows the payment's state.
    fn on_payment_state(&mut self, mut state: State, answer: Box<GatewayAnswer>) -> State {
        let status = answer.payment.payment_status.as_ref();
        let Some(payment) = state.payment_mut() else { return state };
        payment.attempt.is_pending = status == Some(&PaymentStatus::Pending);
        // A session has one payment at a time: one that runs, or that is paid, is the unanswered one.
        // Only a failure can be that of an attempt before it.
        payment.attempt.is_unanswered &= matches!(status, None | Some(PaymentStatus::Fail));
        let is_unanswered = payment.attempt.is_unanswered;
        let is_of_another = is_unanswered && may_be_of_another_attempt(payment, &answer.payment);
        let has_form = payment.checkout.form.is_some();
        let stays = payment.checkout.request.stays_on_page;
        let reason = if let State::Confirming(it) = &state { Some(it.reason) } else { None };
        let is_authorised = reason.is_some_and(PollReason::is_after_authorisation);
        match status {
            Some(PaymentStatus::Success) if !is_authorised && !stays => match self.leave(state) {
                Some(payment) => self.authorise(payment),
                None => State::Idle,
            },
            Some(PaymentStatus::Success) => {
                if !is_authorised {
                    self.emit(EventCode::PaymentAuthorizationSuccessful, "");
                }
                match self.leave(state) {
                    Some(payment) => self.succeed(payment, answer),
                    None => State::Idle,
                }
            }
            Some(PaymentStatus::Fail) if is_of_another && !has_form => self.wait(state),
            Some(PaymentStatus::Fail) if is_of_another => self.on_submit_not_received(state),
            Some(PaymentStatus::Fail | PaymentStatus::Cancelled) => match self.leave(state) {
                Some(payment) => self.fail_attempt(payment, answer),
                None => State::Idle,
            },
            None if reason == Some(PollReason::SubmitUnanswered) && has_form => {
                self.on_submit_not_received(state)
            }
            Some(PaymentStatus::Processing | PaymentStatus::Pending | PaymentStatus::Other(_))
            | None
                if is_closing(&state) =>
            {
                self.close_undecided_state(state)
            }
            Some(PaymentStatus::Processing | PaymentStatus::Pending | PaymentStatus::Other(_)) => {
                self.on_still_under_way(state, answer)
            }
            None => self.wait(state),
        }
    }

    /// The payment is still under way, but its next step may have changed.
    fn on_still_under_way(&mut self, state: State, answer: Box<GatewayAnswer>) -> State {
        let Some(payment) = state.payment() else { return state };
        let next = next_step(&answer.payment, payment.checkout.is_phone());
        let is_nothing = next == NextStep::Nothing;
        let is_news = match next {
            NextStep::Challenge(path) => payment.attempt.challenge.as_deref() != Some(path),
            NextStep::ThreeDsMethod(_) => payment.attempt.three_ds_comp_ind.is_none(),
            NextStep::App
            | NextStep::Approval
            | NextStep::Codes
            | NextStep::Nothing
            | NextStep::Page(_) => true,
        };
        match state {
            State::ShowingCodes(mut it) => {
                self.update_codes(&mut it, answer.payment);
                self.wait(State::ShowingCodes(it))
            }
            State::Challenging(Challenging { payment, .. }) if !is_nothing && is_news => {
                self.push(Effect::CloseThreeDsFrame);
                self.follow(payment, answer)
            }
            // The challenge is over, though its frame has not reported it.
            State::Challenging(Challenging { payment, .. }) if is_nothing => {
                self.push(Effect::CloseThreeDsFrame);
                self.push(Effect::Render);
                self.wait(State::Confirming(Confirming {
                    payment,
                    poll: Poll { since: self.now, is_answered: true },
                    reason: PollReason::ChallengeDone,
                    elsewhere: None,
                }))
            }
            State::Confirming(it) => {
                let follows = match it.reason {
                    PollReason::ChallengeDone | PollReason::SubmitUnanswered => {
                        !is_nothing && is_news
                    }
                    PollReason::ThreeDsMethodDone => is_news,
                    PollReason::Authorised | PollReason::Resumed
                        if is_nothing && it.payment.attempt.is_pending =>
                    {
                        return self.end_pending(it.payment);
                    }
                    PollReason::Authorised | PollReason::ChallengeClosed | PollReason::Resumed => {
                        false
                    }
                };
                if follows {
                    return self.follow(it.payment, answer);
                }
                self.wait(State::Confirming(it))
            }
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Challenging(_)
            | State::SwitchingApp(_)
            | State::Redirecting(_)
            | State::Ended(_) => self.wait(state),
        }
    }

    /// The submit did not arrive, or not yet: the next one carries the same attempt id, so that
    /// both together are one payment.
    fn on_submit_not_received(&mut self, state: State) -> State {
        let Some(mut payment) = self.leave(state) else { return State::Idle };
        let message = "The gateway has no payment for this session: the submit did not arrive.";
        self.end_submit(&mut payment, EventCode::SubmitNetworkError, message);
        self.back_to_form(payment, Some(Text::TryAgain))
    }

    /// Leaves a state that inquires. The frame of a challenge is closed.
    fn leave(&mut self, state: State) -> Option<Box<Payment>> {
        if let State::Challenging(_) = state {
            self.push(Effect::CloseThreeDsFrame);
        }
        state.into_payment()
    }

    fn close_undecided_state(&mut self, state: State) -> State {
        match self.leave(state) {
            Some(payment) => self.close_undecided(payment),
            None => State::Idle,
        }
    }
}

/// Whether the buyer has closed the component.
fn is_closing(state: &State) -> bool {
    matches!(state, State::Confirming(it) if it.reason == PollReason::ChallengeClosed)
}

/// Whether a failure may be an earlier attempt's, and not that of the unanswered one.
/// Taking it for the unanswered one's would start a new attempt beside one that may still be paid.
fn may_be_of_another_attempt(payment: &Payment, state: &PaymentState) -> bool {
    match &state.attempt_id {
        None => payment.attempt.has_predecessor,
        Some(id) => *id != payment.attempt_id(),
    }
}

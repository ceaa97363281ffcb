//! 3DS in frames: the 3DS method, which is hidden, and the challenge.

use kassa_protocol::client::{Operation, PaymentState};
use kassa_protocol::{ChallengeWindowSize, ThreeDsCompInd};

use super::state::{
    Challenging, ChallengingStep, Confirming, Destination, Page, Payment, Poll, PollReason, State,
    Timer,
};
use super::{Effect, Machine, THREE_DS_METHOD_LIMIT, ThreeDsFrameId};
use crate::events::{EventCode, Reason};
use crate::next_step::page_url;
use crate::platform::Target;

impl Machine {
    /// Runs the 3DS method, once: it lets the issuer recognise the browser before it decides
    /// whether to challenge.
    pub(super) fn run_three_ds_method(&mut self, mut payment: Box<Payment>, path: &str) -> State {
        if payment.attempt.three_ds_comp_ind.is_some() {
            return self.confirm(payment, PollReason::ThreeDsMethodDone, None);
        }
        let Ok(target) = Target::on_gateway(&payment.checkout.gateway, path) else {
            payment.attempt.three_ds_comp_ind = Some(ThreeDsCompInd::NotCompleted);
            return self.confirm(payment, PollReason::ThreeDsMethodDone, None);
        };
        let frame = self.open_three_ds_frame(target, ChallengeWindowSize::FullScreen);
        self.start(Timer::ThreeDsMethod, THREE_DS_METHOD_LIMIT);
        State::Challenging(Challenging { payment, frame, step: ChallengingStep::Method })
    }

    /// The 3DS method completed, or did not in time.
    pub(super) fn on_three_ds_method(&mut self, state: State, result: ThreeDsCompInd) -> State {
        let State::Challenging(Challenging { mut payment, step: ChallengingStep::Method, .. }) =
            state
        else {
            return state;
        };
        self.halt();
        self.push(Effect::CloseThreeDsFrame);
        payment.attempt.three_ds_comp_ind = Some(result);
        self.confirm(payment, PollReason::ThreeDsMethodDone, None)
    }

    /// Shows a challenge. One whose page may not be framed takes the whole page.
    pub(super) fn challenge(
        &mut self,
        mut payment: Box<Payment>,
        state: &PaymentState,
        path: &str,
    ) -> State {
        self.emit(EventCode::PaymentChallenge, "");
        let elsewhere = Page::of(state);
        let target = match Target::on_gateway(&payment.checkout.gateway, path) {
            Ok(target) => target,
            Err(refused) => {
                let destination = Destination::ThreeDs;
                return match elsewhere {
                    Some(page) => self.navigate(payment, page),
                    None => self.on_not_left(payment, destination, None, refused.message()),
                };
            }
        };
        payment.attempt.challenge = Some(path.to_owned());
        payment.attempt.may_have_paid = true;
        let size = match &state.challenge_window_size {
            None | Some(ChallengeWindowSize::Other(_)) => ChallengeWindowSize::FullScreen,
            Some(size) => size.clone(),
        };
        let frame = self.open_three_ds_frame(target, size.clone());
        self.push(Effect::Render);
        let poll = Poll { since: self.now, is_answered: true };
        let step = ChallengingStep::Challenge { poll, size, elsewhere };
        self.wait(State::Challenging(Challenging { payment, frame, step }))
    }

    fn open_three_ds_frame(&mut self, target: Target, size: ChallengeWindowSize) -> ThreeDsFrameId {
        let id = ThreeDsFrameId(self.next_id());
        self.push(Effect::Render);
        self.push(Effect::OpenThreeDsFrame { id, target, size });
        id
    }

    /// The page in the frame reported that its part is over. Only the gateway has the result.
    pub(super) fn on_three_ds_frame_done(&mut self, state: State, id: ThreeDsFrameId) -> State {
        let State::Challenging(it) = state else { return state };
        if it.frame != id {
            return State::Challenging(it);
        }
        match it.step {
            ChallengingStep::Method => {
                self.on_three_ds_method(State::Challenging(it), ThreeDsCompInd::Completed)
            }
            ChallengingStep::Challenge { .. } => {
                self.halt();
                self.push(Effect::CloseThreeDsFrame);
                self.confirm(it.payment, PollReason::ChallengeDone, None)
            }
        }
    }

    /// The buyer closes the challenge. It may be over already, so an inquiry comes before any event.
    pub(super) fn leave_challenge(&mut self, mut payment: Box<Payment>, poll: Poll) -> State {
        self.halt();
        self.push(Effect::CloseThreeDsFrame);
        payment.attempt.reason = Some(Reason::ChallengeClosed);
        self.push(Effect::Render);
        self.call(&payment, Operation::Inquire);
        let reason = PollReason::ChallengeClosed;
        State::Confirming(Confirming { payment, poll, reason, elsewhere: None })
    }
}

impl Destination {
    /// Where the address in an answer leads.
    pub(super) fn of(state: &PaymentState) -> Self {
        if state.challenge == Some(true) { Self::ThreeDs } else { Self::Payment }
    }
}

impl Page {
    /// The page on which an answer has the buyer go on, if it may be opened.
    pub(super) fn of(state: &PaymentState) -> Option<Self> {
        let target = Target::parse(page_url(state)?).ok()?;
        Some(Self { destination: Destination::of(state), target })
    }
}

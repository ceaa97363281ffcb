//! Ends that the buyer, the page or the merchant causes, at any moment.

use super::state::{
    Challenging, ChallengingStep, Collecting, Confirming, Destination, Opening, Redirecting,
    RedirectingStep, ShowingCodes, State, Submitting, SwitchingApp,
};
use super::{Effect, Machine, Settlement};
use crate::events::Reason;

impl Machine {
    /// The closing button or Escape, in the page or in the form.
    pub(super) fn close(&mut self, state: State) -> State {
        match state {
            State::Opening(Opening { promise, payment, .. }) => {
                self.halt();
                self.end_loading(promise, &payment.checkout);
                self.cancel(payment)
            }
            State::Collecting(Collecting { payment, .. }) => self.cancel(payment),
            State::Challenging(Challenging {
                payment,
                step: ChallengingStep::Challenge { poll, .. },
                ..
            }) => self.leave_challenge(payment, poll),
            State::Redirecting(Redirecting {
                mut payment,
                destination: Destination::ThreeDs,
                step: RedirectingStep::Left | RedirectingStep::Refused,
                ..
            }) => {
                payment.attempt.reason = Some(Reason::ChallengeClosed);
                self.close_undecided(payment)
            }
            State::Redirecting(Redirecting { payment, step: RedirectingStep::Refused, .. })
            | State::SwitchingApp(SwitchingApp { payment, .. }) => {
                self.halt();
                if payment.attempt.may_have_paid {
                    self.close_undecided(payment)
                } else {
                    self.cancel(payment)
                }
            }
            // Left, too: a browser may have accepted a navigation and not gone.
            State::Redirecting(Redirecting { payment, step: RedirectingStep::Left, .. })
            | State::ShowingCodes(ShowingCodes { payment, .. })
            | State::Confirming(Confirming { payment, .. }) => {
                self.halt();
                self.close_undecided(payment)
            }
            State::Ended(_) => {
                self.push(Effect::NotifyClosed);
                self.unmount(state)
            }
            State::Idle | State::Submitting(_) | State::Challenging(_) | State::Redirecting(_) => {
                state
            }
        }
    }

    /// The page's own code took the component out of the document, as some routers do with a whole
    /// page. Ends as if the buyer had closed the component, without asking the gateway once more.
    pub(super) fn on_removed(&mut self, state: State) -> State {
        match state {
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::ShowingCodes(_)
            | State::SwitchingApp(_)
            | State::Confirming(_)
            | State::Ended(_)
            | State::Redirecting(Redirecting {
                step: RedirectingStep::Left | RedirectingStep::Refused,
                ..
            }) => self.close(state),
            State::Submitting(Submitting { payment, .. }) => {
                self.halt();
                if payment.attempt.may_have_paid {
                    self.close_undecided(payment)
                } else {
                    self.cancel(payment)
                }
            }
            State::Challenging(Challenging { mut payment, step, .. }) => {
                self.halt();
                if let ChallengingStep::Challenge { .. } = step {
                    payment.attempt.reason = Some(Reason::ChallengeClosed);
                }
                self.close_undecided(payment)
            }
            State::Redirecting(Redirecting { mut payment, destination, .. }) => {
                if destination == Destination::ThreeDs {
                    payment.attempt.reason = Some(Reason::ChallengeClosed);
                }
                self.close_undecided(payment)
            }
        }
    }

    /// Ends everything without an event.
    pub(super) fn unmount(&mut self, state: State) -> State {
        self.halt();
        if let State::Opening(Opening { promise, .. }) = state {
            self.settle(promise, Settlement::Opened);
        }
        if let State::Ended(_) = state {
            self.push(Effect::RemoveComponent);
        }
        match state.into_payment() {
            Some(payment) => self.remove_component(payment),
            None => State::Idle,
        }
    }
}

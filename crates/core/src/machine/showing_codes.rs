//! Codes to pay with, and approvals outside of the page.

use kassa_protocol::client::PaymentState;

use super::state::{ManualCheck, Payment, Poll, ShowingCodes, Shown, State};
use super::{Effect, Machine, Millis};
use crate::next_step::time_left;

impl Machine {
    /// Waits for the buyer to pay or approve outside of the page, and inquires meanwhile. `until`
    /// is the deadline.
    pub(super) fn await_buyer(
        &mut self,
        mut payment: Box<Payment>,
        until: Option<Millis>,
        shown: Shown,
    ) -> State {
        payment.attempt.may_have_paid = true;
        self.push(Effect::Render);
        self.wait(State::ShowingCodes(ShowingCodes {
            payment,
            poll: Poll { since: self.now, is_answered: true },
            shown,
            until,
            is_expired: false,
            check: ManualCheck::Idle,
        }))
    }

    /// The payment still waits for the buyer: codes and the time that is left may have changed.
    pub(super) fn update_codes(&mut self, it: &mut ShowingCodes, state: PaymentState) {
        self.push(Effect::Render);
        let reported = self.deadline(&state);
        if let Shown::Codes(codes) = &mut it.shown {
            *codes = state.code_form_views;
        }
        // A code that has expired stays expired, however often the gateway reports its end as now.
        let ahead = reported.filter(|until| *until > self.now);
        it.until = ahead.or(it.until).or(reported);
    }

    /// The button that checks whether the payment has arrived.
    pub(super) fn check_now(&mut self, mut state: State) -> State {
        if let State::ShowingCodes(it) = &mut state {
            it.check = ManualCheck::Pending;
            self.push(Effect::Render);
        }
        self.poll_now(state)
    }

    /// Until when the buyer can pay or approve. The gateway gives this moment and the current time
    /// by its own clock, so that the device's clock does not matter.
    pub(super) fn deadline(&self, state: &PaymentState) -> Option<Millis> {
        Some(self.now.plus(time_left(state)?))
    }
}

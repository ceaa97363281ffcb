//! Leaving the page.

use super::state::{Destination, Page, Payment, PollReason, Redirecting, RedirectingStep, State};
use super::{Effect, Machine, NavigationId};
use crate::events::EventCode;
use crate::platform::Target;
use crate::text_tools::fill;

impl Machine {
    /// Sends the buyer to an address that the gateway named.
    pub(super) fn redirect(
        &mut self,
        payment: Box<Payment>,
        url: &str,
        destination: Destination,
    ) -> State {
        match Target::parse(url) {
            Ok(target) => self.navigate(payment, Page { destination, target }),
            Err(refused) => self.on_not_left(payment, destination, None, refused.message()),
        }
    }

    /// Hands an address to the browser.
    pub(super) fn navigate(&mut self, payment: Box<Payment>, page: Page) -> State {
        let Page { destination, target } = page;
        let id = NavigationId(self.next_id());
        self.push(Effect::Render);
        self.push(Effect::Navigate { id, target: target.clone() });
        let step = RedirectingStep::Leaving(id);
        State::Redirecting(Redirecting { payment, destination, target: Some(target), step })
    }

    /// The browser accepted a navigation, or refused it.
    pub(super) fn on_navigation(
        &mut self,
        state: State,
        id: NavigationId,
        accepted: bool,
    ) -> State {
        if let State::SwitchingApp(it) = state {
            return self.on_app_navigation(it, id, accepted);
        }
        let State::Redirecting(mut it) = state else { return state };
        if !matches!(it.step, RedirectingStep::Leaving(current) if current == id) {
            return State::Redirecting(it);
        }
        if !accepted {
            let Redirecting { payment, destination, target, .. } = it;
            return self.on_not_left(payment, destination, target, "the browser refused");
        }
        it.payment.attempt.may_have_paid = true;
        let message = fill("Opening the {}.", &[it.destination.name()]);
        self.emit_and_end_submit(&mut it.payment, EventCode::CallUrlSuccess, &message);
        self.push(Effect::Render);
        it.step = RedirectingStep::Left;
        State::Redirecting(it)
    }

    /// A page could not be opened. After the payment, the result still matters; before, the way
    /// there.
    pub(super) fn on_not_left(
        &mut self,
        mut payment: Box<Payment>,
        destination: Destination,
        target: Option<Target>,
        reason: &str,
    ) -> State {
        let message = fill("The {} was not opened: {}.", &[destination.name(), reason]);
        self.emit(EventCode::CallUrlError, &message);
        if destination == Destination::Merchant {
            let elsewhere = target.map(|target| Page { destination, target });
            return self.confirm(payment, PollReason::Authorised, elsewhere);
        }
        self.end_submit(&mut payment, EventCode::CallUrlError, &message);
        self.push(Effect::Render);
        let step = RedirectingStep::Refused;
        State::Redirecting(Redirecting { payment, destination, target, step })
    }
}

//! Leaving the page.

use super::effect::Fx;
use super::state::{Job, Place, Redirect, RedirectStep, State, Why};
use super::{Effect, Input, Machine, Millis, NavigationId, refuse_duplicate};
use crate::events::Code;
use crate::join;
use crate::platform::Target;

impl Machine {
    /// Sends the buyer to an address that the gateway named.
    pub(super) fn redirect(
        &mut self,
        mut job: Box<Job>,
        url: &str,
        place: Place,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        job.end_loading(fx);
        match Target::parse(url) {
            Ok(target) => self.navigate(job, target, place, fx),
            Err(refused) => self.not_left(job, None, place, refused.message(), now, fx),
        }
    }

    /// Hands an address to the browser.
    pub(super) fn navigate(
        &mut self,
        job: Box<Job>,
        target: Target,
        place: Place,
        fx: &mut Fx,
    ) -> State {
        let navigation = NavigationId(self.next_id());
        fx.push(Effect::Render);
        fx.push(Effect::Navigate { id: navigation, target: target.clone() });
        State::Redirecting(
            job,
            Redirect { target: Some(target), place, step: RedirectStep::Leaving { navigation } },
        )
    }

    /// A page could not be opened. After paying the result still matters; before, the way there.
    fn not_left(
        &mut self,
        mut job: Box<Job>,
        target: Option<Target>,
        place: Place,
        why: &str,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        let message = join(&["The ", place.name(), " was not opened: ", why, "."]);
        fx.tell(Code::CallUrlError, message.clone());
        if place == Place::Merchant {
            let next = target.map(|target| (target, place));
            return self.confirm(job, Why::Authorised, next, now, fx);
        }
        job.settle_submit(Code::CallUrlError, &message, fx);
        fx.push(Effect::Render);
        State::Redirecting(job, Redirect { target, place, step: RedirectStep::Refused })
    }

    pub(super) fn step_redirecting(
        &mut self,
        mut job: Box<Job>,
        redirect: Redirect,
        input: Input,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        let Redirect { target, place, step } = redirect;
        match (step, input) {
            (RedirectStep::Leaving { navigation }, Input::Navigated { navigation: id, taken })
                if id == navigation =>
            {
                if !taken {
                    return self.not_left(job, target, place, "the browser refused", now, fx);
                }
                job.engaged = true;
                let message = join(&["Opening the ", place.name(), "."]);
                fx.tell(Code::CallUrlSuccess, message.clone());
                job.settle_submit(Code::CallUrlSuccess, &message, fx);
                State::Redirecting(job, Redirect { target, place, step: RedirectStep::Left })
            }
            // Back in the page that had been left: what happened meanwhile only the gateway knows.
            (_, Input::PageShown { restored: true }) => {
                let next = target.map(|target| (target, place));
                self.confirm(job, Why::Resumed, next, now, fx)
            }
            (RedirectStep::Refused, Input::ContinuePressed) => match target {
                Some(target) => self.navigate(job, target, place, fx),
                None => self.not_left(job, None, place, "its address is not allowed", now, fx),
            },
            (RedirectStep::Refused, Input::ClosePressed) => match place {
                Place::Challenge => self.close_undecided(job, "CHALLENGE_CLOSED", fx),
                Place::Bank | Place::Merchant if job.engaged => {
                    self.close_undecided(job, "CLOSED_BEFORE_RESULT", fx)
                }
                Place::Bank | Place::Merchant => {
                    fx.emit(Code::PaymentCancel);
                    fx.push(Effect::Closed);
                    job.tear_down(fx)
                }
            },
            (step, input) => {
                refuse_duplicate(&input, fx);
                State::Redirecting(job, Redirect { target, place, step })
            }
        }
    }
}

//! Leaving the page.

use super::state::{Place, Redirecting, State, SwitchingApp, Why};
use super::{Effect, Machine, NavigationId};
use crate::events::Code;
use crate::fill;
use crate::platform::Target;

impl Machine {
    /// Sends the buyer to an address that the gateway named.
    #[inline(never)]
    pub(super) fn redirect(&mut self, url: &str, place: Place) {
        self.end_loading();
        self.job.place = place;
        match Target::parse(url) {
            Ok(target) => self.navigate(target),
            Err(refused) => {
                self.job.target = None;
                self.not_left(refused.message());
            }
        }
    }

    /// Hands an address to the browser.
    pub(super) fn navigate(&mut self, target: Target) {
        self.drop_window();
        let id = NavigationId(self.next_id());
        self.push(Effect::Render);
        self.push(Effect::Navigate { id, target: target.clone() });
        self.job.target = Some(target);
        self.state = State::Redirecting(Redirecting::Leaving { navigation: id });
    }

    /// The browser took a navigation, or refused it.
    pub(super) fn navigated(&mut self, id: NavigationId, taken: bool) {
        match self.state {
            State::Redirecting(Redirecting::Leaving { navigation }) if navigation == id => {}
            // Whether the app opened shows in the page, not in what the browser took.
            State::SwitchingApp(SwitchingApp::Calling { navigation: Some(navigation), since })
                if navigation == id =>
            {
                self.state = State::SwitchingApp(SwitchingApp::Calling { navigation: None, since });
                if !taken {
                    self.app_failed();
                }
                return;
            }
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Redirecting(_)
            | State::Preparing
            | State::SwitchingApp(_)
            | State::Confirming(_)
            | State::Done(_) => return,
        }
        if !taken {
            return self.not_left("the browser refused");
        }
        self.job.engaged = true;
        let message = fill("Opening the {}.", &[self.job.place.name()]);
        self.answer(Code::CallUrlSuccess, &message);
        self.state = State::Redirecting(Redirecting::Left);
        self.push(Effect::Render);
    }

    /// A page could not be opened. After paying the result still matters; before, the way there.
    #[inline(never)]
    pub(super) fn not_left(&mut self, why: &str) {
        let place = self.job.place;
        let message = fill("The {} was not opened: {}.", &[place.name(), why]);
        self.tell(Code::CallUrlError, &message);
        if place == Place::Merchant {
            return self.confirm(Why::Authorised);
        }
        self.end_submit(Code::CallUrlError, &message);
        self.push(Effect::Render);
        self.state = State::Redirecting(Redirecting::Refused);
    }
}

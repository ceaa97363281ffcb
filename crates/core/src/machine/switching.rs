//! Paying in an app. A page cannot ask whether an app opened: it sees that it is hidden, or that it
//! is not.

use super::state::{Place, State, SwitchingApp, Why};
use super::{APP_LIMIT, Effect, Machine, NavigationId};
use crate::answer::Body;
use crate::events::Code;
use crate::platform::{Target, is_in_app};
use crate::text::Text;

/// A timer that fires later than this was held up, and only an app in front of the page does that.
const HELD_UP: u32 = APP_LIMIT + 2_000;

impl Machine {
    /// Offers the app. Browsers open apps only at a press.
    pub(super) fn offer_app(&mut self, body: &Body) {
        let mut apps: Vec<Target> =
            body.app_urls().into_iter().filter_map(|url| Target::app(url).ok()).collect();
        let given = &self.job.given;
        if given.in_app || is_in_app(&given.browser.user_agent) {
            // Inside of another app, an app's own page stays a page.
            apps.reverse();
        }
        if apps.is_empty() {
            return self.redirect(body.next_url(), Place::Bank);
        }
        self.job.apps = apps;
        self.push(Effect::Render);
        self.state = State::SwitchingApp(SwitchingApp::Offered(Text::PayInApp));
    }

    /// One press, one try.
    pub(super) fn open_app(&mut self) {
        match self.state {
            State::SwitchingApp(SwitchingApp::Offered(_)) => {}
            State::Confirming(confirming) if confirming.why == Why::App => self.halt(),
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
        let Some(target) = self.job.apps.first().cloned() else { return };
        let navigation = NavigationId(self.next_id());
        self.push(Effect::Render);
        self.push(Effect::Navigate { id: navigation, target });
        self.limit(APP_LIMIT);
        let navigation = Some(navigation);
        self.state = State::SwitchingApp(SwitchingApp::Calling { navigation, since: self.now });
    }

    /// The page is hidden: the app is in front of it.
    pub(super) fn app_opened(&mut self) {
        self.halt();
        self.job.engaged = true;
        self.answer(Code::CallUrlSuccess, "The payment app was opened.");
        self.confirm(Why::App);
    }

    /// The page was not hidden in time.
    pub(super) fn app_is_late(&mut self) {
        match self.state {
            State::SwitchingApp(SwitchingApp::Calling { since, .. })
                if self.now.0.saturating_sub(since.0) > HELD_UP =>
            {
                self.app_opened();
            }
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Redirecting(_)
            | State::Preparing
            | State::SwitchingApp(_)
            | State::Confirming(_)
            | State::Done(_) => self.app_failed(),
        }
    }

    /// The app did not open: the browser can do it, or the buyer tries again.
    pub(super) fn app_failed(&mut self) {
        self.halt();
        self.log("APP_NOT_OPENED", String::from("The page was not hidden in time."));
        if let Some(target) = self.job.target.clone() {
            return self.navigate(target);
        }
        let message = "No app opened, and the gateway names no page to pay on instead.";
        self.answer(Code::LaunchPaymentAppError, message);
        // There are two at the most.
        self.job.apps.reverse();
        self.push(Effect::Render);
        self.state = State::SwitchingApp(SwitchingApp::Offered(Text::AppNotOpened));
    }
}

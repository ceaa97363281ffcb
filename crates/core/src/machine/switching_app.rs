//! Paying in an app. A page cannot find out whether an app opened; it can only see whether it was
//! hidden.

use kassa_protocol::client::PaymentState;

use super::state::{AppStep, Destination, Page, Payment, Poll, State, SwitchingApp, Timer};
use super::{APP_LIMIT, Effect, Machine, NavigationId};
use crate::events::{EventCode, LogCode};
use crate::next_step::page_url;
use crate::platform::{Target, is_in_app};
use crate::text::Text;

/// A timer that fires later than this, in milliseconds, was held up, and only an app in front of
/// the page does that.
const HELD_UP: u32 = APP_LIMIT + 2_000;

impl Machine {
    /// Opens the app while the page has the activation of the buyer's last press, with which
    /// browsers open apps. Otherwise the buyer has a button for it.
    pub(super) fn offer_app(&mut self, payment: Box<Payment>, state: &PaymentState) -> State {
        let mut apps = Vec::new();
        apps.extend(state.applink_url.as_deref().and_then(|url| Target::parse(url).ok()));
        if payment.checkout.is_phone() {
            apps.extend(state.scheme_url.as_deref().and_then(|url| Target::app(url).ok()));
        }
        let request = &payment.checkout.request;
        if request.is_app_webview || is_in_app(&request.browser.user_agent) {
            // Inside of another app, an app's own web address stays a page: its scheme goes first.
            apps.reverse();
        }
        if apps.is_empty() {
            let url = page_url(state).unwrap_or_default();
            return self.redirect(payment, url, Destination::Payment);
        }
        let is_activated = self.activation.unwrap_or(request.is_from_click);
        // On a desktop, most buyers have no app that could open.
        let opens_at_once = is_activated && payment.checkout.is_phone() && !self.page_is_hidden;
        let offered = State::SwitchingApp(SwitchingApp {
            payment,
            apps,
            elsewhere: Page::of(state),
            step: AppStep::Offered { notice: Text::PayInApp },
        });
        if opens_at_once {
            return self.launch_app(offered);
        }
        self.push(Effect::Render);
        offered
    }

    /// Opens the app. One press, one try.
    pub(super) fn launch_app(&mut self, state: State) -> State {
        let State::SwitchingApp(mut it) = state else { return state };
        let Some(target) = it.apps.first().cloned() else { return State::SwitchingApp(it) };
        match it.step {
            AppStep::Offered { .. } => {}
            AppStep::InApp { .. } => self.halt(),
            AppStep::Launching { .. } => return State::SwitchingApp(it),
        }
        let id = NavigationId(self.next_id());
        self.push(Effect::Render);
        self.push(Effect::Navigate { id, target });
        self.start(Timer::AppLaunch, APP_LIMIT);
        it.step = AppStep::Launching { navigation: Some(id), since: self.now };
        State::SwitchingApp(it)
    }

    /// The page is hidden: the app is in front of it.
    pub(super) fn on_app_launched(&mut self, mut it: SwitchingApp) -> State {
        self.halt();
        it.payment.attempt.may_have_paid = true;
        let message = "The payment app was opened.";
        self.emit_and_end_submit(&mut it.payment, EventCode::CallUrlSuccess, message);
        self.push(Effect::Render);
        it.step = AppStep::InApp { poll: Poll { since: self.now, is_answered: false } };
        self.inquire(State::SwitchingApp(it))
    }

    /// The browser accepted or refused the app's link. Only a refusal means anything: whether the
    /// app opened shows in whether the page is hidden.
    pub(super) fn on_app_navigation(
        &mut self,
        mut it: SwitchingApp,
        id: NavigationId,
        accepted: bool,
    ) -> State {
        if let AppStep::Launching { navigation, .. } = &mut it.step
            && *navigation == Some(id)
        {
            *navigation = None;
            if !accepted {
                return self.on_app_failed(it);
            }
        }
        State::SwitchingApp(it)
    }

    /// The page was not hidden in time.
    pub(super) fn on_app_launch_limit(&mut self, state: State) -> State {
        let State::SwitchingApp(it) = state else { return state };
        let AppStep::Launching { since, .. } = it.step else { return State::SwitchingApp(it) };
        if self.now.since(since) > HELD_UP {
            return self.on_app_launched(it);
        }
        self.on_app_failed(it)
    }

    /// The app did not open: the page takes its place, or the buyer tries again.
    pub(super) fn on_app_failed(&mut self, mut it: SwitchingApp) -> State {
        self.halt();
        self.log(LogCode::AppNotOpened, "The page was not hidden in time.".to_owned());
        if let Some(page) = it.elsewhere {
            return self.navigate(it.payment, page);
        }
        let message = "No app opened, and the gateway names no page to pay on instead.";
        self.emit_and_end_submit(&mut it.payment, EventCode::LaunchPaymentAppError, message);
        // There are two at most.
        it.apps.reverse();
        self.push(Effect::Render);
        it.step = AppStep::Offered { notice: Text::AppNotOpened };
        State::SwitchingApp(it)
    }
}

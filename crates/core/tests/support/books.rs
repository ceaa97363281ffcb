//! The driver's record of a machine's effects: the calls, timers, frames and promises that run.

use kassa_core::events::EventCode;
use kassa_core::machine::{BeforeSubmit, Effect, Input, Millis, PromiseId, Screen};
use kassa_core::text::Text;
use kassa_protocol::ChallengeWindowSize;
use kassa_protocol::frame::{FromForm, ToForm};

use super::{Driver, GATEWAY};

/// Beginnings of the addresses that the tests' answers may open. Not by the rule that is tested.
const ADDRESSES: [&str; 5] = [
    "https://",
    "wallet:",
    "gcash:",
    "com.example-app+1:",
    "intent://pay#Intent;scheme=gcash;package=com.globe",
];

impl Driver {
    /// Removes the operation that an input answers, so that no operation is answered twice.
    pub(super) fn take_answered(&mut self, input: &Input) {
        match input {
            Input::TimerFired(id) => {
                let running = self.timers.len();
                self.timers.retain(|(timer, _)| timer != id);
                if self.timers.len() < running && self.is_launching_app() {
                    self.navigation = None;
                }
            }
            Input::CallAnswered { call, .. } | Input::CallFailed { call, .. } => {
                self.calls.retain(|(id, _)| id != call);
            }
            Input::NavigationDone { navigation, .. } if self.navigation == Some(*navigation) => {
                self.navigation = None;
            }
            Input::BeforeSubmitAnswered { id, .. } if self.before_submit == Some(*id) => {
                self.before_submit = None;
            }
            Input::PageHidden => {
                self.is_hidden = true;
                // An app that opened makes the browser's answer meaningless.
                if self.is_launching_app() {
                    self.navigation = None;
                    self.laws.enter_app();
                }
            }
            Input::PageShown { restored } => {
                self.is_hidden = false;
                // The page was left after all, so that no answer to the navigation will come.
                self.navigation = self.navigation.filter(|_| !restored);
                if *restored && self.is_launching_app() {
                    self.laws.enter_app();
                }
            }
            Input::FormMessage { form, message } if self.form == Some(*form) => match message {
                FromForm::Checked { id, .. } => self.checks.retain(|(check, _)| check != id),
                FromForm::Invalid { id }
                | FromForm::Refused { id, .. }
                | FromForm::Token { id, .. }
                | FromForm::Unreachable { id }
                | FromForm::Values { id, .. } => {
                    self.form_submit = self.form_submit.filter(|submit| submit != id);
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn take_id(&mut self, id: u32) {
        assert!(id > self.last_id, "an id is never used twice");
        self.last_id = id;
    }

    pub(super) fn execute(&mut self, effect: &Effect, validating: Option<PromiseId>) {
        match effect {
            Effect::Call { id, call } => {
                self.take_id(id.0);
                assert!(self.calls.is_empty(), "one call at a time: {:?}", self.calls);
                assert_eq!(call.url, format!("{GATEWAY}/mgw.htm"));
                self.laws.call(call);
                self.calls.push((*id, call.operation));
            }
            Effect::AbortCall(id) => {
                assert!(self.calls.iter().any(|(call, _)| call == id), "aborts a call that runs");
                self.calls.retain(|(call, _)| call != id);
            }
            Effect::StartTimer { id, after } => {
                self.take_id(id.0);
                self.timers.push((*id, self.now + after));
            }
            Effect::CancelTimer(id) => {
                let runs = self.timers.iter().any(|(timer, _)| timer == id);
                assert!(runs, "cancels a timer that runs");
                self.timers.retain(|(timer, _)| timer != id);
            }
            Effect::Emit(event) => {
                self.laws.event(event, self.is_on_screen);
                self.laws.close(event, self.form.is_some());
                self.events.push(event.clone());
            }
            Effect::Settle { promise, settlement } => {
                assert!(self.promises.remove(&promise.0), "a promise settles once: {settlement:?}");
                self.checks.retain(|(_, check)| check != promise);
                self.laws.settlement(settlement);
            }
            Effect::OpenCardForm { id, target, .. } => {
                self.take_id(id.0);
                assert!(target.as_str().starts_with(GATEWAY));
                self.form = Some(*id);
            }
            Effect::OpenFields { id, elements, .. } => {
                self.take_id(id.0);
                assert!(!elements.is_empty(), "a form without fields");
                self.form = Some(*id);
            }
            Effect::OpenThreeDsFrame { id, target, size } => {
                self.take_id(id.0);
                assert!(self.three_ds_frame.is_none(), "one frame of 3DS at a time");
                assert!(target.as_str().starts_with(GATEWAY));
                assert!(!matches!(size, ChallengeWindowSize::Other(_)), "{size}");
                self.three_ds_frame = Some(*id);
                self.last_three_ds_frame = Some(*id);
            }
            Effect::CloseThreeDsFrame => {
                assert!(self.three_ds_frame.take().is_some(), "closes a frame that is open");
            }
            Effect::AskBeforeSubmit { id, method } => {
                self.take_id(id.0);
                assert!(!method.as_str().is_empty());
                self.before_submit = Some(*id);
                self.last_before_submit = Some(*id);
            }
            Effect::SendToForm(message) => self.send_to_form(message, validating),
            Effect::Navigate { id, target } => {
                self.take_id(id.0);
                let address = target.as_str();
                let is_allowed = ADDRESSES.iter().any(|it| address.starts_with(it));
                assert!(is_allowed, "{target:?}");
                self.navigation = Some(*id);
            }
            Effect::Render => self.is_on_screen = true,
            Effect::RemoveComponent => {
                assert!(self.calls.is_empty() && self.timers.is_empty(), "leaves nothing running");
                self.laws.remove_component();
                self.form = None;
                self.three_ds_frame = None;
                self.before_submit = None;
                self.form_submit = None;
                self.is_on_screen = false;
                self.navigation = None;
            }
            Effect::Log(line) => self.laws.check_secrets(&line.message),
            Effect::NotifyClosed => {}
            Effect::NotifyMethodSelected { method } => assert!(!method.as_str().is_empty()),
        }
    }

    fn send_to_form(&mut self, message: &ToForm, validating: Option<PromiseId>) {
        assert!(self.form.is_some(), "sends to a form that is open");
        match message {
            ToForm::Submit { id } => {
                self.take_id(*id);
                self.form_submit = Some(*id);
                self.laws.press();
            }
            ToForm::Validate { id } => {
                self.last_check = Some(*id);
                self.checks.push((*id, validating.expect("validateFields() was called")));
            }
            ToForm::Busy { busy: false } => {
                self.form_submit = None;
                self.before_submit = None;
                self.laws.release_form();
            }
            ToForm::Busy { busy: true } | ToForm::Init(_) => {}
        }
    }

    /// Whether an app is being opened.
    pub(crate) fn is_launching_app(&self) -> bool {
        let view = self.machine.view();
        // On the way to a page, the buyer cannot close, or has a button that goes there.
        view.is_closable
            && matches!(view.screen, Screen::Waiting { notice: Text::Leaving, button: None, .. })
    }

    /// Whether the machine waits for exactly the answers that the driver has noted as open. A copy of
    /// the machine takes each possible answer; only an awaited one has effects.
    pub(crate) fn check_books(&self) {
        let reacts = |input| {
            let mut machine = self.machine.clone();
            machine.handle(input, Millis(self.now))
        };
        if let Some(id) = self.last_before_submit {
            let answer = Input::BeforeSubmitAnswered { id, answer: BeforeSubmit::Continue.into() };
            assert_eq!(!reacts(answer).is_empty(), self.before_submit.is_some(), "onBeforeSubmit");
        }
        if let Some(frame) = self.last_three_ds_frame {
            let done = !reacts(Input::ThreeDsFrameDone { frame }).is_empty();
            assert_eq!(done, self.three_ds_frame.is_some(), "frame of 3DS");
        }
        let opened = reacts(Input::PageHidden).iter().any(
            |effect| matches!(effect, Effect::Emit(it) if it.code == EventCode::CallUrlSuccess),
        );
        assert_eq!(opened, self.is_launching_app(), "an app is being opened");
    }
}

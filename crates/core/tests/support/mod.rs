//! A runtime without a browser: records the operations that the machine started, checks the laws
//! after every input, and prints effects as lines.
#![allow(dead_code, reason = "each test crate uses its own part of the driver")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, a panic with a message is the report"
)]

pub(crate) mod action;
pub(crate) mod answers;
mod books;
mod laws;
pub(crate) mod line;
pub(crate) mod rest;

use std::collections::BTreeSet;

use kassa_core::Machine;
use kassa_core::call::Browser;
use kassa_core::events::{Event, EventCode};
use kassa_core::locale::choose;
use kassa_core::machine::{
    Appearance, BeforeSubmitId, Button, CallId, Config, Directive, Effect, FormId, Input, Millis,
    NavigationId, OpenRequest, PayButton, PromiseId, Screen, Settlement, ThreeDsFrameId, TimerId,
};
use kassa_core::platform::Environment;
use kassa_core::reply::HttpReply;
use kassa_core::session::Metadata;
use kassa_protocol::client::{GatewayAnswer, Operation};
use kassa_protocol::frame::FromForm;
use kassa_protocol::json;
use laws::Laws;
#[allow(unused_imports, reason = "each test crate uses its own part of the driver")]
pub(crate) use line::line;

pub(crate) const GATEWAY: &str = "https://gw.example";
pub(crate) const SESSION: &str = "c2Vzc2lvbg==&&SG&&188";
pub(crate) const ANDROID: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130 Mobile";

/// A reply with HTTP status 200 and this body.
pub(crate) fn reply(body: &str) -> HttpReply {
    let value: serde_json::Value = serde_json::from_str(body).expect("the test's JSON");
    let answer = json::read::<GatewayAnswer>(&value).map(Box::new);
    HttpReply { status: 200, result_status: None, trace_id: None, answer }
}

/// The parameters of an opening that stays on the page.
pub(crate) fn request(promise: PromiseId) -> OpenRequest {
    OpenRequest {
        promise,
        session_data: SESSION.into(),
        metadata: Some(Metadata::default()),
        stays_on_page: true,
        appearance: Appearance { show_loading: true, show_submit_button: true, theme: None },
        browser: Browser { page: "https://shop.example/checkout".into(), ..Browser::default() },
        attempt_seed: format!("seed{}", promise.0),
        ..OpenRequest::default()
    }
}

/// A machine, its running operations, and the events that it emitted.
#[derive(Clone)]
pub(crate) struct Driver {
    pub(crate) machine: Machine,
    pub(crate) now: u32,
    pub(crate) calls: Vec<(CallId, Operation)>,
    pub(crate) timers: Vec<(TimerId, u32)>,
    pub(crate) form: Option<FormId>,
    pub(crate) three_ds_frame: Option<ThreeDsFrameId>,
    /// The request to `onBeforeSubmit` that has not been answered.
    pub(crate) before_submit: Option<BeforeSubmitId>,
    /// The submit that the form has not answered.
    pub(crate) form_submit: Option<u32>,
    /// The check that was sent to the form last.
    pub(crate) last_check: Option<u32>,
    /// The checks that the form has not answered, with their promises.
    pub(crate) checks: Vec<(u32, PromiseId)>,
    /// The navigation that the browser has not answered.
    pub(crate) navigation: Option<NavigationId>,
    pub(crate) is_hidden: bool,
    /// Whether the page has the buyer's activation when the gateway answers.
    pub(crate) activation: Option<bool>,
    /// The promises that have not settled.
    pub(crate) promises: BTreeSet<u32>,
    last_promise: u32,
    pub(crate) events: Vec<Event>,
    pub(crate) is_on_screen: bool,
    pub(crate) laws: Laws,
    pub(crate) last_id: u32,
    /// The last ones that were opened, whether or not they still are.
    last_before_submit: Option<BeforeSubmitId>,
    last_three_ds_frame: Option<ThreeDsFrameId>,
}

impl Driver {
    pub(crate) fn new() -> Self {
        Self::with(false)
    }

    /// With an `onBeforeSubmit`, or without.
    pub(crate) fn with(asks_before_submit: bool) -> Self {
        Self {
            machine: Machine::new(Config {
                environment: Environment::Sandbox,
                gateway: Some(format!("{GATEWAY}/")),
                locale: choose(None, []),
                asks_before_submit,
            }),
            now: 0,
            calls: vec![],
            timers: vec![],
            form: None,
            three_ds_frame: None,
            before_submit: None,
            form_submit: None,
            last_check: None,
            checks: vec![],
            navigation: None,
            is_hidden: false,
            activation: Some(false),
            promises: BTreeSet::new(),
            last_promise: 0,
            events: vec![],
            is_on_screen: false,
            laws: Laws::default(),
            last_id: 0,
            last_before_submit: None,
            last_three_ds_frame: None,
        }
    }

    pub(crate) fn promise(&mut self) -> PromiseId {
        self.last_promise += 1;
        self.promises.insert(self.last_promise);
        PromiseId(self.last_promise)
    }

    pub(crate) fn open(&mut self, change: impl FnOnce(&mut OpenRequest)) -> Vec<Effect> {
        let mut request = request(self.promise());
        change(&mut request);
        self.input(Input::Open(Box::new(request)))
    }

    /// Feeds an input and executes the effects as a runtime would.
    pub(crate) fn input(&mut self, input: Input) -> Vec<Effect> {
        let is_stale = self.is_stale(&input);
        let is_duplicate = self.is_duplicate(&input);
        let has_no_button = self.has_no_button(&input);
        let before = self.machine.clone();
        let running = match &input {
            Input::CallAnswered { call, .. } => {
                self.calls.iter().find(|(id, _)| id == call).map(|(_, operation)| *operation)
            }
            _ => None,
        };
        // That the browser accepts an app's link does not mean that the app opened.
        let is_app = matches!(input, Input::NavigationDone { .. }) && self.is_launching_app();
        self.laws.before(&input, running, is_stale || is_app);
        self.take_answered(&input);
        let validating = match &input {
            Input::Validate { promise } => Some(*promise),
            _ => None,
        };

        let taken = input.clone();
        let effects = self.machine.handle(input, Millis(self.now));
        for effect in &effects {
            self.execute(effect, validating);
        }

        assert!(
            !is_stale || effects.is_empty(),
            "{taken:?} is stale, but has effects: {effects:?}"
        );
        assert!(!is_duplicate || is_refused_duplicate(&effects), "{taken:?} did more: {effects:?}");
        assert!(!has_no_button || effects.is_empty(), "{taken:?} without a button: {effects:?}");
        if is_stale || is_duplicate || has_no_button {
            self.check_unchanged(before.clone(), &taken);
        }
        let inquires = effects.iter().any(
            |e| matches!(e, Effect::Call { call, .. } if call.operation == Operation::Inquire),
        );
        // A buyer who closes a challenge sees the page, and there is one inquiry.
        let closes = matches!(
            taken,
            Input::ClosePressed | Input::FormMessage { message: FromForm::ClosePressed, .. }
        );
        assert!(
            !inquires || !self.is_hidden || closes,
            "{taken:?} inquires while the page is hidden"
        );
        let renders = effects.iter().any(|e| matches!(e, Effect::Render | Effect::RemoveComponent));
        let same = before.view() == self.machine.view();
        assert!(renders || same, "{taken:?} changes the view, and nothing renders it");
        self.check_rest();
        effects
    }

    /// Whether an input answers something that does not run (any more).
    pub(crate) fn is_stale(&self, input: &Input) -> bool {
        match input {
            Input::CallAnswered { call, .. } | Input::CallFailed { call, .. } => {
                !self.calls.iter().any(|(id, _)| id == call)
            }
            Input::TimerFired(timer) => !self.timers.iter().any(|(id, _)| id == timer),
            Input::NavigationDone { navigation, .. } => self.navigation != Some(*navigation),
            Input::BeforeSubmitAnswered { id, .. } => self.before_submit != Some(*id),
            Input::ThreeDsFrameDone { frame } => self.three_ds_frame != Some(*frame),
            Input::FormMessage { form, .. } if self.form != Some(*form) => true,
            Input::FormMessage { message, .. } => match message {
                FromForm::Checked { id, .. } => !self.checks.iter().any(|(check, _)| check == id),
                FromForm::Invalid { id }
                | FromForm::Refused { id, .. }
                | FromForm::Token { id, .. }
                | FromForm::Unreachable { id }
                | FromForm::Values { id, .. } => self.form_submit != Some(*id),
                FromForm::Broken { .. }
                | FromForm::ClosePressed
                | FromForm::Ready
                | FromForm::Resized { .. }
                | FromForm::SubmitPressed => false,
            },
            _ => false,
        }
    }

    /// Whether an input would pay while a payment is under way.
    fn is_duplicate(&self, input: &Input) -> bool {
        let is_under_way = matches!(
            self.machine.view().screen,
            Screen::Waiting { .. }
                | Screen::Codes { .. }
                | Screen::Challenge { .. }
                | Screen::Form { pay: Some(PayButton::Busy), .. }
        );
        let pays = match input {
            Input::PayPressed | Input::Submit { .. } => true,
            Input::FormMessage { form, message: FromForm::SubmitPressed } => {
                self.form == Some(*form)
            }
            _ => false,
        };
        is_under_way && pays
    }

    /// Whether an input is the press of a button that is not on the screen.
    fn has_no_button(&self, input: &Input) -> bool {
        let view = self.machine.view();
        let is_shown = |button: Button| match &view.screen {
            Screen::App(offer) => match button {
                Button::ContinueInBrowser => offer.can_continue_in_browser,
                Button::OpenApp => true,
                Button::Check | Button::Close | Button::Continue => false,
            },
            Screen::Challenge { can_continue, .. } => button == Button::Continue && *can_continue,
            Screen::Waiting { button: first, second_button, .. } => {
                [first, second_button].contains(&&Some(button))
            }
            Screen::Ended { button: only, .. } => *only == button,
            Screen::Codes { .. } | Screen::Form { .. } | Screen::Hidden | Screen::Loading => false,
        };
        match input {
            Input::AppPressed => !is_shown(Button::OpenApp),
            Input::ContinuePressed => {
                !is_shown(Button::Continue) && !is_shown(Button::ContinueInBrowser)
            }
            // Escape closes as the button does.
            Input::ClosePressed => !view.is_closable,
            Input::FormMessage { form, message: FromForm::ClosePressed } => {
                self.form == Some(*form) && !view.is_closable
            }
            _ => false,
        }
    }

    /// Whether an input left the machine unchanged, except for the current time.
    fn check_unchanged(&self, mut before: Machine, input: &Input) {
        // No timer has the id 0, so that only the time changes.
        before.handle(Input::TimerFired(TimerId(0)), Millis(self.now));
        assert!(before == self.machine, "{input:?} changed the machine");
    }

    fn check_rest(&self) {
        if self.laws.terminal || !self.is_on_screen {
            assert!(self.three_ds_frame.is_none(), "no frame is left behind");
            assert!(self.calls.is_empty(), "no call is out while nothing is open");
            assert!(self.timers.is_empty(), "every timer was fired or cancelled");
            assert!(self.promises.is_empty(), "every promise was settled");
        }
    }

    /// The moment of the next timer comes.
    pub(crate) fn fire_next(&mut self) -> Option<Vec<Effect>> {
        let (id, at) = *self.timers.iter().min_by_key(|(_, at)| *at)?;
        self.now = self.now.max(at);
        Some(self.input(Input::TimerFired(id)))
    }

    pub(crate) fn last_call(&self) -> CallId {
        self.calls.last().expect("a call is out").0
    }

    pub(crate) fn answer(&mut self, json: &str) -> Vec<Effect> {
        let answered = self.answered(reply(json));
        self.input(answered)
    }

    /// The input that answers the running call.
    pub(crate) fn answered(&self, reply: HttpReply) -> Input {
        Input::CallAnswered { call: self.last_call(), reply, activation: self.activation }
    }

    /// The form sends a message.
    pub(crate) fn form_message(&mut self, message: FromForm) -> Vec<Effect> {
        let form = self.form.expect("a form is open");
        self.input(Input::FormMessage { form, message })
    }

    pub(crate) fn codes(&self) -> Vec<EventCode> {
        self.events.iter().map(|event| event.code).collect()
    }
}

/// A call that broke, in a browser that gives no reason.
pub(crate) fn broken(call: CallId) -> Input {
    Input::CallFailed { call, reason: String::new() }
}

/// The page's policy refuses calls or frames of the gateway, or of a host whose name begins as the
/// gateway's.
pub(crate) fn violation(is_frame: bool, is_gateway: bool) -> Input {
    let directive = if is_frame { Directive::Frame } else { Directive::Connect };
    let origin = if is_gateway { GATEWAY } else { "https://gw.exam" };
    Input::PolicyViolated { directive, origin: origin.into() }
}

/// The token that a card form answers a submit with.
pub(crate) fn token(id: u32, token: &str) -> FromForm {
    FromForm::Token { id, token: token.into(), brand: "VISA".into(), last_four: "0768".into() }
}

/// Whether a second submit is reported to the merchant, and nothing else happens.
fn is_refused_duplicate(effects: &[Effect]) -> bool {
    let mut reports = 0;
    let is_quiet = effects.iter().all(|effect| match effect {
        Effect::Emit(event) => {
            reports += 1;
            event.code == EventCode::DuplicateSubmission
        }
        Effect::Settle { settlement: Settlement::Submitted { code, .. }, .. } => {
            *code == EventCode::DuplicateSubmission
        }
        _ => false,
    });
    is_quiet && reports == 1
}

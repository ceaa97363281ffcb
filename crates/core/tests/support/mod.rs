//! A shell without a browser: it keeps what the machine started, checks on every effect what must
//! hold for all of them, and prints effects as lines.
#![allow(dead_code, reason = "each test crate uses its own part of the driver")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, dying with a message is the report"
)]

pub(crate) mod action;
mod laws;
pub(crate) mod line;
pub(crate) mod silence;

use std::collections::BTreeSet;
use std::rc::Rc;

use kassa_core::Machine;
use kassa_core::answer::{Body, Json, Reply};
use kassa_core::call::{Browser, Operation, Terms};
use kassa_core::events::{Code, Event};
use kassa_core::frame::{FromFrame, ToFrame};
use kassa_core::machine::{
    Button, CallId, Config, Effect, FrameId, Input, Looks, Millis, NavigationId, Opening, Screen,
    Ticket, TimerId, Verdict,
};
use kassa_core::platform::Environment;
use kassa_core::session::Metadata;
use kassa_core::text::Text;
use laws::Laws;
#[allow(unused_imports, reason = "each test crate uses its own part of the driver")]
pub(crate) use line::line;

/// JSON as a test reads it.
pub(crate) struct Value(pub(crate) serde_json::Value);

impl Json for Value {
    fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            serde_json::Value::String(text) => Some(text.clone()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    fn object(&self, name: &str) -> Option<Self> {
        let value = self.0.get(name)?;
        value.is_object().then(|| Self(value.clone()))
    }

    fn first(&self, name: &str) -> Option<Self> {
        let items = self.0.get(name)?.as_array()?;
        items.iter().find(|item| item.is_object()).cloned().map(Self)
    }

    fn list(&self, name: &str) -> Option<String> {
        let items = self.0.get(name)?.as_array()?;
        (!items.is_empty()).then(|| serde_json::to_string(items).expect("serialisable"))
    }
}

/// A good reply with this body.
pub(crate) fn reply(json: &str) -> Reply {
    let value = serde_json::from_str(json).expect("the test's JSON");
    let body = Body::read(&Value(value));
    Reply { http: 200, result_status: None, trace: None, body: Some(Rc::new(body)) }
}

/// Looks of a popup with everything on.
pub(crate) fn looks() -> Looks {
    Looks { inline: false, show_loading: true, show_submit_button: true, theme: String::new() }
}

pub(crate) const SESSION: &str = "c2Vzc2lvbg==&&SG&&188";

pub(crate) fn opening(ticket: u32) -> Opening {
    Opening {
        ticket: Ticket(ticket),
        session: SESSION.into(),
        metadata: Metadata::Absent,
        stay: true,
        looks: looks(),
        in_app: false,
        needs_code: false,
        terms: Rc::new(Terms::default()),
        browser: Rc::new(Browser {
            page: "https://shop.example/checkout".into(),
            ..Browser::default()
        }),
        seed: format!("seed{ticket}"),
    }
}

/// A machine, what it has running, and what it has said.
#[derive(Clone)]
pub(crate) struct Driver {
    pub(crate) machine: Machine,
    pub(crate) now: u32,
    pub(crate) calls: Vec<(CallId, Operation)>,
    pub(crate) timers: Vec<(TimerId, u32)>,
    pub(crate) frame: Option<FrameId>,
    /// The frame of 3DS.
    pub(crate) window: Option<FrameId>,
    /// The question that `onBeforeSubmit` has not answered.
    pub(crate) question: Option<u32>,
    /// The submit that the frame has not answered.
    pub(crate) talk: Option<u32>,
    /// The last check that the frame was asked for.
    pub(crate) check: Option<u32>,
    /// The checks that the frame has not answered, with their promises.
    pub(crate) checks: Vec<(u32, Ticket)>,
    /// The navigation that the browser has not answered.
    pub(crate) navigation: Option<NavigationId>,
    pub(crate) hidden: bool,
    pub(crate) tickets: BTreeSet<u32>,
    pub(crate) next_ticket: u32,
    pub(crate) events: Vec<Event>,
    pub(crate) on_screen: bool,
    pub(crate) laws: Laws,
    pub(crate) last_id: u32,
}

impl Driver {
    pub(crate) fn new() -> Self {
        Self::with(false)
    }

    /// With an `onBeforeSubmit`, or without.
    pub(crate) fn with(guarded: bool) -> Self {
        Self {
            machine: Machine::new(Config {
                environment: Environment::Sandbox,
                gateway: Some("https://gw.example/".into()),
                locale: "en-US",
                guarded,
            }),
            now: 0,
            calls: vec![],
            timers: vec![],
            frame: None,
            window: None,
            question: None,
            talk: None,
            check: None,
            checks: vec![],
            navigation: None,
            hidden: false,
            tickets: BTreeSet::new(),
            next_ticket: 0,
            events: vec![],
            on_screen: false,
            laws: Laws::default(),
            last_id: 0,
        }
    }

    pub(crate) fn ticket(&mut self) -> Ticket {
        self.next_ticket += 1;
        self.tickets.insert(self.next_ticket);
        Ticket(self.next_ticket)
    }

    pub(crate) fn open(&mut self, change: impl FnOnce(&mut Opening)) -> Vec<Effect> {
        let ticket = self.ticket();
        let mut opening = opening(ticket.0);
        change(&mut opening);
        self.input(Input::Open(Box::new(opening)))
    }

    /// Feeds an input and does the effects as a shell would.
    pub(crate) fn input(&mut self, input: Input) -> Vec<Effect> {
        let stale = self.is_stale(&input);
        let duplicate = self.is_duplicate(&input);
        let before = self.machine.clone();
        let running = match &input {
            Input::Answered { call, .. } => {
                self.calls.iter().find(|(id, _)| id == call).map(|(_, operation)| *operation)
            }
            _ => None,
        };
        // Whether an app opened is not the browser's to say.
        let app = matches!(input, Input::Navigated { .. }) && self.calls_app();
        self.laws.before(&input, running, stale || app);
        self.hand_over(&input);
        let validating = match &input {
            Input::Validate { ticket } => Some(*ticket),
            _ => None,
        };

        let told = input.clone();
        let effects = self.machine.handle(input, Millis(self.now));
        for effect in &effects {
            self.run(effect, validating);
        }

        assert!(!stale || effects.is_empty(), "{told:?} is stale, but has effects: {effects:?}");
        assert!(!duplicate || is_refused_duplicate(&effects), "{told:?} did more: {effects:?}");
        if stale || duplicate {
            assert_eq!(inside(&before), inside(&self.machine), "{told:?} changed the machine");
        }
        let asks = effects.iter().any(
            |e| matches!(e, Effect::Call { call, .. } if call.operation == Operation::Inquire),
        );
        // Who closes a challenge is there, and is asked for once.
        let closes = matches!(
            told,
            Input::ClosePressed | Input::Frame { message: FromFrame::ClosePressed, .. }
        );
        assert!(!asks || !self.hidden || closes, "{told:?} asks while nobody looks");
        let drawn = effects.iter().any(|e| matches!(e, Effect::Render | Effect::Teardown));
        let same = before.view() == self.machine.view();
        assert!(drawn || same, "{told:?} changes the view and nothing draws it");
        self.check_rest();
        effects
    }

    /// Whether an input answers something that does not run (any more).
    pub(crate) fn is_stale(&self, input: &Input) -> bool {
        match input {
            Input::Answered { call, .. } | Input::CallFailed { call } => {
                !self.calls.iter().any(|(id, _)| id == call)
            }
            Input::TimerFired(timer) => !self.timers.iter().any(|(id, _)| id == timer),
            Input::Navigated { navigation, .. } => self.navigation != Some(*navigation),
            Input::Guarded { question, .. } => self.question != Some(*question),
            Input::Frame { frame, message: FromFrame::Done } => self.window != Some(*frame),
            Input::Frame { frame, .. } if self.frame != Some(*frame) => true,
            Input::Frame { message, .. } => match message {
                FromFrame::Checked { id, .. } => !self.checks.iter().any(|(check, _)| check == id),
                FromFrame::Invalid { id }
                | FromFrame::Refused { id, .. }
                | FromFrame::Token { id, .. }
                | FromFrame::Unreachable { id }
                | FromFrame::Values { id, .. } => self.talk != Some(*id),
                FromFrame::ClosePressed
                | FromFrame::Done
                | FromFrame::Missing
                | FromFrame::Ready
                | FromFrame::Resized { .. }
                | FromFrame::SubmitPressed => false,
            },
            _ => false,
        }
    }

    /// Whether an input would pay while a payment is under way.
    fn is_duplicate(&self, input: &Input) -> bool {
        let view = self.machine.view();
        let waits = matches!(view.screen, Screen::Waiting | Screen::Codes | Screen::Challenge);
        let under_way = waits || view.button == Some(Button::Paying);
        let pays = match input {
            Input::PayPressed | Input::Submit { .. } => true,
            Input::Frame { frame, message: FromFrame::SubmitPressed } => self.frame == Some(*frame),
            _ => false,
        };
        under_way && pays
    }

    /// What an input ends: nothing answers twice.
    fn hand_over(&mut self, input: &Input) {
        match input {
            Input::TimerFired(id) => {
                let running = self.timers.len();
                self.timers.retain(|(timer, _)| timer != id);
                if self.timers.len() < running && self.calls_app() {
                    self.navigation = None;
                }
            }
            Input::Answered { call, .. } | Input::CallFailed { call } => {
                self.calls.retain(|(id, _)| id != call);
            }
            Input::Navigated { navigation, .. } if self.navigation == Some(*navigation) => {
                self.navigation = None;
            }
            Input::Guarded { question, .. } if self.question == Some(*question) => {
                self.question = None;
            }
            Input::PageHidden => {
                self.hidden = true;
                // An app that opened has answered for itself.
                if self.calls_app() {
                    self.navigation = None;
                    self.laws.enter_app();
                }
            }
            Input::PageShown { restored } => {
                self.hidden = false;
                // The page that asked for it was left after all, and this is another life of it.
                self.navigation = self.navigation.filter(|_| !restored);
                if *restored && self.calls_app() {
                    self.laws.enter_app();
                }
            }
            Input::Frame { frame, message } if self.frame == Some(*frame) => match message {
                FromFrame::Checked { id, .. } => self.checks.retain(|(check, _)| check != id),
                FromFrame::Invalid { id }
                | FromFrame::Refused { id, .. }
                | FromFrame::Token { id, .. }
                | FromFrame::Unreachable { id }
                | FromFrame::Values { id, .. } => {
                    self.talk = self.talk.filter(|talk| talk != id);
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn fresh(&mut self, id: u32) {
        assert!(id > self.last_id, "ids are never given twice");
        self.last_id = id;
    }

    fn run(&mut self, effect: &Effect, validating: Option<Ticket>) {
        match effect {
            Effect::Call { id, call } => {
                self.fresh(id.0);
                assert!(self.calls.is_empty(), "one call at a time: {:?}", self.calls);
                assert_eq!(call.url, "https://gw.example/mgw.htm");
                self.laws.call(call);
                self.calls.push((*id, call.operation));
            }
            Effect::AbortCall(id) => {
                assert!(self.calls.iter().any(|(call, _)| call == id), "aborts what runs");
                self.calls.retain(|(call, _)| call != id);
            }
            Effect::StartTimer { id, after } => {
                self.fresh(id.0);
                self.timers.push((*id, self.now + after));
            }
            Effect::CancelTimer(id) => {
                assert!(self.timers.iter().any(|(timer, _)| timer == id), "cancels what runs");
                self.timers.retain(|(timer, _)| timer != id);
            }
            Effect::Emit(event) => {
                self.laws.event(event, self.on_screen);
                self.laws.close(event, self.frame.is_some());
                self.events.push(event.clone());
            }
            Effect::Settle { ticket, verdict } => {
                assert!(self.tickets.remove(&ticket.0), "a promise settles once: {verdict:?}");
                self.checks.retain(|(_, check)| check != ticket);
                self.laws.verdict(verdict);
            }
            Effect::OpenFrame { id, target, .. } => {
                self.fresh(id.0);
                assert!(target.as_str().starts_with("https://gw.example/"));
                self.frame = Some(*id);
            }
            Effect::OpenForm { id, elements } => {
                self.fresh(id.0);
                assert!(elements.starts_with('['), "{elements}");
                self.frame = Some(*id);
            }
            Effect::OpenWindow { id, target, size } => {
                self.fresh(id.0);
                assert!(self.window.is_none(), "one frame of 3DS at a time");
                assert!(target.as_str().starts_with("https://gw.example/"));
                assert!(["01", "02", "03", "04", "05"].contains(size));
                self.window = Some(*id);
            }
            Effect::CloseWindow => {
                assert!(self.window.take().is_some(), "closes what is open");
            }
            Effect::Guard { question, method } => {
                self.fresh(*question);
                assert!(!method.is_empty());
                self.question = Some(*question);
            }
            Effect::SendFrame(message) => self.tell_frame(message, validating),
            Effect::Navigate { id, target } => {
                self.fresh(id.0);
                let address = target.as_str();
                let app = ["https://", "wallet://"].iter().any(|it| address.starts_with(it));
                assert!(app, "{target:?}");
                self.navigation = Some(*id);
            }
            Effect::Render => self.on_screen = true,
            Effect::Teardown => {
                assert!(self.calls.is_empty() && self.timers.is_empty(), "leaves nothing running");
                self.laws.tear_down();
                self.frame = None;
                self.window = None;
                self.question = None;
                self.talk = None;
                self.on_screen = false;
                self.navigation = None;
            }
            Effect::Log { message, .. } => self.laws.check_secrets(message),
            Effect::Closed => {}
            Effect::Selected { method } => assert!(!method.is_empty()),
        }
    }

    /// Whether an app is being opened.
    pub(crate) fn calls_app(&self) -> bool {
        let view = self.machine.view();
        let leaves = view.message.is_some_and(|message| message.text == Text::Leaving);
        // On the way to a page, the buyer cannot close, or has a button that goes there.
        leaves && view.closable && view.button.is_none()
    }

    /// Whether what the driver has kept is what the machine has. Asking takes long.
    pub(crate) fn check_books(&self) {
        let debug = format!("{:?}", self.machine);
        assert_eq!(
            debug.contains("Guarding"),
            self.question.is_some(),
            "a question is open or not"
        );
        assert_eq!(
            debug.contains("window: Some"),
            self.window.is_some(),
            "a frame is there or not"
        );
        assert_eq!(debug.contains("SwitchingApp(Calling"), self.calls_app(), "an app is called");
    }

    fn tell_frame(&mut self, message: &ToFrame, validating: Option<Ticket>) {
        assert!(self.frame.is_some(), "speaks to a frame that exists");
        match message {
            ToFrame::Submit { id } => {
                self.fresh(*id);
                self.talk = Some(*id);
                self.laws.press();
            }
            ToFrame::Validate { id } => {
                self.check = Some(*id);
                self.checks.push((*id, validating.expect("somebody asked")));
            }
            ToFrame::Busy { busy: false } => {
                self.talk = None;
                self.question = None;
                self.laws.release_form();
            }
            ToFrame::Busy { busy: true } | ToFrame::Init(_) => {}
        }
    }

    fn check_rest(&self) {
        if self.laws.terminal || !self.on_screen {
            assert!(self.window.is_none(), "no frame is left behind");
            assert!(self.calls.is_empty(), "nothing is asked while nothing is open");
            assert!(self.timers.is_empty(), "every timer was fired or cancelled");
            assert!(self.tickets.is_empty(), "every promise was settled");
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
        let call = self.last_call();
        self.input(Input::Answered { call, reply: reply(json) })
    }

    pub(crate) fn codes(&self) -> Vec<Code> {
        self.events.iter().map(|event| event.code).collect()
    }
}

/// All that a machine is, but for the time that it was told last. Nothing else tells two apart.
fn inside(machine: &Machine) -> String {
    let debug = format!("{machine:?}");
    debug.split_once("now: Millis").expect("the machine's last members").0.to_owned()
}

/// Whether the merchant is told of a second submit, and nothing else happens.
fn is_refused_duplicate(effects: &[Effect]) -> bool {
    let mut said = 0;
    let quiet = effects.iter().all(|effect| match effect {
        Effect::Emit(event) => {
            said += 1;
            event.code == Code::DuplicateSubmission
        }
        Effect::Settle { verdict: Verdict::Submitted { code, .. }, .. } => {
            *code == Code::DuplicateSubmission
        }
        _ => false,
    });
    quiet && said == 1
}

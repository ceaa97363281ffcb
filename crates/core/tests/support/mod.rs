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

use std::collections::BTreeSet;

use kassa_core::Machine;
use kassa_core::answer::{Body, Json, Reply};
use kassa_core::call::{Browser, Operation};
use kassa_core::events::{Code, Event};
use kassa_core::frame::ToFrame;
use kassa_core::machine::{
    CallId, Config, Effect, FrameId, Input, Looks, Millis, NavigationId, Opening, Ticket, TimerId,
    Verdict,
};
use kassa_core::platform::Environment;
use kassa_core::session::Metadata;

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

    fn objects(&self, name: &str) -> Vec<Self> {
        let items = self.0.get(name).and_then(|v| v.as_array()).cloned().unwrap_or_default();
        items.into_iter().filter(serde_json::Value::is_object).map(Self).collect()
    }
}

/// A good reply with this body.
pub(crate) fn reply(json: &str) -> Reply {
    let value = serde_json::from_str(json).expect("the test's JSON");
    let body = Body::read(&Value(value));
    Reply { http: 200, result_status: None, trace: None, body: Some(Box::new(body)) }
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
        browser: Browser { page: "https://shop.example/checkout".into(), ..Browser::default() },
        seed: format!("seed{ticket}"),
    }
}

/// A machine, what it has running, and what it has said.
#[derive(Clone)]
pub(crate) struct Driver {
    pub(crate) machine: Machine,
    pub(crate) now: u32,
    pub(crate) calls: Vec<(CallId, Operation, Option<String>)>,
    pub(crate) timers: Vec<(TimerId, u32)>,
    pub(crate) frame: Option<FrameId>,
    pub(crate) talk: Option<u32>,
    pub(crate) check: Option<u32>,
    pub(crate) navigation: Option<NavigationId>,
    pub(crate) tickets: BTreeSet<u32>,
    pub(crate) next_ticket: u32,
    pub(crate) events: Vec<Event>,
    pub(crate) on_screen: bool,
    started: u32,
    ended: u32,
    terminal: bool,
    confirmed_paid: bool,
    last_id: u32,
}

impl Driver {
    pub(crate) fn new() -> Self {
        Self {
            machine: Machine::new(Config {
                environment: Environment::Sandbox,
                gateway: Some("https://gw.example/".into()),
                locale: "en-US",
            }),
            now: 0,
            calls: vec![],
            timers: vec![],
            frame: None,
            talk: None,
            check: None,
            navigation: None,
            tickets: BTreeSet::new(),
            next_ticket: 0,
            events: vec![],
            on_screen: false,
            started: 0,
            ended: 0,
            terminal: false,
            confirmed_paid: false,
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
        if let Input::TimerFired(id) = &input {
            self.timers.retain(|(timer, _)| timer != id);
        }
        if let Input::Answered { call, reply } = &input {
            self.calls.retain(|(id, ..)| id != call);
            let paid = reply.body.as_ref().is_some_and(|b| b.payment_status == "SUCCESS");
            self.confirmed_paid |= paid && reply.http == 200;
        }
        if let Input::CallFailed { call } = &input {
            self.calls.retain(|(id, ..)| id != call);
        }
        let unmounting = input == Input::Unmount;
        let effects = self.machine.handle(input, Millis(self.now));
        for effect in &effects {
            self.run(effect, unmounting);
        }
        self.check_rest();
        effects
    }

    fn fresh(&mut self, id: u32) {
        assert!(id > self.last_id, "ids are never given twice");
        self.last_id = id;
    }

    fn run(&mut self, effect: &Effect, unmounting: bool) {
        match effect {
            Effect::Call { id, call } => {
                self.fresh(id.0);
                assert!(self.calls.is_empty(), "one call at a time: {:?}", self.calls);
                assert_eq!(call.url, "https://gw.example/mgw.htm");
                self.calls.push((*id, call.operation, call.body.ext_params.attempt_id.clone()));
            }
            Effect::AbortCall(id) => {
                assert!(self.calls.iter().any(|(call, ..)| call == id), "aborts what runs");
                self.calls.retain(|(call, ..)| call != id);
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
                assert!(!unmounting, "unmount is silent, but {event:?} was emitted");
                self.check_event(event);
                self.events.push(event.clone());
            }
            Effect::Settle { ticket, verdict } => {
                assert!(self.tickets.remove(&ticket.0), "a promise settles once: {verdict:?}");
            }
            Effect::OpenFrame { id, target, .. } => {
                self.fresh(id.0);
                assert!(target.as_str().starts_with("https://gw.example/"));
                self.frame = Some(*id);
            }
            Effect::SendFrame(message) => {
                assert!(self.frame.is_some(), "speaks to a frame that exists");
                match message {
                    ToFrame::Submit { id } => {
                        self.fresh(*id);
                        self.talk = Some(*id);
                    }
                    ToFrame::Validate { id } => self.check = Some(*id),
                    ToFrame::Busy { .. } | ToFrame::Init { .. } => {}
                }
            }
            Effect::Navigate { id, target } => {
                self.fresh(id.0);
                assert!(target.as_str().starts_with("https://"), "{target:?}");
                self.navigation = Some(*id);
            }
            Effect::Render => self.on_screen = true,
            Effect::Teardown => {
                self.frame = None;
                self.talk = None;
                self.on_screen = false;
                self.navigation = None;
                self.started = 0;
                self.ended = 0;
            }
            Effect::Closed | Effect::Log { .. } => {}
        }
    }

    fn check_event(&mut self, event: &Event) {
        match event.code {
            Code::StartOfLoading => {
                assert_eq!(self.started, self.ended, "START after the last END");
                assert!(!self.on_screen, "START comes before any DOM");
                self.started += 1;
                self.terminal = false;
                self.confirmed_paid = false;
            }
            Code::EndOfLoading => {
                self.ended += 1;
                assert_eq!(self.started, self.ended, "one END for each START");
            }
            // A second opening is refused while the first goes on, wherever that is.
            Code::CreateComponentError | Code::CreatePaymentParameterError => return,
            _ => {}
        }
        assert!(!self.terminal, "{:?} after a terminal event", event.code);
        if event.code == Code::PaymentSuccessful {
            assert!(self.confirmed_paid, "success only as the gateway confirmed it");
        }
        if event.code == Code::PaymentAuthorizationSuccessful || event.code.is_payment_result() {
            assert_eq!(self.started, self.ended, "{:?} before END", event.code);
        }
        let form_stays = event.result.as_ref().is_some_and(|r| r.retryable) && self.frame.is_some();
        self.terminal = match event.code {
            Code::PaymentFail => !form_stays,
            code => code.is_payment_result(),
        };
    }

    fn check_rest(&self) {
        if self.machine.view().screen == kassa_core::machine::Screen::Hidden && self.started == 0 {
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

/// Whether a code reports how a payment ended (or did not).
pub(crate) trait PaymentResult {
    fn is_payment_result(self) -> bool;
}

impl PaymentResult for Code {
    fn is_payment_result(self) -> bool {
        matches!(
            self,
            Self::PaymentSuccessful
                | Self::PaymentFail
                | Self::PaymentProcessing
                | Self::PaymentError
                | Self::PaymentCancel
        )
    }
}

/// An effect as a line.
pub(crate) fn line(effect: &Effect) -> String {
    match effect {
        Effect::Emit(event) => format!("emit {}", json(event)),
        Effect::Call { call, .. } => {
            let name = call.operation.name().rsplit('.').next().unwrap_or_default();
            let method = json(&call.body.payment_method);
            let factors = json(&call.body.payment_factors);
            match &call.body.ext_params.attempt_id {
                Some(attempt) => format!("call {name} attempt={attempt} {method} {factors}"),
                None => format!("call {name}"),
            }
        }
        Effect::AbortCall(_) => "abort call".into(),
        Effect::StartTimer { after, .. } => format!("timer {after} ms"),
        Effect::CancelTimer(_) => "cancel timer".into(),
        Effect::Navigate { target, .. } => format!("navigate {}", target.as_str()),
        Effect::OpenFrame { target, .. } => format!("frame {}", target.as_str()),
        Effect::SendFrame(message) => format!("to frame: {}", message.pack().tag),
        Effect::Settle { verdict, .. } => match verdict {
            Verdict::Checked { valid } => format!("validateFields resolves isValid={valid}"),
            Verdict::Opened => "createComponent resolves".into(),
            Verdict::Refused { code, message } => format!("rejects {} {message}", json(code)),
            Verdict::Submitted { code, message } => {
                format!("submit resolves {} {message}", json(code))
            }
        },
        Effect::Log { code, message } => format!("log {code}: {message}"),
        Effect::Render => "render".into(),
        Effect::Closed => "onClose".into(),
        Effect::Teardown => "teardown".into(),
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("serialisable")
}

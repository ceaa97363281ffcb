//! Buyer, browser, merchant and gateway of one walk, and what the machine says to them.

use std::rc::Rc;

use kassa_core::call::{Filled, Operation};
use kassa_core::events::{Event, Facts};
use kassa_core::frame::{FromFrame, ToFrame};
use kassa_core::machine::{Effect, Input, Verdict};
use serde_json::Value;

use super::gateway::{Deed, Gateway, KINDS, Kind};
use super::script::{Moment, Said, Told};
use crate::support::{Driver, line};

/// What can happen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    App,
    Browser { goes: bool },
    Check,
    Checked { valid: bool },
    Close,
    Continue,
    Deed(Deed),
    Done,
    Enter,
    Escape,
    Filled,
    Guard(&'static str),
    Hide,
    Invalid,
    Missing,
    Online,
    Open { good: bool, stay: bool, phone: bool, in_app: bool },
    Pay,
    Ready,
    Refused(&'static str),
    Show { restored: bool },
    Submit,
    Time { late: u32 },
    Unmount,
    Unreachable,
    Validate,
}

/// A machine with a world around it, and what happened so far.
pub(crate) struct Walk {
    pub(crate) driver: Driver,
    pub(crate) gateway: Gateway,
    /// Of the last call.
    attempt: String,
    pub(crate) moments: Vec<Moment>,
    pub(crate) heard: Vec<Said>,
}

impl Walk {
    pub(crate) fn new(guarded: bool, gateway: Gateway) -> Self {
        Self {
            driver: Driver::with(guarded),
            gateway,
            attempt: String::new(),
            moments: vec![],
            heard: vec![],
        }
    }

    /// What can happen now, and how likely it is beside the rest.
    pub(crate) fn steps(&self) -> Vec<(Step, u32)> {
        let driver = &self.driver;
        let mut all = Vec::new();
        let open = driver.on_screen;
        let mut add = |step, weight| all.push((step, weight));
        for (stay, phone, in_app) in [
            (true, false, false),
            (false, false, false),
            (true, true, false),
            (false, true, false),
            (true, true, true),
        ] {
            // Apps are a matter of phones.
            let apt = if phone && self.gateway.kind == Kind::App { 160 } else { 40 };
            add(Step::Open { good: true, stay, phone, in_app }, if open { 1 } else { apt });
        }
        add(Step::Open { good: false, stay: true, phone: false, in_app: false }, 2);
        if let Some((_, operation)) = driver.calls.last() {
            for deed in self.gateway.deeds(*operation, &self.attempt) {
                add(
                    Step::Deed(deed),
                    if matches!(deed, Deed::Lost { .. } | Deed::Fault { .. } | Deed::Refuse { .. })
                    {
                        3
                    } else {
                        9
                    },
                );
            }
        }
        if !driver.timers.is_empty() {
            add(Step::Time { late: 0 }, 30);
            add(Step::Time { late: 7 }, 5);
            add(Step::Time { late: 70 }, 5);
            add(Step::Time { late: 300 }, 2);
            add(Step::Time { late: 700 }, 1);
            add(Step::Time { late: 4_000 }, 1);
        }
        if driver.navigation.is_some() {
            add(Step::Browser { goes: true }, 60);
            add(Step::Browser { goes: false }, 20);
        }
        if driver.frame.is_some() {
            for (step, weight) in
                [(Step::Ready, 60), (Step::Missing, 2), (Step::Enter, 10), (Step::Escape, 2)]
            {
                if !driver.hidden || matches!(step, Step::Ready | Step::Missing) {
                    add(step, weight);
                }
            }
        }
        if driver.talk.is_some() {
            for (step, weight) in [
                (Step::Filled, 200),
                (Step::Invalid, 10),
                (Step::Refused("INVALID_CARD_NUMBER"), 8),
                (Step::Refused("ORDER_IS_CLOSED"), 2),
                (Step::Unreachable, 8),
            ] {
                add(step, weight);
            }
        }
        if driver.window.is_some() {
            add(Step::Done, 40);
        }
        if driver.question.is_some() {
            add(Step::Guard("CONTINUE"), 100);
            for answer in ["IGNORE", "CANCEL", "ERROR", "TIMEOUT", "whatever"] {
                add(Step::Guard(answer), 10);
            }
        }
        if !driver.checks.is_empty() {
            add(Step::Checked { valid: true }, 20);
            add(Step::Checked { valid: false }, 20);
        }
        // Nobody presses what nobody sees.
        if !driver.hidden {
            for (step, weight) in [
                (Step::App, 25),
                (Step::Check, 4),
                (Step::Close, 4),
                (Step::Continue, 8),
                (Step::Pay, 20),
            ] {
                add(step, if open { weight } else { 1 });
            }
        }
        for (step, weight) in [
            (Step::Hide, if driver.calls_app() { 60 } else { 8 }),
            (Step::Online, 3),
            (Step::Show { restored: false }, if driver.hidden { 40 } else { 8 }),
            (Step::Show { restored: true }, 8),
            (Step::Submit, 15),
            (Step::Unmount, 1),
            (Step::Validate, 6),
        ] {
            add(step, if open { weight } else { 1 });
        }
        all
    }

    /// One of them, by a number from a whole range of numbers.
    pub(crate) fn choose(&self, number: u32) -> Step {
        let steps = self.steps();
        let total: u32 = steps.iter().map(|(_, weight)| weight).sum();
        let mut left = u32::try_from((u64::from(number) * u64::from(total)) >> 32).unwrap();
        for (step, weight) in &steps {
            if left < *weight {
                return *step;
            }
            left -= weight;
        }
        unreachable!("the number is below the total")
    }

    /// Does it to the machine, and takes down what was told and what came of it.
    pub(crate) fn take(&mut self, step: Step) {
        let driver = &mut self.driver;
        let frame =
            |driver: &Driver, message| Input::Frame { frame: driver.frame.unwrap(), message };
        let talk = driver.talk.unwrap_or_default();
        let (told, input) = match step {
            Step::Deed(deed) => {
                let call = driver.last_call();
                match self.gateway.answer(deed, &self.attempt, driver.now) {
                    Some(answer) => {
                        let reply = answer.reply();
                        (Told::Answer(answer), Input::Answered { call, reply })
                    }
                    None => (Told::Broke, Input::CallFailed { call }),
                }
            }
            Step::App => (Told::App, Input::AppPressed),
            Step::Browser { goes } => {
                let navigation = driver.navigation.unwrap();
                (Told::Navigated(goes), Input::Navigated { navigation, taken: goes })
            }
            Step::Check => (Told::Check, Input::CheckPressed),
            Step::Checked { valid } => {
                let (id, ticket) = driver.checks[0];
                (
                    Told::Checked { ticket: ticket.0, valid },
                    frame(driver, FromFrame::Checked { id, valid }),
                )
            }
            Step::Close => (Told::Close, Input::ClosePressed),
            Step::Continue => (Told::Continue, Input::ContinuePressed),
            Step::Done => (
                Told::Done,
                Input::Frame { frame: driver.window.unwrap(), message: FromFrame::Done },
            ),
            Step::Enter => (Told::Enter, frame(driver, FromFrame::SubmitPressed)),
            Step::Escape => (Told::Escape, frame(driver, FromFrame::ClosePressed)),
            Step::Filled if self.gateway.kind == Kind::Card => (
                Told::Filled("token".into()),
                frame(
                    driver,
                    FromFrame::Token {
                        id: talk,
                        token: "hush-token".into(),
                        brand: "VISA".into(),
                        last_four: "0768".into(),
                    },
                ),
            ),
            Step::Filled => {
                let values = r#"{"blikCode":"hush-777123"}"#.to_owned();
                (
                    Told::Filled(values.clone()),
                    frame(driver, FromFrame::Values { id: talk, values }),
                )
            }
            Step::Guard(answer) => {
                let question = driver.question.unwrap();
                (Told::Guard(answer), Input::Guarded { question, answer: answer.into() })
            }
            Step::Hide => (Told::Hidden, Input::PageHidden),
            Step::Invalid => (Told::Invalid, frame(driver, FromFrame::Invalid { id: talk })),
            Step::Missing => (Told::Missing, frame(driver, FromFrame::Missing)),
            Step::Online => (Told::Online, Input::Online),
            Step::Open { good, stay, phone, in_app } => {
                let ticket = driver.ticket();
                let mut opening = crate::support::opening(ticket.0);
                opening.stay = stay;
                opening.in_app = in_app;
                if phone {
                    Rc::make_mut(&mut opening.browser).user_agent =
                        "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130 Mobile".into();
                }
                if !good {
                    opening.session = "c2Vzc2lvbg==&&SG".into();
                }
                (
                    Told::Open { ticket: ticket.0, good, stay, phone, in_app },
                    Input::Open(Box::new(opening)),
                )
            }
            Step::Pay => (Told::Pay, Input::PayPressed),
            Step::Ready => (Told::Ready, frame(driver, FromFrame::Ready)),
            Step::Refused(code) => (
                Told::Refused(code),
                frame(
                    driver,
                    FromFrame::Refused { id: talk, code: code.into(), message: String::new() },
                ),
            ),
            Step::Show { restored } => (Told::Shown { restored }, Input::PageShown { restored }),
            Step::Submit => {
                let ticket = driver.ticket();
                (
                    Told::Submit(ticket.0),
                    Input::Submit { ticket, billing_address: Facts::default() },
                )
            }
            Step::Time { late } => {
                let (id, at) = *driver.timers.iter().min_by_key(|(_, at)| *at).unwrap();
                driver.now = driver.now.max(at) + late * 1_000;
                (Told::Time, Input::TimerFired(id))
            }
            Step::Unmount => (Told::Unmount, Input::Unmount),
            Step::Unreachable => {
                (Told::Unreachable, frame(driver, FromFrame::Unreachable { id: talk }))
            }
            Step::Validate => {
                let ticket = driver.ticket();
                (Told::Validate(ticket.0), Input::Validate { ticket })
            }
        };
        self.moments.push(Moment { at: driver.now, told });
        let effects = driver.input(input);
        let mut said = Said::default();
        for effect in &effects {
            self.note(effect, &mut said);
        }
        said.does.sort();
        self.heard.push(said);
    }

    /// An effect in the words of the script; drawing, logs and timers are the machine's own.
    fn note(&mut self, effect: &Effect, said: &mut Said) {
        match effect {
            Effect::Emit(event) => said.events.push(describe(event)),
            Effect::Call { call, .. } => {
                let what = match (&call.attempt, call.operation) {
                    (Some(attempt), _) => {
                        self.attempt = attempt.id.clone();
                        self.gateway.submitting.clone_from(&attempt.id);
                        let number = attempt.id.rsplit('-').next().unwrap_or_default();
                        let filled = match &attempt.filled {
                            Filled::Nothing => "nothing",
                            Filled::Token(_) => "token",
                            Filled::Values(values) => values,
                        };
                        format!("call submit {number} {filled}")
                    }
                    (None, Operation::Query) => {
                        self.attempt.clear();
                        self.gateway.submitting.clear();
                        "call query".into()
                    }
                    (None, _) => {
                        self.attempt.clear();
                        format!("call inquire {}", call.method_done).trim_end().into()
                    }
                };
                said.does.push(what);
            }
            Effect::CloseWindow => said.does.push("3DS frame closes".into()),
            Effect::Closed => said.does.push("onClose".into()),
            Effect::Guard { method, .. } => said.does.push(format!("onBeforeSubmit {method}")),
            Effect::Navigate { target, .. } => {
                said.does.push(format!("navigate {}", target.as_str()));
            }
            Effect::OpenForm { .. } => said.does.push("form".into()),
            Effect::OpenFrame { target, .. } => {
                said.does.push(format!("frame {}", on_gateway(target.as_str())));
            }
            Effect::OpenWindow { target, .. } => {
                said.does.push(format!("3DS frame {}", on_gateway(target.as_str())));
            }
            Effect::SendFrame(ToFrame::Submit { .. }) => said.does.push("form: submit".into()),
            Effect::SendFrame(ToFrame::Validate { .. }) => said.does.push("form: validate".into()),
            Effect::Settle { ticket, verdict } => {
                let how = match verdict {
                    Verdict::Checked { valid } => format!("valid={valid}"),
                    Verdict::Opened => "opened".into(),
                    Verdict::Refused { code, .. } => format!("refused {}", code.name()),
                    Verdict::Submitted { code, .. } => code.name().into(),
                };
                said.does.push(format!("promise {}: {how}", ticket.0));
            }
            Effect::AbortCall(_)
            | Effect::CancelTimer(_)
            | Effect::Log { .. }
            | Effect::Render
            | Effect::Selected { .. }
            | Effect::SendFrame(_)
            | Effect::StartTimer { .. }
            | Effect::Teardown => {}
        }
    }
}

fn on_gateway(address: &str) -> &str {
    let path = address.strip_prefix("https://gw.example").expect("an address on the gateway");
    path.split('#').next().unwrap_or_default()
}

/// An event as the merchant gets it, down to what decides something.
fn describe(event: &Event) -> String {
    let sent: Value = serde_json::from_str(&line::json(event)).expect("JSON");
    let result = &sent["result"];
    if result.is_null() {
        return event.code.name().into();
    }
    let member = |name: &str| result[name].as_str().unwrap_or_default().to_owned();
    format!(
        "{} {} {} retryable={} {}",
        event.code.name(),
        member("paymentStatus"),
        member("paymentResultCode"),
        result["retryable"],
        member("reason"),
    )
}

/// Gateways of every kind.
pub(crate) fn gateway(number: usize, addresses: bool, tells_attempt: bool, back: usize) -> Gateway {
    Gateway {
        kind: KINDS[number % KINDS.len()],
        addresses,
        back: [
            Some("https://shop.example/result?order=hush20"),
            None,
            Some("javascript:alert('hush21')"),
        ][back],
        tells_attempt,
        payment: None,
        submitting: String::new(),
        since: 0,
    }
}

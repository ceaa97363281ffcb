//! Buyer, browser, merchant and gateway of one walk, and the machine's reactions to them.

use kassa_core::events::Event;
use kassa_core::machine::{BeforeSubmit, Effect, Input, Settlement};
use kassa_protocol::client::{FormValues, Operation};
use kassa_protocol::frame::{FromForm, ToForm};
use serde_json::Value;

use super::gateway::{Gateway, GatewayAction, KINDS, MethodKind};
use super::script::{Moment, Occurrence, Reaction};
use crate::support::{ANDROID, Driver, GATEWAY, broken, line, request, token, violation};

/// A possible next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    App,
    BeforeSubmit(&'static str),
    BrokenForm,
    Browser { accepts: bool },
    Check,
    Checked { is_valid: bool },
    Close,
    Continue,
    Gateway(GatewayAction),
    Enter,
    Escape,
    Filled,
    Hide,
    Invalid,
    Online,
    Open { is_valid: bool, stays: bool, is_phone: bool, in_app: bool, from_click: bool },
    Pay,
    Policy { is_frame: bool, is_gateway: bool },
    Ready,
    Refused(&'static str),
    Remove,
    Show { restored: bool },
    Submit,
    ThreeDsDone,
    Time { late: u32 },
    Unmount,
    Unreachable,
    Validate,
}

/// A machine with its environment, and the steps so far.
pub(crate) struct Walk {
    pub(crate) driver: Driver,
    pub(crate) gateway: Gateway,
    /// Of the last call.
    attempt: String,
    pub(crate) moments: Vec<Moment>,
    pub(crate) reactions: Vec<Reaction>,
}

impl Walk {
    pub(crate) fn new(asks_before_submit: bool, gateway: Gateway) -> Self {
        let mut driver = Driver::with(asks_before_submit);
        // An engine that does not report it: the click that opened the component stands for it.
        driver.activation = None;
        Self { driver, gateway, attempt: String::new(), moments: vec![], reactions: vec![] }
    }

    /// The steps that are possible now, with their weights.
    pub(crate) fn steps(&self) -> Vec<(Step, u32)> {
        let driver = &self.driver;
        let mut all = Vec::new();
        let open = driver.is_on_screen;
        let mut add = |step, weight| all.push((step, weight));
        for (stays, is_phone, in_app, from_click) in [
            (true, false, false, true),
            (false, false, false, false),
            (true, true, false, false),
            (true, true, false, true),
            (false, true, false, false),
            (true, true, true, false),
        ] {
            // Apps open on phones only.
            let weight = if is_phone && self.gateway.kind == MethodKind::App { 160 } else { 40 };
            add(
                Step::Open { is_valid: true, stays, is_phone, in_app, from_click },
                if open { 1 } else { weight },
            );
        }
        let invalid = Step::Open {
            is_valid: false,
            stays: true,
            is_phone: false,
            in_app: false,
            from_click: false,
        };
        add(invalid, 2);
        if let Some((_, operation)) = driver.calls.last() {
            for action in self.gateway.actions(*operation, &self.attempt) {
                add(
                    Step::Gateway(action),
                    if matches!(
                        action,
                        GatewayAction::Lost { .. }
                            | GatewayAction::Fault { .. }
                            | GatewayAction::Refuse { .. }
                    ) {
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
            add(Step::Browser { accepts: true }, 60);
            add(Step::Browser { accepts: false }, 20);
        }
        if driver.form.is_some() {
            for (step, weight) in
                [(Step::Ready, 60), (Step::BrokenForm, 1), (Step::Enter, 10), (Step::Escape, 2)]
            {
                if !driver.is_hidden || matches!(step, Step::Ready | Step::BrokenForm) {
                    add(step, weight);
                }
            }
        }
        if driver.form_submit.is_some() {
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
        if driver.three_ds_frame.is_some() {
            add(Step::ThreeDsDone, 40);
        }
        if driver.before_submit.is_some() {
            add(Step::BeforeSubmit("CONTINUE"), 100);
            for answer in ["IGNORE", "CANCEL", "ERROR", "TIMEOUT", "OTHER"] {
                add(Step::BeforeSubmit(answer), 10);
            }
        }
        if !driver.checks.is_empty() {
            add(Step::Checked { is_valid: true }, 20);
            add(Step::Checked { is_valid: false }, 20);
        }
        // The buyer cannot press a button of a page in the background.
        if !driver.is_hidden {
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
            (Step::Hide, if driver.is_launching_app() { 60 } else { 8 }),
            (Step::Online, 3),
            (Step::Policy { is_frame: false, is_gateway: true }, 1),
            (Step::Policy { is_frame: true, is_gateway: true }, 1),
            (Step::Policy { is_frame: true, is_gateway: false }, 1),
            (Step::Remove, 1),
            (Step::Show { restored: false }, if driver.is_hidden { 40 } else { 8 }),
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

    /// Does the step, and notes the occurrence and the machine's reaction.
    pub(crate) fn take(&mut self, step: Step) {
        let (what, input) = self.prepare(step);
        self.moments.push(Moment { at: self.driver.now, what });
        let effects = self.driver.input(input);
        let mut reaction = Reaction::default();
        for effect in &effects {
            self.note(effect, &mut reaction);
        }
        reaction.effects.sort();
        self.reactions.push(reaction);
    }

    /// A step as the script's occurrence and as the machine's input.
    fn prepare(&mut self, step: Step) -> (Occurrence, Input) {
        let driver = &mut self.driver;
        let id = driver.form_submit.unwrap_or_default();
        let form = driver.form;
        let from_form = |message| Input::FormMessage { form: form.unwrap(), message };
        match step {
            Step::Gateway(action) => {
                let call = driver.last_call();
                match self.gateway.answer(action, &self.attempt, driver.now) {
                    Some(answer) => {
                        let reply = answer.reply();
                        (Occurrence::Answer(answer), driver.answered(reply))
                    }
                    None => (Occurrence::Broke, broken(call)),
                }
            }
            Step::App => (Occurrence::App, Input::AppPressed),
            Step::BeforeSubmit(answer) => (
                Occurrence::BeforeSubmit(answer),
                Input::BeforeSubmitAnswered {
                    id: driver.before_submit.unwrap(),
                    answer: BeforeSubmit::from(answer).into(),
                },
            ),
            Step::BrokenForm => {
                (Occurrence::FormBroke, from_form(FromForm::Broken { reason: "x".into() }))
            }
            Step::Browser { accepts } => (
                Occurrence::Navigated(accepts),
                Input::NavigationDone { navigation: driver.navigation.unwrap(), accepted: accepts },
            ),
            Step::Check => (Occurrence::Check, Input::CheckPressed),
            Step::Checked { is_valid } => {
                let (id, promise) = driver.checks[0];
                let message = FromForm::Checked { id, valid: is_valid };
                (Occurrence::Checked { promise: promise.0, is_valid }, from_form(message))
            }
            Step::Close => (Occurrence::Close, Input::ClosePressed),
            Step::Continue => (Occurrence::Continue, Input::ContinuePressed),
            Step::Enter => (Occurrence::Enter, from_form(FromForm::SubmitPressed)),
            Step::Escape => (Occurrence::Escape, from_form(FromForm::ClosePressed)),
            Step::Filled if self.gateway.kind == MethodKind::Card => {
                (Occurrence::Filled("token".into()), from_form(token(id, "secret-token")))
            }
            Step::Filled => {
                let values = FormValues(vec![("blikCode".into(), "secret-777123".into())]);
                let content = line::json(&values);
                (Occurrence::Filled(content), from_form(FromForm::Values { id, values }))
            }
            Step::Hide => (Occurrence::Hidden, Input::PageHidden),
            Step::Invalid => (Occurrence::Invalid, from_form(FromForm::Invalid { id })),
            Step::Online => (Occurrence::Online, Input::Online),
            Step::Open { is_valid, stays, is_phone, in_app, from_click } => {
                let promise = driver.promise();
                let mut request = request(promise);
                request.stays_on_page = stays;
                request.is_app_webview = in_app;
                request.is_from_click = from_click;
                if is_phone {
                    request.browser.user_agent = ANDROID.into();
                }
                if !is_valid {
                    request.session_data = "c2Vzc2lvbg==&&SG".into();
                }
                let promise = promise.0;
                let open =
                    Occurrence::Open { promise, is_valid, stays, is_phone, in_app, from_click };
                (open, Input::Open(Box::new(request)))
            }
            Step::Pay => (Occurrence::Pay, Input::PayPressed),
            Step::Policy { is_frame, is_gateway } => {
                let what = Occurrence::Policy { is_frame, is_gateway };
                (what, violation(is_frame, is_gateway))
            }
            Step::Ready => (Occurrence::Ready, from_form(FromForm::Ready)),
            Step::Refused(code) => {
                let message = FromForm::Refused { id, code: code.into(), message: String::new() };
                (Occurrence::Refused(code), from_form(message))
            }
            Step::Remove => (Occurrence::Removed, Input::Removed),
            Step::Show { restored } => {
                (Occurrence::Shown { restored }, Input::PageShown { restored })
            }
            Step::Submit => {
                let promise = driver.promise();
                (Occurrence::Submit(promise.0), Input::Submit { promise, billing_address: None })
            }
            Step::ThreeDsDone => (
                Occurrence::ThreeDsDone,
                Input::ThreeDsFrameDone { frame: driver.three_ds_frame.unwrap() },
            ),
            Step::Time { late } => {
                let (id, at) = *driver.timers.iter().min_by_key(|(_, at)| *at).unwrap();
                driver.now = driver.now.max(at) + late * 1_000;
                (Occurrence::Time, Input::TimerFired(id))
            }
            Step::Unmount => (Occurrence::Unmount, Input::Unmount),
            Step::Unreachable => (Occurrence::Unreachable, from_form(FromForm::Unreachable { id })),
            Step::Validate => {
                let promise = driver.promise();
                (Occurrence::Validate(promise.0), Input::Validate { promise })
            }
        }
    }

    /// Notes an effect in the script's form. Rendering, logs and timers are the machine's own.
    fn note(&mut self, effect: &Effect, reaction: &mut Reaction) {
        let text = match effect {
            Effect::Emit(event) => return reaction.events.push(describe(event)),
            Effect::Call { call, .. } => {
                let extras = call.request.ext_params.clone().expect("every call has extParams");
                self.attempt = extras.attempt_id.unwrap_or_default();
                match call.operation {
                    Operation::Submit => {
                        self.gateway.submitting.clone_from(&self.attempt);
                        let number = self.attempt.rsplit('-').next().unwrap_or_default();
                        let given = line::given(call);
                        let given = match given.split_once('=') {
                            Some(("values", values)) => values,
                            Some(("token", "none")) => "nothing",
                            _ => "token",
                        };
                        format!("call submit {number} {given}")
                    }
                    Operation::Query => {
                        self.gateway.submitting.clear();
                        "call query".into()
                    }
                    Operation::Inquire => {
                        let result = extras.three_ds_comp_ind;
                        let result = result.as_ref().map_or("", |result| result.as_str());
                        format!("call inquire {result}").trim_end().into()
                    }
                }
            }
            Effect::CloseThreeDsFrame => "3DS frame closes".into(),
            Effect::NotifyClosed => "onClose".into(),
            Effect::AskBeforeSubmit { method, .. } => format!("onBeforeSubmit {method}"),
            Effect::Navigate { target, .. } => format!("navigate {}", target.as_str()),
            Effect::OpenFields { .. } => "fields".into(),
            Effect::OpenCardForm { target, .. } => format!("frame {}", on_gateway(target.as_str())),
            Effect::OpenThreeDsFrame { target, .. } => {
                format!("3DS frame {}", on_gateway(target.as_str()))
            }
            Effect::SendToForm(ToForm::Submit { .. }) => "form: submit".into(),
            Effect::SendToForm(ToForm::Validate { .. }) => "form: validate".into(),
            Effect::Settle { promise, settlement } => {
                let how = match settlement {
                    Settlement::Validated { is_valid } => format!("valid={is_valid}"),
                    Settlement::Opened => "opened".into(),
                    Settlement::Rejected { code, .. } => format!("rejected {}", code.name()),
                    Settlement::Submitted { code, .. } => code.name().into(),
                };
                format!("promise {}: {how}", promise.0)
            }
            Effect::AbortCall(_)
            | Effect::CancelTimer(_)
            | Effect::Log(_)
            | Effect::Render
            | Effect::NotifyMethodSelected { .. }
            | Effect::SendToForm(_)
            | Effect::StartTimer { .. }
            | Effect::RemoveComponent => return,
        };
        reaction.effects.push(text);
    }
}

fn on_gateway(address: &str) -> &str {
    let path = address.strip_prefix(GATEWAY).expect("an address on the gateway");
    path.split('#').next().unwrap_or_default()
}

/// An event as the merchant receives it, reduced to the deciding members.
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
pub(crate) fn gateway(
    number: usize,
    addresses: bool,
    names_attempt: bool,
    return_page: usize,
) -> Gateway {
    Gateway {
        kind: KINDS[number % KINDS.len()],
        addresses,
        return_page: [
            Some("https://shop.example/result?order=secret20"),
            None,
            Some("javascript:alert('secret21')"),
        ][return_page],
        names_attempt,
        payment: None,
        submitting: String::new(),
        since: 0,
    }
}

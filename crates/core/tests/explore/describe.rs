//! Descriptions of inputs and their outcomes, for `docs/states.md`.

use std::collections::BTreeSet;

use kassa_core::events::EventCode;
use kassa_core::machine::{Effect, Settlement};
use kassa_protocol::frame::ToForm;

use crate::place::Place;
use crate::support::action::{Action, FormAction};
use crate::support::answers::ANSWERS;
use crate::support::line::{operation, tag};

/// The source of an input, and its name. `None` for inputs that the page explains once for all
/// states.
pub(crate) fn label(action: Action, state: &str) -> Option<String> {
    let text = match action {
        Action::Unmount => return None,
        Action::Open { .. } if state != "Idle" && state != "Ended" => return None,
        Action::Open { is_valid: false, .. } => "`createComponent`: bad session",
        Action::Open { is_phone: true, .. } => "`createComponent`: to stay, on a phone",
        Action::Open { stays: true, .. } => "`createComponent`: to stay",
        Action::Open { stays: false, .. } => "`createComponent`: to leave",
        Action::Answer(row) => return Some(format!("gateway: {}", ANSWERS[row].name)),
        Action::AnswerAfterPress(row) => {
            return Some(format!("gateway: {}, after a press", ANSWERS[row].name));
        }
        Action::App => "buyer: opens the app",
        Action::BeforeSubmit(decision) => return Some(format!("`onBeforeSubmit`: {decision}")),
        Action::Break => "gateway: connection breaks",
        Action::Browser { accepts: true } => "browser: accepts",
        Action::Browser { accepts: false } => "browser: refuses",
        Action::Check => "buyer: checks",
        Action::Close => "buyer: closes",
        Action::Continue => "buyer: continues",
        Action::Pay => "buyer: pays",
        Action::Form(action) => return Some(format!("form: {}", form_action(action))),
        Action::Hide => "page: hidden",
        Action::Online => "page: online",
        Action::Policy { is_frame: false, .. } => "policy: refuses the call",
        Action::Policy { is_gateway: true, .. } => "policy: refuses the frame",
        Action::Policy { .. } => "policy: refuses another host's frame",
        Action::Remove => "page: removed the component",
        Action::Restore => "page: restored",
        Action::Show => "page: shown",
        Action::Submit => "`submit()`",
        Action::ThreeDsDone => "3DS frame: done",
        Action::Time { late: 0 } => "timer: on time",
        Action::Time { late: 60 } => "timer: a minute late",
        Action::Time { .. } => "timer: 5 minutes late",
        Action::Validate => "`validateFields()`",
    };
    Some(text.to_owned())
}

fn form_action(action: FormAction) -> &'static str {
    match action {
        FormAction::Broken => "broken",
        FormAction::Checked { is_valid: true } => "valid",
        FormAction::Checked { is_valid: false } => "not valid",
        FormAction::Enter => "Enter",
        FormAction::Escape => "Escape",
        FormAction::Invalid => "submit with errors",
        FormAction::Values => "values",
        FormAction::Ready => "ready",
        FormAction::Refused { retryable: true } => "card refused",
        FormAction::Refused { retryable: false } => "session refused",
        FormAction::Resized => "resized",
        FormAction::Token => "token",
        FormAction::Unreachable => "no answer",
    }
}

/// The outcome of an input, as far as it is worth a row of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StepOutcome {
    pub(crate) to: String,
    pub(crate) events: Vec<String>,
    pub(crate) effects: Vec<String>,
}

impl StepOutcome {
    /// Whether a state stays as it is.
    pub(crate) fn is_nothing(&self, state: &str) -> bool {
        self.to == state && self.events.is_empty() && self.effects.is_empty()
    }

    /// The outcome, and the further effects for a waiting promise.
    pub(crate) fn of(to: &Place, action: Action, effects: &[Effect]) -> (Self, BTreeSet<String>) {
        let mut outcome = Self { to: to.name.clone(), events: vec![], effects: vec![] };
        let mut extras = BTreeSet::new();
        let is_call = matches!(action, Action::Submit | Action::Validate);
        for effect in effects {
            match effect {
                Effect::Emit(event) => outcome.events.push(code(event.code)),
                Effect::Settle { settlement, .. } => match settlement {
                    Settlement::Submitted { .. } | Settlement::Validated { .. } if !is_call => {
                        extras.insert(settled(settlement));
                    }
                    settlement => outcome.effects.push(settled(settlement)),
                },
                effect => outcome.effects.extend(described(effect)),
            }
        }
        (outcome, extras)
    }
}

fn code(code: EventCode) -> String {
    code.name().trim_start_matches("SDK_").to_owned()
}

fn settled(settlement: &Settlement) -> String {
    match settlement {
        Settlement::Validated { is_valid } => format!("`validateFields()` → {is_valid}"),
        Settlement::Opened => "`createComponent` resolves".into(),
        Settlement::Rejected { .. } => "promise rejects".into(),
        Settlement::Submitted { code: reason, .. } => format!("`submit()` → {}", code(*reason)),
    }
}

fn described(effect: &Effect) -> Option<String> {
    let text = match effect {
        Effect::Call { call, .. } => {
            let name = operation(call.operation);
            format!("calls: {}", if name.starts_with("submit") { "submit" } else { name })
        }
        Effect::StartTimer { after, .. } => format!("timer {} s", after / 1_000),
        Effect::Navigate { .. } => "navigates".into(),
        Effect::OpenCardForm { .. } => "opens the card form".into(),
        Effect::OpenFields { .. } => "opens the fields".into(),
        Effect::OpenThreeDsFrame { .. } => "opens the 3DS frame".into(),
        Effect::CloseThreeDsFrame => "closes the 3DS frame".into(),
        Effect::AskBeforeSubmit { .. } => "calls `onBeforeSubmit`".into(),
        Effect::SendToForm(ToForm::Busy { busy: true }) => "to form: busy".into(),
        Effect::SendToForm(ToForm::Busy { busy: false }) => "to form: not busy".into(),
        Effect::SendToForm(message) => format!("to form: {}", tag(message)),
        Effect::Log(line) => format!("logs {}", line.code.name()),
        Effect::NotifyClosed => "`onClose`".into(),
        Effect::RemoveComponent => "removes the component".into(),
        Effect::AbortCall(_)
        | Effect::CancelTimer(_)
        | Effect::Emit(_)
        | Effect::NotifyMethodSelected { .. }
        | Effect::Render
        | Effect::Settle { .. } => return None,
    };
    Some(text)
}

//! Inputs and what comes of them, in words.

use std::collections::BTreeSet;

use kassa_core::frame::ToFrame;
use kassa_core::machine::{Effect, Verdict};

use crate::place::Place;
use crate::support::action::{ANSWERS, Action, Word};
use crate::support::line::tag;

/// Who an input comes from, and which it is. `None` for those that the page explains once for all
/// states.
pub(crate) fn label(action: Action, state: &str) -> Option<String> {
    let text = match action {
        Action::Unmount => return None,
        Action::Open { .. } if state != "Idle" && state != "Done" => return None,
        Action::Open { good: false, .. } => "`createComponent`: bad session",
        Action::Open { phone: true, .. } => "`createComponent`: to stay, on a phone",
        Action::Open { stay: true, .. } => "`createComponent`: to stay",
        Action::Open { stay: false, .. } => "`createComponent`: to leave",
        Action::Answer(row) => return Some(format!("gateway: {}", ANSWERS[row].name)),
        Action::App => "buyer: opens the app",
        Action::Check => "buyer: has paid",
        Action::Done => "3DS frame: done",
        Action::Guard(answer) => return Some(format!("`onBeforeSubmit`: {answer}")),
        Action::Break => "gateway: connection breaks",
        Action::Browser { goes: true } => "browser: goes",
        Action::Browser { goes: false } => "browser: refuses",
        Action::Close => "buyer: closes",
        Action::Continue => "buyer: continues",
        Action::Pay => "buyer: pays",
        Action::Frame(word) => return Some(format!("frame: {}", said(word))),
        Action::Hide => "page: hidden",
        Action::Online => "page: online",
        Action::Restore => "page: restored",
        Action::Show => "page: shown",
        Action::Submit => "`submit()`",
        Action::Time { late: 0 } => "timer: on time",
        Action::Time { late: 60 } => "timer: a minute late",
        Action::Time { .. } => "timer: 5 minutes late",
        Action::Validate => "`validateFields()`",
    };
    Some(text.to_owned())
}

fn said(word: Word) -> &'static str {
    match word {
        Word::Checked { valid: true } => "valid",
        Word::Checked { valid: false } => "not valid",
        Word::Enter => "Enter",
        Word::Escape => "Escape",
        Word::Invalid => "form is not valid",
        Word::Missing => "missing",
        Word::Values => "values",
        Word::Ready => "ready",
        Word::Refused { retryable: true } => "card refused",
        Word::Refused { retryable: false } => "session refused",
        Word::Resized => "resized",
        Word::Token => "token",
        Word::Unreachable => "no answer",
    }
}

/// What comes of an input, as far as it is worth a row of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Outcome {
    pub(crate) to: String,
    pub(crate) told: Vec<String>,
    pub(crate) does: Vec<String>,
}

impl Outcome {
    /// Whether a state just stays as it is.
    pub(crate) fn is_nothing(&self, state: &str) -> bool {
        self.to == state && self.told.is_empty() && self.does.is_empty()
    }

    /// The outcome, and what happened besides because a promise was waiting.
    pub(crate) fn of(to: &Place, action: Action, effects: &[Effect]) -> (Self, BTreeSet<String>) {
        let mut outcome = Self { to: to.name.clone(), told: vec![], does: vec![] };
        let mut extras = BTreeSet::new();
        let asks = matches!(action, Action::Submit | Action::Validate);
        for effect in effects {
            match effect {
                Effect::Emit(event) => outcome.told.push(code(event.code)),
                Effect::Settle { verdict, .. } => match verdict {
                    Verdict::Submitted { .. } | Verdict::Checked { .. } if !asks => {
                        extras.insert(settled(verdict));
                    }
                    verdict => outcome.does.push(settled(verdict)),
                },
                effect => outcome.does.extend(done(effect)),
            }
        }
        (outcome, extras)
    }
}

fn code(code: kassa_core::events::Code) -> String {
    code.name().trim_start_matches("SDK_").to_owned()
}

fn settled(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Checked { valid } => format!("`validateFields()` → {valid}"),
        Verdict::Opened => "`createComponent` resolves".into(),
        Verdict::Refused { .. } => "promise rejects".into(),
        Verdict::Submitted { code: why, .. } => format!("`submit()` → {}", code(*why)),
    }
}

fn done(effect: &Effect) -> Option<String> {
    let text = match effect {
        Effect::Call { call, .. } => {
            let name = call.operation.name().rsplit('.').next().unwrap_or_default();
            format!("asks: {}", if name.starts_with("submit") { "submit" } else { name })
        }
        Effect::StartTimer { after, .. } => format!("timer {} s", after / 1_000),
        Effect::Navigate { .. } => "navigates".into(),
        Effect::OpenFrame { .. } => "opens the card frame".into(),
        Effect::OpenForm { .. } => "opens the form".into(),
        Effect::OpenWindow { .. } => "opens the 3DS frame".into(),
        Effect::CloseWindow => "closes the 3DS frame".into(),
        Effect::Guard { .. } => "asks `onBeforeSubmit`".into(),
        Effect::SendFrame(ToFrame::Busy { busy: true }) => "frame: wait".into(),
        Effect::SendFrame(ToFrame::Busy { busy: false }) => "frame: go on".into(),
        Effect::SendFrame(message) => format!("frame: {}", tag(message)),
        Effect::Log { code, .. } => format!("logs {code}"),
        Effect::Closed => "`onClose`".into(),
        Effect::Teardown => "tears down".into(),
        Effect::AbortCall(_)
        | Effect::CancelTimer(_)
        | Effect::Render
        | Effect::Selected { .. } => return None,
        Effect::Emit(_) | Effect::Settle { .. } => return None,
    };
    Some(text)
}

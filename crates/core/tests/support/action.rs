//! Possible actions, without ids: a driver turns an action into the input with the ids of its
//! running operations. Random walks and the exploration choose from the same list.

use kassa_core::machine::{
    BeforeSubmit, BeforeSubmitId, CallId, Effect, FormId, Input, NavigationId, ThreeDsFrameId,
    TimerId,
};
use kassa_protocol::client::{FormValues, Operation};
use kassa_protocol::frame::FromForm;

use super::answers::{ANSWERS, Answer};
use super::{ANDROID, Driver, token};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    /// The gateway answers the running call with a row of [`ANSWERS`].
    Answer(usize),
    /// The same, while the page has the activation of the buyer's last press.
    AnswerAfterPress(usize),
    App,
    BeforeSubmit(&'static str),
    Break,
    Browser {
        accepts: bool,
    },
    Check,
    Close,
    Continue,
    Form(FormAction),
    Hide,
    Online,
    Open {
        stays: bool,
        is_valid: bool,
        is_phone: bool,
    },
    Pay,
    /// The page's policy refuses calls or frames of the gateway, or of another host.
    Policy {
        is_frame: bool,
        is_gateway: bool,
    },
    /// The page's own code takes the component out of the document.
    Remove,
    Restore,
    Show,
    Submit,
    /// The page in the frame of 3DS reports that its part is over.
    ThreeDsDone,
    /// The next timer fires, so many seconds late: browsers slow down pages in the background.
    Time {
        late: u32,
    },
    Unmount,
    Validate,
}

/// The possible messages of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FormAction {
    Broken,
    Checked { is_valid: bool },
    Enter,
    Escape,
    Invalid,
    Ready,
    Refused { retryable: bool },
    Resized,
    Token,
    Unreachable,
    Values,
}

impl Action {
    /// The actions that are possible for this driver now.
    pub(crate) fn all(driver: &Driver) -> Vec<Self> {
        let mut all = vec![
            Self::Open { stays: true, is_valid: true, is_phone: false },
            Self::Open { stays: false, is_valid: true, is_phone: false },
            Self::Open { stays: true, is_valid: true, is_phone: true },
            Self::Open { stays: true, is_valid: false, is_phone: false },
            Self::App,
            Self::Check,
            Self::Pay,
            Self::Submit,
            Self::Validate,
            Self::Close,
            Self::Continue,
            Self::Hide,
            Self::Show,
            Self::Remove,
            Self::Restore,
            Self::Online,
            Self::Unmount,
            Self::Policy { is_frame: false, is_gateway: true },
            Self::Policy { is_frame: true, is_gateway: true },
            Self::Policy { is_frame: true, is_gateway: false },
        ];
        if let Some((_, operation)) = driver.calls.last() {
            let fits = |answer: &Answer| *operation == Operation::Query || !answer.is_offer;
            let rows = || (0..ANSWERS.len()).filter(|row| fits(&ANSWERS[*row]));
            all.extend(rows().map(Self::Answer));
            // The activation decides over apps only.
            let names_app = |row: &usize| ANSWERS[*row].name.starts_with("app");
            all.extend(rows().filter(names_app).map(Self::AnswerAfterPress));
            all.push(Self::Break);
        }
        if !driver.timers.is_empty() {
            all.extend([0, 60, 300].map(|late| Self::Time { late }));
        }
        if driver.navigation.is_some() {
            all.extend([true, false].map(|accepts| Self::Browser { accepts }));
        }
        if driver.form.is_some() {
            all.extend(
                [
                    FormAction::Broken,
                    FormAction::Enter,
                    FormAction::Escape,
                    FormAction::Ready,
                    FormAction::Resized,
                ]
                .map(Self::Form),
            );
        }
        if driver.form_submit.is_some() {
            let refused = [true, false].map(|retryable| FormAction::Refused { retryable });
            all.extend(
                [
                    FormAction::Invalid,
                    FormAction::Token,
                    FormAction::Unreachable,
                    FormAction::Values,
                ]
                .map(Self::Form),
            );
            all.extend(refused.map(Self::Form));
        }
        if driver.three_ds_frame.is_some() {
            all.push(Self::ThreeDsDone);
        }
        if driver.before_submit.is_some() {
            all.extend(["CONTINUE", "CANCEL", "ERROR"].map(Self::BeforeSubmit));
        }
        if !driver.checks.is_empty() {
            all.extend([true, false].map(|is_valid| Self::Form(FormAction::Checked { is_valid })));
        }
        all
    }

    /// Feeds the action's input.
    pub(crate) fn take(self, driver: &mut Driver) -> Vec<Effect> {
        let input = match self {
            Self::Answer(row) | Self::AnswerAfterPress(row) => Input::CallAnswered {
                call: driver.last_call(),
                reply: ANSWERS[row].reply(),
                activation: Some(matches!(self, Self::AnswerAfterPress(_))),
            },
            Self::App => Input::AppPressed,
            Self::BeforeSubmit(decision) => Input::BeforeSubmitAnswered {
                id: driver.before_submit.unwrap(),
                answer: BeforeSubmit::from(decision).into(),
            },
            Self::Break => super::broken(driver.last_call()),
            Self::Browser { accepts } => {
                Input::NavigationDone { navigation: driver.navigation.unwrap(), accepted: accepts }
            }
            Self::Check => Input::CheckPressed,
            Self::Close => Input::ClosePressed,
            Self::Continue => Input::ContinuePressed,
            Self::Form(action) => return driver.form_message(action.message(driver)),
            Self::Hide => Input::PageHidden,
            Self::Online => Input::Online,
            Self::Open { stays, is_valid, is_phone } => {
                return driver.open(|request| {
                    request.stays_on_page = stays;
                    if is_phone {
                        request.browser.user_agent = ANDROID.into();
                    }
                    if !is_valid {
                        request.session_data = "c2Vzc2lvbg==&&SG".into();
                    }
                });
            }
            Self::Pay => Input::PayPressed,
            Self::Policy { is_frame, is_gateway } => super::violation(is_frame, is_gateway),
            Self::Remove => Input::Removed,
            Self::Restore => Input::PageShown { restored: true },
            Self::Show => Input::PageShown { restored: false },
            Self::Submit => Input::Submit { promise: driver.promise(), billing_address: None },
            Self::ThreeDsDone => Input::ThreeDsFrameDone { frame: driver.three_ds_frame.unwrap() },
            Self::Time { late } => {
                driver.now += late * 1_000;
                return driver.fire_next().unwrap_or_default();
            }
            Self::Unmount => Input::Unmount,
            Self::Validate => Input::Validate { promise: driver.promise() },
        };
        driver.input(input)
    }
}

impl FormAction {
    fn message(self, driver: &Driver) -> FromForm {
        match self {
            Self::Checked { .. } => {
                self.message_with(driver.checks.first().map_or(0, |(id, _)| *id))
            }
            _ => self.message_with(driver.form_submit.unwrap_or_default()),
        }
    }

    fn message_with(self, id: u32) -> FromForm {
        match self {
            Self::Broken => FromForm::Broken { reason: "ReferenceError: URL".into() },
            Self::Checked { is_valid } => FromForm::Checked { id, valid: is_valid },
            Self::Enter => FromForm::SubmitPressed,
            Self::Escape => FromForm::ClosePressed,
            Self::Invalid => FromForm::Invalid { id },
            Self::Values => FromForm::Values {
                id,
                values: FormValues(vec![("code".into(), "secret-value".into())]),
            },
            Self::Ready => FromForm::Ready,
            Self::Refused { retryable } => FromForm::Refused {
                id,
                code: if retryable { "INVALID_CARD_NUMBER" } else { "ORDER_IS_CLOSED" }.into(),
                message: String::new(),
            },
            Self::Resized => FromForm::Resized { height: 320 },
            Self::Token => token(id, "secret-token"),
            Self::Unreachable => FromForm::Unreachable { id },
        }
    }

    const ALL: [Self; 13] = [
        Self::Broken,
        Self::Checked { is_valid: true },
        Self::Checked { is_valid: false },
        Self::Enter,
        Self::Escape,
        Self::Invalid,
        Self::Values,
        Self::Ready,
        Self::Refused { retryable: true },
        Self::Refused { retryable: false },
        Self::Resized,
        Self::Token,
        Self::Unreachable,
    ];
}

/// Inputs that come too late, twice, or from somewhere else. The driver asserts that they change
/// nothing.
pub(crate) fn stale(driver: &Driver) -> Vec<Input> {
    let mut inputs = Vec::new();
    // Ids are given to calls, timers and everything else in turn, so that the id of one of them is
    // wrong for the others.
    for id in [0, driver.last_id.saturating_sub(1), driver.last_id, driver.last_id + 1] {
        let reply = Answer::named("paid").reply();
        inputs.push(Input::CallAnswered { call: CallId(id), reply, activation: Some(true) });
        inputs.push(super::broken(CallId(id)));
        inputs.push(Input::TimerFired(TimerId(id)));
        inputs.push(Input::BeforeSubmitAnswered {
            id: BeforeSubmitId(id),
            answer: BeforeSubmit::Continue.into(),
        });
        inputs.push(Input::ThreeDsFrameDone { frame: ThreeDsFrameId(id) });
        for accepted in [true, false] {
            inputs.push(Input::NavigationDone { navigation: NavigationId(id), accepted });
        }
        for action in FormAction::ALL {
            // From another form with the right id, and from the right form with another id.
            inputs.push(Input::FormMessage { form: FormId(id), message: action.message(driver) });
            if let Some(form) = driver.form {
                inputs.push(Input::FormMessage { form, message: action.message_with(id) });
            }
        }
    }
    inputs.retain(|input| driver.is_stale(input));
    inputs
}

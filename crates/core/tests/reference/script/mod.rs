//! The contract and `docs/protocol.md` once more, as one script per flow over the occurrences. Each
//! wait takes the next occurrence from the list, and `?` leaves the script where the list ends or
//! the merchant unmounts. The script shares the names of event codes with the machine, and nothing
//! else.
//!
//! Both sources leave much open: limits and their numbers, how promises settle on `unmount`, which
//! link of an app comes first, what an inquiry that finds a payment under way means for the buyer's
//! part. There the script follows the transcripts in `tests/golden` and `docs/events.md`, and a
//! comment marks it; there this test compares the machine with the transcripts in every order of
//! occurrences, not with an independent source.

mod answers;
mod ending;
mod leaving;
mod opening;
mod paying;
mod watching;

use std::collections::VecDeque;

use kassa_core::events::EventCode;
use serde_json::Value;

use super::gateway::Answer;

/// One thing that happened.
#[derive(Debug, Clone)]
pub(crate) enum Occurrence {
    Answer(Answer),
    App,
    BeforeSubmit(&'static str),
    Broke,
    Check,
    Checked {
        promise: u32,
        is_valid: bool,
    },
    Close,
    Continue,
    Enter,
    Escape,
    /// The form answered a submit, with this content.
    Filled(String),
    /// The card form reports that its script cannot run.
    FormBroke,
    Hidden,
    Invalid,
    Navigated(bool),
    Online,
    Open {
        promise: u32,
        is_valid: bool,
        stays: bool,
        is_phone: bool,
        in_app: bool,
        from_click: bool,
    },
    Pay,
    /// The page's policy refuses something.
    Policy {
        is_frame: bool,
        is_gateway: bool,
    },
    Ready,
    Refused(&'static str),
    /// The page's own code took the component out of the document.
    Removed,
    Shown {
        restored: bool,
    },
    Submit(u32),
    ThreeDsDone,
    /// The moment of a timer.
    Time,
    Unmount,
    Unreachable,
    Validate(u32),
}

/// When it happened, in milliseconds.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub(crate) at: u32,
    pub(crate) what: Occurrence,
}

/// The effects of an occurrence: events in their order, and everything else in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reaction {
    pub(crate) events: Vec<String>,
    pub(crate) effects: Vec<String>,
}

/// The reason why the script stops.
enum Stop {
    Removed,
    Unmounted,
    HistoryEnds,
}

type Flow<T> = Result<T, Stop>;

// Contract §4 and §5.
const CALL: u32 = 15_000;
const SOON: u32 = 2_000;
const LATER: u32 = 10_000;
const A_MINUTE: u32 = 60_000;
// docs/protocol.md.
const THREE_DS_METHOD: u32 = 10_000;
// js/src/kassa.d.ts.
const BEFORE_SUBMIT: u32 = 30_000;
// The contract has limits without numbers ("within its time limits"); these are the transcripts'.
const FORM: u32 = 20_000;
const RESULT: u32 = 300_000;
const APP: u32 = 5_000;
/// A timer that fires later than this was throttled: the page was in the background.
const HELD_UP: u32 = 2_000;
const CHALLENGE: u32 = 600_000;
const CODES: u32 = 3_600_000;
/// After the end of the time in which the buyer could pay.
const LATE: u32 = 60_000;

/// How the submit buttons work while the script waits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Busy {
    /// The script takes a submit itself.
    No,
    /// `createComponent` has not resolved.
    Opening,
    /// There is no form: an app is offered.
    Offer,
    /// A payment is under way.
    Yes,
}

/// How a part of the script ends.
enum After {
    /// The form can be used again.
    Form,
    /// The component has emitted its last event, and shows the outcome.
    Ended,
    /// The component is removed.
    Gone,
}

/// The outcome of a call.
enum Reply {
    Yes(Value),
    /// A refusal, with its code, and whether it leaves the payment's state open.
    No {
        code: String,
        open: bool,
    },
    Unanswered,
    Closed,
}

/// A row of "How a payment stands": the buyer's next step.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    App,
    Approval,
    Challenge(String),
    Codes,
    Complete,
    Page { address: String, three_ds: bool },
    ThreeDsMethod(String),
}

/// A page to go to.
#[derive(Clone, Default)]
struct Way {
    address: String,
    merchant: bool,
    three_ds: bool,
}

/// The awaited result of inquiries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// The result: the buyer's part is complete, in this page or elsewhere.
    Result,
    /// The outcome of a submit that was not answered.
    Unanswered,
    /// The next step after the 3DS method.
    AfterMethod,
    /// That the buyer follows the screen.
    Buyer,
    /// The result of a payment in an app.
    App,
    /// The end of the challenge that is shown.
    Challenge,
    /// The result of a challenge that is over.
    ChallengeDone,
    /// The result of a challenge that the buyer closed.
    ChallengeClosed,
}

/// The rhythm of inquiries.
struct Poll {
    /// When it began, or the buyer came back.
    since: u32,
    /// When the buyer can no longer pay.
    until: Option<u32>,
    /// How long the result is awaited after `until`, or after `since` without it.
    limit: u32,
    /// Time limit of the inquiry that is under way.
    deadline: Option<u32>,
    next: Option<u32>,
    is_answered: bool,
    /// An inquiry has just ended.
    just_ended: bool,
}

/// How a wait between inquiries ends.
enum PollEnd {
    Answer(Value),
    Buyer(Occurrence),
    Failed,
    TimeIsUp,
}

pub(crate) struct Script {
    moments: VecDeque<Moment>,
    reactions: Vec<Reaction>,
    now: u32,
    is_hidden: bool,
    asks_before_submit: bool,
    opening: Option<u32>,
    submit: Option<u32>,
    checks: Vec<(u32, u32)>,
    /// An outcome is on the screen, which can be closed and replaced.
    ended: bool,
    session: Session,
}

/// The state of the open session.
#[derive(Default)]
struct Session {
    /// Random text of the opening, with which attempt ids begin.
    seed: String,
    stays: bool,
    is_phone: bool,
    in_app: bool,
    /// The buyer's click opened the component, which stands for the page's activation.
    from_click: bool,
    method: String,
    has_form: bool,
    form_is_ready: bool,
    return_page: String,
    /// Number of the submit, from 1; it grows when one failed for certain.
    attempt: u32,
    failed_before: bool,
    /// Whether the last submit has had an answer that settles its arrival.
    answered: bool,
    /// The buyer has done something that may have paid.
    may_have_paid: bool,
    authorised: bool,
    pending: bool,
    three_ds: bool,
    /// The buyer's part was not done in this page: before this opening, or on another page.
    elsewhere: bool,
    /// Where the buyer can go on, from the screen that waits.
    way_on: Option<Way>,
    /// Links of the app, the next one first.
    links: VecDeque<String>,
    /// When the code or the approval that was just reported ends.
    until: Option<u32>,
    /// `threeDSCompInd`, once the 3DS method was called.
    comp_ind: &'static str,
    /// The challenge that was shown last.
    challenge: String,
    /// The buyer closed the challenge, and everything that follows is because of that.
    challenge_closed: bool,
    has_three_ds_frame: bool,
}

impl Script {
    pub(crate) fn new(moments: Vec<Moment>, asks_before_submit: bool) -> Self {
        Self {
            moments: moments.into(),
            reactions: vec![],
            now: 0,
            is_hidden: false,
            asks_before_submit,
            opening: None,
            submit: None,
            checks: vec![],
            ended: false,
            session: Session::default(),
        }
    }

    /// The expected effects for the merchant, the gateway and the browser, moment by moment.
    pub(crate) fn run(mut self) -> Vec<Reaction> {
        loop {
            match self.component() {
                Err(Stop::HistoryEnds) => return self.reactions,
                Ok(After::Ended) => {
                    self.settle_all();
                    self.ended = true;
                }
                Err(Stop::Removed) => {
                    if self.opening.is_some() {
                        self.cancel_opening();
                    } else {
                        self.close();
                    }
                    self.settle_all();
                    self.ended = false;
                }
                Err(Stop::Unmounted) | Ok(After::Form | After::Gone) => {
                    self.settle_all();
                    self.ended = false;
                }
            }
        }
    }

    // Reactions.

    fn effect(&mut self, effect: impl Into<String>) {
        self.reactions.last_mut().expect("something happened").effects.push(effect.into());
    }

    fn emit(&mut self, code: EventCode) {
        self.reactions.last_mut().expect("something happened").events.push(code.name().into());
    }

    fn emit_result(
        &mut self,
        code: EventCode,
        status: &str,
        result_code: &str,
        retryable: bool,
        reason: &str,
    ) {
        let line = format!("{} {status} {result_code} retryable={retryable} {reason}", code.name());
        self.reactions.last_mut().expect("something happened").events.push(line);
    }

    fn reject(&mut self, promise: u32, code: EventCode) {
        self.effect(format!("promise {promise}: rejected {}", code.name()));
    }

    fn settle_submit(&mut self, code: EventCode) {
        if let Some(promise) = self.submit.take() {
            self.effect(format!("promise {promise}: {}", code.name()));
        }
    }

    /// No promise stays open when a component is over. The contract has promises settle and
    /// `unmount` silent, and leaves open with which value.
    fn settle_all(&mut self) {
        if let Some(promise) = self.opening.take() {
            self.effect(format!("promise {promise}: opened"));
        }
        if let Some(promise) = self.submit.take() {
            // The outcome is not known, and this is the careful code for it.
            self.effect(format!("promise {promise}: {}", EventCode::PaymentProcessing.name()));
        }
        for (promise, _) in std::mem::take(&mut self.checks) {
            self.effect(format!("promise {promise}: valid=false"));
        }
    }

    // Waits.

    /// The next occurrence, or `Time` when the deadline came. Occurrences with the same effect in
    /// every step of the script are handled here.
    fn next(&mut self, busy: Busy, deadline: Option<u32>) -> Flow<Occurrence> {
        loop {
            match self.take_moment()? {
                Occurrence::Time => {
                    // One timer fires at a time, the earliest.
                    let check = self.checks.iter().copied().min_by_key(|(_, at)| *at);
                    match (check, deadline) {
                        (Some((promise, at)), _)
                            if at <= self.now && deadline.is_none_or(|end| at <= end) =>
                        {
                            self.answer_check(promise, false);
                        }
                        (_, Some(end)) if end <= self.now => return Ok(Occurrence::Time),
                        _ => {}
                    }
                }
                Occurrence::Removed => return Err(Stop::Removed),
                Occurrence::Unmount => return Err(Stop::Unmounted),
                Occurrence::Open { promise, .. } => {
                    self.emit(EventCode::CreateComponentError);
                    self.reject(promise, EventCode::CreateComponentError);
                }
                Occurrence::Checked { promise, is_valid } => self.answer_check(promise, is_valid),
                Occurrence::Validate(promise) => {
                    if busy == Busy::No {
                        self.checks.push((promise, self.now + FORM));
                        self.effect("form: validate");
                    } else {
                        self.effect(format!("promise {promise}: valid=false"));
                    }
                }
                Occurrence::Submit(promise) if busy == Busy::Opening => {
                    self.reject(promise, EventCode::CreateComponentError);
                }
                Occurrence::Pay | Occurrence::Enter if busy == Busy::Opening => {}
                Occurrence::Submit(promise) if busy == Busy::Yes => {
                    let code = EventCode::DuplicateSubmission;
                    self.emit(code);
                    self.effect(format!("promise {promise}: {}", code.name()));
                }
                Occurrence::Pay | Occurrence::Enter if busy == Busy::Yes => {
                    self.emit(EventCode::DuplicateSubmission);
                }
                other => {
                    if let Occurrence::Ready = other {
                        // The frame has loaded again, and what it was sent before is lost.
                        for (promise, _) in std::mem::take(&mut self.checks) {
                            self.effect(format!("promise {promise}: valid=false"));
                        }
                    }
                    self.note_visibility(&other);
                    return Ok(other);
                }
            }
        }
    }

    fn take_moment(&mut self) -> Flow<Occurrence> {
        let Some(moment) = self.moments.pop_front() else { return Err(Stop::HistoryEnds) };
        self.now = moment.at;
        self.reactions.push(Reaction::default());
        Ok(moment.what)
    }

    fn note_visibility(&mut self, what: &Occurrence) {
        match what {
            Occurrence::Hidden => self.is_hidden = true,
            Occurrence::Shown { .. } => self.is_hidden = false,
            _ => {}
        }
    }

    fn answer_check(&mut self, promise: u32, is_valid: bool) {
        if let Some(at) = self.checks.iter().position(|(check, _)| *check == promise) {
            self.checks.remove(at);
            self.effect(format!("promise {promise}: valid={is_valid}"));
        }
    }

    /// Calls the gateway and waits for it, 15 s at most.
    fn call(&mut self, what: String, busy: Busy) -> Flow<Reply> {
        self.effect(format!("call {what}"));
        let end = self.now + CALL;
        loop {
            return Ok(match self.next(busy, Some(end))? {
                Occurrence::Answer(answer) => answers::read(answer),
                Occurrence::Broke | Occurrence::Time => Reply::Unanswered,
                // Nothing to show, so that nothing is waited for.
                Occurrence::Policy { is_frame: false, is_gateway: true }
                    if busy == Busy::Opening =>
                {
                    Reply::Unanswered
                }
                Occurrence::Close | Occurrence::Escape if busy == Busy::Opening => Reply::Closed,
                _ => continue,
            });
        }
    }
}

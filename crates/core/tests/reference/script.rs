//! The contract and `docs/protocol.md` once more, as one script per flow over what has happened. Each
//! wait takes the next thing from the list, and `?` leaves the script where the list ends or the
//! merchant unmounts. It shares the names of event codes with the machine, and nothing else.
//!
//! Both sources are silent on much: limits and their numbers, what promises say on `unmount`, which
//! link of an app comes first, what an inquiry that finds a payment under way says of the buyer's
//! part. There the transcripts in `tests/golden` and `docs/events.md` are followed, and a comment says
//! so; this test then holds the machine to them in every order of things, but is no second opinion.

use std::collections::VecDeque;

use kassa_core::events::Code;
use serde_json::Value;

use super::gateway::Answer;

/// One thing that happened.
#[derive(Debug, Clone)]
pub(crate) enum Told {
    Answer(Answer),
    App,
    Broke,
    Check,
    Checked {
        ticket: u32,
        valid: bool,
    },
    Close,
    Continue,
    Done,
    Enter,
    Escape,
    Filled(String),
    Guard(&'static str),
    Hidden,
    Invalid,
    Missing,
    Navigated(bool),
    Online,
    Open {
        ticket: u32,
        good: bool,
        stay: bool,
        phone: bool,
        in_app: bool,
    },
    Pay,
    Ready,
    Refused(&'static str),
    Shown {
        restored: bool,
    },
    Submit(u32),
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
    pub(crate) told: Told,
}

/// What comes of one thing that happened: events in their order, and all else in any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) events: Vec<String>,
    pub(crate) does: Vec<String>,
}

/// Why the script stops where it stands.
enum Stop {
    Unmounted,
    HistoryEnds,
}

type Flow<T> = Result<T, Stop>;

// Contract §4 and §5.
const SILENCE: u32 = 15_000;
const SOON: u32 = 2_000;
const LATER: u32 = 10_000;
const A_MINUTE: u32 = 60_000;
// docs/protocol.md.
const THREE_DS_METHOD: u32 = 10_000;
// js/src/kassa.d.ts.
const BEFORE_SUBMIT: u32 = 30_000;
// The contract has limits without numbers ("within its time limits"); these are the transcripts'.
const FORM: u32 = 20_000;
const PATIENCE: u32 = 300_000;
const APP: u32 = 5_000;
/// A timer that comes so late has not run: the page was in the background.
const FROZEN: u32 = 2_000;
const CHALLENGE: u32 = 600_000;
const CODES: u32 = 3_600_000;
/// After the end of what the buyer could have done.
const LAST_WORDS: u32 = 60_000;

/// How the submit buttons work while the script waits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Busy {
    /// A submit is the script's to take.
    No,
    /// `createComponent` has not resolved.
    Opening,
    /// Nobody fills in anything: an app is offered.
    Offer,
    /// A payment is under way.
    Yes,
}

/// What became of a stretch of the way.
enum After {
    /// The form can be used again.
    Form,
    /// The component has told its last, and shows it.
    Ended,
    /// The component is gone.
    Gone,
}

/// What a wait for the gateway came to.
enum Reply {
    Yes(Value),
    /// A refusal, with its code, and whether it leaves open what became of the payment.
    No {
        code: String,
        open: bool,
    },
    Silence,
    Closed,
}

/// What the buyer is asked to do, a row of "How a payment stands".
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    App,
    Approval,
    Challenge(String),
    Codes,
    Complete,
    Page { address: String, three_ds: bool },
    Prepare(String),
}

/// A page to go to.
#[derive(Clone, Default)]
struct Way {
    address: String,
    merchant: bool,
    three_ds: bool,
}

/// What is waited for while the gateway is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// The result: the buyer's part is complete, here or elsewhere.
    Result,
    /// What became of a submit that was not answered.
    Silence,
    /// What comes after the 3DS method.
    Prepared,
    /// That the buyer does what is on the screen.
    Buyer,
    /// The app that has the buyer now.
    App,
    /// The issuer's challenge, in its frame.
    Challenge,
    /// What became of a challenge that is over.
    Challenged,
    /// What became of a challenge that the buyer closed.
    Closed,
}

/// The rhythm of inquiries.
struct Poll {
    /// When it began, or the buyer came back.
    since: u32,
    /// When what the buyer can do ends.
    until: Option<u32>,
    /// How long the result is waited for since then, or since it began.
    limit: u32,
    asking: Option<u32>,
    next: Option<u32>,
    heard: bool,
    /// An inquiry has just come to its end.
    answered: bool,
}

/// What a wait between inquiries came to.
enum News {
    Answer(Value),
    Buyer(Told),
    Failed,
    TimeIsUp,
}

pub(crate) struct Script {
    moments: VecDeque<Moment>,
    said: Vec<Said>,
    now: u32,
    hidden: bool,
    guarded: bool,
    opening: Option<u32>,
    submit: Option<u32>,
    checks: Vec<(u32, u32)>,
    /// Something is on the screen that can be closed and replaced.
    ended: bool,
    session: Session,
}

/// What is known of the session that is open.
#[derive(Default)]
struct Session {
    /// Random text of the opening, which attempt ids are made of.
    seed: String,
    stay: bool,
    phone: bool,
    in_app: bool,
    method: String,
    has_form: bool,
    form_is_there: bool,
    back: String,
    /// Submits of this number, from 1; it grows when one failed for certain.
    attempt: u32,
    failed_before: bool,
    /// Whether the last submit has had an answer of substance.
    answered: bool,
    /// The buyer has done something that may have paid.
    engaged: bool,
    authorised: bool,
    pending: bool,
    three_ds: bool,
    /// The buyer's part was not done here: before this opening, or on a page that was left for.
    elsewhere: bool,
    /// Where the buyer can go on, from the screen that waits.
    way_on: Option<Way>,
    /// Links of the app, the next one first.
    links: VecDeque<String>,
    /// When the code or the approval that was just told of ends.
    until: Option<u32>,
    /// `threeDSCompInd`, once the 3DS method was called.
    method_done: &'static str,
    /// The challenge that was shown last.
    challenge: String,
    /// The buyer closed the challenge, and all that follows is because of that.
    challenge_closed: bool,
    /// A frame of 3DS is there.
    window: bool,
}

impl Script {
    pub(crate) fn new(moments: Vec<Moment>, guarded: bool) -> Self {
        Self {
            moments: moments.into(),
            said: vec![],
            now: 0,
            hidden: false,
            guarded,
            opening: None,
            submit: None,
            checks: vec![],
            ended: false,
            session: Session::default(),
        }
    }

    /// What the merchant, the gateway and the browser should have heard, moment by moment.
    pub(crate) fn tell(mut self) -> Vec<Said> {
        loop {
            match self.component() {
                Err(Stop::HistoryEnds) => return self.said,
                Ok(After::Ended) => {
                    self.settle_all();
                    self.ended = true;
                }
                Err(Stop::Unmounted) | Ok(After::Form | After::Gone) => {
                    self.settle_all();
                    self.ended = false;
                }
            }
        }
    }

    // What it says.

    fn does(&mut self, what: impl Into<String>) {
        self.said.last_mut().expect("something happened").does.push(what.into());
    }

    fn emit(&mut self, code: Code) {
        self.said.last_mut().expect("something happened").events.push(code.name().into());
    }

    fn emit_result(&mut self, code: Code, status: &str, why: &str, retryable: bool, reason: &str) {
        let line = format!("{} {status} {why} retryable={retryable} {reason}", code.name());
        self.said.last_mut().expect("something happened").events.push(line);
    }

    fn settle_submit(&mut self, code: Code) {
        if let Some(ticket) = self.submit.take() {
            self.does(format!("promise {ticket}: {}", code.name()));
        }
    }

    /// Nobody is left waiting for a component that is over. The contract has promises settle and
    /// `unmount` silent, and leaves open with what.
    fn settle_all(&mut self) {
        if let Some(ticket) = self.opening.take() {
            self.does(format!("promise {ticket}: opened"));
        }
        if let Some(ticket) = self.submit.take() {
            // Nobody knows, and that is the careful word for it.
            self.does(format!("promise {ticket}: {}", Code::PaymentProcessing.name()));
        }
        for (ticket, _) in std::mem::take(&mut self.checks) {
            self.does(format!("promise {ticket}: valid=false"));
        }
    }

    // What it waits for.

    /// The next thing that happened, or `Time` when the deadline came. What is the same wherever
    /// the script stands is dealt with here.
    fn next(&mut self, busy: Busy, deadline: Option<u32>) -> Flow<Told> {
        loop {
            let Some(moment) = self.moments.pop_front() else { return Err(Stop::HistoryEnds) };
            self.now = moment.at;
            self.said.push(Said::default());
            match moment.told {
                Told::Time => {
                    // One timer fires at a time, the earliest.
                    let check = self.checks.iter().copied().min_by_key(|(_, at)| *at);
                    match (check, deadline) {
                        (Some((ticket, at)), _)
                            if at <= self.now && deadline.is_none_or(|end| at <= end) =>
                        {
                            self.answer_check(ticket, false);
                        }
                        (_, Some(end)) if end <= self.now => return Ok(Told::Time),
                        _ => {}
                    }
                }
                Told::Unmount => return Err(Stop::Unmounted),
                Told::Open { ticket, .. } => {
                    self.emit(Code::CreateComponentError);
                    self.does(format!("promise {ticket}: refused SDK_CREATECOMPONENT_ERROR"));
                }
                Told::Checked { ticket, valid } => self.answer_check(ticket, valid),
                Told::Validate(ticket) => {
                    if busy == Busy::No {
                        self.checks.push((ticket, self.now + FORM));
                        self.does("form: validate");
                    } else {
                        self.does(format!("promise {ticket}: valid=false"));
                    }
                }
                Told::Submit(ticket) if busy == Busy::Opening => {
                    self.does(format!("promise {ticket}: refused SDK_CREATECOMPONENT_ERROR"));
                }
                Told::Pay | Told::Enter if busy == Busy::Opening => {}
                Told::Submit(ticket) if busy == Busy::Yes => {
                    self.emit(Code::DuplicateSubmission);
                    self.does(format!("promise {ticket}: {}", Code::DuplicateSubmission.name()));
                }
                Told::Pay | Told::Enter if busy == Busy::Yes => {
                    self.emit(Code::DuplicateSubmission);
                }
                told => {
                    match told {
                        Told::Hidden => self.hidden = true,
                        Told::Shown { .. } => self.hidden = false,
                        _ => {}
                    }
                    return Ok(told);
                }
            }
        }
    }

    fn answer_check(&mut self, ticket: u32, valid: bool) {
        if let Some(at) = self.checks.iter().position(|(check, _)| *check == ticket) {
            self.checks.remove(at);
            self.does(format!("promise {ticket}: valid={valid}"));
        }
    }

    /// Calls the gateway and waits for it, 15 s at most.
    fn call(&mut self, what: String, busy: Busy) -> Flow<Reply> {
        self.does(format!("call {what}"));
        let end = self.now + SILENCE;
        loop {
            return Ok(match self.next(busy, Some(end))? {
                Told::Answer(answer) => read(answer),
                Told::Broke | Told::Time => Reply::Silence,
                Told::Close | Told::Escape if busy == Busy::Opening => Reply::Closed,
                _ => continue,
            });
        }
    }

    // The flows.

    fn component(&mut self) -> Flow<After> {
        self.wait_for_open()?;
        self.ended = false;
        self.emit(Code::StartOfLoading);
        let body = match self.call("query".into(), Busy::Opening)? {
            Reply::Yes(body) => body,
            Reply::No { .. } | Reply::Silence => return self.fail_to_open(),
            Reply::Closed => return self.cancel_opening(),
        };
        self.session.method = text(&body["paymentMethods"][0], "paymentMethodType");
        self.session.back = text(&body, "paymentRedirectUrl");
        let fields = body["paymentMethods"][0]["paymentElements"].is_array();
        self.session.has_form = self.session.method == "CARD" || fields;
        let status = text(&body, "paymentStatus");
        let code = text(&body, "paymentResultCode");
        match status.as_str() {
            "SUCCESS" => {
                self.opened();
                Ok(self.succeed())
            }
            "CANCELLED" => {
                self.opened();
                Ok(self.fail(&status, "ORDER_IS_CANCELLED"))
            }
            "FAIL" if !can_retry(&code) => {
                self.opened();
                Ok(self.fail(&status, &code))
            }
            "FAIL" | "" => {
                self.session.failed_before = status == "FAIL";
                self.offer(&body)
            }
            _ => {
                self.opened();
                self.session.engaged = true;
                self.session.answered = true;
                self.session.elsewhere = true;
                self.go_on(body, false)
            }
        }
    }

    fn wait_for_open(&mut self) -> Flow<()> {
        loop {
            let Some(moment) = self.moments.pop_front() else { return Err(Stop::HistoryEnds) };
            self.now = moment.at;
            self.said.push(Said::default());
            match moment.told {
                Told::Open { ticket, good: true, stay, phone, in_app } => {
                    self.opening = Some(ticket);
                    self.session = Session {
                        seed: format!("seed{ticket}"),
                        stay,
                        phone,
                        in_app,
                        attempt: 1,
                        ..Session::default()
                    };
                    return Ok(());
                }
                Told::Open { ticket, .. } => {
                    // What was over has made room, though nothing comes in its place.
                    self.ended = false;
                    self.emit(Code::CreatePaymentParameterError);
                    self.does(format!(
                        "promise {ticket}: refused {}",
                        Code::CreatePaymentParameterError.name()
                    ));
                }
                Told::Submit(ticket) => {
                    self.does(format!("promise {ticket}: refused SDK_CREATECOMPONENT_ERROR"));
                }
                Told::Validate(ticket) => self.does(format!("promise {ticket}: valid=false")),
                Told::Close | Told::Escape if self.ended => {
                    self.does("onClose");
                    self.ended = false;
                }
                Told::Unmount => self.ended = false,
                Told::Hidden => self.hidden = true,
                Told::Shown { .. } => self.hidden = false,
                _ => {}
            }
        }
    }

    fn opened(&mut self) {
        self.emit(Code::EndOfLoading);
        if let Some(ticket) = self.opening.take() {
            self.does(format!("promise {ticket}: opened"));
        }
    }

    fn fail_to_open(&mut self) -> Flow<After> {
        self.emit(Code::EndOfLoading);
        self.emit(Code::CreateComponentError);
        if let Some(ticket) = self.opening.take() {
            self.does(format!("promise {ticket}: refused SDK_CREATECOMPONENT_ERROR"));
        }
        Ok(After::Gone)
    }

    fn cancel_opening(&mut self) -> Flow<After> {
        self.opened();
        self.emit(Code::PaymentCancel);
        self.does("onClose");
        Ok(After::Gone)
    }

    /// Nobody has paid the session yet.
    fn offer(&mut self, body: &Value) -> Flow<After> {
        if self.session.has_form {
            let frame = text(body, "frameUrl");
            self.does(if frame.is_empty() { "form".into() } else { format!("frame {frame}") });
            let end = self.now + SILENCE;
            loop {
                match self.next(Busy::Opening, Some(end))? {
                    Told::Ready => break,
                    Told::Time | Told::Missing => return self.fail_to_open(),
                    Told::Close | Told::Escape => return self.cancel_opening(),
                    _ => {}
                }
            }
            self.session.form_is_there = true;
            self.opened();
            return self.collect();
        }
        if row(body, self.session.phone) != Row::Complete {
            self.opened();
            return self.go_on(body.clone(), false);
        }
        match self.ask_merchant(Busy::Opening)? {
            "CONTINUE" => {}
            "CANCEL" => return self.cancel_opening(),
            _ => return self.fail_to_open(),
        }
        match self.call(format!("submit {} nothing", self.session.attempt), Busy::Opening)? {
            Reply::Closed => self.cancel_opening(),
            // What the gateway did not take is no payment, and there is nothing to show.
            Reply::Silence => self.fail_to_open(),
            reply => {
                self.opened();
                self.judge_submit(reply)
            }
        }
    }

    /// `onBeforeSubmit`, and how it was answered: the contract has the answers and not what they
    /// mean, so that `js/src/kassa.d.ts` decides. A buyer who closes answers for the merchant.
    fn ask_merchant(&mut self, busy: Busy) -> Flow<&'static str> {
        if !self.guarded {
            return Ok("CONTINUE");
        }
        self.does(format!("onBeforeSubmit {}", self.session.method));
        let end = self.now + BEFORE_SUBMIT;
        loop {
            match self.next(busy, Some(end))? {
                Told::Guard("IGNORE") => return Ok("CONTINUE"),
                Told::Guard(answer) => return Ok(answer),
                Told::Time => return Ok("TIMEOUT"),
                Told::Close | Told::Escape if busy == Busy::Opening => return Ok("CANCEL"),
                _ => {}
            }
        }
    }

    /// The buyer fills in the form, as often as it takes.
    fn collect(&mut self) -> Flow<After> {
        loop {
            match self.next(Busy::No, None)? {
                Told::Submit(ticket) => self.submit = Some(ticket),
                Told::Pay | Told::Enter => {}
                Told::Close | Told::Escape => return Ok(self.close()),
                _ => continue,
            }
            let Some(filled) = self.fill_in()? else { continue };
            let filled = match filled {
                Ok(filled) => filled,
                Err(after) => return Ok(after),
            };
            if self.ask_merchant(Busy::Yes)? != "CONTINUE" {
                self.emit(Code::FormVerificationFailed);
                self.settle_submit(Code::FormVerificationFailed);
                continue;
            }
            self.session.answered = false;
            self.session.engaged = true;
            let what = format!("submit {} {filled}", self.session.attempt);
            let reply = self.call(what, Busy::Yes)?;
            match self.judge_submit(reply)? {
                After::Form => {}
                after => return Ok(after),
            }
        }
    }

    /// What the form comes to; nothing when the buyer has to do it again.
    fn fill_in(&mut self) -> Flow<Option<Result<String, After>>> {
        self.does("form: submit");
        self.session.challenge_closed = false;
        let end = self.now + FORM;
        loop {
            match self.next(Busy::Yes, Some(end))? {
                Told::Filled(values) => return Ok(Some(Ok(values))),
                Told::Invalid => {
                    self.emit(Code::FormVerificationFailed);
                    self.settle_submit(Code::FormVerificationFailed);
                    return Ok(None);
                }
                Told::Refused(code) => {
                    let after = self.fail("", code);
                    return Ok(match after {
                        After::Form => None,
                        after => Some(Err(after)),
                    });
                }
                Told::Unreachable | Told::Time => {
                    self.emit(Code::SubmitNetworkError);
                    self.settle_submit(Code::SubmitNetworkError);
                    return Ok(None);
                }
                _ => {}
            }
        }
    }

    fn judge_submit(&mut self, reply: Reply) -> Flow<After> {
        match reply {
            Reply::Yes(body) if stands(&body) => {
                self.session.answered = true;
                self.go_on(body, true)
            }
            Reply::No { code, open: false } => {
                self.next_attempt();
                Ok(self.fail("", &code))
            }
            Reply::Yes(_) | Reply::No { .. } | Reply::Silence | Reply::Closed => {
                self.emit(Code::SubmitNetworkError);
                self.session.engaged = true;
                self.watch(Why::Silence, PATIENCE)
            }
        }
    }

    fn next_attempt(&mut self) {
        self.session.attempt += 1;
        self.session.failed_before = true;
        self.session.engaged = false;
        self.session.authorised = false;
        self.session.pending = false;
        self.session.three_ds = false;
        self.session.method_done = "";
        self.session.challenge.clear();
        self.session.elsewhere = false;
        self.session.way_on = None;
    }

    /// A payment stands in some way: what now?
    fn go_on(&mut self, body: Value, first: bool) -> Flow<After> {
        let status = text(&body, "paymentStatus");
        self.session.pending = false;
        match status.as_str() {
            "SUCCESS" => {
                if !self.session.elsewhere && !self.session.authorised {
                    self.complete();
                    if !self.session.stay {
                        return self.leave_for_merchant();
                    }
                    if first {
                        return self.watch(Why::Result, PATIENCE);
                    }
                }
                return Ok(self.succeed());
            }
            "FAIL" => {
                self.next_attempt();
                return Ok(self.fail(&status, &text(&body, "paymentResultCode")));
            }
            "CANCELLED" => return Ok(self.fail(&status, "ORDER_IS_CANCELLED")),
            _ => {}
        }
        let row = row(&body, self.session.phone);
        self.session.pending = status == "PENDING";
        if row != Row::Complete {
            self.session.elsewhere = false;
        }
        match row {
            Row::Prepare(path) => self.prepare(&path),
            Row::Challenge(path) => {
                self.emit(Code::PaymentChallenge);
                self.session.three_ds = true;
                self.session.engaged = true;
                self.session.window = true;
                self.session.challenge.clone_from(&path);
                self.does(format!("3DS frame {path}"));
                self.session.way_on =
                    page(&body).map(|address| Way { address, three_ds: true, merchant: false });
                self.watch(Why::Challenge, CHALLENGE)
            }
            Row::Page { address, three_ds } => {
                if three_ds {
                    self.emit(Code::PaymentChallenge);
                    self.session.three_ds = true;
                    self.session.engaged = true;
                }
                self.leave(&Way { address, three_ds, merchant: false })
            }
            // Whoever sees a code may have paid it, and whoever was asked may have approved.
            Row::Codes | Row::Approval => {
                self.session.engaged = true;
                self.session.until = time_left(&body).map(|left| self.now + left);
                let limit = match self.session.until {
                    Some(_) => LAST_WORDS,
                    None if row == Row::Codes => CODES,
                    None => PATIENCE,
                };
                self.watch(Why::Buyer, limit)
            }
            Row::App => self.switch(&body),
            Row::Complete => {
                if !self.session.elsewhere {
                    self.complete();
                    if !self.session.stay {
                        return self.leave_for_merchant();
                    }
                }
                self.watch(Why::Result, PATIENCE)
            }
        }
    }

    fn complete(&mut self) {
        if !self.session.authorised {
            self.session.authorised = true;
            self.emit(Code::PaymentAuthorizationSuccessful);
        }
    }

    /// The 3DS method.
    fn prepare(&mut self, path: &str) -> Flow<After> {
        self.does(format!("3DS frame {path}"));
        let end = self.now + THREE_DS_METHOD;
        let done = loop {
            match self.next(Busy::Yes, Some(end))? {
                Told::Done => break "Y",
                Told::Time => break "N",
                _ => {}
            }
        };
        self.does("3DS frame closes");
        self.session.method_done = done;
        self.watch(Why::Prepared, PATIENCE)
    }

    /// Goes to the merchant's page; where that cannot be, the result comes as an event.
    fn leave_for_merchant(&mut self) -> Flow<After> {
        let address = self.session.back.clone();
        self.leave(&Way { address, merchant: true, three_ds: false })
    }

    fn leave(&mut self, way: &Way) -> Flow<After> {
        let (address, merchant) = (way.address.as_str(), way.merchant);
        loop {
            let mut closable = true;
            self.session.three_ds = way.three_ds;
            if may_open(address) {
                self.does(format!("navigate {address}"));
                closable = false;
            } else {
                self.emit(Code::CallUrlError);
                if merchant {
                    // Who has paid is not sent to pay.
                    self.session.way_on = None;
                    return self.watch(Why::Result, PATIENCE);
                }
                self.settle_submit(Code::CallUrlError);
            }
            loop {
                match self.next(Busy::Yes, None)? {
                    Told::Navigated(true) => {
                        closable = true;
                        self.session.engaged = true;
                        self.emit(Code::CallUrlSuccess);
                        self.settle_submit(Code::CallUrlSuccess);
                    }
                    Told::Navigated(false) => {
                        closable = true;
                        self.emit(Code::CallUrlError);
                        if merchant {
                            self.session.way_on = Some(way.clone());
                            return self.watch(Why::Result, PATIENCE);
                        }
                        self.settle_submit(Code::CallUrlError);
                    }
                    Told::Shown { restored: true } => {
                        self.session.elsewhere = true;
                        self.session.three_ds = false;
                        // Back from there, whatever the browser had said.
                        self.session.engaged = true;
                        self.session.way_on = may_open(address).then(|| way.clone());
                        return self.watch(Why::Result, PATIENCE);
                    }
                    Told::Close | Told::Escape if closable => {
                        return Ok(self.close());
                    }
                    Told::Continue if closable => break,
                    _ => {}
                }
            }
        }
    }

    /// An app is offered. One press is one try; the page takes the place of an app that does not
    /// come. Which link a press takes is left open: here the first, and the next after one in vain.
    fn switch(&mut self, body: &Value) -> Flow<After> {
        let mut links = vec![text(body, "applinkUrl"), text(body, "schemeUrl")];
        if self.session.in_app {
            links.reverse();
        }
        links.retain(|link| !link.is_empty());
        self.session.links = links.into();
        self.session.way_on = page(body).map(|address| Way { address, ..Way::default() });
        self.offer_app()
    }

    fn offer_app(&mut self) -> Flow<After> {
        loop {
            match self.next(Busy::Offer, None)? {
                Told::App | Told::Pay | Told::Enter => {}
                Told::Submit(ticket) => self.submit = Some(ticket),
                Told::Continue => {
                    if let Some(page) = self.session.way_on.clone() {
                        return self.leave(&page);
                    }
                    continue;
                }
                Told::Close | Told::Escape => return Ok(self.close()),
                _ => continue,
            }
            if let Some(after) = self.call_app()? {
                return Ok(after);
            }
        }
    }

    /// One try; nothing when the buyer can try again.
    fn call_app(&mut self) -> Flow<Option<After>> {
        self.does(format!("navigate {}", self.session.links[0]));
        let end = self.now + APP;
        let opened = loop {
            match self.next(Busy::Yes, Some(end))? {
                Told::Hidden | Told::Shown { restored: true } => break true,
                Told::Time => break self.now - end > FROZEN,
                Told::Navigated(false) => break false,
                Told::Continue => {
                    if let Some(page) = self.session.way_on.clone() {
                        return self.leave(&page).map(Some);
                    }
                }
                Told::Close | Told::Escape => {
                    return Ok(Some(self.close()));
                }
                _ => {}
            }
        };
        if opened {
            self.session.engaged = true;
            self.emit(Code::CallUrlSuccess);
            self.settle_submit(Code::CallUrlSuccess);
            return self.watch(Why::App, PATIENCE).map(Some);
        }
        if let Some(page) = self.session.way_on.clone() {
            return self.leave(&page).map(Some);
        }
        self.session.links.rotate_left(1);
        self.emit(Code::LaunchPaymentAppError);
        self.settle_submit(Code::LaunchPaymentAppError);
        Ok(None)
    }

    /// Asks until the gateway says how it ended, or what else is to be done. Who has just been told
    /// what to wait for asks after the usual pause, and at once otherwise.
    fn watch(&mut self, mut why: Why, limit: u32) -> Flow<After> {
        let mut poll = Poll {
            since: self.now,
            until: self.session.until.take(),
            limit,
            asking: None,
            next: None,
            heard: false,
            answered: false,
        };
        let mut ask = !matches!(why, Why::Buyer | Why::Challenge);
        // What stands on the screen is what the gateway said.
        poll.heard = !ask;
        loop {
            match self.poll(&mut poll, std::mem::take(&mut ask))? {
                News::Answer(body) => {
                    let status = text(&body, "paymentStatus");
                    let row = row(&body, self.session.phone);
                    match status.as_str() {
                        "" | "FAIL"
                            if why == Why::Silence
                                && (status.is_empty() || self.may_be_of_another(&body)) =>
                        {
                            // The submit did not arrive, as far as anybody knows.
                            if self.session.form_is_there {
                                return Ok(self.back_to_form());
                            }
                            continue;
                        }
                        "" => {
                            if why == Why::Closed {
                                return Ok(self.close_undecided());
                            }
                            continue;
                        }
                        "SUCCESS" | "FAIL" | "CANCELLED" => {
                            self.close_window();
                            return self.go_on(body, false);
                        }
                        _ if why == Why::Closed => return Ok(self.close_undecided()),
                        _ if !self.is_news(why, &row) => {}
                        _ => {
                            self.close_window();
                            return self.go_on(body, false);
                        }
                    }
                    self.session.answered = true;
                    // The challenge is over, though its frame has not said so.
                    if why == Why::Challenge && row == Row::Complete {
                        self.close_window();
                        self.session.three_ds = false;
                        self.session.way_on = None;
                        why = Why::Challenged;
                        poll.limit = PATIENCE;
                        poll.since = self.now;
                    }
                    self.session.pending = status == "PENDING";
                    // Of a code that is on the screen this was known before, and after silence nothing
                    // is told of what is under way.
                    let waits = matches!(why, Why::Result);
                    if self.session.pending && row == Row::Complete && waits {
                        self.close_window();
                        self.emit_result(
                            Code::PaymentPending,
                            "PENDING",
                            "PAYMENT_IN_PROCESS",
                            false,
                            "",
                        );
                        self.settle_submit(Code::PaymentPending);
                        return Ok(After::Ended);
                    }
                }
                News::Failed if why == Why::Closed => return Ok(self.close_undecided()),
                News::Failed => {}
                News::Buyer(Told::Close | Told::Escape) if why == Why::Challenge => {
                    self.close_window();
                    self.session.challenge_closed = true;
                    why = Why::Closed;
                    poll.asking = None;
                    ask = true;
                }
                News::Buyer(Told::Close | Told::Escape) => return Ok(self.close_undecided()),
                News::Buyer(Told::Continue) => {
                    if let Some(way) = self.session.way_on.clone() {
                        self.close_window();
                        return self.leave(&way);
                    }
                }
                News::Buyer(Told::Done) => {
                    self.close_window();
                    self.session.three_ds = false;
                    self.session.way_on = None;
                    return self.watch(Why::Challenged, PATIENCE);
                }
                News::Buyer(Told::App) if why == Why::App => {
                    return match self.call_app()? {
                        Some(after) => Ok(after),
                        None => self.offer_app(),
                    };
                }
                News::Buyer(_) => {}
                News::TimeIsUp => {
                    self.close_window();
                    let code = if self.session.pending {
                        Code::PaymentPending
                    } else if poll.heard {
                        Code::PaymentProcessing
                    } else {
                        Code::PaymentError
                    };
                    // Of money that takes days the gateway's own word says why.
                    let reason = match (code, why) {
                        _ if self.session.challenge_closed => "CHALLENGE_CLOSED",
                        (Code::PaymentPending, _) => "",
                        (_, Why::Challenge) => "CHALLENGE_TIMEOUT",
                        _ => "NO_RESULT_IN_TIME",
                    };
                    self.finish(code, reason);
                    return Ok(After::Ended);
                }
            }
        }
    }

    /// Whether an inquiry has brought something for the buyer to do. `docs/protocol.md` has its rows in
    /// every answer. The transcripts take them where the answer to the submit could not bring them,
    /// which is after silence, after the 3DS method, and from one challenge to the next; and after
    /// silence, a payment that is under way is not the buyer's part done.
    fn is_news(&self, why: Why, row: &Row) -> bool {
        let known = match row {
            Row::Challenge(path) => *path == self.session.challenge,
            Row::Prepare(_) => !self.session.method_done.is_empty(),
            _ => false,
        };
        match why {
            Why::Prepared => !known,
            Why::Silence | Why::Challenge | Why::Challenged => !known && *row != Row::Complete,
            Why::App | Why::Buyer | Why::Closed | Why::Result => false,
        }
    }

    fn close_window(&mut self) {
        if std::mem::take(&mut self.session.window) {
            self.does("3DS frame closes");
        }
    }

    fn back_to_form(&mut self) -> After {
        self.session.engaged = false;
        self.settle_submit(Code::SubmitNetworkError);
        After::Form
    }

    fn may_be_of_another(&self, body: &Value) -> bool {
        // What failed before is not under way, so the attempt that is must be the last.
        if self.session.answered {
            return false;
        }
        let of = text(body, "attemptId");
        if of.is_empty() {
            return self.session.failed_before;
        }
        of != format!("{}-{}", self.session.seed, self.session.attempt)
    }

    /// One inquiry at a time, 2 s apart, 10 s after a minute, none while nobody looks, and at once
    /// when somebody does or the browser is connected again.
    fn poll(&mut self, poll: &mut Poll, ask_now: bool) -> Flow<News> {
        let mut ask = ask_now;
        loop {
            if poll.asking.is_none() {
                // Between two inquiries, and never before one that is due.
                let over = std::mem::take(&mut poll.answered) && !ask;
                if over && self.now - poll.until.unwrap_or(poll.since).min(self.now) >= poll.limit {
                    return Ok(News::TimeIsUp);
                }
                if self.hidden {
                    poll.next = None;
                } else if ask {
                    self.does(format!("call inquire {}", self.session.method_done).trim_end());
                    poll.asking = Some(self.now + SILENCE);
                    poll.next = None;
                } else if poll.next.is_none() {
                    let pause = if self.now - poll.since < A_MINUTE { SOON } else { LATER };
                    // The end is the gateway's to judge, and it is asked when it comes.
                    let end = poll.until.filter(|end| *end > self.now);
                    poll.next = Some(end.map_or(self.now + pause, |end| end.min(self.now + pause)));
                }
            }
            ask = false;
            let was_hidden = self.hidden;
            match self.next(Busy::Yes, poll.asking.or(poll.next))? {
                Told::Answer(answer) => {
                    poll.asking = None;
                    poll.answered = true;
                    match read(answer) {
                        Reply::Yes(body) => {
                            poll.heard = true;
                            return Ok(News::Answer(body));
                        }
                        Reply::No { .. } | Reply::Silence | Reply::Closed => {
                            return Ok(News::Failed);
                        }
                    }
                }
                Told::Broke => {
                    poll.asking = None;
                    poll.answered = true;
                    return Ok(News::Failed);
                }
                Told::Time if poll.asking.is_some() => {
                    poll.asking = None;
                    poll.answered = true;
                    return Ok(News::Failed);
                }
                Told::Time | Told::Check => ask = poll.asking.is_none(),
                Told::Shown { .. } => {
                    ask = poll.asking.is_none();
                    // Who is back may just have paid: as often as at first.
                    if was_hidden {
                        poll.since = self.now;
                    }
                }
                Told::Online => ask = poll.asking.is_none() && !self.hidden,
                Told::Hidden => poll.next = None,
                told => return Ok(News::Buyer(told)),
            }
        }
    }

    // How it ends.

    fn succeed(&mut self) -> After {
        let reason = self.reason();
        self.emit_result(Code::PaymentSuccessful, "SUCCESS", "SUCCESS", false, reason);
        self.settle_submit(Code::PaymentSuccessful);
        After::Ended
    }

    fn fail(&mut self, status: &str, code: &str) -> After {
        let status = if status.is_empty() { "FAIL" } else { status };
        let retryable = can_retry(code);
        let reason = self.reason();
        self.emit_result(Code::PaymentFail, status, code, retryable, reason);
        self.settle_submit(Code::PaymentFail);
        if retryable && self.session.form_is_there { After::Form } else { After::Ended }
    }

    /// The real state, where the buyer closed the challenge and it is known all the same.
    fn reason(&self) -> &'static str {
        if self.session.challenge_closed { "CHALLENGE_CLOSED" } else { "" }
    }

    /// Nobody knows how it ends.
    fn finish(&mut self, code: Code, reason: &str) {
        let status = if code == Code::PaymentPending { "PENDING" } else { "PROCESSING" };
        self.emit_result(code, status, "PAYMENT_IN_PROCESS", false, reason);
        self.settle_submit(code);
    }

    /// The buyer closes while the gateway is being asked: whatever it said last may have changed.
    fn close_undecided(&mut self) -> After {
        self.session.engaged = true;
        self.close()
    }

    fn close(&mut self) -> After {
        if self.session.engaged {
            let closed = self.session.three_ds || self.session.challenge_closed;
            let reason = if closed { "CHALLENGE_CLOSED" } else { "CLOSED_BEFORE_RESULT" };
            let code =
                if self.session.pending { Code::PaymentPending } else { Code::PaymentProcessing };
            self.finish(code, reason);
        } else {
            self.emit(Code::PaymentCancel);
            self.settle_submit(Code::PaymentCancel);
        }
        self.does("onClose");
        After::Gone
    }
}

fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}

/// What an answer is worth.
fn read(answer: Answer) -> Reply {
    let sound = (200..300).contains(&answer.http) && answer.status.is_none_or(|it| it == "1000");
    let Some(body) = answer.body.filter(|_| sound) else { return Reply::Silence };
    match body["success"].as_bool() {
        Some(true) => Reply::Yes(body),
        Some(false) => {
            let code = text(&body, "errorCode");
            let open = text(&body, "errorStatus") == "U"
                || ["PAYMENT_IN_PROCESS", "UNKNOWN_EXCEPTION"].contains(&code.as_str());
            Reply::No { code, open }
        }
        None => Reply::Silence,
    }
}

/// Whether an answer to a submit says anything of a payment.
fn stands(body: &Value) -> bool {
    !text(body, "paymentStatus").is_empty() || row(body, true) != Row::Complete
}

/// docs/protocol.md, "How a payment stands": the first row that fits.
fn row(body: &Value, phone: bool) -> Row {
    let page = page(body).unwrap_or_default();
    let challenge = body["challenge"] == true;
    let apps = !text(body, "schemeUrl").is_empty() || !text(body, "applinkUrl").is_empty();
    let method = text(body, "threeDSMethodUrl");
    let frame = text(body, "challengeUrl");
    if !method.is_empty() {
        return Row::Prepare(method);
    }
    if challenge && !frame.is_empty() {
        return Row::Challenge(frame);
    }
    if challenge && !page.is_empty() {
        return Row::Page { address: page, three_ds: true };
    }
    if body["codeFormViews"].as_array().is_some_and(|codes| !codes.is_empty()) {
        return Row::Codes;
    }
    if text(body, "waitsFor") == "APPROVAL" {
        return Row::Approval;
    }
    if apps && (phone || page.is_empty()) {
        return Row::App;
    }
    if !page.is_empty() {
        return Row::Page { address: page, three_ds: false };
    }
    Row::Complete
}

/// The page where the buyer can go on.
fn page(body: &Value) -> Option<String> {
    match text(body, "normalUrl") {
        none if none.is_empty() => body["actionForm"]["redirectUrl"].as_str().map(Into::into),
        page => Some(page),
    }
}

/// Milliseconds by the server's clock.
fn time_left(body: &Value) -> Option<u32> {
    let number = |text: &Value| text.as_str().and_then(|text| text.parse::<u64>().ok());
    let code = &body["codeFormViews"][0]["codeExpireTime"];
    let until = number(code).or_else(|| number(&body["expireTime"]))?;
    u32::try_from(until.saturating_sub(number(&body["serverTime"])?)).ok()
}

fn may_open(address: &str) -> bool {
    address.starts_with("https://")
}

/// The seeds' list of failures, as far as the gateway here uses it: these leave the session usable.
fn can_retry(code: &str) -> bool {
    ["CARD_EXPIRED", "DO_NOT_HONOR", "INVALID_CARD_NUMBER", "USER_CANCELED"].contains(&code)
}

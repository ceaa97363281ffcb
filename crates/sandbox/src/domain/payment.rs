//! Payments: what a submit starts and how it ends.

use kassa_protocol::PaymentStatus;
use kassa_protocol::client::{ActionForm, CodeView, PaymentState, RiskDecision};
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::domain::card::{CardFacts, Scenario};
use crate::domain::code::{Code, Source};
use crate::domain::method::{CodeKind, Interaction, Method, Pends, Terminal};
use crate::domain::scenario::ThreeDs;
use crate::domain::session::Session;

/// How long money takes after the buyer allowed a direct debit: three days.
const DEBIT_TAKES: Millis = 3 * 24 * 60 * 60 * 1000;

/// How a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Under way, and decided soon.
    Processing,
    /// Under way, and money may take days.
    Pending,
    /// Paid.
    Success,
    /// Over, not paid.
    Fail,
    /// Taken back by the merchant, before or after it was paid.
    Cancelled,
}

impl Status {
    /// As it travels.
    #[must_use]
    pub fn to_wire(self) -> PaymentStatus {
        match self {
            Self::Processing => PaymentStatus::Processing,
            Self::Pending => PaymentStatus::Pending,
            Self::Success => PaymentStatus::Success,
            Self::Fail => PaymentStatus::Fail,
            Self::Cancelled => PaymentStatus::Cancelled,
        }
    }

    /// Whether time and buyer can change nothing of it any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        match self {
            Self::Processing | Self::Pending => false,
            Self::Success | Self::Fail | Self::Cancelled => true,
        }
    }
}

/// What the buyer has to do while a payment waits for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Go to another page. What was stored before there were other steps is this one.
    #[default]
    Redirect,
    /// Open an app on the same phone.
    App,
    /// Scan a code, or tell it at a counter.
    Code,
    /// Approve on their phone.
    Wait,
    /// Nothing yet: the card issuer's hidden page looks at their browser.
    ThreeDsMethod,
    /// Tell the card issuer in a frame that it is them.
    Challenge,
    /// The same on a page of its own.
    ChallengePage,
    /// Nothing.
    Nothing,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// `paymentId`.
    pub id: String,
    /// Of this session.
    pub session_id: String,
    /// Started by this attempt.
    pub attempt_id: String,
    /// How it stands.
    pub status: Status,
    /// `paymentResultCode`.
    pub code: String,
    /// `paymentResultMessage`.
    pub message: String,
    /// The card, if it is one.
    pub card: Option<CardFacts>,
    /// The key of its pages at the bank, in the wallet and so on.
    pub bank_id: Option<String>,
    /// What the buyer has to do.
    #[serde(default)]
    pub step: Step,
    /// What they scan or tell.
    #[serde(default)]
    pub codes: Vec<Code>,
    /// Until when the codes are good or an approval is awaited.
    #[serde(default)]
    pub step_until: Option<Millis>,
    /// Name of the bank that the buyer chose.
    #[serde(default)]
    pub bank: Option<String>,
    /// How the card issuer checks.
    #[serde(default)]
    pub three_ds: Option<ThreeDs>,
    /// `threeDSCompInd`, once the page told it.
    #[serde(default)]
    pub three_ds_comp_ind: Option<String>,
    /// How long money takes once the buyer did their part.
    #[serde(default)]
    pub money_takes: Millis,
    /// Whether it is `PENDING` during that time.
    #[serde(default)]
    pub pends: bool,
    /// The buyer approves then without being asked.
    #[serde(default)]
    pub approves_at: Option<Millis>,
    /// It becomes a success at this time by itself.
    pub settles_at: Option<Millis>,
    /// It closes unpaid at this time, unless the buyer did their part.
    #[serde(default)]
    pub closes_at: Option<Millis>,
    /// With this code.
    #[serde(default = "closed")]
    pub closes_as: String,
    /// When it was started.
    pub created_at: Millis,
    /// When it was over.
    pub ended_at: Option<Millis>,
}

/// `paymentResultCode` of a buyer who said no, or nothing.
pub const NOT_APPROVED: &str = "USER_PAYMENT_VERIFICATION_FAILED";

fn closed() -> String {
    CLOSED.to_owned()
}

/// What a submit says.
#[derive(Debug, Clone, Default)]
pub struct Attempt {
    /// `attemptId`.
    pub id: String,
    /// Where the buyer is.
    pub terminal: Terminal,
    /// The card, if it is one.
    pub card: Option<CardFacts>,
    /// Name of the chosen bank.
    pub bank: Option<String>,
}

/// What somebody decided in a simulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Pay.
    Approve,
    /// Do not, with this `paymentResultCode`.
    Decline(String),
    /// Pay, but it takes this many seconds until anybody knows.
    Slow(u32),
    /// Go back without either.
    Leave,
    /// Neither decide nor go back.
    Vanish,
}

impl Payment {
    /// Starts a payment. `id` and `bank_id` are fresh.
    #[must_use]
    pub fn start(
        session: &Session,
        attempt: Attempt,
        (id, bank_id): (String, String),
        now: Millis,
    ) -> Self {
        let row = session.method.row();
        let pends = row.pends == Pends::OnceApproved;
        let money_takes = match session.knobs.pending_for {
            Some(ms) => i64::from(ms),
            None if pends => DEBIT_TAKES,
            None => 0,
        };
        let order_closes = now + session.knobs.closes_in.map_or(row.closes_after, seconds);
        let mut payment = Self {
            id,
            session_id: session.id.clone(),
            attempt_id: attempt.id,
            status: Status::Processing,
            code: IN_PROCESS.to_owned(),
            message: message_of(IN_PROCESS).to_owned(),
            card: attempt.card,
            bank_id: None,
            step: Step::Nothing,
            codes: Vec::new(),
            step_until: None,
            bank: attempt.bank.or_else(|| session.bank.clone()),
            three_ds: None,
            three_ds_comp_ind: None,
            money_takes,
            pends,
            approves_at: None,
            settles_at: None,
            closes_at: Some(session.closes_at.map_or(order_closes, |at| at.min(order_closes))),
            closes_as: closed(),
            created_at: now,
            ended_at: None,
        };
        if let Some(code) = session.knobs.result.as_deref().filter(|code| *code != "SUCCESS") {
            payment.fail(code, message_of(code), now);
            return payment;
        }
        let step = match session.method.interaction(attempt.terminal) {
            Interaction::Card => payment.start_card(session, now),
            Interaction::Redirect => Step::Redirect,
            Interaction::App { .. } => Step::App,
            Interaction::Wait => {
                payment.limit_step(session, now);
                Step::Wait
            }
            Interaction::Codes(kinds) => {
                payment.limit_step(session, now);
                payment.make_codes(session, kinds);
                Step::Code
            }
        };
        payment.step = step;
        if step != Step::Nothing {
            payment.bank_id = Some(bank_id);
            payment.approves_at = session.knobs.approves_in.map(|s| now + seconds(s));
        }
        payment
    }

    /// How long codes are good and approvals awaited. An approval that never came ends the payment,
    /// so that the buyer can try again; a code may still be paid when it has long left the screen,
    /// until the order closes.
    fn limit_step(&mut self, session: &Session, now: Millis) {
        let knob = session.knobs.code_expires_in.map(seconds);
        let order = self.closes_at.unwrap_or(Millis::MAX);
        let until = order.min(now + knob.unwrap_or(session.method.row().code_life));
        self.step_until = Some(until);
        match session.method.row().web {
            Interaction::Wait if until < order => {
                self.closes_at = Some(until);
                self.closes_as = NOT_APPROVED.to_owned();
            }
            Interaction::Codes(_) if knob.is_some() && session.knobs.closes_in.is_none() => {
                self.closes_at = Some(until);
            }
            Interaction::Card
            | Interaction::Redirect
            | Interaction::App { .. }
            | Interaction::Wait
            | Interaction::Codes(_) => {}
        }
    }

    fn make_codes(&mut self, session: &Session, kinds: &[CodeKind]) {
        let row = session.method.row();
        let source = Source {
            payment_id: &self.id,
            amount: &session.amount,
            merchant: &session.merchant_name,
            country: row.countries.first().map_or("SG", String::as_str),
        };
        self.codes = kinds.iter().map(|kind| source.code(*kind)).collect();
        if row.pends == Pends::FromStart {
            self.status = Status::Pending;
        }
    }

    /// The published order of the sandbox's card scenarios: risk first, then the issuer.
    fn start_card(&mut self, session: &Session, now: Millis) -> Step {
        let scenario = self.card.as_ref().map_or(Scenario::NotATestCard, |card| card.scenario);
        if session.amount.value == "11" {
            self.fail("RISK_REJECT", message_of("RISK_REJECT"), now);
            return Step::Nothing;
        }
        let wanted = session.three_ds || scenario == Scenario::Asks3ds;
        let three_ds = session.knobs.three_ds.or(wanted.then_some(ThreeDs::Frame));
        match scenario {
            Scenario::Declined => {
                let code = "ISSUER_REJECTS_TRANSACTION";
                self.fail(code, message_of(code), now);
            }
            Scenario::NotATestCard => self.fail(
                "INVALID_CARD",
                "The sandbox takes published test cards only; the list is in the guide",
                now,
            ),
            Scenario::ExemptFrom3ds => self.authorise(now),
            Scenario::Success | Scenario::Asks3ds => {
                self.three_ds = three_ds;
                match three_ds {
                    Some(ThreeDs::MethodAndFrame) => return Step::ThreeDsMethod,
                    Some(ThreeDs::Frame) => return Step::Challenge,
                    Some(ThreeDs::Redirect) => return Step::ChallengePage,
                    Some(ThreeDs::Frictionless) | None => self.authorise(now),
                }
            }
        }
        Step::Nothing
    }

    /// The buyer did their part.
    fn authorise(&mut self, now: Millis) {
        if self.money_takes == 0 {
            return self.succeed(now);
        }
        self.settles_at = Some(now.saturating_add(self.money_takes));
        if self.pends {
            self.status = Status::Pending;
        }
    }

    fn succeed(&mut self, at: Millis) {
        self.end(Status::Success, "SUCCESS", message_of("SUCCESS"), at);
    }

    fn fail(&mut self, code: &str, message: &str, at: Millis) {
        self.end(Status::Fail, code, message, at);
    }

    fn end(&mut self, status: Status, code: &str, message: &str, at: Millis) {
        self.status = status;
        self.code = code.to_owned();
        self.message = message.to_owned();
        self.approves_at = None;
        self.settles_at = None;
        self.ended_at = Some(at);
    }

    /// The merchant takes it back. Of a payment that was paid, [`Self::ended_at`] stays the time
    /// of payment.
    pub fn cancel(&mut self, now: Millis) {
        let at = self.ended_at.unwrap_or(now);
        self.end(Status::Cancelled, CANCELLED, message_of(CANCELLED), at);
    }

    /// When time alone will change it next.
    #[must_use]
    pub fn changes_at(&self) -> Option<Millis> {
        if self.status.is_final() {
            return None;
        }
        // Once the buyer did their part nothing closes.
        self.settles_at.or_else(|| [self.approves_at, self.closes_at].into_iter().flatten().min())
    }

    /// Lets time pass; true when that changed something.
    pub fn settle(&mut self, now: Millis) -> bool {
        if self.status.is_final() {
            return false;
        }
        if let Some(at) = self.settles_at {
            if at <= now {
                self.succeed(at);
            }
            return at <= now;
        }
        let closes_at = self.closes_at.unwrap_or(Millis::MAX);
        if let Some(at) = self.approves_at.filter(|at| *at <= now && *at < closes_at) {
            self.approves_at = None;
            self.authorise(at);
            self.settle(now);
            return true;
        }
        if closes_at <= now {
            let code = std::mem::take(&mut self.closes_as);
            self.fail(&code, message_of_closing(&code), closes_at);
            self.closes_as = code;
        }
        closes_at <= now
    }

    /// Somebody decided in a simulator; true when that changed something. What is decided stays
    /// decided.
    pub fn decide(&mut self, decision: &Decision, session: &Session, now: Millis) -> bool {
        if *decision == Decision::Approve && self.may_be_paid_late(session) {
            self.succeed(now);
            return true;
        }
        if !self.waits_for_buyer() {
            return false;
        }
        match decision {
            Decision::Approve => self.authorise(now),
            Decision::Decline(code) => self.fail(code, message_of(code), now),
            Decision::Slow(after) => {
                self.money_takes = self.money_takes.saturating_add(seconds(*after));
                self.authorise(now);
            }
            Decision::Leave | Decision::Vanish => return false,
        }
        true
    }

    /// Whether money may still arrive though the order was closed unpaid: a bank that has read a
    /// real-time code does not ask anybody whether it is still good, as is published of PromptPay.
    #[must_use]
    pub fn may_be_paid_late(&self, session: &Session) -> bool {
        self.status == Status::Fail
            && self.code == CLOSED
            && self.step == Step::Code
            && session.method.row().category == "REAL_TIME"
    }

    /// The merchant's page says whether the issuer's hidden page was done (`Y`) or not in time
    /// (`N`); true when that changed something. It counts once.
    pub fn tell_method_done(&mut self, indicator: &str) -> bool {
        if self.step != Step::ThreeDsMethod || !self.waits_for_buyer() {
            return false;
        }
        self.three_ds_comp_ind = Some(indicator.to_owned());
        self.step = Step::Challenge;
        true
    }

    /// Whether the buyer can still decide.
    #[must_use]
    pub fn waits_for_buyer(&self) -> bool {
        !self.status.is_final()
            && self.settles_at.is_none()
            && self.bank_id.is_some()
            && self.step != Step::Nothing
    }

    /// Whether another attempt may start another payment in the same session. The table is the
    /// SDK's: a gateway that disagreed with it would leave buyers with a form that does nothing.
    #[must_use]
    pub fn may_be_retried(&self) -> bool {
        match self.status {
            Status::Processing | Status::Pending | Status::Success | Status::Cancelled => false,
            Status::Fail => kassa_core::results::meaning(&self.code).retryable,
        }
    }

    /// How it stands, for a page. `gateway` is the origin of the simulators.
    #[must_use]
    pub fn state(&self, session: &Session, gateway: &str) -> PaymentState {
        let over = self.status.is_final();
        let mut state = PaymentState {
            attempt_id: Some(self.attempt_id.clone()),
            payment_status: Some(self.status.to_wire()),
            payment_result_code: Some(self.code.clone()),
            payment_result_message: Some(self.message.clone()),
            card_payment_result_info: self
                .card
                .as_ref()
                .filter(|_| over)
                .map(CardFacts::result_info),
            pop_risk_decision_result_info: self.risk(session).filter(|_| over),
            ..PaymentState::default()
        };
        if let Some(key) = self.bank_id.as_deref().filter(|_| self.waits_for_buyer()) {
            self.add_step(&mut state, session, key, gateway);
        }
        state
    }

    fn add_step(&self, state: &mut PaymentState, session: &Session, key: &str, gateway: &str) {
        let until = self.step_until.map(|at| at.to_string());
        match self.step {
            Step::Nothing => {}
            Step::Redirect => {
                state.action_form = self.action_form(session.method, gateway);
                state.normal_url = state.action_form.as_ref().map(|form| form.redirect_url.clone());
            }
            Step::App => {
                state.normal_url =
                    Some(format!("{gateway}{}", page_of(session.method, Step::App, key)));
                if let Interaction::App { scheme, applink } =
                    session.method.interaction(Terminal::Wap)
                {
                    state.scheme_url = scheme.then(|| format!("{APP_SCHEME}://pay/{key}"));
                    state.applink_url = applink.then(|| format!("{gateway}/app/{key}"));
                }
            }
            Step::Code => {
                let view = |code: &Code| CodeView {
                    code: code.text.clone(),
                    code_expire_time: until.clone().unwrap_or_default(),
                    display_type: code.kind.display_type().to_owned(),
                };
                state.code_form_views = self.codes.iter().map(view).collect();
            }
            Step::Wait => {
                state.waits_for = Some("APPROVAL".to_owned());
                state.expire_time = until;
            }
            Step::ThreeDsMethod => {
                state.three_ds_method_url = Some(format!("/3ds/method/{key}"));
            }
            Step::Challenge => {
                state.challenge = Some(true);
                state.challenge_url = Some(page_of(session.method, Step::Challenge, key));
                state.challenge_window_size =
                    Some(session.knobs.challenge_window.as_str().to_owned());
            }
            Step::ChallengePage => {
                state.challenge = Some(true);
                state.action_form = self.action_form(session.method, gateway);
            }
        }
    }

    /// The page on which the buyer goes on, when there is one.
    #[must_use]
    pub fn action_form(&self, method: Method, gateway: &str) -> Option<ActionForm> {
        let key = self.bank_id.as_ref().filter(|_| self.waits_for_buyer())?;
        match self.step {
            Step::Redirect | Step::App | Step::ChallengePage => Some(ActionForm {
                action_form_type: "RedirectActionForm".to_owned(),
                method: "GET".to_owned(),
                redirect_url: format!("{gateway}{}", page_of(method, self.step, key)),
                parameters: None,
            }),
            Step::Code | Step::Wait | Step::ThreeDsMethod | Step::Challenge | Step::Nothing => None,
        }
    }

    /// Path of the simulator that decides this payment, while one can.
    #[must_use]
    pub fn simulator(&self, method: Method) -> Option<String> {
        let key = self.bank_id.as_ref().filter(|_| self.waits_for_buyer())?;
        Some(match self.step {
            // Whoever looks for it on a desktop wants the app, not its substitute.
            Step::App => format!("/app/{key}"),
            Step::Redirect
            | Step::Code
            | Step::Wait
            | Step::ThreeDsMethod
            | Step::Challenge
            | Step::ChallengePage
            | Step::Nothing => page_of(method, self.step, key),
        })
    }

    /// What risk control said about a card.
    #[must_use]
    pub fn risk(&self, session: &Session) -> Option<RiskDecision> {
        let checked = session.three_ds || self.three_ds.is_some();
        self.card.as_ref().map(|_| RiskDecision {
            risk_decision: if self.code == "RISK_REJECT" { "REJECT" } else { "ACCEPT" }.to_owned(),
            risk_auth_decision: if checked { "3D" } else { "NON_3D" }.to_owned(),
        })
    }
}

/// Scheme of the wallet app that no phone has.
const APP_SCHEME: &str = "kassa-wallet";

/// Path of the page for this step. Wallets look like wallets, everybody else like a bank.
fn page_of(method: Method, step: Step, key: &str) -> String {
    let folder = match step {
        Step::Redirect | Step::App => match method.row().category.as_str() {
            "WALLET" | "ALIPAY_PLUS" => "wallet",
            _ => "bank",
        },
        Step::ThreeDsMethod | Step::Challenge | Step::ChallengePage => "3ds/challenge",
        Step::Wait => "push",
        Step::Code => "scan",
        Step::Nothing => "sim",
    };
    format!("/{folder}/{key}")
}

fn seconds(seconds: u32) -> Millis {
    Millis::from(seconds).saturating_mul(1000)
}

fn message_of_closing(code: &str) -> &'static str {
    if code == CLOSED { message_of(CLOSED) } else { "The buyer did not approve in time" }
}

/// `paymentResultCode` of a payment that is under way.
pub const IN_PROCESS: &str = "PAYMENT_IN_PROCESS";

/// `paymentResultCode` of a payment or session that the merchant took back.
pub const CANCELLED: &str = "ORDER_IS_CANCELLED";

/// `paymentResultCode` of a payment whose time was over.
pub const CLOSED: &str = "ORDER_IS_CLOSED";

/// How a session stands that was taken back before it was paid.
#[must_use]
pub fn cancelled_state() -> PaymentState {
    PaymentState {
        payment_status: Some(PaymentStatus::Cancelled),
        payment_result_code: Some(CANCELLED.to_owned()),
        payment_result_message: Some(message_of(CANCELLED).to_owned()),
        ..PaymentState::default()
    }
}

fn message_of(code: &str) -> &'static str {
    match code {
        "SUCCESS" => "Paid",
        IN_PROCESS => "The payment is under way",
        CANCELLED => "The merchant cancelled the order",
        CLOSED => "The time for paying the order is over",
        "RISK_REJECT" => "Risk control refused the payment",
        "ISSUER_REJECTS_TRANSACTION" => "The card's bank refused the payment",
        NOT_APPROVED => "The buyer did not confirm the payment",
        _ => "The sandbox was asked for this result",
    }
}

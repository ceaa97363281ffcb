//! Payments: what a submit starts and how it ends.

use kassa_wire::PaymentStatus;
use kassa_wire::client::{ActionForm, PaymentState, RiskDecision};
use serde::{Deserialize, Serialize};

use crate::cards::{CardFacts, Scenario};
use crate::clock::Millis;
use crate::sessions::{Method, Session};

/// How a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Under way.
    Processing,
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
            Self::Success => PaymentStatus::Success,
            Self::Fail => PaymentStatus::Fail,
            Self::Cancelled => PaymentStatus::Cancelled,
        }
    }

    /// Whether time and buyer can change nothing of it any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        match self {
            Self::Processing => false,
            Self::Success | Self::Fail | Self::Cancelled => true,
        }
    }
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
    /// The id of its bank page, while the buyer has to go there.
    pub bank_id: Option<String>,
    /// It becomes a success at this time by itself.
    pub settles_at: Option<Millis>,
    /// It is closed unpaid at this time by itself.
    #[serde(default)]
    pub closes_at: Option<Millis>,
    /// When it was started.
    pub created_at: Millis,
    /// When it was over.
    pub ended_at: Option<Millis>,
}

/// What the buyer pressed on the bank's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Pay.
    Approve,
    /// Do not.
    Decline,
    /// Go back without either.
    Leave,
}

impl Payment {
    /// Starts a payment. `id` and `bank_id` are fresh; the latter is used if a page is needed.
    #[must_use]
    pub fn start(
        session: &Session,
        attempt_id: &str,
        card: Option<CardFacts>,
        (id, bank_id): (String, String),
        now: Millis,
    ) -> Self {
        let mut payment = Self {
            id,
            session_id: session.id.clone(),
            attempt_id: attempt_id.to_owned(),
            status: Status::Processing,
            code: IN_PROCESS.to_owned(),
            message: message_of(IN_PROCESS).to_owned(),
            card,
            bank_id: None,
            settles_at: None,
            closes_at: session.closes_at,
            created_at: now,
            ended_at: None,
        };
        if let Some(code) = session.knobs.result.as_deref().filter(|code| *code != "SUCCESS") {
            payment.fail(code, message_of(code), now);
            return payment;
        }
        match session.method {
            Method::Fpx => payment.bank_id = Some(bank_id),
            Method::Card => payment.start_card(session, bank_id, now),
        }
        payment
    }

    /// The published order of the sandbox's card scenarios: risk first, then the issuer.
    fn start_card(&mut self, session: &Session, bank_id: String, now: Millis) {
        let scenario = self.card.as_ref().map_or(Scenario::NotATestCard, |card| card.scenario);
        if session.amount.value == "11" {
            return self.fail("RISK_REJECT", message_of("RISK_REJECT"), now);
        }
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
            Scenario::Success if session.three_ds => self.bank_id = Some(bank_id),
            Scenario::Success | Scenario::ExemptFrom3ds => self.authorise(session, now),
        }
    }

    fn authorise(&mut self, session: &Session, now: Millis) {
        match session.knobs.pending_for {
            Some(ms) => self.settles_at = Some(now.saturating_add(i64::from(ms))),
            None => self.succeed(now),
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
        [self.settles_at, self.closes_at].into_iter().flatten().min()
    }

    /// Lets time pass; true when that changed something.
    pub fn settle(&mut self, now: Millis) -> bool {
        let Some(at) = self.changes_at().filter(|at| *at <= now) else {
            return false;
        };
        if self.settles_at == Some(at) {
            self.succeed(at);
        } else {
            self.fail(CLOSED, message_of(CLOSED), at);
        }
        true
    }

    /// The buyer pressed a button on the bank's page; true when that changed something. What is
    /// decided stays decided.
    pub fn decide(&mut self, decision: Decision, session: &Session, now: Millis) -> bool {
        if !self.waits_for_buyer() {
            return false;
        }
        match decision {
            Decision::Approve => self.authorise(session, now),
            Decision::Decline => {
                let code = "USER_PAYMENT_VERIFICATION_FAILED";
                self.fail(code, message_of(code), now);
            }
            Decision::Leave => return false,
        }
        true
    }

    /// Whether the buyer can still go on at the bank's page.
    #[must_use]
    pub fn waits_for_buyer(&self) -> bool {
        self.status == Status::Processing && self.settles_at.is_none() && self.bank_id.is_some()
    }

    /// Whether another attempt may start another payment in the same session. The table is the
    /// SDK's: a gateway that disagreed with it would leave buyers with a form that does nothing.
    #[must_use]
    pub fn may_be_retried(&self) -> bool {
        match self.status {
            Status::Processing | Status::Success | Status::Cancelled => false,
            Status::Fail => kassa_core::results::meaning(&self.code).retryable,
        }
    }

    /// How it stands, for a page. `gateway` is the origin of the bank's page.
    #[must_use]
    pub fn state(&self, session: &Session, gateway: &str) -> PaymentState {
        let over = self.status != Status::Processing;
        let form = self.action_form(gateway);
        PaymentState {
            attempt_id: Some(self.attempt_id.clone()),
            payment_status: Some(self.status.to_wire()),
            payment_result_code: Some(self.code.clone()),
            payment_result_message: Some(self.message.clone()),
            normal_url: match session.method {
                Method::Fpx => form.as_ref().map(|form| form.redirect_url.clone()),
                Method::Card => None,
            },
            challenge: match session.method {
                Method::Card => form.as_ref().map(|_| true),
                Method::Fpx => None,
            },
            action_form: form,
            card_payment_result_info: self
                .card
                .as_ref()
                .filter(|_| over)
                .map(CardFacts::result_info),
            pop_risk_decision_result_info: self.risk(session).filter(|_| over),
        }
    }

    /// Where the buyer goes on.
    #[must_use]
    pub fn action_form(&self, gateway: &str) -> Option<ActionForm> {
        let bank_id = self.bank_id.as_ref().filter(|_| self.waits_for_buyer())?;
        Some(ActionForm {
            action_form_type: "RedirectActionForm".to_owned(),
            method: "GET".to_owned(),
            redirect_url: format!("{gateway}/bank/{bank_id}"),
            parameters: None,
        })
    }

    /// What risk control said about a card.
    #[must_use]
    pub fn risk(&self, session: &Session) -> Option<RiskDecision> {
        self.card.as_ref().map(|_| RiskDecision {
            risk_decision: if self.code == "RISK_REJECT" { "REJECT" } else { "ACCEPT" }.to_owned(),
            risk_auth_decision: if session.three_ds { "3D" } else { "NON_3D" }.to_owned(),
        })
    }
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
        "USER_PAYMENT_VERIFICATION_FAILED" => "The buyer did not confirm the payment at the bank",
        _ => "The session asked the sandbox for this result",
    }
}

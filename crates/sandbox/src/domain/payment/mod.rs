//! Payments: what a submit starts, how time and the buyer change it, and how it ends.

mod result;
mod start;

use kassa_protocol::ThreeDsCompInd;
use serde::{Deserialize, Serialize};

use super::card::CardRecord;
use super::method::{Category, Terminal};
use super::scan_code::ScanCode;
use super::scenario::ThreeDs;
use super::session::{RetriesEnd, Session};
use crate::clock::Millis;

pub use result::{CANCELLED, CLOSED, IN_PROCESS, NOT_APPROVED, RISK_REJECT, SUCCESS, message_of};

/// State of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Under way, decided soon.
    Processing,
    /// Under way; the money may take days.
    Pending,
    /// Paid.
    Success,
    /// Ended unpaid.
    Fail,
    /// Taken back by the merchant, before or after it was paid.
    Cancelled,
}

impl Status {
    /// Whether neither time nor the buyer can change it any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        match self {
            Self::Processing | Self::Pending => false,
            Self::Success | Self::Fail | Self::Cancelled => true,
        }
    }
}

/// The buyer's next action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NextAction {
    /// Go to another page.
    #[default]
    Redirect,
    /// Open an app on the same phone.
    App,
    /// Scan a code, or show it at a counter.
    Code,
    /// Approve on their phone.
    Wait,
    /// Nothing yet: the issuer's 3DS method runs in a hidden frame.
    ThreeDsMethod,
    /// Answer the issuer's challenge in a frame.
    Challenge,
    /// Answer the issuer's challenge on a page of its own.
    ChallengePage,
    /// Nothing.
    Nothing,
}

/// An attempt to pay a session's order. All attempts of a session are one payment to the merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// `paymentId`, the same for all attempts of a session.
    pub id: String,
    /// Key of an attempt that followed another one; that of the first is the `paymentId`.
    #[serde(default)]
    pub retry_key: Option<String>,
    /// Key of its session.
    pub session_id: String,
    /// `attemptId` of the submit that started it.
    pub attempt_id: String,
    /// Its state.
    pub status: Status,
    /// `paymentResultCode`.
    pub code: String,
    /// `paymentResultMessage`.
    pub message: String,
    /// The card of a card payment.
    pub card: Option<CardRecord>,
    /// Key of its simulators; none when the buyer has nothing to do.
    #[serde(rename = "bank_id")]
    pub simulator_key: Option<String>,
    /// The buyer's next action.
    #[serde(default, rename = "step")]
    pub next: NextAction,
    /// The codes that the page shows.
    #[serde(default)]
    pub codes: Vec<ScanCode>,
    /// When codes expire or an approval is no longer awaited.
    #[serde(default, rename = "step_until")]
    pub next_until: Option<Millis>,
    /// Name of the bank that the buyer chose.
    #[serde(default)]
    pub bank: Option<String>,
    /// How the issuer authenticates the buyer.
    #[serde(default)]
    pub three_ds: Option<ThreeDs>,
    /// As the page reported it.
    #[serde(default)]
    pub three_ds_comp_ind: Option<ThreeDsCompInd>,
    /// Time from the buyer's approval to the money.
    #[serde(default)]
    pub money_takes: Millis,
    /// Whether it is `PENDING` during that time.
    #[serde(default)]
    pub pends: bool,
    /// When the buyer approves without any action.
    #[serde(default)]
    pub approves_at: Option<Millis>,
    /// When it becomes a success.
    pub settles_at: Option<Millis>,
    /// When it closes unpaid, unless the buyer approved.
    #[serde(default)]
    pub closes_at: Option<Millis>,
    /// `paymentResultCode` of closing unpaid.
    #[serde(default = "closed")]
    pub closes_as: String,
    /// When no other attempt may follow a failed one; none once another has followed, the order was
    /// cancelled, or that time is over.
    #[serde(default)]
    pub retries_end: Option<RetriesEnd>,
    /// When it was started.
    pub created_at: Millis,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// When money came although the merchant had cancelled. It was refunded at once.
    #[serde(default)]
    pub returned_at: Option<Millis>,
}

fn closed() -> String {
    CLOSED.to_owned()
}

/// A submit, as far as it decides about the payment.
#[derive(Debug, Clone, Default)]
pub struct Attempt {
    /// `attemptId`.
    pub id: String,
    /// `paymentId` of the attempt before it.
    pub payment_id: Option<String>,
    /// The buyer's device.
    pub terminal: Terminal,
    /// The card of a card payment.
    pub card: Option<CardRecord>,
    /// Name of the chosen bank.
    pub bank: Option<String>,
    /// Whether the session has had as many attempts as it may.
    pub is_over_limit: bool,
}

/// A decision in a simulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The buyer pays.
    Approve,
    /// The buyer does not pay; with this `paymentResultCode`.
    Decline(String),
    /// The buyer pays, and the result is known only after so many seconds.
    Slow(u32),
    /// The buyer goes back without a decision.
    Leave,
    /// The buyer neither decides nor goes back.
    Vanish,
}

impl Payment {
    /// The attempt's key, which no other attempt has.
    #[must_use]
    pub fn key(&self) -> &str {
        self.retry_key.as_deref().unwrap_or(&self.id)
    }

    /// Whether it is the result of the order: neither time, the buyer nor another attempt changes it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.status.is_final() && self.awaited_retry().is_none()
    }

    /// When another attempt can no longer follow; none when none can.
    fn awaited_retry(&self) -> Option<RetriesEnd> {
        self.retries_end.filter(|_| self.may_be_retried())
    }

    /// Another attempt follows, or the merchant cancelled the order. Returns whether one could have
    /// followed until now.
    pub fn end_retries(&mut self) -> bool {
        self.retries_end.take().is_some_and(|_| self.may_be_retried())
    }

    /// The buyer approved.
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
        self.end(Status::Success, SUCCESS, message_of(SUCCESS), at);
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

    /// The merchant takes it back. For a payment that was paid, [`Self::ended_at`] stays the time of
    /// payment.
    pub fn cancel(&mut self, now: Millis) {
        let at = self.ended_at.unwrap_or(now);
        self.end(Status::Cancelled, CANCELLED, message_of(CANCELLED), at);
    }

    /// When time alone changes it next.
    #[must_use]
    pub fn changes_at(&self) -> Option<Millis> {
        if self.status.is_final() {
            return self.awaited_retry().map(RetriesEnd::at);
        }
        // Once the buyer approved nothing closes.
        self.settles_at.or_else(|| [self.approves_at, self.closes_at].into_iter().flatten().min())
    }

    /// Applies what time has changed until `now`. Returns whether anything changed.
    pub fn settle(&mut self, now: Millis) -> bool {
        if self.status.is_final() {
            return self.settle_retries(now);
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
            self.fail(&code, result::message_of_closing(&code), closes_at);
            self.closes_as = code;
        }
        closes_at <= now
    }

    /// A failure is the result of the order from the time on when no other attempt may follow.
    fn settle_retries(&mut self, now: Millis) -> bool {
        let Some(end) = self.awaited_retry().filter(|end| end.at() <= now) else {
            return false;
        };
        self.retries_end = None;
        match end {
            RetriesEnd::Expiry(_) => {}
            RetriesEnd::Closing(at) => self.fail(CLOSED, message_of(CLOSED), at),
        }
        true
    }

    /// Applies a decision about a payment that the merchant did not cancel. Returns whether anything
    /// changed: a decision is final.
    pub fn decide(&mut self, decision: &Decision, session: &Session, now: Millis) -> bool {
        if *decision == Decision::Approve && self.may_receive_late_money(session) {
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

    /// Whether money may still arrive although the order was closed or cancelled unpaid: a bank that has
    /// read a real-time code does not check whether it is still valid, as is published of PromptPay.
    #[must_use]
    pub fn may_receive_late_money(&self, session: &Session) -> bool {
        let is_closed = self.status == Status::Fail && self.code == CLOSED;
        (is_closed || self.status == Status::Cancelled)
            && self.returned_at.is_none()
            && self.next == NextAction::Code
            && session.method.category() == Category::RealTime
    }

    /// Money came although the merchant had cancelled, and goes back. The payment stays what it is.
    pub fn return_late_money(&mut self, now: Millis) {
        self.returned_at = Some(now);
    }

    /// The page reports the end of the 3DS method, and the challenge follows. Returns whether
    /// anything changed: only the first report counts.
    pub fn finish_three_ds_method(&mut self, indicator: ThreeDsCompInd) -> bool {
        if self.next != NextAction::ThreeDsMethod || !self.waits_for_buyer() {
            return false;
        }
        self.three_ds_comp_ind = Some(indicator);
        self.next = NextAction::Challenge;
        true
    }

    /// Whether the buyer can still decide.
    #[must_use]
    pub fn waits_for_buyer(&self) -> bool {
        !self.status.is_final()
            && self.settles_at.is_none()
            && self.simulator_key.is_some()
            && self.next != NextAction::Nothing
    }

    /// Whether another attempt may start another payment in the same session. The table is the
    /// SDK's: with another table in the gateway, the SDK would show a form whose submits are
    /// refused.
    #[must_use]
    pub fn may_be_retried(&self) -> bool {
        match self.status {
            Status::Processing | Status::Pending | Status::Success | Status::Cancelled => false,
            Status::Fail => kassa_core::results::meaning(&self.code).retryable,
        }
    }
}

#[cfg(test)]
mod tests;

fn seconds(seconds: u32) -> Millis {
    Millis::from(seconds).saturating_mul(1000)
}

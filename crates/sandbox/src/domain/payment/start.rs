//! Starting a payment.

use super::result::{ISSUER_REJECTS, OVER_LIMIT};
use super::{
    Attempt, CLOSED, IN_PROCESS, NOT_APPROVED, NextAction, Payment, RISK_REJECT, SUCCESS, Status,
    message_of, seconds,
};
use crate::clock::Millis;
use crate::domain::method::{CodeKind, Interaction, Pends};
use crate::domain::scan_code::Source;
use crate::domain::scenario::ThreeDs;
use crate::domain::session::Session;
use crate::domain::test_card::CardBehaviour;

/// Time from the approval of a direct debit to the money: three days.
const DEBIT_TAKES: Millis = 3 * 24 * 60 * 60 * 1000;

/// Minor units of the amount that risk control refuses. Source: the sandbox page of the public
/// documentation.
const RISKY_AMOUNT: u64 = 11;

impl Payment {
    /// Starts a payment, or another attempt at one, with a fresh `key` and `simulator_key`.
    #[must_use]
    pub fn start(
        session: &Session,
        attempt: Attempt,
        (key, simulator_key): (String, String),
        now: Millis,
    ) -> Self {
        let row = session.method.row();
        let scenario = &session.scenario;
        let pends = row.pends == Pends::OnceApproved;
        let money_takes = match scenario.pending_for {
            Some(ms) => i64::from(ms),
            None if pends => DEBIT_TAKES,
            None => 0,
        };
        let order_closes = now + scenario.closes_in.map_or(row.closes_after, seconds);
        let (id, retry_key) = match attempt.payment_id {
            Some(id) => (id, Some(key)),
            None => (key, None),
        };
        let mut payment = Self {
            id,
            retry_key,
            session_id: session.id.clone(),
            attempt_id: attempt.id,
            status: Status::Processing,
            code: IN_PROCESS.to_owned(),
            message: message_of(IN_PROCESS).to_owned(),
            card: attempt.card,
            simulator_key: None,
            next: NextAction::Nothing,
            codes: Vec::new(),
            next_until: None,
            bank: attempt.bank.or_else(|| session.bank.clone()),
            three_ds: None,
            three_ds_comp_ind: None,
            money_takes,
            pends,
            approves_at: None,
            settles_at: None,
            closes_at: Some(session.closes_at.map_or(order_closes, |at| at.min(order_closes))),
            closes_as: CLOSED.to_owned(),
            retries_end: Some(session.retries_end()),
            created_at: now,
            ended_at: None,
            returned_at: None,
        };
        let chosen = scenario.result.as_deref().filter(|code| *code != SUCCESS);
        // Its code ends the session, so that nobody can try out cards without end.
        let over_limit = attempt.is_over_limit.then_some(OVER_LIMIT);
        if let Some(code) = over_limit.or(chosen) {
            payment.fail(code, message_of(code), now);
            return payment;
        }
        payment.next = match session.method.interaction(attempt.terminal) {
            Interaction::Card => payment.start_card(session, now),
            Interaction::Redirect => NextAction::Redirect,
            Interaction::App { .. } => NextAction::App,
            Interaction::Wait => {
                payment.limit_next_action(session, now);
                NextAction::Wait
            }
            Interaction::Codes(kinds) => {
                payment.limit_next_action(session, now);
                payment.make_codes(session, kinds);
                NextAction::Code
            }
        };
        if payment.next != NextAction::Nothing {
            payment.simulator_key = Some(simulator_key);
            payment.approves_at = scenario.approves_in.map(|s| now + seconds(s));
        }
        payment
    }

    /// Sets how long codes are valid and approvals awaited. An approval that never came ends the
    /// payment, so that the buyer can try again. A code may still be paid after the page stopped
    /// showing it, until the order closes.
    fn limit_next_action(&mut self, session: &Session, now: Millis) {
        let ordered = session.scenario.code_expires_in.map(seconds);
        let order = self.closes_at.unwrap_or(Millis::MAX);
        let until = order.min(now + ordered.unwrap_or(session.method.row().code_life));
        self.next_until = Some(until);
        match session.method.row().web {
            Interaction::Wait if until < order => {
                self.closes_at = Some(until);
                self.closes_as = NOT_APPROVED.to_owned();
            }
            Interaction::Codes(_) if ordered.is_some() && session.scenario.closes_in.is_none() => {
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
            key: self.key(),
            amount: &session.amount,
            merchant: &session.merchant_name,
            country: row.countries.first().map_or("SG", String::as_str),
        };
        self.codes = kinds.iter().map(|kind| source.code(*kind)).collect();
        if row.pends == Pends::FromStart {
            self.status = Status::Pending;
        }
    }

    /// The published order of the sandbox's card scenarios: risk control first, then the issuer.
    fn start_card(&mut self, session: &Session, now: Millis) -> NextAction {
        let behaviour = self.card.as_ref().map_or(CardBehaviour::NotATestCard, |it| it.behaviour);
        if session.amount.minor == RISKY_AMOUNT {
            self.fail(RISK_REJECT, message_of(RISK_REJECT), now);
            return NextAction::Nothing;
        }
        match behaviour {
            CardBehaviour::Declined => self.fail(ISSUER_REJECTS, message_of(ISSUER_REJECTS), now),
            CardBehaviour::NotATestCard => self.fail(
                "INVALID_CARD",
                "The sandbox takes published test cards only; docs/sandbox.md lists them",
                now,
            ),
            CardBehaviour::ExemptFrom3ds => self.authorise(now),
            CardBehaviour::Success | CardBehaviour::Requires3ds => {
                let wanted = session.three_ds || behaviour == CardBehaviour::Requires3ds;
                self.three_ds = session.scenario.three_ds.or(wanted.then_some(ThreeDs::Frame));
                match self.three_ds {
                    Some(ThreeDs::MethodAndFrame) => return NextAction::ThreeDsMethod,
                    Some(ThreeDs::Frame) => return NextAction::Challenge,
                    Some(ThreeDs::Redirect) => return NextAction::ChallengePage,
                    Some(ThreeDs::Frictionless) | None => self.authorise(now),
                }
            }
        }
        NextAction::Nothing
    }
}

//! Endings: what the merchant receives about a payment, and what the buyer sees of it.

use kassa_protocol::client::GatewayAnswer;
use kassa_protocol::{PaymentStatus, ResultStatus};

use super::state::{Ended, Payment, State};
use super::view::{Message, Tone};
use super::{Effect, Machine};
use crate::events::{CallResult, Event, EventCode, PaymentOutcome, Reason};
use crate::results::{CHECK_SERVER, meaning};
use crate::text::Text;
use crate::text_tools::fill;

/// The state of a payment is not known yet: why, as a result code.
const IN_PROCESS: &str = "PAYMENT_IN_PROCESS";

impl Machine {
    /// Paid, as the gateway confirmed.
    pub(super) fn succeed(&mut self, payment: Box<Payment>, answer: Box<GatewayAnswer>) -> State {
        let state = answer.payment;
        let message = state.payment_result_message.as_deref().unwrap_or("Success");
        let outcome = PaymentOutcome {
            result: CallResult {
                result_code: "SUCCESS".to_owned(),
                result_status: ResultStatus::Success,
                result_message: "Success".to_owned(),
            },
            payment_result_code: or(&state.payment_result_code, "SUCCESS").to_owned(),
            payment_result_message: message.to_owned(),
            payment_status: state.payment_status.unwrap_or(PaymentStatus::Success),
            retryable: false,
            suggestion: "Confirm on your server before you deliver.",
            reason: payment.attempt.reason,
            card_payment_result_info: state.card_payment_result_info,
            pop_risk_decision_result_info: state.pop_risk_decision_result_info,
        };
        let last_message = Message { tone: Tone::Good, text: Text::Paid };
        self.end(payment, EventCode::PaymentSuccessful, outcome, last_message)
    }

    /// The attempt failed for certain: the next one is another.
    pub(super) fn fail_attempt(
        &mut self,
        payment: Box<Payment>,
        answer: Box<GatewayAnswer>,
    ) -> State {
        let mut state = self.report_failure(payment, answer);
        if let State::Collecting(it) = &mut state {
            it.payment.attempt.next();
        }
        state
    }

    /// Reports a failure. The form stays when the same session may be paid again.
    pub(super) fn report_failure(
        &mut self,
        mut payment: Box<Payment>,
        answer: Box<GatewayAnswer>,
    ) -> State {
        let GatewayAnswer { refusal, payment: state, .. } = *answer;
        let is_cancelled = state.payment_status == Some(PaymentStatus::Cancelled);
        let default = if is_cancelled { "ORDER_IS_CANCELLED" } else { "PROCESS_FAIL" };
        let code = or(&state.payment_result_code, or(&refusal.error_code, default));
        let row = meaning(code);
        let own_message = if row.meaning.is_empty() { code } else { row.meaning };
        let message = or(&state.payment_result_message, or(&refusal.error_message, own_message));
        let outcome = PaymentOutcome {
            result: CallResult {
                result_code: code.to_owned(),
                result_status: ResultStatus::Fail,
                result_message: message.to_owned(),
            },
            payment_result_code: code.to_owned(),
            payment_result_message: message.to_owned(),
            payment_status: state.payment_status.unwrap_or(PaymentStatus::Fail),
            retryable: row.retryable && !is_cancelled,
            suggestion: row.suggestion,
            reason: payment.attempt.reason,
            card_payment_result_info: state.card_payment_result_info,
            pop_risk_decision_result_info: state.pop_risk_decision_result_info,
        };
        if outcome.retryable && payment.checkout.form.is_some() {
            self.report(&mut payment, EventCode::PaymentFail, outcome);
            return self.back_to_form(payment, Some(row.advice));
        }
        let last_message = Message { tone: Tone::Bad, text: row.advice };
        self.end(payment, EventCode::PaymentFail, outcome, last_message)
    }

    /// The result did not come in time, and the merchant's server has to find out.
    pub(super) fn end_undecided(&mut self, payment: Box<Payment>, is_answered: bool) -> State {
        if payment.attempt.is_pending {
            return self.end_pending(payment);
        }
        let code = if is_answered { EventCode::PaymentProcessing } else { EventCode::PaymentError };
        let last_message = Message { tone: Tone::Plain, text: Text::OutcomeUnknown };
        let reason = payment.attempt.reason.unwrap_or(Reason::NoResultInTime);
        let outcome = undecided(PaymentStatus::Processing, Some(reason));
        self.end(payment, code, outcome, last_message)
    }

    /// The money may take days, and nothing is left to do for the buyer here.
    pub(super) fn end_pending(&mut self, payment: Box<Payment>) -> State {
        let last_message = Message { tone: Tone::Plain, text: Text::Pending };
        let outcome = undecided(PaymentStatus::Pending, payment.attempt.reason);
        self.end(payment, EventCode::PaymentPending, outcome, last_message)
    }

    /// The buyer closes the component while the result is not known.
    pub(super) fn close_undecided(&mut self, mut payment: Box<Payment>) -> State {
        let reason = payment.attempt.reason.unwrap_or(Reason::ClosedBeforeResult);
        let (code, status) = if payment.attempt.is_pending {
            (EventCode::PaymentPending, PaymentStatus::Pending)
        } else {
            (EventCode::PaymentProcessing, PaymentStatus::Processing)
        };
        self.push(Effect::NotifyClosed);
        self.report(&mut payment, code, undecided(status, Some(reason)));
        self.remove_component(payment)
    }

    /// The buyer leaves before anything was submitted.
    pub(super) fn cancel(&mut self, mut payment: Box<Payment>) -> State {
        let row = meaning("USER_CANCELED");
        let outcome = PaymentOutcome {
            result: CallResult {
                result_code: row.code.to_owned(),
                result_status: ResultStatus::Fail,
                result_message: row.meaning.to_owned(),
            },
            payment_status: PaymentStatus::Cancelled,
            payment_result_code: row.code.to_owned(),
            payment_result_message: row.meaning.to_owned(),
            retryable: row.retryable,
            suggestion: row.suggestion,
            reason: None,
            card_payment_result_info: None,
            pop_risk_decision_result_info: None,
        };
        self.push(Effect::NotifyClosed);
        self.report(&mut payment, EventCode::PaymentCancel, outcome);
        self.remove_component(payment)
    }

    /// Reports how the payment stands, as an event and to the promise of `submit()`.
    fn report(&mut self, payment: &mut Payment, code: EventCode, outcome: PaymentOutcome) {
        let message = outcome.payment_result_message.clone();
        let result = Some(Box::new(outcome));
        self.push(Effect::Emit(Event { code, message: message.clone(), result }));
        self.end_submit(payment, code, &message);
    }

    /// Emits the last event.
    fn end(
        &mut self,
        mut payment: Box<Payment>,
        code: EventCode,
        outcome: PaymentOutcome,
        message: Message,
    ) -> State {
        self.fail_checks(&mut payment.checkout);
        self.push(Effect::Render);
        self.report(&mut payment, code, outcome);
        State::Ended(Ended { checkout: Box::new(payment.checkout), message })
    }
}

fn or<'a>(text: &'a Option<String>, otherwise: &'a str) -> &'a str {
    text.as_deref().unwrap_or(otherwise)
}

fn undecided(payment_status: PaymentStatus, reason: Option<Reason>) -> PaymentOutcome {
    let message = fill("{} {}", &[meaning(IN_PROCESS).meaning, CHECK_SERVER]);
    PaymentOutcome {
        result: CallResult {
            result_code: IN_PROCESS.to_owned(),
            result_status: ResultStatus::Unknown,
            result_message: message.clone(),
        },
        payment_status,
        payment_result_code: IN_PROCESS.to_owned(),
        payment_result_message: message,
        retryable: false,
        suggestion: CHECK_SERVER,
        reason,
        card_payment_result_info: None,
        pop_risk_decision_result_info: None,
    }
}

//! Endings: what the merchant is told of a payment, and what the buyer sees of it.

use super::effect::Fx;
use super::state::{Ended, Job, State};
use super::view::{Message, Tone};
use super::{Effect, Machine};
use crate::answer::{Body, Status};
use crate::events::{CallResult, Code, Event, Outcome};
use crate::frame::ToFrame;
use crate::join;
use crate::results::{Meaning, meaning};
use crate::text::Text;

const CHECK_SERVER: &str =
    "Ask inquiryPayment or wait for the notification; do not ask for a second payment.";

impl Machine {
    /// Paid, as the gateway confirmed.
    pub(super) fn finish(&mut self, mut job: Box<Job>, body: &Body, fx: &mut Fx) -> State {
        job.end_loading(fx);
        let outcome = Outcome {
            result: CallResult {
                result_code: "SUCCESS".to_owned(),
                result_status: "S",
                result_message: "Success".to_owned(),
            },
            payment_status: body.payment_status.clone(),
            payment_result_code: or(&body.payment_result_code, "SUCCESS"),
            payment_result_message: or(&body.payment_result_message, "Success"),
            retryable: false,
            suggestion: "Confirm on your server before you deliver.",
            reason: None,
            card_payment_result_info: body.card_facts.clone(),
            pop_risk_decision_result_info: body.risk_facts.clone(),
        };
        conclude(job, Code::PaymentSuccessful, outcome, Tone::Good, Text::Paid, fx)
    }

    /// The attempt failed for certain: the next one is another.
    pub(super) fn failed(&mut self, mut job: Box<Job>, body: &Body, fx: &mut Fx) -> State {
        job.attempts.next();
        self.report_failure(job, body, fx)
    }

    /// Tells a failure. The form stays when the same session may be paid again.
    pub(super) fn report_failure(&mut self, mut job: Box<Job>, body: &Body, fx: &mut Fx) -> State {
        job.end_loading(fx);
        let (outcome, row) = failure(body);
        if outcome.retryable && job.frame.is_some() {
            job.settle_submit(Code::PaymentFail, &outcome.payment_result_message, fx);
            return self.back_to_form(job, Code::PaymentFail, Some(outcome), row.advice, fx);
        }
        conclude(job, Code::PaymentFail, outcome, Tone::Bad, row.advice, fx)
    }

    /// Gives the form back to the buyer, with a notice.
    pub(super) fn back_to_form(
        &mut self,
        job: Box<Job>,
        code: Code,
        outcome: Option<Outcome>,
        notice: Text,
        fx: &mut Fx,
    ) -> State {
        if let Some(outcome) = outcome {
            fx.push(Effect::Emit(Event {
                code,
                message: Some(outcome.payment_result_message.clone()),
                result: Some(Box::new(outcome)),
            }));
        }
        fx.push(Effect::SendFrame(ToFrame::Busy { busy: false }));
        fx.push(Effect::Render);
        State::Collecting(job, Some(notice))
    }

    /// The result did not come in time, and the merchant's server has to find out.
    pub(super) fn give_up(&mut self, job: Box<Job>, heard: bool, fx: &mut Fx) -> State {
        let code = if heard { Code::PaymentProcessing } else { Code::PaymentError };
        let outcome = undecided("NO_RESULT_IN_TIME");
        conclude(job, code, outcome, Tone::Plain, Text::OutcomeUnknown, fx)
    }

    /// The buyer closes while the result is not known.
    pub(super) fn close_undecided(
        &mut self,
        mut job: Box<Job>,
        reason: &'static str,
        fx: &mut Fx,
    ) -> State {
        let outcome = undecided(reason);
        job.settle_submit(Code::PaymentProcessing, &outcome.payment_result_message, fx);
        fx.push(Effect::Emit(Event {
            code: Code::PaymentProcessing,
            message: Some(outcome.payment_result_message.clone()),
            result: Some(Box::new(outcome)),
        }));
        fx.push(Effect::Closed);
        job.tear_down(fx)
    }
}

fn conclude(
    mut job: Box<Job>,
    code: Code,
    outcome: Outcome,
    tone: Tone,
    text: Text,
    fx: &mut Fx,
) -> State {
    let message = outcome.payment_result_message.clone();
    job.drop_checks(fx);
    fx.push(Effect::Render);
    fx.push(Effect::Emit(Event {
        code,
        message: Some(message.clone()),
        result: Some(Box::new(outcome)),
    }));
    job.settle_submit(code, &message, fx);
    State::Done(job, Ended { message: Message { tone, text } })
}

fn failure(body: &Body) -> (Outcome, &'static Meaning) {
    let cancelled = body.status == Some(Status::Cancelled);
    let code = if !body.payment_result_code.is_empty() {
        body.payment_result_code.as_str()
    } else if !body.error_code.is_empty() {
        body.error_code.as_str()
    } else if cancelled {
        "ORDER_IS_CANCELLED"
    } else {
        "PROCESS_FAIL"
    };
    let row = meaning(code);
    let words = if body.payment_result_message.is_empty() {
        &body.error_message
    } else {
        &body.payment_result_message
    };
    let message = or(words, if row.meaning.is_empty() { code } else { row.meaning });
    let outcome = Outcome {
        result: CallResult {
            result_code: code.to_owned(),
            result_status: "F",
            result_message: message.clone(),
        },
        payment_status: or(&body.payment_status, "FAIL"),
        payment_result_code: code.to_owned(),
        payment_result_message: message,
        retryable: row.retryable && !cancelled,
        suggestion: row.suggestion,
        reason: None,
        card_payment_result_info: body.card_facts.clone(),
        pop_risk_decision_result_info: body.risk_facts.clone(),
    };
    (outcome, row)
}

fn undecided(reason: &'static str) -> Outcome {
    const CODE: &str = "PAYMENT_IN_PROCESS";
    let message = join(&[meaning(CODE).meaning, " ", CHECK_SERVER]);
    Outcome {
        result: CallResult {
            result_code: CODE.to_owned(),
            result_status: "U",
            result_message: message.clone(),
        },
        payment_status: "PROCESSING".to_owned(),
        payment_result_code: CODE.to_owned(),
        payment_result_message: message,
        retryable: false,
        suggestion: CHECK_SERVER,
        reason: Some(reason),
        card_payment_result_info: None,
        pop_risk_decision_result_info: None,
    }
}

fn or(text: &str, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
}

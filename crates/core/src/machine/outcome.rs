//! Endings: what the merchant is told of a payment, and what the buyer sees of it.

use std::rc::Rc;

use super::state::State;
use super::view::{Message, Tone};
use super::{Effect, Machine};
use crate::answer::{Body, Status};
use crate::events::{Code, Event, News, Outcome};
use crate::fill;
use crate::results::{CHECK_SERVER, meaning};
use crate::small::or;
use crate::text::Text;

impl Machine {
    /// Paid, as the gateway confirmed.
    pub(super) fn finish(&mut self, body: &Rc<Body>) {
        self.end_loading();
        let outcome = Outcome {
            news: News::Good,
            payment_result_code: or(body.payment_result_code(), "SUCCESS").to_owned(),
            retryable: false,
            suggestion: "Confirm on your server before you deliver.",
            reason: self.job.reason,
            body: body.clone(),
        };
        let message = or(body.payment_result_message(), "Success");
        let last_words = Message { tone: Tone::Good, text: Text::Paid };
        self.conclude(Code::PaymentSuccessful, message, outcome, last_words);
    }

    /// The attempt failed for certain: the next one is another.
    #[inline(never)]
    pub(super) fn failed(&mut self, body: &Rc<Body>) {
        self.job.attempt += 1;
        self.report_failure(body);
    }

    /// Tells a failure. The form stays when the same session may be paid again.
    #[inline(never)]
    pub(super) fn report_failure(&mut self, body: &Rc<Body>) {
        let cancelled = body.status() == Some(Status::Cancelled);
        let reason = if cancelled { "ORDER_IS_CANCELLED" } else { "PROCESS_FAIL" };
        let code = or(body.payment_result_code(), or(body.error_code(), reason));
        let row = meaning(code);
        let words = or(body.payment_result_message(), body.error_message());
        let message = or(words, or(row.meaning, code));
        let outcome = Outcome {
            news: News::Bad,
            payment_result_code: code.to_owned(),
            retryable: row.retryable && !cancelled,
            suggestion: row.suggestion,
            reason: self.job.reason,
            body: body.clone(),
        };
        self.end_loading();
        self.drop_window();
        if outcome.retryable && self.job.form.is_some() {
            self.report(Code::PaymentFail, message, outcome);
            self.back_to_form(Some(row.advice));
        } else {
            let last_words = Message { tone: Tone::Bad, text: row.advice };
            self.conclude(Code::PaymentFail, message, outcome, last_words);
        }
    }

    /// The result did not come in time, and the merchant's server has to find out.
    pub(super) fn give_up(&mut self, heard: bool) {
        if self.job.pending {
            return self.postpone();
        }
        let code = if heard { Code::PaymentProcessing } else { Code::PaymentError };
        let last_words = Message { tone: Tone::Plain, text: Text::OutcomeUnknown };
        let outcome = undecided(or(self.job.reason, "NO_RESULT_IN_TIME"));
        self.conclude(code, &undecided_message(), outcome, last_words);
    }

    /// The money may take days, and nothing is left for the buyer to do here.
    pub(super) fn postpone(&mut self) {
        let last_words = Message { tone: Tone::Plain, text: Text::Pending };
        let outcome = Outcome { news: News::Later, ..undecided(self.job.reason) };
        self.conclude(Code::PaymentPending, &undecided_message(), outcome, last_words);
    }

    /// The buyer closes while the result is not known.
    #[inline(never)]
    pub(super) fn close_undecided(&mut self) {
        let mut outcome = undecided(or(self.job.reason, "CLOSED_BEFORE_RESULT"));
        let code = if self.job.pending {
            outcome.news = News::Later;
            Code::PaymentPending
        } else {
            Code::PaymentProcessing
        };
        self.report(code, &undecided_message(), outcome);
        self.push(Effect::Closed);
        self.tear_down();
    }

    /// The buyer leaves before submitting.
    #[inline(never)]
    pub(super) fn cancel(&mut self) {
        self.answer(Code::PaymentCancel, "");
        self.push(Effect::Closed);
        self.tear_down();
    }

    /// Tells how the payment stands, to the merchant and to the promise of `submit()`.
    fn report(&mut self, code: Code, message: &str, outcome: Outcome) {
        let result = Some(Box::new(outcome));
        self.push(Effect::Emit(Event { code, message: message.to_owned(), result }));
        self.end_submit(code, message);
    }

    /// Tells the last event.
    fn conclude(&mut self, code: Code, message: &str, outcome: Outcome, last_words: Message) {
        self.drop_checks();
        self.drop_window();
        self.push(Effect::Render);
        self.report(code, message, outcome);
        self.state = State::Done(last_words);
    }
}

fn undecided(reason: &'static str) -> Outcome {
    Outcome {
        news: News::None,
        payment_result_code: "PAYMENT_IN_PROCESS".to_owned(),
        retryable: false,
        suggestion: CHECK_SERVER,
        reason,
        body: Rc::default(),
    }
}

fn undecided_message() -> String {
    fill("{} {}", &[meaning("PAYMENT_IN_PROCESS").meaning, CHECK_SERVER])
}

//! What a machine has running (the call, the timers, the promises), and how it speaks.

use super::state::{Job, State};
use super::{ANSWER_LIMIT, CallId, Effect, Machine, Ticket, TimerId, Verdict};
use crate::call::{Attempt, Call, Operation, PATH};
use crate::events::{Code, Event};
use crate::fill;
use crate::platform::Terminal;

impl Machine {
    #[inline(never)]
    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Tells the merchant an event that says all by its code.
    pub(super) fn emit(&mut self, code: Code) {
        self.tell(code, "");
    }

    /// Tells the merchant an event with an explanation.
    #[inline(never)]
    pub(super) fn tell(&mut self, code: Code, message: &str) {
        self.push(Effect::Emit(Event { code, message: message.to_owned(), result: None }));
    }

    /// Tells the merchant an event that also ends the running `submit()`.
    #[inline(never)]
    pub(super) fn answer(&mut self, code: Code, message: &str) {
        self.tell(code, message);
        self.end_submit(code, message);
    }

    #[inline(never)]
    pub(super) fn log(&mut self, code: &'static str, message: String) {
        self.push(Effect::Log { code, message });
    }

    #[inline(never)]
    pub(super) fn settle(&mut self, ticket: Ticket, verdict: Verdict) {
        self.push(Effect::Settle { ticket, verdict });
    }

    #[inline(never)]
    pub(super) fn settle_refused(&mut self, ticket: Ticket, code: Code, message: &str) {
        self.settle(ticket, Verdict::Refused { code, message: message.to_owned() });
    }

    #[inline(never)]
    pub(super) fn settle_submitted(&mut self, ticket: Ticket, code: Code, message: &str) {
        self.settle(ticket, Verdict::Submitted { code, message: message.to_owned() });
    }

    /// Settles the running `submit()`, if the merchant holds one.
    #[inline(never)]
    pub(super) fn end_submit(&mut self, code: Code, message: &str) {
        if let Some(ticket) = self.job.submit.take() {
            self.settle_submitted(ticket, code, message);
        }
    }

    /// Ends the loading phase: first view, leaving page, or failure. Once, as START was.
    #[inline(never)]
    pub(super) fn end_loading(&mut self) {
        if let Some(ticket) = self.job.opening.take() {
            self.emit(Code::EndOfLoading);
            self.settle(ticket, Verdict::Opened);
            let method = self.job.offer.method();
            if !method.is_empty() {
                let method = method.to_owned();
                self.push(Effect::Selected { method });
            }
        }
    }

    /// Takes the frame of 3DS away, if there is one.
    #[inline(never)]
    pub(super) fn drop_window(&mut self) {
        if self.job.window.take().is_some() {
            self.push(Effect::CloseWindow);
        }
    }

    /// Whether the device has apps to pay in.
    pub(super) fn is_phone(&self) -> bool {
        let browser = &self.job.given.browser;
        Terminal::detect(&browser.user_agent, browser.touch_points).is_phone()
    }

    #[inline(never)]
    pub(super) fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    pub(super) fn start_timer(&mut self, after: u32) -> TimerId {
        let id = TimerId(self.next_id());
        self.push(Effect::StartTimer { id, after });
        id
    }

    /// Starts the timer of the step that begins.
    #[inline(never)]
    pub(super) fn limit(&mut self, after: u32) {
        self.job.timer = Some(self.start_timer(after));
    }

    /// Sends a call with its time limit.
    #[inline(never)]
    pub(super) fn call(&mut self, operation: Operation, attempt: Option<Attempt>) {
        let id = CallId(self.next_id());
        let job = &self.job;
        let call = Box::new(Call {
            url: fill("{}{}", &[&job.gateway, PATH]),
            operation,
            credentials: self.config.gateway.is_none(),
            environment: self.config.environment,
            session: job.session.clone(),
            stay: job.given.stay,
            attempt,
            method_done: job.method_done,
            terms: job.given.terms.clone(),
            browser: job.given.browser.clone(),
            locale: self.config.locale,
        });
        self.job.call = Some(id);
        self.push(Effect::Call { id, call });
        self.limit(ANSWER_LIMIT);
    }

    /// Sends the submit of the current attempt.
    pub(super) fn send_submit(&mut self) {
        let attempt = Attempt {
            id: self.job.attempt_id(),
            method: self.job.offer.method().to_owned(),
            stored: self.job.offer.stored_card().to_owned(),
            filled: self.job.filled.clone(),
            billing_address: self.job.billing_address.clone(),
        };
        self.call(Operation::Submit, Some(attempt));
    }

    /// Whether a call is the one that is out; then it no longer is.
    pub(super) fn take_call(&mut self, call: CallId) -> bool {
        let runs = self.job.call == Some(call);
        if runs {
            self.job.call = None;
            self.halt();
        }
        runs
    }

    /// Takes the frame's answer to a `validateFields()`, or its silence: then the id is the timer's.
    pub(super) fn take_check(&mut self, id: u32, answer: Option<bool>) -> bool {
        let at = self.job.checks.iter().position(|check| match answer {
            Some(_) => check.talk == id,
            None => check.timer.0 == id,
        });
        let Some(at) = at else { return false };
        let check = self.job.checks.remove(at);
        if answer.is_some() {
            self.push(Effect::CancelTimer(check.timer));
        }
        self.settle(check.ticket, Verdict::Checked { valid: answer == Some(true) });
        true
    }

    /// Answers every waiting `validateFields()` with no.
    pub(super) fn drop_checks(&mut self) {
        for check in core::mem::take(&mut self.job.checks) {
            self.push(Effect::CancelTimer(check.timer));
            self.settle(check.ticket, Verdict::Checked { valid: false });
        }
    }

    /// Stops the call that is out and the timer.
    #[inline(never)]
    pub(super) fn halt(&mut self) {
        if let Some(call) = self.job.call.take() {
            self.push(Effect::AbortCall(call));
        }
        if let Some(timer) = self.job.timer.take() {
            self.push(Effect::CancelTimer(timer));
        }
    }

    /// Lets go of everything: promises, timers, page. Says nothing to the merchant's callbacks.
    #[inline(never)]
    pub(super) fn tear_down(&mut self) {
        if let Some(ticket) = self.job.opening.take() {
            self.settle(ticket, Verdict::Opened);
        }
        self.end_submit(Code::PaymentProcessing, "The component was removed before the end.");
        self.drop_checks();
        self.push(Effect::Teardown);
        self.job = Job::default();
        self.state = State::Idle;
    }
}

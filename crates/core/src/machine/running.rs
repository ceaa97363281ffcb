//! What a machine has running (the call, the timer, the promises), and how it reports.

use kassa_protocol::PaymentMethodType;
use kassa_protocol::client::{ChosenMethod, ExtParams, Operation, PATH, PaymentFactors, Request};

use super::state::{Checkout, Factors, Payment, State, Timer};
use super::{CALL_LIMIT, CallId, Effect, Machine, PromiseId, Settlement, TimerId};
use crate::call::Call;
use crate::events::{Event, EventCode, LogCode, LogLine};
use crate::locale::Locale;
use crate::session::Metadata;
use crate::text_tools::fill;

impl Machine {
    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Emits an event; without a message where the code is enough.
    pub(super) fn emit(&mut self, code: EventCode, message: &str) {
        self.push(Effect::Emit(Event { code, message: message.to_owned(), result: None }));
    }

    /// Emits an event that also ends the running `submit()`.
    pub(super) fn emit_and_end_submit(
        &mut self,
        payment: &mut Payment,
        code: EventCode,
        message: &str,
    ) {
        self.emit(code, message);
        self.end_submit(payment, code, message);
    }

    pub(super) fn log(&mut self, code: LogCode, message: String) {
        self.push(Effect::Log(LogLine { code, message }));
    }

    pub(super) fn settle(&mut self, promise: PromiseId, settlement: Settlement) {
        self.push(Effect::Settle { promise, settlement });
    }

    pub(super) fn settle_rejected(&mut self, promise: PromiseId, code: EventCode, message: &str) {
        self.settle(promise, Settlement::Rejected { code, message: message.to_owned() });
    }

    pub(super) fn settle_submitted(&mut self, promise: PromiseId, code: EventCode, message: &str) {
        self.settle(promise, Settlement::Submitted { code, message: message.to_owned() });
    }

    /// Settles the running `submit()`, if the merchant called it.
    pub(super) fn end_submit(&mut self, payment: &mut Payment, code: EventCode, message: &str) {
        if let Some(promise) = payment.attempt.promise.take() {
            self.settle_submitted(promise, code, message);
        }
    }

    /// Ends the loading phase, when the first view is usable or the page is leaving.
    pub(super) fn end_loading(&mut self, promise: PromiseId, checkout: &Checkout) {
        self.emit(EventCode::EndOfLoading, "");
        self.settle(promise, Settlement::Opened);
        if let Some(method) = checkout.method() {
            self.push(Effect::NotifyMethodSelected { method: method.clone() });
        }
    }

    pub(super) fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    pub(super) fn start_timer(&mut self, after: u32) -> TimerId {
        let id = TimerId(self.next_id());
        self.push(Effect::StartTimer { id, after });
        id
    }

    /// Starts the timer of the state that begins.
    pub(super) fn start(&mut self, timer: Timer, after: u32) {
        self.running.timer = Some((self.start_timer(after), timer));
    }

    /// Sends a call with its time limit.
    pub(super) fn call(&mut self, payment: &Payment, operation: Operation) {
        let id = CallId(self.next_id());
        let checkout = &payment.checkout;
        let call = Call {
            url: fill("{}{}", &[&checkout.gateway, PATH]),
            operation,
            credentials: self.config.gateway.is_none(),
            environment: self.config.environment,
            request: request(payment, operation, &self.config.locale),
        };
        self.running.call = Some(id);
        self.push(Effect::Call { id, call: Box::new(call) });
        self.start(Timer::Call, CALL_LIMIT);
    }

    /// Whether a call is the one that is out; then it no longer is.
    pub(super) fn take_call(&mut self, call: CallId) -> bool {
        if self.running.call != Some(call) {
            return false;
        }
        self.running.call = None;
        self.halt();
        true
    }

    /// What a timer that fired was for, if it is the one that runs; then it no longer is.
    pub(super) fn take_timer(&mut self, timer: TimerId) -> Option<Timer> {
        let (id, kind) = self.running.timer?;
        if id != timer {
            return None;
        }
        self.running.timer = None;
        Some(kind)
    }

    /// Aborts the call that is out and cancels the timer.
    pub(super) fn halt(&mut self) {
        if let Some(call) = self.running.call.take() {
            self.push(Effect::AbortCall(call));
        }
        if let Some((timer, _)) = self.running.timer.take() {
            self.push(Effect::CancelTimer(timer));
        }
    }

    /// The form answered a `validateFields()`.
    pub(super) fn answer_check(&mut self, state: &mut State, id: u32, is_valid: bool) {
        let Some(form) = state.checkout_mut().and_then(|checkout| checkout.form.as_mut()) else {
            return;
        };
        let Some(at) = form.checks.iter().position(|check| check.id == id) else { return };
        let check = form.checks.remove(at);
        self.push(Effect::CancelTimer(check.limit));
        self.settle(check.promise, Settlement::Validated { is_valid });
    }

    /// Whether a timer was the limit of a `validateFields()`, which then failed.
    pub(super) fn fail_check(&mut self, state: &mut State, timer: TimerId) -> bool {
        let Some(form) = state.checkout_mut().and_then(|checkout| checkout.form.as_mut()) else {
            return false;
        };
        let Some(at) = form.checks.iter().position(|check| check.limit == timer) else {
            return false;
        };
        let check = form.checks.remove(at);
        self.settle(check.promise, Settlement::Validated { is_valid: false });
        true
    }

    /// Fails every `validateFields()` that waits.
    pub(super) fn fail_checks(&mut self, checkout: &mut Checkout) {
        let Some(form) = &mut checkout.form else { return };
        for check in core::mem::take(&mut form.checks) {
            self.push(Effect::CancelTimer(check.limit));
            self.settle(check.promise, Settlement::Validated { is_valid: false });
        }
    }

    /// Settles the promises and removes the component. Calls none of the merchant's callbacks.
    pub(super) fn remove_component(&mut self, mut payment: Box<Payment>) -> State {
        let message = "The component was removed before the end.";
        self.end_submit(&mut payment, EventCode::PaymentProcessing, message);
        self.fail_checks(&mut payment.checkout);
        self.push(Effect::RemoveComponent);
        State::Idle
    }
}

/// The body of a call.
fn request(payment: &Payment, operation: Operation, locale: &Locale) -> Request {
    let Payment { checkout, attempt } = payment;
    let opened_with = &checkout.request;
    let metadata = opened_with.metadata.as_ref();
    let is_card_query = operation == Operation::Query && metadata.is_some_and(Metadata::is_card);
    let mut request = Request {
        payment_session_data: Some(checkout.session_id.clone()),
        payment_method_type: is_card_query.then_some(PaymentMethodType::Card),
        env_info: Some(opened_with.browser.env_info(locale, is_card_query)),
        ..Request::default()
    };
    let mut extras =
        ExtParams { ref_url: Some(opened_with.browser.page.clone()), ..ExtParams::default() };
    let session_config = || metadata.and_then(|metadata| metadata.session_config.clone());
    match operation {
        Operation::Inquire => extras.three_ds_comp_ind = attempt.three_ds_comp_ind.clone(),
        Operation::Query => {
            request.payment_session_config = session_config();
            request.not_redirect_after_complete = Some(opened_with.stays_on_page);
            request.merchant_appoint_param = opened_with.merchant_appoint_param.clone();
        }
        Operation::Submit => {
            request.payment_session_config = session_config();
            request.payment_method = Some(ChosenMethod {
                payment_method_type: checkout.method().cloned(),
                // The token of the card form stands for the card, a stored one or another.
                payment_method_id: None,
            });
            request.payment_factors = Some(factors(payment));
            extras.attempt_id = Some(payment.attempt_id());
            extras.process_type = attempt.process_type.clone();
        }
    }
    request.ext_params = Some(extras);
    request
}

fn factors(payment: &Payment) -> PaymentFactors {
    let mut factors = PaymentFactors {
        billing_address: payment.attempt.billing_address.clone(),
        ..PaymentFactors::default()
    };
    match &payment.attempt.factors {
        Factors::Nothing => {}
        Factors::CardToken(token) => factors.card_token = Some(token.clone()),
        Factors::Values(values) => factors.values = values.clone(),
    }
    factors
}

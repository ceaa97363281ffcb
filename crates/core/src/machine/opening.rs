//! From `createComponent` to the first view.

use kassa_protocol::client::{Offer, Operation, Refusal};
use kassa_protocol::frame::{CardFormInit, StoredCard, ToForm};
use kassa_protocol::{PaymentMethodType, PaymentStatus};

use super::state::{
    Attempt, Checkout, Factors, Form, Opening, OpeningStep, Payment, PollReason, State, Submitting,
    SubmittingStep, Timer,
};
use super::{Directive, Effect, FORM_LOAD_LIMIT, FormId, Machine, OpenRequest, PromiseId};
use crate::calendar::{earliest_day, latest_day};
use crate::events::{EventCode, LogCode};
use crate::money::Amount;
use crate::next_step::{NextStep, next_step};
use crate::platform::{Target, region_gateway, without_slash};
use crate::reply::ReplyOutcome;
use crate::results::meaning;
use crate::session::{Session, SessionError};
use crate::text_tools::fill;

impl Machine {
    /// `createComponent` or `mountComponent`.
    pub(super) fn open(&mut self, state: State, request: OpenRequest) -> State {
        match state {
            State::Idle => {}
            // Over, and only its last message is still shown: make room.
            State::Ended(_) => self.push(Effect::RemoveComponent),
            State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Challenging(_)
            | State::ShowingCodes(_)
            | State::SwitchingApp(_)
            | State::Redirecting(_)
            | State::Confirming(_) => {
                let message = "A component is already open and goes on: call unmount() first.";
                self.reject(request.promise, EventCode::CreateComponentError, message);
                return state;
            }
        }
        let parsed = Session::parse(&request.session_data).and_then(|session| {
            if request.metadata.is_some() { Ok(session) } else { Err(SessionError::Metadata) }
        });
        let session = match parsed {
            Ok(session) => session,
            Err(error) => {
                let code = EventCode::CreatePaymentParameterError;
                self.reject(request.promise, code, &error.message());
                return State::Idle;
            }
        };
        let gateway = match &self.config.gateway {
            Some(gateway) => gateway.as_str(),
            None => region_gateway(&session.site),
        };
        let promise = request.promise;
        let checkout = Checkout {
            session_id: session.id,
            gateway: without_slash(gateway).to_owned(),
            offer: Offer::default(),
            amount: None,
            form: None,
            request,
        };
        let payment = Box::new(Payment { checkout, attempt: Attempt::first() });
        self.emit(EventCode::StartOfLoading, "");
        self.push(Effect::Render);
        self.call(&payment, Operation::Query);
        State::Opening(Opening { promise, payment, step: OpeningStep::Querying })
    }

    /// Follows the gateway's answer to the query.
    pub(super) fn on_query_reply(
        &mut self,
        promise: PromiseId,
        mut payment: Box<Payment>,
        outcome: ReplyOutcome,
    ) -> State {
        let mut answer = match outcome {
            ReplyOutcome::Accepted(answer) => answer,
            ReplyOutcome::Refused(answer) => {
                let message = self.describe_refusal(&answer.refusal);
                return self.reject_opening(promise, payment, &message);
            }
            ReplyOutcome::Unusable(reason) => {
                return self.reject_opening_unanswered(promise, payment, &reason);
            }
        };
        let return_page = payment.checkout.offer.payment_redirect_url.take();
        payment.checkout.offer = core::mem::take(&mut answer.offer);
        let offer = &mut payment.checkout.offer;
        offer.payment_redirect_url = return_page.or_else(|| offer.redirect_url.take());
        match Amount::of_offer(&payment.checkout.offer) {
            Ok(amount) => payment.checkout.amount = amount,
            Err(name) => {
                self.log(LogCode::AmountHidden, fill("{} is in doubt and hidden.", &[name]));
            }
        }
        let next = next_step(&answer.payment, payment.checkout.is_phone());
        let result_code = answer.payment.payment_result_code.as_deref().unwrap_or_default();
        match &answer.payment.payment_status {
            Some(PaymentStatus::Success) => {
                self.end_loading(promise, &payment.checkout);
                return self.succeed(payment, answer);
            }
            Some(PaymentStatus::Cancelled) => {
                self.end_loading(promise, &payment.checkout);
                return self.fail_attempt(payment, answer);
            }
            // A failed attempt does not end a session that may be paid again.
            Some(PaymentStatus::Fail) if !meaning(result_code).retryable => {
                self.end_loading(promise, &payment.checkout);
                return self.fail_attempt(payment, answer);
            }
            // A failure of an earlier opening's attempt, reported again later, is not that of the
            // next one.
            Some(PaymentStatus::Fail) => payment.attempt.has_predecessor = true,
            Some(status) => {
                payment.attempt.may_have_paid = true;
                payment.attempt.is_pending = *status == PaymentStatus::Pending;
                self.end_loading(promise, &payment.checkout);
                // The payment waits for the buyer, or for its result.
                if next != NextStep::Nothing {
                    return self.follow(payment, answer);
                }
                return self.confirm(payment, PollReason::Resumed, None);
            }
            None => {}
        }
        let method = payment.checkout.offer.payment_methods.first_mut();
        let elements = method.map(|method| core::mem::take(&mut method.payment_elements));
        let elements = elements.unwrap_or_default();
        match payment.checkout.method() {
            None => {
                let message = "The gateway offers no payment method.";
                self.reject_opening(promise, payment, message)
            }
            Some(PaymentMethodType::Card) => {
                let today = answer.payment.server_time.map(earliest_day);
                self.load_card_form(promise, payment, today)
            }
            Some(PaymentMethodType::Other(_)) if !elements.is_empty() => {
                let id = FormId(self.next_id());
                self.push(Effect::Render);
                let today = answer.payment.server_time.map(latest_day).unwrap_or_default();
                self.push(Effect::OpenFields { id, elements, today });
                self.load_form(promise, payment, id)
            }
            Some(PaymentMethodType::Other(_)) if next != NextStep::Nothing => {
                self.end_loading(promise, &payment.checkout);
                self.follow(payment, answer)
            }
            Some(PaymentMethodType::Other(_)) => {
                // Shop and amount are known by now.
                self.push(Effect::Render);
                self.send(payment, Factors::Nothing, Some(promise))
            }
        }
    }

    fn load_form(&mut self, promise: PromiseId, mut payment: Box<Payment>, id: FormId) -> State {
        payment.checkout.form = Some(Form { id, checks: Vec::new() });
        self.start(Timer::FormLoad, FORM_LOAD_LIMIT);
        State::Opening(Opening { promise, payment, step: OpeningStep::LoadingForm })
    }

    fn load_card_form(
        &mut self,
        promise: PromiseId,
        payment: Box<Payment>,
        today: Option<String>,
    ) -> State {
        let checkout = &payment.checkout;
        let Some(path) = &checkout.offer.frame_url else {
            let message = "The gateway offers cards but no card form (frameUrl), and a card may \
                           not be typed into the merchant's page.";
            return self.reject_opening(promise, payment, message);
        };
        let target = match Target::on_gateway(&checkout.gateway, path) {
            Ok(target) => target,
            Err(refused) => {
                let template = "The card form's address was refused: {}.";
                let message = fill(template, &[refused.message()]);
                return self.reject_opening(promise, payment, &message);
            }
        };
        let request = &checkout.request;
        let init = Box::new(CardFormInit {
            session: checkout.session_id.clone(),
            locale: self.config.locale.tag.to_owned(),
            theme: request.appearance.theme,
            today,
            stored: stored_card(checkout),
        });
        let id = FormId(self.next_id());
        self.push(Effect::Render);
        self.push(Effect::OpenCardForm { id, target, init });
        self.load_form(promise, payment, id)
    }

    /// The form is drawn and can be used. A frame that the page's own code moves in the document
    /// loads again, without what the buyer had typed, and reports it again.
    pub(super) fn on_form_ready(&mut self, mut state: State) -> State {
        if let Some(checkout) = state.checkout_mut() {
            self.fail_checks(checkout);
        }
        match state {
            State::Opening(Opening { promise, payment, step: OpeningStep::LoadingForm }) => {
                self.halt();
                self.end_loading(promise, &payment.checkout);
                self.collect(payment, None)
            }
            State::Submitting(Submitting { payment, step: SubmittingStep::ReadingForm { .. } }) => {
                self.halt();
                self.on_form_unreachable(payment)
            }
            State::Submitting(_) => {
                self.push(Effect::SendToForm(ToForm::Busy { busy: true }));
                state
            }
            State::Collecting(_) => {
                // A dialog that was moved is no longer above the page.
                self.push(Effect::Render);
                state
            }
            State::Idle
            | State::Opening(_)
            | State::Challenging(_)
            | State::ShowingCodes(_)
            | State::SwitchingApp(_)
            | State::Redirecting(_)
            | State::Confirming(_)
            | State::Ended(_) => state,
        }
    }

    /// The form did not load in time.
    pub(super) fn on_form_load_limit(&mut self, state: State) -> State {
        let State::Opening(Opening { promise, payment, step: OpeningStep::LoadingForm }) = state
        else {
            return state;
        };
        let mut message = "The form was not drawn within 15 seconds.".to_owned();
        if payment.checkout.method() == Some(&PaymentMethodType::Card) {
            message = "The card form gave no answer within 15 seconds. Check that the gateway can \
                       be reached and lists this page's origin."
                .to_owned();
            if payment.checkout.request.browser.is_isolated {
                message.push_str(
                    " The page is cross-origin isolated: the form needs COEP and CORP headers.",
                );
            }
        }
        self.reject_opening(promise, payment, &message)
    }

    /// The document of the card form reports that its script cannot run.
    pub(super) fn on_form_broken(&mut self, state: State, reason: &str) -> State {
        let State::Opening(Opening { promise, payment, step: OpeningStep::LoadingForm }) = state
        else {
            return state;
        };
        self.halt();
        let message = fill("The card form could not start: {}.", &[reason]);
        self.reject_opening(promise, payment, &message)
    }

    /// The page's policy refused something. Where that is what the opening waits for, no answer will
    /// come.
    pub(super) fn on_policy_violation(
        &mut self,
        state: State,
        directive: Directive,
        origin: &str,
    ) -> State {
        let State::Opening(Opening { promise, payment, step }) = state else { return state };
        let template = match (&step, directive) {
            (OpeningStep::Querying | OpeningStep::Sending, Directive::Connect) => {
                "The page's policy refuses calls to the gateway: add {} to its connect-src."
            }
            (OpeningStep::LoadingForm, Directive::Frame)
                if payment.checkout.method() == Some(&PaymentMethodType::Card) =>
            {
                "The page's policy refuses the card form: add {} to its frame-src."
            }
            (
                OpeningStep::Querying
                | OpeningStep::LoadingForm
                | OpeningStep::BeforeSubmit(_)
                | OpeningStep::Sending,
                Directive::Connect | Directive::Frame,
            ) => "",
        };
        // The page may load other things that its policy refuses.
        let path = payment.checkout.gateway.strip_prefix(origin);
        let is_gateway = path.is_some_and(|path| path.is_empty() || path.starts_with("/"));
        if template.is_empty() || !is_gateway {
            return State::Opening(Opening { promise, payment, step });
        }
        self.halt();
        self.reject_opening(promise, payment, &fill(template, &[origin]))
    }

    /// Why the gateway refused the session, and whether the environments look mixed up.
    fn describe_refusal(&self, refusal: &Refusal) -> String {
        let ours = self.config.environment.name();
        let code = refusal.error_code.as_deref().unwrap_or_default();
        if let Some(theirs) = refusal.environment.as_deref().filter(|theirs| *theirs != ours) {
            return fill(
                "The gateway refused the session: {}. It was made for {}, but the SDK was created \
                 with environment: \"{}\".",
                &[code, theirs, ours],
            );
        }
        let message = refusal.error_message.as_deref().unwrap_or(meaning(code).meaning);
        let template = match code {
            // What a session from the other environment looks like to most gateways.
            "INQUIRY_PAYMENT_SESSION_FAILED" | "KEY_NOT_FOUND" | "ORDER_NOT_EXIST" => {
                "The gateway refused the session: {} ({}) If the session is fresh, check that it \
                 was made in {}."
            }
            _ => return fill("The gateway refused the session: {} ({})", &[code, message]),
        };
        fill(template, &[code, message, ours])
    }

    /// Emits an error and rejects a promise with it.
    fn reject(&mut self, promise: PromiseId, code: EventCode, message: &str) {
        self.emit(code, message);
        self.settle_rejected(promise, code, message);
    }

    /// The component cannot be opened. Nothing of it stays in the page.
    pub(super) fn reject_opening(
        &mut self,
        promise: PromiseId,
        payment: Box<Payment>,
        message: &str,
    ) -> State {
        self.emit(EventCode::EndOfLoading, "");
        self.log(LogCode::OpenFailed, message.to_owned());
        self.reject(promise, EventCode::CreateComponentError, message);
        self.remove_component(payment)
    }

    /// The component cannot be opened because the gateway gave no usable answer.
    pub(super) fn reject_opening_unanswered(
        &mut self,
        promise: PromiseId,
        payment: Box<Payment>,
        reason: &str,
    ) -> State {
        self.reject_opening(promise, payment, &fill("The component cannot open: {}.", &[reason]))
    }
}

/// The stored card that the session was created for.
fn stored_card(checkout: &Checkout) -> Option<StoredCard> {
    let card = checkout.offer.saved_payment_methods.first()?;
    let detail = card.payment_method_detail.as_ref();
    let digits = detail.map_or("", |detail| &detail.last4);
    let shown = digits.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    Some(StoredCard {
        id: card.payment_method_id.clone()?,
        brand: detail.map(|detail| detail.brand.clone()).unwrap_or_default(),
        // Never more than four digits (PCI DSS 3.4.1), even if the gateway sends more.
        last_four: digits.get(shown..).unwrap_or_default().to_owned(),
        needs_cvc: checkout.request.needs_cvc,
    })
}

//! The attempt to pay: from the form to the gateway's answer.

use kassa_protocol::PaymentStatus;
use kassa_protocol::client::{GatewayAnswer, Operation, Refusal};
use kassa_protocol::frame::ToForm;

use super::state::{
    Collecting, Destination, Factors, Opening, OpeningStep, Payment, PollReason, Shown, State,
    Submitting, SubmittingStep, Timer,
};
use super::{
    BEFORE_SUBMIT_LIMIT, BeforeSubmit, BeforeSubmitAnswer, BeforeSubmitId, Effect,
    FORM_ANSWER_LIMIT, Machine, PromiseId,
};
use crate::events::{EventCode, LogCode};
use crate::next_step::{NextStep, leaves_payment_open, next_step};
use crate::reply::ReplyOutcome;
use crate::text::Text;
use crate::text_tools::fill;

impl Machine {
    /// Shows the form. The notice is the result of the last attempt.
    pub(super) fn collect(&mut self, payment: Box<Payment>, notice: Option<Text>) -> State {
        self.push(Effect::Render);
        State::Collecting(Collecting { payment, notice })
    }

    /// Gives the form back to the buyer.
    pub(super) fn back_to_form(&mut self, payment: Box<Payment>, notice: Option<Text>) -> State {
        self.push(Effect::SendToForm(ToForm::Busy { busy: false }));
        self.collect(payment, notice)
    }

    /// Has the form check its fields, and exchange a card for a token.
    pub(super) fn read_form(&mut self, payment: Box<Payment>) -> State {
        let id = self.next_id();
        self.push(Effect::Render);
        self.push(Effect::SendToForm(ToForm::Busy { busy: true }));
        self.push(Effect::SendToForm(ToForm::Submit { id }));
        self.start(Timer::FormAnswer, FORM_ANSWER_LIMIT);
        State::Submitting(Submitting { payment, step: SubmittingStep::ReadingForm { id } })
    }

    /// The form answered a submit: `next` follows the answer. An answer to an older submit is
    /// stale.
    pub(super) fn on_form_answer(
        &mut self,
        state: State,
        id: u32,
        next: impl FnOnce(&mut Self, Box<Payment>) -> State,
    ) -> State {
        let State::Submitting(Submitting {
            payment,
            step: SubmittingStep::ReadingForm { id: open },
        }) = state
        else {
            return state;
        };
        if open != id {
            let step = SubmittingStep::ReadingForm { id: open };
            return State::Submitting(Submitting { payment, step });
        }
        self.halt();
        next(self, payment)
    }

    /// The form has errors.
    pub(super) fn on_form_invalid(&mut self, mut payment: Box<Payment>) -> State {
        let message = "The form is not complete or not correct.";
        self.emit_and_end_submit(&mut payment, EventCode::FormVerificationFailed, message);
        self.back_to_form(payment, None)
    }

    /// The gateway refused to exchange the card. The attempt goes on: this card was not submitted,
    /// and one before it may still arrive.
    pub(super) fn on_card_refused(
        &mut self,
        payment: Box<Payment>,
        code: String,
        message: String,
    ) -> State {
        let refusal =
            Refusal { error_code: some(code), error_message: some(message), ..Refusal::default() };
        let answer = GatewayAnswer { refusal, ..GatewayAnswer::default() };
        self.report_failure(payment, Box::new(answer))
    }

    /// The form did not answer in time.
    pub(super) fn on_form_answer_limit(&mut self, state: State) -> State {
        let State::Submitting(Submitting { payment, step: SubmittingStep::ReadingForm { .. } }) =
            state
        else {
            return state;
        };
        self.on_form_unreachable(payment)
    }

    /// The card did not become a token, so nothing was submitted and nothing can have been paid.
    pub(super) fn on_form_unreachable(&mut self, mut payment: Box<Payment>) -> State {
        let message = "The form got no answer; nothing was submitted.";
        self.emit_and_end_submit(&mut payment, EventCode::SubmitNetworkError, message);
        self.back_to_form(payment, Some(Text::TryAgain))
    }

    /// Pays with the form's content, once `onBeforeSubmit` allows it. `opening` is the promise of
    /// `createComponent` when the first view is still to come.
    pub(super) fn send(
        &mut self,
        mut payment: Box<Payment>,
        factors: Factors,
        opening: Option<PromiseId>,
    ) -> State {
        payment.attempt.factors = factors;
        let method = payment.checkout.method().cloned();
        let Some(method) = method.filter(|_| self.config.asks_before_submit) else {
            return self.send_now(payment, opening);
        };
        let id = BeforeSubmitId(self.next_id());
        self.push(Effect::AskBeforeSubmit { id, method });
        self.start(Timer::BeforeSubmit, BEFORE_SUBMIT_LIMIT);
        match opening {
            Some(promise) => {
                let step = OpeningStep::BeforeSubmit(id);
                State::Opening(Opening { promise, payment, step })
            }
            None => {
                State::Submitting(Submitting { payment, step: SubmittingStep::BeforeSubmit(id) })
            }
        }
    }

    fn send_now(&mut self, mut payment: Box<Payment>, opening: Option<PromiseId>) -> State {
        payment.attempt.may_have_paid |= payment.attempt.factors != Factors::Nothing;
        self.call(&payment, Operation::Submit);
        match opening {
            Some(promise) => {
                State::Opening(Opening { promise, payment, step: OpeningStep::Sending })
            }
            None => State::Submitting(Submitting { payment, step: SubmittingStep::Sending }),
        }
    }

    /// `onBeforeSubmit` answered. An answer to an older question is stale.
    pub(super) fn on_before_submit_answer(
        &mut self,
        state: State,
        id: BeforeSubmitId,
        answer: BeforeSubmitAnswer,
    ) -> State {
        if let State::Opening(Opening { step: OpeningStep::BeforeSubmit(current), .. })
        | State::Submitting(Submitting { step: SubmittingStep::BeforeSubmit(current), .. }) =
            &state
            && *current == id
        {
            self.halt();
            return self.on_before_submit(state, answer);
        }
        state
    }

    /// Follows the merchant's decision.
    pub(super) fn on_before_submit(&mut self, state: State, answer: BeforeSubmitAnswer) -> State {
        let BeforeSubmitAnswer { decision, billing_address, process_type } = answer;
        let (mut payment, opening) = match state {
            State::Opening(Opening { promise, payment, step: OpeningStep::BeforeSubmit(_) }) => {
                (payment, Some(promise))
            }
            State::Submitting(Submitting { payment, step: SubmittingStep::BeforeSubmit(_) }) => {
                (payment, None)
            }
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Challenging(_)
            | State::ShowingCodes(_)
            | State::SwitchingApp(_)
            | State::Redirecting(_)
            | State::Confirming(_)
            | State::Ended(_) => return state,
        };
        if matches!(decision, BeforeSubmit::Continue | BeforeSubmit::Ignore) {
            if billing_address.is_some() {
                payment.attempt.billing_address = billing_address;
            }
            payment.attempt.process_type = process_type;
            return self.send_now(payment, opening);
        }
        let is_cancelled = decision == BeforeSubmit::Cancel;
        let message = fill(
            "onBeforeSubmit answered {}, so nothing was submitted. It goes on with CONTINUE or \
             IGNORE; CANCEL, ERROR and TIMEOUT stop it.",
            &[decision.name()],
        );
        match opening {
            None => {
                let code = EventCode::FormVerificationFailed;
                self.emit_and_end_submit(&mut payment, code, &message);
                self.back_to_form(payment, (!is_cancelled).then_some(Text::TryLater))
            }
            Some(promise) if is_cancelled => {
                self.end_loading(promise, &payment.checkout);
                self.log(LogCode::BeforeSubmit, message);
                self.cancel(payment)
            }
            Some(promise) => self.reject_opening(promise, payment, &message),
        }
    }

    /// Follows the gateway's answer to a submit.
    pub(super) fn on_submit_reply(
        &mut self,
        mut payment: Box<Payment>,
        outcome: ReplyOutcome,
    ) -> State {
        let answer = match outcome {
            ReplyOutcome::Accepted(answer) => answer,
            ReplyOutcome::Refused(answer) if leaves_payment_open(&answer.refusal) => {
                let code = answer.refusal.error_code.as_deref().unwrap_or_default();
                return self
                    .on_submit_unanswered(payment, &fill("the gateway answered {}", &[code]));
            }
            ReplyOutcome::Refused(answer) => {
                payment.attempt.is_unanswered = false;
                return self.fail_attempt(payment, answer);
            }
            ReplyOutcome::Unusable(reason) => return self.on_submit_unanswered(payment, &reason),
        };
        let next = next_step(&answer.payment, payment.checkout.is_phone());
        let status = &answer.payment.payment_status;
        payment.attempt.is_unanswered &= status.is_none() && next == NextStep::Nothing;
        match status {
            Some(PaymentStatus::Fail | PaymentStatus::Cancelled) => {
                self.fail_attempt(payment, answer)
            }
            Some(PaymentStatus::Success) => self.authorise(payment),
            None if next == NextStep::Nothing => {
                let reason = "the answer has neither state nor address";
                self.on_submit_unanswered(payment, reason)
            }
            Some(PaymentStatus::Processing | PaymentStatus::Pending | PaymentStatus::Other(_))
            | None => self.follow(payment, answer),
        }
    }

    /// Takes the buyer through the next step of a payment under way.
    pub(super) fn follow(
        &mut self,
        mut payment: Box<Payment>,
        answer: Box<GatewayAnswer>,
    ) -> State {
        let state = answer.payment;
        payment.attempt.is_pending = state.payment_status == Some(PaymentStatus::Pending);
        match next_step(&state, payment.checkout.is_phone()) {
            NextStep::App => self.offer_app(payment, &state),
            NextStep::Approval => {
                let until = self.deadline(&state);
                self.await_buyer(payment, until, Shown::Approval)
            }
            NextStep::Challenge(path) => self.challenge(payment, &state, path),
            NextStep::Codes => {
                let until = self.deadline(&state);
                self.await_buyer(payment, until, Shown::Codes(state.code_form_views))
            }
            NextStep::Nothing => self.authorise(payment),
            NextStep::Page(url) => {
                let destination = Destination::of(&state);
                if destination == Destination::ThreeDs {
                    self.emit(EventCode::PaymentChallenge, "");
                }
                self.redirect(payment, url, destination)
            }
            NextStep::ThreeDsMethod(path) => self.run_three_ds_method(payment, path),
        }
    }

    /// A submit was not answered: the next thing is an inquiry whether it arrived.
    fn on_submit_unanswered(&mut self, mut payment: Box<Payment>, reason: &str) -> State {
        payment.attempt.is_unanswered = true;
        self.log(LogCode::SubmitSilent, reason.to_owned());
        let message = fill(
            "The submit got no usable answer: {}. An inquiry about the payment follows.",
            &[reason],
        );
        self.emit(EventCode::SubmitNetworkError, &message);
        self.confirm(payment, PollReason::SubmitUnanswered, None)
    }

    /// The buyer's part is complete: back to the merchant's page, or wait here for the result.
    pub(super) fn authorise(&mut self, payment: Box<Payment>) -> State {
        self.emit(EventCode::PaymentAuthorizationSuccessful, "");
        if !payment.checkout.request.stays_on_page {
            if let Some(url) = payment.checkout.offer.payment_redirect_url.clone() {
                return self.redirect(payment, &url, Destination::Merchant);
            }
            self.emit(
                EventCode::CallUrlError,
                "The session has no paymentRedirectUrl: give it one, or open with \
                 notRedirectAfterComplete: true.",
            );
        }
        self.confirm(payment, PollReason::Authorised, None)
    }
}

/// A text of a form's message, which is empty where the gateway gave none.
fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

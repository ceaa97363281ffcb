//! Laws that hold in every state. The driver checks them on every input and every effect, so that
//! they apply to each transcript, each random walk and each edge of the graph.

use std::collections::BTreeSet;

use kassa_core::call::Call;
use kassa_core::events::{Event, EventCode};
use kassa_core::machine::{Input, Settlement};
use kassa_core::next_step::{NextStep, app_urls, next_step, page_url};
use kassa_core::reply::HttpReply;
use kassa_protocol::PaymentStatus;
use kassa_protocol::client::{GatewayAnswer, Operation, PaymentFactors, PaymentState};
use kassa_protocol::frame::FromForm;

/// Shorter texts occur in ordinary messages by chance, and no secret is so short.
const SECRET_LENGTH: usize = 5;

#[derive(Clone, Default)]
pub(crate) struct Laws {
    /// Between START and the end of the component.
    is_open: bool,
    /// Between START and END.
    pub(crate) is_loading: bool,
    /// The event that ends the payment is out.
    pub(crate) terminal: bool,
    /// The gateway has answered SUCCESS in this opening.
    confirmed_paid: bool,
    /// Texts that may not appear in a merchant's log.
    secrets: BTreeSet<String>,
    /// The attempt of which the outcome is not known.
    attempt: Option<String>,
    /// Attempts that failed for certain: paying with one of them again would get the old answer.
    failed_attempts: BTreeSet<String>,
    /// The query reported an attempt that had failed.
    failed_before: bool,
    /// Whether the gateway has answered the last submit with something that it did.
    submit_answered: bool,
    /// The buyer has done something that may have paid.
    may_have_paid: bool,
    /// An event has reported on the last press of the pay button.
    press_reported: bool,
    /// An event has reported on the last submit.
    submit_reported: bool,
    /// The call that is out reports on the 3DS method.
    after_three_ds_method: bool,
    now: Grounds,
}

/// The effects that the current input justifies.
#[derive(Clone, Copy, Default)]
struct Grounds {
    opens: bool,
    unmounts: bool,
    authorises: bool,
    fails: bool,
}

impl Laws {
    /// Notes an input before the machine takes it. `running` is the call that it answers; a reply
    /// to no running call is stale and justifies nothing.
    pub(crate) fn before(&mut self, input: &Input, running: Option<Operation>, is_stale: bool) {
        self.now = Grounds {
            opens: matches!(input, Input::Open(_)),
            unmounts: *input == Input::Unmount,
            ..Grounds::default()
        };
        match input {
            Input::Open(request) => {
                let opaque = request.session_data.split("&&").next().unwrap_or_default();
                self.keep_secret(&request.session_data);
                self.keep_secret(opaque);
                self.keep_secret(&request.attempt_seed);
            }
            Input::CallAnswered { reply, .. } => {
                if let Some(operation) = running {
                    self.take_reply(operation, reply);
                }
            }
            Input::FormMessage { message: FromForm::Token { token, .. }, .. } => {
                self.keep_secret(token);
            }
            Input::FormMessage { message: FromForm::Values { values, .. }, .. } => {
                for (_, value) in &values.0 {
                    self.keep_secret(value);
                }
            }
            Input::FormMessage { message: FromForm::Refused { .. }, .. } if !is_stale => {
                self.now.fails = true;
            }
            Input::NavigationDone { accepted: true, .. } if !is_stale => self.may_have_paid = true,
            _ => {}
        }
    }

    fn keep_secret(&mut self, secret: &str) {
        if secret.len() >= SECRET_LENGTH {
            self.secrets.insert(secret.to_owned());
        }
    }

    fn keep_addresses(&mut self, answer: &GatewayAnswer) {
        let state = &answer.payment;
        let others = [
            page_url(state),
            answer.offer.payment_redirect_url.as_deref(),
            answer.offer.redirect_url.as_deref(),
            state.extend_info.as_ref().and_then(|info| info.payment_redirect_url.as_deref()),
            answer.offer.frame_url.as_deref(),
            state.challenge_url.as_deref(),
            state.three_ds_method_url.as_deref(),
        ];
        for url in app_urls(state).chain(others.into_iter().flatten()) {
            self.keep_secret(url);
            self.keep_secret(url.split_once('?').map_or("", |(_, query)| query));
        }
    }

    fn take_reply(&mut self, operation: Operation, reply: &HttpReply) {
        let Ok(answer) = &reply.answer else { return };
        self.keep_addresses(answer);
        let is_sound = (200..300).contains(&reply.status)
            && reply.result_status.as_deref().is_none_or(|status| status == "1000");
        if !is_sound {
            return;
        }
        let state = &answer.payment;
        let has_news =
            state.payment_status.is_some() || next_step(state, true) != NextStep::Nothing;
        self.submit_answered |= operation == Operation::Submit && answer.success && has_news;
        if !answer.success {
            if operation == Operation::Submit && is_definite_refusal(answer) {
                self.fail_attempt();
            }
            return;
        }
        match &state.payment_status {
            // As if the gateway had answered that there is no payment.
            Some(PaymentStatus::Fail) if self.may_be_of_another(operation, state) => {
                self.may_have_paid = false;
            }
            Some(PaymentStatus::Fail | PaymentStatus::Cancelled) => {
                self.failed_before |= operation == Operation::Query;
                self.fail_attempt();
            }
            Some(PaymentStatus::Success) => {
                self.submit_answered = true;
                self.confirmed_paid = true;
                self.may_have_paid = true;
                self.now.authorises = true;
            }
            Some(PaymentStatus::Processing | PaymentStatus::Pending | PaymentStatus::Other(_)) => {
                self.submit_answered = true;
                // The payment began before this opening, and the buyer may have paid then.
                self.may_have_paid |= operation == Operation::Query;
                self.now.authorises = operation == Operation::Submit || self.after_three_ds_method;
            }
            None => self.may_have_paid &= operation != Operation::Inquire,
        }
    }

    /// Whether a failure may be that of an attempt before the one whose submit was not answered.
    fn may_be_of_another(&self, operation: Operation, state: &PaymentState) -> bool {
        let is_unanswered = operation == Operation::Inquire && !self.submit_answered;
        match (&self.attempt, &state.attempt_id) {
            (Some(_), None) => {
                is_unanswered && (self.failed_before || !self.failed_attempts.is_empty())
            }
            (Some(attempt), Some(id)) => is_unanswered && attempt != id,
            (None, _) => false,
        }
    }

    fn fail_attempt(&mut self) {
        self.now.fails = true;
        self.may_have_paid = false;
        self.failed_attempts.extend(self.attempt.take());
    }

    pub(crate) fn press(&mut self) {
        self.press_reported = false;
    }

    /// The form can be used again, so the last press has had its outcome.
    pub(crate) fn release_form(&self) {
        assert!(self.press_reported, "the form comes back, and no event gave the reason");
    }

    pub(crate) fn call(&mut self, call: &Call) {
        let extras = call.request.ext_params.as_ref().expect("every call has extParams");
        self.after_three_ds_method = extras.three_ds_comp_ind.is_some();
        assert!(!self.after_three_ds_method || call.operation == Operation::Inquire);
        assert_eq!(extras.attempt_id.is_some(), call.operation == Operation::Submit);
        let Some(attempt) = extras.attempt_id.clone() else { return };
        if let Some(open) = &self.attempt {
            assert_eq!(*open, attempt, "an attempt is repeated until its outcome is known");
        }
        assert!(!self.failed_attempts.contains(&attempt), "{attempt} failed: a new one is needed");
        self.attempt = Some(attempt);
        self.submit_answered = false;
        self.submit_reported = false;
        let factors = call.request.payment_factors.clone().expect("a submit has paymentFactors");
        let given = PaymentFactors { billing_address: None, ..factors };
        self.may_have_paid |= given != PaymentFactors::default();
    }

    pub(crate) fn event(&mut self, event: &Event, is_on_screen: bool) {
        assert!(!self.now.unmounts, "unmount is silent, but {event:?} was emitted");
        assert!(self.is_open || self.now.opens, "nothing is open, but {event:?} was emitted");
        self.check_secrets(&super::line::json(event));
        match event.code {
            EventCode::StartOfLoading => {
                assert!(!self.is_loading, "START after the last END");
                assert!(!is_on_screen, "START comes before any DOM");
                let secrets = std::mem::take(&mut self.secrets);
                *self = Self {
                    is_open: true,
                    is_loading: true,
                    secrets,
                    now: self.now,
                    ..Self::default()
                };
            }
            EventCode::EndOfLoading => {
                assert!(self.is_loading, "one END for each START");
                self.is_loading = false;
            }
            // A second opening is refused, and the first goes on in any state.
            EventCode::CreateComponentError | EventCode::CreatePaymentParameterError => {
                self.submit_reported |= !self.now.opens;
                return;
            }
            _ => {}
        }
        assert!(!self.terminal, "{:?} after a terminal event", event.code);
        self.check_meaning(event);
        self.press_reported |= event.code != EventCode::DuplicateSubmission;
        self.submit_reported |= is_result(event.code)
            || matches!(
                event.code,
                EventCode::SubmitNetworkError
                    | EventCode::CallUrlSuccess
                    | EventCode::CallUrlError
                    | EventCode::LaunchPaymentAppError
            );
    }

    fn check_meaning(&mut self, event: &Event) {
        match event.code {
            EventCode::PaymentSuccessful => {
                assert!(self.confirmed_paid, "success only as the gateway confirmed it");
            }
            EventCode::PaymentAuthorizationSuccessful => {
                assert!(self.now.authorises, "authorised only as the gateway reports it");
            }
            EventCode::PaymentFail => assert!(self.now.fails, "failed only when that is certain"),
            EventCode::PaymentCancel => {
                assert!(!self.may_have_paid, "no cancellation of what may have been paid");
            }
            _ => {}
        }
        let is_frame = matches!(event.code, EventCode::StartOfLoading | EventCode::EndOfLoading);
        assert!(!self.is_loading || is_frame, "{:?} between START and END", event.code);
    }

    /// Notes whether an event was the last one. A failure that may be retried is not, when there is
    /// a form to retry it in.
    pub(crate) fn close(&mut self, event: &Event, has_form: bool) {
        let stays = has_form && event.result.as_ref().is_some_and(|result| result.retryable);
        self.terminal |= is_result(event.code) && !(event.code == EventCode::PaymentFail && stays);
    }

    pub(crate) fn settlement(&self, settlement: &Settlement) {
        match settlement {
            Settlement::Rejected { message, .. } | Settlement::Submitted { message, .. } => {
                self.check_secrets(message);
            }
            Settlement::Opened | Settlement::Validated { .. } => {}
        }
    }

    pub(crate) fn check_secrets(&self, text: &str) {
        for secret in &self.secrets {
            assert!(!text.contains(secret.as_str()), "{secret:?} shows in {text}");
        }
    }

    pub(crate) fn remove_component(&mut self) {
        assert!(!self.is_loading || self.now.unmounts, "removed without END");
        self.is_open = false;
        self.is_loading = false;
        self.attempt = None;
    }

    /// No operation is running, so the opening has ended and the last submit has been reported.
    pub(crate) fn at_rest(&self, waits_for_buyer: bool) {
        assert!(!self.is_loading, "END is missing");
        let is_reported = self.attempt.is_none() || self.submit_reported;
        assert!(is_reported || waits_for_buyer, "silence after a submit");
    }

    /// The buyer went to an app.
    pub(crate) fn enter_app(&mut self) {
        self.may_have_paid = true;
    }

    /// The attempt of which the outcome is not known.
    pub(crate) fn open_attempt(&self) -> Option<&str> {
        self.attempt.as_deref()
    }

    /// Whether the buyer has done something that may have paid.
    pub(crate) fn may_have_paid(&self) -> bool {
        self.may_have_paid
    }
}

/// Whether a refusal means for certain that nothing was paid. Written from the documentation of
/// the gateway's codes, not from the library's own rule.
fn is_definite_refusal(answer: &GatewayAnswer) -> bool {
    const OPEN: [&str; 3] =
        ["UNKNOWN_EXCEPTION", "PAYMENT_IN_PROCESS", "REQUEST_TRAFFIC_EXCEED_LIMIT"];
    let refusal = &answer.refusal;
    let is_known = refusal.error_status.as_ref().is_none_or(|status| status.as_str() != "U");
    is_known && refusal.error_code.as_deref().is_some_and(|code| !OPEN.contains(&code))
}

/// Whether a code reports the outcome of a payment, or that it is not known.
fn is_result(code: EventCode) -> bool {
    matches!(
        code,
        EventCode::PaymentSuccessful
            | EventCode::PaymentFail
            | EventCode::PaymentPending
            | EventCode::PaymentProcessing
            | EventCode::PaymentError
            | EventCode::PaymentCancel
    )
}

//! What must hold whatever happens. The driver asks these laws about every input and every effect,
//! so that each transcript, each random walk and each edge of the graph is judged by all of them.

use std::collections::BTreeSet;

use kassa_core::answer::{Body, Next, Reply, Status};
use kassa_core::call::{Call, Filled, Operation};
use kassa_core::events::{Code, Event};
use kassa_core::frame::FromFrame;
use kassa_core::machine::{Input, Verdict};

/// Shorter texts turn up in ordinary words by chance, and nobody keeps a secret in them.
const SECRET_LENGTH: usize = 5;

#[derive(Clone, Default)]
pub(crate) struct Laws {
    /// Between START and the end of the component.
    open: bool,
    /// Between START and END.
    pub(crate) loading: bool,
    /// The event that ends the payment is out.
    pub(crate) terminal: bool,
    /// The gateway has said SUCCESS in this opening.
    confirmed_paid: bool,
    /// Texts that no merchant's log may show.
    secrets: BTreeSet<String>,
    /// The attempt whose fate is not known.
    attempt: Option<String>,
    /// Attempts that failed for certain: to pay with one of them again would get the old answer.
    failed_attempts: BTreeSet<String>,
    /// The query told of an attempt that had failed.
    failed_before: bool,
    /// Whether the gateway has answered the last submit with anything that it stands by.
    submit_answered: bool,
    /// The buyer has done something that may have paid.
    buyers_part: bool,
    /// The merchant has heard of the last press of the pay button.
    press_said: bool,
    /// The merchant has heard what became of the last submit.
    submit_said: bool,
    /// The running call tells what became of the 3DS method.
    prepared: bool,
    now: Grounds,
}

/// What the input that is being handled gives reason to say.
#[derive(Clone, Copy, Default)]
struct Grounds {
    opens: bool,
    unmounts: bool,
    authorises: bool,
    fails: bool,
}

impl Laws {
    /// Takes note of an input before the machine sees it. `running` is the call that it answers;
    /// what answers no running call is stale and gives no reason for anything.
    pub(crate) fn before(&mut self, input: &Input, running: Option<Operation>, stale: bool) {
        self.now = Grounds {
            opens: matches!(input, Input::Open(_)),
            unmounts: *input == Input::Unmount,
            ..Grounds::default()
        };
        match input {
            Input::Open(opening) => {
                let opaque = opening.session.split("&&").next().unwrap_or_default();
                self.keep(&opening.session);
                self.keep(opaque);
                self.keep(&opening.seed);
            }
            Input::Answered { reply, .. } => {
                if let Some(operation) = running {
                    self.hear(operation, reply);
                }
            }
            Input::Frame { message: FromFrame::Token { token, .. }, .. } => self.keep(token),
            Input::Frame { message: FromFrame::Values { values, .. }, .. } => self.keep(values),
            Input::Frame { message: FromFrame::Refused { .. }, .. } if !stale => {
                self.now.fails = true;
            }
            Input::Navigated { taken: true, .. } if !stale => self.buyers_part = true,
            _ => {}
        }
    }

    fn keep(&mut self, secret: &str) {
        if secret.len() >= SECRET_LENGTH {
            self.secrets.insert(secret.to_owned());
        }
    }

    fn hear(&mut self, operation: Operation, reply: &Reply) {
        let Some(body) = &reply.body else { return };
        let [applink, scheme] = body.app_urls();
        let challenge = body.challenge_url();
        for url in
            [body.next_url(), body.return_url(), body.frame_url(), applink, scheme, challenge]
        {
            self.keep(url);
            self.keep(url.split_once('?').map_or("", |(_, query)| query));
        }
        let sound = (200..300).contains(&reply.http)
            && reply.result_status.as_deref().is_none_or(|status| status == "1000");
        if !sound {
            return;
        }
        let tells = body.status().is_some() || body.next(true) != Next::Nothing;
        self.submit_answered |= operation == Operation::Submit && body.success && tells;
        if !body.success {
            if operation == Operation::Submit && is_definite_refusal(body) {
                self.fail_attempt();
            }
            return;
        }
        match body.status() {
            // As if the gateway had said that it knows of no payment.
            Some(Status::Failed) if self.may_be_of_another(operation, body) => {
                self.buyers_part = false;
            }
            Some(Status::Failed | Status::Cancelled) => {
                self.failed_before |= operation == Operation::Query;
                self.fail_attempt();
            }
            Some(Status::Paid) => {
                self.submit_answered = true;
                self.confirmed_paid = true;
                self.buyers_part = true;
                self.now.authorises = true;
            }
            Some(Status::Open) => {
                self.submit_answered = true;
                // It began before this opening, and the buyer may have been there.
                self.buyers_part |= operation == Operation::Query;
                self.now.authorises = operation == Operation::Submit || self.prepared;
            }
            None => self.buyers_part &= operation != Operation::Inquire,
        }
    }

    /// Whether a failure may be that of an attempt before the one whose submit was not answered.
    fn may_be_of_another(&self, operation: Operation, body: &Body) -> bool {
        let silent = operation == Operation::Inquire && !self.submit_answered;
        match (&self.attempt, body.attempt_id()) {
            (Some(_), "") => silent && (self.failed_before || !self.failed_attempts.is_empty()),
            (Some(attempt), told) => silent && attempt != told,
            (None, _) => false,
        }
    }

    fn fail_attempt(&mut self) {
        self.now.fails = true;
        self.buyers_part = false;
        self.failed_attempts.extend(self.attempt.take());
    }

    pub(crate) fn press(&mut self) {
        self.press_said = false;
    }

    /// The form may be used again, so the last press has come to something.
    pub(crate) fn release_form(&self) {
        assert!(self.press_said, "the form comes back, but the merchant was not told why");
    }

    pub(crate) fn call(&mut self, call: &Call) {
        self.prepared = call.operation == Operation::Inquire && !call.method_done.is_empty();
        let attempt = call.attempt.as_ref().map(|attempt| attempt.id.clone());
        assert_eq!(attempt.is_some(), call.operation == Operation::Submit);
        let Some(attempt) = attempt else { return };
        if let Some(open) = &self.attempt {
            assert_eq!(*open, attempt, "until its fate is known, an attempt is repeated");
        }
        assert!(!self.failed_attempts.contains(&attempt), "{attempt} failed: a new one is needed");
        self.attempt = Some(attempt);
        self.submit_answered = false;
        self.submit_said = false;
        let sent = call.attempt.as_ref();
        self.buyers_part |= sent.is_some_and(|sent| sent.filled != Filled::Nothing);
    }

    pub(crate) fn event(&mut self, event: &Event, on_screen: bool) {
        assert!(!self.now.unmounts, "unmount is silent, but {event:?} was emitted");
        assert!(self.open || self.now.opens, "nothing is open, but {event:?} was emitted");
        self.check_secrets(&super::line::json(event));
        match event.code {
            Code::StartOfLoading => {
                assert!(!self.loading, "START after the last END");
                assert!(!on_screen, "START comes before any DOM");
                let secrets = std::mem::take(&mut self.secrets);
                *self =
                    Self { open: true, loading: true, secrets, now: self.now, ..Self::default() };
            }
            Code::EndOfLoading => {
                assert!(self.loading, "one END for each START");
                self.loading = false;
            }
            // A second opening is refused while the first goes on, wherever that is.
            Code::CreateComponentError | Code::CreatePaymentParameterError => {
                self.submit_said |= !self.now.opens;
                return;
            }
            _ => {}
        }
        assert!(!self.terminal, "{:?} after a terminal event", event.code);
        self.check_meaning(event);
        self.press_said |= event.code != Code::DuplicateSubmission;
        self.submit_said |= is_result(event.code)
            || matches!(
                event.code,
                Code::SubmitNetworkError
                    | Code::CallUrlSuccess
                    | Code::CallUrlError
                    | Code::LaunchPaymentAppError
            );
    }

    fn check_meaning(&mut self, event: &Event) {
        match event.code {
            Code::PaymentSuccessful => {
                assert!(self.confirmed_paid, "success only as the gateway confirmed it");
            }
            Code::PaymentAuthorizationSuccessful => {
                assert!(self.now.authorises, "authorised only as the gateway says so");
            }
            Code::PaymentFail => assert!(self.now.fails, "failed only when that is certain"),
            Code::PaymentCancel => {
                assert!(!self.buyers_part, "no cancellation of what may have been paid");
            }
            _ => {}
        }
        let frames_loading = matches!(event.code, Code::StartOfLoading | Code::EndOfLoading);
        assert!(!self.loading || frames_loading, "{:?} between START and END", event.code);
    }

    /// Takes note whether an event was the last one. A failure that may be retried is not, when
    /// there is a form to retry it in.
    pub(crate) fn close(&mut self, event: &Event, has_form: bool) {
        let stays = has_form && event.result.as_ref().is_some_and(|result| result.retryable);
        self.terminal |= is_result(event.code) && !(event.code == Code::PaymentFail && stays);
    }

    pub(crate) fn verdict(&self, verdict: &Verdict) {
        match verdict {
            Verdict::Refused { message, .. } | Verdict::Submitted { message, .. } => {
                self.check_secrets(message);
            }
            Verdict::Checked { .. } | Verdict::Opened => {}
        }
    }

    pub(crate) fn check_secrets(&self, text: &str) {
        for secret in &self.secrets {
            assert!(!text.contains(secret.as_str()), "{secret:?} shows in {text}");
        }
    }

    pub(crate) fn tear_down(&mut self) {
        assert!(!self.loading || self.now.unmounts, "gone without END");
        self.open = false;
        self.loading = false;
        self.attempt = None;
    }

    /// Nothing more will happen by itself: then nobody may be left waiting for news.
    pub(crate) fn at_rest(&self, waits_for_buyer: bool) {
        assert!(!self.loading, "END is missing");
        let said = self.attempt.is_none() || self.submit_said;
        assert!(said || waits_for_buyer, "silence after a submit");
    }

    /// The buyer went to an app.
    pub(crate) fn enter_app(&mut self) {
        self.buyers_part = true;
    }

    /// The attempt whose fate is not known.
    pub(crate) fn open_attempt(&self) -> Option<&str> {
        self.attempt.as_deref()
    }

    /// Whether the buyer has done something that may have paid.
    pub(crate) fn may_have_paid(&self) -> bool {
        self.buyers_part
    }
}

fn is_definite_refusal(body: &Body) -> bool {
    const OPEN: [&str; 4] =
        ["", "UNKNOWN_EXCEPTION", "PAYMENT_IN_PROCESS", "REQUEST_TRAFFIC_EXCEED_LIMIT"];
    body.error_status() != "U" && !OPEN.contains(&body.error_code())
}

/// Whether a code reports how a payment ended (or did not).
fn is_result(code: Code) -> bool {
    matches!(
        code,
        Code::PaymentSuccessful
            | Code::PaymentFail
            | Code::PaymentPending
            | Code::PaymentProcessing
            | Code::PaymentError
            | Code::PaymentCancel
    )
}

//! The form and the attempt to pay.

use super::effect::Fx;
use super::state::{Job, Place, State, Submitting, Why};
use super::{Effect, Heard, Input, Machine, Millis, TALK_LIMIT, hear, refuse_duplicate};
use crate::answer::{Body, Status};
use crate::events::Code;
use crate::frame::{FromFrame, ToFrame};
use crate::text::Text;

impl Machine {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "an input without a meaning here changes nothing"
    )]
    pub(super) fn step_collecting(
        &mut self,
        mut job: Box<Job>,
        notice: Option<Text>,
        input: Input,
        fx: &mut Fx,
    ) -> State {
        match input {
            Input::PayPressed => self.tokenise(job, fx),
            Input::Submit { ticket, billing_address } => {
                job.submit = Some(ticket);
                job.billing_address = billing_address;
                self.tokenise(job, fx)
            }
            Input::Frame { message, .. } => match message {
                FromFrame::SubmitPressed => self.tokenise(job, fx),
                FromFrame::ClosePressed => cancel(job, fx),
                _ => State::Collecting(job, notice),
            },
            Input::ClosePressed => cancel(job, fx),
            _ => State::Collecting(job, notice),
        }
    }

    /// Asks the frame to check the form and to exchange the card for a token.
    fn tokenise(&mut self, mut job: Box<Job>, fx: &mut Fx) -> State {
        if job.attempts.number == 0 {
            job.attempts.next();
        }
        let talk = self.next_id();
        fx.push(Effect::Render);
        fx.push(Effect::SendFrame(ToFrame::Busy { busy: true }));
        fx.push(Effect::SendFrame(ToFrame::Submit { id: talk }));
        let timer = self.start_timer(TALK_LIMIT, fx);
        State::Submitting(job, Submitting::Tokenising { talk, timer })
    }

    pub(super) fn step_submitting(
        &mut self,
        job: Box<Job>,
        step: Submitting,
        input: Input,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        match (step, input) {
            (Submitting::Tokenising { talk, timer }, Input::Frame { message, .. })
                if message.talk() == Some(talk) =>
            {
                self.take_exchange(job, timer, message, fx)
            }
            (Submitting::Tokenising { timer, .. }, Input::TimerFired(id)) if id == timer => {
                self.not_exchanged(job, fx)
            }
            (Submitting::Sending { call, timer }, Input::Answered { call: id, reply })
                if id == call =>
            {
                fx.push(Effect::CancelTimer(timer));
                match hear(reply) {
                    Heard::Good(body) => self.carry_on(job, body, now, fx),
                    Heard::No(body) if body.leaves_it_open() => self.undecided(job, body, now, fx),
                    Heard::No(body) => self.failed(job, &body, fx),
                    Heard::Unclear(why) => self.silence(job, why, now, fx),
                }
            }
            (Submitting::Sending { call, timer }, Input::CallFailed { call: id }) if id == call => {
                fx.push(Effect::CancelTimer(timer));
                self.silence(job, "the connection broke".to_owned(), now, fx)
            }
            (Submitting::Sending { call, timer }, Input::TimerFired(id)) if id == timer => {
                fx.push(Effect::AbortCall(call));
                self.silence(job, "no answer within 15 seconds".to_owned(), now, fx)
            }
            (step, input) => {
                refuse_duplicate(&input, fx);
                State::Submitting(job, step)
            }
        }
    }

    /// The frame's answer to a submit.
    fn take_exchange(
        &mut self,
        mut job: Box<Job>,
        timer: super::TimerId,
        message: FromFrame,
        fx: &mut Fx,
    ) -> State {
        fx.push(Effect::CancelTimer(timer));
        match message {
            FromFrame::Token { token, .. } => {
                job.engaged = true;
                let (call, timer) = self.submit(&job, Some(token), fx);
                State::Submitting(job, Submitting::Sending { call, timer })
            }
            FromFrame::Refused { code, message, .. } => {
                let body = Body { error_code: code, error_message: message, ..Body::default() };
                // The attempt stays: this card was not sent, and one before it may still arrive.
                self.report_failure(job, &body, fx)
            }
            FromFrame::Unreachable { .. } => self.not_exchanged(job, fx),
            FromFrame::Invalid { .. }
            | FromFrame::Checked { .. }
            | FromFrame::ClosePressed
            | FromFrame::Ready
            | FromFrame::Resized { .. }
            | FromFrame::SubmitPressed => {
                const MESSAGE: &str = "The form is not complete or not correct.";
                fx.tell(Code::FormVerificationFailed, MESSAGE.to_owned());
                job.settle_submit(Code::FormVerificationFailed, MESSAGE, fx);
                fx.push(Effect::SendFrame(ToFrame::Busy { busy: false }));
                fx.push(Effect::Render);
                State::Collecting(job, None)
            }
        }
    }

    /// The card did not become a token, so nothing was submitted and nothing can have been paid.
    fn not_exchanged(&mut self, mut job: Box<Job>, fx: &mut Fx) -> State {
        const MESSAGE: &str =
            "The card form got no answer from the gateway; nothing was submitted.";
        fx.tell(Code::SubmitNetworkError, MESSAGE.to_owned());
        job.settle_submit(Code::SubmitNetworkError, MESSAGE, fx);
        self.back_to_form(job, Code::SubmitNetworkError, None, Text::TryAgain, fx)
    }

    /// The gateway does not know (yet) what became of a submit.
    pub(super) fn undecided(
        &mut self,
        job: Box<Job>,
        body: Box<Body>,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        self.silence(job, crate::join(&["the gateway said ", &body.error_code]), now, fx)
    }

    /// A submit was not answered: whether it was heard has to be asked before anything else.
    fn silence(&mut self, mut job: Box<Job>, why: String, now: Millis, fx: &mut Fx) -> State {
        job.end_loading(fx);
        fx.log("SUBMIT_SILENT", why.clone());
        let message = crate::join(&[
            "The submit got no usable answer: ",
            &why,
            ". The gateway is being asked for the payment's state.",
        ]);
        fx.tell(Code::SubmitNetworkError, message);
        self.confirm(job, Why::Silence, None, now, fx)
    }

    /// Follows the gateway's answer to a submit.
    pub(super) fn carry_on(
        &mut self,
        mut job: Box<Job>,
        body: Box<Body>,
        now: Millis,
        fx: &mut Fx,
    ) -> State {
        match (body.status, &body.next_url) {
            (Some(Status::Failed | Status::Cancelled), _) => self.failed(job, &body, fx),
            (Some(Status::Paid), _) => self.authorised(job, now, fx),
            (Some(Status::Open) | None, Some(url)) => {
                let place = Place::of(&body);
                job.end_loading(fx);
                if place == Place::Challenge {
                    fx.emit(Code::PaymentChallenge);
                }
                self.redirect(job, url, place, now, fx)
            }
            (Some(Status::Open), None) => self.authorised(job, now, fx),
            (None, None) => {
                self.silence(job, "the answer names neither state nor address".to_owned(), now, fx)
            }
        }
    }

    /// The buyer's part is complete: back to the merchant's page, or wait here for the result.
    pub(super) fn authorised(&mut self, mut job: Box<Job>, now: Millis, fx: &mut Fx) -> State {
        job.end_loading(fx);
        fx.emit(Code::PaymentAuthorizationSuccessful);
        if job.stay {
            return self.confirm(job, Why::Authorised, None, now, fx);
        }
        match job.return_url.clone() {
            Some(url) => self.redirect(job, &url, Place::Merchant, now, fx),
            None => {
                let message = "The session has no paymentRedirectUrl. Give one to \
                               createPaymentSession, or open with notRedirectAfterComplete: true.";
                fx.tell(Code::CallUrlError, message.to_owned());
                self.confirm(job, Why::Authorised, None, now, fx)
            }
        }
    }
}

impl Place {
    /// Where an answer's address leads.
    pub(super) fn of(body: &Body) -> Self {
        if body.challenge { Self::Challenge } else { Self::Bank }
    }
}

impl Body {
    /// Whether a refusal leaves open what became of the payment.
    pub(super) fn leaves_it_open(&self) -> bool {
        self.error_status == "U"
            || matches!(self.error_code.as_str(), "UNKNOWN_EXCEPTION" | "PAYMENT_IN_PROCESS")
    }
}

impl FromFrame {
    /// The id of the request that the message answers.
    fn talk(&self) -> Option<u32> {
        match self {
            Self::Invalid { id }
            | Self::Refused { id, .. }
            | Self::Token { id, .. }
            | Self::Unreachable { id } => Some(*id),
            Self::Checked { .. }
            | Self::ClosePressed
            | Self::Ready
            | Self::Resized { .. }
            | Self::SubmitPressed => None,
        }
    }
}

/// The buyer leaves before submitting.
fn cancel(job: Box<Job>, fx: &mut Fx) -> State {
    fx.emit(Code::PaymentCancel);
    fx.push(Effect::Closed);
    job.tear_down(fx)
}

//! The attempt to pay.

use std::rc::Rc;

use super::state::{Place, State, Submitting, Why};
use super::{Effect, Machine, TALK_LIMIT};
use crate::answer::{Body, Status};
use crate::events::Code;
use crate::fill;
use crate::frame::ToFrame;
use crate::text::Text;

impl Machine {
    /// Shows the form. The notice says what the last attempt came to.
    pub(super) fn collect(&mut self, notice: Option<Text>) {
        self.push(Effect::Render);
        self.state = State::Collecting(notice);
    }

    /// Gives the form back to the buyer.
    #[inline(never)]
    pub(super) fn back_to_form(&mut self, notice: Option<Text>) {
        self.push(Effect::SendFrame(ToFrame::Busy { busy: false }));
        self.collect(notice);
    }

    /// Asks the frame to check the form and to exchange the card for a token.
    #[inline(never)]
    pub(super) fn tokenise(&mut self) {
        if self.job.attempt == 0 {
            self.job.attempt = 1;
        }
        // Wherever an earlier attempt led, this one has not led there yet.
        self.job.target = None;
        let talk = self.next_id();
        self.push(Effect::Render);
        self.push(Effect::SendFrame(ToFrame::Busy { busy: true }));
        self.push(Effect::SendFrame(ToFrame::Submit { id: talk }));
        self.limit(TALK_LIMIT);
        self.state = State::Submitting(Submitting::Tokenising { talk });
    }

    /// Whether the frame's answer is to the submit that waits for one; then it no longer does.
    pub(super) fn take_talk(&mut self, id: u32) -> bool {
        let waits = matches!(self.state,
            State::Submitting(Submitting::Tokenising { talk }) if talk == id);
        if waits {
            self.halt();
        }
        waits
    }

    /// The form has errors, and the frame shows them.
    pub(super) fn not_valid(&mut self) {
        let message = "The form is not complete or not correct.";
        self.answer(Code::FormVerificationFailed, message);
        self.back_to_form(None);
    }

    /// The card did not become a token, so nothing was submitted and nothing can have been paid.
    pub(super) fn not_exchanged(&mut self) {
        let message = "The card form got no answer; nothing was submitted.";
        self.answer(Code::SubmitNetworkError, message);
        self.back_to_form(Some(Text::TryAgain));
    }

    /// Follows the gateway's answer to a submit.
    pub(super) fn carry_on(&mut self, body: &Rc<Body>) {
        self.job.unanswered &= body.status().is_none() && body.next_url().is_empty();
        match body.status() {
            Some(Status::Failed | Status::Cancelled) => self.failed(body),
            Some(Status::Paid) => self.authorised(),
            Some(Status::Open) | None if !body.next_url().is_empty() => {
                let place = Place::of(body);
                self.end_loading();
                if place == Place::Challenge {
                    self.emit(Code::PaymentChallenge);
                }
                self.redirect(body.next_url(), place);
            }
            Some(Status::Open) => self.authorised(),
            None => self.silence("the answer has neither state nor address"),
        }
    }

    /// The gateway refused a submit, for certain or not knowing itself what became of it.
    pub(super) fn refused(&mut self, body: &Rc<Body>) {
        if body.leaves_it_open() {
            self.silence(&fill("the gateway said {}", &[body.error_code()]));
        } else {
            self.job.unanswered = false;
            self.failed(body);
        }
    }

    /// A submit was not answered: whether it was heard has to be asked before anything else.
    #[inline(never)]
    pub(super) fn silence(&mut self, why: &str) {
        self.job.unanswered = true;
        self.end_loading();
        self.log("SUBMIT_SILENT", why.to_owned());
        let message = fill(
            "The submit got no usable answer: {}. The payment's state is being asked for.",
            &[why],
        );
        self.tell(Code::SubmitNetworkError, &message);
        self.confirm(Why::Silence);
    }

    /// The buyer's part is complete: back to the merchant's page, or wait here for the result.
    #[inline(never)]
    pub(super) fn authorised(&mut self) {
        self.end_loading();
        self.emit(Code::PaymentAuthorizationSuccessful);
        if !self.job.given.stay {
            let url = self.job.offer.return_url().to_owned();
            if !url.is_empty() {
                return self.redirect(&url, Place::Merchant);
            }
            self.tell(
                Code::CallUrlError,
                "The session has no paymentRedirectUrl: give it one, or open with \
                 notRedirectAfterComplete: true.",
            );
        }
        self.confirm(Why::Authorised);
    }
}

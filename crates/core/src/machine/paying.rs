//! The attempt to pay.

use std::rc::Rc;

use super::state::{Confirming, OpeningStep, Place, Pressed, State, Submitting, Why};
use super::{Effect, GUARD_LIMIT, Machine, Millis, TALK_LIMIT};
use crate::answer::{Body, Next, Status};
use crate::call::Filled;
use crate::events::Code;
use crate::fill;
use crate::frame::ToFrame;
use crate::platform::Target;
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
        self.job.challenge = String::new();
        self.job.method_done = "";
        self.job.reason = "";
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
        let message = "The form got no answer; nothing was submitted.";
        self.answer(Code::SubmitNetworkError, message);
        self.back_to_form(Some(Text::TryAgain));
    }

    /// Pays with what a form came to, once the merchant lets it.
    pub(super) fn send(&mut self, filled: Filled) {
        self.job.filled = filled;
        if !self.config.guarded {
            return self.send_now();
        }
        let question = self.next_id();
        self.push(Effect::Guard { question, method: self.job.offer.method().to_owned() });
        self.limit(GUARD_LIMIT);
        self.state = if self.job.opening.is_some() {
            State::Opening(OpeningStep::Guarding { question })
        } else {
            State::Submitting(Submitting::Guarding { question })
        };
    }

    fn send_now(&mut self) {
        self.job.engaged |= self.job.filled != Filled::Nothing;
        self.send_submit();
        self.state = if self.job.opening.is_some() {
            State::Opening(OpeningStep::Starting)
        } else {
            State::Submitting(Submitting::Sending)
        };
    }

    /// Whether an answer of the merchant's is to the question that is open; then it no longer is.
    pub(super) fn take_question(&mut self, id: u32) -> bool {
        let waits = matches!(self.state,
            State::Opening(OpeningStep::Guarding { question })
            | State::Submitting(Submitting::Guarding { question }) if question == id);
        if waits {
            self.halt();
        }
        waits
    }

    /// `onBeforeSubmit` answered, or did not in time.
    pub(super) fn guarded(&mut self, answer: &str) {
        if matches!(answer, "CONTINUE" | "IGNORE") {
            return self.send_now();
        }
        let cancelled = answer == "CANCEL";
        let message = fill(
            "onBeforeSubmit answered {}, so nothing was submitted. It goes on with CONTINUE or \
             IGNORE; CANCEL, ERROR and TIMEOUT stop it.",
            &[answer],
        );
        if self.job.form.is_some() {
            self.answer(Code::FormVerificationFailed, &message);
            self.back_to_form((!cancelled).then_some(Text::TryLater));
        } else if cancelled {
            self.end_loading();
            self.log("BEFORE_SUBMIT", message);
            self.cancel();
        } else {
            self.fail(&message);
        }
    }

    /// Follows the gateway's answer to a submit.
    pub(super) fn carry_on(&mut self, body: &Rc<Body>) {
        let asks = body.next(self.is_phone()) != Next::Nothing;
        self.job.unanswered &= body.status().is_none() && !asks;
        match body.status() {
            Some(Status::Failed | Status::Cancelled) => self.failed(body),
            Some(Status::Paid) => self.authorised(),
            None if !asks => self.silence("the answer has neither state nor address"),
            Some(Status::Open) | None => self.follow(body),
        }
    }

    /// Has the buyer do what a payment under way asks of them.
    #[inline(never)]
    pub(super) fn follow(&mut self, body: &Rc<Body>) {
        self.end_loading();
        self.drop_window();
        self.job.task = body.clone();
        self.job.pending = body.is_pending();
        self.job.place = Place::of(body);
        self.job.target = Target::parse(body.next_url()).ok();
        match body.next(self.is_phone()) {
            Next::App => self.offer_app(body),
            Next::Approval => self.attend(Why::Approval),
            Next::Challenge(path) => self.challenge(path),
            Next::Codes => self.attend(Why::Code),
            Next::Nothing => self.authorised(),
            Next::Page(url) => {
                if body.challenge {
                    self.emit(Code::PaymentChallenge);
                }
                self.redirect(url, self.job.place);
            }
            Next::Prepare(path) => self.prepare(path),
        }
    }

    /// Waits for what the buyer does here or elsewhere, and asks meanwhile.
    pub(super) fn attend(&mut self, why: Why) {
        self.job.engaged = true;
        self.push(Effect::Render);
        self.wait(Confirming {
            why,
            since: self.now,
            heard: true,
            until: self.deadline(),
            expired: false,
            pressed: Pressed::No,
        });
    }

    /// Until when the buyer can do their part. The device's clock is not asked: the gateway says
    /// until when by its own, and how late it is there.
    pub(super) fn deadline(&self) -> Option<Millis> {
        let left = self.job.task.time_left()?;
        Some(Millis(self.now.0.saturating_add(left)))
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
        self.drop_window();
        // Nobody is sent to pay again.
        self.job.target = None;
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

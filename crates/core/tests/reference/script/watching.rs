//! Inquiries about the payment.

use kassa_core::events::EventCode;
use serde_json::Value;

use super::answers::{read, row, text};
use super::{
    A_MINUTE, After, Busy, CALL, Flow, LATER, Occurrence, Poll, PollEnd, Purpose, RESULT, Reply,
    Row, SOON, Script, Stop,
};

impl Script {
    /// Inquires until the gateway reports the outcome, or another next step. The first inquiry
    /// comes after the usual pause where an answer has just brought the state, and at once otherwise.
    pub(super) fn watch(&mut self, mut purpose: Purpose, limit: u32) -> Flow<After> {
        let mut inquire_now = !matches!(purpose, Purpose::Buyer | Purpose::Challenge);
        let mut poll = Poll {
            since: self.now,
            until: self.session.until.take(),
            limit,
            deadline: None,
            next: None,
            // A screen that comes with an answer is answered.
            is_answered: !inquire_now,
            just_ended: false,
        };
        loop {
            match self.poll(&mut poll, std::mem::take(&mut inquire_now))? {
                PollEnd::Answer(body) => {
                    if let Some(after) = self.on_answer(&mut purpose, &mut poll, &body)? {
                        return Ok(after);
                    }
                }
                PollEnd::Failed if purpose == Purpose::ChallengeClosed => {
                    return Ok(self.close_undecided());
                }
                PollEnd::Failed => {}
                PollEnd::Buyer(Occurrence::Close | Occurrence::Escape)
                    if purpose == Purpose::Challenge =>
                {
                    self.close_three_ds_frame();
                    self.session.challenge_closed = true;
                    purpose = Purpose::ChallengeClosed;
                    poll.deadline = None;
                    inquire_now = true;
                }
                PollEnd::Buyer(Occurrence::Close | Occurrence::Escape) => {
                    return Ok(self.close_undecided());
                }
                PollEnd::Buyer(Occurrence::Continue) => {
                    if let Some(way) = self.session.way_on.clone() {
                        self.close_three_ds_frame();
                        return self.leave(&way);
                    }
                }
                PollEnd::Buyer(Occurrence::ThreeDsDone) => {
                    self.close_three_ds_frame();
                    self.session.three_ds = false;
                    self.session.way_on = None;
                    return self.watch(Purpose::ChallengeDone, RESULT);
                }
                PollEnd::Buyer(Occurrence::App) if purpose == Purpose::App => {
                    return match self.launch_app()? {
                        Some(after) => Ok(after),
                        None => self.offer_app(),
                    };
                }
                PollEnd::Buyer(_) => {}
                PollEnd::TimeIsUp => return Ok(self.report_timeout(purpose, &poll)),
            }
        }
    }

    /// Follows the answer to an inquiry; nothing when the waiting goes on.
    fn on_answer(
        &mut self,
        purpose: &mut Purpose,
        poll: &mut Poll,
        body: &Value,
    ) -> Flow<Option<After>> {
        let status = text(body, "paymentStatus");
        let row = row(body, self.session.is_phone);
        match status.as_str() {
            "" | "FAIL"
                if *purpose == Purpose::Unanswered
                    && (status.is_empty() || self.may_be_of_another(body)) =>
            {
                // The submit did not arrive, as far as is known.
                return Ok(self.session.form_is_ready.then(|| self.back_to_form()));
            }
            "" if *purpose == Purpose::ChallengeClosed => {
                return Ok(Some(self.close_undecided()));
            }
            "" => return Ok(None),
            "SUCCESS" | "FAIL" | "CANCELLED" => {
                self.close_three_ds_frame();
                return self.go_on(body, false).map(Some);
            }
            _ if *purpose == Purpose::ChallengeClosed => return Ok(Some(self.close_undecided())),
            _ if !self.has_next_step(*purpose, &row) => {}
            _ => {
                self.close_three_ds_frame();
                return self.go_on(body, false).map(Some);
            }
        }
        self.session.answered = true;
        // The challenge is over, though its frame has not reported it.
        if *purpose == Purpose::Challenge && row == Row::Complete {
            self.close_three_ds_frame();
            self.session.three_ds = false;
            self.session.way_on = None;
            *purpose = Purpose::ChallengeDone;
            poll.limit = RESULT;
            poll.since = self.now;
        }
        self.session.pending = status == "PENDING";
        // Of a code that is on the screen this was known before, and after an unanswered submit
        // nothing is reported of a payment under way.
        if self.session.pending && row == Row::Complete && *purpose == Purpose::Result {
            self.finish(EventCode::PaymentPending, "");
            return Ok(Some(After::Ended));
        }
        Ok(None)
    }

    fn report_timeout(&mut self, purpose: Purpose, poll: &Poll) -> After {
        self.close_three_ds_frame();
        let code = if self.session.pending {
            EventCode::PaymentPending
        } else if poll.is_answered {
            EventCode::PaymentProcessing
        } else {
            EventCode::PaymentError
        };
        // For money that takes days, the gateway's own code is the reason.
        let reason = match (code, purpose) {
            _ if self.session.challenge_closed => "CHALLENGE_CLOSED",
            (EventCode::PaymentPending, _) => "",
            (_, Purpose::Challenge) => "CHALLENGE_TIMEOUT",
            _ => "NO_RESULT_IN_TIME",
        };
        self.finish(code, reason);
        After::Ended
    }

    /// Whether an inquiry has brought something for the buyer to do. `docs/protocol.md` has its rows
    /// in every answer. The transcripts take them where the answer to the submit could not bring
    /// them: after an unanswered submit, after the 3DS method, and from one challenge to the next;
    /// and after an unanswered submit, a payment under way does not complete the buyer's part.
    fn has_next_step(&self, purpose: Purpose, row: &Row) -> bool {
        let is_known = match row {
            Row::Challenge(path) => *path == self.session.challenge,
            Row::ThreeDsMethod(_) => !self.session.comp_ind.is_empty(),
            _ => false,
        };
        match purpose {
            Purpose::AfterMethod => !is_known,
            Purpose::Unanswered | Purpose::Challenge | Purpose::ChallengeDone => {
                !is_known && *row != Row::Complete
            }
            Purpose::App | Purpose::Buyer | Purpose::ChallengeClosed | Purpose::Result => false,
        }
    }

    fn close_three_ds_frame(&mut self) {
        if std::mem::take(&mut self.session.has_three_ds_frame) {
            self.effect("3DS frame closes");
        }
    }

    fn back_to_form(&mut self) -> After {
        self.session.may_have_paid = false;
        self.settle_submit(EventCode::SubmitNetworkError);
        After::Form
    }

    fn may_be_of_another(&self, body: &Value) -> bool {
        // A failed payment is not under way, so the attempt that is must be the last.
        if self.session.answered {
            return false;
        }
        let of = text(body, "attemptId");
        if of.is_empty() {
            return self.session.failed_before;
        }
        of != format!("{}-{}", self.session.seed, self.session.attempt)
    }

    /// One inquiry at a time, 2 s apart, 10 s after a minute, none while the page is hidden, and at
    /// once when it is shown or the browser is connected again.
    fn poll(&mut self, poll: &mut Poll, inquire_now: bool) -> Flow<PollEnd> {
        let mut is_due = inquire_now;
        loop {
            if poll.deadline.is_none() {
                // Between two inquiries, and never before one that is due.
                let may_end = std::mem::take(&mut poll.just_ended) && !is_due;
                let from = poll.until.unwrap_or(poll.since).min(self.now);
                if may_end && self.now - from >= poll.limit {
                    return Ok(PollEnd::TimeIsUp);
                }
                if self.is_hidden {
                    poll.next = None;
                } else if is_due {
                    self.effect(format!("call inquire {}", self.session.comp_ind).trim_end());
                    poll.deadline = Some(self.now + CALL);
                    poll.next = None;
                } else if poll.next.is_none() {
                    let pause = if self.now - poll.since < A_MINUTE { SOON } else { LATER };
                    // The gateway decides whether the time is over, so that an inquiry is due then.
                    let end = poll.until.filter(|end| *end > self.now);
                    poll.next = Some(end.map_or(self.now + pause, |end| end.min(self.now + pause)));
                }
            }
            is_due = false;
            let was_hidden = self.is_hidden;
            let next = self.next(Busy::Yes, poll.deadline.or(poll.next));
            // As when the buyer closes: the state that was reported last may have changed.
            self.session.may_have_paid |= matches!(next, Err(Stop::Removed));
            match next? {
                Occurrence::Answer(answer) => {
                    poll.deadline = None;
                    poll.just_ended = true;
                    match read(answer) {
                        Reply::Yes(body) => {
                            poll.is_answered = true;
                            return Ok(PollEnd::Answer(body));
                        }
                        Reply::No { .. } | Reply::Unanswered | Reply::Closed => {
                            return Ok(PollEnd::Failed);
                        }
                    }
                }
                Occurrence::Broke => {
                    poll.deadline = None;
                    poll.just_ended = true;
                    return Ok(PollEnd::Failed);
                }
                Occurrence::Time if poll.deadline.is_some() => {
                    poll.deadline = None;
                    poll.just_ended = true;
                    return Ok(PollEnd::Failed);
                }
                Occurrence::Time | Occurrence::Check => is_due = poll.deadline.is_none(),
                Occurrence::Shown { .. } => {
                    is_due = poll.deadline.is_none();
                    // A buyer who returns may just have paid: the short pause applies again.
                    if was_hidden {
                        poll.since = self.now;
                    }
                }
                Occurrence::Online => is_due = poll.deadline.is_none() && !self.is_hidden,
                Occurrence::Hidden => poll.next = None,
                other => return Ok(PollEnd::Buyer(other)),
            }
        }
    }
}

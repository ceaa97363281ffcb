//! The form, the submit, and what a payment under way requires of the buyer.

use kassa_core::events::EventCode;
use serde_json::Value;

use super::answers::{page, row, stands, text, time_left};
use super::{
    After, Busy, CHALLENGE, CODES, FORM, Flow, LATE, Occurrence, Purpose, RESULT, Reply, Row,
    Script, THREE_DS_METHOD, Way,
};

impl Script {
    /// The buyer fills in the form, as often as it takes.
    pub(super) fn collect(&mut self) -> Flow<After> {
        loop {
            match self.next(Busy::No, None)? {
                Occurrence::Submit(promise) => self.submit = Some(promise),
                Occurrence::Pay | Occurrence::Enter => {}
                Occurrence::Close | Occurrence::Escape => return Ok(self.close()),
                _ => continue,
            }
            let Some(filled) = self.read_form()? else { continue };
            let filled = match filled {
                Ok(filled) => filled,
                Err(after) => return Ok(after),
            };
            if self.ask_before_submit(Busy::Yes)? != "CONTINUE" {
                self.emit(EventCode::FormVerificationFailed);
                self.settle_submit(EventCode::FormVerificationFailed);
                continue;
            }
            self.session.answered = false;
            self.session.may_have_paid = true;
            let what = format!("submit {} {filled}", self.session.attempt);
            let reply = self.call(what, Busy::Yes)?;
            match self.judge_submit(reply)? {
                After::Form => {}
                after => return Ok(after),
            }
        }
    }

    /// The form's answer; nothing when the buyer has to correct it.
    fn read_form(&mut self) -> Flow<Option<Result<String, After>>> {
        self.effect("form: submit");
        self.session.challenge_closed = false;
        let end = self.now + FORM;
        loop {
            match self.next(Busy::Yes, Some(end))? {
                Occurrence::Filled(content) => return Ok(Some(Ok(content))),
                Occurrence::Invalid => {
                    self.emit(EventCode::FormVerificationFailed);
                    self.settle_submit(EventCode::FormVerificationFailed);
                    return Ok(None);
                }
                Occurrence::Refused(code) => {
                    return Ok(match self.fail("", code) {
                        After::Form => None,
                        after => Some(Err(after)),
                    });
                }
                Occurrence::Unreachable | Occurrence::Ready | Occurrence::Time => {
                    self.emit(EventCode::SubmitNetworkError);
                    self.settle_submit(EventCode::SubmitNetworkError);
                    return Ok(None);
                }
                _ => {}
            }
        }
    }

    pub(super) fn judge_submit(&mut self, reply: Reply) -> Flow<After> {
        match reply {
            Reply::Yes(body) if stands(&body) => {
                self.session.answered = true;
                self.go_on(&body, true)
            }
            Reply::No { code, open: false } => {
                self.next_attempt();
                Ok(self.fail("", &code))
            }
            Reply::Yes(_) | Reply::No { .. } | Reply::Unanswered | Reply::Closed => {
                self.emit(EventCode::SubmitNetworkError);
                self.session.may_have_paid = true;
                self.watch(Purpose::Unanswered, RESULT)
            }
        }
    }

    fn next_attempt(&mut self) {
        self.session.attempt += 1;
        self.session.failed_before = true;
        self.session.may_have_paid = false;
        self.session.authorised = false;
        self.session.pending = false;
        self.session.three_ds = false;
        self.session.comp_ind = "";
        self.session.challenge.clear();
        self.session.elsewhere = false;
        self.session.way_on = None;
    }

    /// Follows the payment's state. `first` is whether it comes with the answer to a submit.
    pub(super) fn go_on(&mut self, body: &Value, first: bool) -> Flow<After> {
        let status = text(body, "paymentStatus");
        self.session.pending = false;
        match status.as_str() {
            "SUCCESS" => {
                if !self.session.elsewhere && !self.session.authorised {
                    self.complete();
                    if !self.session.stays {
                        return self.leave_for_merchant();
                    }
                    if first {
                        return self.watch(Purpose::Result, RESULT);
                    }
                }
                return Ok(self.succeed());
            }
            "FAIL" => {
                self.next_attempt();
                return Ok(self.fail(&status, &text(body, "paymentResultCode")));
            }
            "CANCELLED" => return Ok(self.fail(&status, "ORDER_IS_CANCELLED")),
            _ => {}
        }
        let row = row(body, self.session.is_phone);
        self.session.pending = status == "PENDING";
        if row != Row::Complete {
            self.session.elsewhere = false;
        }
        match row {
            Row::ThreeDsMethod(path) => self.run_three_ds_method(&path),
            Row::Challenge(path) => {
                self.emit(EventCode::PaymentChallenge);
                self.session.three_ds = true;
                self.session.may_have_paid = true;
                self.session.has_three_ds_frame = true;
                self.session.challenge.clone_from(&path);
                self.effect(format!("3DS frame {path}"));
                self.session.way_on =
                    page(body).map(|address| Way { address, three_ds: true, merchant: false });
                self.watch(Purpose::Challenge, CHALLENGE)
            }
            Row::Page { address, three_ds } => {
                if three_ds {
                    self.emit(EventCode::PaymentChallenge);
                    self.session.three_ds = true;
                    self.session.may_have_paid = true;
                }
                self.leave(&Way { address, three_ds, merchant: false })
            }
            // A buyer who sees a code may have paid it, and may have approved a request.
            Row::Codes | Row::Approval => {
                self.session.may_have_paid = true;
                self.session.until = time_left(body).map(|left| self.now + left);
                let limit = match self.session.until {
                    Some(_) => LATE,
                    None if row == Row::Codes => CODES,
                    None => RESULT,
                };
                self.watch(Purpose::Buyer, limit)
            }
            Row::App => self.switch_app(body),
            Row::Complete => {
                if !self.session.elsewhere {
                    self.complete();
                    if !self.session.stays {
                        return self.leave_for_merchant();
                    }
                }
                self.watch(Purpose::Result, RESULT)
            }
        }
    }

    fn complete(&mut self) {
        if !self.session.authorised {
            self.session.authorised = true;
            self.emit(EventCode::PaymentAuthorizationSuccessful);
        }
    }

    fn run_three_ds_method(&mut self, path: &str) -> Flow<After> {
        self.effect(format!("3DS frame {path}"));
        let end = self.now + THREE_DS_METHOD;
        let comp_ind = loop {
            match self.next(Busy::Yes, Some(end))? {
                Occurrence::ThreeDsDone => break "Y",
                Occurrence::Time => break "N",
                _ => {}
            }
        };
        self.effect("3DS frame closes");
        self.session.comp_ind = comp_ind;
        self.watch(Purpose::AfterMethod, RESULT)
    }
}

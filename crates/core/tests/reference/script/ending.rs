//! Endings.

use kassa_core::events::EventCode;

use super::answers::can_retry;
use super::{After, Script};

impl Script {
    pub(super) fn succeed(&mut self) -> After {
        let reason = self.reason();
        self.emit_result(EventCode::PaymentSuccessful, "SUCCESS", "SUCCESS", false, reason);
        self.settle_submit(EventCode::PaymentSuccessful);
        After::Ended
    }

    pub(super) fn fail(&mut self, status: &str, code: &str) -> After {
        let status = if status.is_empty() { "FAIL" } else { status };
        let retryable = can_retry(code);
        let reason = self.reason();
        self.emit_result(EventCode::PaymentFail, status, code, retryable, reason);
        self.settle_submit(EventCode::PaymentFail);
        if retryable && self.session.form_is_ready { After::Form } else { After::Ended }
    }

    /// The reason of an outcome that was reported although the buyer closed the challenge.
    fn reason(&self) -> &'static str {
        if self.session.challenge_closed { "CHALLENGE_CLOSED" } else { "" }
    }

    /// The outcome is not known.
    pub(super) fn finish(&mut self, code: EventCode, reason: &str) {
        let status = if code == EventCode::PaymentPending { "PENDING" } else { "PROCESSING" };
        self.emit_result(code, status, "PAYMENT_IN_PROCESS", false, reason);
        self.settle_submit(code);
    }

    /// The buyer closes between inquiries: the state that was reported last may have changed.
    pub(super) fn close_undecided(&mut self) -> After {
        self.session.may_have_paid = true;
        self.close()
    }

    /// Nothing was submitted, so that the session can be paid later.
    pub(super) fn emit_cancelled(&mut self) {
        self.emit_result(EventCode::PaymentCancel, "CANCELLED", "USER_CANCELED", true, "");
    }

    pub(super) fn close(&mut self) -> After {
        if self.session.may_have_paid {
            let of_challenge = self.session.three_ds || self.session.challenge_closed;
            let reason = if of_challenge { "CHALLENGE_CLOSED" } else { "CLOSED_BEFORE_RESULT" };
            let code = if self.session.pending {
                EventCode::PaymentPending
            } else {
                EventCode::PaymentProcessing
            };
            self.finish(code, reason);
        } else {
            self.emit_cancelled();
            self.settle_submit(EventCode::PaymentCancel);
        }
        self.effect("onClose");
        After::Gone
    }
}

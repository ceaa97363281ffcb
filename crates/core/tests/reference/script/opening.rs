//! From `createComponent` to the first view.

use kassa_core::events::EventCode;
use serde_json::Value;

use super::answers::{can_retry, row, text};
use super::{After, BEFORE_SUBMIT, Busy, CALL, Flow, Occurrence, Reply, Row, Script, Session};

impl Script {
    pub(super) fn component(&mut self) -> Flow<After> {
        self.wait_for_open()?;
        self.ended = false;
        self.emit(EventCode::StartOfLoading);
        let body = match self.call("query".into(), Busy::Opening)? {
            Reply::Yes(body) => body,
            Reply::No { .. } | Reply::Unanswered => return Ok(self.fail_to_open()),
            Reply::Closed => return Ok(self.cancel_opening()),
        };
        self.session.method = text(&body["paymentMethods"][0], "paymentMethodType");
        self.session.return_page = text(&body, "paymentRedirectUrl");
        let has_fields = body["paymentMethods"][0]["paymentElements"].is_array();
        self.session.has_form = self.session.method == "CARD" || has_fields;
        let status = text(&body, "paymentStatus");
        let code = text(&body, "paymentResultCode");
        match status.as_str() {
            "SUCCESS" => {
                self.opened();
                Ok(self.succeed())
            }
            "CANCELLED" => {
                self.opened();
                Ok(self.fail(&status, "ORDER_IS_CANCELLED"))
            }
            "FAIL" if !can_retry(&code) => {
                self.opened();
                Ok(self.fail(&status, &code))
            }
            "FAIL" | "" => {
                self.session.failed_before = status == "FAIL";
                self.offer(&body)
            }
            _ => {
                self.opened();
                self.session.may_have_paid = true;
                self.session.answered = true;
                self.session.elsewhere = true;
                self.go_on(&body, false)
            }
        }
    }

    fn wait_for_open(&mut self) -> Flow<()> {
        loop {
            match self.take_moment()? {
                Occurrence::Open {
                    promise,
                    is_valid: true,
                    stays,
                    is_phone,
                    in_app,
                    from_click,
                } => {
                    self.opening = Some(promise);
                    self.session = Session {
                        seed: format!("seed{promise}"),
                        stays,
                        is_phone,
                        in_app,
                        from_click,
                        attempt: 1,
                        ..Session::default()
                    };
                    return Ok(());
                }
                Occurrence::Open { promise, .. } => {
                    // An outcome on the screen was removed, though nothing takes its place.
                    self.ended = false;
                    self.emit(EventCode::CreatePaymentParameterError);
                    self.reject(promise, EventCode::CreatePaymentParameterError);
                }
                Occurrence::Submit(promise) => {
                    self.reject(promise, EventCode::CreateComponentError);
                }
                Occurrence::Validate(promise) => {
                    self.effect(format!("promise {promise}: valid=false"));
                }
                Occurrence::Close | Occurrence::Escape | Occurrence::Removed if self.ended => {
                    self.effect("onClose");
                    self.ended = false;
                }
                Occurrence::Unmount => self.ended = false,
                other => self.note_visibility(&other),
            }
        }
    }

    fn opened(&mut self) {
        self.emit(EventCode::EndOfLoading);
        if let Some(promise) = self.opening.take() {
            self.effect(format!("promise {promise}: opened"));
        }
    }

    fn fail_to_open(&mut self) -> After {
        self.emit(EventCode::EndOfLoading);
        self.emit(EventCode::CreateComponentError);
        if let Some(promise) = self.opening.take() {
            self.reject(promise, EventCode::CreateComponentError);
        }
        After::Gone
    }

    pub(super) fn cancel_opening(&mut self) -> After {
        self.opened();
        self.emit_cancelled();
        self.effect("onClose");
        After::Gone
    }

    /// The session has no payment yet.
    fn offer(&mut self, body: &Value) -> Flow<After> {
        if self.session.has_form {
            let frame = text(body, "frameUrl");
            self.effect(if frame.is_empty() { "fields".into() } else { format!("frame {frame}") });
            let end = self.now + CALL;
            loop {
                match self.next(Busy::Opening, Some(end))? {
                    Occurrence::Ready => break,
                    Occurrence::Time | Occurrence::FormBroke => return Ok(self.fail_to_open()),
                    Occurrence::Policy { is_frame: true, is_gateway: true }
                        if self.session.method == "CARD" =>
                    {
                        return Ok(self.fail_to_open());
                    }
                    Occurrence::Close | Occurrence::Escape => return Ok(self.cancel_opening()),
                    _ => {}
                }
            }
            self.session.form_is_ready = true;
            self.opened();
            return self.collect();
        }
        if row(body, self.session.is_phone) != Row::Complete {
            self.opened();
            return self.go_on(body, false);
        }
        match self.ask_before_submit(Busy::Opening)? {
            "CONTINUE" => {}
            "CANCEL" => return Ok(self.cancel_opening()),
            _ => return Ok(self.fail_to_open()),
        }
        match self.call(format!("submit {} nothing", self.session.attempt), Busy::Opening)? {
            Reply::Closed => Ok(self.cancel_opening()),
            // A submit that the gateway did not take is no payment, and there is nothing to show.
            Reply::Unanswered => Ok(self.fail_to_open()),
            reply => {
                self.opened();
                self.judge_submit(reply)
            }
        }
    }

    /// `onBeforeSubmit`, and its answer: the contract names the answers and not their meaning, so
    /// that `js/src/kassa.d.ts` decides. A buyer who closes answers in the merchant's place.
    pub(super) fn ask_before_submit(&mut self, busy: Busy) -> Flow<&'static str> {
        if !self.asks_before_submit {
            return Ok("CONTINUE");
        }
        self.effect(format!("onBeforeSubmit {}", self.session.method));
        let end = self.now + BEFORE_SUBMIT;
        loop {
            match self.next(busy, Some(end))? {
                Occurrence::BeforeSubmit("IGNORE") => return Ok("CONTINUE"),
                Occurrence::BeforeSubmit(answer) => return Ok(answer),
                Occurrence::Time => return Ok("TIMEOUT"),
                Occurrence::Close | Occurrence::Escape if busy == Busy::Opening => {
                    return Ok("CANCEL");
                }
                _ => {}
            }
        }
    }
}

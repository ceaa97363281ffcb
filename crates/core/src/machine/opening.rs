//! From `createComponent` to the first view.

use std::rc::Rc;

use super::state::{Job, OpeningStep, State, Why};
use super::{Effect, FRAME_LIMIT, FrameId, Machine, Opening, Ticket};
use crate::answer::{Body, Next, Status};
use crate::call::{Filled, Operation};
use crate::events::Code;
use crate::fill;
use crate::frame::{Greeting, ToFrame};
use crate::platform::{Target, region_gateway, without_slash};
use crate::results::meaning;
use crate::session::Session;
use crate::small::or;

impl Machine {
    /// `createComponent` or `mountComponent`.
    pub(super) fn open(&mut self, given: Opening) {
        match self.state {
            State::Idle => {}
            // Over, and only its last words still stand there: make room.
            State::Done(_) => self.tear_down(),
            State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Redirecting(_)
            | State::Preparing
            | State::SwitchingApp(_)
            | State::Confirming(_) => {
                let message = "A component is already open and goes on: call unmount() first.";
                return self.refuse(given.ticket, Code::CreateComponentError, message);
            }
        }
        let session = match Session::parse(&given.session, given.metadata) {
            Ok(session) => session,
            Err(error) => {
                let code = Code::CreatePaymentParameterError;
                return self.refuse(given.ticket, code, &error.message());
            }
        };
        let named = self.config.gateway.as_deref();
        let gateway = named.unwrap_or_else(|| region_gateway(&session.site));
        self.job = Job {
            session: session.id,
            gateway: without_slash(gateway).to_owned(),
            opening: Some(given.ticket),
            given,
            ..Job::default()
        };
        self.emit(Code::StartOfLoading);
        self.push(Effect::Render);
        self.call(Operation::Query, None);
        self.state = State::Opening(OpeningStep::Asking);
    }

    /// Reads the query's answer and opens what it calls for.
    pub(super) fn begin(&mut self, body: &Rc<Body>) {
        self.job.offer = body.clone();
        let next = body.next(self.is_phone());
        match body.status() {
            Some(Status::Paid) => return self.finish(body),
            Some(Status::Cancelled) => return self.failed(body),
            // A failed attempt does not end a session that may be paid again.
            Some(Status::Failed) if !meaning(body.payment_result_code()).retryable => {
                return self.failed(body);
            }
            Some(Status::Open) => {
                self.job.engaged = true;
                self.job.pending = body.is_pending();
                // The payment waits for the buyer: go on there. Or it waits for its result.
                if next != Next::Nothing {
                    return self.follow(body);
                }
                self.end_loading();
                return self.confirm(Why::Resumed);
            }
            // There was an attempt before: its failure, told again, says nothing of the next one.
            Some(Status::Failed) => self.job.failed_before = true,
            None => {}
        }
        match body.method() {
            "" => self.fail("The gateway offers no payment method."),
            "CARD" => self.load_frame(body.frame_url()),
            _ if !body.elements().is_empty() => {
                let id = FrameId(self.next_id());
                self.push(Effect::Render);
                self.push(Effect::OpenForm { id, elements: body.elements().to_owned() });
                self.load_form(id);
            }
            _ if next != Next::Nothing => self.follow(body),
            _ => {
                self.job.attempt += 1;
                // Shop and amount are known by now.
                self.push(Effect::Render);
                self.send(Filled::Nothing);
            }
        }
    }

    fn load_form(&mut self, id: FrameId) {
        self.job.form = Some(id);
        self.limit(FRAME_LIMIT);
        self.state = State::Opening(OpeningStep::LoadingForm);
    }

    fn load_frame(&mut self, path: &str) {
        if path.is_empty() {
            return self.fail(
                "The gateway offers cards but no card form (frameUrl), and a card may not be typed \
                 into the merchant's page.",
            );
        }
        let target = match Target::on_gateway(&self.job.gateway, path) {
            Ok(target) => target,
            Err(refused) => {
                let message =
                    fill("The card form's address was refused: {}.", &[refused.message()]);
                return self.fail(&message);
            }
        };
        let id = FrameId(self.next_id());
        let first = ToFrame::Init(Box::new(Greeting {
            session: self.job.session.clone(),
            locale: self.config.locale.to_owned(),
            theme: self.job.given.looks.theme.clone(),
            stored: self.job.offer.stored_card().to_owned(),
            stored_label: self.job.offer.stored_label(),
            needs_code: self.job.given.needs_code,
        }));
        self.push(Effect::Render);
        self.push(Effect::OpenFrame { id, target, first });
        self.load_form(id);
    }

    /// The form did not come: which one, and what usually keeps it away.
    pub(super) fn fail_without_form(&mut self) {
        self.fail(if self.job.offer.elements().is_empty() {
            "The card form did not load within 15 seconds. Check the page's frame-src and that the \
             gateway lists this origin."
        } else {
            "kassa-desk.js, which draws forms, did not load. It has to lie beside the SDK's own file, \
             and the page's script-src has to allow it."
        });
    }

    /// Why the gateway refused the session, and whether the environments look mixed up.
    pub(super) fn refusal(&self, body: &Body) -> String {
        let mine = self.config.environment.name();
        let theirs = body.environment();
        let code = body.error_code();
        if !theirs.is_empty() && theirs != mine {
            return fill(
                "The gateway refused the session: {}. It was made for {}, but the SDK was created \
                 with environment: \"{}\".",
                &[code, theirs, mine],
            );
        }
        let words = or(body.error_message(), meaning(code).meaning);
        let hinting = match code {
            // What a session from the other environment looks like to most gateways.
            "INQUIRY_PAYMENT_SESSION_FAILED" | "KEY_NOT_FOUND" | "ORDER_NOT_EXIST" => {
                "The gateway refused the session: {} ({}) If the session is fresh, check that it \
                 was made in {}."
            }
            _ => return fill("The gateway refused the session: {} ({})", &[code, words]),
        };
        fill(hinting, &[code, words, mine])
    }

    /// Refuses an opening before anything was started.
    fn refuse(&mut self, ticket: Ticket, code: Code, message: &str) {
        self.tell(code, message);
        self.settle_refused(ticket, code, message);
    }

    /// Opening failed: says so and leaves nothing behind.
    #[inline(never)]
    pub(super) fn fail(&mut self, message: &str) {
        self.emit(Code::EndOfLoading);
        self.log("OPEN_FAILED", message.to_owned());
        match self.job.opening.take() {
            Some(ticket) => self.refuse(ticket, Code::CreateComponentError, message),
            None => self.tell(Code::CreateComponentError, message),
        }
        self.tear_down();
    }

    /// Opening failed because the gateway gave no answer that means anything.
    pub(super) fn fail_in_silence(&mut self, why: &str) {
        self.fail(&fill(
            "The component cannot open: {}. Check the gateway's address and CORS headers, and the \
             page's connect-src.",
            &[why],
        ));
    }
}

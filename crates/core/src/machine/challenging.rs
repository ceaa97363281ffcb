//! 3DS in frames: the method, which nobody sees, and the challenge.

use super::state::{Confirming, State, Why};
use super::{CHALLENGE_CLOSED, Effect, FrameId, METHOD_LIMIT, Machine};
use crate::call::Operation;
use crate::events::Code;
use crate::platform::Target;

impl Machine {
    /// Calls the 3DS method, once: the issuer then knows the browser, and decides.
    pub(super) fn prepare(&mut self, path: &str) {
        if !self.job.method_done.is_empty() {
            return self.confirm(Why::Prepared);
        }
        let Ok(target) = Target::on_gateway(&self.job.gateway, path) else {
            return self.prepared("N");
        };
        self.open_window(target, "05");
        self.limit(METHOD_LIMIT);
        self.state = State::Preparing;
    }

    /// The 3DS method said that it is done (`Y`), or did not in time (`N`).
    pub(super) fn prepared(&mut self, done: &'static str) {
        self.halt();
        self.drop_window();
        self.job.method_done = done;
        self.confirm(Why::Prepared);
    }

    /// Shows a challenge. One whose page may not be framed takes the whole page.
    pub(super) fn challenge(&mut self, path: &str) {
        self.emit(Code::PaymentChallenge);
        match Target::on_gateway(&self.job.gateway, path) {
            Ok(target) => {
                self.job.challenge = path.to_owned();
                let size = window_size(self.job.task.challenge_size());
                self.open_window(target, size);
                self.attend(Why::Challenge);
            }
            Err(refused) => match self.job.target.clone() {
                Some(target) => self.navigate(target),
                None => self.not_left(refused.message()),
            },
        }
    }

    fn open_window(&mut self, target: Target, size: &'static str) {
        let id = FrameId(self.next_id());
        self.job.window = Some(id);
        self.push(Effect::Render);
        self.push(Effect::OpenWindow { id, target, size });
    }

    /// The frame of 3DS says that its part is over. What it came to, only the gateway knows.
    pub(super) fn window_is_done(&mut self) {
        match self.state {
            State::Preparing => self.prepared("Y"),
            State::Confirming(confirming) if confirming.why == Why::Challenge => {
                self.halt();
                self.drop_window();
                self.confirm(Why::Challenged);
            }
            State::Idle
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_)
            | State::Redirecting(_)
            | State::SwitchingApp(_)
            | State::Confirming(_)
            | State::Done(_) => {}
        }
    }

    /// The buyer closes the challenge. It may be over already, so the gateway is asked first.
    pub(super) fn leave_challenge(&mut self) {
        self.halt();
        self.drop_window();
        self.job.reason = CHALLENGE_CLOSED;
        self.push(Effect::Render);
        if let State::Confirming(confirming) = self.state {
            self.state = State::Confirming(Confirming { why: Why::Left, ..confirming });
        }
        self.call(Operation::Inquire, None);
    }
}

/// One of EMVCo's sizes; all the room that there is for anything else.
fn window_size(code: &str) -> &'static str {
    ["01", "02", "03", "04"].into_iter().find(|known| *known == code).unwrap_or("05")
}

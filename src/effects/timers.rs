//! Timers.

use std::cell::RefCell;

use gloo::timers::callback::Timeout;
use kassa_core::machine::{Input, TimerId};

use crate::runtime::Inbox;

/// The timers that run. Dropped, they are cancelled.
#[derive(Default)]
pub(crate) struct Timers(RefCell<Vec<(TimerId, Timeout)>>);

impl Timers {
    /// Starts a timer. `after` is in milliseconds.
    pub(crate) fn start(&self, id: TimerId, after: u32, inbox: Inbox) {
        let timeout = Timeout::new(after, move || {
            inbox.with(|runtime| runtime.timers().cancel(id));
            inbox.input(Input::TimerFired(id));
        });
        self.0.borrow_mut().push((id, timeout));
    }

    pub(crate) fn cancel(&self, id: TimerId) {
        self.0.borrow_mut().retain(|(other, _)| *other != id);
    }

    /// Cancels every timer, after a trap.
    pub(crate) fn clear(&self) {
        let _ = self.0.try_borrow_mut().map(|mut timers| timers.clear());
    }
}

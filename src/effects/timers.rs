//! Timers.

use std::cell::RefCell;
use std::rc::Weak;

use gloo::timers::callback::Timeout;
use kassa_core::machine::{Input, TimerId};

use crate::shell::Shell;

/// The timers that run.
#[derive(Default)]
pub(crate) struct Timers(RefCell<Vec<(TimerId, Timeout)>>);

impl Timers {
    pub(crate) fn start(&self, shell: Weak<Shell>, id: TimerId, after: u32) {
        let timeout = Timeout::new(after, move || {
            if let Some(shell) = shell.upgrade() {
                shell.dispatch(Input::TimerFired(id));
            }
        });
        self.0.borrow_mut().push((id, timeout));
    }

    /// Dropping a timeout stops it.
    pub(crate) fn cancel(&self, id: TimerId) {
        self.0.borrow_mut().retain(|(timer, _)| *timer != id);
    }
}

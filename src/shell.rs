//! Takes inputs one at a time, asks the machine, and does what it says.
//!
//! The drain rule: an input is handled to its end (state changed, borrow released, effects done)
//! before the next is taken; an input that arrives meanwhile queues. So a merchant's callback may
//! call any method of the SDK, and a frame or a timer may speak at any moment.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use kassa_core::Machine;
use kassa_core::machine::{CallId, Config, Effect, Input, Millis, Opening};
use web_sys::Element;

use crate::effects::calls::Calls;
use crate::effects::frame::FrameLink;
use crate::effects::page::PageListeners;
use crate::effects::timers::Timers;
use crate::hooks::Hooks;
use crate::view::{Canvas, Picture};

/// One instance: the machine and what it has running.
pub(crate) struct Shell {
    pub(crate) hooks: Hooks,
    me: Weak<Self>,
    machine: RefCell<Machine>,
    queue: RefCell<Vec<Input>>,
    draining: Cell<bool>,
    /// How many `unmount`s wait in the queue. While any does, effects only let go of things: an
    /// `unmount` in the middle of a callback silences all that would come after it.
    unmounts: Cell<u32>,
    /// Where the next opening goes: into this element, or over the page.
    container: RefCell<Option<Element>>,
    calls: Calls,
    timers: Timers,
    canvas: RefCell<Option<Rc<Canvas>>>,
    frame: RefCell<Option<FrameLink>>,
    page: RefCell<Option<PageListeners>>,
    born: f64,
}

impl Shell {
    pub(crate) fn new(config: Config, hooks: Hooks) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            hooks,
            me: me.clone(),
            machine: RefCell::new(Machine::new(config)),
            queue: RefCell::default(),
            draining: Cell::new(false),
            unmounts: Cell::new(0),
            container: RefCell::default(),
            calls: Calls::default(),
            timers: Timers::default(),
            canvas: RefCell::default(),
            frame: RefCell::default(),
            page: RefCell::default(),
            born: js_sys::Date::now(),
        })
    }

    pub(crate) fn open(&self, opening: Opening, container: Option<Element>) {
        // A second opening while one lives will be refused; it must not move the first.
        if self.canvas.borrow().is_none() {
            self.container.replace(container);
        }
        self.dispatch(Input::Open(Box::new(opening)));
    }

    pub(crate) fn dispatch(&self, input: Input) {
        if input == Input::Unmount {
            self.unmounts.set(self.unmounts.get() + 1);
        }
        self.queue.borrow_mut().push(input);
        if self.draining.replace(true) {
            return;
        }
        self.hooks.inside(true);
        while let Some(input) = self.take() {
            let effects = self.machine.borrow_mut().handle(input, self.now());
            for effect in effects {
                if self.unmounts.get() == 0 || lets_go(&effect) {
                    self.run(effect);
                }
            }
        }
        self.draining.set(false);
        self.hooks.inside(false);
    }

    pub(crate) fn forget_call(&self, id: CallId) {
        drop(self.calls.remove(id));
    }

    fn take(&self) -> Option<Input> {
        let mut queue = self.queue.borrow_mut();
        if queue.is_empty() {
            return None;
        }
        let input = queue.remove(0);
        drop(queue);
        if input == Input::Unmount {
            self.unmounts.set(self.unmounts.get().saturating_sub(1));
        }
        Some(input)
    }

    fn now(&self) -> Millis {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast saturates, and a page does not live for 49 days"
        )]
        Millis((js_sys::Date::now() - self.born) as u32)
    }

    fn run(&self, effect: Effect) {
        match effect {
            Effect::AbortCall(id) => self.calls.abort(id),
            Effect::Call { id, call } => self.calls.send(self.me.clone(), id, &call),
            Effect::CancelTimer(id) => self.timers.cancel(id),
            Effect::Closed => self.hooks.closed(),
            Effect::Emit(event) => self.hooks.emit(&event),
            Effect::Log { code, message } => self.hooks.log(code, &message),
            Effect::Navigate { id, target } => {
                let taken = web_sys::window()
                    .is_some_and(|window| window.location().assign(target.as_str()).is_ok());
                self.dispatch(Input::Navigated { navigation: id, taken });
            }
            Effect::OpenFrame { id, target, first } => {
                let canvas = self.canvas.borrow().clone();
                let link =
                    canvas.and_then(|c| FrameLink::open(self.me.clone(), &c, id, &target, first));
                self.frame.replace(link);
            }
            Effect::Render => self.render(),
            Effect::SendFrame(message) => {
                if let Some(link) = &*self.frame.borrow() {
                    link.send(&message);
                }
            }
            Effect::Settle { ticket, verdict } => self.hooks.verdict(ticket, &verdict),
            Effect::StartTimer { id, after } => self.timers.start(self.me.clone(), id, after),
            Effect::Teardown => {
                drop(self.frame.take());
                drop(self.page.take());
                // Taken first: removing a focused element runs the page's blur handlers.
                let canvas = self.canvas.take();
                drop(canvas);
            }
        }
    }

    fn render(&self) {
        if self.page.borrow().is_none() {
            self.page.replace(PageListeners::listen(&self.me));
        }
        if self.canvas.borrow().is_none() {
            let container = self.container.borrow().clone();
            self.canvas.replace(Canvas::attach(&self.me, &self.hooks, container));
        }
        let Some(canvas) = self.canvas.borrow().clone() else { return };
        let picture = Picture::from(self.machine.borrow().view());
        canvas.draw(&picture, &self.hooks);
    }
}

/// Whether an effect only releases something.
fn lets_go(effect: &Effect) -> bool {
    match effect {
        Effect::AbortCall(_)
        | Effect::CancelTimer(_)
        | Effect::Settle { .. }
        | Effect::Teardown => true,
        Effect::Call { .. }
        | Effect::Closed
        | Effect::Emit(_)
        | Effect::Log { .. }
        | Effect::Navigate { .. }
        | Effect::OpenFrame { .. }
        | Effect::Render
        | Effect::SendFrame(_)
        | Effect::StartTimer { .. } => false,
    }
}

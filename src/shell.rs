//! Takes inputs one at a time, asks the machine, and has done what it says.
//!
//! The drain rule: an input is handled to its end (state changed, borrow released, effects done)
//! before the next is taken; an input that arrives meanwhile queues. So a merchant's callback may
//! call any method of the SDK, and a frame or a timer may speak at any moment.

use std::cell::{Cell, RefCell};

use kassa_core::Machine;
use kassa_core::machine::{Config, Effect, Input, Millis};
use kassa_core::text::Text;
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::hooks::Hooks;
use crate::picture::Picture;
use crate::{decode, json};

/// One instance: the machine, and what waits for it.
pub(crate) struct Shell {
    hooks: Hooks,
    machine: RefCell<Machine>,
    queue: RefCell<Vec<Waiting>>,
    draining: Cell<bool>,
    /// How many `unmount`s wait in the queue. While any does, effects only let go of things: an
    /// `unmount` in the middle of a callback silences all that would come after it.
    unmounts: Cell<u32>,
    /// Where the component is: in this element, or over the page.
    container: RefCell<Option<Element>>,
    /// Whether something is in the page.
    drawn: Cell<bool>,
    born: f64,
}

/// An input, and the container of an opening.
struct Waiting(Input, Option<Element>);

impl Shell {
    pub(crate) fn new(config: Config, hooks: Hooks) -> Self {
        Self {
            hooks,
            machine: RefCell::new(Machine::new(config)),
            queue: RefCell::default(),
            draining: Cell::new(false),
            unmounts: Cell::new(0),
            container: RefCell::default(),
            drawn: Cell::new(false),
            born: js_sys::Date::now(),
        }
    }

    pub(crate) fn open(&self, ticket: u32, opening: JsValue, container: Option<Element>) {
        let opening = decode::opening(&self.hooks, ticket, opening, container.is_some());
        self.enqueue(Waiting(Input::Open(Box::new(opening)), container));
    }

    pub(crate) fn dispatch(&self, input: Input) {
        self.enqueue(Waiting(input, None));
    }

    fn enqueue(&self, waiting: Waiting) {
        if matches!(waiting.0, Input::Unmount) {
            self.unmounts.set(self.unmounts.get() + 1);
        }
        self.queue.borrow_mut().push(waiting);
        if self.draining.replace(true) {
            return;
        }
        while let Some(Waiting(input, container)) = self.take() {
            // A second opening while one lives will be refused; it must not move the first.
            if !self.drawn.get() && matches!(input, Input::Open(_)) {
                self.container.replace(container);
            }
            let effects = self.machine.borrow_mut().handle(input, self.now());
            for effect in effects {
                if self.unmounts.get() == 0 || lets_go(&effect) {
                    self.run(effect);
                }
            }
        }
        self.draining.set(false);
    }

    fn take(&self) -> Option<Waiting> {
        let mut queue = self.queue.borrow_mut();
        if queue.is_empty() {
            return None;
        }
        let waiting = queue.remove(0);
        if matches!(waiting.0, Input::Unmount) {
            self.unmounts.set(self.unmounts.get().saturating_sub(1));
        }
        Some(waiting)
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
        let hooks = &self.hooks;
        match effect {
            Effect::AbortCall(id) => hooks.abort(id.0),
            Effect::Call { id, call } => {
                let headers = json::members(&call.headers());
                hooks.call(id.0, &call.url, &headers, &json::write(&*call), call.credentials);
            }
            Effect::CancelTimer(id) => hooks.cancel(id.0),
            Effect::Closed => hooks.closed(),
            Effect::CloseWindow => hooks.close_window(),
            Effect::Guard { question, method } => hooks.guard(question, &method),
            Effect::Emit(event) => hooks.event(&json::write(&event), event.code.is_error()),
            Effect::Log { code, message } => hooks.log(code, &message),
            Effect::Navigate { id, target } => {
                let taken = hooks.navigate(target.as_str());
                self.dispatch(Input::Navigated { navigation: id, taken });
            }
            Effect::OpenForm { id, elements } => hooks.open_form(id.0, &elements),
            Effect::OpenWindow { id, target, size } => {
                hooks.open_window(id.0, target.as_str(), size);
            }
            Effect::OpenFrame { id, target, first } => {
                hooks.open_frame(id.0, target.as_str(), Text::CardForm.english());
                hooks.send(&json::write(&first));
            }
            Effect::Render => self.draw(),
            Effect::Selected { method } => hooks.selected(&method),
            Effect::SendFrame(message) => hooks.send(&json::write(&message)),
            Effect::Settle { ticket, verdict } => hooks.verdict(ticket, &verdict),
            Effect::StartTimer { id, after } => hooks.timer(id.0, after),
            Effect::Teardown => {
                self.drawn.set(false);
                hooks.teardown();
            }
        }
    }

    fn draw(&self) {
        self.drawn.set(true);
        let picture = json::write(&Picture(self.machine.borrow().view(), self.now()));
        // A handle of our own: drawing may move the focus, and the page's handlers may call back.
        let container = self.container.borrow().clone();
        self.hooks.draw(&picture, container.as_ref());
    }
}

/// Whether an effect only releases something.
fn lets_go(effect: &Effect) -> bool {
    match effect {
        Effect::AbortCall(_)
        | Effect::CancelTimer(_)
        | Effect::CloseWindow
        | Effect::Settle { .. }
        | Effect::Teardown => true,
        Effect::Call { .. }
        | Effect::Closed
        | Effect::Emit(_)
        | Effect::Guard { .. }
        | Effect::Log { .. }
        | Effect::Navigate { .. }
        | Effect::OpenForm { .. }
        | Effect::OpenFrame { .. }
        | Effect::OpenWindow { .. }
        | Effect::Render
        | Effect::Selected { .. }
        | Effect::SendFrame(_)
        | Effect::StartTimer { .. } => false,
    }
}

//! Feeds queued inputs to the state machine one at a time and executes the effects it returns.
//!
//! *Architecture invariant:* the drain rule. One input is handled to its end (state changed, borrow
//! released, effects executed) before the next one is taken; an input that arrives meanwhile
//! queues. A merchant's callback may therefore call any method of the SDK, and a frame or a timer
//! may fire at any moment. While an `unmount` is queued, only effects that release something are
//! executed, and no callback is called.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::Promise;
use kassa_core::Machine;
use kassa_core::events::{Event, EventCode, LogCode, LogLine};
use kassa_core::machine::{
    BeforeSubmitId, CallId, Effect, FormId, Input, Millis, PromiseId, Settlement,
};
use kassa_core::text::{Language, Text};
use kassa_dom::from_js;
use kassa_protocol::frame::FromForm;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::callbacks::{Callbacks, Size, describe};
use crate::effects::{
    CardFrame, Http, PageListeners, RawReply, Sources, ThreeDsFrame, Timers, activation,
    attempt_seed, browser, has_opaque_origin, load_texts, monotonic_millis, navigate,
};
use crate::host_functions::HostFunctions;
use crate::options::{self, Options, ParameterError, Parameters};
use crate::promises::Promises;
use crate::view::{Component, Fields, Place};

/// One instance of the SDK.
pub(crate) struct Runtime {
    me: Weak<Self>,
    host: HostFunctions,
    callbacks: Callbacks,
    promises: Promises,
    nonce: Option<String>,
    /// Lines for the log, about the constructor's options. The first opening logs them: a callback
    /// may call the SDK.
    ignored: RefCell<Vec<String>>,
    language: Rc<Language<Text>>,
    gateway: Option<String>,
    /// Resolves when the texts of the language are there, or do not come.
    texts: RefCell<Option<Promise>>,
    machine: RefCell<Machine>,
    queue: RefCell<Vec<Queued>>,
    is_draining: Cell<bool>,
    /// How many calls of `unmount` are queued.
    queued_unmounts: Cell<u32>,
    /// Where the next component goes.
    place: RefCell<Place>,
    component: RefCell<Option<Component>>,
    page_listeners: RefCell<Option<PageListeners>>,
    form: RefCell<Option<FormView>>,
    three_ds_frame: RefCell<Option<ThreeDsFrame>>,
    timers: Timers,
    http: Http,
    /// The moment from which [`Runtime::now`] counts.
    start: f64,
}

/// The form of a payment method.
enum FormView {
    Card(CardFrame),
    Fields(Fields),
}

/// An input as it arrives. What comes from JavaScript is decoded only when its turn comes, inside
/// of the guard that turns a trap into `SDK_INTERNAL_ERROR`.
pub(crate) enum Queued {
    /// The merchant's `onBeforeSubmit` completed.
    BeforeSubmit { id: BeforeSubmitId, answer: Result<JsValue, JsValue> },
    /// The card form's frame sent a message.
    FrameMessage { form: FormId, message: JsValue },
    /// An input that needs no decoding.
    Input(Input),
    /// `createComponent` or `mountComponent`.
    Open { promise: PromiseId, parameters: JsValue, container: JsValue },
    /// A call was answered, or broke.
    Reply { call: CallId, reply: Result<RawReply, JsValue> },
    /// The size of the component changed.
    Resized(Size),
    /// `submit`.
    Submit { promise: PromiseId, address: JsValue },
}

/// Queues inputs without keeping the runtime alive.
#[derive(Clone)]
pub(crate) struct Inbox(Weak<Runtime>);

impl Inbox {
    pub(crate) fn queue(&self, input: Queued) {
        if let Some(runtime) = self.0.upgrade() {
            runtime.queue(input);
        }
    }

    pub(crate) fn input(&self, input: Input) {
        self.queue(Queued::Input(input));
    }

    /// Runs something on the runtime, if it still exists.
    pub(crate) fn with(&self, run: impl FnOnce(&Runtime)) {
        if let Some(runtime) = self.0.upgrade() {
            run(&runtime);
        }
    }
}

impl Runtime {
    pub(crate) fn new(options: Options, host: HostFunctions) -> Rc<Self> {
        let Options { config, callbacks, nonce, translations, ignored } = options;
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            host,
            callbacks,
            promises: Promises::default(),
            nonce,
            ignored: RefCell::new(ignored),
            language: Rc::new(Language::new(config.locale.tag, translations)),
            gateway: config.gateway.clone(),
            texts: RefCell::default(),
            machine: RefCell::new(Machine::new(config)),
            queue: RefCell::default(),
            is_draining: Cell::new(false),
            queued_unmounts: Cell::new(0),
            place: RefCell::new(Place::OverPage),
            component: RefCell::default(),
            page_listeners: RefCell::default(),
            form: RefCell::default(),
            three_ds_frame: RefCell::default(),
            timers: Timers::default(),
            http: Http::default(),
            start: monotonic_millis(),
        })
    }

    pub(crate) fn http(&self) -> &Http {
        &self.http
    }

    pub(crate) fn timers(&self) -> &Timers {
        &self.timers
    }

    /// Queues an input that carries a promise, and returns the promise.
    pub(crate) fn with_promise(&self, input: impl FnOnce(PromiseId) -> Queued) -> Promise {
        let (id, promise) = self.promises.create();
        self.queue(input(id));
        promise
    }

    /// Queues an input and has the queue drained, unless that is under way.
    pub(crate) fn queue(&self, input: Queued) {
        if matches!(input, Queued::Input(Input::Unmount)) {
            self.set_queued_unmounts(self.queued_unmounts.get() + 1);
        }
        self.queue.borrow_mut().push(input);
        if !self.is_draining.replace(true) {
            self.host.run(&mut || self.drain());
        }
    }

    /// Handles the queued inputs. After a trap in it, no input is handled any more.
    fn drain(&self) {
        while let Some(input) = self.next_input() {
            self.handle(input);
        }
        self.is_draining.set(false);
        if self.machine.borrow().is_idle() {
            self.host.finished();
        }
    }

    /// Releases what can be released after a trap. A cell may still be borrowed then.
    pub(crate) fn abandon(&self) {
        self.timers.clear();
        self.http.forget();
        let _ = self.page_listeners.try_borrow_mut().map(|mut it| it.take());
        let _ = self.form.try_borrow_mut().map(|mut it| it.take());
        let _ = self.three_ds_frame.try_borrow_mut().map(|mut it| it.take());
        // A component that was rendering is still borrowed, and cannot be dropped.
        if let Ok(component) = self.component.try_borrow()
            && let Some(component) = component.as_ref()
        {
            component.stop();
        }
        let _ = self.component.try_borrow_mut().map(|mut it| it.take());
    }

    fn inbox(&self) -> Inbox {
        Inbox(self.me.clone())
    }

    fn next_input(&self) -> Option<Queued> {
        let mut queue = self.queue.borrow_mut();
        // There are never more than a few.
        let input = if queue.is_empty() { return None } else { queue.remove(0) };
        if matches!(input, Queued::Input(Input::Unmount)) {
            self.set_queued_unmounts(self.queued_unmounts.get().saturating_sub(1));
        }
        Some(input)
    }

    fn set_queued_unmounts(&self, queued: u32) {
        self.queued_unmounts.set(queued);
        self.callbacks.is_suppressed.set(queued > 0);
    }

    fn handle(&self, input: Queued) {
        let Some(input) = self.decode(input) else { return };
        let effects = self.machine.borrow_mut().handle(input, self.now());
        for effect in effects {
            if self.queued_unmounts.get() == 0 || only_releases(&effect) {
                self.execute(effect);
            }
        }
    }

    /// Reads what came from JavaScript. `None` where nothing is left for the machine.
    fn decode(&self, input: Queued) -> Option<Input> {
        match input {
            Queued::BeforeSubmit { id, answer } => {
                let answer = self.callbacks.read_before_submit(answer);
                Some(Input::BeforeSubmitAnswered { id, answer })
            }
            Queued::FrameMessage { form, message } => {
                let message = from_js(message).ok()?;
                if let FromForm::Resized { height } = message {
                    self.with_component(|component| component.resize_card_form(height));
                    return None;
                }
                Some(Input::FormMessage { form, message })
            }
            Queued::Input(input) => Some(input),
            Queued::Open { promise, parameters, container } => {
                self.decode_open(promise, &parameters, &container)
            }
            Queued::Reply { call, reply } => {
                if !self.http.take(call) {
                    return None;
                }
                Some(match reply {
                    Ok(reply) => {
                        let reply = reply.decode();
                        Input::CallAnswered { call, reply, activation: activation() }
                    }
                    Err(thrown) => Input::CallFailed { call, reason: describe(&thrown) },
                })
            }
            Queued::Resized(size) => {
                // An element that is taken out of the document has no size any more.
                if self.component.borrow().as_ref().is_some_and(Component::is_gone) {
                    return Some(Input::Removed);
                }
                self.callbacks.notify_size_changed(size);
                None
            }
            Queued::Submit { promise, address } => {
                let billing_address = options::billing_address(address);
                Some(Input::Submit { promise, billing_address })
            }
        }
    }

    fn decode_open(
        &self,
        promise: PromiseId,
        parameters: &JsValue,
        container: &JsValue,
    ) -> Option<Input> {
        for message in self.ignored.take() {
            self.callbacks.log(&LogLine { code: LogCode::OptionIgnored, message });
        }
        let read = || -> Result<(Place, Parameters), ParameterError> {
            if has_opaque_origin() {
                return Err(ParameterError::OpaqueOrigin);
            }
            let place = if container.is_undefined() {
                Place::OverPage
            } else {
                Place::In(options::container(container)?)
            };
            Ok((place, Parameters::read(parameters)?))
        };
        let (place, parameters) = match read() {
            Ok(read) => read,
            Err(error) => {
                let code = EventCode::CreatePaymentParameterError;
                let message = error.message();
                self.callbacks.emit(&Event { code, message: message.clone(), result: None });
                self.promises.settle(promise, &Settlement::Rejected { code, message });
                return None;
            }
        };
        let is_inline = matches!(place, Place::In(_));
        // A second opening while one lives will be refused; it must not move the first.
        if self.machine.borrow().can_open() {
            self.place.replace(place);
        }
        let request = parameters.into_request(promise, is_inline, browser(), attempt_seed());
        Some(Input::Open(Box::new(request)))
    }

    fn now(&self) -> Millis {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast saturates, and a page does not live for 49 days"
        )]
        Millis((monotonic_millis() - self.start) as u32)
    }

    fn execute(&self, effect: Effect) {
        match effect {
            Effect::AbortCall(id) => {
                if self.http.take(id) {
                    self.host.abort();
                }
            }
            Effect::AskBeforeSubmit { id, method } => {
                if let Some(answer) = self.callbacks.ask_before_submit(&method) {
                    let inbox = self.inbox();
                    spawn_local(async move {
                        let answer = answer.await;
                        inbox.queue(Queued::BeforeSubmit { id, answer });
                    });
                }
            }
            Effect::Call { id, call } => {
                let signal = self.host.signal();
                self.http.send(id, &call, signal.as_ref(), self.texts(), self.inbox());
            }
            Effect::CancelTimer(id) => self.timers.cancel(id),
            Effect::CloseThreeDsFrame => drop(self.three_ds_frame.take()),
            Effect::Emit(event) => self.callbacks.emit(&event),
            Effect::Log(line) => self.callbacks.log(&line),
            Effect::Navigate { id, target } => {
                let accepted = navigate(target.as_str());
                self.queue(Queued::Input(Input::NavigationDone { navigation: id, accepted }));
            }
            Effect::NotifyClosed => self.callbacks.notify_closed(),
            Effect::NotifyMethodSelected { method } => {
                self.callbacks.notify_method_selected(&method);
            }
            Effect::OpenCardForm { id, target, init } => self.with_component(|component| {
                let frame = component.open_card_form(&target);
                let frame = CardFrame::new(id, frame, &target, init, &self.host, self.inbox());
                self.form.replace(Some(FormView::Card(frame)));
            }),
            Effect::OpenFields { id, elements, today } => self.with_component(|component| {
                let inbox = self.inbox();
                let send = move |message| inbox.input(Input::FormMessage { form: id, message });
                let slot = component.form_slot();
                let fields = Fields::new(slot, elements, &today, &self.language, &self.host, send);
                self.form.replace(Some(FormView::Fields(fields)));
                self.queue(Queued::Input(Input::FormMessage {
                    form: id,
                    message: FromForm::Ready,
                }));
            }),
            Effect::OpenThreeDsFrame { id, target, size } => self.with_component(|component| {
                let frame = component.open_three_ds_frame(&target, &size);
                let frame = ThreeDsFrame::new(id, frame, &target, &self.host, self.inbox());
                self.three_ds_frame.replace(Some(frame));
            }),
            Effect::RemoveComponent => {
                self.page_listeners.take();
                self.form.take();
                self.three_ds_frame.take();
                // Out of the cell first: removing a focused element runs the page's blur handlers.
                let component = self.component.take();
                drop(component);
            }
            Effect::Render => self.render(),
            Effect::SendToForm(message) => match &*self.form.borrow() {
                Some(FormView::Card(frame)) => frame.send(&message),
                Some(FormView::Fields(fields)) => fields.handle(&message),
                None => {}
            },
            Effect::Settle { promise, settlement } => self.promises.settle(promise, &settlement),
            Effect::StartTimer { id, after } => self.timers.start(id, after, self.inbox()),
        }
    }

    /// Starts to load the texts of the language with the first call, so that they cost no round trip
    /// of their own.
    fn texts(&self) -> Option<Promise> {
        if self.language.is_incomplete() && self.texts.borrow().is_none() {
            let (gateway, nonce) = (self.gateway.clone(), self.nonce.clone());
            let sources = Sources { folder: self.host.folder(), gateway, nonce };
            self.texts.replace(Some(load_texts(&self.language, sources)));
        }
        self.texts.borrow().clone()
    }

    fn with_component(&self, run: impl FnOnce(&Component)) {
        if let Some(component) = &*self.component.borrow() {
            run(component);
        }
    }

    fn render(&self) {
        if self.component.borrow().is_none() {
            let place = self.place.borrow().clone();
            // A script in the head may open a component before there is a body: then the next
            // rendering mounts it.
            let nonce = self.nonce.as_deref();
            let inbox = self.inbox();
            let Some(component) =
                Component::mount(&place, &self.language, nonce, &self.host, &inbox)
            else {
                return;
            };
            let (host, lock) = component.traces();
            self.component.replace(Some(component));
            self.host.mounted(&host, &lock);
            self.page_listeners.replace(Some(PageListeners::new(&inbox)));
        }
        let messages = {
            let (machine, component) = (self.machine.borrow(), self.component.borrow());
            let Some(component) = &*component else { return };
            if component.is_gone() {
                return self.inbox().input(Input::Removed);
            }
            component.render(&machine.view(), self.now())
        };
        for message in messages {
            let message = message.to_owned();
            self.callbacks.log(&LogLine { code: LogCode::CodesChanged, message });
        }
    }
}

/// Whether an effect only releases something.
fn only_releases(effect: &Effect) -> bool {
    match effect {
        Effect::AbortCall(_)
        | Effect::CancelTimer(_)
        | Effect::CloseThreeDsFrame
        | Effect::RemoveComponent
        | Effect::Settle { .. } => true,
        Effect::AskBeforeSubmit { .. }
        | Effect::Call { .. }
        | Effect::Emit(_)
        | Effect::Log(_)
        | Effect::Navigate { .. }
        | Effect::NotifyClosed
        | Effect::NotifyMethodSelected { .. }
        | Effect::OpenCardForm { .. }
        | Effect::OpenFields { .. }
        | Effect::OpenThreeDsFrame { .. }
        | Effect::Render
        | Effect::SendToForm(_)
        | Effect::StartTimer { .. } => false,
    }
}

//! The form: obeys the page, serves the buyer.

use std::{
    cell::Cell,
    rc::{Rc, Weak},
};

use kassa_core::{
    card::{Brand, Cvc, Expiry, Holder, Month, Pan},
    frame::{FromFrame, Greeting, ToFrame, read_label},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, MessagePort, ResizeObserver, Window};

use crate::{
    browser::{
        Hook, Listener, count, find, focus, member, post, record, same, set, set_attribute,
        set_text, text,
    },
    exchange::{Card, Exchange, Outcome},
    field::{Field, Kind, number_digits},
    texts,
};

/// The events by which the buyer speaks; they bubble to the form.
const HEARD: [&str; 7] =
    ["input", "change", "click", "compositionend", "focusout", "keydown", "submit"];

/// What a field's validity depends on besides its text.
pub struct Context {
    /// The buyer's current month.
    pub now: Month,
    /// The brand of the stored card, or of the number as far as it is typed.
    pub brand: Option<Brand>,
}

/// The card form of this document.
pub struct Form {
    window: Window,
    document: Document,
    /// What the page's iframe must be as tall as.
    root: Element,
    badge: Element,
    hint: Element,
    /// The line that shows the stored card.
    stored_line: Element,
    /// The button that changes between the stored card and another one.
    other: Element,
    fields: [Field; 4],
    port: MessagePort,
    session: Cell<String>,
    /// The stored card's id; empty for none.
    stored: Cell<String>,
    stored_brand: Cell<Option<Brand>>,
    /// Whether the stored card's security code is asked for.
    needs_code: Cell<bool>,
    /// Whether it is the stored card that pays.
    with_stored: Cell<bool>,
    brand: Cell<Option<Brand>>,
    busy: Cell<bool>,
    exchanging: Cell<bool>,
    height: Cell<u32>,
    /// Ends with the form.
    listeners: Cell<Vec<Listener>>,
    observer: Cell<Option<Observer>>,
    /// The latest exchange, kept after its end too: it ends in its own callback.
    exchange: Cell<Option<Exchange>>,
}

struct Observer {
    observer: ResizeObserver,
    _hook: Hook,
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Form {
    /// Takes the document's form into service and listens to the page.
    #[must_use]
    pub fn open(window: &Window, document: &Document, port: MessagePort) -> Rc<Self> {
        let field = |kind| Field::find(document, kind);
        let form = Rc::new(Self {
            window: window.clone(),
            document: document.clone(),
            root: find(document, "card"),
            badge: find(document, "brand"),
            hint: find(document, "cvc-hint"),
            stored_line: find(document, "stored"),
            other: find(document, "other"),
            fields: [
                field(Kind::Number),
                field(Kind::Expiry),
                field(Kind::Cvc),
                field(Kind::Holder),
            ],
            port,
            session: Cell::default(),
            stored: Cell::default(),
            stored_brand: Cell::new(None),
            needs_code: Cell::new(false),
            with_stored: Cell::new(false),
            brand: Cell::new(None),
            busy: Cell::new(false),
            exchanging: Cell::new(false),
            height: Cell::new(0),
            listeners: Cell::default(),
            observer: Cell::default(),
            exchange: Cell::default(),
        });
        let [_, expiry, ..] = &form.fields;
        set_text(&expiry.input, "placeholder", texts::EXPIRY_FORM);
        form.listen();
        form
    }

    fn listen(self: &Rc<Self>) {
        let on = |target: &JsValue, name: &'static str, then: fn(&Rc<Self>, &JsValue)| {
            let form = Rc::downgrade(self);
            let hear = Hook::new(move |event| {
                if let Some(form) = Weak::upgrade(&form) {
                    then(&form, &event);
                }
            });
            Listener::new(target, name, hear)
        };
        let mut listeners: Vec<_> =
            HEARD.iter().map(|name| on(&self.root, name, Self::on_buyer)).collect();
        listeners.push(on(&self.port, "message", Self::on_page));
        listeners.push(on(&self.window, "pagehide", |form, _| form.forget()));
        self.listeners.set(listeners);
        self.port.start();
    }

    // From the page.

    fn on_page(self: &Rc<Self>, event: &JsValue) {
        let data = member(event, "data");
        match ToFrame::unpack(|name| member(&data, name).as_string()) {
            Some(ToFrame::Busy { busy }) => self.set_busy(busy),
            Some(ToFrame::Init(greeting)) => self.init(*greeting),
            Some(ToFrame::Submit { id }) => self.submit(id),
            Some(ToFrame::Validate { id }) => {
                let valid = self.check().is_some();
                self.say(&FromFrame::Checked { id, valid });
            }
            None => {}
        }
    }

    fn init(self: &Rc<Self>, greeting: Greeting) {
        self.session.set(greeting.session);
        set_attribute(&member(&self.document, "documentElement"), "data-theme", &greeting.theme);
        self.offer_stored(greeting.stored, &greeting.stored_label, greeting.needs_code);
        set(&self.root, "hidden", &JsValue::FALSE);
        self.say(&FromFrame::Ready);
        self.observe();
        self.measure();
    }

    fn offer_stored(&self, stored: String, label: &str, needs_code: bool) {
        let mut spoken = String::from(label);
        let mut brand = None;
        if let Some((name, digits)) = read_label(label) {
            spoken = String::from(name);
            spoken.push_str(texts::ENDING);
            spoken.push_str(digits);
            brand = Brand::from_wire(name);
        }
        set_text(&self.stored_line, "textContent", label);
        set_attribute(&self.stored_line, "aria-label", &spoken);
        let has_stored = !stored.is_empty();
        set(&member(&self.other, "parentNode"), "hidden", &JsValue::from_bool(!has_stored));
        self.stored.set(stored);
        self.stored_brand.set(brand);
        self.needs_code.set(needs_code);
        self.use_stored(has_stored);
    }

    /// Shows the stored card and what is asked of it, or the fields of another card.
    fn use_stored(&self, with_stored: bool) {
        self.with_stored.set(with_stored);
        for field in &self.fields {
            // The code of one card is none of the other's.
            field.forget();
        }
        self.show_asked();
        let offer = if with_stored { texts::OTHER_CARD } else { texts::STORED_CARD };
        set_text(&self.other, "textContent", offer);
        self.on_number();
    }

    fn show_asked(&self) {
        set(&self.stored_line, "hidden", &JsValue::from_bool(!self.with_stored.get()));
        for field in &self.fields {
            set(&field.whole, "hidden", &JsValue::from_bool(!self.asks(field)));
        }
    }

    /// Whether the buyer is asked for this.
    fn asks(&self, field: &Field) -> bool {
        !self.with_stored.get() || field.kind == Kind::Cvc && self.needs_code.get()
    }

    fn set_busy(&self, busy: bool) {
        self.busy.set(busy);
        let is_busy = if busy { "true" } else { "false" };
        set_attribute(&self.root, "aria-busy", is_busy);
        set_attribute(&self.other, "aria-disabled", is_busy);
        for field in &self.fields {
            // Not `disabled`: that would drop the focus.
            set(&field.input, "readOnly", &JsValue::from_bool(busy));
        }
    }

    fn submit(self: &Rc<Self>, id: u32) {
        if self.exchanging.get() {
            return;
        }
        let Some(card) = self.check() else {
            self.say(&FromFrame::Invalid { id });
            return;
        };
        let form = Rc::downgrade(self);
        let session = self.session.take();
        let exchange = Exchange::begin(&self.window, &session, &card, move |outcome| {
            if let Some(form) = Weak::upgrade(&form) {
                form.exchanging.set(false);
                form.conclude(id, outcome);
            }
        });
        self.session.set(session);
        if exchange.is_none() {
            return self.conclude(id, Outcome::Unreachable);
        }
        self.exchanging.set(true);
        self.exchange.set(exchange);
    }

    fn conclude(&self, id: u32, outcome: Outcome) {
        let message = match outcome {
            Outcome::Token { token, brand, last_four } => {
                FromFrame::Token { id, token, brand, last_four }
            }
            Outcome::Refused { code, message } => {
                self.show_refusal(&code);
                FromFrame::Refused { id, code, message }
            }
            Outcome::Unreachable => FromFrame::Unreachable { id },
        };
        self.say(&message);
    }

    fn show_refusal(&self, code: &str) {
        let (kind, text) = match code {
            "INVALID_CARD_NUMBER" => (Kind::Number, texts::REFUSED_NUMBER),
            "INVALID_EXPIRATION_DATE" | "INVALID_EXPIRY_DATE_FORMAT" => {
                (Kind::Expiry, texts::REFUSED_EXPIRY)
            }
            "INVALID_CVV" => (Kind::Cvc, texts::REFUSED_CVC),
            _ => return,
        };
        if kind == Kind::Cvc {
            // The gateway wants the stored card's code after all.
            self.needs_code.set(true);
            self.show_asked();
        }
        for field in self.fields.iter().filter(|field| field.kind == kind) {
            field.show_fault(Some(text));
            focus(&field.input);
        }
        self.measure();
    }

    // From the buyer.

    fn on_buyer(self: &Rc<Self>, event: &JsValue) {
        // A browser must not send the form itself, whatever made it want to.
        let name = text(event, "type");
        if name == "submit" {
            event.unchecked_ref::<Event>().prevent_default();
            return;
        }
        // While an input method composes, the text belongs to it.
        if member(event, "isComposing").is_truthy() {
            return;
        }
        if name == "keydown" {
            return self.on_key(event);
        }
        let target = member(event, "target");
        if name == "click" {
            if same(&target, &self.other) {
                self.change_card();
            }
            return;
        }
        let Some(field) = self.fields.iter().find(|f| same(&f.input, &target)) else {
            return;
        };
        if name == "focusout" {
            field.finish(month_now());
            if field.is_touched() {
                field.show_fault(field.fault(&self.context()));
            }
        } else if name == "input" || field.is_stale() {
            self.on_edit(field, event);
        }
        self.measure();
    }

    fn change_card(&self) {
        if self.busy.get() || self.exchanging.get() {
            return;
        }
        self.use_stored(!self.with_stored.get());
        if let Some(first) = self.fields.iter().find(|field| self.asks(field)) {
            focus(&first.input);
        }
        self.measure();
    }

    fn on_key(&self, event: &JsValue) {
        // Autofill fires key events that have no key.
        let key = text(event, "key");
        // Of the button Enter is the button's own.
        if key == "Enter" && !same(&member(event, "target"), &self.other) {
            // Else the browser might click a button or send the form.
            event.unchecked_ref::<Event>().prevent_default();
            if !self.busy.get() {
                self.say(&FromFrame::SubmitPressed);
            }
        } else if key == "Escape" {
            self.say(&FromFrame::ClosePressed);
        }
    }

    fn on_edit(&self, field: &Field, event: &JsValue) {
        field.edit(event);
        if field.kind == Kind::Number {
            self.on_number();
        }
        self.clear_mended();
    }

    /// Shows the brand, and what follows from it.
    fn on_number(&self) {
        let [number, ..] = &self.fields;
        let typed = Brand::of(&number_digits(number));
        let brand = if self.with_stored.get() { self.stored_brand.get() } else { typed };
        let badge = brand.map_or("", Brand::name);
        // The badge is a live region: writing the same again would be said again.
        if text(&self.badge, "textContent") != badge {
            set_text(&self.badge, "textContent", badge);
        }
        self.brand.set(brand);
        set_text(&self.hint, "textContent", texts::cvc_hint(brand));
    }

    /// Takes back errors that no longer hold; new ones wait until the buyer leaves the field.
    fn clear_mended(&self) {
        let context = self.context();
        for field in self.fields.iter().filter(|field| field.has_fault()) {
            if field.fault(&context).is_none() {
                field.show_fault(None);
            }
        }
    }

    // Both.

    /// Checks all fields, shows what is wrong and puts the focus on the first that is. Gives the
    /// card when nothing is.
    fn check(&self) -> Option<Card> {
        self.on_number();
        let context = self.context();
        let mut first = None;
        for field in self.fields.iter().filter(|field| self.asks(field)) {
            let fault = field.fault(&context);
            field.show_fault(fault);
            if fault.is_some() {
                first = first.or(Some(field));
            }
        }
        self.measure();
        if let Some(field) = first {
            focus(&field.input);
            return None;
        }
        let [number, expiry, cvc, holder] = &self.fields;
        let code = Cvc::parse(&cvc.text(), context.brand).ok();
        if self.with_stored.get() {
            let id = self.stored.take();
            self.stored.set(id.clone());
            return Some(Card::Stored { id, cvc: code.filter(|_| self.needs_code.get()) });
        }
        Some(Card::Typed {
            pan: Pan::parse(&number.text()).ok()?,
            expiry: Expiry::parse(&expiry.text(), context.now).ok()?,
            cvc: code?,
            holder: Holder::parse(&holder.text()).ok()?,
        })
    }

    fn context(&self) -> Context {
        Context { now: month_now(), brand: self.brand.get() }
    }

    fn say(&self, message: &FromFrame) {
        let packet = message.pack();
        let object = record(&[("t", packet.tag)]);
        for (name, value) in &packet.members {
            set_text(&object, name, value);
        }
        post(&self.port, &object);
    }

    /// Tells the page when the form's height changed.
    fn measure(&self) {
        let height = count(&self.root, "offsetHeight").unwrap_or(0);
        if height != self.height.replace(height) {
            self.say(&FromFrame::Resized { height });
        }
    }

    /// Text also wraps when the page makes the frame narrower. Old engines lack the observer; there
    /// the height follows with the next edit.
    fn observe(self: &Rc<Self>) {
        let form = Rc::downgrade(self);
        let hook = Hook::new(move |_| {
            if let Some(form) = Weak::upgrade(&form) {
                form.measure();
            }
        });
        let Ok(observer) = ResizeObserver::new(hook.function().unchecked_ref()) else { return };
        observer.observe(&self.root);
        self.observer.set(Some(Observer { observer, _hook: hook }));
    }

    /// Leaves nothing for a page that comes back from the browser's cache.
    fn forget(&self) {
        for field in &self.fields {
            field.forget();
        }
        self.on_number();
    }
}

fn month_now() -> Month {
    let date = js_sys::Date::new_0();
    let year = u16::try_from(date.get_full_year()).unwrap_or(u16::MAX);
    // JavaScript counts months from 0.
    let month = u8::try_from(date.get_month() + 1).unwrap_or(1);
    Month { year, month }
}

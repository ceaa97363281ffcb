//! The form.

mod buyer;
mod stored;

use std::cell::Cell;
use std::rc::Rc;

use kassa_core::card::{Brand, CardText, Month};
use kassa_core::text::Language;
use kassa_dom::{SizeObserver, from_js, listen, set_attribute, set_hidden, set_text};
use kassa_protocol::client::{TokenAnswer, TokenRequest};
use kassa_protocol::frame::{CardFormInit, FromForm, Theme, ToForm};
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlElement, MessageEvent, MessagePort, Window};

use crate::dom::{find, focus, to_js};
use crate::exchange::Exchange;
use crate::field::{Context, Field, FieldName};
use crate::texts;
use stored::Stored;

/// Serves the merchant's page at the other end of the port: opens the form with the first `init`,
/// and passes later messages on to the form.
pub fn serve(window: Window, port: MessagePort) {
    let page = port.clone();
    let form: Rc<Cell<State>> = Rc::default();
    let on_message = move |event: &Event| {
        let received_at = event.time_stamp();
        let event: &MessageEvent = event.unchecked_ref();
        // Other values, and messages of a newer page that this version does not have, are ignored.
        let Ok(message) = from_js(event.data()) else { return };
        match (form.get(), message) {
            (State::Waiting, ToForm::Init(init)) => {
                form.set(State::Opening);
                let (form, window, page) = (Rc::clone(&form), window.clone(), page.clone());
                spawn_local(async move {
                    let language = texts::load(window.clone(), init.locale.clone()).await;
                    form.set(State::Open(Form::open(&window, page, *init, language)));
                });
            }
            (State::Open(form), ToForm::Busy { busy }) => form.set_busy(busy),
            (State::Open(form), ToForm::Submit { id }) => {
                form.asked_at.set(received_at);
                form.submit(id);
            }
            (State::Open(form), ToForm::Validate { id }) => {
                form.asked_at.set(received_at);
                form.validate(id);
            }
            // A page sends `init` once, and nothing else before the form is ready. A second `init`
            // would change the session under the card that the buyer has typed for the first.
            (
                State::Waiting | State::Opening,
                ToForm::Busy { .. } | ToForm::Submit { .. } | ToForm::Validate { .. },
            )
            | (State::Opening | State::Open(_), ToForm::Init(_)) => {}
        }
    };
    listen(&port, "message", on_message).forget();
    port.start();
}

/// The state of the document.
#[derive(Clone, Copy, Default)]
enum State {
    /// The page has not said yet what to show.
    #[default]
    Waiting,
    /// The form's texts are on their way.
    Opening,
    Open(&'static Form),
}

/// The form of one session.
struct Form {
    window: Window,
    port: MessagePort,
    /// Session id, three parts.
    session: String,
    /// The month, by the gateway's clock, before which a card has expired.
    now: Option<Month>,
    stored: Option<Stored>,
    language: &'static Language<CardText>,
    /// Contains the whole form. The page's iframe gets its height.
    root: HtmlElement,
    /// Shows the brand.
    badge: HtmlElement,
    cvc_hint: HtmlElement,
    /// Shows the stored card.
    stored_line: HtmlElement,
    /// Changes between the stored card and another one.
    other_button: HtmlElement,
    fields: [Field; 4],
    /// Whether a payment is under way, so that nothing may be edited.
    is_busy: Cell<bool>,
    is_exchanging: Cell<bool>,
    /// When the page last asked for the form's content, in the milliseconds of events.
    asked_at: Cell<f64>,
    /// The height that the page was sent last, in CSS pixels.
    height: Cell<u32>,
}

impl Form {
    /// Shows the document's form.
    fn open(
        window: &Window,
        port: MessagePort,
        init: CardFormInit,
        language: Language<CardText>,
    ) -> &'static Self {
        let language: &Language<CardText> = Box::leak(Box::new(language));
        let document = window.document().unwrap_throw();
        let element = |id| -> HtmlElement { find(&document, id) };
        let field = |name| Field::find(&document, name, language);
        let stored_line = element("stored");
        let form: &Self = Box::leak(Box::new(Self {
            window: window.clone(),
            port,
            session: init.session,
            now: init.today.as_deref().and_then(Month::of_day),
            stored: init.stored.and_then(|card| Stored::new(card, &stored_line, language)),
            language,
            root: element("card"),
            badge: element("brand"),
            cvc_hint: element("cvc-hint"),
            stored_line,
            other_button: element("other"),
            fields: [
                field(FieldName::Number),
                field(FieldName::Expiry),
                field(FieldName::Cvc),
                field(FieldName::Holder),
            ],
            is_busy: Cell::default(),
            is_exchanging: Cell::default(),
            asked_at: Cell::new(f64::NEG_INFINITY),
            height: Cell::default(),
        }));
        form.listen_to_buyer();
        let theme = init.theme.map_or("", Theme::name);
        let document_element = document.document_element().unwrap_throw();
        set_attribute(&document_element, "data-theme", theme);
        set_attribute(&document_element, "lang", language.shown());
        set_attribute(&document_element, "dir", language.direction());
        set_hidden(&element("other-field"), form.stored.is_none());
        form.show_card();
        set_hidden(&form.root, false);
        form.send(&FromForm::Ready);
        form.measure();
        // The page may make the frame narrower, so that text wraps. On engines without the observer
        // the height is measured after the next edit.
        Box::leak(Box::new(SizeObserver::new(&form.root, || form.measure())));
        form
    }

    /// Whether the buyer may not edit the form.
    fn set_busy(&self, busy: bool) {
        self.is_busy.set(busy);
        let is_busy = if busy { "true" } else { "false" };
        set_attribute(&self.root, "aria-busy", is_busy);
        set_attribute(&self.other_button, "aria-disabled", is_busy);
        for field in &self.fields {
            // Not `disabled`, which would take the focus away.
            field.input.set_read_only(busy);
        }
    }

    fn validate(&self, id: u32) {
        let valid = self.check().is_some();
        self.send(&FromForm::Checked { id, valid });
    }

    /// Exchanges a valid card for a token. A second request during an exchange is ignored.
    fn submit(&'static self, id: u32) {
        if self.is_exchanging.get() {
            return;
        }
        let Some(request) = self.check() else { return self.send(&FromForm::Invalid { id }) };
        let Ok(exchange) = Exchange::begin(&self.window, request) else {
            return self.send(&FromForm::Unreachable { id });
        };
        self.is_exchanging.set(true);
        spawn_local(async move {
            let answer = exchange.answer().await;
            self.is_exchanging.set(false);
            self.on_answer(id, answer);
        });
    }

    fn on_answer(&self, id: u32, answer: Option<TokenAnswer>) {
        let message = match answer {
            Some(TokenAnswer {
                success: true,
                card_token: Some(token),
                brand,
                last_four: Some(last_four),
                ..
            }) => FromForm::Token { id, token, brand: brand.unwrap_or_default(), last_four },
            Some(TokenAnswer { success: false, error_code: Some(code), error_message, .. }) => {
                if let Some(field) = FieldName::refused_with(&code) {
                    self.show_refused(field);
                }
                FromForm::Refused { id, code, message: error_message.unwrap_or_default() }
            }
            Some(_) | None => FromForm::Unreachable { id },
        };
        self.send(&message);
    }

    fn show_refused(&self, name: FieldName) {
        if let (FieldName::Cvc, Some(stored)) = (name, &self.stored) {
            // The gateway asks for the CVC of the stored card after all.
            stored.needs_cvc.set(true);
            self.show_asked_fields();
        }
        for field in self.fields.iter().filter(|field| field.name == name) {
            field.show_error(texts::refused(name));
            focus(&field.input);
        }
        self.measure();
    }

    /// Shows the errors of all fields and focuses the first field that has one. Without errors,
    /// returns the request for a token.
    fn check(&self) -> Option<TokenRequest> {
        self.show_brand();
        let context = self.context();
        let mut request = TokenRequest {
            session: Some(self.session.clone()),
            stored: self.chosen_stored().map(|stored| stored.id.clone()),
            ..TokenRequest::default()
        };
        let mut first = None;
        for field in self.asked_fields() {
            let error = field.read(&context, &mut request).err();
            field.show_error(error);
            if error.is_some() {
                first = first.or(Some(field));
            }
        }
        self.measure();
        match first {
            Some(field) => {
                focus(&field.input);
                None
            }
            None => Some(request),
        }
    }

    fn context(&self) -> Context {
        Context { now: self.now, brand: self.brand() }
    }

    /// The brand of the stored card, or of the number as far as it is typed.
    fn brand(&self) -> Option<Brand> {
        let [number, ..] = &self.fields;
        match self.chosen_stored() {
            Some(stored) => stored.brand,
            None => Brand::of(&number.digits()),
        }
    }

    /// Shows the brand, and where its cards have the CVC.
    fn show_brand(&self) {
        let brand = self.brand();
        set_text(&self.badge, brand.map_or("", Brand::name));
        set_text(&self.cvc_hint, self.language.text(texts::cvc_hint(brand)));
    }

    /// The fields that the buyer has to fill in.
    fn asked_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| self.is_asked(field))
    }

    fn is_asked(&self, field: &Field) -> bool {
        match self.chosen_stored() {
            Some(stored) => field.name == FieldName::Cvc && stored.needs_cvc.get(),
            None => true,
        }
    }

    fn show_asked_fields(&self) {
        for field in &self.fields {
            field.set_hidden(!self.is_asked(field));
        }
    }

    /// Sends the page the form's height if it is another one than before.
    fn measure(&self) {
        let height = u32::try_from(self.root.offset_height()).unwrap_or_default();
        if height != self.height.replace(height) {
            self.send(&FromForm::Resized { height });
        }
    }

    fn send(&self, message: &FromForm) {
        // A plain object can always be cloned.
        let _ = self.port.post_message(&to_js(message));
    }
}

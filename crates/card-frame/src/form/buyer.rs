//! The buyer's events.

use gloo::timers::callback::Timeout;
use kassa_core::card::Change;
use kassa_dom::listen;
use kassa_protocol::frame::FromForm;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Event, EventTarget, HtmlElement};

use super::Form;
use crate::dom::{focus, is_same};
use crate::field::{Field, FieldName};

/// How long after the page asked for the form's content the loss of the focus is taken for a part of
/// the buyer's press on the page's button, in milliseconds.
const LATE_BLUR: f64 = 300.0;

#[wasm_bindgen]
extern "C" {
    /// An `input` or `keydown` event as far as the form reads it. Autofill and password managers
    /// dispatch plain events of these names, and engines of before 2021 lack `inputType`: the
    /// getters of `web_sys` throw there.
    type EditEvent;

    #[wasm_bindgen(method, getter, js_name = inputType)]
    fn input_type(this: &EditEvent) -> Option<String>;

    #[wasm_bindgen(method, getter, js_name = isComposing)]
    fn is_composing(this: &EditEvent) -> Option<bool>;

    #[wasm_bindgen(method, getter)]
    fn key(this: &EditEvent) -> Option<String>;
}

impl EditEvent {
    /// How the text changed (W3C Input Events, section 4.1.2).
    fn change(&self) -> Change {
        let input_type = self.input_type().unwrap_or_default();
        match input_type.strip_prefix("delete") {
            Some(rest) if rest.ends_with("Forward") => Change::DeletedForward,
            Some(_) => Change::DeletedBack,
            None => Change::Entered,
        }
    }
}

impl Form {
    /// Listens to everything that the buyer does. Events of the inputs bubble to the form.
    pub(super) fn listen_to_buyer(&'static self) {
        let on = |target: &EventTarget, event, handler: fn(&'static Self, &Event)| {
            listen(target, event, move |event| handler(self, event)).forget();
        };
        on(&self.root, "input", Self::on_input);
        on(&self.root, "change", Self::on_change);
        on(&self.root, "compositionend", Self::on_change);
        on(&self.root, "focusout", Self::on_focus_out);
        on(&self.root, "keydown", Self::on_key_down);
        // The browser must never send the form by itself.
        on(&self.root, "submit", |_, event| event.prevent_default());
        on(&self.other_button, "click", |form, _| form.change_card());
        on(&self.root, "mousedown", |form, _| form.asked_at.set(f64::NEG_INFINITY));
        on(&self.window, "blur", Self::on_blur);
        on(&self.window, "pagehide", |form, _| form.clear());
    }

    fn on_input(&self, event: &Event) {
        let edit: &EditEvent = event.unchecked_ref();
        // The text belongs to the input method until it has composed it.
        if edit.is_composing() == Some(true) {
            return;
        }
        if let Some(field) = self.field_of(event) {
            self.edit(field, edit.change());
        }
    }

    /// The end of an edit. A browser may have filled in the text without an `input` event, and that
    /// of a composition was ignored.
    fn on_change(&self, event: &Event) {
        if let Some(field) = self.field_of(event).filter(|field| field.is_stale()) {
            self.edit(field, Change::Entered);
        }
    }

    fn edit(&self, field: &Field, change: Change) {
        field.edit(change);
        if field.name == FieldName::Number {
            self.show_brand();
        }
        self.clear_mended_errors();
        self.measure();
    }

    /// New errors are not shown before the buyer leaves the field.
    fn clear_mended_errors(&self) {
        let context = self.context();
        for field in self.fields.iter().filter(|field| field.has_error()) {
            if field.error(&context).is_none() {
                field.show_error(None);
            }
        }
    }

    fn on_focus_out(&self, event: &Event) {
        let Some(field) = self.field_of(event) else { return };
        field.complete(self.now);
        if field.is_touched() {
            field.show_error(field.error(&self.context()));
        }
        self.measure();
    }

    /// A press on the page's button takes the focus away from the frame. Frames of other sites run
    /// in a process of their own, so that this may arrive after the form has moved the focus to a
    /// wrong field. The field gets it back, once, and not after the buyer has used the form again: a
    /// buyer who leaves is not held.
    fn on_blur(&'static self, event: &Event) {
        let asked_at = self.asked_at.replace(f64::NEG_INFINITY);
        if event.time_stamp() - asked_at > LATE_BLUR {
            return;
        }
        // Chromium ignores a focus while it dispatches this event.
        let focus_wrong_field = || {
            if let Some(field) = self.asked_fields().find(|field| field.has_error()) {
                focus(&field.input);
            }
        };
        Timeout::new(0, focus_wrong_field).forget();
    }

    fn on_key_down(&self, event: &Event) {
        self.asked_at.set(f64::NEG_INFINITY);
        let key: &EditEvent = event.unchecked_ref();
        if key.is_composing() == Some(true) {
            return;
        }
        match key.key().as_deref() {
            // On the button, the browser makes a click of it.
            Some("Enter") if !is_target(event, &self.other_button) => {
                // The browser might click the button or send the form.
                event.prevent_default();
                if !self.is_busy.get() {
                    self.send(&FromForm::SubmitPressed);
                }
            }
            Some("Escape") => self.send(&FromForm::ClosePressed),
            _ => {}
        }
    }

    fn field_of(&self, event: &Event) -> Option<&Field> {
        self.fields.iter().find(|field| is_target(event, &field.input))
    }

    /// Leaves nothing for a page that comes back from the browser's cache.
    fn clear(&self) {
        for field in &self.fields {
            field.clear();
        }
        self.show_brand();
    }
}

fn is_target(event: &Event, element: &HtmlElement) -> bool {
    event.target().is_some_and(|target| is_same(&target, element))
}

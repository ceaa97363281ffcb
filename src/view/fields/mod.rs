//! The form of a payment method: fields for what the gateway needs to know of the buyer.
//!
//! A [`field`] is a [`control`] with a label and an error; a control for many options is a
//! [`search`]. Which values are right, how they are typed and what is said about wrong ones is in
//! `kassa_core::form`.
//!
//! *Architecture invariant:* a `<form>` has a property for each control in it, named by the
//! control's name, which hides the property that was there. Names come from the gateway. So nothing
//! of the form object is used once it has controls: listeners, attributes and removal are those of
//! the element around it.

mod control;
mod event;
mod field;
mod search;
#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests;

use std::cell::Cell;
use std::rc::Rc;

use kassa_core::text::{Language, Text};
use kassa_dom::{Listener, append, element, set_attribute, text_element, unique_id};
use kassa_protocol::client::{Element, FormValues};
use kassa_protocol::frame::{FromForm, ToForm};
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Event, HtmlElement, Node};

use control::Control;
use event::{Action, Key};
use field::Field;
use search::Reaction;

use crate::host_functions::{HostFunctions, listen};

/// The fields on the screen. Dropped, they are removed with all that was typed, and nothing is sent
/// any more.
pub(crate) struct Fields {
    form: Rc<Form>,
    listeners: Vec<Listener>,
}

struct Form {
    root: HtmlElement,
    fields: Vec<Field>,
    is_busy: Cell<bool>,
    send: Box<dyn Fn(FromForm)>,
}

impl Fields {
    /// Adds the fields at the end of `slot`. `today` is the last day that is not in the future, or
    /// empty. `send` receives what the buyer does and the answers to messages, from event handlers
    /// and from [`Self::handle`]; it must not use this object before it returns.
    pub(crate) fn new(
        slot: &HtmlElement,
        elements: Vec<Element>,
        today: &str,
        language: &Rc<Language<Text>>,
        host: &HostFunctions,
        send: impl Fn(FromForm) + 'static,
    ) -> Self {
        let document = slot.owner_document().unwrap_throw();
        let root = element(&document, "div", &[("class", "fields")]);
        // A form, because browsers fill forms in and phones offer a key to go on.
        let form = element(&document, "form", &[("method", "post"), ("novalidate", "")]);
        let content = document.create_document_fragment();
        let mut fields = Vec::new();
        let make = |view| Field::new(&document, view, &unique_id("kassa-field-"), today, language);
        add(&document, &content, elements, &make, &mut fields);
        append(&form, &[&content]);
        append(&root, &[&form]);
        append(slot, &[&root]);
        let is_busy = Cell::new(false);
        let form = Rc::new(Form { root, fields, is_busy, send: Box::new(send) });
        let listen = |name| {
            let form = Rc::clone(&form);
            listen(host, &form.root.clone(), name, move |event| form.on_event(event))
        };
        let listeners = event::NAMES.into_iter().map(listen).collect();
        Self { form, listeners }
    }

    /// Takes a message. Messages that are for card forms only are ignored.
    pub(crate) fn handle(&self, message: &ToForm) {
        match *message {
            ToForm::Busy { busy } => self.form.set_busy(busy),
            ToForm::Init(_) => {}
            ToForm::Submit { id } => (self.form.send)(match self.form.check() {
                Some(values) => FromForm::Values { id, values },
                None => FromForm::Invalid { id },
            }),
            ToForm::Validate { id } => {
                let valid = self.form.check().is_some();
                (self.form.send)(FromForm::Checked { id, valid });
            }
        }
    }
}

impl Drop for Fields {
    fn drop(&mut self) {
        // First the listeners: removing a focused field is an event too.
        self.listeners.clear();
        self.form.root.remove();
    }
}

impl Form {
    fn set_busy(&self, is_busy: bool) {
        self.is_busy.set(is_busy);
        set_attribute(&self.root, "aria-busy", if is_busy { "true" } else { "false" });
        for field in &self.fields {
            field.control.set_locked(is_busy);
        }
    }

    /// Checks all fields, shows what is wrong and moves the focus to the first wrong field. Returns
    /// the values when none is wrong; an empty field is not among them.
    fn check(&self) -> Option<FormValues> {
        let mut values = FormValues::default();
        let mut first_wrong = None;
        for field in &self.fields {
            let value = field.read();
            field.show(value.as_ref().err().copied());
            match value {
                Ok(value) if value.is_empty() => {}
                Ok(value) => values.0.push((String::from(field.key()), value)),
                Err(_) => first_wrong = first_wrong.or(Some(field)),
            }
        }
        let Some(field) = first_wrong else { return Some(values) };
        field.control.element().focus().unwrap_throw();
        None
    }

    fn on_event(&self, event: &Event) {
        let Some(action) = Action::read(event) else { return };
        if action == Action::Submit {
            // The browser must not send the form itself.
            event.prevent_default();
        }
        let Some(target) = event.target().map(JsCast::unchecked_into::<Node>) else { return };
        let mut fields = self.fields.iter();
        let Some(field) = fields.find(|field| field.root.contains(Some(&target))) else { return };
        match action {
            Action::Click => self.on_click(field, &target),
            Action::Edit(_) if self.is_busy.get() => field.restore(),
            Action::Edit(change) => {
                field.on_edit(change);
                self.clear_errors();
            }
            Action::Key(key) => self.on_key(field, key, event),
            Action::Leave => field.on_leave(),
            Action::Press => {
                // The input keeps the focus while its list is used.
                if let Control::Search(search) = &field.control
                    && search.list.contains(Some(&target))
                {
                    event.prevent_default();
                }
            }
            Action::Submit => {}
        }
    }

    fn on_click(&self, field: &Field, target: &Node) {
        if let Control::Search(search) = &field.control
            && !self.is_busy.get()
            && search.on_click(target) == Reaction::Chosen
        {
            self.clear_errors();
        }
    }

    fn on_key(&self, field: &Field, key: Key, event: &Event) {
        let is_busy = self.is_busy.get();
        if let Control::Search(search) = &field.control
            && !is_busy
        {
            let reaction = search.on_key(key);
            if reaction != Reaction::Ignored {
                event.prevent_default();
                // Escape closes the list, and not the component around it as well.
                event.stop_propagation();
            }
            match reaction {
                Reaction::Chosen => return self.clear_errors(),
                Reaction::Handled => return,
                Reaction::Ignored => {}
            }
        }
        if key == Key::Enter && !field.control.uses_enter() {
            // Else the browser might click a button or send the form.
            event.prevent_default();
            if !is_busy {
                (self.send)(FromForm::SubmitPressed);
            }
        } else if is_busy && key != Key::Tab && field.control.is_locked_by_form() {
            event.prevent_default();
        }
    }

    fn clear_errors(&self) {
        for field in &self.fields {
            field.clear_error();
        }
    }
}

/// Adds payment elements to a parent. Those under a heading are a group, for screen readers too.
fn add(
    document: &Document,
    parent: &Node,
    elements: Vec<Element>,
    make: &impl Fn(Element) -> Field,
    fields: &mut Vec<Field>,
) {
    for view in elements {
        if view.sub_payment_element_view.is_empty() {
            let field = make(view);
            append(parent, &[&field.root]);
            fields.push(field);
            continue;
        }
        let heading = view.title.as_deref().unwrap_or_default();
        let group = element(document, "fieldset", &[]);
        append(&group, &[&text_element(document, "legend", &[], heading)]);
        append(parent, &[&group]);
        add(document, &group, view.sub_payment_element_view, make, fields);
    }
}

//! A choice among many options with a search: a combobox with a listbox (ARIA Authoring Practices
//! Guide, "Editable Combobox With List Autocomplete").
//!
//! The list is in the flow of the form: as an overlay it would be cut off at the edge of the
//! component.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::JsString;
use kassa_core::text::{Language, Text};
use kassa_core::text_tools::{contains, digits, fill};
use kassa_dom::{append, element, set_attribute, set_hidden, set_text, text_element};
use kassa_protocol::client::Choice;
use wasm_bindgen::UnwrapThrowExt;
use web_sys::{Document, HtmlElement, HtmlInputElement, Node};

use super::event::{Direction, Key};

/// An input with the list of its options.
pub(super) struct Search {
    pub(super) input: HtmlInputElement,
    /// Belongs below the input.
    pub(super) list: HtmlElement,
    /// How many options were found; belongs below the list.
    pub(super) status: HtmlElement,
    language: Rc<Language<Text>>,
    items: Vec<Item>,
    is_open: Cell<bool>,
    /// The option that Enter chooses.
    active: Cell<Option<usize>>,
    chosen: Cell<Option<usize>>,
}

struct Item {
    root: HtmlElement,
    value: String,
    text: String,
    /// The text as it is compared.
    folded: String,
}

/// What a key or a click did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reaction {
    /// It chose an option.
    Chosen,
    /// It did something else in the list.
    Handled,
    /// It has no meaning for the list.
    Ignored,
}

impl Search {
    /// Makes an input a search among options. `title` is the name of the list.
    pub(super) fn new(
        document: &Document,
        input: HtmlInputElement,
        options: &[Choice],
        title: &str,
        language: &Rc<Language<Text>>,
    ) -> Self {
        let mut id = input.id();
        id.push_str("-list");
        let mut items = Vec::new();
        for Choice { value, text } in options {
            let mut id = id.clone();
            id.push_str(&digits(items.len() as u64));
            let attributes = [("id", id.as_str()), ("role", "option"), ("aria-selected", "false")];
            items.push(Item {
                root: text_element(document, "li", &attributes, text),
                value: value.clone(),
                text: text.clone(),
                folded: fold(text),
            });
        }
        let attributes =
            [("id", id.as_str()), ("role", "listbox"), ("aria-label", title), ("hidden", "")];
        let list = element(document, "ul", &attributes);
        for item in &items {
            append(&list, &[&item.root]);
        }
        for (name, value) in [
            ("role", "combobox"),
            ("aria-autocomplete", "list"),
            ("aria-controls", &id),
            ("aria-expanded", "false"),
        ] {
            set_attribute(&input, name, value);
        }
        let status = element(document, "p", &[("class", "hint"), ("role", "status")]);
        Self {
            input,
            list,
            status,
            language: Rc::clone(language),
            items,
            is_open: Cell::new(false),
            active: Cell::new(None),
            chosen: Cell::new(None),
        }
    }

    /// The value of the chosen option, or the text of the input, which is no value.
    pub(super) fn value(&self) -> String {
        self.chosen_item().map_or_else(|| self.input.value(), |item| item.value.clone())
    }

    /// Chooses the option of a value.
    pub(super) fn fill(&self, value: &str) {
        self.choose(self.items.iter().position(|item| item.value == value));
    }

    /// The text has been edited.
    pub(super) fn on_edit(&self) {
        let text = self.input.value();
        // A `change` event after an option was chosen, which may share its text with another one.
        if self.chosen_item().is_some_and(|item| item.text == text) {
            return;
        }
        // The whole text of an option chooses it, also for browsers that fill the field in.
        let folded = fold(&text);
        self.set_chosen(self.items.iter().position(|item| item.folded == folded));
        self.open(&folded);
    }

    /// A key was pressed in the input.
    pub(super) fn on_key(&self, key: Key) -> Reaction {
        match key {
            Key::Arrow(direction) => {
                if !self.is_open.get() {
                    self.open("");
                }
                self.move_active(direction);
                Reaction::Handled
            }
            Key::Open => {
                if !self.is_open.get() {
                    self.open("");
                }
                Reaction::Handled
            }
            Key::Enter | Key::Escape | Key::Other | Key::Tab if !self.is_open.get() => {
                Reaction::Ignored
            }
            Key::Enter => {
                let visible = self.visible();
                let only = if let [only] = visible.as_slice() { Some(*only) } else { None };
                let Some(index) = self.active.get().or(only) else { return Reaction::Ignored };
                self.choose(Some(index));
                Reaction::Chosen
            }
            Key::Escape => {
                if let Some(item) = self.chosen_item() {
                    self.input.set_value(&item.text);
                }
                self.close();
                Reaction::Handled
            }
            Key::Other | Key::Tab => Reaction::Ignored,
        }
    }

    /// The input or something in the list was clicked.
    pub(super) fn on_click(&self, target: &Node) -> Reaction {
        let is_target = |element: &Node| element == target;
        if is_target(&self.input) {
            self.open("");
            return Reaction::Handled;
        }
        let Some(index) = self.items.iter().position(|item| is_target(&item.root)) else {
            return Reaction::Ignored;
        };
        self.choose(Some(index));
        Reaction::Chosen
    }

    /// Locks or unlocks the input. A locked search has no open list.
    pub(super) fn set_locked(&self, is_locked: bool) {
        self.input.set_read_only(is_locked);
        if is_locked {
            self.close();
        }
    }

    /// Closes the list.
    pub(super) fn close(&self) {
        self.is_open.set(false);
        set_hidden(&self.list, true);
        set_attribute(&self.input, "aria-expanded", "false");
        set_text(&self.status, "");
        self.set_active(None);
    }

    fn chosen_item(&self) -> Option<&Item> {
        self.items.get(self.chosen.get()?)
    }

    /// Chooses an option and writes its text.
    fn choose(&self, index: Option<usize>) {
        self.set_chosen(index);
        if let Some(item) = self.chosen_item() {
            self.input.set_value(&item.text);
        }
        self.close();
    }

    fn set_chosen(&self, index: Option<usize>) {
        self.chosen.set(index);
        for (place, item) in self.items.iter().enumerate() {
            let is_chosen = if Some(place) == index { "true" } else { "false" };
            set_attribute(&item.root, "aria-selected", is_chosen);
        }
    }

    /// Opens the list with the options that contain a folded text.
    fn open(&self, query: &str) {
        let mut found = 0_u32;
        for item in &self.items {
            let fits = contains(&item.folded, query);
            set_hidden(&item.root, !fits);
            found += u32::from(fits);
        }
        self.is_open.set(true);
        set_hidden(&self.list, found == 0);
        set_attribute(&self.input, "aria-expanded", if found > 0 { "true" } else { "false" });
        if found > 0 {
            set_text(
                &self.status,
                &fill(self.language.text(Text::OptionsFound), &[&digits(found)]),
            );
        } else {
            set_text(&self.status, self.language.text(Text::NothingFound));
        }
        self.set_active(self.chosen.get());
    }

    /// Indexes of the options that the list shows.
    fn visible(&self) -> Vec<usize> {
        let all = self.items.iter().enumerate();
        all.filter(|(_, item)| !item.root.hidden()).map(|(index, _)| index).collect()
    }

    /// Moves to the next option or the one before; from the last to the first and back.
    fn move_active(&self, direction: Direction) {
        let visible = self.visible();
        let place = visible.iter().position(|index| Some(*index) == self.active.get());
        let next = match (direction, place) {
            (Direction::Down, Some(place)) => visible.get(place + 1).or(visible.first()),
            (Direction::Down, None) => visible.first(),
            (Direction::Up, Some(place @ 1..)) => visible.get(place - 1),
            (Direction::Up, Some(0) | None) => visible.last(),
        };
        self.set_active(next.copied());
    }

    fn set_active(&self, index: Option<usize>) {
        let item = |index: Option<usize>| self.items.get(index?).map(|item| &item.root);
        if let Some(before) = item(self.active.get()) {
            before.class_list().remove_1("active").unwrap_throw();
        }
        let now = item(index).filter(|item| !item.hidden());
        self.active.set(index.filter(|_| now.is_some()));
        let Some(now) = now else {
            self.input.remove_attribute("aria-activedescendant").unwrap_throw();
            return;
        };
        now.class_list().add_1("active").unwrap_throw();
        set_attribute(&self.input, "aria-activedescendant", &now.id());
        self.scroll_to(now);
    }

    /// Not by `scrollIntoView`, which may scroll the page as well.
    fn scroll_to(&self, item: &HtmlElement) {
        let (top, bottom) = (item.offset_top(), item.offset_top() + item.offset_height());
        let (from, height) = (self.list.scroll_top(), self.list.client_height());
        if top < from {
            self.list.set_scroll_top(top);
        } else if bottom > from + height {
            self.list.set_scroll_top(bottom - height);
        }
    }
}

/// A text without case and accents, which the keyboards of many buyers lack.
fn fold(text: &str) -> String {
    let decomposed = String::from(JsString::from(text).normalize("NFD").to_lower_case().trim());
    let mut folded = String::new();
    for character in decomposed.chars() {
        match character {
            // Marks that the decomposition made of accents.
            '\u{300}'..='\u{36f}' => {}
            // The one letter of the banks' languages that has no decomposition.
            '\u{142}' => folded.push('l'),
            _ => folded.push(character),
        }
    }
    folded
}

//! The stored card in place of the fields.

use std::cell::Cell;

use kassa_core::card::{Brand, CardText};
use kassa_core::text::Language;
use kassa_core::text_tools::fill;
use kassa_dom::{set_attribute, set_hidden, set_text};
use kassa_protocol::frame::StoredCard;
use web_sys::HtmlElement;

use super::Form;
use crate::dom::focus;

/// A stored card that the buyer may pay with.
pub(super) struct Stored {
    /// `paymentMethodId`.
    pub(super) id: String,
    /// `None` for a brand that this version does not have.
    pub(super) brand: Option<Brand>,
    /// Whether the CVC is required. The gateway may require it after the page did not.
    pub(super) needs_cvc: Cell<bool>,
    /// Whether this card pays, and not another one.
    is_chosen: Cell<bool>,
}

impl Stored {
    /// `None` without an id, which the gateway could not exchange.
    pub(super) fn new(
        card: StoredCard,
        line: &HtmlElement,
        language: &Language<CardText>,
    ) -> Option<Self> {
        let StoredCard { id, brand, last_four, needs_cvc } = card;
        if id.is_empty() {
            return None;
        }
        set_text(line, &fill("{} •••• {}", &[&brand, &last_four]));
        // A screen reader would read each dot.
        let spoken = fill(language.text(CardText::StoredSpoken), &[&brand, &last_four]);
        set_attribute(line, "aria-label", &spoken);
        Some(Self {
            id,
            brand: Brand::from_wire(&brand),
            needs_cvc: Cell::new(needs_cvc),
            is_chosen: Cell::new(true),
        })
    }
}

impl Form {
    /// The stored card, if it is the one that pays.
    pub(super) fn chosen_stored(&self) -> Option<&Stored> {
        self.stored.as_ref().filter(|stored| stored.is_chosen.get())
    }

    /// Changes between the stored card and another one.
    pub(super) fn change_card(&self) {
        let Some(stored) = &self.stored else { return };
        if self.is_busy.get() || self.is_exchanging.get() {
            return;
        }
        stored.is_chosen.set(!stored.is_chosen.get());
        self.show_card();
        if let Some(first) = self.asked_fields().next() {
            focus(&first.input);
        }
        self.measure();
    }

    /// Shows the stored card and the fields that it requires, or the fields of another card.
    pub(super) fn show_card(&self) {
        for field in &self.fields {
            // The CVC of one card is not that of the other.
            field.clear();
        }
        let is_stored = self.chosen_stored().is_some();
        set_hidden(&self.stored_line, !is_stored);
        self.show_asked_fields();
        let offer = if is_stored { CardText::OtherCard } else { CardText::StoredCard };
        set_text(&self.other_button, self.language.text(offer));
        self.show_brand();
    }
}

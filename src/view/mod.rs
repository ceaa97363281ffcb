//! The component in the DOM.
//!
//! `component` has the shadow root and the regions that all screens share, `screens` says what each
//! screen puts into them, `dialog` is the layer over the page, `fields` are the forms of payment
//! methods, `codes` the codes to pay with.
//!
//! *Architecture invariant:* the view decides nothing. It renders what
//! [`kassa_core::machine::View`] says, and queues what the buyer does.

mod codes;
mod component;
mod dialog;
mod fields;
mod focus;
mod numbers;
mod screens;
mod stylesheet;

pub(crate) use component::{Component, Place};
pub(crate) use fields::Fields;

/// For tests of a part of the view.
#[cfg(test)]
#[cfg(target_arch = "wasm32")]
fn english() -> std::rc::Rc<kassa_core::text::Language<kassa_core::text::Text>> {
    let none = kassa_core::text::Translations::default();
    std::rc::Rc::new(kassa_core::text::Language::new("en-US", none))
}

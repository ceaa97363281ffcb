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
mod money;
mod screens;
mod stylesheet;

pub(crate) use component::{Component, Place};
pub(crate) use fields::Fields;

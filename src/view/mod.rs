//! The component in the DOM.

mod codes;
mod fields;

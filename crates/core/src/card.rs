//! Cards: brand, number, expiry, security code and holder, as a buyer types them.
//!
//! The rules are the gateway's published ones and those printed on cards: number and check digit
//! from ISO/IEC 7812-1, expiry from ISO/IEC 7813, brand ranges from the schemes' public tables.
//! The `parse` function of each type gives the value or an error; the texts of errors are in the
//! card form. No card number or security code is ever printed: the `Debug` of [`Pan`] and [`Cvc`]
//! is masked, and they have no `Display`.
//!
//! *Architecture invariant:* no card is refused because its brand is unknown here. A number of an
//! unknown brand is checked for its length only, and the gateway decides.
#![allow(
    clippy::single_char_add_str,
    reason = "`push` links the encoder of all characters, which is more than some of these rules"
)]

mod brand;
mod cvc;
pub(crate) mod edit;
mod expiry;
pub(crate) mod holder;
mod number;
mod text;

pub use brand::Brand;
pub use cvc::{Cvc, CvcError, type_cvc};
pub use edit::{Change, Edited, Shown, digits};
pub use expiry::{Expiry, ExpiryError, Month, type_expiry};
pub use holder::{Holder, HolderError};
pub use number::{Pan, PanError, type_number};
pub use text::CardText;

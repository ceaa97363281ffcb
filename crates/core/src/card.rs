//! Cards as a buyer types them: brand, number, expiry, security code and holder.
//!
//! The rules are the gateway's published ones and those printed on cards: number and check digit
//! from ISO/IEC 7812-1, expiry from ISO/IEC 7813, brand ranges from the schemes' public tables.
//! A field is read by its type's `parse`, which either gives the value or says what is wrong; the
//! words for a buyer live with the form. Nothing here prints a card number or a security code:
//! [`Pan`] and [`Cvc`] mask themselves in `Debug` and have no `Display`.
//!
//! *Architecture invariant:* a buyer is never refused for a card we merely do not know. A number of
//! an unknown brand is checked for its length only, and the gateway decides.
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

pub use brand::Brand;
pub use cvc::{Cvc, CvcError, type_cvc};
pub use edit::{Change, Edited, Shown, digits};
pub use expiry::{Expiry, ExpiryError, Month, type_expiry};
pub use holder::{Holder, HolderError};
pub use number::{Pan, PanError, type_number};

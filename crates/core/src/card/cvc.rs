//! The card security code, which brands call CVC, CVV or CID.

use std::fmt;

use super::{
    brand::Brand,
    edit::{Edited, Shown, digits},
};

/// A card security code of the right length. It may be sent once and never stored (PCI DSS 3.3.1).
#[derive(Clone, PartialEq, Eq)]
pub struct Cvc(String);

/// What is wrong with a security code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CvcError {
    /// There is no digit at all.
    Missing,
    /// The brand's codes are of another length; 3 or 4 digits when the brand is not known.
    WrongLength,
}

impl Cvc {
    /// Reads a code from what was typed; anything but digits is skipped.
    ///
    /// # Errors
    /// [`CvcError`] names what the buyer has to correct.
    pub fn parse(text: &str, brand: Option<Brand>) -> Result<Self, CvcError> {
        let digits = digits(text);
        let fits = match brand {
            Some(brand) => digits.len() == brand.cvc_length(),
            None => matches!(digits.len(), 3 | 4),
        };
        match digits.len() {
            0 => Err(CvcError::Missing),
            _ if fits => Ok(Self(digits)),
            _ => Err(CvcError::WrongLength),
        }
    }

    /// The digits in clear, for the request to the gateway and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cvc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cvc(***)")
    }
}

/// Formats a code while it is typed. All digits are kept, even one too many, which the buyer has to
/// see; everything else is dropped.
#[must_use]
pub fn type_cvc(edited: &Edited<'_>) -> Shown {
    Shown { text: digits(edited.text), caret: edited.digits_before_caret() }
}

//! Card numbers: their length, their check digit, and how they are shown while typed.

use std::fmt;

use super::{
    brand::Brand,
    edit::{Edited, Shown, digits, regroup},
};

/// A card number (primary account number, ISO/IEC 7812-1) of a plausible length and, where its
/// brand has one, with the right check digit.
#[derive(Clone, PartialEq, Eq)]
pub struct Pan(String);

/// What is wrong with a card number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanError {
    /// The check digit does not fit: most likely a typing mistake.
    CheckDigit,
    /// Digits are missing.
    Incomplete,
    /// There is no digit at all.
    Missing,
    /// More digits than a card of this brand has.
    TooLong,
}

impl Pan {
    /// Reads a number from what was typed; anything but digits is skipped.
    ///
    /// # Errors
    /// [`PanError`] names what the buyer has to correct.
    pub fn parse(text: &str) -> Result<Self, PanError> {
        let digits = digits(text);
        let brand = Brand::of(&digits);
        let lengths = Brand::lengths(brand);
        let bit = u32::try_from(digits.len()).ok().and_then(|n| 1_u32.checked_shl(n)).unwrap_or(0);
        match () {
            () if digits.is_empty() => Err(PanError::Missing),
            // 0 stands for 32 digits and more.
            () if bit == 0 || bit > lengths => Err(PanError::TooLong),
            () if bit & lengths == 0 => Err(PanError::Incomplete),
            () if brand.is_some_and(Brand::has_check_digit) && !luhn(&digits) => {
                Err(PanError::CheckDigit)
            }
            () => Ok(Self(digits)),
        }
    }

    /// The brand, when it is a known one.
    #[must_use]
    pub fn brand(&self) -> Option<Brand> {
        Brand::of(&self.0)
    }

    /// Whether the check digit fits, also of a brand that has issued cards without one.
    #[must_use]
    pub fn has_fitting_check_digit(&self) -> bool {
        luhn(&self.0)
    }

    /// The digits in clear, for the request to the gateway and for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four digits, which may be shown and stored (PCI DSS 3.4.1).
    #[must_use]
    pub fn last_four(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default()
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pan(****)")
    }
}

/// Regroups a number while it is typed. All digits are kept, even those beyond the brand's length,
/// which the buyer has to see.
#[must_use]
pub fn type_number(edited: &Edited<'_>) -> Shown {
    let (digits, behind) = edited.meant_digits();
    regroup(&digits, behind, Brand::gaps(Brand::of(&digits)), &[])
}

/// The check of ISO/IEC 7812-1, annex B: from the right, every second digit counts double, and the
/// digits of all these numbers add up to a multiple of ten.
fn luhn(digits: &str) -> bool {
    let mut sum = 0;
    for (place, byte) in digits.bytes().rev().enumerate() {
        let digit = u32::from(byte - b'0');
        sum += match (place % 2, digit) {
            (0, _) => digit,
            (_, 0..5) => digit * 2,
            _ => digit * 2 - 9,
        };
    }
    sum % 10 == 0
}

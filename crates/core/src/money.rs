//! Amounts: whole numbers of minor units with an ISO 4217 currency. Never a float.

use crate::small::{digits, number};

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// ISO 4217 code, three capital letters.
    pub currency: String,
    /// Whole minor units (sen, cents, yen).
    pub minor: u64,
}

/// What a browser's `Intl` needs to print an amount in the buyer's language, and what to print
/// where it has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printable {
    /// ISO 4217 code.
    pub currency: String,
    /// The amount in major units with a point, such as `42.00`.
    pub decimal: String,
    /// How many fraction digits to show.
    pub digits: u8,
}

impl Money {
    /// Reads an amount as it travels: a currency code and minor units in decimal digits.
    /// `None` for anything else: a wrong amount on a payment page is worse than none.
    #[must_use]
    pub fn parse(currency: &str, minor: &str) -> Option<Self> {
        let is_code = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
        if !is_code {
            return None;
        }
        Some(Self { currency: currency.to_owned(), minor: number(minor)? })
    }

    /// How to print it.
    #[must_use]
    pub fn printable(&self) -> Printable {
        let mut exponent = exponent(&self.currency);
        let mut minor = self.minor;
        // Rupiah are quoted without sen wherever they are quoted; the sen are still there on the
        // wire, and are shown if they ever are not zero.
        if self.currency == "IDR" && minor.is_multiple_of(100) {
            minor /= 100;
            exponent = 0;
        }
        let plain = digits(minor);
        let mut decimal = String::with_capacity(plain.len() + 6);
        let mut before_point = plain.len().saturating_sub(usize::from(exponent));
        if before_point == 0 {
            decimal.push('0');
        }
        for at in 0..usize::from(exponent).saturating_sub(plain.len()) {
            if at == 0 {
                decimal.push('.');
            }
            decimal.push('0');
        }
        let mut pointed = decimal.len() > 1;
        for digit in plain.chars() {
            if before_point == 0 && !pointed {
                decimal.push('.');
                pointed = true;
            }
            before_point = before_point.saturating_sub(1);
            decimal.push(digit);
        }
        Printable { currency: self.currency.clone(), decimal, digits: exponent }
    }
}

/// Number of digits after the point, by ISO 4217. An own table, because `Intl` follows habits
/// rather than the standard for some currencies (HUF, IDR, PKR and others).
#[must_use]
pub fn exponent(currency: &str) -> u8 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_print_with_the_digits_of_their_currency() {
        for (currency, minor, decimal, digits) in [
            ("MYR", "4200", "42.00", 2),
            ("MYR", "5", "0.05", 2),
            ("MYR", "0", "0.00", 2),
            ("JPY", "1234567", "1234567", 0),
            ("KWD", "1", "0.001", 3),
            ("CLF", "123456", "12.3456", 4),
            ("IDR", "150000", "1500", 0),
            ("IDR", "150001", "1500.01", 2),
            ("USD", "18446744073709551615", "184467440737095516.15", 2),
        ] {
            let printable = Money::parse(currency, minor).unwrap().printable();
            assert_eq!(
                (printable.decimal.as_str(), printable.digits),
                (decimal, digits),
                "{currency} {minor}"
            );
        }
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for (currency, minor) in [
            ("MYR", ""),
            ("MYR", "-1"),
            ("MYR", "+1"),
            ("MYR", "1.5"),
            ("MYR", "1e3"),
            ("MYR", "18446744073709551616"),
            ("myr", "1"),
            ("MY", "1"),
            ("RM1", "1"),
        ] {
            assert_eq!(Money::parse(currency, minor), None, "{currency} {minor}");
        }
    }

    proptest! {
        #[test]
        fn no_digit_is_lost(minor: u64, currency in "[A-Z]{3}") {
            let printed = Money { currency, minor }.printable().decimal.replace('.', "");
            let expected = minor.to_string();
            let read = printed.parse::<u64>().unwrap();
            let without_sen = format!("{printed}00");
            prop_assert!(read == minor || expected == without_sen);
        }
    }
}

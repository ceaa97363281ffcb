//! Amounts: whole numbers of minor units with an ISO 4217 currency. Never a float.

use kassa_protocol::client::{AmountView, Offer};

use crate::text_tools::{contains, cut, digits, number};

/// An amount: what a browser's `Intl` needs to format it in the buyer's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// ISO 4217 code, three capital letters.
    pub currency: String,
    /// The amount in major units with a point, such as `42.00`.
    pub decimal: String,
    /// How many fraction digits are shown.
    pub fraction_digits: u8,
}

impl Amount {
    /// Reads the amount to pay of an offer, or else that of the order. `None` when the offer has
    /// neither.
    ///
    /// # Errors
    /// The name of the member that is no amount without doubt.
    pub fn of_offer(offer: &Offer) -> Result<Option<Self>, &'static str> {
        let is_published = offer.payment_amount.is_some() || offer.order_amount.is_some();
        let amounts = [
            (&offer.payment_amount_view, &offer.payment_amount, "paymentAmountView"),
            (&offer.order_amount_view, &offer.order_amount, "orderAmountView"),
        ];
        for (view, minor, name) in amounts {
            if view.is_none() && minor.is_none() {
                continue;
            }
            let shown = view.as_ref().and_then(|view| Self::of_view(view, is_published));
            let minor = || minor.as_ref().and_then(|it| Self::parse(&it.currency, &it.value));
            return shown.or_else(minor).map(Some).ok_or(name);
        }
        Ok(None)
    }

    /// Reads an amount as it is shown. `value` has major units where the gateway writes the
    /// published shape, and minor units where it writes that of earlier versions of Kassa.
    /// `formattedValue` shows which; without it, a point does, or else `is_published`: whether the
    /// amounts in minor units are beside. `None` when `formattedValue` is another amount than
    /// `value` in either unit: a wrong amount on a payment page is worse than none.
    fn of_view(view: &AmountView, is_published: bool) -> Option<Self> {
        let places = exponent(&view.currency);
        let mut readings = [number(&view.value), major_units(&view.value, places)];
        if is_published {
            readings.reverse();
        }
        let text = view.formatted_value.as_deref();
        for minor in readings.into_iter().flatten() {
            if text.is_none_or(|text| is_written(&decimal(minor, places), text)) {
                return Self::of_minor(&view.currency, minor);
            }
        }
        None
    }

    /// Reads an amount as it travels: a currency code and minor units in decimal digits.
    /// `None` for anything else: a wrong amount on a payment page is worse than none.
    #[must_use]
    pub fn parse(currency: &str, minor: &str) -> Option<Self> {
        Self::of_minor(currency, number(minor)?)
    }

    fn of_minor(currency: &str, mut minor: u64) -> Option<Self> {
        let is_code = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
        if !is_code {
            return None;
        }
        let mut fraction_digits = exponent(currency);
        // Rupiah are quoted without sen wherever they are quoted; the sen are still there on the
        // wire, and are shown if they ever are not zero.
        if currency == "IDR" && minor.is_multiple_of(100) {
            minor /= 100;
            fraction_digits = 0;
        }
        let decimal = decimal(minor, fraction_digits);
        Some(Self { currency: currency.to_owned(), decimal, fraction_digits })
    }
}

/// Minor units of a text in major units, such as `42`, `42.5` and `42.50`.
fn major_units(text: &str, places: u8) -> Option<u64> {
    let (whole, fraction) = cut(text, ".");
    let fraction = fraction.unwrap_or_default();
    let missing = usize::from(places).checked_sub(fraction.len())?;
    let mut minor = whole.to_owned();
    minor.push_str(fraction);
    for _ in 0..missing {
        minor.push('0');
    }
    // The rest is checked with the whole.
    number(whole).and_then(|_| number(&minor))
}

/// Whether a text is this decimal number in the style of some language: with all decimals, or grouped
/// in thousands and without decimals that are zero. Everything between digits is a separator, and the
/// number of digits behind the last one shows what it separates.
fn is_written(decimal: &str, text: &str) -> bool {
    let mut found = String::new();
    let mut behind_last = None;
    for byte in text.bytes() {
        if byte.is_ascii_digit() {
            found.push(char::from(byte));
            behind_last = behind_last.map(|count| count + 1);
        } else if found.is_empty() {
            // A sign, or the name of the currency.
            return false;
        } else {
            behind_last = Some(0);
        }
    }
    let (whole, fraction) = cut(decimal, ".");
    let fraction = fraction.unwrap_or_default();
    if matches!(behind_last, None | Some(3)) && found == whole {
        return fraction.bytes().all(|digit| digit == b'0');
    }
    behind_last == Some(fraction.len())
        && found.strip_prefix(whole).is_some_and(|rest| rest == fraction)
}

/// A number in decimal digits, `places` of them after a point.
fn decimal(number: u64, places: u8) -> String {
    let places = usize::from(places);
    let mut text = digits(number);
    if places > 0 {
        while text.len() <= places {
            text.insert(0, '0');
        }
        text.insert(text.len() - places, '.');
    }
    text
}

/// Number of digits after the point, by ISO 4217. An own table, because `Intl` follows habits
/// rather than the standard for some currencies (HUF, IDR, PKR and others).
#[must_use]
pub fn exponent(currency: &str) -> u8 {
    for (digits, currencies) in [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ] {
        if contains(currencies, currency) {
            return digits;
        }
    }
    2
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
            let amount = Amount::parse(currency, minor).unwrap();
            assert_eq!(
                (amount.decimal.as_str(), amount.fraction_digits),
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
            assert_eq!(Amount::parse(currency, minor), None, "{currency} {minor}");
        }
    }

    proptest! {
        #[test]
        fn no_digit_is_lost(minor: u64, currency in "[A-Z]{3}") {
            let printed = Amount::parse(&currency, &minor.to_string()).unwrap().decimal.replace('.', "");
            let expected = minor.to_string();
            let read = printed.parse::<u64>().unwrap();
            let without_sen = format!("{printed}00");
            prop_assert!(read == minor || expected == without_sen);
        }
    }
}

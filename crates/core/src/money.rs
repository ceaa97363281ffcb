//! Amounts: whole numbers of minor units with an ISO 4217 currency. Never a float.

use kassa_protocol::client::{AmountView, MinorAmount, Offer};

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

/// The amount that an offer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offered {
    /// No amount is part of the offer.
    Nothing,
    /// The amount.
    Amount(Amount),
    /// The member of this name is no amount without doubt.
    Unreadable(&'static str),
}

impl Offered {
    /// Reads the amount to pay, or else that of the order.
    #[must_use]
    pub fn of(offer: &Offer) -> Self {
        let Offer { payment_amount_view, payment_amount, order_amount_view, order_amount, .. } =
            offer;
        // No gateway for Kassa alone has sent these.
        let is_published = payment_amount.is_some() || order_amount.is_some();
        let read = |view: &Option<AmountView>, minor: &Option<MinorAmount>, name| {
            let view = view.as_ref().and_then(|view| Amount::of_view(view, is_published));
            let minor = || minor.as_ref().and_then(|it| Amount::parse(&it.currency, &it.value));
            view.or_else(minor).map_or(Self::Unreadable(name), Self::Amount)
        };
        if payment_amount_view.is_some() || payment_amount.is_some() {
            read(payment_amount_view, payment_amount, "paymentAmountView")
        } else if order_amount_view.is_some() || order_amount.is_some() {
            read(order_amount_view, order_amount, "orderAmountView")
        } else {
            Self::Nothing
        }
    }
}

impl Amount {
    /// Reads an amount as it is shown. `value` has major units where the gateway writes the
    /// published shape, and minor units where it writes that of earlier versions of Kassa.
    /// `formattedValue` shows which; without it, a point does, or else `is_published`: whether the
    /// amounts in minor units are beside. `None` when `formattedValue` is another amount than
    /// `value` in either unit: a wrong amount on a payment page is worse than none.
    fn of_view(view: &AmountView, is_published: bool) -> Option<Self> {
        let places = exponent(&view.currency);
        let (whole, fraction) = cut(&view.value, ".");
        let fraction = fraction.unwrap_or_default();
        let missing = usize::from(places).checked_sub(fraction.len())?;
        let major =
            number(whole).and(number(&[whole, fraction, "0".repeat(missing).as_str()].concat()));
        let minor = number(&view.value);
        let readings = if is_published { [major, minor] } else { [minor, major] };
        let mut readings = readings.into_iter().flatten();
        let minor = match &view.formatted_value {
            None => readings.next(),
            Some(text) => readings.find(|minor| is_written(*minor, text, places)),
        };
        Self::of_minor(&view.currency, minor?)
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

/// Whether a text is this amount in the style of some language: with all decimals, or grouped in
/// thousands and without decimals. Everything between digits is a separator, and the digits behind
/// the last one show what it separates.
fn is_written(minor: u64, text: &str, places: u8) -> bool {
    let mut found = String::new();
    let mut behind_last = None;
    for character in text.chars() {
        if character.is_ascii_digit() {
            found.push(character);
            behind_last = behind_last.map(|count: u8| count.saturating_add(1));
        } else if found.is_empty() {
            // A sign, or the name of the currency.
            return false;
        } else {
            behind_last = Some(0);
        }
    }
    let is = |expected: u64| number(&found) == Some(expected);
    let unit = 10_u64.pow(places.into());
    let is_whole = matches!(behind_last, None | Some(3));
    (behind_last == Some(places) && is(minor))
        || (is_whole && minor.is_multiple_of(unit) && is(minor / unit))
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

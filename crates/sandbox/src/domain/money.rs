//! Money: whole numbers of minor units and the currencies of ISO 4217.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_with::{DeserializeFromStr, DisplayFromStr, SerializeDisplay, serde_as};
use thiserror::Error;

use super::quote::Quoted;
use crate::api::Amount;

/// The most digits of an amount in minor units. Source: the published object `Amount`.
const MOST_DIGITS: usize = 16;

/// A currency in use, by ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SerializeDisplay, DeserializeFromStr)]
pub struct Currency(iso_currency::Currency);

/// There is no such currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("accepted are the upper-case codes of ISO 4217 such as MYR")]
pub struct NotACurrency;

impl Currency {
    /// Malaysian ringgit, the currency of the demo shop.
    pub const MYR: Self = Self(iso_currency::Currency::MYR);

    /// The code, three capital letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// The three-digit code.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0.numeric()
    }

    /// Digits after the decimal point.
    #[must_use]
    pub fn decimals(self) -> u8 {
        kassa_core::money::exponent(self.code())
    }
}

impl FromStr for Currency {
    type Err = NotACurrency;

    fn from_str(code: &str) -> Result<Self, NotACurrency> {
        // Metals, test codes and currencies that were replaced are in the standard's lists too.
        iso_currency::Currency::from_code(code)
            .filter(|it| it.code() == code && !it.is_special() && it.is_superseded().is_none())
            .map(Self)
            .ok_or(NotACurrency)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// An amount of money.
#[serde_as]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// The currency.
    pub currency: Currency,
    /// Minor units; text in JSON, as the published objects have it.
    #[serde_as(as = "DisplayFromStr")]
    #[serde(rename = "value")]
    pub minor: u64,
}

/// Why an amount was refused. Every message names the member, the given text and the accepted form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AmountError {
    /// No currency.
    #[error("{field}.currency is missing; give a three-letter ISO 4217 code such as MYR")]
    NoCurrency {
        /// Name of the amount.
        field: &'static str,
    },
    /// A currency that ISO 4217 does not have.
    #[error("{field}.currency is {}; {NotACurrency}", Quoted(given))]
    UnknownCurrency {
        /// Name of the amount.
        field: &'static str,
        /// The text.
        given: String,
    },
    /// No value.
    #[error("{field}.value is missing; give the amount in minor units, such as \"4200\"")]
    NoValue {
        /// Name of the amount.
        field: &'static str,
    },
    /// A value that is no positive whole number in the accepted form.
    #[error(
        "{field}.value is {}; {rule}. Accepted is a positive integer of minor units with at most \
         {MOST_DIGITS} digits, such as \"4200\" for 42.00",
        Quoted(given)
    )]
    Value {
        /// Name of the amount.
        field: &'static str,
        /// The text.
        given: String,
        /// The violated rule.
        rule: &'static str,
    },
}

impl Money {
    /// Checks an amount as it travels; `field` is its name for the message.
    ///
    /// # Errors
    /// [`AmountError`] names the wrong member.
    pub fn parse(
        currency: Option<&str>,
        value: Option<&str>,
        field: &'static str,
    ) -> Result<Self, AmountError> {
        let code = currency.ok_or(AmountError::NoCurrency { field })?;
        let currency: Currency = code
            .parse()
            .map_err(|_| AmountError::UnknownCurrency { field, given: code.to_owned() })?;
        let value = value.ok_or(AmountError::NoValue { field })?;
        let wrong = |rule| AmountError::Value { field, given: value.to_owned(), rule };
        if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong("that is not a whole number without sign"));
        }
        if value.len() > MOST_DIGITS {
            return Err(wrong("that has more than 16 digits"));
        }
        let minor: u64 = value.parse().map_err(|_| wrong("that has more than 16 digits"))?;
        if minor == 0 {
            return Err(wrong("there is nothing to pay"));
        }
        if value.starts_with('0') {
            return Err(wrong("it begins with a zero"));
        }
        if currency.code() == "IDR" && !minor.is_multiple_of(100) {
            return Err(wrong("an IDR value ends in 00"));
        }
        Ok(Self { currency, minor })
    }

    /// Another amount of the same currency.
    #[must_use]
    pub fn of_same(&self, minor: u64) -> Self {
        Self { currency: self.currency, minor }
    }

    /// `1234.50`: with the currency's decimals and without grouping.
    #[must_use]
    pub fn decimal(&self) -> String {
        let (whole, fraction) = self.parts();
        if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
    }

    /// `1,234.50`: with the currency's decimals and English grouping.
    #[must_use]
    pub fn formatted(&self) -> String {
        let (whole, fraction) = self.parts();
        let mut text = String::with_capacity(whole.len() * 2);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(&fraction);
        }
        text
    }

    /// Digits before and after the decimal point.
    fn parts(&self) -> (String, String) {
        let decimals = usize::from(self.currency.decimals());
        let mut whole = format!("{:0>width$}", self.minor, width = decimals + 1);
        let fraction = whole.split_off(whole.len().saturating_sub(decimals));
        (whole, fraction)
    }
}

/// The amount in the server API.
impl From<&Money> for Amount {
    fn from(money: &Money) -> Self {
        Self {
            currency: Some(money.currency.code().into()),
            value: Some(money.minor.to_string().into()),
        }
    }
}

/// `MYR 1,234.50`.
impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.currency, self.formatted())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(currency: &str, value: &str) -> Result<Money, AmountError> {
        Money::parse(Some(currency), Some(value), "paymentAmount")
    }

    #[test]
    fn bad_amounts_are_refused_with_their_name() {
        for value in ["", "0", "000", "-1", "+1", "1.5", "1e3", "1,000", "٣", " 1", "007"] {
            let error = parse("MYR", value).unwrap_err();
            assert!(error.to_string().starts_with("paymentAmount.value is \""), "{error}");
        }
        assert!(parse("MYR", "9999999999999999").is_ok());
        assert!(parse("MYR", "10000000000000000").is_err());
        assert!(parse("IDR", "1050").is_err());
        for currency in ["", "XXX", "XAU", "HRK", "myr", "RINGGIT"] {
            let error = parse(currency, "1").unwrap_err();
            assert!(matches!(error, AmountError::UnknownCurrency { .. }), "{currency}: {error}");
        }
        assert!(matches!(Money::parse(None, None, "a"), Err(AmountError::NoCurrency { .. })));
        assert!(matches!(Money::parse(Some("MYR"), None, "a"), Err(AmountError::NoValue { .. })));
    }

    #[test]
    fn amounts_print_with_their_decimals() {
        for (currency, value, shown) in [
            ("MYR", "4200", "42.00"),
            ("MYR", "11", "0.11"),
            ("MYR", "1", "0.01"),
            ("USD", "123456789", "1,234,567.89"),
            ("JPY", "1200", "1,200"),
            ("KWD", "1", "0.001"),
            ("CLF", "12345", "1.2345"),
        ] {
            let money = parse(currency, value).unwrap();
            assert_eq!(money.formatted(), shown);
            assert_eq!(money.decimal(), shown.replace(',', ""));
        }
    }

    #[test]
    fn amounts_are_stored_as_they_travel() {
        let money = parse("MYR", "4200").unwrap();
        let text = serde_json::to_string(&money).unwrap();
        assert_eq!(text, r#"{"currency":"MYR","value":"4200"}"#);
        assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), money);
    }
}

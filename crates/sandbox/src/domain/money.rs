//! Money: integers of minor units and the currencies of ISO 4217.

use kassa_protocol::client::AmountView;
use kassa_protocol::server::Amount;
use serde::{Deserialize, Serialize};

/// An amount that passed the checks: a known currency and 1 to 16 digits, not zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// ISO 4217 code.
    pub currency: String,
    /// Minor units in decimal, without sign and leading zeros.
    pub value: String,
}

/// Why an amount was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmountError {
    /// The code is not a currency of ISO 4217.
    Currency(String),
    /// A member is missing or no positive integer.
    Value(String),
}

impl Money {
    /// Checks an amount; `field` is its name for the message.
    ///
    /// # Errors
    /// With a message that names the member, what was given and what is accepted.
    pub fn parse(amount: &Amount, field: &str) -> Result<Self, AmountError> {
        let Some(currency) = amount.currency.as_ref().map(kassa_protocol::Text::as_str) else {
            return Err(AmountError::Value(format!(
                "{field}.currency is missing; give a three-letter ISO 4217 code such as MYR"
            )));
        };
        if decimals(currency).is_none() {
            return Err(AmountError::Currency(format!(
                "{field}.currency is {}; accepted are the upper-case codes of ISO 4217 such as MYR",
                quote(currency)
            )));
        }
        let Some(value) = amount.value.as_ref().map(kassa_protocol::Text::as_str) else {
            return Err(AmountError::Value(format!(
                "{field}.value is missing; give the amount in minor units, such as \"4200\""
            )));
        };
        let refused = |why: &str| {
            Err(AmountError::Value(format!(
                "{field}.value is {}; {why}. Accepted is a positive integer of minor units with at \
                 most 16 digits, such as \"4200\" for 42.00",
                quote(value)
            )))
        };
        if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) {
            return refused("that is not a whole number without sign");
        }
        if value.len() > 16 {
            return refused("that has more than 16 digits");
        }
        let digits = value.trim_start_matches('0');
        if digits.is_empty() {
            return refused("there is nothing to pay");
        }
        if digits.len() != value.len() {
            return refused("it begins with a zero");
        }
        if currency == "IDR" && !digits.ends_with("00") {
            return refused("an IDR value ends in 00");
        }
        Ok(Self { currency: currency.to_owned(), value: digits.to_owned() })
    }

    /// How many minor units it is. 16 digits fit.
    #[must_use]
    pub fn units(&self) -> u64 {
        self.value.parse().unwrap_or_default()
    }

    /// Another amount of the same currency.
    #[must_use]
    pub fn of_same(&self, units: u64) -> Self {
        Self { currency: self.currency.clone(), value: units.to_string() }
    }

    /// The amount as the server API writes it.
    #[must_use]
    pub fn to_wire(&self) -> Amount {
        Amount::new(&self.currency, &self.value)
    }

    /// The amount as the client protocol shows it.
    #[must_use]
    pub fn view(&self) -> AmountView {
        let (label, divider) = label(&self.currency);
        AmountView {
            currency: self.currency.clone(),
            value: self.value.clone(),
            formatted_value: self.formatted(),
            currency_label: label.to_owned(),
            currency_divider: divider.to_owned(),
            currency_symbol_position: "L".to_owned(),
        }
    }

    /// `1,234.50`: with the currency's decimals and English grouping.
    #[must_use]
    pub fn formatted(&self) -> String {
        let decimals = decimals(&self.currency).unwrap_or(2);
        let padded = format!("{:0>width$}", self.value, width = decimals + 1);
        let (whole, fraction) =
            padded.split_at_checked(padded.len().saturating_sub(decimals)).unwrap_or((&padded, ""));
        let mut text = String::with_capacity(padded.len() * 2);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push('.');
            text.push_str(fraction);
        }
        text
    }

    /// `MYR 1,234.50`.
    #[must_use]
    pub fn with_code(&self) -> String {
        format!("{} {}", self.currency, self.formatted())
    }
}

/// Digits after the decimal point; `None` when `code` is not a currency of ISO 4217.
#[must_use]
pub fn decimals(code: &str) -> Option<usize> {
    const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    const TWO: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN \
        BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD \
        FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT \
        LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO \
        NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD \
        SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG \
        YER ZAR ZMW ZWG";
    const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";
    const FOUR: &str = "CLF UYW";
    [(NONE, 0), (TWO, 2), (THREE, 3), (FOUR, 4)]
        .into_iter()
        .find(|(codes, _)| codes.split_ascii_whitespace().any(|known| known == code))
        .map(|(_, decimals)| decimals)
}

/// What to write for a currency and between it and the number. A code stands off, a symbol does
/// not.
fn label(code: &str) -> (&str, &'static str) {
    match code {
        "MYR" => ("RM", " "),
        "EUR" => ("\u{20ac}", ""),
        "GBP" => ("\u{a3}", ""),
        "JPY" => ("\u{a5}", ""),
        "KRW" => ("\u{20a9}", ""),
        "PHP" => ("\u{20b1}", ""),
        "THB" => ("\u{e3f}", ""),
        "USD" => ("$", ""),
        other => (other, " "),
    }
}

/// Someone else's text inside a message: quoted and not endless.
#[must_use]
pub fn quote(text: &str) -> String {
    let short: String = text.chars().take(32).collect();
    let dots = if short.len() < text.len() { "…" } else { "" };
    format!("\"{}{dots}\"", short.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(currency: &str, value: &str) -> Result<Money, AmountError> {
        Money::parse(&Amount::new(currency, value), "paymentAmount")
    }

    #[test]
    fn bad_amounts_are_refused_with_their_name() {
        for value in ["", "0", "000", "-1", "+1", "1.5", "1e3", "1,000", "٣", " 1", "007"] {
            let Err(AmountError::Value(message)) = parse("MYR", value) else {
                panic!("accepted {value:?}");
            };
            assert!(message.starts_with("paymentAmount.value is \""), "{message}");
        }
        assert!(parse("MYR", "9999999999999999").is_ok());
        assert!(parse("MYR", "10000000000000000").is_err());
        assert!(parse("IDR", "1050").is_err());
        for currency in ["", "XXX", "myr", "RINGGIT"] {
            assert!(matches!(parse(currency, "1"), Err(AmountError::Currency(_))), "{currency}");
        }
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
            assert_eq!(parse(currency, value).unwrap().formatted(), shown);
        }
    }
}

//! The payment methods of the sandbox: the rows of `data/methods.csv`.
//!
//! Nothing in this program names a method, except `CARD`, whose form is a page of its own.

mod interaction;
mod table;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_with::{DeserializeFromStr, SerializeDisplay};
use thiserror::Error;

use super::field::{Field, FieldSpec};
use super::money::{Currency, Money};

pub use interaction::{CodeKind, Interaction, UnknownInteraction};
pub use table::{Row, RowError, TableError};

/// The published category of a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Category {
    /// A wallet of the Alipay+ network.
    AlipayPlus,
    /// Paid at a cash machine.
    Atm,
    /// A transfer to an account number.
    BankTransfer,
    /// Paid later or in instalments.
    Bnpl,
    /// A card.
    Card,
    /// Paid with the telephone bill.
    CarrierBilling,
    /// A direct debit.
    DirectDebit,
    /// The bank's app.
    MobileBankingApp,
    /// The bank's page.
    OnlineBanking,
    /// Paid over the counter.
    Otc,
    /// A transfer in real time.
    RealTime,
    /// A transfer to a virtual account.
    Va,
    /// A wallet.
    Wallet,
}

impl Category {
    /// The published name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AlipayPlus => "ALIPAY_PLUS",
            Self::Atm => "ATM",
            Self::BankTransfer => "BANK_TRANSFER",
            Self::Bnpl => "BNPL",
            Self::Card => "CARD",
            Self::CarrierBilling => "CARRIER_BILLING",
            Self::DirectDebit => "DIRECT_DEBIT",
            Self::MobileBankingApp => "MOBILE_BANKING_APP",
            Self::OnlineBanking => "ONLINE_BANKING",
            Self::Otc => "OTC",
            Self::RealTime => "REAL_TIME",
            Self::Va => "VA",
            Self::Wallet => "WALLET",
        }
    }
}

/// When a payment is `PENDING`, that is, waits for money that takes days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pends {
    /// Never.
    #[serde(rename = "")]
    Never,
    /// From its start: the buyer pays at a counter or from an account.
    #[serde(rename = "start")]
    FromStart,
    /// From the buyer's approval on: the banks take days.
    #[serde(rename = "approved")]
    OnceApproved,
}

/// The buyer's device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Terminal {
    /// A desktop.
    #[default]
    Web,
    /// A phone's browser or a web view.
    Wap,
}

impl Terminal {
    /// Reads `terminalType`. An unknown value means a desktop, which can show everything.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "WAP" | "APP" | "MINI_APP" => Self::Wap,
            _ => Self::Web,
        }
    }
}

/// A method: a row of the table. Stored and sent as its `paymentMethodType`.
#[derive(Debug, Clone, Copy, SerializeDisplay, DeserializeFromStr)]
pub struct Method(&'static Row);

/// There is no such method.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no method {0}; the sandbox has those of its data/methods.csv")]
pub struct UnknownMethod(String);

/// Why an amount cannot be paid with a method.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AmountRefused {
    /// A currency that the method does not accept.
    #[error(
        "{method} takes {}, paymentAmount.currency is {given}",
        .method.0.currencies.iter().map(|it| it.code()).collect::<Vec<_>>().join(", ")
    )]
    Currency {
        /// The method.
        method: Method,
        /// The currency of the amount.
        given: Currency,
    },
    /// Less than the minimum.
    #[error("paymentAmount is {given}; {method} starts at {minimum}")]
    TooLittle {
        /// The method.
        method: Method,
        /// The amount.
        given: Money,
        /// The least accepted amount.
        minimum: Money,
    },
    /// More than the maximum.
    #[error("paymentAmount is {given}; {method} ends at {maximum}")]
    TooMuch {
        /// The method.
        method: Method,
        /// The amount.
        given: Money,
        /// The highest accepted amount.
        maximum: Money,
    },
    /// Not a multiple.
    #[error("paymentAmount is {given}; {method} takes multiples of {step} minor units")]
    NotAMultiple {
        /// The method.
        method: Method,
        /// The amount.
        given: Money,
        /// The step.
        step: u64,
    },
}

impl AmountRefused {
    /// The published result code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Currency { .. } => "CURRENCY_NOT_SUPPORT",
            Self::TooLittle { .. } | Self::NotAMultiple { .. } => "PARAM_ILLEGAL",
            Self::TooMuch { .. } => "PAYMENT_AMOUNT_EXCEED_LIMIT",
        }
    }
}

/// All methods, in the order of the file.
///
/// # Errors
/// When the file that was compiled in is wrong.
pub fn all() -> Result<impl Iterator<Item = Method>, &'static TableError> {
    Ok(table::rows()?.iter().map(Method))
}

impl Method {
    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        self.0
    }

    /// `paymentMethodType`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        &self.0.kind
    }

    /// For the buyer.
    #[must_use]
    pub fn display_name(self) -> &'static str {
        &self.0.name
    }

    /// Its category.
    #[must_use]
    pub fn category(self) -> Category {
        self.0.category
    }

    /// Whether the hosted card form collects it.
    #[must_use]
    pub fn is_card(self) -> bool {
        self.0.web == Interaction::Card
    }

    /// The steps after a submit on this terminal.
    #[must_use]
    pub fn interaction(self, terminal: Terminal) -> &'static Interaction {
        match terminal {
            Terminal::Web => &self.0.web,
            Terminal::Wap => &self.0.wap,
        }
    }

    /// The fields that the page shows, and whether each must be filled in. `all` also has those that
    /// the method would otherwise collect on its own page.
    pub fn shown_fields(self, all: bool) -> impl Iterator<Item = (&'static Field, bool)> {
        self.0.fields.iter().filter_map(move |spec| spec.in_page(all))
    }

    /// Whether a submit needs the value of a field.
    #[must_use]
    pub fn needs_fields(self) -> bool {
        self.0.fields.iter().any(FieldSpec::is_needed)
    }

    /// Whether it can be paid in this currency.
    #[must_use]
    pub fn accepts(self, currency: Currency) -> bool {
        self.0.currencies.is_empty() || self.0.currencies.contains(&currency)
    }

    /// Checks an amount against the method's currencies, limits and steps.
    ///
    /// # Errors
    /// The violated rule.
    pub fn check(self, amount: &Money) -> Result<(), AmountRefused> {
        let (method, given) = (self, *amount);
        if !self.accepts(amount.currency) {
            return Err(AmountRefused::Currency { method, given: amount.currency });
        }
        let minimum = self.0.minimum.of(amount.currency);
        if let Some(minimum) = minimum.filter(|least| amount.minor < *least) {
            let minimum = amount.of_same(minimum);
            return Err(AmountRefused::TooLittle { method, given, minimum });
        }
        let maximum = self.0.maximum.of(amount.currency);
        if let Some(maximum) = maximum.filter(|most| amount.minor > *most) {
            let maximum = amount.of_same(maximum);
            return Err(AmountRefused::TooMuch { method, given, maximum });
        }
        if !amount.minor.is_multiple_of(self.0.multiple) {
            return Err(AmountRefused::NotAMultiple { method, given, step: self.0.multiple });
        }
        Ok(())
    }

    /// An accepted amount near 42 of the currency, for tools and the shop. `None` when the method
    /// does not accept the currency.
    #[must_use]
    pub fn sample(self, currency: Currency) -> Option<Money> {
        let unit = 10_u64.checked_pow(u32::from(currency.decimals()))?;
        self.nearest(currency, unit.saturating_mul(42))
    }

    /// An accepted amount near so many minor units. `None` when the method does not accept the
    /// currency.
    #[must_use]
    pub fn nearest(self, currency: Currency, wished: u64) -> Option<Money> {
        let step = self.0.multiple;
        let least = self.0.minimum.of(currency).unwrap_or(1);
        let most = self.0.maximum.of(currency).unwrap_or(u64::MAX);
        // Rounding up must not exceed the limit.
        let most = most.checked_div(step)?.saturating_mul(step);
        let minor = wished.clamp(least, most.max(least)).div_ceil(step).saturating_mul(step);
        let money = Money { currency, minor };
        self.check(&money).ok().map(|()| money)
    }

    /// The currency that tools use by default: the shop's where the method accepts it.
    #[must_use]
    pub fn usual_currency(self) -> Currency {
        match self.0.currencies.first() {
            Some(first) if !self.accepts(Currency::MYR) => *first,
            Some(_) | None => Currency::MYR,
        }
    }
}

impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(kind: &str) -> Result<Self, UnknownMethod> {
        let found = all().ok().and_then(|mut methods| methods.find(|it| it.0.kind == kind));
        found.ok_or_else(|| UnknownMethod(kind.to_owned()))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.0.kind == other.0.kind
    }
}

impl Eq for Method {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_right_and_whole() {
        let kinds: Vec<_> = all().unwrap().map(Method::as_str).collect();
        // 97 rows of the published matrix, its multi-value rows expanded, and one virtual account
        // that only the enumeration lists.
        assert_eq!(kinds.len(), 121);
        for kind in [
            "CARD",
            "ONLINEBANKING_KASIKORNBANK",
            "BANKAPP_KASIKORNBANK",
            "BANKTRANSFER_GOVERNMENTSAVINGSBANK",
            "TAMARA_SA",
            "TAMARA_AE",
            "VIRTUALACCOUNT_KR",
            "PIX_OPEN_FINANCE",
            "CONNECT_WALLET",
        ] {
            assert!(kinds.contains(&kind), "{kind}");
        }
    }

    #[test]
    fn every_method_accepts_its_sample() {
        for method in all().unwrap() {
            let row = method.row();
            let currencies =
                if row.currencies.is_empty() { &[Currency::MYR][..] } else { &row.currencies };
            for currency in currencies {
                let sample = method.sample(*currency).unwrap();
                assert_eq!(method.check(&sample), Ok(()), "{} {currency}", row.kind);
            }
        }
        let fpx: Method = "ONLINEBANKING_FPX".parse().unwrap();
        assert_eq!(fpx.sample("SGD".parse().unwrap()), None);
    }

    #[test]
    fn amounts_are_checked_by_rule() {
        for (kind, currency, minor, code) in [
            ("CARD", "KWD", 1, "ok"),
            ("ONLINEBANKING_FPX", "MYR", 100, "ok"),
            ("ONLINEBANKING_FPX", "MYR", 99, "PARAM_ILLEGAL"),
            ("ONLINEBANKING_FPX", "MYR", 3_000_000, "ok"),
            ("ONLINEBANKING_FPX", "MYR", 3_000_001, "PAYMENT_AMOUNT_EXCEED_LIMIT"),
            ("ONLINEBANKING_FPX", "SGD", 100, "CURRENCY_NOT_SUPPORT"),
            ("TABBY", "SAR", 1_000_001, "PAYMENT_AMOUNT_EXCEED_LIMIT"),
            ("TABBY", "AED", 1_000_001, "ok"),
            ("JKOPAY", "TWD", 1050, "PARAM_ILLEGAL"),
            ("JKOPAY", "TWD", 1000, "ok"),
            ("OCTOPUS", "HKD", 1005, "PARAM_ILLEGAL"),
            ("OCTOPUS", "HKD", 1010, "ok"),
            ("PROMPTPAY", "THB", 9_999_999_999_999_999, "PAYMENT_AMOUNT_EXCEED_LIMIT"),
        ] {
            let amount = Money { currency: currency.parse().unwrap(), minor };
            let outcome = kind.parse::<Method>().unwrap().check(&amount);
            assert_eq!(outcome.map_or_else(|no| no.code(), |()| "ok"), code, "{kind} {minor}");
        }
        let amount = Money { currency: "TWD".parse().unwrap(), minor: 1050 };
        let refused = "JKOPAY".parse::<Method>().unwrap().check(&amount).unwrap_err().to_string();
        assert!(refused.contains("JKOPAY takes multiples of 100"), "{refused}");
    }

    #[test]
    fn methods_are_stored_by_their_name() {
        let method: Method = "PIX".parse().unwrap();
        assert_eq!(serde_json::to_string(&method).unwrap(), "\"PIX\"");
        assert_eq!(serde_json::from_str::<Method>("\"PIX\"").unwrap(), method);
        assert!(serde_json::from_str::<Method>("\"CASH\"").is_err());
    }
}

//! The payment methods that the sandbox plays: `data/methods.csv`, read and checked once.
//!
//! A method is a row of that file. Nothing in this program names one, but for `CARD`, whose form is
//! a page of its own.

use std::sync::LazyLock;

use kassa_protocol::client::SessionConfig;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::Millis;
use crate::domain::field::{Ask, Field};
use crate::domain::money::{Money, decimals};

const DATA: &str = include_str!("../../data/methods.csv");

const HEAD: &str = "type,name,countries,currencies,category,web,wap,fields,minimum,maximum,multiple,\
                    close,code,pending,chosen";

static TABLE: LazyLock<Result<Vec<Row>, String>> = LazyLock::new(|| read(DATA));

/// One row of the file.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// `paymentMethodType`.
    pub kind: String,
    /// For the buyer.
    pub name: String,
    /// ISO 3166 alpha-2, or `GLOBAL`.
    pub countries: Vec<String>,
    /// ISO 4217; empty for every one.
    pub currencies: Vec<String>,
    /// Such as `WALLET`.
    pub category: String,
    /// What a submit leads to on a desktop.
    pub web: Interaction,
    /// What it leads to in a phone's browser.
    pub wap: Interaction,
    /// What the page asks.
    pub fields: Vec<Ask>,
    minimum: Limits,
    maximum: Limits,
    multiple: u64,
    /// Until an unpaid order closes.
    pub closes_after: Millis,
    /// How long a code is good or an approval is awaited.
    pub code_life: Millis,
    /// When the payment becomes `PENDING`, if ever.
    pub pends: Pends,
    /// What was chosen here, because nothing is published.
    pub chosen: String,
}

/// A limit in minor units, by currency; an empty one is for every currency.
#[derive(Debug, Default, PartialEq, Eq)]
struct Limits(Vec<(String, u64)>);

impl Limits {
    fn of(&self, currency: &str) -> Option<u64> {
        let fits = |of: &str| of.is_empty() || of == currency;
        self.0.iter().find(|(of, _)| fits(of)).map(|(_, limit)| *limit)
    }
}

/// What a submit leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Interaction {
    /// The hosted card form, and perhaps 3DS.
    Card,
    /// Another page.
    Redirect,
    /// An app on the same phone.
    App {
        /// It has a scheme of its own.
        scheme: bool,
        /// It takes over a web address.
        applink: bool,
    },
    /// The buyer approves on a phone, and nothing leads there.
    Wait,
    /// Codes to show, in this order.
    Codes(Vec<CodeKind>),
}

impl Interaction {
    /// Its name in the file.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Card => "card".to_owned(),
            Self::Redirect => "redirect".to_owned(),
            Self::App { scheme: true, applink: true } => "app:scheme+applink".to_owned(),
            Self::App { scheme: true, applink: false } => "app:scheme".to_owned(),
            Self::App { scheme: false, applink: _ } => "app:applink".to_owned(),
            Self::Wait => "wait".to_owned(),
            Self::Codes(kinds) => {
                kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("+")
            }
        }
    }
}

/// A code that the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CodeKind {
    /// A QR code as EMVCo describes it.
    Qr,
    /// What the QR code says, to be copied.
    Text,
    /// A number to pay to or to tell at a counter.
    Number,
    /// Code 128.
    Barcode,
}

impl CodeKind {
    /// Its name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Qr => "qr",
            Self::Text => "text",
            Self::Number => "number",
            Self::Barcode => "barcode",
        }
    }

    /// `displayType`.
    #[must_use]
    pub fn display_type(self) -> &'static str {
        match self {
            Self::Qr => "QRCODE",
            Self::Text | Self::Number => "TEXT",
            Self::Barcode => "BARCODE",
        }
    }
}

/// When a payment is `PENDING`: money that takes days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pends {
    /// It never is.
    Never,
    /// As soon as it starts: the buyer pays at a counter or from an account.
    FromStart,
    /// Once the buyer did their part: the banks take their time.
    OnceApproved,
}

/// Where the buyer is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Terminal {
    /// A desktop.
    #[default]
    Web,
    /// A phone's browser or a web view.
    Wap,
}

impl Terminal {
    /// Reads `terminalType`; what is unknown is a desktop, which can show everything.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "WAP" | "APP" | "MINI_APP" => Self::Wap,
            _ => Self::Web,
        }
    }
}

/// A method: a row of the table. Stored and sent as its `paymentMethodType`.
#[derive(Debug, Clone, Copy)]
pub struct Method(&'static Row);

/// Why an amount cannot be paid with a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountRefused {
    /// Published result code.
    pub code: &'static str,
    /// The rule, with the amount.
    pub message: String,
}

/// All methods, in the order of the file.
///
/// # Errors
/// When the file that was compiled in is wrong, with its line.
pub fn all() -> Result<impl Iterator<Item = Method>, String> {
    TABLE.as_ref().map(|rows| rows.iter().map(Method)).map_err(Clone::clone)
}

impl Method {
    /// Reads a `paymentMethodType`.
    #[must_use]
    pub fn parse(kind: &str) -> Option<Self> {
        all().ok()?.find(|method| method.0.kind == kind)
    }

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

    /// Whether the hosted card form collects it.
    #[must_use]
    pub fn is_card(self) -> bool {
        self.0.web == Interaction::Card
    }

    /// What a session for this method is for. The SDK itself only tells cards from the others.
    #[must_use]
    pub fn config(self) -> SessionConfig {
        let category = match self.0.category.as_str() {
            "CARD" => "CARD",
            "ONLINE_BANKING" => "BANK",
            _ => "APM",
        };
        SessionConfig {
            product_scene: "CASHIER_PAYMENT".to_owned(),
            payment_method_category_type: category.to_owned(),
        }
    }

    /// What a submit leads to on this terminal.
    #[must_use]
    pub fn interaction(self, terminal: Terminal) -> &'static Interaction {
        match terminal {
            Terminal::Web => &self.0.web,
            Terminal::Wap => &self.0.wap,
        }
    }

    /// `interActionType`. Fields that may stay empty do not make it a form.
    #[must_use]
    pub fn interaction_type(self) -> &'static str {
        let asks = self.0.fields.iter().any(Ask::is_needed);
        match (&self.0.web, asks) {
            (Interaction::Card | Interaction::Wait, _) => "COLLECT",
            (Interaction::Redirect | Interaction::App { .. }, false) => "REDIRECT",
            (Interaction::Redirect | Interaction::App { .. }, true) => "COLLECT_REDIRECT",
            (Interaction::Codes(_), false) => "SHOW_CODE",
            (Interaction::Codes(_), true) => "COLLECT_SHOW_CODE",
        }
    }

    /// Whether it can be paid in this currency.
    #[must_use]
    pub fn takes(self, currency: &str) -> bool {
        self.0.currencies.is_empty() || self.0.currencies.iter().any(|known| known == currency)
    }

    /// Checks an amount against the method's currencies, limits and steps.
    ///
    /// # Errors
    /// With the published code and the rule.
    pub fn check(self, amount: &Money) -> Result<(), AmountRefused> {
        let refused = |code, why: String| {
            let kind = self.as_str();
            let message = format!("paymentAmount is {}; {kind} {why}", amount.with_code());
            Err(AmountRefused { code, message })
        };
        if !self.takes(&amount.currency) {
            return Err(AmountRefused {
                code: "CURRENCY_NOT_SUPPORT",
                message: format!(
                    "{} takes {}, paymentAmount.currency is {}",
                    self.as_str(),
                    self.0.currencies.join(", "),
                    amount.currency
                ),
            });
        }
        let limit =
            |value: u64| Money { currency: amount.currency.clone(), value: value.to_string() };
        // At most 16 digits, which a u64 holds.
        let value: u64 = amount.value.parse().unwrap_or(u64::MAX);
        if let Some(minimum) = self.0.minimum.of(&amount.currency).filter(|least| value < *least) {
            return refused("PARAM_ILLEGAL", format!("starts at {}", limit(minimum).with_code()));
        }
        if let Some(maximum) = self.0.maximum.of(&amount.currency).filter(|most| value > *most) {
            let why = format!("ends at {}", limit(maximum).with_code());
            return refused("PAYMENT_AMOUNT_EXCEED_LIMIT", why);
        }
        if !value.is_multiple_of(self.0.multiple) {
            let why = format!("takes multiples of {} minor units", self.0.multiple);
            return refused("PARAM_ILLEGAL", why);
        }
        Ok(())
    }

    /// An amount that it takes, near 42 of the currency: what tools and the shop pay when nobody
    /// says how much. `None` when it does not take the currency.
    #[must_use]
    pub fn sample(self, currency: &str) -> Option<Money> {
        let minor = u32::try_from(decimals(currency)?).ok()?;
        self.nearest(currency, 42_u64.saturating_mul(10_u64.checked_pow(minor)?))
    }

    /// An amount that it takes, near so many minor units. `None` when it does not take the
    /// currency.
    #[must_use]
    pub fn nearest(self, currency: &str, wished: u64) -> Option<Money> {
        let step = self.0.multiple;
        let least = self.0.minimum.of(currency).unwrap_or(1);
        let most = self.0.maximum.of(currency).unwrap_or(u64::MAX);
        // Rounding up must not leave the limit.
        let most = most.checked_div(step)?.saturating_mul(step);
        let value = wished.clamp(least, most.max(least)).div_ceil(step).saturating_mul(step);
        let money = Money { currency: currency.to_owned(), value: value.to_string() };
        self.check(&money).ok().map(|()| money)
    }

    /// The currency that tools take when nobody says which: the shop's where it can be.
    #[must_use]
    pub fn usual_currency(self) -> &'static str {
        if self.takes("MYR") {
            return "MYR";
        }
        self.0.currencies.first().map_or("MYR", String::as_str)
    }
}

impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.0.kind == other.0.kind
    }
}

impl Eq for Method {}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kind = String::deserialize(deserializer)?;
        Self::parse(&kind)
            .ok_or_else(|| serde::de::Error::custom(format!("there is no method {kind}")))
    }
}

fn read(data: &str) -> Result<Vec<Row>, String> {
    let mut lines = data
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    if lines.next().map(|(_, line)| line) != Some(HEAD) {
        return Err("methods.csv: the columns are not the expected ones".to_owned());
    }
    let mut rows: Vec<Row> = Vec::new();
    for (index, line) in lines {
        let row = row(line).map_err(|why| format!("methods.csv, line {}: {why}", index + 1))?;
        if rows.iter().any(|other| other.kind == row.kind) {
            return Err(format!("methods.csv, line {}: {} is there twice", index + 1, row.kind));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn row(line: &str) -> Result<Row, String> {
    let cells: Vec<&str> = line.split(',').collect();
    let [
        kind,
        name,
        countries,
        currencies,
        category,
        web,
        wap,
        fields,
        minimum,
        maximum,
        multiple,
        close,
        code,
        pending,
        chosen,
    ] = *cells
    else {
        return Err(format!("{} values instead of 15", cells.len()));
    };
    let words = |text: &str| text.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let upper = |text: &str| {
        !text.is_empty()
            && text.len() <= 64
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    if !upper(kind) || !upper(category) || name.is_empty() {
        return Err("type, name or category is missing or not in capitals".to_owned());
    }
    let countries = words(countries);
    if !countries.iter().all(|code| upper(code)) || countries.is_empty() {
        return Err("countries are ISO 3166 codes or GLOBAL".to_owned());
    }
    let currencies = if currencies == "*" { Vec::new() } else { words(currencies) };
    if let Some(odd) = currencies.iter().find(|code| decimals(code).is_none()) {
        return Err(format!("there is no currency {odd}"));
    }
    let closes_after = seconds(close)?.ok_or("close is missing")?;
    let code_life = seconds(code)?.unwrap_or(closes_after);
    if code_life > closes_after {
        return Err("a code that outlives its order".to_owned());
    }
    let fields = fields.split_ascii_whitespace().map(|text| Ask::parse(text, &countries));
    Ok(Row {
        kind: kind.to_owned(),
        name: name.to_owned(),
        category: category.to_owned(),
        web: interaction(web)?,
        wap: interaction(wap)?,
        fields: fields.collect::<Result<_, _>>()?,
        minimum: limits(minimum, &currencies)?,
        maximum: limits(maximum, &currencies)?,
        multiple: if multiple.is_empty() { 1 } else { positive(multiple)? },
        closes_after,
        code_life,
        pends: match pending {
            "" => Pends::Never,
            "start" => Pends::FromStart,
            "approved" => Pends::OnceApproved,
            other => return Err(format!("pending is {other}")),
        },
        chosen: chosen.to_owned(),
        countries,
        currencies,
    })
}

fn interaction(text: &str) -> Result<Interaction, String> {
    Ok(match text {
        "card" => Interaction::Card,
        "redirect" => Interaction::Redirect,
        "wait" => Interaction::Wait,
        "app:scheme" => Interaction::App { scheme: true, applink: false },
        "app:applink" => Interaction::App { scheme: false, applink: true },
        "app:scheme+applink" => Interaction::App { scheme: true, applink: true },
        codes => {
            let kinds = codes.split('+').map(|code| match code {
                "qr" => Ok(CodeKind::Qr),
                "text" => Ok(CodeKind::Text),
                "number" => Ok(CodeKind::Number),
                "barcode" => Ok(CodeKind::Barcode),
                other => Err(format!("there is no interaction {other}")),
            });
            Interaction::Codes(kinds.collect::<Result<_, _>>()?)
        }
    })
}

fn limits(text: &str, currencies: &[String]) -> Result<Limits, String> {
    let limit = |word: &str| match word.split_once(':') {
        None => Ok((String::new(), positive(word)?)),
        Some((currency, number)) if currencies.iter().any(|known| known == currency) => {
            Ok((currency.to_owned(), positive(number)?))
        }
        Some((currency, _)) => Err(format!("a limit for {currency}, which is not taken")),
    };
    text.split_ascii_whitespace().map(limit).collect::<Result<_, _>>().map(Limits)
}

fn positive(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("{text} is no positive whole number"))
}

fn seconds(text: &str) -> Result<Option<Millis>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = i64::try_from(positive(text)?).map_err(|error| error.to_string())?;
    Ok(Some(number.saturating_mul(1000)))
}

/// The fields that a method asks in the page. `all` also has those that it would otherwise ask on
/// its own page.
pub fn asked(method: Method, all: bool) -> impl Iterator<Item = (&'static Field, bool)> {
    method.row().fields.iter().filter_map(move |ask| ask.in_page(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = "X,Name,MY,MYR,WALLET,qr,app:scheme,phone,1,2,,840,,,";

    fn with(change: impl FnOnce(&mut Vec<&str>)) -> Result<Vec<Row>, String> {
        let mut cells: Vec<&str> = ROW.split(',').collect();
        change(&mut cells);
        read(&format!("# words\n{HEAD}\n{}\n", cells.join(",")))
    }

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
    fn every_method_takes_its_sample_and_codes_know_their_currency() {
        for method in all().unwrap() {
            let any = ["MYR".to_owned()];
            let row = method.row();
            let currencies = if row.currencies.is_empty() { &any[..] } else { &row.currencies };
            for currency in currencies {
                let sample = method.sample(currency).unwrap();
                assert_eq!(method.check(&sample), Ok(()), "{} {currency}", row.kind);
                assert!(
                    !matches!(row.web, Interaction::Codes(_))
                        || crate::domain::code::currency_number(currency).is_some(),
                    "{currency}"
                );
            }
            assert_eq!(method.sample("XXX"), None);
        }
    }

    #[test]
    fn mistakes_in_the_file_are_found() {
        assert!(with(|_| ()).is_ok());
        for (place, value, words) in [
            (0, "lower", "capitals"),
            (3, "ABC", "no currency ABC"),
            (5, "smoke", "no interaction smoke"),
            (7, "shoe", "no field shoe"),
            (7, "bank:NOWHERE", "NOWHERE"),
            (8, "0", "positive"),
            (9, "EUR:5", "not taken"),
            (11, "", "close"),
            (12, "900", "outlives"),
            (13, "maybe", "pending"),
        ] {
            let error = with(|cells| cells[place] = value).unwrap_err();
            assert!(error.contains(words) && error.contains("line 3"), "{value}: {error}");
        }
        assert!(with(|cells| cells.push("more")).unwrap_err().contains("16 values"));
        assert!(read(&format!("{HEAD}\n{ROW}\n{ROW}")).unwrap_err().contains("twice"));
        assert!(read("type,name\n").is_err());
    }

    #[test]
    fn amounts_are_checked_by_rule() {
        for (kind, currency, value, code) in [
            ("CARD", "KWD", "1", "ok"),
            ("ONLINEBANKING_FPX", "MYR", "100", "ok"),
            ("ONLINEBANKING_FPX", "MYR", "99", "PARAM_ILLEGAL"),
            ("ONLINEBANKING_FPX", "MYR", "3000000", "ok"),
            ("ONLINEBANKING_FPX", "MYR", "3000001", "PAYMENT_AMOUNT_EXCEED_LIMIT"),
            ("ONLINEBANKING_FPX", "SGD", "100", "CURRENCY_NOT_SUPPORT"),
            ("TABBY", "SAR", "1000001", "PAYMENT_AMOUNT_EXCEED_LIMIT"),
            ("TABBY", "AED", "1000001", "ok"),
            ("JKOPAY", "TWD", "1050", "PARAM_ILLEGAL"),
            ("JKOPAY", "TWD", "1000", "ok"),
            ("OCTOPUS", "HKD", "1005", "PARAM_ILLEGAL"),
            ("OCTOPUS", "HKD", "1010", "ok"),
            ("PROMPTPAY", "THB", "9999999999999999", "PAYMENT_AMOUNT_EXCEED_LIMIT"),
        ] {
            let amount = Money { currency: currency.to_owned(), value: value.to_owned() };
            let outcome = Method::parse(kind).unwrap().check(&amount);
            assert_eq!(outcome.map_or_else(|no| no.code, |()| "ok"), code, "{kind} {value}");
        }
        let amount = Money { currency: "TWD".to_owned(), value: "1050".to_owned() };
        let refused = Method::parse("JKOPAY").unwrap().check(&amount).unwrap_err();
        assert!(refused.message.contains("JKOPAY takes multiples of 100"), "{}", refused.message);
    }

    #[test]
    fn interactions_are_named_as_in_the_file() {
        for name in [
            "card",
            "redirect",
            "wait",
            "app:scheme",
            "app:applink",
            "app:scheme+applink",
            "qr",
            "text+qr",
            "barcode+number",
        ] {
            assert_eq!(interaction(name).unwrap().name(), name);
        }
    }

    #[test]
    fn methods_are_stored_by_their_name() {
        let method = Method::parse("PIX").unwrap();
        assert_eq!(serde_json::to_string(&method).unwrap(), "\"PIX\"");
        assert_eq!(serde_json::from_str::<Method>("\"PIX\"").unwrap(), method);
        assert!(serde_json::from_str::<Method>("\"CASH\"").is_err());
    }
}

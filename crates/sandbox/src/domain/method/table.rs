//! `data/methods.csv`, read and checked once.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_with::formats::SpaceSeparator;
use serde_with::{StringWithSeparator, serde_as};
use thiserror::Error;

use super::{Category, Interaction, Pends};
use crate::clock::Millis;
use crate::domain::field::{FieldSpec, FieldSpecError};
use crate::domain::money::Currency;

static TABLE: LazyLock<Result<Vec<Row>, TableError>> =
    LazyLock::new(|| read(include_str!("../../../data/methods.csv")));

/// The rows of the file, in its order.
///
/// # Errors
/// When the file that was compiled in is wrong.
pub(super) fn rows() -> Result<&'static [Row], &'static TableError> {
    TABLE.as_ref().map(Vec::as_slice)
}

/// A method: one row of the file.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// `paymentMethodType`.
    pub kind: String,
    /// For the buyer.
    pub name: String,
    /// ISO 3166 alpha-2, or `GLOBAL`.
    pub countries: Vec<String>,
    /// Accepted currencies; empty for every one.
    pub currencies: Vec<Currency>,
    /// Its category.
    pub category: Category,
    /// The steps after a submit on a desktop.
    pub web: Interaction,
    /// The steps after a submit in a phone's browser.
    pub wap: Interaction,
    /// The fields that the page shows.
    pub fields: Vec<FieldSpec>,
    pub(super) minimum: Limits,
    pub(super) maximum: Limits,
    /// The amount is a multiple of so many minor units.
    pub(super) multiple: u64,
    /// Time until an unpaid order closes.
    pub closes_after: Millis,
    /// How long a code is valid or an approval is awaited.
    pub code_life: Millis,
    /// When the payment becomes `PENDING`, if ever.
    pub pends: Pends,
    /// Values that no published page gives and that were chosen for the sandbox.
    pub chosen: String,
}

/// Limits of an amount in minor units, by currency; one without a currency holds for every one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Limits(Vec<(Option<Currency>, u64)>);

impl Limits {
    pub(super) fn of(&self, currency: Currency) -> Option<u64> {
        let fits = |of: Option<Currency>| of.is_none_or(|of| of == currency);
        self.0.iter().find(|(of, _)| fits(*of)).map(|(_, limit)| *limit)
    }
}

/// The file cannot be used.
#[derive(Debug, Error)]
pub enum TableError {
    /// A line that does not have the columns or the types of its values.
    #[error("methods.csv: {0}")]
    Csv(#[from] csv::Error),
    /// A row that breaks a rule.
    #[error("methods.csv, line {line}: {error}")]
    Row {
        /// Counted from 1.
        line: u64,
        /// The rule.
        error: RowError,
    },
}

/// A row breaks a rule of the file.
#[derive(Debug, Error)]
pub enum RowError {
    /// A name that has to be upper case and is not, or is missing.
    #[error("type or name is missing, or type is not in capitals")]
    Names,
    /// No country.
    #[error("countries are ISO 3166 codes or GLOBAL")]
    Countries,
    /// An unknown currency.
    #[error("there is no currency {0}")]
    Currency(String),
    /// An unknown field.
    #[error(transparent)]
    Field(#[from] FieldSpecError),
    /// A limit that is no positive whole number.
    #[error("{0} is no positive whole number")]
    NotPositive(String),
    /// A limit for a currency that the method does not accept.
    #[error("a limit for {0}, which the method does not accept")]
    LimitCurrency(String),
    /// A code that outlives its order.
    #[error("a code that outlives its order")]
    CodeLife,
    /// Two rows of one method.
    #[error("{0} is there twice")]
    Twice(String),
}

/// A row as it stands in the file.
#[serde_as]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde_as(as = "StringWithSeparator::<SpaceSeparator, String>")]
    countries: Vec<String>,
    #[serde_as(as = "StringWithSeparator::<SpaceSeparator, String>")]
    currencies: Vec<String>,
    category: Category,
    web: Interaction,
    wap: Interaction,
    #[serde_as(as = "StringWithSeparator::<SpaceSeparator, String>")]
    fields: Vec<String>,
    #[serde_as(as = "StringWithSeparator::<SpaceSeparator, String>")]
    minimum: Vec<String>,
    #[serde_as(as = "StringWithSeparator::<SpaceSeparator, String>")]
    maximum: Vec<String>,
    multiple: Option<std::num::NonZeroU64>,
    close: std::num::NonZeroU32,
    code: Option<std::num::NonZeroU32>,
    pending: Pends,
    chosen: String,
}

fn read(data: &str) -> Result<Vec<Row>, TableError> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(data.as_bytes());
    let headers = reader.headers()?.clone();
    let mut rows: Vec<Row> = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let raw: RawRow = record.deserialize(Some(&headers))?;
        let row = Row::try_from(raw).map_err(|error| TableError::Row { line, error })?;
        if rows.iter().any(|other| other.kind == row.kind) {
            return Err(TableError::Row { line, error: RowError::Twice(row.kind) });
        }
        rows.push(row);
    }
    Ok(rows)
}

impl TryFrom<RawRow> for Row {
    type Error = RowError;

    fn try_from(raw: RawRow) -> Result<Self, RowError> {
        if !is_upper(&raw.kind) || raw.name.is_empty() {
            return Err(RowError::Names);
        }
        if !raw.countries.iter().all(|code| is_upper(code)) || raw.countries.is_empty() {
            return Err(RowError::Countries);
        }
        let currencies = match raw.currencies.as_slice() {
            [any] if any == "*" => Vec::new(),
            codes => codes.iter().map(|code| currency(code)).collect::<Result<_, _>>()?,
        };
        let closes_after = millis(raw.close);
        let code_life = raw.code.map_or(closes_after, millis);
        if code_life > closes_after {
            return Err(RowError::CodeLife);
        }
        let fields = raw.fields.iter().map(|word| FieldSpec::parse(word, &raw.countries));
        Ok(Self {
            fields: fields.collect::<Result<_, _>>()?,
            minimum: limits(&raw.minimum, &currencies)?,
            maximum: limits(&raw.maximum, &currencies)?,
            multiple: raw.multiple.map_or(1, Into::into),
            kind: raw.kind,
            name: raw.name,
            countries: raw.countries,
            currencies,
            category: raw.category,
            web: raw.web,
            wap: raw.wap,
            closes_after,
            code_life,
            pends: raw.pending,
            chosen: raw.chosen,
        })
    }
}

fn is_upper(text: &str) -> bool {
    let is_allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(is_allowed)
}

fn currency(code: &str) -> Result<Currency, RowError> {
    code.parse().map_err(|_| RowError::Currency(code.to_owned()))
}

fn limits(words: &[String], currencies: &[Currency]) -> Result<Limits, RowError> {
    let limit = |word: &String| {
        let (of, number) = match word.split_once(':') {
            None => (None, word.as_str()),
            Some((code, number)) => {
                let of = currency(code)?;
                if !currencies.contains(&of) {
                    return Err(RowError::LimitCurrency(code.to_owned()));
                }
                (Some(of), number)
            }
        };
        let number = number.parse().ok().filter(|number| *number > 0);
        Ok((of, number.ok_or_else(|| RowError::NotPositive(word.clone()))?))
    };
    words.iter().map(limit).collect::<Result<_, _>>().map(Limits)
}

fn millis(seconds: std::num::NonZeroU32) -> Millis {
    Millis::from(seconds.get()) * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "type,name,countries,currencies,category,web,wap,fields,minimum,maximum,\
                        multiple,close,code,pending,chosen";
    const ROW: &str = "X,Name,MY,MYR,WALLET,qr,app:scheme,phone,1,2,,840,,,";

    fn with(change: impl FnOnce(&mut Vec<&str>)) -> Result<Vec<Row>, TableError> {
        let mut cells: Vec<&str> = ROW.split(',').collect();
        change(&mut cells);
        read(&format!("# words\n{HEAD}\n{}\n", cells.join(",")))
    }

    #[test]
    fn mistakes_in_the_file_are_found() {
        assert!(with(|_| ()).is_ok());
        for (place, value, words) in [
            (0, "lower", "capitals"),
            (3, "ABC", "no currency ABC"),
            (5, "smoke", "smoke"),
            (7, "shoe", "no field shoe"),
            (7, "bank:NOWHERE", "NOWHERE"),
            (8, "0", "positive"),
            (9, "EUR:5", "not accept"),
            (10, "0", "zero"),
            (11, "", "line"),
            (12, "900", "outlives"),
            (13, "maybe", "maybe"),
        ] {
            let error = with(|cells| cells[place] = value).unwrap_err().to_string();
            assert!(error.contains(words), "{value}: {error}");
            assert!(error.contains("line 3") || error.contains("line: 3"), "{error}");
        }
        assert!(with(|cells| cells.push("more")).unwrap_err().to_string().contains("16 fields"));
        let twice = read(&format!("{HEAD}\n{ROW}\n{ROW}")).unwrap_err();
        assert!(twice.to_string().contains("twice"), "{twice}");
        assert!(read("type,name\nX,Name\n").is_err());
    }
}

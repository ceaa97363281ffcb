//! `data/banks.csv`: the banks that a field offers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kassa_protocol::client::Choice;
use serde::Deserialize;
use thiserror::Error;

static LISTS: LazyLock<Result<BTreeMap<String, Vec<Choice>>, BanksError>> =
    LazyLock::new(|| read(include_str!("../../../data/banks.csv")));

/// The file cannot be used.
#[derive(Debug, Error)]
pub enum BanksError {
    /// A line that does not have the columns.
    #[error("banks.csv: {0}")]
    Csv(#[from] csv::Error),
    /// A value is empty.
    #[error("banks.csv, line {0}: a value is empty")]
    Empty(u64),
    /// Two banks of one list have the same code.
    #[error("banks.csv, line {0}: the list has this code already")]
    Twice(u64),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBank {
    list: String,
    code: String,
    name: String,
}

/// A list by its name; `None` when there is none.
///
/// # Errors
/// When the file that was compiled in is wrong.
pub(super) fn list(name: &str) -> Result<Option<&'static [Choice]>, &'static BanksError> {
    Ok(LISTS.as_ref()?.get(name).map(Vec::as_slice))
}

fn read(data: &str) -> Result<BTreeMap<String, Vec<Choice>>, BanksError> {
    let mut lists: BTreeMap<String, Vec<Choice>> = BTreeMap::new();
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(data.as_bytes());
    let headers = reader.headers()?.clone();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let RawBank { list, code, name } = record.deserialize(Some(&headers))?;
        if list.is_empty() || code.is_empty() || name.is_empty() {
            return Err(BanksError::Empty(line));
        }
        let banks = lists.entry(list).or_default();
        if banks.iter().any(|bank| bank.value == code) {
            return Err(BanksError::Twice(line));
        }
        banks.push(Choice { value: code, text: name });
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_in_the_file_are_found() {
        assert!(list("IDEAL").unwrap().is_some_and(|banks| banks.len() > 2));
        assert!(list("NOWHERE").unwrap().is_none());
        let wrong = |rows: &str| read(&format!("list,code,name\n{rows}")).unwrap_err();
        assert!(matches!(wrong("A,1,x\nA,1,y\n"), BanksError::Twice(3)));
        assert!(matches!(wrong("A,1,\n"), BanksError::Empty(2)));
        assert!(matches!(wrong("A,1\n"), BanksError::Csv(_)));
        assert!(read("list,code\nA,1\n").is_err());
    }
}

//! Days of the Gregorian calendar, `YYYY-MM-DD` (ISO 8601).

use super::FieldFault;
use crate::card::digits;
use crate::card::edit::regroup;
use crate::text_tools::number;

/// `today` in the same form. Dates of one form compare as texts.
pub(super) fn read(text: &str, today: &str) -> Result<String, FieldFault> {
    let digits = digits(text);
    let part = |from, to| digits.get(from..to).and_then(number);
    let (8, Some(year), Some(month), Some(day)) =
        (digits.len(), part(0, 4), part(4, 6), part(6, 8))
    else {
        return Err(FieldFault::Malformed);
    };
    if year == 0 || day == 0 || day > days(year, month) {
        return Err(FieldFault::NoSuchDay);
    }
    let date = regroup(&digits, 0, &[4, 6], &["-", "-"]).text;
    if date.as_str() > today && !today.is_empty() { Err(FieldFault::InFuture) } else { Ok(date) }
}

/// How many days a month has; none if there is no such month.
fn days(year: u64, month: u64) -> u64 {
    let leaps = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u64::from(leaps),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

//! Expiry dates: how they are typed, read, and when a card is past its date.

use super::edit::{Change, Edited, Shown, digit, digit_of, digits, is_blank};

/// The longest validity in years. Cards are issued for a few; more than this is a typing mistake.
const LONGEST_YEARS: u16 = 19;

/// A month of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    /// Such as 2027.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
}

/// The last month in which a card is valid, to its last day (ISO/IEC 7813).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry(Month);

/// What is wrong with an expiry date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryError {
    /// Not yet a month and a year.
    Incomplete,
    /// There is no digit at all.
    Missing,
    /// No such month.
    NoSuchMonth,
    /// The card has expired.
    Past,
    /// More than 19 years ahead.
    TooFar,
}

impl Expiry {
    /// Reads `MM/YY`, `MM/YYYY`, `M/YY`, `MMYY`, `MMYYYY` or `YYYY-MM`, with any separator. `now`
    /// is the buyer's current month; a year of two digits is one near it.
    ///
    /// # Errors
    /// [`ExpiryError`] names what the buyer has to correct.
    pub fn parse(text: &str, now: Month) -> Result<Self, ExpiryError> {
        let Halves { mut head, mut tail, .. } = halves(text, ALL);
        if is_year_first(&head, &tail) {
            (head, tail) = (tail, head);
        } else if tail.is_empty() {
            (head, tail) = month_first(&head);
        }
        if head.is_empty() {
            return Err(if tail.is_empty() {
                ExpiryError::Missing
            } else {
                ExpiryError::Incomplete
            });
        }
        if head.len() > 2 {
            return Err(ExpiryError::Incomplete);
        }
        let month = number(&head);
        // `0` may become `09` and `1` may become `12`; a wrong month of two digits stays wrong.
        if !(1..=12).contains(&month) {
            let open = head.len() < 2;
            return Err(if open { ExpiryError::Incomplete } else { ExpiryError::NoSuchMonth });
        }
        let year = match tail.len() {
            2 => near(number(&tail), now.year),
            4 => number(&tail),
            _ => return Err(ExpiryError::Incomplete),
        };
        // A month of two digits fits.
        let last = Month { year, month: month as u8 };
        match () {
            () if last < now => Err(ExpiryError::Past),
            () if year > now.year.saturating_add(LONGEST_YEARS) => Err(ExpiryError::TooFar),
            () => Ok(Self(last)),
        }
    }

    /// The last month in which the card is valid.
    #[must_use]
    pub fn last_month(self) -> Month {
        self.0
    }

    /// The month in its wire form: two digits.
    #[must_use]
    pub fn month(self) -> String {
        two_digits(u16::from(self.0.month))
    }

    /// The year in its wire form: its last two digits.
    #[must_use]
    pub fn year(self) -> String {
        two_digits(self.0.year)
    }
}

/// `MM/YY`, as it is printed on cards.
impl From<Expiry> for String {
    fn from(expiry: Expiry) -> Self {
        let mut text = expiry.month();
        text.push_str("/");
        text.push_str(&expiry.year());
        text
    }
}

/// Formats a date while it is typed: `4` becomes `04/`, `12` becomes `12/`, `1/27` becomes `01/27`
/// and `2027-04` becomes `04/2027`. After a deletion nothing is added.
#[must_use]
pub fn type_expiry(edited: &Edited<'_>) -> Shown {
    let behind = edited.digits_before_caret();
    if edited.change == Change::Entered {
        return entered(edited, behind);
    }
    match edited.meant_digit(&digits(edited.text)) {
        // The separator that was deleted comes back, and the digit next to it goes.
        Some(index) => shortened(&halves(edited.before, index), index),
        None => shortened(&halves(edited.text, ALL), behind),
    }
}

fn entered(edited: &Edited<'_>, mut behind: usize) -> Shown {
    let Halves { mut head, mut tail, mut separator } = halves(edited.text, ALL);
    if head.is_empty() {
        (head, tail, separator) = (tail, head, None);
    }
    if is_year_first(&head, &tail) {
        (head, tail) = (tail, head);
        behind = head.len() + tail.len();
    } else {
        // A month of one digit is complete when it cannot become one of two, or when the caret
        // has already left it: `1` in `1/27` may still be meant to become `11`.
        let left = separator.is_some_and(|at| edited.caret > at);
        let complete = match (head.len(), head.bytes().next()) {
            (1, Some(b'1')) => left,
            (1, Some(b'2'..)) => true,
            (_, Some(b'2'..)) => separator.is_none(),
            _ => false,
        };
        if complete {
            let mut padded = String::from("0");
            padded.push_str(&head);
            head = padded;
            behind += usize::from(behind > 0);
        }
        if head.len() != 1 || tail.is_empty() {
            head.push_str(&tail);
            (head, tail) = month_first(&head);
        }
        if let Some(year) = tail.get(..4) {
            tail = year.to_owned();
        }
    }
    // A complete month is followed by the separator, and the caret goes on behind it.
    let complete = head.len() == 2;
    show(
        &head,
        &tail,
        complete,
        behind + usize::from(behind > head.len() || complete && behind == 2),
    )
}

/// The rest after a deletion, with the separator where it was.
fn shortened(left: &Halves, behind: usize) -> Shown {
    let Halves { head, tail, .. } = left;
    show(head, tail, false, behind + usize::from(behind > head.len()))
}

fn show(head: &str, tail: &str, complete: bool, caret: usize) -> Shown {
    let mut text = String::from(head);
    if complete || !tail.is_empty() {
        text.push_str("/");
    }
    text.push_str(tail);
    let caret = caret.min(text.len());
    Shown { text, caret }
}

/// A date's digits before and after its first separator.
struct Halves {
    head: String,
    tail: String,
    /// Where the separator is, in UTF-16 code units.
    separator: Option<usize>,
}

/// Leaves no digit out.
const ALL: usize = usize::MAX;

/// Takes a text apart at the first character that is no digit, and leaves out the digit of index
/// `without`. Blanks before it all do not count.
fn halves(text: &str, without: usize) -> Halves {
    let mut halves = Halves { head: String::new(), tail: String::new(), separator: None };
    let mut seen = 0;
    let mut inside = false;
    for (index, character) in text.chars().enumerate() {
        if !inside && is_blank(character) {
            continue;
        }
        inside = true;
        let Some(digit) = digit(character) else {
            // The digits we know take one UTF-16 code unit each, as do all blanks.
            halves.separator = halves.separator.or(Some(index));
            continue;
        };
        if seen != without {
            let half = if halves.separator.is_none() { &mut halves.head } else { &mut halves.tail };
            half.push_str(digit);
        }
        seen += 1;
    }
    halves
}

/// Whether it is `YYYY-MM`, as a browser fills a month in.
fn is_year_first(head: &str, tail: &str) -> bool {
    head.len() == 4 && tail.len() == 2
}

/// Two digits and the rest.
fn month_first(digits: &str) -> (String, String) {
    let (month, year) = digits.split_at_checked(2).unwrap_or((digits, ""));
    (month.to_owned(), year.to_owned())
}

/// The number that at most four digits mean.
fn number(digits: &str) -> u16 {
    digits.bytes().fold(0, |sum, byte| sum * 10 + u16::from(byte - b'0'))
}

/// The year that ends in these two digits and is at most 50 years before `now`, or later.
fn near(two_digits: u16, now: u16) -> u16 {
    let year = (now - now % 100).saturating_add(two_digits);
    if year.saturating_add(50) < now { year.saturating_add(100) } else { year }
}

fn two_digits(number: u16) -> String {
    let mut text = String::from(digit_of(usize::from(number / 10 % 10)));
    text.push_str(digit_of(usize::from(number % 10)));
    text
}

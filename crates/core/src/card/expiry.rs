//! Expiry dates: how they are typed, read, and when a card is past its date.

use super::edit::{Change, Edited, Shown, digit, digit_of, digits, is_blank, length};

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

impl Month {
    /// The month of a day, `YYYY-MM-DD`.
    #[must_use]
    pub fn of_day(day: &str) -> Option<Self> {
        Written::read(day).ok().map(|written| written.month)
    }
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
    /// Reads `MM/YY`, `MM/YYYY`, `M/YY`, `MMYY` or `MMYYYY` with any separator, and the forms in
    /// which password managers and autofill write a date (see `Written`). `now` is the current
    /// month; a year of two digits is one near it. Without it the issuer decides whether the card has
    /// expired.
    ///
    /// # Errors
    /// [`ExpiryError`] names what the buyer has to correct.
    pub fn parse(text: &str, now: Option<Month>) -> Result<Self, ExpiryError> {
        let Written { month: Month { year, month }, .. } = Written::read(text)?;
        let this_year = now.map_or(2000, |now| now.year);
        let year = if year < 100 { near(year, this_year) } else { year };
        let last = Month { year, month };
        match now {
            Some(now) if last < now => Err(ExpiryError::Past),
            Some(now) if year > now.year.saturating_add(LONGEST_YEARS) => Err(ExpiryError::TooFar),
            Some(_) | None => Ok(Self(last)),
        }
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

/// Formats a date while it is typed: `4` becomes `04/`, `12` becomes `12/` and `1/27` becomes
/// `01/27`. After a deletion nothing is added. A text that arrives at once is read as a whole:
/// `2027-04` becomes `04/2027`, and one that cannot be read stays as it is.
#[must_use]
pub fn type_expiry(edited: &Edited<'_>) -> Shown {
    let unchanged = || Shown { text: edited.text.to_owned(), caret: edited.caret };
    if edited.text == edited.before {
        return unchanged();
    }
    if let Ok(Written { month: Month { year, month }, is_by_hand: false }) =
        Written::read(edited.text)
    {
        let century = if year < 100 { String::new() } else { two_digits(year / 100) };
        return show(&two_digits(month.into()), &(century + &two_digits(year)), true, usize::MAX);
    }
    let arrived_at_once = length(edited.text) > length(edited.before) + 2;
    if !is_typed(edited.text) && (arrived_at_once || !is_typed(edited.before)) {
        return unchanged();
    }
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

/// First three letters of the months' English names.
const MONTHS: &[u8] = b"janfebmaraprmayjunjulaugsepoctnovdec";

/// Month and year of a complete date. The year may have two digits only.
struct Written {
    month: Month,
    /// Whether it is in a form that is typed. Autofill and password managers also write `YYYYMM`,
    /// `YYYYMMDD`, `YYYY-MM`, `YYYY-MM-DD`, `MM/DD/YYYY` (`DD/MM/YYYY` where it can only be that),
    /// and the month's English name. The day does not matter.
    is_by_hand: bool,
}

impl Written {
    fn read(text: &str) -> Result<Self, ExpiryError> {
        let (mut lengths, mut numbers) = ([0; 4], [0_u32; 4]);
        let (mut name, mut letters) = ([0; 3], 0);
        let mut run = 0;
        for character in text.chars() {
            let (Some(length), Some(number)) = (lengths.get_mut(run), numbers.get_mut(run)) else {
                return Err(ExpiryError::Incomplete);
            };
            if let Some(digit) = digit(character) {
                *length += 1;
                *number = number.wrapping_mul(10) + u32::from(self::number(digit));
            } else if character.is_ascii_alphabetic() {
                run += usize::from(*length > 0);
                if let Some(letter) = name.get_mut(letters) {
                    *letter = character.to_ascii_lowercase() as u8;
                }
                letters += 1;
            } else if *length > 0 || (run == 0 && letters == 0 && !is_blank(character)) {
                run += 1;
            }
        }
        if lengths == [0; 4] {
            return Err(ExpiryError::Missing);
        }
        let named = MONTHS.chunks_exact(3).position(|month| month == name);
        let named = named.map(|month| month as u32 + 1);
        let [first, second, third, _] = numbers;
        let ((month, year), is_by_hand) = match (named, lengths) {
            (Some(month), [2 | 4, 0, ..] | [4, 1 | 2, 0, _]) => ((month, first), false),
            (Some(month), [1 | 2, 4, 0, _]) => ((month, second), false),
            _ if letters > 0 => return Err(ExpiryError::Incomplete),
            // No month is 20.
            (_, [6, 0, ..]) if first / 10_000 == 20 => ((first % 100, first / 100), false),
            (_, [8, 0, ..]) if first / 1_000_000 == 20 => {
                ((first / 100 % 100, first / 10_000), false)
            }
            (_, [4, 1 | 2, 0..=2, 0]) => ((second, first), false),
            (_, [1 | 2, 1 | 2, 4, 0]) => ((if first > 12 { second } else { first }, third), false),
            (_, [4, 0, ..]) => ((first / 100, first % 100), true),
            (_, [6, 0, ..]) => ((first / 10_000, first % 10_000), true),
            (_, [1 | 2, 2 | 4, 0, _]) => ((first, second), true),
            // `0` may become `09` and `1` may become `12`; a wrong month of two digits stays wrong.
            (_, [2, _, 0, _]) if !(1..=12).contains(&first) => {
                return Err(ExpiryError::NoSuchMonth);
            }
            _ => return Err(ExpiryError::Incomplete),
        };
        if !(1..=12).contains(&month) {
            let is_open = lengths.first() == Some(&1);
            return Err(if is_open { ExpiryError::Incomplete } else { ExpiryError::NoSuchMonth });
        }
        // Two and four digits fit.
        Ok(Self { month: Month { year: year as u16, month: month as u8 }, is_by_hand })
    }
}

/// Whether a text can be a date as it is typed into the field: at most `MM/YYYY`.
fn is_typed(text: &str) -> bool {
    digits(text).len() <= 6 && !text.bytes().any(|byte| byte.is_ascii_alphabetic())
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

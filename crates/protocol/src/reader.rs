//! The reader behind [`FromJson`](crate::json::FromJson): what each kind of value is read from, and
//! the limits of depth and count.

use std::cell::Cell;

use crate::json::Json;

/// The longest JSON text that is parsed, in UTF-16 code units. The parser's caller checks it: the
/// readers of this crate see values that are parsed already.
pub const MAX_TEXT: usize = 1 << 20;
/// The deepest nesting that is read. A gateway's answer needs six levels (answer, method, heading,
/// field, option, value); a merchant's object may contain itself.
pub const MAX_DEPTH: u8 = 16;
/// The most values that are read, at all depths together.
pub const MAX_VALUES: u32 = 20_000;

/// The most items of a list, by the list's name. Far above what a real gateway sends, so that only
/// a faulty answer is refused; without them, one answer could have the page draw thousands of codes.
fn max_items(list: &str) -> usize {
    match list {
        "codeFormViews" => 16,
        "paymentElements" | "subPaymentElementView" => 64,
        // Japan has more than a thousand banks.
        "options" => 2_000,
        _ => 256,
    }
}

/// Why a value was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadError {
    /// No JSON at all, or a value of another kind, such as a list in place of an object.
    OtherKind,
    /// Nested deeper than [`MAX_DEPTH`]. Names the member that goes too deep; empty inside of a
    /// value without members of a known name.
    TooDeep(&'static str),
    /// A text longer than [`MAX_TEXT`].
    TooLong,
    /// A list of more items than are read. Names the list.
    TooMany(&'static str),
    /// More than [`MAX_VALUES`] values.
    TooManyValues,
}

/// A type that is read from a value.
pub(crate) trait ReadValue: Sized {
    /// Reads a value; `None` when the value is of another kind.
    fn read_value(source: &Source<'_, impl Json>) -> Option<Self>;
}

/// A type that is read from a member of an object.
pub(crate) trait ReadMember: Sized {
    /// Reads a member. A member that is absent, or of another kind, gives the type's empty value.
    fn read_member(source: &Source<'_, impl Json>, name: &'static str) -> Self;
}

/// A value that is being read, with the limits of the whole reading.
pub(crate) struct Source<'a, J> {
    pub(crate) json: &'a J,
    depth: u8,
    limits: &'a Limits,
}

struct Limits {
    values_left: Cell<u32>,
    error: Cell<Option<ReadError>>,
}

impl<'a, J: Json> Source<'a, J> {
    /// Reads a value of its own, with limits of its own.
    pub(crate) fn read<T>(
        json: &J,
        read: impl FnOnce(&Source<'_, J>) -> Option<T>,
    ) -> Result<T, ReadError> {
        let limits = Limits { values_left: Cell::new(MAX_VALUES), error: Cell::new(None) };
        let value = read(&Source { json, depth: 0, limits: &limits });
        if let Some(error) = limits.error.get() {
            return Err(error);
        }
        value.ok_or(ReadError::OtherKind)
    }

    /// A value inside of this one, if the limits allow it. After the first limit that was exceeded,
    /// nothing is read any more.
    pub(crate) fn inner<'b>(&self, json: &'b J, name: &'static str) -> Option<Source<'b, J>>
    where
        'a: 'b,
    {
        if self.limits.error.get().is_some() {
            return None;
        }
        if self.depth >= MAX_DEPTH {
            return self.fail(ReadError::TooDeep(name));
        }
        let Some(left) = self.limits.values_left.get().checked_sub(1) else {
            return self.fail(ReadError::TooManyValues);
        };
        self.limits.values_left.set(left);
        Some(Source { json, depth: self.depth + 1, limits: self.limits })
    }

    fn fail<T>(&self, error: ReadError) -> Option<T> {
        self.limits.error.set(Some(error));
        None
    }
}

impl ReadValue for String {
    fn read_value(source: &Source<'_, impl Json>) -> Option<Self> {
        // For every text of the protocol, an empty one means the same as an absent one.
        source.json.as_text().filter(|text| !text.is_empty())
    }
}

impl ReadValue for bool {
    fn read_value(source: &Source<'_, impl Json>) -> Option<Self> {
        source.json.as_flag()
    }
}

macro_rules! whole_numbers {
    ($($type:ty),*) => {$(
        impl ReadValue for $type {
            /// A whole number in the range.
            fn read_value(source: &Source<'_, impl Json>) -> Option<Self> {
                let number = source.json.as_number()?;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "the comparison catches a number that is not whole or out of range"
                )]
                let whole = number as Self;
                (f64::from(whole) == number).then_some(whole)
            }
        }
    )*};
}

whole_numbers!(u16, u32);

impl<T: ReadValue> ReadMember for Option<T> {
    fn read_member(source: &Source<'_, impl Json>, name: &'static str) -> Self {
        let json = source.json.member(name)?;
        T::read_value(&source.inner(&json, name)?)
    }
}

impl<T: ReadValue> ReadMember for Vec<T> {
    /// Items of another kind are left out.
    fn read_member(source: &Source<'_, impl Json>, name: &'static str) -> Self {
        let Some(items) = source.json.member(name).and_then(|list| list.items()) else {
            return Self::new();
        };
        if items.len() > max_items(name) {
            return source.fail(ReadError::TooMany(name)).unwrap_or_default();
        }
        items.iter().filter_map(|item| T::read_value(&source.inner(item, name)?)).collect()
    }
}

impl ReadMember for String {
    fn read_member(source: &Source<'_, impl Json>, name: &'static str) -> Self {
        Option::read_member(source, name).unwrap_or_default()
    }
}

impl ReadMember for bool {
    fn read_member(source: &Source<'_, impl Json>, name: &'static str) -> Self {
        Option::read_member(source, name).unwrap_or_default()
    }
}

//! Values of another JSON parser, and the limits within which they become a tree, so that no input
//! can exhaust the stack or hold up the page.

use crate::json::{FromJson, Json};

/// The longest JSON text that is parsed, in UTF-16 code units. The parser's caller checks it, because
/// the values here are parsed already.
pub const MAX_TEXT: usize = 1 << 20;
/// The deepest nesting that is read. A gateway's answer needs six levels (answer, method, heading,
/// field, option, value); a merchant's object may be nested in any way.
pub const MAX_DEPTH: u8 = 16;
/// The most values that are read, at all depths together.
pub const MAX_VALUES: u32 = 20_000;

/// The most items of a list, by the list's name; an unknown list has no limit but [`MAX_VALUES`]. Far
/// more than a real gateway sends: only a faulty answer is refused. Without this limit, one answer
/// could have the page draw thousands of codes.
fn max_items(list: &str) -> usize {
    match list {
        "codeFormViews" => 16,
        "paymentElements" | "subPaymentElementView" => 64,
        // Japan has more than a thousand banks.
        "options" => 2_000,
        "paymentMethods" | "savedPaymentMethods" => 256,
        _ => usize::MAX,
    }
}

/// Why a value was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// No JSON at all, or a value of another kind, such as a list in place of an object.
    OtherKind,
    /// Nested deeper than [`MAX_DEPTH`]. Names the member that goes too deep.
    TooDeep(String),
    /// A text longer than [`MAX_TEXT`].
    TooLong,
    /// A list of more items than are read. Names the list.
    TooMany(String),
    /// More than [`MAX_VALUES`] values.
    TooManyValues,
}

/// A value of another JSON parser.
pub trait Source: Sized {
    /// The value, with the values inside of it. Inherited members do not count.
    fn parsed(self) -> Parsed<Self>;
}

/// One level of a value.
pub enum Parsed<S> {
    /// `null`, or what JSON has no value for.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<S>),
    /// An object.
    Object(Vec<(String, S)>),
}

/// Reads a value of another parser.
///
/// # Errors
/// [`ReadError::OtherKind`] when the value is of another kind; otherwise the limit that it exceeds.
pub fn read<T: FromJson>(source: impl Source) -> Result<T, ReadError> {
    T::from_json(&whole_tree(source)?).ok_or(ReadError::OtherKind)
}

/// Not inlined into each [`read`], which saves 0.3 KB of the shipped file.
#[inline(never)]
fn whole_tree(source: impl Source) -> Result<Json, ReadError> {
    tree(source, "", MAX_DEPTH, &mut { MAX_VALUES })
}

fn tree(source: impl Source, name: &str, depth: u8, values: &mut u32) -> Result<Json, ReadError> {
    *values = values.checked_sub(1).ok_or(ReadError::TooManyValues)?;
    let deeper = || depth.checked_sub(1).ok_or_else(|| ReadError::TooDeep(name.to_owned()));
    Ok(match source.parsed() {
        Parsed::Null => Json::Null,
        Parsed::Flag(flag) => Json::Flag(flag),
        Parsed::Number(number) => Json::Number(number),
        Parsed::Text(text) => Json::Text(text),
        Parsed::List(items) => {
            let depth = deeper()?;
            if items.len() > max_items(name) {
                return Err(ReadError::TooMany(name.to_owned()));
            }
            let mut list = Vec::new();
            for item in items {
                list.push(tree(item, name, depth, values)?);
            }
            Json::List(list)
        }
        Parsed::Object(members) => {
            let depth = deeper()?;
            let mut object = Vec::new();
            for (name, value) in members {
                let value = tree(value, &name, depth, values)?;
                object.push((name, value));
            }
            Json::Object(object)
        }
    })
}

#[cfg(feature = "serde_json")]
impl Source for &serde_json::Value {
    fn parsed(self) -> Parsed<Self> {
        use serde_json::Value;
        match self {
            Value::Null => Parsed::Null,
            Value::Bool(flag) => Parsed::Flag(*flag),
            // JavaScript has no other numbers.
            Value::Number(number) => number.as_f64().map_or(Parsed::Null, Parsed::Number),
            Value::String(text) => Parsed::Text(text.clone()),
            Value::Array(items) => Parsed::List(items.iter().collect()),
            Value::Object(members) => {
                Parsed::Object(members.iter().map(|(name, it)| (name.clone(), it)).collect())
            }
        }
    }
}

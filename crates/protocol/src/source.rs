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

/// The longest text of one value, in bytes: far more than a label, a code, an address or the fields of
/// a form to post have, and short enough for a page to draw at once.
pub const MAX_VALUE_TEXT: usize = 1 << 15;
/// The most fields of all forms together, those inside of others included.
pub const MAX_FIELDS: usize = 128;

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
    /// A value longer than [`MAX_VALUE_TEXT`]. Names the member.
    TooLongText(String),
    /// A list of more items than are read. Names the list.
    TooMany(String),
    /// More than [`MAX_VALUES`] values.
    TooManyValues,
}

/// A value of another JSON parser.
pub trait Source {
    /// The value as a tree, as far as the limits allow. Inherited members do not count. `name` is
    /// the name of the member or of the list that the value is in.
    fn tree(&self, name: &str, limits: &mut Limits) -> Json;
}

/// Reads a value of another parser.
///
/// # Errors
/// [`ReadError::OtherKind`] when the value is of another kind; otherwise the limit that it exceeds.
pub fn read<T: FromJson>(source: &impl Source) -> Result<T, ReadError> {
    T::from_json(&whole_tree(source)?).ok_or(ReadError::OtherKind)
}

/// Not inlined into each [`read`], which saves 0.3 KB of the shipped file.
#[inline(never)]
fn whole_tree(source: &impl Source) -> Result<Json, ReadError> {
    let mut limits =
        Limits { depth: MAX_DEPTH, values: MAX_VALUES, fields: MAX_FIELDS, exceeded: None };
    let json = source.tree("", &mut limits);
    match limits.exceeded {
        Some(error) => Err(error),
        None => Ok(json),
    }
}

/// What is left of the limits of one reading.
pub struct Limits {
    depth: u8,
    values: u32,
    fields: usize,
    /// The limit that was exceeded first. What follows it is read as `null`, and not used.
    exceeded: Option<ReadError>,
}

impl Limits {
    /// Whether one more value may be read.
    #[must_use]
    pub fn allow_value(&mut self) -> bool {
        if self.values == 0 {
            return self.exceed(ReadError::TooManyValues);
        }
        self.values -= 1;
        true
    }

    /// Whether a list of so many items may be read. After one that may, [`Limits::leave`].
    #[must_use]
    pub fn enter_list(&mut self, name: &str, items: usize) -> bool {
        let mut is_over = items > max_items(name);
        if matches!(name, "paymentElements" | "subPaymentElementView") {
            is_over |= items > self.fields;
            self.fields = self.fields.saturating_sub(items);
        }
        if self.depth > 0 && is_over {
            return self.exceed(ReadError::TooMany(name.to_owned()));
        }
        self.enter_object(name, items)
    }

    /// A text, or `null` for one that is too long.
    #[must_use]
    pub fn text(&mut self, name: &str, text: String) -> Json {
        if text.len() > MAX_VALUE_TEXT {
            self.exceed(ReadError::TooLongText(name.to_owned()));
            return Json::Null;
        }
        Json::Text(text)
    }

    /// Whether an object of so many members may be read. After one that may, [`Limits::leave`].
    #[must_use]
    pub fn enter_object(&mut self, name: &str, members: usize) -> bool {
        if self.depth == 0 {
            return self.exceed(ReadError::TooDeep(name.to_owned()));
        }
        if usize::try_from(self.values).is_ok_and(|values| members > values) {
            return self.exceed(ReadError::TooManyValues);
        }
        self.depth -= 1;
        true
    }

    /// The end of a list or an object.
    pub fn leave(&mut self) {
        self.depth += 1;
    }

    fn exceed(&mut self, error: ReadError) -> bool {
        self.values = 0;
        self.exceeded.get_or_insert(error);
        false
    }
}

#[cfg(feature = "serde_json")]
impl Source for serde_json::Value {
    fn tree(&self, name: &str, limits: &mut Limits) -> Json {
        if !limits.allow_value() {
            return Json::Null;
        }
        match self {
            Self::Null => Json::Null,
            Self::Bool(flag) => Json::Flag(*flag),
            // JavaScript has no other numbers.
            Self::Number(number) => number.as_f64().map_or(Json::Null, Json::Number),
            Self::String(text) => limits.text(name, text.clone()),
            Self::Array(items) => {
                if !limits.enter_list(name, items.len()) {
                    return Json::Null;
                }
                let list = items.iter().map(|item| item.tree(name, limits)).collect();
                limits.leave();
                Json::List(list)
            }
            Self::Object(members) => {
                if !limits.enter_object(name, members.len()) {
                    return Json::Null;
                }
                let members = members.iter();
                let object = members.map(|(name, it)| (name.clone(), it.tree(name, limits)));
                let object = object.collect();
                limits.leave();
                Json::Object(object)
            }
        }
    }
}

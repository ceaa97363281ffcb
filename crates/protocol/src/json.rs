//! Reading JSON that another parser has already read: the browser's `JSON.parse` in the SDK,
//! `serde_json` in the sandbox and in tests.
//!
//! Derived `Deserialize` is not used for what the SDK reads. It costs 17 KB of the shipped file
//! (`docs/adr/0001-size.md`), and it refuses a whole answer for one member of an unexpected type. A
//! reader here takes such a member for absent, so that a gateway can change without breaking pages
//! that are already published.
//!
//! Every reader is limited ([`MAX_DEPTH`], [`MAX_VALUES`] and the length of lists), so that no input
//! can exhaust the stack or hold up the page.

pub use crate::reader::{MAX_DEPTH, MAX_TEXT, MAX_VALUES, ReadError};
use crate::reader::{ReadMember, ReadValue, Source};

/// One JSON value.
pub trait Json: Sized {
    /// The text of a string. A number counts as text in its shortest decimal form, since gateways
    /// differ in how they send identifiers and amounts.
    fn as_text(&self) -> Option<String>;

    /// The value of a number.
    fn as_number(&self) -> Option<f64>;

    /// The value of `true` or `false`.
    fn as_flag(&self) -> Option<bool>;

    /// A member of an object. Inherited members do not count.
    fn member(&self, name: &str) -> Option<Self>;

    /// Whether the value is an object.
    fn is_object(&self) -> bool;

    /// The members of an object in their order; `None` for any other value.
    fn members(&self) -> Option<Vec<(String, Self)>>;

    /// The items of an array; `None` for any other value.
    fn items(&self) -> Option<Vec<Self>>;
}

/// A type that can be read from a JSON value.
pub trait FromJson: Sized {
    /// Reads a value.
    ///
    /// # Errors
    /// [`ReadError::OtherKind`] when the value is of another kind, such as a list in place of an
    /// object; otherwise the limit that the value exceeds.
    fn read(json: &impl Json) -> Result<Self, ReadError>;

    /// Reads a value; `None` when the value is of another kind or exceeds a limit.
    fn from_json(json: &impl Json) -> Option<Self> {
        Self::read(json).ok()
    }
}

/// A type that a member of an object can have.
pub trait FromMember: Sized {
    /// Reads a member. A member that is absent, of another kind, or over a limit gives the type's
    /// empty value.
    fn from_member(object: &impl Json, name: &'static str) -> Self;
}

impl<T: ReadValue> FromJson for T {
    fn read(json: &impl Json) -> Result<Self, ReadError> {
        Source::read(json, Self::read_value)
    }
}

impl<T: ReadMember + Default> FromMember for T {
    fn from_member(object: &impl Json, name: &'static str) -> Self {
        Source::read(object, |source| Some(Self::read_member(source, name))).unwrap_or_default()
    }
}

#[cfg(feature = "serde_json")]
impl Json for serde_json::Value {
    fn as_text(&self) -> Option<String> {
        match self {
            Self::String(text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string()),
            Self::Null | Self::Bool(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }

    fn as_number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn as_flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn is_object(&self) -> bool {
        self.is_object()
    }

    fn member(&self, name: &str) -> Option<Self> {
        self.get(name).cloned()
    }

    fn members(&self) -> Option<Vec<(String, Self)>> {
        let members = self.as_object()?.iter();
        Some(members.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }
}

/// A value that `Serialize` leaves out of an object.
pub(crate) trait Absent {
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Absent for String {
    /// Texts that are always part of an object are not `Option`s.
    fn is_absent(&self) -> bool {
        false
    }
}

impl Absent for bool {
    fn is_absent(&self) -> bool {
        false
    }
}

/// Defines an object of the protocol once: the struct, its `Serialize` and its [`FromJson`]. The
/// sandbox's store also uses the derived `Deserialize`; the SDK never does. Each field names its
/// member on the wire; a field without a name is an object whose members stand directly in this one.
macro_rules! object {
    ($(
        $(#[$about:meta])*
        $name:ident {
            $($(#[$doc:meta])* $field:ident: $type:ty = $wire:literal,)*
        }
        $(+ { $($(#[$flat_doc:meta])* $flat_field:ident: $flat_type:ty,)* })?
    )*) => {$(
        $(#[$about])*
        #[derive(
            Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize,
        )]
        #[serde(default)]
        pub struct $name {
            $(
                $(#[$doc])*
                #[serde(rename = $wire, skip_serializing_if = "crate::json::Absent::is_absent")]
                pub $field: $type,
            )*
            $($(
                $(#[$flat_doc])*
                #[serde(flatten)]
                pub $flat_field: $flat_type,
            )*)?
        }

        impl crate::reader::ReadValue for $name {
            fn read_value(
                source: &crate::reader::Source<'_, impl crate::json::Json>,
            ) -> Option<Self> {
                if !source.json.is_object() {
                    return None;
                }
                Some(Self {
                    $($field: crate::reader::ReadMember::read_member(source, $wire),)*
                    $($($flat_field: crate::reader::ReadValue::read_value(source)?,)*)?
                })
            }
        }
    )*};
}

pub(crate) use object;

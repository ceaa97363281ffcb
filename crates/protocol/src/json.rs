//! Reading JSON that another parser has already read: the browser's `JSON.parse` in the SDK,
//! `serde_json` in the sandbox and in tests.
//!
//! Derived `Deserialize` is not used for what the SDK reads. It costs 17 KB of the shipped file
//! (`docs/adr/0001-size.md`), and it refuses a whole answer for one member of an unexpected type. A
//! reader here takes such a member for absent, so that a gateway may grow without breaking pages
//! that are already live.

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
    /// Reads a value; `None` when the value is of another kind.
    fn from_json(json: &impl Json) -> Option<Self>;
}

/// A type that a member of an object can have.
pub trait FromMember: Sized {
    /// Reads a member. A member that is absent, or of another kind, gives the type's empty value.
    fn from_member(object: &impl Json, name: &str) -> Self;
}

impl FromJson for String {
    fn from_json(json: &impl Json) -> Option<Self> {
        // For every text of the protocol, an empty one means the same as an absent one.
        json.as_text().filter(|text| !text.is_empty())
    }
}

impl FromJson for bool {
    fn from_json(json: &impl Json) -> Option<Self> {
        json.as_flag()
    }
}

impl FromJson for u16 {
    /// A whole number in the range.
    fn from_json(json: &impl Json) -> Option<Self> {
        let number = json.as_number()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number that is no whole one in the range is caught by the comparison"
        )]
        let whole = number as Self;
        (f64::from(whole) == number).then_some(whole)
    }
}

impl<T: FromJson> FromMember for Option<T> {
    fn from_member(object: &impl Json, name: &str) -> Self {
        T::from_json(&object.member(name)?)
    }
}

impl<T: FromJson> FromMember for Vec<T> {
    /// Items of another kind are left out.
    fn from_member(object: &impl Json, name: &str) -> Self {
        let items = object.member(name).and_then(|list| list.items()).unwrap_or_default();
        items.iter().filter_map(T::from_json).collect()
    }
}

impl FromMember for String {
    fn from_member(object: &impl Json, name: &str) -> Self {
        Option::from_member(object, name).unwrap_or_default()
    }
}

impl FromMember for bool {
    fn from_member(object: &impl Json, name: &str) -> Self {
        Option::from_member(object, name).unwrap_or_default()
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

/// Defines an object of the protocol once: the struct, its `Serialize` and its [`FromJson`]. The sandbox's store also uses the
/// derived `Deserialize`; the SDK never does. Each
/// field names its member on the wire; a field without a name is an object whose members stand
/// directly in this one.
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

        impl crate::json::FromJson for $name {
            fn from_json(json: &impl crate::json::Json) -> Option<Self> {
                if !json.is_object() {
                    return None;
                }
                Some(Self {
                    $($field: crate::json::FromMember::from_member(json, $wire),)*
                    $($($flat_field: crate::json::FromJson::from_json(json)?,)*)?
                })
            }
        }
    )*};
}

pub(crate) use object;

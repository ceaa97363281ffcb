//! Reading the form of the first page.

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// The form is wrong. The message is for the reader of the page.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum FormError {
    #[error("{product}: choose a quantity from 0 to {most}.")]
    Quantity { product: &'static str, most: u64 },
    #[error("Your basket is empty: choose at least one thing.")]
    EmptyBasket,
    #[error("Choose a way to pay.")]
    Method,
    #[error("The basket cannot be paid by this method: choose another way to pay.")]
    Amount,
    #[error("{field}: “{given}” is none of the choices.")]
    Choice { field: &'static str, given: String },
    #[error("Choose what should happen.")]
    Preset,
    #[error("Choose a result code of the list.")]
    ResultCode,
    #[error("Choose how the gateway fails.")]
    Fault,
    #[error("Notifications can be refused 1 to {0} times.")]
    Refusals(u32),
    #[error(
        "“{preset}” cannot happen with {method} ({flow}): choose something else that should happen, \
         or another way to pay."
    )]
    Combination { preset: &'static str, method: &'static str, flow: String },
}

/// The fields of a form, by name.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [(String, String)]);

impl<'a> Fields<'a> {
    /// The first field of this name, without blanks around it, unless it is empty.
    pub(super) fn filled(self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    }

    /// Whether a box of this name is ticked.
    pub(super) fn is_ticked(self, name: &str) -> bool {
        self.filled(name).is_some_and(|value| value != "false")
    }

    /// One of several choices; an empty field has the default.
    ///
    /// # Errors
    /// When the text is none of the choices.
    pub(super) fn choice<'de, T: Deserialize<'de>>(
        self,
        field: &'static str,
        default: T,
    ) -> Result<T, FormError> {
        let Some(text) = self.filled(field) else {
            return Ok(default);
        };
        T::deserialize(Value::from(text))
            .map_err(|_| FormError::Choice { field, given: text.to_owned() })
    }
}

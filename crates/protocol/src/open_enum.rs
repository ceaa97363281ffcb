//! Enumerations that keep values which are not in today's documentation.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! open_enum {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $wire:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A value that this version does not know, as it came.
            Other(String),
        }

        impl $name {
            /// The value as it travels.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = crate::Text::deserialize(deserializer)?;
                Ok(Self::from(text.as_str()))
            }
        }
    };
}

open_enum! {
    /// State of a payment (`inquiryPayment`, and the client protocol's answers).
    PaymentStatus {
        /// The money is paid or authorised.
        Success = "SUCCESS",
        /// Over without money.
        Fail = "FAIL",
        /// Under way: ask again.
        Processing = "PROCESSING",
        /// Taken back before it was paid.
        Cancelled = "CANCELLED",
        /// A code was paid, the funds are not final.
        Pending = "PENDING",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_known_or_not() {
        for json in ["\"SUCCESS\"", "\"PROCESSING\"", "\"ON_THE_MOON\""] {
            let status: PaymentStatus = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&status).unwrap(), json);
        }
        assert_eq!(PaymentStatus::from("FAIL"), PaymentStatus::Fail);
    }
}

//! The shell of the SDK in the merchant page.

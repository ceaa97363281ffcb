//! Codes to pay with.

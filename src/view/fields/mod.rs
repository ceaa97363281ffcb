//! Fields of payment methods.

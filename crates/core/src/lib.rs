//! The payment machine of Kassa. Pure Rust: no DOM, no clock, no randomness, no I/O.
#![forbid(unsafe_code)]

pub mod card;
pub mod frame;

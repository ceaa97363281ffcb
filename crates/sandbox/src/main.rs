//! The sandbox gateway.
#![forbid(unsafe_code)]

fn main() {}

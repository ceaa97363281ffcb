//! The types of the client protocol (page to gateway). Those of the server API (merchant to gateway)
//! are the sandbox's own.
//!
//! Names are the published ones; what is ours says so. Readers are lenient on purpose: members
//! they do not know are ignored, a scalar may come as JSON text, number or boolean, and an
//! enumeration keeps a value that it does not know. Whether a value makes sense is for the reader
//! to decide, because only the reader can say what is wrong with it.
#![forbid(unsafe_code)]

pub mod client;
mod object;
mod open_enum;
mod scalar;

pub use open_enum::PaymentStatus;
pub use scalar::{Flag, Text};

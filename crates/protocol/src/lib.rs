//! What travels: the client protocol (page to gateway) and the server API (merchant to gateway).
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
pub mod server;

pub use open_enum::{NotifyType, PaymentStatus, ResultStatus, TransactionType};
pub use scalar::{Flag, Text};

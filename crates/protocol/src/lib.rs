//! The protocols: client protocol (page to gateway), frame messages (page to frame) and server API
//! (merchant to gateway).
//!
//! Names are the published ones; what is ours says so. Readers are lenient on purpose: members
//! they do not know are ignored, a scalar may come as JSON text, number or boolean, and an
//! enumeration keeps a value that it does not know. Whether a value makes sense is for the reader
//! to decide, because only the reader can say what is wrong with it.
#![forbid(unsafe_code)]

pub mod client;
pub mod frame;
pub mod json;
mod object;
mod open_enum;
mod scalar;
#[cfg(feature = "server")]
pub mod server;
mod source;

pub use json::Json;
pub use open_enum::{
    ChallengeWindowSize, DisplayType, ElementType, ErrorStatus, NotifyType, PaymentMethodType,
    PaymentStatus, ResultStatus, ThreeDsCompInd, TransactionType, WaitsFor,
};
pub use scalar::{EpochMillis, Flag, Secret, Text, digits};

#[doc(hidden)]
pub use serde;

//! The client protocol (page to gateway) and the messages between the merchant's page and the
//! gateway's frames. The server API (merchant to gateway) is the sandbox's own.
//!
//! Names are the published ones; what is ours says so. Readers are lenient on purpose: members
//! they do not know are ignored, a scalar may come as JSON text, number or boolean, and an
//! enumeration keeps a value that it does not know. Whether a value makes sense is for the reader
//! to decide, because only the reader can say what is wrong with it.
#![forbid(unsafe_code)]

pub mod client;
pub mod frame;
pub mod json;
pub mod object;
mod open_enum;
mod scalar;
mod source;

pub use json::Json;
pub use open_enum::{
    ChallengeWindowSize, DisplayType, ElementType, ErrorStatus, PaymentMethodType, PaymentStatus,
    ResultStatus, ThreeDsCompInd, WaitsFor,
};
pub use scalar::{EpochMillis, Secret, Text};

#[doc(hidden)]
pub use serde;

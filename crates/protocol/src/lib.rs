//! The client protocol (page to gateway) and the messages between the merchant's page and the
//! gateway's frames. The server API (merchant to gateway) is the sandbox's own.
//!
//! Names are the published ones; Kassa's own members are marked "Ours". Readers are lenient on
//! purpose: unknown members are ignored, a scalar may come as JSON text, number or boolean, and an
//! enumeration keeps an unknown value. A value that makes no sense is not an error of the reader: the
//! code that uses the value decides, because it can name the fault.
#![forbid(unsafe_code)]

pub mod client;
pub mod frame;
pub mod json;
pub mod object;
mod open_enum;
mod scalar;
mod source;
mod writer;

pub use json::Json;
pub use open_enum::{
    ChallengeWindowSize, DisplayType, ElementType, ErrorStatus, PaymentMethodType, PaymentStatus,
    ResultStatus, ThreeDsCompInd, WaitsFor,
};
pub use scalar::{EpochMillis, Secret, Text, digits};
pub use writer::write;

#[doc(hidden)]
pub use serde;

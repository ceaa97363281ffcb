//! The protocols: client protocol (page to gateway), frame messages (page to frame) and server API
//! (merchant to gateway).
//!
//! Names are the published ones; Kassa's own members are marked "Ours". Readers are lenient on
//! purpose: unknown members are ignored, a scalar may come as JSON text, number or boolean, and an
//! enumeration keeps an unknown value. A value that makes no sense is not an error of the reader: the
//! code that uses the value decides, because it can name the fault.
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

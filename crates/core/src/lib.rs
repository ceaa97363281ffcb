//! The payment machine of Kassa. Pure Rust: no DOM, no clock, no randomness, no I/O.
//!
//! Everything that Kassa decides about a payment is decided here, so that it can be tested
//! natively, in simulated time, to the last state. The shell in the merchant's page (`src/` of the
//! repository) feeds [`Machine::handle`] and does what it returns.
//!
//! Two files know how the gateway spells things: [`answer`] (what comes in) and [`call`] (what goes
//! out). [`events`] knows how the merchant's contract spells things.
#![forbid(unsafe_code)]

pub mod answer;
pub mod call;
pub mod card;
pub mod events;
pub mod form;
pub mod frame;
pub mod locale;
pub mod machine;
pub mod money;
pub mod outgoing;
pub mod platform;
pub mod results;
pub mod session;
pub mod small;
pub mod text;

pub use machine::Machine;

pub(crate) use small::fill;

//! The payment state machine of Kassa. Pure Rust: no DOM, no clock, no randomness, no I/O.
//!
//! Every decision about a payment is made here, so that it can be tested natively, in simulated
//! time, exhaustively. The runtime in the merchant's page (`src/` of the repository) feeds
//! [`Machine::handle`] and executes the effects that it returns.
//!
//! The names of the client protocol are in `kassa-protocol`; the names of the merchant's contract are
//! in [`events`].
#![forbid(unsafe_code)]

pub mod calendar;
pub mod call;
pub mod card;
pub mod events;
pub mod form;
pub mod locale;
pub mod machine;
pub mod money;
pub mod next_step;
pub mod platform;
pub mod reply;
pub mod results;
pub mod session;
pub mod text;
pub mod text_tools;

pub use machine::Machine;

//! Sessions, payments and methods, and the rules for them. No I/O: time, randomness and what is
//! stored come in as values.

pub mod address;
pub mod card;
pub mod code;
pub mod field;
pub mod ledger;
pub mod method;
pub mod money;
pub mod payment;
pub mod scenario;
pub mod session;

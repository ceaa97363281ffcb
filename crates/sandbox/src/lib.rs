//! `kassa-sandbox`: a payment gateway and a demo shop on a developer's own machine.
//!
//! Map: [`app`] is the shared state; [`domain`] has the rules, without I/O; [`store`] reads and writes
//! the data file; [`payments`] applies the rules inside of a transaction; [`api`] has the types of the
//! server API; `http` has the gateway's interfaces, one folder each; `shop` is the demo shop;
//! [`notify`] sends notifications; [`serve`] accepts connections.
//!
//! *Invariant:* imports point one way: `serve → shop → http → payments → store → domain → api`, and
//! `notify → payments`.
//!
//! *Invariant:* the shop is a merchant like any other. It reaches the gateway only through signed
//! HTTP and the browser SDK, never through [`store::Store`]'s sessions or payments.
#![forbid(unsafe_code)]

pub mod api;
pub mod app;
pub mod args;
pub mod clock;
pub mod domain;
mod http;
pub mod ids;
pub mod keys;
pub mod notify;
pub mod payments;
pub mod serve;
mod shop;
pub mod signature;
pub mod store;

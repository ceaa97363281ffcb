//! `kassa-sandbox`: a payment gateway and a demo shop on a developer's own machine.
//!
//! Map: [`app`] is the state; [`domain`] has the rules, without I/O; [`store`] keeps what survives;
//! `http` has the gateway's interfaces, one folder each; `shop` is the demo shop; [`notify`] sends
//! notifications; [`serve`] accepts connections.
//!
//! *Invariant:* the shop is a merchant like any other. It reaches the gateway only through signed
//! HTTP and the browser SDK, never through [`store::Store`]'s sessions or payments.
#![forbid(unsafe_code)]

pub mod app;
pub mod args;
pub mod clock;
pub mod domain;
mod http;
pub mod ids;
pub mod keys;
pub mod notify;
pub mod serve;
mod shop;
pub mod signature;
pub mod store;

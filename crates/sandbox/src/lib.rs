//! `kassa-sandbox`: a payment gateway and a demo shop on a developer's own machine.
//!
//! Map: [`app`] is the state; [`store`] what survives; [`sessions`], [`payments`], [`methods`],
//! [`fields`], [`codes`], [`ledger`], [`cards`] and [`faults`] the domain, without I/O; [`notify`]
//! tells merchants; the `merchant_api`, `client_api`, `frame`, `simulators` and `shop` modules are
//! one door each; [`serve`] accepts connections.
//!
//! *Invariant:* the shop is a merchant like any other. It reaches the gateway only through signed
//! HTTP and the browser SDK, never through [`store::Store`]'s sessions or payments.
#![forbid(unsafe_code)]

pub mod app;
pub mod args;
pub mod cards;
mod client_api;
pub mod clock;
pub mod codes;
pub mod faults;
pub mod fields;
mod files;
mod frame;
pub mod ids;
pub mod keys;
pub mod ledger;
mod merchant_api;
pub mod methods;
pub mod money;
pub mod notify;
mod pages;
pub mod payments;
mod protection;
pub mod serve;
pub mod sessions;
mod shop;
pub mod signature;
mod simulators;
pub mod store;
pub mod urls;

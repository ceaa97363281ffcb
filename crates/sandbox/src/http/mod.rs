//! The gateway's HTTP interfaces, and what they share with the demo shop.

pub(crate) mod client;
pub(crate) mod files;
pub(crate) mod frame;
pub(crate) mod merchant;
pub(crate) mod pages;
pub(crate) mod protection;
pub(crate) mod simulators;

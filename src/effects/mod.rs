//! Things to do, one file for each kind.

pub(crate) mod calls;
pub(crate) mod frame;
pub(crate) mod page;
pub(crate) mod timers;

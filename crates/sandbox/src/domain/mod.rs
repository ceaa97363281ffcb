//! Sessions, payments and methods, and the rules for them. No I/O: time, randomness and stored
//! values come in as arguments.

pub mod card;
pub mod card_numbers;
pub mod client_view;
pub mod fault;
pub mod field;
pub mod ledger;
pub mod merchant;
pub mod method;
pub mod money;
pub mod notification;
pub mod notify_hosts;
pub mod payment;
pub mod quote;
pub mod scan_code;
pub mod scenario;
pub mod session;
pub mod simulator;
pub mod test_card;
pub mod web_url;

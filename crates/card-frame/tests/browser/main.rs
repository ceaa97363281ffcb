//! The card form in a real browser: typed into the way a buyer does, and sent messages the way the
//! merchant's page does.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod exchange;
mod handshake;
mod messages;
mod page;
mod stored;
mod typing;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

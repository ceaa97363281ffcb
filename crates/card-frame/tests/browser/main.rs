//! The card form in a real browser: typed into the way a buyer does, spoken to the way the page does.
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
mod page;
mod stored;
mod talking;
mod typing;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

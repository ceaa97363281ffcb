//! The shell in a browser, between the real machine and a bridge that only writes down what it is
//! asked for. What the real bridge does with the page is the end-to-end tests' subject.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "in a test, dying with a message is the report")]

#[path = "browser/stage.rs"]
mod stage;

#[path = "browser/answers.rs"]
mod answers;
#[path = "browser/order.rs"]
mod order;
#[path = "browser/words.rs"]
mod words;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

//! The real component in a real page, from the exported class to the DOM. Only the gateway, the
//! card form's page and, in some tests, the clock are replaced. JavaScript's part of the SDK
//! (`js/src`) is not loaded: `support::host` takes its place.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "in a test, a panic with its message is the report")]
#![allow(clippy::expect_used, reason = "in a test, a panic with its message is the report")]
#![allow(clippy::panic, reason = "in a test, a panic with its message is the report")]
#![allow(clippy::indexing_slicing, reason = "in a test, a panic with its message is the report")]

#[path = "browser/support/mod.rs"]
mod support;

#[path = "browser/answers.rs"]
mod answers;
#[path = "browser/appearance.rs"]
mod appearance;
#[path = "browser/apps.rs"]
mod apps;
#[path = "browser/before_submit.rs"]
mod before_submit;
#[path = "browser/callbacks.rs"]
mod callbacks;
#[path = "browser/card_form.rs"]
mod card_form;
#[path = "browser/containers.rs"]
mod containers;
#[path = "browser/dialog.rs"]
mod dialog;
#[path = "browser/drain.rs"]
mod drain;
#[path = "browser/elements.rs"]
mod elements;
#[path = "browser/handshake.rs"]
mod handshake;
#[path = "browser/locale.rs"]
mod locale;
#[path = "browser/mounting.rs"]
mod mounting;
#[path = "browser/moved.rs"]
mod moved;
#[path = "browser/parameters.rs"]
mod parameters;
#[path = "browser/policies.rs"]
mod policies;
#[path = "browser/preload.rs"]
mod preload;
#[path = "browser/promises.rs"]
mod promises;
#[path = "browser/replies.rs"]
mod replies;
#[path = "browser/requests.rs"]
mod requests;
#[path = "browser/screens.rs"]
mod screens;
#[path = "browser/three_ds.rs"]
mod three_ds;
#[path = "browser/time.rs"]
mod time;
#[path = "browser/traps.rs"]
mod traps;
#[path = "browser/typing.rs"]
mod typing;
#[path = "browser/unmount.rs"]
mod unmount;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

//! Everything of the SDK that runs in the merchant's page.
//!
//! * [`checkout`]: the exported class behind `AMSCashierPayment`;
//! * [`options`]: the constructor's options and the component's parameters, read into types;
//! * [`callbacks`]: the merchant's functions; [`promises`]: the promises that the merchant holds;
//! * [`runtime`]: the input queue and the drain rule; executes the effects of the state machine;
//! * [`effects`]: calls, timers, the page, the card form's frame, the 3DS frame;
//! * [`view`]: the component in the DOM, with its screens, fields and codes;
//! * [`to_js`]: values that leave the module, through `serde-wasm-bindgen`;
//! * [`host_functions`]: the JavaScript that must still work when this module has trapped.
//!
//! *Architecture invariant:* nothing here decides anything about payments. An `if` about payments
//! belongs in `kassa-core`.
//!
//! *Architecture invariant:* no `RefCell` is borrowed while code of the page may run, except the
//! component while it renders, which is sound because inputs queue.

mod callbacks;
mod checkout;
mod effects;
mod host_functions;
mod options;
mod promises;
mod runtime;
mod to_js;
mod view;

pub use checkout::{Checkout, preload};
pub use host_functions::HostFunctions;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

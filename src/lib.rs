//! Everything of the SDK that runs in the merchant's page.
//!
//! * [`checkout`]: the class behind `AMSCashierPayment`;
//! * [`options`]: the constructor's options and the component's parameters, read into types;
//! * [`callbacks`]: the merchant's functions and promises;
//! * [`runtime`]: the input queue and the drain rule, which executes the machine's effects;
//! * [`effects`]: calls, timers, the page, the card form's frame, the 3DS frame;
//! * [`view`]: the component in the DOM, with its screens, fields and codes.
//!
//! *Architecture invariant:* nothing here decides anything about payments. An `if` about payments
//! belongs in `kassa-core`.
//!
//! *Architecture invariant:* no `RefCell` is borrowed while code of the page may run.

mod view;

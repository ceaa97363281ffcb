//! The component's surroundings in the tests: its gateway, its host, the merchant's callbacks, and
//! queries of the page.

pub(crate) mod answers;
mod clock;
mod form;
mod gateway;
mod host;
mod ledger;
mod page;
mod record;
mod screen;
mod sdk;
mod values;
mod wait;

pub(crate) use clock::Clock;
pub(crate) use form::{CardForm, HELLO, message_from};
pub(crate) use gateway::Call;
pub(crate) use host::Faulty;
pub(crate) use ledger::Ledger;
pub(crate) use page::{
    Element, Patch, adopted_style_sheets, body, dispatch, document, is_scrolling_locked, origin,
    page_address, page_style, press, restored, window,
};
pub(crate) use screen::{Screen, Shown};
pub(crate) use sdk::{JsCheckout, Sdk, Setup, opening};
pub(crate) use values::{
    Does, bare, from_js, function, rejection, set, thrower, to_js, with_getter,
};
pub(crate) use wait::{Watched, run_queued_tasks, until};

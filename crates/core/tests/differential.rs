//! The machine against a naive reference. A plan says what a legal gateway, a buyer and a browser
//! will do; the reference (`differential/reference.rs`) reads off the plan, straight from the
//! contract, what the merchant has to hear; the machine is driven through the same plan, with noise
//! in between that must change nothing. The two share no code but the names of the events.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, dying with a message is the report"
)]

#[path = "differential/plan.rs"]
mod plan;
#[path = "differential/reference.rs"]
mod reference;
mod support;
#[path = "differential/world.rs"]
mod world;

use proptest::prelude::*;

use plan::{Plan, plans};
use world::play;

const CASES: u32 = 10_000;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_machine_tells_what_the_contract_says(plan in plans(), noise: u64) {
        let told = play(&plan, noise);
        let expected = reference::events(&plan);
        prop_assert_eq!(told, expected, "{:#?}", plan);
    }
}

/// A comparison that cannot fail proves nothing: one wrong word of the reference is noticed.
#[test]
fn a_difference_is_seen() {
    let plan = Plan { stay: true, ..Plan::default() };
    let told = play(&plan, 0);
    assert_eq!(told, reference::events(&plan));
    assert_ne!(told, reference::events(&Plan { stay: false, ..plan }));
}

//! The whole state graph: everything that can happen is done in every place that can be reached.
//! The laws of the driver hold on each edge, late inputs change nothing anywhere, no place is a dead
//! end, and none ends in silence. `docs/states.md` is written from what was found;
//! `UPDATE_EXPECT=1 cargo test -p kassa-core` writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, dying with a message is the report"
)]

#[path = "explore/diagram.rs"]
mod diagram;
#[path = "explore/page.rs"]
mod page;
#[path = "explore/place.rs"]
mod place;
mod support;
#[path = "explore/words.rs"]
mod words;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::{env, fs, path::Path};

use kassa_core::machine::Effect;
use place::{Place, locate, worth_trying};
use support::Driver;
use support::action::{Action, stale};
use support::silence::leave_alone;

/// One thing that happened in one place.
pub(crate) struct Edge {
    from: Place,
    action: Action,
    to: Place,
    effects: Vec<Effect>,
}

/// Walks breadth first, so that the first driver that arrives somewhere came the shortest way.
fn explore() -> Vec<Edge> {
    let start = Driver::new();
    let mut seen = BTreeSet::from([locate(&start)]);
    let mut queue = VecDeque::from([start]);
    let mut edges = Vec::new();
    while let Some(driver) = queue.pop_front() {
        let from = locate(&driver);
        leave_alone(&driver);
        // None of them changes anything, so one driver can take them all.
        let mut late = driver.clone();
        for input in stale(&driver) {
            late.input(input);
        }
        for action in Action::all(&driver) {
            if !worth_trying(&driver, action) {
                continue;
            }
            let mut driver = driver.clone();
            let effects = action.take(&mut driver);
            let to = locate(&driver);
            edges.push(Edge { from: from.clone(), action, to: to.clone(), effects });
            if seen.insert(to) {
                driver.events.clear();
                queue.push_back(driver);
            }
        }
    }
    edges
}

#[test]
fn every_state_and_every_input_is_known() {
    let edges = explore();
    check_ways_out(&edges);
    let page = page::write(&edges);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/states.md");
    if fs::read_to_string(&path).ok().as_deref() != Some(&page) {
        assert!(
            env::var_os("UPDATE_EXPECT").is_some(),
            "docs/states.md is out of date: run with UPDATE_EXPECT=1 and read the difference"
        );
        fs::write(&path, page).unwrap();
    }
}

/// From everywhere there is a way back to the beginning, without the merchant's `unmount()`.
fn check_ways_out(edges: &[Edge]) {
    let mut into: BTreeMap<&Place, BTreeSet<&Place>> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| edge.action != Action::Unmount) {
        into.entry(&edge.to).or_default().insert(&edge.from);
    }
    let places: BTreeSet<&Place> = edges.iter().map(|edge| &edge.from).collect();
    let mut reached: BTreeSet<&Place> =
        places.iter().copied().filter(|place| place.name == "Idle").collect();
    let mut queue: VecDeque<&Place> = reached.iter().copied().collect();
    while let Some(place) = queue.pop_front() {
        for from in into.get(place).into_iter().flatten() {
            if reached.insert(from) {
                queue.push_back(from);
            }
        }
    }
    let lost: Vec<_> = places.difference(&reached).collect();
    assert!(lost.is_empty(), "no way out of {lost:?}");
}

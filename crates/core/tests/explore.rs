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
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::{env, fs, path::Path};

use place::{Place, locate, worth_trying};
use support::Driver;
use support::action::{ANSWERS, Action, stale};
use support::silence::leave_alone;
use words::Outcome;

/// One thing that happened in one place.
pub(crate) struct Edge {
    from: Rc<Place>,
    action: Action,
    to: Rc<Place>,
    /// In words: there are a million of them, and effects are large.
    outcome: Rc<(Outcome, BTreeSet<String>)>,
}

/// Walks breadth first, so that the first driver that arrives somewhere came the shortest way.
fn explore() -> Vec<Edge> {
    let starts = [Driver::new(), Driver::with(true)];
    let mut seen: BTreeSet<Place> = starts.iter().map(locate).collect();
    let mut queue = VecDeque::from(starts);
    let mut edges = Vec::new();
    let mut outcomes: BTreeSet<Rc<(Outcome, BTreeSet<String>)>> = BTreeSet::new();
    let mut ways: BTreeMap<Place, (Place, Action)> = BTreeMap::new();
    while let Some(driver) = queue.pop_front() {
        let from = Rc::new(locate(&driver));
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
            let taken = catch_unwind(AssertUnwindSafe(|| action.take(&mut driver)));
            let effects = taken.unwrap_or_else(|panic| {
                eprintln!("the way there:\n{}  {action:?}", way(&ways, &from));
                resume_unwind(panic)
            });
            let to = Rc::new(locate(&driver));
            let outcome = Rc::new(Outcome::of(&to, action, &effects));
            let outcome = outcomes.get(&outcome).unwrap_or(&outcome).clone();
            outcomes.insert(outcome.clone());
            edges.push(Edge { from: from.clone(), action, to: to.clone(), outcome });
            if seen.insert(Place::clone(&to)) {
                ways.insert(Place::clone(&to), (Place::clone(&from), action));
                driver.events.clear();
                queue.push_back(driver);
            }
        }
    }
    edges
}

/// The actions that led to a place first, in words.
fn way(ways: &BTreeMap<Place, (Place, Action)>, to: &Place) -> String {
    let Some((from, action)) = ways.get(to) else { return String::new() };
    let named = if let Action::Answer(row) = action { ANSWERS[*row].name } else { "" };
    format!("{}  {action:?} {named}\n", way(ways, from))
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
        into.entry(&*edge.to).or_default().insert(&*edge.from);
    }
    let places: BTreeSet<&Place> = edges.iter().map(|edge| &*edge.from).collect();
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

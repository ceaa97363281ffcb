//! The whole state graph: every action that is possible in a reachable state is executed. The laws
//! of the driver hold on each edge, late inputs change nothing anywhere, from every state there is
//! a way out, and every state leads to an event for the merchant or waits for the buyer.
//! `docs/states.md` is written from the result; `UPDATE_EXPECT=1 cargo test -p kassa-core` writes
//! it again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, a panic with a message is the report"
)]

#[path = "explore/describe.rs"]
mod describe;
#[path = "explore/diagram.rs"]
mod diagram;
#[path = "explore/page.rs"]
mod page;
#[path = "explore/place.rs"]
mod place;
mod support;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::{env, fs, path::Path};

use describe::StepOutcome;
use place::{Place, is_worth_trying, locate};
use support::Driver;
use support::action::{Action, stale};
use support::answers::ANSWERS;
use support::rest::leave_alone;

/// One of this many steps is checked a second time.
const SAMPLE: usize = 200;

/// One action in one place.
pub(crate) struct Edge {
    from: Rc<Place>,
    action: Action,
    to: Rc<Place>,
    /// Described and shared: there are half a million edges, and effects are large.
    outcome: Rc<(StepOutcome, BTreeSet<String>)>,
}

struct Graph {
    edges: Vec<Edge>,
    /// Drivers that arrived in a place after its first driver.
    others: Vec<(Rc<Place>, Driver)>,
}

/// Walks breadth first, so that the first driver that arrives in a place came the shortest way.
fn explore() -> Graph {
    let mut queue = VecDeque::new();
    let mut places: BTreeSet<Rc<Place>> = BTreeSet::new();
    for driver in [Driver::new(), Driver::with(true)] {
        let place = Rc::new(locate(&driver));
        places.insert(place.clone());
        queue.push_back((place, driver));
    }
    let mut edges = Vec::new();
    let mut others = Vec::new();
    let mut outcomes: BTreeSet<Rc<(StepOutcome, BTreeSet<String>)>> = BTreeSet::new();
    let mut ways: BTreeMap<Rc<Place>, (Rc<Place>, Action)> = BTreeMap::new();
    while let Some((from, driver)) = queue.pop_front() {
        leave_alone(&driver);
        // None of them changes anything, so one driver can take them all.
        let mut late = driver.clone();
        for input in stale(&driver) {
            late.input(input);
        }
        for action in Action::all(&driver) {
            if !is_worth_trying(&driver, &from, action) {
                continue;
            }
            let mut driver = driver.clone();
            let taken = catch_unwind(AssertUnwindSafe(|| action.take(&mut driver)));
            let effects = taken.unwrap_or_else(|panic| {
                eprintln!("the way there:\n{}  {action:?}", way(&ways, &from));
                resume_unwind(panic)
            });
            let to = locate(&driver);
            let known = places.get(&to).cloned();
            let is_new = known.is_none();
            let to = known.unwrap_or_else(|| Rc::new(to));
            let outcome = Rc::new(StepOutcome::of(&to, action, &effects));
            let outcome = outcomes.get(&outcome).unwrap_or(&outcome).clone();
            outcomes.insert(outcome.clone());
            edges.push(Edge { from: from.clone(), action, to: to.clone(), outcome });
            if is_new {
                places.insert(to.clone());
                ways.insert(to.clone(), (from.clone(), action));
                driver.events.clear();
                queue.push_back((to, driver));
            } else if edges.len().is_multiple_of(SAMPLE) {
                others.push((to, driver));
            }
        }
    }
    Graph { edges, others }
}

/// The actions that led to a place first.
fn way(ways: &BTreeMap<Rc<Place>, (Rc<Place>, Action)>, to: &Place) -> String {
    let Some((from, action)) = ways.get(to) else { return String::new() };
    let name = if let Action::Answer(row) = action { ANSWERS[*row].name } else { "" };
    format!("{}  {action:?} {name}\n", way(ways, from))
}

#[test]
fn exploration_covers_every_state_and_input() {
    let Graph { edges, others } = explore();
    check_places(&edges, &others);
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

/// Only the first driver that arrives in a place is explored, so every other one must behave as that
/// one did. After a timer the exact time matters, of which places have only the range.
fn check_places(edges: &[Edge], others: &[(Rc<Place>, Driver)]) {
    let known: BTreeMap<(&Place, Action), &StepOutcome> =
        edges.iter().map(|edge| ((&*edge.from, edge.action), &edge.outcome.0)).collect();
    for (place, driver) in others {
        for action in Action::all(driver) {
            if !is_worth_trying(driver, place, action) || matches!(action, Action::Time { .. }) {
                continue;
            }
            let known = known.get(&(&**place, action)).expect("the same actions are possible");
            let mut driver = driver.clone();
            let effects = action.take(&mut driver);
            let (outcome, _) = StepOutcome::of(&locate(&driver), action, &effects);
            assert_eq!(outcome, **known, "{action:?} in {place:?}");
        }
    }
}

/// Every place has a path back to the beginning, without the merchant's `unmount()`.
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

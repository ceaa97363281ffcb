//! The graph as a page that people read: a diagram of the states, and what each input does in each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::Edge;
use crate::diagram::diagram;
use crate::words::{Outcome, label};

/// The states in the order of a payment.
const ORDER: [&str; 19] = [
    "Idle",
    "Opening/asking",
    "Opening/loading form",
    "Opening/guarding",
    "Opening/starting",
    "Collecting",
    "Submitting/tokenising",
    "Submitting/guarding",
    "Submitting/sending",
    "Preparing",
    "SwitchingApp/offered",
    "SwitchingApp/calling",
    "Redirecting/leaving",
    "Redirecting/left",
    "Redirecting/refused",
    "Confirming/asking",
    "Confirming/waiting",
    "Confirming/paused",
    "Done",
];

/// Facts that seldom decide anything: named only where nothing else tells two outcomes apart.
const QUIET: [&str; 4] =
    ["`submit()` waits", "`validateFields()` waits", "may have paid", "undecided attempt"];

const HEAD: &str = "\
# Every state, every input

Written by `crates/core/tests/explore.rs`, which does everything that can happen in every place
that can be reached and checks the machine's laws on each step. Do not edit:
`UPDATE_EXPECT=1 cargo test -p kassa-core` writes it anew, and without that the test fails when the
machine does something else than this page says.
";

const READING: &str = "\
## How to read the tables

A row is an input and what comes of it. *Tells* are the events for the merchant, without their
`SDK_`; *does* is everything else, in order. Left out, because it is the same everywhere:

* a step that leaves a call or a timer behind also aborts or cancels it, and a step that changes the
  view draws it;
* `unmount()` leads to Idle, settles every promise, tears down and tells nothing;
* `createComponent` while a component lives is refused with `CREATECOMPONENT_ERROR`, and the
  component goes on (Idle and Done have rows of their own);
* an answer, a timer, a frame's word or a browser's report that carries an old id does nothing at all.

In brackets stands what only happens while that promise waits. *When* names what decides, where one
input can end differently. The page being hidden or shown is remembered even where nothing happens.
";

pub(crate) fn write(edges: &[Edge]) -> String {
    let places: BTreeSet<_> = edges.iter().map(|edge| &*edge.from).collect();
    let mut names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    names.dedup();
    names.sort_by_key(|name| ORDER.iter().position(|state| name.starts_with(state)));

    let mut out = String::from(HEAD);
    writeln!(
        out,
        "\n{} states in {} variations (what the merchant chose, what is known, what waits), {} steps.\n",
        names.len(),
        places.len(),
        edges.len(),
    )
    .unwrap();
    out.push_str(&diagram(edges, &names));
    out.push('\n');
    out.push_str(READING);
    for name in names {
        section(&mut out, name, edges);
    }
    out
}

/// What one input can come to.
type Outcomes = BTreeMap<Outcome, Seen>;

/// The circumstances of an outcome.
#[derive(PartialEq)]
struct Seen {
    /// What happens besides, while a promise waits.
    extras: BTreeSet<String>,
    when: String,
}

fn section(out: &mut String, name: &str, edges: &[Edge]) {
    let mut inputs: Vec<(String, Outcomes)> = Vec::new();
    let mut by_input: BTreeMap<_, Vec<&Edge>> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| edge.from.name == name) {
        by_input.entry(edge.action).or_default().push(edge);
    }
    for (action, edges) in by_input {
        if let Some(label) = label(action, name) {
            inputs.push((label, outcomes(&edges)));
        }
    }
    // Inputs that come to the same share their rows.
    let mut groups: Vec<(Vec<String>, Outcomes)> = Vec::new();
    let mut idle = Vec::new();
    for (label, outcomes) in inputs {
        if is_nothing(&outcomes, name) {
            idle.push(label);
        } else if let Some((labels, _)) = groups.iter_mut().find(|(_, same)| *same == outcomes) {
            labels.push(label);
        } else {
            groups.push((vec![label], outcomes));
        }
    }
    writeln!(out, "\n## {name}\n").unwrap();
    if !groups.is_empty() {
        out.push_str("| input | when | becomes | tells | does |\n|---|---|---|---|---|\n");
    }
    for (labels, outcomes) in groups {
        let mut input = together(&labels);
        for (outcome, Seen { extras, when }) in outcomes {
            if outcome.is_nothing(name) && extras.is_empty() {
                continue;
            }
            let to = if outcome.to == name { "" } else { &outcome.to };
            let told = outcome.told.join(", ");
            let extras = extras.into_iter().map(|extra| format!("[{extra}]"));
            let done: Vec<String> = outcome.does.into_iter().chain(extras).collect();
            writeln!(out, "| {input} | {when} | {to} | {told} | {} |", done.join(", ")).unwrap();
            input = String::from("〃");
        }
    }
    if !idle.is_empty() {
        writeln!(out, "\nNothing happens on {}.", together(&idle)).unwrap();
    }
}

fn is_nothing(outcomes: &Outcomes, name: &str) -> bool {
    outcomes.iter().all(|(outcome, seen)| outcome.is_nothing(name) && seen.extras.is_empty())
}

/// Names inputs in one breath: "gateway: paid; HTML" for two answers.
fn together(labels: &[String]) -> String {
    let mut by_source: Vec<(&str, Vec<&str>)> = Vec::new();
    for label in labels {
        let (source, rest) = label.split_once(": ").unwrap_or((label, ""));
        match by_source.iter_mut().find(|(known, _)| *known == source) {
            Some((_, rests)) => rests.push(rest),
            None => by_source.push((source, vec![rest])),
        }
    }
    let names: Vec<String> = by_source
        .into_iter()
        .map(|(source, rests)| match rests.join("; ").as_str() {
            "" => source.to_owned(),
            rests => format!("{source}: {rests}"),
        })
        .collect();
    names.join(" · ")
}

fn outcomes(edges: &[&Edge]) -> Outcomes {
    let mut sources: BTreeMap<Outcome, (BTreeSet<String>, Vec<&Edge>)> = BTreeMap::new();
    for edge in edges {
        let (outcome, extras) = (*edge.outcome).clone();
        let (known, from) = sources.entry(outcome).or_default();
        known.extend(extras);
        from.push(edge);
    }
    let froms: Vec<Vec<&Edge>> = sources.values().map(|(_, from)| from.clone()).collect();
    let seen = |(at, (outcome, (extras, _)))| (outcome, Seen { extras, when: when(&froms, at) });
    sources.into_iter().enumerate().map(seen).collect()
}

/// What is true wherever this outcome was seen, and not true of all the others.
fn when(all: &[Vec<&Edge>], at: usize) -> String {
    if all.len() == 1 {
        return String::new();
    }
    let values = |edges: &[&Edge], name: &str| -> BTreeSet<&'static str> {
        let facts = edges.iter().flat_map(|edge| edge.from.facts.iter());
        facts.filter(|(fact, _)| *fact == name).map(|(_, value)| *value).collect()
    };
    let mut telling = Vec::new();
    for (name, _) in &all[at][0].from.facts {
        let mine = values(&all[at], name);
        let others: BTreeSet<_> = all
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .flat_map(|(_, edges)| values(edges, name))
            .collect();
        if mine.is_disjoint(&others) {
            return clause((name, &join(&mine)));
        }
        if mine.len() == 1 && others.len() > 1 && !QUIET.contains(name) {
            telling.push(clause((name, &join(&mine))));
        }
    }
    if telling.is_empty() { String::from("otherwise") } else { telling.join(", ") }
}

fn join(values: &BTreeSet<&'static str>) -> String {
    values.iter().copied().collect::<Vec<_>>().join(" or ")
}

fn clause((name, value): (&str, &str)) -> String {
    match value {
        "yes" => name.to_owned(),
        "no" => format!("not: {name}"),
        value => format!("{name} {value}"),
    }
}

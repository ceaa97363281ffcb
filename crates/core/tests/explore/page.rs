//! The graph as a page that people read: a diagram of the states, and what each input does in each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::Edge;
use crate::describe::{StepOutcome, label};
use crate::diagram::diagram;

/// The states in the order of a payment.
const ORDER: [&str; 22] = [
    "Idle",
    "Opening/querying",
    "Opening/loading form",
    "Opening/before submit",
    "Opening/sending",
    "Collecting",
    "Submitting/reading form",
    "Submitting/before submit",
    "Submitting/sending",
    "Challenging/3DS method",
    "Challenging/challenge",
    "ShowingCodes/codes",
    "ShowingCodes/approval",
    "SwitchingApp/offered",
    "SwitchingApp/launching",
    "SwitchingApp/in app",
    "Redirecting/leaving",
    "Redirecting/left",
    "Redirecting/refused",
    "Confirming",
    "Confirming/",
    "Ended",
];

/// Facts that seldom decide: named only where no other fact distinguishes two outcomes.
const QUIET: [&str; 4] = [
    "`submit()` waits",
    "`validateFields()` waits",
    "paid, as far as is known",
    "attempt undecided",
];

const HEAD: &str = "\
# Every state, every input

Written by `crates/core/tests/explore.rs`, which does everything that can happen in every state
that can be reached, and checks the machine's laws on each step. Do not edit:
`UPDATE_EXPECT=1 cargo test -p kassa-core` writes the page again, and without that the test fails
when the machine differs from this page.
";

const READING: &str = "\
## How to read the tables

A row is an input with its outcome. *Events* are for the merchant, without their `SDK_`; *effects*
are all the others, in order. The following is the same everywhere, and left out:

* a step that leaves a call or a timer behind also aborts or cancels it, and a step that changes the
  view renders it;
* `unmount()` leads to Idle, settles every promise, removes the component and emits nothing;
* `createComponent` while a component is open is refused with `CREATECOMPONENT_ERROR`, and the
  component goes on (Idle and Ended have rows of their own);
* an answer, a timer, a message or a browser's report with an old id has no effect at all.

Effects in brackets only happen while that promise waits. *When* names the facts that decide, where
one input can have several outcomes. Whether the page is hidden is remembered even where nothing
happens.
";

pub(crate) fn write(edges: &[Edge]) -> String {
    let places: BTreeSet<_> = edges.iter().map(|edge| &*edge.from).collect();
    let mut names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    names.dedup();
    names.sort_by_key(|name| ORDER.iter().position(|state| name.starts_with(state)));

    let mut out = String::from(HEAD);
    writeln!(
        out,
        "\n{} states in {} variations (merchant's parameters, known facts, open promises), {} steps.\n",
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

/// The outcomes of one input, with their circumstances.
type Outcomes = BTreeMap<StepOutcome, Seen>;

/// The circumstances of an outcome.
#[derive(PartialEq)]
struct Seen {
    /// Further effects, while a promise waits.
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
    // Inputs with the same outcomes share their rows.
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
        out.push_str("| input | when | becomes | events | effects |\n|---|---|---|---|---|\n");
    }
    for (labels, outcomes) in groups {
        let mut input = together(&labels);
        for (outcome, Seen { extras, when }) in outcomes {
            if outcome.is_nothing(name) && extras.is_empty() {
                continue;
            }
            let to = if outcome.to == name { "" } else { &outcome.to };
            let events = outcome.events.join(", ");
            let extras = extras.into_iter().map(|extra| format!("[{extra}]"));
            let done: Vec<String> = outcome.effects.into_iter().chain(extras).collect();
            writeln!(out, "| {input} | {when} | {to} | {events} | {} |", done.join(", ")).unwrap();
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

/// Joins the names of inputs: "gateway: paid; HTML" for two answers.
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
    let mut sources: BTreeMap<StepOutcome, (BTreeSet<String>, Vec<&Edge>)> = BTreeMap::new();
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

/// The facts that hold wherever this outcome was seen, and not for all the others.
fn when(all: &[Vec<&Edge>], at: usize) -> String {
    if all.len() == 1 {
        return String::new();
    }
    let values = |edges: &[&Edge], name: &str| -> BTreeSet<&'static str> {
        let facts = edges.iter().flat_map(|edge| edge.from.facts.iter());
        facts.filter(|(fact, _)| *fact == name).map(|(_, value)| *value).collect()
    };
    let mut deciding = Vec::new();
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
            deciding.push(clause((name, &join(&mine))));
        }
    }
    if deciding.is_empty() { String::from("otherwise") } else { deciding.join(", ") }
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

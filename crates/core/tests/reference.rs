//! The machine compared with a script of the contract, step by step. A gateway by the rules, a
//! buyer, a browser and a merchant act in any order and at any time; machine and script receive the
//! same, and must react in the same way to each step: events with the deciding members of their
//! results, promises, calls, navigations and frames.
//!
//! The script is written from the contract and `docs/protocol.md`; where those leave a question open,
//! its comments name the reading.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, a panic with a message is the report"
)]

#[path = "reference/gateway.rs"]
mod gateway;
#[path = "reference/script/mod.rs"]
mod script;
mod support;
#[path = "reference/walk.rs"]
mod walk;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use gateway::Stage;
use kassa_core::events::EventCode;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use script::Script;
use walk::Walk;

const CASES: u32 = 10_000;
const LONGEST: usize = 40;
/// Walks until each thing has happened once.
const MOST: u32 = 20_000;

/// The start of a walk.
#[derive(Debug, Clone)]
struct Setting {
    kind: usize,
    addresses: bool,
    names_attempt: bool,
    return_page: usize,
    asks_before_submit: bool,
    /// Chooses one of the possible states of the payment when the component opens.
    before: Option<Index>,
}

proptest! {
    // A failing walk is printed step by step, so that no file of seeds is needed.
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_machine_and_the_script_agree(
        setting in setting(),
        numbers in prop::collection::vec(any::<u32>(), 1..LONGEST),
    ) {
        if let Err(difference) = compare(&setting, &numbers) {
            prop_assert!(false, "{difference}");
        }
    }
}

/// A step that no walk reaches would not be compared.
#[test]
fn random_walks_cover_every_event_and_effect() {
    let mut runner = TestRunner::deterministic();
    let walks = (setting(), prop::collection::vec(any::<u32>(), LONGEST));
    let mut missing: BTreeSet<String> =
        EventCode::ALL.iter().map(|code| code.name().to_owned()).collect();
    missing.extend(
        [
            "FAIL DO_NOT_HONOR retryable=true",
            "FAIL ORDER_IS_CLOSED retryable=false",
            "CANCELLED ORDER_IS_CANCELLED",
            "CHALLENGE_CLOSED",
            "CLOSED_BEFORE_RESULT",
            "NO_RESULT_IN_TIME",
            "call submit 2 ",
            "call inquire Y",
            "call inquire N",
            "3DS frame closes",
            "form: validate",
            "valid=true",
            "navigate https://acs.example/",
            "navigate https://app.example/",
            "navigate https://bank.example/",
            "navigate https://pay.example/",
            "navigate https://shop.example/",
            "navigate wallet://",
            "onBeforeSubmit",
            "onClose",
        ]
        .map(String::from),
    );
    for _ in 0..MOST {
        let (setting, numbers) = walks.new_tree(&mut runner).unwrap().current();
        let reactions = walk(&setting, &numbers).0.reactions;
        for line in reactions.iter().flat_map(|it| it.events.iter().chain(&it.effects)) {
            missing.retain(|wanted| !line.contains(wanted.as_str()));
        }
        if missing.is_empty() {
            return;
        }
    }
    panic!("no walk reached {missing:?}");
}

/// Proves that the comparison can fail: a script with another setting differs.
#[test]
fn a_script_with_another_setting_differs() {
    let mut runner = TestRunner::deterministic();
    let walks = (setting(), prop::collection::vec(any::<u32>(), LONGEST));
    let differs = (0..MOST).any(|_| {
        let (setting, numbers) = walks.new_tree(&mut runner).unwrap().current();
        let (walk, _) = walk(&setting, &numbers);
        let other = Setting { asks_before_submit: !setting.asks_before_submit, ..setting };
        compare_with_script(&walk, &other).is_err()
    });
    assert!(differs);
}

fn setting() -> impl Strategy<Value = Setting> {
    let return_page = prop_oneof![6 => Just(0_usize), 2 => Just(1), 1 => Just(2)];
    let before = prop::option::weighted(0.3, any::<Index>());
    let asks_before_submit = prop::bool::weighted(0.2);
    (0..6_usize, any::<bool>(), any::<bool>(), return_page, asks_before_submit, before).prop_map(
        |(kind, addresses, names_attempt, return_page, asks_before_submit, before)| Setting {
            kind,
            addresses,
            names_attempt,
            return_page,
            asks_before_submit,
            before,
        },
    )
}

/// Walks with the machine, as far as its laws allow.
fn walk(setting: &Setting, numbers: &[u32]) -> (Walk, Result<(), String>) {
    let gateway =
        walk::gateway(setting.kind, setting.addresses, setting.names_attempt, setting.return_page);
    let mut walk = Walk::new(setting.asks_before_submit, gateway);
    let possible = Stage::possible(walk.gateway.kind);
    walk.gateway.payment = setting.before.map(|one| (*one.get(&possible), String::new()));
    let walked = catch_unwind(AssertUnwindSafe(|| {
        for number in numbers {
            walk.take(walk.choose(*number));
        }
    }));
    let lawful = walked.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or(panic.downcast_ref().copied()).unwrap_or("see the panic above").to_owned()
    });
    (walk, lawful)
}

/// Walks, then runs the script over the same occurrences.
fn compare(setting: &Setting, numbers: &[u32]) -> Result<(), String> {
    let (walk, lawful) = walk(setting, numbers);
    let trail = compare_with_script(&walk, setting)?;
    lawful.map_err(|broken| format!("{trail}{broken}"))
}

/// Compares the machine's reactions with the script's. Returns the walk step by step, with the first
/// difference where there is one.
fn compare_with_script(walk: &Walk, setting: &Setting) -> Result<String, String> {
    let expected = Script::new(walk.moments.clone(), setting.asks_before_submit).run();
    let mut trail = format!("{setting:?}\n");
    for (step, moment) in walk.moments.iter().enumerate() {
        writeln!(trail, "{:>7} {:?}", moment.at, moment.what).unwrap();
        let Some(reaction) = walk.reactions.get(step) else { break };
        let mut expected = expected[step].clone();
        expected.effects.sort();
        if *reaction != expected {
            writeln!(trail, "  machine {reaction:?}\n  script  {expected:?}").unwrap();
            return Err(trail);
        }
        for line in reaction.events.iter().chain(&reaction.effects) {
            writeln!(trail, "          {line}").unwrap();
        }
    }
    Ok(trail)
}

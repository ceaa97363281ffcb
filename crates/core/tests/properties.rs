//! Random walks: whatever happens in whatever order, the laws of the driver hold after every step,
//! and a payment that is left alone does not end in silence.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test, dying with a message is the report"
)]

mod support;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kassa_core::machine::Input;
use proptest::prelude::*;
use proptest::sample::Index;
use support::Driver;
use support::action::{ANSWERS, Action, Word, stale};
use support::silence::leave_alone;

const CASES: u32 = 1_000;
const LONGEST: usize = 60;

proptest! {
    // A failing walk is printed in words; a file of seeds would say less and rot.
    #![proptest_config(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_laws_hold_on_every_walk(
        choices in prop::collection::vec(choice(), 1..LONGEST),
        guarded in prop::bool::weighted(0.2),
    ) {
        let mut trail = Vec::new();
        let walked = catch_unwind(AssertUnwindSafe(|| walk(&choices, guarded, &mut trail)));
        if let Err(panic) = walked {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let why = text.or(panic.downcast_ref().copied()).unwrap_or("see the panic above");
            prop_assert!(false, "{why}\nafter\n{}", trail.join("\n"));
        }
    }
}

/// What to do, and what to do too late. Says nothing of itself: the numbers mean nothing without
/// the state that they chose in, and the trail says it in words.
#[derive(Clone)]
struct Choice {
    action: Index,
    stale: Index,
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

fn choice() -> impl Strategy<Value = Choice> {
    any::<(Index, Index)>().prop_map(|(action, stale)| Choice { action, stale })
}

/// Chooses among what can happen at each step, so that most walks get far.
fn walk(choices: &[Choice], guarded: bool, trail: &mut Vec<String>) {
    let mut driver = Driver::with(guarded);
    for (step, choice) in choices.iter().enumerate() {
        let actions: Vec<Action> = Action::all(&driver)
            .into_iter()
            .flat_map(|action| std::iter::repeat_n(action, weight(action)))
            .collect();
        let action = *choice.action.get(&actions);
        let named = if let Action::Answer(row) = action { ANSWERS[row].name } else { "" };
        trail.push(format!("  {action:?} {named}"));
        action.take(&mut driver);

        let late = stale(&driver);
        let late = choice.stale.get(&late).clone();
        trail.push(format!("  (stale) {late:?}"));
        driver.input(late);
        trail.pop();

        if step % 8 == 0 {
            trail.push("  (left alone)".into());
            leave_alone(&driver);
            trail.pop();
        }
    }
    trail.push("  (left alone)".into());
    leave_alone(&driver);
    trail.push("  Unmount".into());
    driver.input(Input::Unmount);
    assert!(driver.tickets.is_empty() && !driver.on_screen);
}

/// What ends a walk, or leads nowhere, is rarer than what leads on.
fn weight(action: Action) -> usize {
    match action {
        Action::Close | Action::Unmount => 1,
        Action::Answer(row) if ANSWERS[row].name == "card" => 30,
        Action::Answer(row) if ANSWERS[row].name == "fields" => 15,
        Action::Answer(_) | Action::Continue => 3,
        Action::Break | Action::Hide | Action::Online | Action::Restore | Action::Show => 2,
        Action::Time { late: 0 } => 6,
        Action::Time { .. } => 2,
        Action::Frame(Word::Ready) => 20,
        Action::Frame(Word::Token | Word::Values) => 20,
        Action::Guard("CONTINUE") => 20,
        Action::App => 6,
        Action::Check | Action::Done | Action::Guard(_) => 3,
        Action::Frame(Word::Escape) => 1,
        Action::Frame(_) | Action::Validate => 3,
        Action::Open { .. } | Action::Browser { .. } => 6,
        Action::Pay | Action::Submit => 8,
    }
}

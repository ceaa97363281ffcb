//! Random walks: in any order of inputs, the laws of the driver hold after every step, and time
//! alone leads a payment to an event for the merchant or to a wait for the buyer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test, a panic with a message is the report"
)]

mod support;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kassa_core::machine::Input;
use proptest::prelude::*;
use proptest::sample::Index;
use support::Driver;
use support::action::{Action, FormAction, stale};
use support::answers::ANSWERS;
use support::rest::leave_alone;

const CASES: u32 = 1_000;
const LONGEST: usize = 60;

proptest! {
    // A failing walk is printed step by step, so that no file of seeds is needed.
    #![proptest_config(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_laws_hold_on_every_walk(
        choices in prop::collection::vec(choice(), 1..LONGEST),
        asks_before_submit in prop::bool::weighted(0.2),
    ) {
        let mut trail = Vec::new();
        let walked = catch_unwind(AssertUnwindSafe(|| walk(&choices, asks_before_submit, &mut trail)));
        if let Err(panic) = walked {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let why = text.or(panic.downcast_ref().copied()).unwrap_or("see the panic above");
            prop_assert!(false, "{why}\nafter\n{}", trail.join("\n"));
        }
    }
}

/// An action, and one that comes too late. Not printed: the numbers mean nothing without the state
/// that they chose in, and the trail names the same actions.
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

/// Chooses among the possible actions of each step, so that most walks get far.
fn walk(choices: &[Choice], asks_before_submit: bool, trail: &mut Vec<String>) {
    let mut driver = Driver::with(asks_before_submit);
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
    assert!(driver.promises.is_empty() && !driver.is_on_screen);
}

/// Actions that end a walk, or lead nowhere, are rarer than those that lead on.
fn weight(action: Action) -> usize {
    match action {
        Action::Close | Action::Remove | Action::Unmount => 1,
        Action::Answer(row) if ANSWERS[row].name == "card" => 30,
        Action::Answer(row) if ANSWERS[row].name == "fields" => 15,
        Action::Answer(_) | Action::AnswerAfterPress(_) | Action::Continue => 3,
        Action::Break | Action::Hide | Action::Online | Action::Restore | Action::Show => 2,
        Action::Time { late: 0 } => 6,
        Action::Time { .. } => 2,
        Action::Form(FormAction::Ready) => 20,
        Action::Form(FormAction::Token | FormAction::Values) => 20,
        Action::BeforeSubmit("CONTINUE") => 20,
        Action::App => 6,
        Action::Check | Action::ThreeDsDone | Action::BeforeSubmit(_) => 3,
        Action::Form(FormAction::Escape) => 1,
        Action::Form(_) | Action::Validate => 3,
        Action::Open { .. } | Action::Browser { .. } => 6,
        Action::Pay | Action::Submit => 8,
        Action::Policy { .. } => 1,
    }
}

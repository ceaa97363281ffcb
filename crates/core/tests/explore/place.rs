//! Nodes of the graph: a machine's snapshot, and what the driver and its laws have noted.

use kassa_core::machine::Snapshot;

use crate::support::Driver;
use crate::support::action::Action;

/// A fact and its value.
pub(crate) type Fact = (&'static str, &'static str);

/// A node of the graph: machines with the same name and facts behave the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) facts: Vec<Fact>,
}

impl Place {
    fn has(&self, fact: &str, value: &str) -> bool {
        self.facts.contains(&(fact, value))
    }
}

pub(crate) fn locate(driver: &Driver) -> Place {
    let Snapshot { state, step, poll, mut facts } = driver.machine.snapshot();
    let mut name = state.to_owned();
    if !step.is_empty() {
        name.push('/');
        name.push_str(step);
    }
    if let Some(poll) = poll {
        name.push_str(&format!(" ({poll})"));
    }
    let yes = |fact, holds| (fact, if holds { "yes" } else { "no" });
    facts.extend([
        yes("`validateFields()` waits", !driver.checks.is_empty()),
        yes("page hidden", driver.is_hidden),
        yes("paid, as far as is known", driver.laws.may_have_paid()),
        yes("attempt undecided", driver.laws.open_attempt().is_some()),
    ]);
    Place { name, facts }
}

/// The actions to explore in a place. A second component and two checks at once are left out,
/// because they add no behaviour to that of one.
pub(crate) fn is_worth_trying(driver: &Driver, place: &Place, action: Action) -> bool {
    // A phone and an `onBeforeSubmit` change the same steps under all other circumstances.
    let is_plain = place.has("`onBeforeSubmit`", "no") && !place.has("phone", "yes");
    match action {
        Action::Open { is_phone, stays, .. } => is_plain || stays && !is_phone,
        Action::Check => {
            !place.has("check", "pending")
                && !place.has("check", "found nothing")
                && is_plain
                && !driver.is_hidden
        }
        Action::Validate => is_plain && driver.checks.is_empty() && !driver.is_hidden,
        Action::Time { late } => {
            late == 0 || is_plain && !driver.calls.is_empty() && driver.checks.is_empty()
        }
        _ => true,
    }
}

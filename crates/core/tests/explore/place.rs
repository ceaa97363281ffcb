//! Where a machine is, in words: the state as the product calls it, and the facts that decide what
//! comes next. Read from `Debug`, so that the library needs no accessors for its tests.

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

pub(crate) fn locate(driver: &Driver) -> Place {
    let debug = format!("{:?}", driver.machine);
    let (_, state) = debug.split_once("state: ").expect("the machine's state");
    let (state, job) = state.split_once(", job: ").expect("the machine's job");
    let has = |text: &str| state.contains(text);
    let knows = |text: &str| job.contains(text);
    let yes = |fact, holds| (fact, if holds { "yes" } else { "no" });
    let mut facts = vec![
        yes("stays on the page", knows("stay: true")),
        yes("return page", knows("paymentRedirectUrl")),
        yes("form", driver.frame.is_some()),
        yes("`onBeforeSubmit`", debug.contains("guarded: true")),
        yes("phone", knows("Android 14")),
        yes("`submit()` waits", knows(" submit: Some")),
        yes("`validateFields()` waits", !driver.checks.is_empty()),
        yes("page hidden", driver.hidden),
        yes("buyer was engaged", knows("engaged: true")),
        yes("failed before", knows("failed_before: true")),
        yes("may have paid", driver.laws.may_have_paid()),
        ("undecided attempt", undecided_attempt(driver, job)),
    ];
    let kind = state.split(['(', ' ']).next().unwrap_or_default();
    let name = match kind {
        "Opening" if has("Asking") => "Opening/asking".into(),
        "Opening" if has("LoadingForm") => "Opening/loading form".into(),
        "Opening" if has("Guarding") => "Opening/guarding".into(),
        "Opening" => "Opening/starting".into(),
        "Submitting" if has("Tokenising") => "Submitting/tokenising".into(),
        "Submitting" if has("Guarding") => "Submitting/guarding".into(),
        "Submitting" => "Submitting/sending".into(),
        "SwitchingApp" => {
            facts.push(yes("address", knows("target: Some")));
            facts.push(yes("two links", knows("apps: [Target") && knows("\"), Target(\"")));
            facts.push(yes("tried before", has("AppNotOpened")));
            format!(
                "SwitchingApp/{}",
                word(state, &[("Offered", "offered"), ("Calling", "calling")])
            )
        }
        "Redirecting" => {
            facts.push(("to", place_name(job)));
            facts.push(yes("address", knows("target: Some")));
            let steps = [("Leaving", "leaving"), ("Left", "left"), ("Refused", "refused")];
            format!("Redirecting/{}", word(state, &steps))
        }
        "Confirming" => {
            let elsewhere = knows("target: Some");
            facts.push(("continues to", if elsewhere { place_name(job) } else { "nowhere" }));
            facts.push(yes("gateway heard", has("heard: true")));
            if has("why: App") || has("why: Code") || has("why: Challenge,") {
                facts.push(yes("money may take days", knows("pending: true")));
            }
            if has("why: Code") || has("why: Approval") {
                let asked = [("pressed: No", "no"), ("InVain", "did"), ("Yes", "yes")];
                facts.push(yes("time is over", has("expired: true")));
                facts.push(("buyer asks", word(state, &asked)));
                if has("why: Code") {
                    facts.push(yes("codes", knows("codeFormViews")));
                }
            } else {
                facts.push(("since", age(state, driver.now)));
            }
            let polls =
                [("call: Some", "asking"), ("timer: Some", "waiting"), ("timer: None", "paused")];
            let whys = [
                ("App,", "app"),
                ("Approval", "approval"),
                ("Authorised", "authorised"),
                ("Challenged", "challenge over"),
                ("Challenge,", "challenge"),
                ("Code", "code"),
                ("Left", "challenge closed"),
                ("Prepared", "prepared"),
                ("Resumed", "resumed"),
                ("Silence", "silence"),
            ];
            format!("Confirming/{} ({})", word(job, &polls), word(state, &whys))
        }
        other => other.trim_end_matches(" }").to_owned(),
    };
    Place { name, facts }
}

/// What the next submit would do with the attempt whose fate is not known.
fn undecided_attempt(driver: &Driver, job: &str) -> &'static str {
    let number = job.split_once(" attempt: ").and_then(|(_, rest)| rest.split_once(','));
    match (driver.laws.open_attempt(), number) {
        (Some(open), Some((number, _))) if open.ends_with(&format!("-{number}")) => "is repeated",
        (Some(_), _) => "is given up",
        (None, _) => "is none",
    }
}

fn word(text: &str, words: &[(&str, &'static str)]) -> &'static str {
    words.iter().find(|(sign, _)| text.contains(sign)).expect("a known step").1
}

fn place_name(job: &str) -> &'static str {
    let (_, place) = job.split_once(" place: ").expect("the job's last member");
    word(place, &[("Merchant", "merchant"), ("Challenge", "3DS"), ("Bank", "bank")])
}

/// How long the gateway has been asked, as far as it matters.
fn age(state: &str, now: u32) -> &'static str {
    let since = state.split_once("since: Millis(").and_then(|(_, rest)| rest.split_once(')'));
    let since: u32 = since.and_then(|(number, _)| number.parse().ok()).expect("a number");
    match now - since {
        0..60_000 => "under 1 min",
        60_000..300_000 => "1 to 5 min",
        _ => "over 5 min",
    }
}

/// What is tried in a place. Opening a second component and waiting for two checks at once lead to
/// nothing that one of each does not show.
pub(crate) fn worth_trying(driver: &Driver, action: Action) -> bool {
    let debug = format!("{:?}", driver.machine);
    // What a phone and an `onBeforeSubmit` change, they change whatever else is the case.
    let plain = !debug.contains("guarded: true") && !debug.contains("Android 14");
    match action {
        Action::Open { phone, stay, .. } => plain || stay && !phone,
        Action::Check => debug.contains("pressed: No") && plain && !driver.hidden,
        Action::Validate => plain && driver.checks.is_empty() && !driver.hidden,
        Action::Time { late } => {
            late == 0 || plain && !driver.calls.is_empty() && driver.checks.is_empty()
        }
        _ => true,
    }
}

//! A description of a machine's state, for the tests that explore every state, and for
//! `docs/states.md`, which they write. The runtime uses none of it.

use super::state::{
    AppStep, Challenging, ChallengingStep, Checkout, Confirming, Destination, ManualCheck, Opening,
    OpeningStep, Page, Payment, Poll, PollReason, Redirecting, RedirectingStep, ShowingCodes,
    Shown, State, Submitting, SubmittingStep, SwitchingApp,
};
use super::{Machine, Millis, POLL_FAST_FOR};
use crate::platform::Target;
use crate::text::Text;

/// A machine's state. Machines with equal snapshots behave in the same way, as long as the same
/// calls, timers and promises run; only ids, times, amounts and the reason in a result may differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Snapshot {
    /// The state, such as `Submitting`.
    pub state: &'static str,
    /// The step within the state, such as `sending`; empty where a state has no steps.
    pub step: &'static str,
    /// In states that inquire about the payment: `inquiring` while an inquiry is out, `waiting`
    /// between two inquiries, `paused` while the page is hidden.
    pub poll: Option<&'static str>,
    /// Everything else that decides what comes next: names with their values.
    pub facts: Vec<(&'static str, &'static str)>,
}

impl Machine {
    /// A description of the state.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let (state, step) = self.state.name();
        let mut facts = vec![("`onBeforeSubmit`", yes(self.config.asks_before_submit))];
        let form = self.state.checkout().and_then(|checkout| checkout.form.as_ref());
        facts.push(("form", yes(form.is_some())));
        if let Some(payment) = self.state.payment() {
            payment.checkout.add_facts(&mut facts);
            payment.add_facts(&self.state, &mut facts);
        }
        self.state.add_facts(self.now, &mut facts);
        let poll = self.state.poll().map(|_| match self.running.call {
            Some(_) => "inquiring",
            None if self.running.timer.is_some() => "waiting",
            None => "paused",
        });
        Snapshot { state, step, poll, facts }
    }
}

type Facts = Vec<(&'static str, &'static str)>;

fn yes(fact: bool) -> &'static str {
    if fact { "yes" } else { "no" }
}

impl State {
    fn name(&self) -> (&'static str, &'static str) {
        match self {
            Self::Idle => ("Idle", ""),
            Self::Opening(Opening { step, .. }) => match step {
                OpeningStep::Querying => ("Opening", "querying"),
                OpeningStep::LoadingForm => ("Opening", "loading form"),
                OpeningStep::BeforeSubmit(_) => ("Opening", "before submit"),
                OpeningStep::Sending => ("Opening", "sending"),
            },
            Self::Collecting(_) => ("Collecting", ""),
            Self::Submitting(Submitting { step, .. }) => match step {
                SubmittingStep::ReadingForm { .. } => ("Submitting", "reading form"),
                SubmittingStep::BeforeSubmit(_) => ("Submitting", "before submit"),
                SubmittingStep::Sending => ("Submitting", "sending"),
            },
            Self::Challenging(Challenging { step, .. }) => match step {
                ChallengingStep::Method => ("Challenging", "3DS method"),
                ChallengingStep::Challenge { .. } => ("Challenging", "challenge"),
            },
            Self::ShowingCodes(ShowingCodes { shown, .. }) => match shown {
                Shown::Approval => ("ShowingCodes", "approval"),
                Shown::Codes(_) => ("ShowingCodes", "codes"),
            },
            Self::SwitchingApp(SwitchingApp { step, .. }) => match step {
                AppStep::Offered { .. } => ("SwitchingApp", "offered"),
                AppStep::Launching { .. } => ("SwitchingApp", "launching"),
                AppStep::InApp { .. } => ("SwitchingApp", "in app"),
            },
            Self::Redirecting(Redirecting { step, .. }) => match step {
                RedirectingStep::Leaving(_) => ("Redirecting", "leaving"),
                RedirectingStep::Left => ("Redirecting", "left"),
                RedirectingStep::Refused => ("Redirecting", "refused"),
            },
            Self::Confirming(Confirming { reason, .. }) => match reason {
                PollReason::Authorised => ("Confirming", "authorised"),
                PollReason::ChallengeClosed => ("Confirming", "challenge closed"),
                PollReason::ChallengeDone => ("Confirming", "challenge done"),
                PollReason::ThreeDsMethodDone => ("Confirming", "3DS method done"),
                PollReason::Resumed => ("Confirming", "resumed"),
                PollReason::SubmitUnanswered => ("Confirming", "submit unanswered"),
            },
            Self::Ended(_) => ("Ended", ""),
        }
    }

    fn add_facts(&self, now: Millis, facts: &mut Facts) {
        if let Some(poll) = self.poll() {
            facts.push(("gateway has answered", yes(poll.is_answered)));
            let has_deadline = matches!(self, Self::ShowingCodes(it) if it.until.is_some());
            // With a deadline, the age decides over nothing but the interval.
            facts.push(("inquiring for", if has_deadline { "-" } else { age(now, *poll) }));
        }
        match self {
            Self::Challenging(Challenging { step, .. }) => {
                if let ChallengingStep::Challenge { elsewhere, .. } = step {
                    facts.push(("page instead", page(elsewhere.as_ref())));
                }
            }
            Self::ShowingCodes(ShowingCodes { shown, until, is_expired, check, .. }) => {
                let has_codes = matches!(shown, Shown::Codes(codes) if !codes.is_empty());
                facts.push(("codes", yes(has_codes)));
                facts.push((
                    "time",
                    match until {
                        None => "is not known",
                        Some(_) if *is_expired => "is over",
                        Some(_) => "is left",
                    },
                ));
                facts.push((
                    "check",
                    match check {
                        ManualCheck::Idle => "not pressed",
                        ManualCheck::Pending => "pending",
                        ManualCheck::NotFound => "found nothing",
                    },
                ));
            }
            Self::SwitchingApp(SwitchingApp { apps, elsewhere, step, .. }) => {
                facts.push(("page instead", page(elsewhere.as_ref())));
                facts.push(("second link", yes(apps.len() > 1)));
                match step {
                    AppStep::Offered { notice } => {
                        facts.push(("tried before", yes(*notice == Text::AppNotOpened)));
                    }
                    AppStep::Launching { navigation, .. } => {
                        facts.push(("browser has answered", yes(navigation.is_none())));
                    }
                    AppStep::InApp { .. } => {}
                }
            }
            Self::Redirecting(Redirecting { destination, target, .. }) => {
                facts.push(("destination", name(*destination)));
                facts.push(("address may be opened", yes(target.is_some())));
            }
            Self::Confirming(Confirming { elsewhere, .. }) => {
                facts.push(("continues to", page(elsewhere.as_ref())));
            }
            Self::Idle
            | Self::Opening(_)
            | Self::Collecting(_)
            | Self::Submitting(_)
            | Self::Ended(_) => {}
        }
    }
}

impl Checkout {
    fn add_facts(&self, facts: &mut Facts) {
        let return_page = self.offer.payment_redirect_url.as_deref();
        facts.extend([
            ("phone", yes(self.is_phone())),
            ("stays on the page", yes(self.request.stays_on_page)),
            (
                "return page",
                match return_page.map(Target::parse) {
                    _ if self.request.stays_on_page => "not used",
                    None => "none",
                    Some(Ok(_)) => "given",
                    Some(Err(_)) => "refused",
                },
            ),
        ]);
    }
}

impl Payment {
    /// The facts of an attempt that still decide something in this state.
    fn add_facts(&self, state: &State, facts: &mut Facts) {
        let attempt = &self.attempt;
        facts.push(("`submit()` waits", yes(attempt.promise.is_some())));
        facts.push(("may have paid", yes(attempt.may_have_paid)));
        facts.push(("money may take days", yes(attempt.is_pending)));
        let after_challenge = [PollReason::ChallengeDone, PollReason::ThreeDsMethodDone];
        match state {
            State::Confirming(Confirming { reason: PollReason::SubmitUnanswered, .. })
            | State::Opening(_)
            | State::Collecting(_)
            | State::Submitting(_) => {
                facts.push(("failed before", yes(attempt.has_predecessor)));
                facts.push(("submit unanswered", yes(attempt.is_unanswered)));
            }
            State::Challenging(_) => self.add_three_ds_facts(facts),
            State::Confirming(it) if after_challenge.contains(&it.reason) => {
                self.add_three_ds_facts(facts);
            }
            State::Idle
            | State::ShowingCodes(_)
            | State::SwitchingApp(_)
            | State::Redirecting(_)
            | State::Confirming(_)
            | State::Ended(_) => {}
        }
    }

    fn add_three_ds_facts(&self, facts: &mut Facts) {
        facts.push(("3DS method ran", yes(self.attempt.three_ds_comp_ind.is_some())));
        facts.push(("challenge shown", yes(self.attempt.challenge.is_some())));
    }
}

/// How long the machine has been inquiring, as far as it decides anything.
fn age(now: Millis, poll: Poll) -> &'static str {
    match now.since(poll.since) {
        ..POLL_FAST_FOR => "less than 1 min",
        POLL_FAST_FOR..300_000 => "1 to 5 min",
        300_000.. => "more than 5 min",
    }
}

fn page(page: Option<&Page>) -> &'static str {
    page.map_or("none", |page| name(page.destination))
}

fn name(destination: Destination) -> &'static str {
    match destination {
        Destination::Merchant => "merchant",
        Destination::Payment => "bank",
        Destination::ThreeDs => "3DS",
    }
}

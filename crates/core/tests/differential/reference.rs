//! The contract (§4 and §5), read off a plan. No states and no timers: a list of what is said.

use crate::plan::{App, Challenge, End, Method, Mistake, Plan, Start, Then};

/// The events, without `SDK_`.
pub(crate) fn events(plan: &Plan) -> Vec<&'static str> {
    let mut said = vec!["START_OF_LOADING"];
    match plan.start {
        Start::Fresh => {}
        Start::Paid => return with(said, &["END_OF_LOADING", "PAYMENT_SUCCESSFUL"]),
        Start::Cancelled => return with(said, &["END_OF_LOADING", "PAYMENT_FAIL"]),
        Start::Refused | Start::Silence => {
            return with(said, &["END_OF_LOADING", "CREATECOMPONENT_ERROR"]);
        }
    }
    said.push("END_OF_LOADING");
    if !plan.has_form() {
        after_submit(plan, &mut said);
        return said;
    }
    for mistake in &plan.mistakes {
        said.push(match mistake {
            Mistake::Invalid | Mistake::Guard(_) => "FORM_VERIFICATION_FAILED",
            Mistake::Unreachable => "SUBMIT_NETWORK_ERROR",
        });
    }
    if plan.end == End::Left {
        said.push("PAYMENT_CANCEL");
        return said;
    }
    said.extend(std::iter::repeat_n("PAYMENT_FAIL", plan.declines.into()));
    if plan.lost {
        // The gateway is asked before the buyer may pay again, and says what it heard.
        said.push("SUBMIT_NETWORK_ERROR");
    }
    after_submit(plan, &mut said);
    said
}

/// From the submit that the gateway heard.
fn after_submit(plan: &Plan, said: &mut Vec<&'static str>) {
    match plan.method {
        Method::Card => {
            // The contract does not say what a payment is that is found under way after silence.
            // Read here: the buyer is told to wait, and nothing is said before it is decided.
            if plan.lost && plan.waits_in_silence() {
                return while_shown(plan, said);
            }
            if plan.end == End::Failed && plan.undecided == 0 {
                return said.push("PAYMENT_FAIL");
            }
            authorised(plan, said);
        }
        Method::Card3ds { challenge, .. } => match challenge {
            Challenge::None if plan.lost && plan.waits_in_silence() => while_shown(plan, said),
            Challenge::None => authorised(plan, said),
            Challenge::Frame { .. } => {
                said.push("PAYMENT_CHALLENGE");
                while_shown(plan, said);
            }
            Challenge::Page => said.extend(["PAYMENT_CHALLENGE", "CALL_URL_SUCCESS"]),
        },
        Method::Redirect | Method::Fields(Then::Redirect) => said.push("CALL_URL_SUCCESS"),
        Method::Code | Method::Wait | Method::Fields(Then::Code | Then::Wait) => {
            while_shown(plan, said);
        }
        Method::App(app) => {
            if plan.end == End::Left && app != App::Desktop {
                return said.push("PAYMENT_CANCEL");
            }
            match app {
                App::Desktop | App::Missing => said.push("CALL_URL_SUCCESS"),
                App::Opens => said.push("CALL_URL_SUCCESS"),
                App::SecondTry => said.extend(["LAUNCH_PAYMENT_APP_ERROR", "CALL_URL_SUCCESS"]),
            }
            if !plan.leaves_to_pay() {
                while_shown(plan, said);
            }
        }
    }
}

/// The buyer does something here or elsewhere, and the gateway is asked until it knows.
fn while_shown(plan: &Plan, said: &mut Vec<&'static str>) {
    duplicates(plan, said);
    match plan.end {
        End::Paid => {
            said.push("PAYMENT_AUTHORIZATION_SUCCESSFUL");
            if !afterwards(plan, said) {
                said.push("PAYMENT_SUCCESSFUL");
            }
        }
        End::Failed => said.push("PAYMENT_FAIL"),
        End::Pending => said.push("PAYMENT_PENDING"),
        End::Closed | End::Left => said.push("PAYMENT_PROCESSING"),
    }
}

/// The buyer's part is complete before the result is known.
fn authorised(plan: &Plan, said: &mut Vec<&'static str>) {
    said.push("PAYMENT_AUTHORIZATION_SUCCESSFUL");
    if afterwards(plan, said) {
        return;
    }
    duplicates(plan, said);
    match plan.end {
        End::Paid => said.push("PAYMENT_SUCCESSFUL"),
        End::Failed => said.push("PAYMENT_FAIL"),
        End::Pending => said.push("PAYMENT_PENDING"),
        End::Closed | End::Left => said.push("PAYMENT_PROCESSING"),
    }
}

/// The merchant's page, if the buyer is to be sent there. Whether the page is gone.
fn afterwards(plan: &Plan, said: &mut Vec<&'static str>) -> bool {
    if plan.stay {
        return false;
    }
    said.push(if plan.return_page { "CALL_URL_SUCCESS" } else { "CALL_URL_ERROR" });
    plan.return_page
}

fn duplicates(plan: &Plan, said: &mut Vec<&'static str>) {
    said.extend(std::iter::repeat_n("DUPLICATE_SUBMISSION_BEHAVIOR", plan.repeated.into()));
}

fn with(mut said: Vec<&'static str>, more: &[&'static str]) -> Vec<&'static str> {
    said.extend(more);
    said
}

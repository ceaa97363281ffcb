//! Writes `docs/events.md`.

use std::fmt::Write as _;

use kassa_core::events::EventCode;
use kassa_core::results::{Meaning, TABLE, meaning};
use kassa_core::text::TextId;

use crate::texts::{Again, ClassCode, Last, Payload, Row, class_row, event_row};

const HEAD: &str = "\
# Events and results

Written by `crates/core/tests/contract.rs` from the event codes and the result table in
`crates/core/src`. Do not edit: `UPDATE_EXPECT=1 cargo test -p kassa-core` writes the page again,
and without that the test fails when the code differs from this page.

## Events

The meaning of each code is from the contract (§4, *Event codes*). Each event is an object with
`code`, for `onEventCallback`; an *error* goes to `onError` as well.

* *Carries*: the other members of the object. `message` is for logs and for people, `result` is the
  outcome of a payment. For errors before the state machine runs, `onError` gets `stack` too.
* *Again*: whether the same session may be paid after the event: yes, no, the value of
  `result.retryable`, or – where the event does not decide it.
* *Last*: whether the component emits no further event. After the last event, and after `unmount()`,
  there is none until the next `createComponent`.

An event is for display: `inquiryPayment` on your server decides. Do not treat unknown codes as
failures.
";

const RESULT: &str = "\
## The `result` of an event

| member | |
|---|---|
| `result` | `resultCode`, `resultStatus` (`S` paid, `F` failed, `U` not decided) and `resultMessage` |
| `paymentStatus` | as the gateway spells it: `SUCCESS`, `FAIL`, `PROCESSING`, `PENDING`, `CANCELLED` |
| `paymentResultCode`, `paymentResultMessage` | the reason; the codes are below |
| `retryable` | ours: whether the same session may be paid again |
| `suggestion` | ours: the next step for the merchant |
| `reason` | ours: what in the page led to the outcome, where no code of the gateway's stands for it: `CHALLENGE_CLOSED`, `CLOSED_BEFORE_RESULT` (by the buyer), `CHALLENGE_TIMEOUT` or `NO_RESULT_IN_TIME` |
| `cardPaymentResultInfo` | data of the card, when the page was not left; raw AVS and CVV values are the acquirer's own |
| `popRiskDecisionResultInfo` | `riskDecision` and `riskAuthDecision`, with a risk contract and when the page was not left |

Members that the gateway did not send, or sent as an empty text, are absent; the others are passed on
as text.
";

const RESULTS: &str = "\
## Result codes

`paymentResultCode` is an open set. The gateway's own message is passed on; where it sent none, the
meaning of the code takes its place. `retryable` is `true` only where the failure is certain. A code
after which money may have moved is never retryable, also where other lists differ. `SUCCESS` comes
with `SDK_PAYMENT_SUCCESSFUL` and is not a row.
";

pub(crate) fn write() -> String {
    let mut out = String::from(HEAD);
    out.push_str("\n| code | when | carries | error | again | last | what to do |\n");
    out.push_str("|---|---|---|---|---|---|---|\n");
    let machine = EventCode::ALL.map(|code| (code.name(), code.is_error(), event_row(code)));
    // Both are errors and go to both callbacks.
    let class = ClassCode::ALL.map(|code| (code.name(), true, class_row(code)));
    let mut rows: Vec<_> = machine.into_iter().chain(class).collect();
    rows.sort_by_key(|row| row.0);
    for (code, is_error, row) in &rows {
        event(&mut out, code, *is_error, row);
    }
    out.push('\n');
    out.push_str(RESULT);
    out.push('\n');
    out.push_str(RESULTS);
    out.push_str("\n| code | meaning | retryable | suggestion | text for the buyer |\n");
    out.push_str("|---|---|---|---|---|\n");
    for row in &TABLE {
        result(&mut out, &format!("`{}`", row.code), row);
    }
    result(&mut out, "any other", meaning("any other"));
    out
}

fn event(out: &mut String, code: &str, is_error: bool, row: &Row) {
    let carries = match row.payload {
        Payload::Code => "–",
        Payload::Message => "`message`",
        Payload::Result => "`message`, `result`",
    };
    let again = match row.again {
        Again::AsTheResultSays => "`result.retryable`",
        Again::No => "no",
        Again::Open => "–",
        Again::Yes => "yes",
    };
    let last = match row.last {
        Last::Always => "yes",
        Last::Never => "no",
        Last::UnlessRetryable => "unless `result.retryable`",
        Last::UnlessSecond => "yes, unless another component is open, which goes on",
        Last::WhenClosed => "when the component closes",
    };
    let error = if is_error { "yes" } else { "" };
    let Row { when, todo, .. } = row;
    writeln!(out, "| `{code}` | {when} | {carries} | {error} | {again} | {last} | {todo} |")
        .unwrap();
}

fn result(out: &mut String, code: &str, row: &Meaning) {
    let Meaning { meaning, retryable, suggestion, .. } = row;
    let meaning = if meaning.is_empty() { "The gateway's message." } else { meaning };
    let retryable = if *retryable { "yes" } else { "no" };
    let reads = row.advice.english();
    writeln!(out, "| {code} | {meaning} | {retryable} | {suggestion} | {reads} |").unwrap();
}

//! Writes `docs/events.md`.

use std::fmt::Write as _;

use kassa_core::events::EventCode;
use kassa_core::results::{Meaning, TABLE, meaning};

use crate::words::{Again, Facade, Last, Payload, Row, facade_row, row};

const HEAD: &str = "\
# Events and results

Written by `crates/core/tests/contract.rs` from the event codes and the result table in
`crates/core/src`. Do not edit: `UPDATE_EXPECT=1 cargo test -p kassa-core` writes it anew, and
without that the test fails when the code says something else.

## Events

What each code means is the contract's (§4, *Event codes*). Each event is an object with `code`,
for `onEventCallback`; an *error* goes to `onError` as well.

* *Carries* is what else is in the object: `message` is for logs and for people, `result` is the
  outcome of a payment. What `onError` gets of errors found before the payment machine runs has
  `stack` too.
* *Again* is whether the same session may be paid after it: yes, no, as `result.retryable` says, or
  – where the event does not decide it.
* *Last* is whether the component tells nothing more. After the last event, and after `unmount()`,
  there is silence until the next `createComponent`.

An event is for display: `inquiryPayment` on your server decides. Treat codes that you do not know
as news, not as failures.
";

const RESULT: &str = "\
## The `result` of an event

| member | |
|---|---|
| `result` | `resultCode`, `resultStatus` (`S` paid, `F` failed, `U` not decided) and `resultMessage` |
| `paymentStatus` | as the gateway spells it: `SUCCESS`, `FAIL`, `PROCESSING`, `PENDING`, `CANCELLED` |
| `paymentResultCode`, `paymentResultMessage` | why; the codes are below |
| `retryable` | ours: whether the same session may be paid again |
| `suggestion` | ours: what you can do |
| `reason` | ours: what in the page led here, where the gateway's words do not tell: `CHALLENGE_CLOSED`, `CLOSED_BEFORE_RESULT` (by the buyer), `CHALLENGE_TIMEOUT` or `NO_RESULT_IN_TIME` |
| `cardPaymentResultInfo` | facts of the card, when the page was not left; raw AVS and CVV values are the acquirer's own |
| `popRiskDecisionResultInfo` | `riskDecision` and `riskAuthDecision`, with a risk contract and when the page was not left |

Facts that the gateway did not send are absent, and those that it sent are passed on as text.
";

const RESULTS: &str = "\
## Result codes

`paymentResultCode` is an open set: the gateway's words are passed on, and the meaning stands in
where it sent none. `retryable` is `true` only where the failure is certain. A code that may mean
that money has moved is never retryable, whatever other lists say. `SUCCESS` comes with
`SDK_PAYMENT_SUCCESSFUL` and is not a row.
";

pub(crate) fn write() -> String {
    let mut out = String::from(HEAD);
    out.push_str("\n| code | when | carries | error | again | last | what to do |\n");
    out.push_str("|---|---|---|---|---|---|---|\n");
    let machine = EventCode::ALL.map(|code| (code.name(), code.is_error(), row(code)));
    // Both are errors and go to both callbacks: `facade.ts` reports them as such.
    let facade = Facade::ALL.map(|code| (code.name(), true, facade_row(code)));
    let mut rows: Vec<_> = machine.into_iter().chain(facade).collect();
    rows.sort_by_key(|row| row.0);
    for (code, is_error, row) in &rows {
        event(&mut out, code, *is_error, row);
    }
    out.push('\n');
    out.push_str(RESULT);
    out.push('\n');
    out.push_str(RESULTS);
    out.push_str("\n| code | meaning | retryable | suggestion | what the buyer reads |\n");
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
    let meaning = if meaning.is_empty() { "As the gateway says." } else { meaning };
    let retryable = if *retryable { "yes" } else { "no" };
    let reads = row.advice.english();
    writeln!(out, "| {code} | {meaning} | {retryable} | {suggestion} | {reads} |").unwrap();
}

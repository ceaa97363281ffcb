//! Fifty calls at once: no money moves twice. Each test runs with several seeds, which choose the calls;
//! `KASSA_SEED=<n>` runs one of them.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Barrier;

use kassa_protocol::client::Operation::Submit;
use serde_json::{Value, json};
use support::merchant::{authorised, call, capture, code, inquire, paid, refund};
use support::methods::notified;
use support::random::{Random, seeds};
use support::{GOOD, Made, Sandbox, bank_submit, card_submit};

const CALLS: u64 = 50;
/// What [`paid`] and [`authorised`] pay.
const AMOUNT: u64 = 4200;

/// Makes all calls at the same moment; the answers in the calls' order.
fn at_once<C: Sync, A: Send>(calls: &[C], perform: impl Fn(&C) -> A + Sync) -> Vec<A> {
    let start = Barrier::new(calls.len());
    std::thread::scope(|scope| {
        let running: Vec<_> = calls
            .iter()
            .map(|call| {
                let (start, perform) = (&start, &perform);
                scope.spawn(move || {
                    start.wait();
                    perform(call)
                })
            })
            .collect();
        running.into_iter().map(|call| call.join().unwrap()).collect()
    })
}

/// The sum of a payment's movements of this kind, as the merchant sees them.
fn moved(inquiry: &Value, kind: &str) -> u64 {
    let all = inquiry["transactions"].as_array().unwrap().iter();
    let of_kind = all.filter(|it| it["transactionType"] == kind);
    of_kind
        .map(|it| it["transactionAmount"]["value"].as_str().unwrap().parse::<u64>().unwrap())
        .sum()
}

#[test]
fn fifty_submits_are_one_payment() {
    let sandbox = Sandbox::start();
    for seed in seeds(1..=4) {
        let mut random = Random::new(seed);
        for method in ["CARD", "ONLINEBANKING_FPX"] {
            let made = sandbox.session(json!({ "method": method }));
            // The same attempt again and again, a few attempts in several tabs, or one for each call.
            let attempts = [1, 5, CALLS][usize::try_from(random.below(3)).unwrap()];
            let requests: Vec<Value> = (0..CALLS)
                .map(|_| {
                    let attempt = format!("a{}", random.below(attempts));
                    match method {
                        "CARD" => card_submit(&made, &attempt, &sandbox.token(&made, GOOD)),
                        _ => bank_submit(&made, &attempt),
                    }
                })
                .collect();
            let answers = at_once(&requests, |request| sandbox.call(Submit, request));
            let wanted = if method == "CARD" { "SUCCESS" } else { "PROCESSING" };
            for answer in &answers {
                assert_eq!(answer["paymentStatus"], wanted, "seed {seed}: {answer}");
                assert_eq!(answer["normalUrl"], answers[0]["normalUrl"], "seed {seed}");
            }
            assert_eq!(sandbox.count(&made), 1, "seed {seed} {method}");
        }
    }
}

/// A refund or a capture: the merchant's id, and the amount.
type Movement = (String, u64);

/// Movements with some ids twice, with the same or another amount.
fn movements(random: &mut Random, most: u64) -> Vec<Movement> {
    let amounts: Vec<u64> = (0..CALLS).map(|_| 1 + random.below(most)).collect();
    (0..CALLS)
        .map(|_| {
            let id = random.below(CALLS * 3 / 4);
            let amount = amounts[usize::try_from(id).unwrap()];
            (format!("m{id}"), if random.below(8) == 0 { amount + 1 } else { amount })
        })
        .collect()
}

/// Checks the answers to movements of which no more than `limit` may happen; gives their sum.
fn check(seed: u64, calls: &[Movement], answers: &[Value], limit: u64, exceeded: &str) -> u64 {
    let mut done: BTreeMap<&str, u64> = BTreeMap::new();
    for ((id, amount), answer) in calls.iter().zip(answers) {
        if code(answer) == "SUCCESS" {
            let known = done.insert(id, *amount);
            assert!(known.is_none_or(|known| known == *amount), "seed {seed}: {id} twice");
        }
    }
    let total: u64 = done.values().sum();
    assert!(total <= limit, "seed {seed}: {total}");
    let refused = calls.iter().zip(answers).filter(|(_, answer)| code(answer) == exceeded);
    let refused: BTreeSet<&str> = refused.map(|((id, _), _)| id.as_str()).collect();
    for ((id, amount), answer) in calls.iter().zip(answers) {
        // What failed stays failed.
        let (is_done, is_refused) = (done.contains_key(&**id), refused.contains(&**id));
        assert!(is_done != is_refused, "seed {seed}: {id}");
        match code(answer) {
            "SUCCESS" | "REPEAT_REQ_INCONSISTENT" => {}
            other => {
                assert_eq!(other, exceeded, "seed {seed}");
                assert!(total + amount > limit, "seed {seed}: {id} was refused for nothing");
            }
        }
    }
    total
}

fn notified_count(sandbox: &Sandbox, made: &Made, kind: &str) -> usize {
    notified(sandbox, made).iter().filter(|(notified, _)| notified == kind).count()
}

fn distinct(calls: &[Movement], answers: &[Value]) -> usize {
    let done = calls.iter().zip(answers).filter(|(_, answer)| code(answer) == "SUCCESS");
    done.map(|((id, _), _)| id).collect::<BTreeSet<_>>().len()
}

#[test]
fn fifty_refunds_give_back_no_more_than_was_paid() {
    let sandbox = Sandbox::start();
    for seed in seeds(1..=6) {
        let (made, payment) = paid(&sandbox, json!({}));
        let calls = movements(&mut Random::new(seed), 600);
        // Ids are the merchant's for all of its payments.
        let own = |id: &str| format!("{seed}-{id}");
        let answers = at_once(&calls, |(id, amount)| refund(&sandbox, &own(id), &payment, *amount));
        let total = check(seed, &calls, &answers, AMOUNT, "REFUND_AMOUNT_EXCEED");
        assert_eq!(moved(&inquire(&sandbox, &made), "REFUND"), total, "seed {seed}");
        assert_eq!(
            notified_count(&sandbox, &made, "REFUND_RESULT"),
            distinct(&calls, &answers),
            "seed {seed}"
        );
    }
}

#[test]
fn fifty_captures_take_no_more_than_was_authorised() {
    let sandbox = Sandbox::start();
    for seed in seeds(1..=6) {
        let (made, payment) = authorised(&sandbox);
        let calls = movements(&mut Random::new(seed), 600);
        let own = |id: &str| format!("{seed}-{id}");
        let answers =
            at_once(&calls, |(id, amount)| capture(&sandbox, &own(id), &payment, *amount));
        let total = check(seed, &calls, &answers, AMOUNT, "CAPTURE_AMOUNT_EXCEED");
        assert_eq!(moved(&inquire(&sandbox, &made), "CAPTURE"), total, "seed {seed}");
        assert_eq!(
            notified_count(&sandbox, &made, "CAPTURE_RESULT"),
            distinct(&calls, &answers),
            "seed {seed}"
        );
    }
}

/// A call of a merchant that moves money of one payment.
#[derive(Debug)]
enum Call {
    Capture(String, u64),
    Refund(String, u64),
    Cancel,
}

#[test]
fn captures_refunds_and_cancellations_exclude_each_other() {
    let sandbox = Sandbox::start();
    for seed in seeds(1..=12) {
        let mut random = Random::new(seed);
        let (made, payment) = authorised(&sandbox);
        let calls: Vec<Call> = (0..CALLS)
            .map(|n| match random.below(10) {
                0..4 => Call::Capture(format!("{seed}-c{n}"), 1 + random.below(900)),
                4..8 => Call::Refund(format!("{seed}-r{n}"), 1 + random.below(900)),
                _ => Call::Cancel,
            })
            .collect();
        let answers = at_once(&calls, |it| match it {
            Call::Capture(id, amount) => capture(&sandbox, id, &payment, *amount),
            Call::Refund(id, amount) => refund(&sandbox, id, &payment, *amount),
            Call::Cancel => call(&sandbox, "cancel", &json!({ "paymentId": payment })),
        });
        let done: Vec<&Call> = calls
            .iter()
            .zip(&answers)
            .filter(|(_, answer)| code(answer) == "SUCCESS")
            .map(|(call, _)| call)
            .collect();
        let is_cancelled = done.iter().any(|call| matches!(call, Call::Cancel));
        let inquiry = inquire(&sandbox, &made);
        let (taken, returned) = (moved(&inquiry, "CAPTURE"), moved(&inquiry, "REFUND"));
        assert!(returned <= taken && taken <= AMOUNT, "seed {seed}: {inquiry}");
        if is_cancelled {
            assert_eq!((taken, returned), (0, 0), "seed {seed}: {inquiry}");
            assert!(done.iter().all(|call| matches!(call, Call::Cancel)), "seed {seed}: {done:?}");
            assert_eq!(inquiry["paymentStatus"], "CANCELLED", "seed {seed}");
        } else {
            assert_eq!(inquiry["paymentStatus"], "SUCCESS", "seed {seed}");
        }
    }
}

//! The program is killed at random moments, while merchants and buyers use it. What it had answered
//! before is still so after the next start. `KASSA_SEED=<n>` runs other moments.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kassa_protocol::client::Operation::{Inquire, Submit};
use serde_json::{Value, json};
use support::merchant::{code, myr};
use support::program::{Started, command, ports, signed};
use support::random::{Random, seeds};
use support::{GOOD, agent, bank_submit, card_submit, json_of, prepare, raw};
use ureq::Agent;

const KILLS: u64 = 20;
const CLIENTS: u64 = 4;
/// Time after which the program is killed in any case.
const LONGEST_ROUND: Duration = Duration::from_secs(20);

/// An answer of the program that has to hold from then on.
#[derive(Debug, Clone)]
enum Fact {
    /// A session, with the data that the same request got.
    Created { request: Value, data: String },
    /// A submit, with the answer's status. Only [`Fact::Approved`] changes it.
    Submitted { request: Value, status: String },
    /// The buyer approved the payment of this session.
    Approved { data: String },
    /// A call of a merchant, with its whole answer.
    Moved { operation: &'static str, request: Value, answer: Value },
}

/// The clients' connection to the program.
struct Client<'a> {
    agent: Agent,
    gateway: &'a str,
    facts: &'a Mutex<Vec<Fact>>,
}

impl Client<'_> {
    fn note(&self, fact: Fact) {
        self.facts.lock().unwrap().push(fact);
    }

    /// One order from its session to its refund; ends early when the program does not answer.
    fn order(&self, id: &str, random: &mut Random) -> Result<(), ureq::Error> {
        let is_card = random.below(2) == 0;
        let method = if is_card { "CARD" } else { "ONLINEBANKING_FPX" };
        let amount = myr(4200);
        let create = json!({
            "productCode": "CASHIER_PAYMENT",
            "paymentRequestId": id,
            "order": { "referenceOrderId": id, "orderDescription": "x", "orderAmount": amount },
            "paymentAmount": amount,
            "paymentMethod": { "paymentMethodType": method },
            "paymentFactor": { "captureMode": if is_card { "MANUAL" } else { "AUTOMATIC" } },
            "paymentRedirectUrl": "https://shop.example/",
        });
        let answer = signed(&self.agent, self.gateway, "createPaymentSession", &create)?;
        let data = answer["paymentSessionData"].as_str().expect("a session").to_owned();
        self.note(Fact::Created { request: create, data: data.clone() });
        let made = support::Made {
            data: data.split("&&").take(3).collect::<Vec<_>>().join("&&"),
            whole: data,
            request_id: id.to_owned(),
            order: id.to_owned(),
        };
        let request = if is_card {
            let url = format!("{}/frame/card/token", self.gateway);
            let mut answer = self.agent.post(url).send(support::card(&made, GOOD).to_string())?;
            let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string()?).unwrap();
            card_submit(&made, "a", answer["cardToken"].as_str().expect("a token"))
        } else {
            bank_submit(&made, "a")
        };
        let mut answer = raw(&self.agent, self.gateway, Submit, &request)?;
        let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string()?).unwrap();
        let status = answer["paymentStatus"].as_str().expect("a status").to_owned();
        self.note(Fact::Submitted { request, status });
        if let Some(bank) = answer["normalUrl"].as_str() {
            let pressed = self.agent.post(bank).send_form([("decision", "approve")])?;
            assert_eq!(pressed.status(), 303);
            self.note(Fact::Approved { data: made.data });
        }
        let inquiry = json!({ "paymentRequestId": id });
        let inquiry = signed(&self.agent, self.gateway, "inquiryPayment", &inquiry)?;
        let payment = inquiry["paymentId"].as_str().expect("a payment");
        if random.below(4) == 0 {
            return self.moved("cancel", json!({ "paymentId": payment }));
        }
        if is_card {
            self.moved(
                "capture",
                json!({
                    "captureRequestId": id, "paymentId": payment,
                    "captureAmount": myr(1 + random.below(4200)),
                }),
            )?;
        }
        let amount = myr(1 + random.below(4200));
        let refund = json!({ "refundRequestId": id, "paymentId": payment, "refundAmount": amount });
        self.moved("refund", refund)
    }

    fn moved(&self, operation: &'static str, request: Value) -> Result<(), ureq::Error> {
        let answer = signed(&self.agent, self.gateway, operation, &request)?;
        // A refund of more than was captured fails, and stays failed.
        assert!(["SUCCESS", "REFUND_AMOUNT_EXCEED"].contains(&code(&answer)), "{answer}");
        self.note(Fact::Moved { operation, request, answer });
        Ok(())
    }
}

/// Asks for each fact again.
fn check(gateway: &str, facts: &[Fact], when: &str) {
    let agent = agent();
    let approved = |data: &Value| {
        facts.iter().any(|fact| matches!(fact, Fact::Approved { data: known } if *known == *data))
    };
    let cancelled = |id: &Value| {
        facts.iter().any(|fact| {
            matches!(fact, Fact::Moved { operation: "cancel", answer, .. }
                if answer["paymentRequestId"] == *id)
        })
    };
    for fact in facts {
        match fact {
            Fact::Created { request, data } => {
                let again = signed(&agent, gateway, "createPaymentSession", request).unwrap();
                assert_eq!(again["paymentSessionData"], **data, "{when}: {fact:?}");
            }
            Fact::Submitted { request, status } => {
                let again = json_of(&mut raw(&agent, gateway, Submit, request).unwrap());
                let now = again["paymentStatus"].as_str().unwrap();
                // The decision or the cancellation that came last may not have been answered.
                let later = ["SUCCESS", "CANCELLED"].contains(&now);
                assert!(now == status || later, "{when}: {now} {fact:?}");
                if approved(&request["paymentSessionData"]) {
                    assert!(later, "{when}: {now} {fact:?}");
                }
            }
            Fact::Approved { data } => {
                let data = json!({ "paymentSessionData": data });
                let state = json_of(&mut raw(&agent, gateway, Inquire, &data).unwrap());
                let now = state["paymentStatus"].as_str().unwrap();
                assert!(["SUCCESS", "CANCELLED"].contains(&now), "{when}: {now} {fact:?}");
            }
            Fact::Moved { operation, request, answer } => {
                let again = signed(&agent, gateway, operation, request).unwrap();
                assert_eq!(again, *answer, "{when}: {fact:?}");
                let id = json!({ "paymentId": request["paymentId"] });
                let inquiry = signed(&agent, gateway, "inquiryPayment", &id).unwrap();
                let expected =
                    if cancelled(&inquiry["paymentRequestId"]) { "CANCELLED" } else { "SUCCESS" };
                assert_eq!(inquiry["paymentStatus"], expected, "{when}: {fact:?}");
            }
        }
    }
}

#[test]
fn what_was_answered_survives_kills() {
    for seed in seeds(1..=1) {
        let mut random = Random::new(seed);
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let port = ports();
        let gateway = format!("http://127.0.0.1:{}", port + 1);
        let mut all = Vec::new();
        for kill in 1..=KILLS {
            let program = Started::start(command(folder.path(), port));
            let mut child = program.into_child();
            let facts = Mutex::new(Vec::new());
            let is_over = AtomicBool::new(false);
            std::thread::scope(|scope| {
                for client in 0..CLIENTS {
                    let mut random = Random::new(random.next());
                    let client_facts = Client { agent: agent(), gateway: &gateway, facts: &facts };
                    let is_over = &is_over;
                    scope.spawn(move || {
                        for n in 0.. {
                            let id = format!("{kill}-{client}-{n}");
                            match client_facts.order(&id, &mut random) {
                                Ok(()) => {}
                                Err(_) if is_over.load(Ordering::SeqCst) => return,
                                Err(error) => panic!("seed {seed}, kill {kill}, {id}: {error}"),
                            }
                        }
                    });
                }
                // By what was done, not by time: a busy machine does little in a moment.
                let wanted = usize::try_from(4 + random.below(24)).unwrap();
                let begin = Instant::now();
                while facts.lock().unwrap().len() < wanted && begin.elapsed() < LONGEST_ROUND {
                    std::thread::sleep(Duration::from_millis(1));
                }
                is_over.store(true, Ordering::SeqCst);
                child.kill().unwrap();
                child.wait().unwrap();
            });
            let facts = facts.into_inner().unwrap();
            let program = Started::start(command(folder.path(), port));
            check(&gateway, &facts, &format!("seed {seed}, kill {kill}"));
            all.extend(facts);
            drop(program);
        }
        let count = |is: fn(&Fact) -> bool| all.iter().filter(|fact| is(fact)).count();
        assert!(count(|fact| matches!(fact, Fact::Moved { .. })) > 20, "enough was done");
        let _program = Started::start(command(folder.path(), port));
        check(&gateway, &all, &format!("seed {seed}, at the end"));
    }
}

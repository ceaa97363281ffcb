//! Every answer that the gateway can write to a page, read by the SDK's reader.
//!
//! The gateway itself checks each answer in builds with debug assertions, where it writes the text,
//! so no test of this crate can get an answer that the SDK reads differently. The tests here cause
//! every kind of answer, and [`MEMBERS`] lists all of their members: a new one has to be added there.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::sync::Mutex;
use std::time::Duration;

use kassa_core::results;
use kassa_protocol::client::Operation::{Inquire, Query, Submit};
use kassa_protocol::client::{
    GatewayAnswer, Operation, PaymentFactors, PaymentState, PublishedAnswer, Request,
    SESSION_FAILED, TokenAnswer, TokenRequest,
};
use kassa_protocol::{Json, PaymentMethodType, PaymentStatus, ThreeDsCompInd};
use kassa_sandbox::domain::method::{self, Interaction, Method, Terminal};
use kassa_sandbox::domain::payment::{Decision, SUCCESS};
use kassa_sandbox::domain::session;
use kassa_sandbox::domain::test_card::{STORED_CARDS, TEST_CARDS};
use serde_json::{json, to_value};
use support::merchant::call;
use support::page::{Page, Seen};
use support::{GOOD, Sandbox, json_of, raw};

/// The members of all answers in the order of their names, enumerations with each value.
const MEMBERS: &str = include_str!("data/answer-members.txt");
/// An hour is the longest life of a session; no money takes a week.
const A_WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[test]
fn the_sdk_reads_back_every_answer() {
    let (sandbox, seen) = (Sandbox::start(), Seen::default());
    let pages = every_method(&sandbox, &seen);
    authentication(&sandbox, &seen);
    card_results(&sandbox, &seen);
    stored_cards(&sandbox, &seen);
    refused_cards(&sandbox, &seen);
    refused_calls(&sandbox, &seen);
    faults(&sandbox, &seen);
    // All sessions of the sandbox have one clock.
    sandbox.app.clock.advance(A_WEEK);
    for page in pages {
        after_a_week(&page);
    }
    assert_eq!(seen.all(), MEMBERS.lines().collect::<Vec<_>>());
}

/// Every method on every terminal, from the offer to each end. The pages whose payments time alone
/// ends are given back.
fn every_method<'s>(sandbox: &'s Sandbox, seen: &'s Seen) -> Vec<Page<'s>> {
    let methods: Vec<Method> = method::all().unwrap().collect();
    assert_eq!(methods.len(), 121);
    let pages = Mutex::new(Vec::new());
    // Two threads: the store runs one transaction at a time.
    std::thread::scope(|scope| {
        for half in methods.chunks(61) {
            let pages = &pages;
            scope.spawn(move || {
                for method in half {
                    for terminal in ["WEB", "WAP"] {
                        let left = one_method(sandbox, seen, *method, terminal);
                        pages.lock().unwrap().extend(left);
                    }
                }
            });
        }
    });
    pages.into_inner().unwrap()
}

fn one_method<'s>(
    sandbox: &'s Sandbox,
    seen: &'s Seen,
    method: Method,
    terminal: &'s str,
) -> [Page<'s>; 2] {
    let open = |scenario| Page::open(sandbox, seen, (method.as_str(), terminal), scenario);
    let paid = open(json!({ "askHere": true }));
    offered_and_started(&paid, method);
    if !method.is_card() {
        paid.decide(&Decision::Approve);
    }
    let state = paid.inquire().payment;
    let status = state.payment_status.clone();
    assert!(matches!(status, Some(PaymentStatus::Success | PaymentStatus::Pending)), "{method}");
    assert_eq!(timeless(paid.query()), PaymentState { server_time: None, ..state });

    let failed = open(json!({ "result": "USER_BALANCE_NOT_ENOUGH" }));
    let payment = failed.submit("a").payment;
    assert_eq!(payment.payment_status, Some(PaymentStatus::Fail));
    if !method.is_card() {
        let declined = open(json!({}));
        declined.submit("a");
        declined.decide(&Decision::Decline("USER_PAYMENT_VERIFICATION_FAILED".to_owned()));
        assert_eq!(declined.inquire().payment.payment_status, Some(PaymentStatus::Fail));
        assert!(declined.submit("b").success);
    }

    let cancelled = open(json!({}));
    cancel(&cancelled);
    let after = open(json!({ "pendingFor": 60_000 }));
    after.submit("a");
    cancel(&after);
    for page in [&cancelled, &after] {
        let factors = PaymentFactors::default();
        let submitted = page.call(Submit, &page.submission("b", factors));
        for answer in [page.query(), page.inquire(), submitted] {
            assert_eq!(answer.payment.payment_status, Some(PaymentStatus::Cancelled), "{method}");
        }
    }

    let refused = open(json!({}));
    let factors = PaymentFactors::default();
    let answer = refused.call(Submit, &refused.submission("a", factors));
    assert_eq!(answer.success, !method.is_card() && !method.needs_fields(), "{method}");

    let slow = open(json!({ "pendingFor": 60_000 }));
    slow.submit("a");
    [paid, slow]
}

fn offered_and_started(page: &Page<'_>, method: Method) {
    let answer = page.query();
    assert!(answer.success && answer.payment.payment_status.is_none(), "{method}");
    let offer = answer.offer;
    let [view] = &*offer.payment_methods else { panic!("{method}: one method is offered") };
    assert_eq!(view.payment_method_type, Some(method.as_str().into()));
    assert_eq!(view.payment_elements.len(), method.shown_fields(true).count());
    assert_eq!(offer.frame_url.is_some(), method.is_card());
    assert!(page.inquire().payment.server_time.is_some(), "{method}");

    let state = page.submit("a").payment;
    assert_eq!(state.attempt_id.as_deref(), Some("a"));
    let has_next = match method.interaction(Terminal::parse(page.terminal)) {
        Interaction::Card => state.card_payment_result_info.is_some(),
        Interaction::Redirect => state.normal_url.is_some() && state.action_form.is_some(),
        Interaction::App { scheme, applink } => {
            state.normal_url.is_some()
                && (state.scheme_url.is_some(), state.applink_url.is_some()) == (*scheme, *applink)
        }
        Interaction::Wait => state.waits_for.is_some() && state.expire_time.is_some(),
        Interaction::Codes(kinds) => state.code_form_views.len() == kinds.len(),
    };
    assert!(has_next, "{method}: {state:?}");
    assert_eq!(timeless(page.query()), PaymentState { server_time: None, ..state });
}

/// The state without the answer's own time.
fn timeless(answer: GatewayAnswer) -> PaymentState {
    PaymentState { server_time: None, ..answer.payment }
}

/// The merchant cancels the order.
fn cancel(page: &Page<'_>) {
    let answer = call(page.sandbox, "cancel", &json!({ "paymentRequestId": page.made.request_id }));
    assert_eq!(answer["result"]["resultStatus"], "S", "{}: {answer}", page.method);
}

/// Sessions are over, unpaid orders closed, and all money has arrived.
fn after_a_week(page: &Page<'_>) {
    let query = page.query();
    assert_eq!(query.refusal.error_code.as_deref(), Some(SESSION_FAILED));
    let state = page.inquire().payment;
    let status = state.payment_status;
    assert!(
        matches!(status, Some(PaymentStatus::Success | PaymentStatus::Fail)),
        "{}",
        page.method
    );
    assert!(state.code_form_views.is_empty() && state.normal_url.is_none(), "{}", page.method);
    let late = page.call(Submit, &page.submission("late", PaymentFactors::default()));
    assert!(!late.success || late.payment.payment_status.is_some(), "{}", page.method);
}

/// Each kind of 3DS, in frames of each size, with each report and each decision.
fn authentication(sandbox: &Sandbox, seen: &Seen) {
    for size in ["01", "02", "03", "04", "05"] {
        for (indicator, decision) in [
            (ThreeDsCompInd::Completed, Decision::Approve),
            (ThreeDsCompInd::NotCompleted, Decision::Decline("USER_NOT_EXIST".to_owned())),
        ] {
            let scenario = json!({ "threeDS": "method+frame", "challengeWindow": size });
            let page = Page::card(sandbox, seen, scenario);
            let state = page.submit("a").payment;
            assert!(state.three_ds_method_url.is_some() && state.challenge.is_none());
            let state = page.report(indicator).payment;
            assert_eq!(state.challenge_window_size, Some(size.into()));
            assert_eq!((state.challenge, state.challenge_url.is_some()), (Some(true), true));
            page.decide(&decision);
            let state = page.inquire().payment;
            assert!(state.challenge_url.is_none() && state.card_payment_result_info.is_some());
        }
    }
    let odd = Page::card(sandbox, seen, json!({})).report("maybe".into());
    assert_eq!(odd.refusal.error_code.as_deref(), Some("PARAM_ILLEGAL"));
    for (kind, in_frame) in [("frame", true), ("redirect", false)] {
        let page = Page::card(sandbox, seen, json!({ "threeDS": kind }));
        let state = page.submit("a").payment;
        assert_eq!(state.challenge, Some(true));
        assert_eq!(
            (state.challenge_url.is_some(), state.action_form.is_some()),
            (in_frame, !in_frame)
        );
        page.decide(&Decision::Approve);
        assert!(page.inquire().payment.challenge.is_none());
    }
    let quiet = Page::card(sandbox, seen, json!({ "threeDS": "frictionless" }));
    let risk = quiet.submit("a").payment.pop_risk_decision_result_info.unwrap();
    assert_eq!(risk.risk_auth_decision.as_deref(), Some("3D"));
}

/// Every published card, every result code, and the sessions that differ from the usual one.
fn card_results(sandbox: &Sandbox, seen: &Seen) {
    // The last one has a brand that no published table has.
    let numbers =
        TEST_CARDS.iter().map(|card| card.number).chain(["4111111111111111", "700000000005"]);
    for number in numbers {
        let page = Page::card(sandbox, seen, json!({}));
        let state = page.pay_with("a", &page.typed_card(number)).payment;
        let card = state.card_payment_result_info.unwrap();
        assert!(number.ends_with(&card.last_four.unwrap()), "{number}");
    }
    for meaning in results::TABLE.iter().filter(|meaning| meaning.code != SUCCESS) {
        let page = Page::card(sandbox, seen, json!({ "result": meaning.code }));
        let state = page.submit("a").payment;
        assert_eq!(state.payment_result_code.as_deref(), Some(meaning.code));
        assert_eq!(timeless(page.inquire()), PaymentState { server_time: None, ..state });
    }
    let card = ("CARD", "WEB");
    let risky = Page::with(sandbox, seen, card, json!({ "amount": "11" }));
    let risk = risky.submit("a").payment.pop_risk_decision_result_info.unwrap();
    assert_eq!(risk.risk_decision.as_deref(), Some("REJECT"));
    for currency in ["EUR", "JPY", "KWD"] {
        let page =
            Page::with(sandbox, seen, card, json!({ "amount": "4200", "currency": currency }));
        assert_eq!(page.query().offer.payment_amount_view.unwrap().currency, currency);
    }
    let bare = Page::with(sandbox, seen, card, json!({ "redirect": false }));
    let id = session::id_of(&bare.made.data).unwrap();
    let nameless = sandbox.app.store.run(|rows| {
        let mut session = rows.session(id)?.unwrap();
        session.merchant_name.clear();
        rows.change_session(&session)
    });
    nameless.unwrap();
    let offer = bare.query().offer;
    assert_eq!((offer.merchant_name, offer.payment_redirect_url), (None, None));
}

fn stored_cards(sandbox: &Sandbox, seen: &Seen) {
    for card in &STORED_CARDS {
        let page =
            Page::with(sandbox, seen, ("CARD", "WEB"), json!({ "paymentMethodId": card.id }));
        let needed = Json::object().with("needCVV", &true);
        let wish = Json::object().with("storedCard", &needed);
        let request = Request { merchant_appoint_param: Some(wish), ..page.request() };
        let [saved] = &*page.call(Query, &request).offer.saved_payment_methods else {
            panic!("{}: one card is stored", card.id)
        };
        assert_eq!(saved.payment_method_id.as_deref(), Some(card.id));
        let refused = page.exchange(&page.stored_card(card.id, None));
        assert_eq!(refused.error_code.as_deref(), Some("INVALID_CVV"));
        let answer = page.pay_with("a", &page.stored_card(card.id, Some("123")));
        assert!(answer.payment.payment_status.is_some(), "{}", card.id);
    }
}

/// Each reason for which a card becomes no token.
fn refused_cards(sandbox: &Sandbox, seen: &Seen) {
    let page = Page::card(sandbox, seen, json!({}));
    let good = || page.typed_card(GOOD);
    let text = |text: &str| Some(text.to_owned());
    let secret = |text: &str| Some(text.to_owned().into());
    let mut cards = vec![page.stored_card("SANDBOX_CARD_VISA", None)];
    for number in ["", "4054695723100769", "40546957231007"] {
        cards.push(page.typed_card(number));
    }
    for (month, year) in [("13", "39"), ("1", "39"), ("12", "20"), ("12", "90")] {
        let (expiry_month, expiry_year) = (text(month), text(year));
        let card = good();
        cards.push(TokenRequest { expiry_month, expiry_year, ..card });
    }
    let mut card = good();
    card.cvc = secret("12");
    cards.push(card);
    let mut card = good();
    card.holder = text(GOOD);
    cards.push(card);
    let mut card = good();
    card.client = text("ANOTHER_MERCHANT");
    cards.push(card);
    let mut card = good();
    card.session = text("nobody&&SG&&188");
    cards.push(card);
    let bank = Page::open(sandbox, seen, ("ONLINEBANKING_FPX", "WEB"), json!({}));
    cards.push(bank.typed_card(GOOD));
    for card in &cards {
        let answer = page.exchange(card);
        assert!(!answer.success && answer.error_code.is_some(), "{card:?}");
    }
    let gateway = sandbox.gateway.as_str();
    let card = to_value(good()).unwrap().to_string();
    for (origin, body) in [
        ("https://elsewhere.example", card),
        (gateway, "[]".to_owned()),
        (gateway, "{".to_owned()),
        (gateway, "x".repeat(10_000)),
        (gateway, json!({ "session": {} }).to_string()),
    ] {
        assert!(!page.exchange_body(origin, body).success);
    }
}

/// Calls that cannot be read, sessions that cannot be used, and submits that start nothing.
fn refused_calls(sandbox: &Sandbox, seen: &Seen) {
    let url = format!("{}/mgw.htm", sandbox.gateway);
    for (operation, body) in [
        ("", "[{}]".to_owned()),
        ("com.example.unknown", "[{}]".to_owned()),
        (Query.name(), String::new()),
        (Query.name(), "[]".to_owned()),
        (Query.name(), "[1]".to_owned()),
        (Query.name(), "[{\"extParams\":7}]".to_owned()),
        (Query.name(), "x".repeat(70_000)),
    ] {
        let mut call = sandbox.agent.post(&url);
        if !operation.is_empty() {
            call = call.header("operation-type", operation);
        }
        let body = json_of(&mut call.send(body).unwrap());
        let answer = seen.read::<PublishedAnswer>(&body).answer;
        assert_eq!(answer.refusal.error_code.as_deref(), Some("PARAM_ILLEGAL"));
    }
    let page = Page::open(sandbox, seen, ("BLIK", "WEB"), json!({}));
    let unknown = Request { payment_session_data: Some("x&&SG&&188".into()), ..page.request() };
    for operation in Operation::ALL {
        assert_eq!(
            page.call(operation, &unknown).refusal.error_code.as_deref(),
            Some(SESSION_FAILED)
        );
    }
    let prod = Page::with(sandbox, seen, ("CARD", "WEB"), json!({ "environment": "prod" }));
    assert_eq!(prod.query().refusal.environment.as_deref(), Some("prod"));
    let good = page.submission("a", page.factors());
    for request in [
        Request {
            payment_method: None,
            payment_method_type: Some(PaymentMethodType::Card),
            ..good.clone()
        },
        Request { payment_factors: None, ..good.clone() },
        page.submission(&"x".repeat(65), page.factors()),
    ] {
        let answer = page.call(Submit, &request);
        assert_eq!(answer.refusal.error_code.as_deref(), Some("PARAM_ILLEGAL"), "{request:?}");
    }
    let mut odd = to_value(good).unwrap();
    odd["paymentFactors"]["blikCode"] = json!({ "is": "no text" });
    let answer = seen.read::<PublishedAnswer>(&sandbox.call(Submit, &odd)).answer;
    let message = answer.refusal.error_message.unwrap();
    assert_eq!(message, "paymentFactors.blikCode is not text");
}

/// Each fault that leaves an answer in JSON, at each call.
fn faults(sandbox: &Sandbox, seen: &Seen) {
    for fault in ["delay:1", "duplicate", "content-type", "status:4001", "unknown"] {
        let page = |call: &str| {
            let method = if call == "token" { "CARD" } else { "BLIK" };
            Page::open(sandbox, seen, (method, "WEB"), json!({ "faults": { call: fault } }))
        };
        for (operation, name) in [(Query, "query"), (Submit, "submit"), (Inquire, "inquire")] {
            let page = page(name);
            let request = if operation == Submit {
                // The scenario's fault is the submit's alone.
                page.submission("a", page.factors())
            } else {
                page.request()
            };
            let request = to_value(request).unwrap();
            let body =
                json_of(&mut raw(&sandbox.agent, &sandbox.gateway, operation, &request).unwrap());
            let answer: PublishedAnswer = match fault {
                "unknown" => seen.read_with_unknown(&body),
                _ => seen.read(&body),
            };
            assert_eq!(answer.answer.success, fault != "status:4001", "{name} {fault}");
        }
        let page = page("token");
        let body = sandbox.exchange_card(&to_value(page.typed_card(GOOD)).unwrap());
        let answer: TokenAnswer = match fault {
            "unknown" => seen.read_with_unknown(&body),
            _ => seen.read(&body),
        };
        assert_eq!(answer.success, fault != "status:4001", "token {fault}");
    }
}

//! Faults of the machine that the comparison of `reference.rs` found, shortened to one case each, so
//! that none of them comes back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, dying with a message is the report"
)]

mod support;

use std::rc::Rc;

use kassa_core::events::{Code, Facts};
use kassa_core::frame::FromFrame;
use kassa_core::machine::{Effect, Input, LATE_LIMIT, POLL_SLOW, Verdict};
use support::Driver;

const BANK: &str =
    r#"{"success":true,"paymentMethods":[{"paymentMethodType":"ONLINEBANKING_FPX"}]}"#;

/// §2: `submit()` resolves with the code of the event that ended the attempt.
#[test]
fn closing_while_an_app_opens_has_one_name() {
    let mut driver = Driver::new();
    driver.open(|opening| {
        Rc::make_mut(&mut opening.browser).user_agent = "Mozilla/5.0 (Linux; Android 14)".into();
    });
    driver.answer(
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"GCASH"}],"schemeUrl":"wallet://pay"}"#,
    );
    let ticket = driver.ticket();
    driver.input(Input::Submit { ticket, billing_address: Facts::default() });
    let effects = driver.input(Input::ClosePressed);
    let event = driver.codes().pop().unwrap();
    let promise = effects.iter().find_map(|effect| match effect {
        Effect::Settle { verdict: Verdict::Submitted { code, .. }, .. } => Some(*code),
        _ => None,
    });
    assert_eq!(promise, Some(event));
}

/// §4, `SDK_SUBMIT_NETWORK_ERROR`: no second payment before the fate of the first is known. A failure
/// that the query told of says nothing of a submit that came after it.
#[test]
fn an_old_failure_says_nothing_of_a_new_attempt() {
    const FAILED: &str =
        r#""success":true,"paymentStatus":"FAIL","paymentResultCode":"DO_NOT_HONOR""#;
    let mut driver = Driver::new();
    driver.open(|_| {});
    driver.answer(&format!(
        r#"{{{FAILED},"paymentMethods":[{{"paymentMethodType":"CARD"}}],"frameUrl":"/frame/card"}}"#
    ));
    let frame = driver.frame.unwrap();
    driver.input(Input::Frame { frame, message: FromFrame::Ready });
    driver.input(Input::PayPressed);
    let token = FromFrame::Token {
        id: driver.talk.unwrap(),
        token: "token".into(),
        brand: "VISA".into(),
        last_four: "0768".into(),
    };
    driver.input(Input::Frame { frame, message: token });
    driver.input(Input::CallFailed { call: driver.last_call() });
    driver.answer(&format!("{{{FAILED}}}"));
    assert!(!driver.codes().contains(&Code::PaymentFail), "{:?}", driver.codes());
}

/// Nothing waits for ever: the transcripts end a minute after a code does.
#[test]
fn a_code_that_has_run_out_is_given_up() {
    let mut driver = Driver::new();
    driver.open(|_| {});
    driver.answer(r#"{"success":true,"paymentMethods":[{"paymentMethodType":"PIX"}]}"#);
    let end = driver.now + 10_000;
    while !driver.calls.is_empty() || driver.fire_next().is_some() {
        if !driver.calls.is_empty() {
            let server = 1_000_000 + driver.now;
            let until = 1_000_000 + end;
            driver.answer(&format!(
                r#"{{"success":true,"paymentStatus":"PROCESSING","serverTime":"{server}","codeFormViews":[{{"code":"1","displayType":"QRCODE","codeExpireTime":"{until}"}}]}}"#
            ));
        }
        assert!(driver.now <= end + LATE_LIMIT + POLL_SLOW, "still asking at {} ms", driver.now);
    }
    assert_eq!(driver.codes().pop(), Some(Code::PaymentProcessing));
}

/// §4: who closes a running 3DS hears `CHALLENGE_CLOSED`, also when it runs on a page of its own.
#[test]
fn a_challenge_on_a_page_has_its_reason() {
    let mut driver = Driver::new();
    driver.open(|_| {});
    driver.answer(BANK);
    driver.answer(
        r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,"normalUrl":"https://acs.example/3ds"}"#,
    );
    driver.input(Input::Navigated { navigation: driver.navigation.unwrap(), taken: true });
    driver.input(Input::ClosePressed);
    let result = driver.events.last().unwrap().result.as_ref().unwrap();
    assert_eq!(result.reason, "CHALLENGE_CLOSED");
}

/// §4: `CANCEL` is for who left before submitting. A page that comes out of the cache was left.
#[test]
fn who_was_at_the_bank_has_not_cancelled() {
    let mut driver = Driver::new();
    driver.open(|_| {});
    driver.answer(BANK);
    driver.answer(
        r#"{"success":true,"paymentStatus":"PROCESSING","normalUrl":"https://bank.example/pay"}"#,
    );
    driver.input(Input::PageShown { restored: true });
    driver.input(Input::ContinuePressed);
    driver.input(Input::Navigated { navigation: driver.navigation.unwrap(), taken: false });
    driver.input(Input::ClosePressed);
    assert_eq!(driver.codes().pop(), Some(Code::PaymentProcessing));
}

/// §4, `SDK_PAYMENT_PENDING`: what the gateway has said is told, whatever call said it.
#[test]
fn pending_is_remembered() {
    let mut driver = Driver::new();
    driver.open(|_| {});
    driver.answer(
        r#"{"success":true,"paymentStatus":"PENDING","paymentMethods":[{"paymentMethodType":"ACH"}]}"#,
    );
    driver.input(Input::ClosePressed);
    assert_eq!(driver.codes().pop(), Some(Code::PaymentPending));
}

/// §4, `SDK_PAYMENT_AUTHORIZATION_SUCCESSFUL`: the buyer's part is complete, so that no button leads to
/// where they would pay.
#[test]
fn who_has_paid_is_not_sent_to_pay() {
    let mut driver = Driver::new();
    driver.open(|opening| {
        opening.stay = false;
        Rc::make_mut(&mut opening.browser).user_agent = "Mozilla/5.0 (Linux; Android 14)".into();
    });
    driver.answer(
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"GCASH"}],"schemeUrl":"wallet://pay","normalUrl":"https://pay.example/"}"#,
    );
    driver.input(Input::AppPressed);
    driver.input(Input::PageHidden);
    driver.input(Input::PageShown { restored: false });
    driver.answer(r#"{"success":true,"paymentStatus":"SUCCESS"}"#);
    assert!(driver.codes().contains(&Code::PaymentAuthorizationSuccessful));
    let effects = driver.input(Input::ContinuePressed);
    assert!(effects.is_empty(), "{effects:?}");
}

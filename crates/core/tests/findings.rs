//! Faults of the machine that the comparison of `reference.rs` or the exploration found, shortened
//! to one case each, so that none of them returns.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, a panic with a message is the report"
)]

mod support;

use kassa_core::events::{EventCode, Reason};
use kassa_core::machine::{Effect, Input, LATE_LIMIT, POLL_SLOW, Settlement};
use kassa_protocol::frame::FromForm;
use support::{ANDROID, Driver, broken, token};

const BANK: &str =
    r#"{"success":true,"paymentMethods":[{"paymentMethodType":"ONLINEBANKING_FPX"}]}"#;

/// §2: `submit()` resolves with the code of the event that ended the attempt.
#[test]
fn closing_while_an_app_opens_emits_one_event_code() {
    let mut driver = Driver::new();
    driver.open(|request| {
        request.browser.user_agent = ANDROID.into();
    });
    driver.answer(
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"GCASH"}],"schemeUrl":"wallet://pay"}"#,
    );
    let promise = driver.promise();
    driver.input(Input::Submit { promise, billing_address: None });
    let effects = driver.input(Input::ClosePressed);
    let event = driver.codes().pop().unwrap();
    let promise = effects.iter().find_map(|effect| match effect {
        Effect::Settle { settlement: Settlement::Submitted { code, .. }, .. } => Some(*code),
        _ => None,
    });
    assert_eq!(promise, Some(event));
}

/// §4, `SDK_SUBMIT_NETWORK_ERROR`: no second payment before the outcome of the first is known. A
/// failure that the query reported is not the outcome of a submit after it.
#[test]
fn an_earlier_failure_is_not_that_of_an_unanswered_submit() {
    const FAILED: &str =
        r#""success":true,"paymentStatus":"FAIL","paymentResultCode":"DO_NOT_HONOR""#;
    let mut driver = Driver::new();
    driver.open(|_| {});
    driver.answer(&format!(
        r#"{{{FAILED},"paymentMethods":[{{"paymentMethodType":"CARD"}}],"frameUrl":"/frame/card"}}"#
    ));
    driver.form_message(FromForm::Ready);
    driver.input(Input::PayPressed);
    driver.form_message(token(driver.form_submit.unwrap(), "token"));
    driver.input(broken(driver.last_call()));
    driver.answer(&format!("{{{FAILED}}}"));
    assert!(!driver.codes().contains(&EventCode::PaymentFail), "{:?}", driver.codes());
}

/// Every wait ends: in the transcripts, a minute after the code expired.
#[test]
fn waiting_ends_after_a_code_has_expired() {
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
        assert!(driver.now <= end + LATE_LIMIT + POLL_SLOW, "still inquiring at {} ms", driver.now);
    }
    assert_eq!(driver.codes().pop(), Some(EventCode::PaymentProcessing));
}

/// §4: a 3DS challenge that the buyer closes has the reason `CHALLENGE_CLOSED`, also when it runs on a
/// page of its own.
#[test]
fn closing_a_challenge_by_redirect_has_its_reason() {
    let mut driver = Driver::new();
    driver.open(|_| {});
    driver.answer(BANK);
    driver.answer(
        r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,"normalUrl":"https://acs.example/3ds"}"#,
    );
    driver.input(Input::NavigationDone { navigation: driver.navigation.unwrap(), accepted: true });
    driver.input(Input::ClosePressed);
    let result = driver.events.last().unwrap().result.as_ref().unwrap();
    assert_eq!(result.reason, Some(Reason::ChallengeClosed));
}

/// §4: `CANCEL` means that the buyer left before submitting. A page that comes out of the
/// back/forward cache was left for the bank.
#[test]
fn closing_after_the_return_from_the_bank_is_no_cancellation() {
    let mut driver = Driver::new();
    driver.open(|_| {});
    driver.answer(BANK);
    driver.answer(
        r#"{"success":true,"paymentStatus":"PROCESSING","normalUrl":"https://bank.example/pay"}"#,
    );
    driver.input(Input::PageShown { restored: true });
    driver.input(Input::ContinuePressed);
    driver.input(Input::NavigationDone { navigation: driver.navigation.unwrap(), accepted: false });
    driver.input(Input::ClosePressed);
    assert_eq!(driver.codes().pop(), Some(EventCode::PaymentProcessing));
}

/// §4, `SDK_PAYMENT_PENDING`: the state is reported, whichever call it came with.
#[test]
fn a_pending_status_of_the_query_is_reported_on_closing() {
    let mut driver = Driver::new();
    driver.open(|_| {});
    driver.answer(
        r#"{"success":true,"paymentStatus":"PENDING","paymentMethods":[{"paymentMethodType":"ACH"}]}"#,
    );
    driver.input(Input::ClosePressed);
    assert_eq!(driver.codes().pop(), Some(EventCode::PaymentPending));
}

/// §4, `SDK_PAYMENT_AUTHORIZATION_SUCCESSFUL`: the buyer's part is complete, so that no button leads to
/// a payment page.
#[test]
fn no_button_leads_to_a_payment_page_after_success() {
    let mut driver = Driver::new();
    driver.open(|request| {
        request.stays_on_page = false;
        request.browser.user_agent = ANDROID.into();
    });
    driver.answer(
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"GCASH"}],"schemeUrl":"wallet://pay","normalUrl":"https://pay.example/"}"#,
    );
    driver.input(Input::AppPressed);
    driver.input(Input::PageHidden);
    driver.input(Input::PageShown { restored: false });
    driver.answer(r#"{"success":true,"paymentStatus":"SUCCESS"}"#);
    assert!(driver.codes().contains(&EventCode::PaymentAuthorizationSuccessful));
    let effects = driver.input(Input::ContinuePressed);
    assert!(effects.is_empty(), "{effects:?}");
}

/// §4, `SDK_PAYMENT_FAIL`: a failure after SUCCESS is that of the paid attempt, so that the next press
/// is a new one. The exploration found the old attempt id being sent again.
#[test]
fn a_failure_after_success_ends_the_attempt() {
    const FAILED: &str =
        r#""success":true,"paymentStatus":"FAIL","paymentResultCode":"DO_NOT_HONOR""#;
    let mut driver = Driver::new();
    driver.open(|request| request.stays_on_page = false);
    driver.answer(&format!(
        r#"{{{FAILED},"paymentMethods":[{{"paymentMethodType":"CARD"}}],"frameUrl":"/frame/card","paymentRedirectUrl":"https://shop.example/"}}"#
    ));
    driver.form_message(FromForm::Ready);
    driver.input(Input::PayPressed);
    driver.form_message(token(driver.form_submit.unwrap(), "token"));
    driver.answer(r#"{"success":true}"#);
    driver.answer(r#"{"success":true,"paymentStatus":"SUCCESS"}"#);
    driver.input(Input::PageShown { restored: true });
    driver.answer(&format!("{{{FAILED}}}"));
    assert_eq!(driver.codes().pop(), Some(EventCode::PaymentFail));
    driver.input(Input::PayPressed);
    let effects = driver.form_message(token(driver.form_submit.unwrap(), "token"));
    let attempt = effects.iter().find_map(|effect| match effect {
        Effect::Call { call, .. } => call.request.ext_params.clone()?.attempt_id,
        _ => None,
    });
    assert_eq!(attempt.as_deref(), Some("seed1-2"));
}

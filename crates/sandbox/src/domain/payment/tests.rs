//! Attempts of a session: which of them is the result of the order, and when.

use super::*;
use crate::api::NotifyType;
use crate::domain::notification::Notification;

const HOUR: Millis = 3_600_000;

/// An attempt at 1000 that ends with this code; `SUCCESS` is paid.
fn attempt(session: &mut Session, earlier: Option<&Payment>, code: &str) -> Payment {
    session.scenario.result = Some(code.to_owned());
    let number = earlier.map_or(0, |earlier| earlier.key().len());
    let attempt = Attempt {
        id: number.to_string(),
        payment_id: earlier.map(|earlier| earlier.id.clone()),
        card: CardRecord::stored("SANDBOX_CARD_VISA", None, false, b"k").ok(),
        ..Attempt::default()
    };
    let fresh = ("k".repeat(number + 1), "simulator".to_owned());
    Payment::start(session, attempt, fresh, 1000)
}

fn result(
    before: Option<&Payment>,
    payment: &Payment,
    session: &Session,
) -> Option<(NotifyType, String, Millis)> {
    let notification = Notification::of_payment(before, payment, session).unwrap()?;
    Some((notification.kind, payment.code.clone(), notification.at))
}

#[test]
fn attempts_share_the_id_of_the_payment_and_have_keys_of_their_own() {
    let mut session = Session::sample(|_| {});
    let first = attempt(&mut session, None, "ISSUER_REJECTS_TRANSACTION");
    let second = attempt(&mut session, Some(&first), "INVALID_CVV");
    let third = attempt(&mut session, Some(&second), "SUCCESS");
    let ids = [&first, &second, &third].map(|payment| payment.id.as_str());
    assert_eq!(ids, [first.key(); 3]);
    assert!(first.key() != second.key() && second.key() != third.key());
}

#[test]
fn only_a_failure_that_another_attempt_may_follow_is_no_result() {
    for (code, is_over) in [
        ("SUCCESS", true),
        ("ISSUER_REJECTS_TRANSACTION", false),
        ("USER_PAYMENT_VERIFICATION_FAILED", false),
        ("PAYMENT_COUNT_EXCEED_LIMIT", true),
        ("ORDER_IS_CLOSED", true),
        ("FRAUD_REJECT", true),
        ("NEVER_HEARD_OF", true),
    ] {
        let mut session = Session::sample(|_| {});
        let payment = attempt(&mut session, None, code);
        assert_eq!(payment.is_over(), is_over, "{code}");
        let notified = result(None, &payment, &session);
        assert_eq!(notified.is_some(), is_over, "{code}");
        assert_eq!(payment.changes_at(), (!is_over).then_some(HOUR), "{code}");
    }
}

#[test]
fn a_failure_is_the_result_when_the_session_expires_or_the_order_closes() {
    for (closes_at, ends, code) in [
        (None, HOUR, "ISSUER_REJECTS_TRANSACTION"),
        (Some(2 * HOUR), HOUR, "ISSUER_REJECTS_TRANSACTION"),
        (Some(HOUR / 2), HOUR / 2, "ORDER_IS_CLOSED"),
    ] {
        let mut session = Session::sample(|session| session.closes_at = closes_at);
        let mut payment = attempt(&mut session, None, "ISSUER_REJECTS_TRANSACTION");
        assert!(!payment.settle(ends - 1));
        let before = payment.clone();
        assert!(payment.settle(ends));
        let (kind, given, _) = result(Some(&before), &payment, &session).unwrap();
        assert_eq!((kind, given.as_str()), (NotifyType::PaymentResult, code));
        assert_eq!(payment.changes_at(), None);
        assert!(!payment.settle(ends + HOUR), "once");
        assert_eq!(result(Some(&payment), &payment, &session), None);
    }
}

#[test]
fn an_attempt_that_another_followed_is_never_a_result() {
    let mut session = Session::sample(|_| {});
    let mut first = attempt(&mut session, None, "ISSUER_REJECTS_TRANSACTION");
    assert!(first.end_retries());
    assert!(!first.end_retries() && !first.settle(2 * HOUR));
    assert_eq!(first.changes_at(), None);
    let mut ended = attempt(&mut session, None, "FRAUD_REJECT");
    assert!(!ended.end_retries(), "no other attempt could have followed");
}

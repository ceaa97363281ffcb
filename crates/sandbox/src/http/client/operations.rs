//! The three operations.

use std::collections::BTreeSet;

use kassa_protocol::client::{GatewayAnswer, PaymentFactors, PaymentState, Request};
use kassa_protocol::{PaymentMethodType, ThreeDsCompInd};
use thiserror::Error;

use super::answer::CallError;
use crate::app::App;
use crate::clock::Millis;
use crate::domain::card_numbers;
use crate::domain::client_view::{self, expired_or_unknown, payment_answer, query_answer, refusal};
use crate::domain::field::{Factors, FieldError, KeptValues};
use crate::domain::method::{Method, Terminal};
use crate::domain::payment::{Attempt, Payment, Status};
use crate::domain::quote::Quoted;
use crate::domain::session::{Environment, Session};
use crate::store::{Rows, StoreError};
use crate::{ids, payments};

/// How many attempts a session may have. One more fails with a code that ends the session: nobody can
/// try out stolen card numbers without end.
const MOST_ATTEMPTS: u32 = 10;
/// The most characters of an `attemptId`.
const LONGEST_ATTEMPT: usize = 64;

/// Opens a session.
pub(super) fn query(
    app: &App,
    session: &Session,
    request: &Request,
    sandbox: bool,
) -> Result<GatewayAnswer, CallError> {
    let requested = if sandbox { Environment::Sandbox } else { Environment::Prod };
    if requested != session.environment {
        return Ok(client_view::other_environment(session, requested));
    }
    let now = app.clock.now();
    if now >= session.expires_at {
        return Ok(expired_or_unknown());
    }
    let needs_cvc = request.needs_cvc();
    if session.stored_card.is_some() && session.needs_cvc != needs_cvc {
        app.store.run(|rows| rows.change_session(&Session { needs_cvc, ..session.clone() }))?;
    }
    let state = current_state(app, session, None, now)?;
    Ok(query_answer(session, state, now))
}

/// The state of the session's last payment. A failed one does not count after the merchant cancelled
/// the order: nothing can be paid any more.
fn current_state(
    app: &App,
    session: &Session,
    indicator: Option<&ThreeDsCompInd>,
    now: Millis,
) -> Result<PaymentState, StoreError> {
    let (payment, cancelled) = app.store.run(|rows| {
        let mut payment = payments::last(rows, &session.id, now)?;
        if let (Some(payment), Some(indicator)) = (&mut payment, indicator) {
            payments::change(rows, payment, |it| it.finish_three_ds_method(indicator.clone()))?;
        }
        Ok((payment, rows.cancellation(&session.id)?.is_some()))
    })?;
    Ok(match payment {
        Some(payment) if !cancelled || payment.status != Status::Fail => {
            client_view::payment_state(&payment, session, &app.config.gateway_origin)
        }
        None if !cancelled => PaymentState::default(),
        Some(_) | None => client_view::cancelled_state(),
    })
}

/// Gives the state of the session's payment, also after the session has expired. The page may report
/// the end of the 3DS method with it.
pub(super) fn inquire(
    app: &App,
    session: &Session,
    request: &Request,
) -> Result<GatewayAnswer, CallError> {
    let now = app.clock.now();
    let extras = request.ext_params.as_ref();
    let indicator = extras.and_then(|extras| extras.three_ds_comp_ind.as_ref());
    if let Some(ThreeDsCompInd::Other(given)) = indicator {
        let given = Quoted(given);
        let message = format!("extParams.threeDSCompInd is {given}; accepted are Y and N");
        return Ok(refusal("PARAM_ILLEGAL", &message));
    }
    Ok(payment_answer(current_state(app, session, indicator, now)?, now))
}

/// Why a submit starts no payment.
#[derive(Debug, Error)]
enum SubmitError {
    #[error("extParams.attemptId is too long; give text of at most {LONGEST_ATTEMPT} characters")]
    LongAttempt,
    #[error("extParams.attemptId is a card number, which the gateway does not store")]
    CardNumberAsAttempt,
    #[error(
        "paymentMethod.paymentMethodType is {}; this session takes {method}",
        Quoted(given.as_str())
    )]
    Method { given: PaymentMethodType, method: Method },
    #[error(
        "paymentFactors.cardToken is missing, used, too old or of another session; exchange the card \
         again"
    )]
    CardToken,
    #[error(transparent)]
    Field(#[from] FieldError),
}

/// Pays, once for each attempt.
pub(super) fn submit(
    app: &App,
    session: &Session,
    request: &Request,
    not_text: &BTreeSet<String>,
) -> Result<GatewayAnswer, CallError> {
    let attempt = match attempt(session, request) {
        Ok(attempt) => attempt,
        Err(error) => return Ok(refusal("PARAM_ILLEGAL", &error.to_string())),
    };
    let none = PaymentFactors::default();
    let given = request.payment_factors.as_ref().unwrap_or(&none);
    let now = app.clock.now();
    let outcome = app.store.run(|rows| pay(rows, session, attempt, given, not_text, now))?;
    Ok(match outcome {
        Outcome::Payment(payment) => {
            let gateway = &app.config.gateway_origin;
            payment_answer(client_view::payment_state(&payment, session, gateway), now)
        }
        Outcome::Expired => expired_or_unknown(),
        Outcome::Cancelled => payment_answer(client_view::cancelled_state(), now),
        Outcome::Refused(error) => refusal("PARAM_ILLEGAL", &error.to_string()),
    })
}

/// Reads a submit. The original SDK sends neither an attempt's id nor, always, the method: the
/// session has one method, and a submit without an id is an attempt of its own, unless the session has
/// a payment that is under way or paid.
fn attempt(session: &Session, request: &Request) -> Result<Attempt, SubmitError> {
    let extras = request.ext_params.as_ref();
    let id = extras.and_then(|extras| extras.attempt_id.as_deref()).unwrap_or_default();
    if id.chars().count() > LONGEST_ATTEMPT {
        return Err(SubmitError::LongAttempt);
    }
    if card_numbers::is(id) {
        return Err(SubmitError::CardNumberAsAttempt);
    }
    let given = request.payment_method.as_ref().and_then(|it| it.payment_method_type.as_ref());
    let given = given.or(request.payment_method_type.as_ref());
    let given = given.filter(|given| !given.as_str().is_empty());
    if let Some(given) = given.filter(|given| given.as_str() != session.method.as_str()) {
        return Err(SubmitError::Method { given: given.clone(), method: session.method });
    }
    let terminal = request.env_info.as_ref().and_then(|env| env.terminal_type.as_deref());
    Ok(Attempt {
        id: id.to_owned(),
        terminal: terminal.map(Terminal::parse).unwrap_or_default(),
        ..Attempt::default()
    })
}

/// The result of a submit.
enum Outcome {
    /// The payment that it started, or the one that the session has already.
    Payment(Box<Payment>),
    Expired,
    Cancelled,
    Refused(SubmitError),
}

/// One transaction, so that of two concurrent submits the later one finds the payment of the other.
fn pay(
    rows: &Rows<'_>,
    session: &Session,
    mut attempt: Attempt,
    given: &PaymentFactors,
    not_text: &BTreeSet<String>,
    now: Millis,
) -> Result<Outcome, StoreError> {
    if attempt.id.is_empty() {
        attempt.id = ids::unguessable()?;
    } else if let Some(payment) = payments::of_attempt(rows, &session.id, &attempt.id, now)? {
        return Ok(Outcome::Payment(Box::new(payment)));
    }
    let last = match payments::last(rows, &session.id, now)? {
        Some(payment) if !payment.may_be_retried() => {
            return Ok(Outcome::Payment(Box::new(payment)));
        }
        last => last,
    };
    if rows.cancellation(&session.id)?.is_some() {
        return Ok(Outcome::Cancelled);
    }
    if now >= session.expires_at {
        return Ok(Outcome::Expired);
    }
    if session.method.is_card() {
        let token = given.card_token.as_deref().unwrap_or_default();
        attempt.card = rows.take_card(token, &session.id, now)?;
        if attempt.card.is_none() {
            return Ok(Outcome::Refused(SubmitError::CardToken));
        }
    }
    match check_fields(session, Factors { values: &given.values, not_text }, now) {
        Ok(kept) => attempt.bank = kept.bank,
        Err(error) => return Ok(Outcome::Refused(error.into())),
    }
    attempt.is_over_limit = rows.count_payments(&session.id)? >= MOST_ATTEMPTS;
    attempt.payment_id = last.as_ref().map(|payment| payment.id.clone());
    let fresh = (ids::unguessable()?, ids::unguessable()?);
    let payment = Payment::start(session, attempt, fresh, now);
    payments::add(rows, session, last, &payment)?;
    tracing::info!(
        payment = payment.id,
        request = session.request_id,
        method = session.method.as_str(),
        status = ?payment.status,
        code = payment.code,
        "payment started"
    );
    Ok(Outcome::Payment(Box::new(payment)))
}

/// Checks the buyer's values and returns those to store.
fn check_fields(
    session: &Session,
    factors: Factors<'_>,
    now: Millis,
) -> Result<KeptValues, FieldError> {
    let mut kept = KeptValues::default();
    for spec in &session.method.row().fields {
        // The buyer may have chosen the bank on the merchant's page.
        let is_known = session.bank.is_some() && spec.is_bank();
        if !is_known {
            spec.check(factors, now, &mut kept)?;
        }
    }
    Ok(kept)
}

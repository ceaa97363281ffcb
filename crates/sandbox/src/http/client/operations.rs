//! The three operations.

use std::collections::BTreeMap;

use kassa_protocol::client::{
    PaymentAnswer, PaymentState, QueryAnswer, Refusal, Request, SESSION_FAILED,
};
use serde_json::{Value, json};
use thiserror::Error;

use super::answer::{CallError, refusal};
use crate::app::App;
use crate::clock::{self, Millis};
use crate::domain::client_view;
use crate::domain::field::{FieldError, KeptValues};
use crate::domain::merchant::card_form_path;
use crate::domain::method::{Method, Terminal};
use crate::domain::payment::{Attempt, Payment, Status, ThreeDsCompInd};
use crate::domain::quote::Quoted;
use crate::domain::session::{Environment, Session};
use crate::domain::test_card::StoredCard;
use crate::store::{Rows, StoreError};
use crate::{ids, payments};

/// The most characters of an `attemptId`.
const LONGEST_ATTEMPT: usize = 64;

/// The answer for a session that is over or never existed.
pub(crate) fn expired_or_unknown() -> Value {
    refusal(SESSION_FAILED, "The session is unknown or has expired; create a new one")
}

/// Opens a session.
pub(super) fn query(
    app: &App,
    session: &Session,
    request: &Request,
    sandbox: bool,
) -> Result<Value, CallError> {
    let asked = if sandbox { Environment::Sandbox } else { Environment::Prod };
    if asked != session.environment {
        return Ok(json!(Refusal {
            success: false,
            error_code: SESSION_FAILED.to_owned(),
            error_message: format!(
                "The session was created for {}, the page asks for {}",
                session.environment.as_str(),
                asked.as_str()
            ),
            environment: Some(session.environment.as_str().to_owned()),
        }));
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
    let stored_card = session.stored_card.as_deref().and_then(StoredCard::find);
    Ok(json!(QueryAnswer {
        success: true,
        payment_session_config: client_view::session_config(session.method),
        payment_amount_view: client_view::amount(&session.amount),
        order_amount_view: client_view::amount(&session.order_amount),
        payment_methods: vec![client_view::method(session)],
        saved_payment_methods: stored_card.map(client_view::stored_card).into_iter().collect(),
        merchant_name: session.merchant_name.clone(),
        payment_redirect_url: session.redirect_url.as_ref().map(ToString::to_string),
        payment_session_expiry_time: clock::iso(session.expires_at),
        server_time: client_view::time(now),
        frame_url: session.method.is_card().then(|| card_form_path(&session.client_id)),
        state,
    }))
}

/// The state of the session's last payment. A failed one does not count after the merchant cancelled
/// the order: nothing can be paid any more.
fn current_state(
    app: &App,
    session: &Session,
    indicator: Option<ThreeDsCompInd>,
    now: Millis,
) -> Result<PaymentState, StoreError> {
    let (payment, cancelled) = app.store.run(|rows| {
        let mut payment = payments::last(rows, &session.id, now)?;
        if let (Some(payment), Some(indicator)) = (&mut payment, indicator) {
            payments::change(rows, payment, |it| it.finish_three_ds_method(indicator))?;
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
pub(super) fn inquire(app: &App, session: &Session, request: &Request) -> Result<Value, CallError> {
    let now = app.clock.now();
    let given = request.ext_params.as_ref().and_then(|extras| extras.three_ds_comp_ind.as_ref());
    let indicator = given.and_then(|given| ThreeDsCompInd::parse(given.as_str()));
    if let (Some(given), None) = (given, indicator) {
        let given = Quoted(given.as_str());
        let message = format!("extParams.threeDSCompInd is {given}; accepted are Y and N");
        return Ok(refusal("PARAM_ILLEGAL", &message));
    }
    Ok(answer(current_state(app, session, indicator, now)?, now))
}

fn answer(state: PaymentState, now: Millis) -> Value {
    json!(PaymentAnswer { success: true, server_time: Some(client_view::time(now)), state })
}

/// Why a submit starts no payment.
#[derive(Debug, Error)]
enum SubmitError {
    #[error("extParams.attemptId is missing; give text of 1 to {LONGEST_ATTEMPT} characters")]
    NoAttempt,
    #[error("extParams.attemptId is too long; give text of 1 to {LONGEST_ATTEMPT} characters")]
    LongAttempt,
    #[error(
        "paymentMethod.paymentMethodType is {}; this session takes {method}",
        given.as_deref().map_or("missing".to_owned(), |given| Quoted(given).to_string())
    )]
    Method { given: Option<String>, method: Method },
    #[error(
        "paymentFactors.cardToken is missing, used, too old or of another session; exchange the card \
         again"
    )]
    CardToken,
    #[error(transparent)]
    Field(#[from] FieldError),
}

/// Pays, once for each attempt.
pub(super) fn submit(app: &App, session: &Session, request: &Request) -> Result<Value, CallError> {
    let attempt = match attempt(session, request) {
        Ok(attempt) => attempt,
        Err(error) => return Ok(refusal("PARAM_ILLEGAL", &error.to_string())),
    };
    let none = BTreeMap::new();
    let factors = request.payment_factors.as_ref().unwrap_or(&none);
    let now = app.clock.now();
    let outcome = app.store.run(|rows| pay(rows, session, attempt, factors, now))?;
    Ok(match outcome {
        Outcome::Payment(payment) => {
            let gateway = &app.config.gateway_origin;
            answer(client_view::payment_state(&payment, session, gateway), now)
        }
        Outcome::Expired => expired_or_unknown(),
        Outcome::Cancelled => answer(client_view::cancelled_state(), now),
        Outcome::Refused(error) => refusal("PARAM_ILLEGAL", &error.to_string()),
    })
}

fn attempt(session: &Session, request: &Request) -> Result<Attempt, SubmitError> {
    let extras = request.ext_params.as_ref();
    let id = extras.and_then(|extras| extras.attempt_id.as_ref()).map(|id| id.as_str());
    let id = id.filter(|id| !id.is_empty()).ok_or(SubmitError::NoAttempt)?;
    if id.chars().count() > LONGEST_ATTEMPT {
        return Err(SubmitError::LongAttempt);
    }
    let given = request.payment_method.as_ref().and_then(|it| it.payment_method_type.as_ref());
    let given = given.map(|given| given.as_str());
    if given != Some(session.method.as_str()) {
        let given = given.map(str::to_owned);
        return Err(SubmitError::Method { given, method: session.method });
    }
    let terminal = request.env_info.as_ref().and_then(|env| env.terminal_type.as_ref());
    Ok(Attempt {
        id: id.to_owned(),
        terminal: terminal.map(|text| Terminal::parse(text.as_str())).unwrap_or_default(),
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
    factors: &BTreeMap<String, Value>,
    now: Millis,
) -> Result<Outcome, StoreError> {
    if let Some(payment) = payments::of_attempt(rows, &session.id, &attempt.id, now)? {
        return Ok(Outcome::Payment(Box::new(payment)));
    }
    let last = payments::last(rows, &session.id, now)?;
    if let Some(payment) = last.filter(|payment| !payment.may_be_retried()) {
        return Ok(Outcome::Payment(Box::new(payment)));
    }
    if rows.cancellation(&session.id)?.is_some() {
        return Ok(Outcome::Cancelled);
    }
    if now >= session.expires_at {
        return Ok(Outcome::Expired);
    }
    if session.method.is_card() {
        let token = factors.get("cardToken").and_then(Value::as_str).unwrap_or_default();
        attempt.card = rows.take_card(token, &session.id, now)?;
        if attempt.card.is_none() {
            return Ok(Outcome::Refused(SubmitError::CardToken));
        }
    }
    match check_fields(session, factors, now) {
        Ok(kept) => attempt.bank = kept.bank,
        Err(error) => return Ok(Outcome::Refused(error.into())),
    }
    let fresh = (ids::unguessable()?, ids::unguessable()?);
    let payment = Payment::start(session, attempt, fresh, now);
    payments::add(rows, session, &payment)?;
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

/// Checks the buyer's values and keeps what is needed of them.
fn check_fields(
    session: &Session,
    factors: &BTreeMap<String, Value>,
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

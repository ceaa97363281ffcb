//! The three operations.

use kassa_wire::client::{
    MethodView, PaymentAnswer, PaymentState, QueryAnswer, Refusal, Request, SESSION_FAILED,
};
use serde_json::{Value, json};

use super::reply::{Reply, refusal};
use crate::app::App;
use crate::clock::{self, Millis};
use crate::ids;
use crate::payments::{self, Payment, Status};
use crate::sessions::{Environment, Method, Session};
use crate::store::{Rows, StoreError};

/// The answer for a session that is over or was never there.
pub(crate) fn expired_or_unknown() -> Value {
    refusal(SESSION_FAILED, "The session is unknown or has expired; create a new one")
}

/// Opens a session.
pub(super) fn query(app: &App, session: &Session, sandbox: bool) -> Result<Value, Reply> {
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
    let state = standing(app, session, now)?;
    Ok(json!(QueryAnswer {
        success: true,
        payment_session_config: session.method.config(),
        payment_amount_view: session.amount.view(),
        order_amount_view: session.order_amount.view(),
        payment_methods: vec![method_view(session.method)],
        saved_payment_methods: Vec::new(),
        merchant_name: session.merchant_name.clone(),
        payment_redirect_url: session.redirect_url.clone(),
        payment_session_expiry_time: clock::iso(session.expires_at),
        server_time: now.to_string(),
        frame_url: match session.method {
            Method::Card => Some(format!(
                "/frame/card?client={}",
                percent_encoding::utf8_percent_encode(
                    &session.client_id,
                    percent_encoding::NON_ALPHANUMERIC
                )
                .to_string()
                .replace("%5F", "_")
            )),
            Method::Fpx => None,
        },
        state,
    }))
}

fn method_view(method: Method) -> MethodView {
    let (category, action) = match method {
        Method::Card => ("CARD", "COLLECT"),
        Method::Fpx => ("ONLINE_BANKING", "REDIRECT"),
    };
    MethodView {
        payment_method_type: method.as_str().to_owned(),
        payment_method_name: method.display_name().to_owned(),
        category: category.to_owned(),
        inter_action_type: action.to_owned(),
        payment_elements: Vec::new(),
    }
}

fn state(app: &App, session: &Session, payment: Option<&Payment>) -> PaymentState {
    payment.map(|payment| payment.state(session, &app.config.gateway_origin)).unwrap_or_default()
}

/// How the session's last payment stands. A failed one no longer counts when the merchant took the
/// order back: nothing can be paid any more.
fn standing(app: &App, session: &Session, now: Millis) -> Result<PaymentState, StoreError> {
    let (payment, cancelled) = app.store.run(|rows| {
        Ok((rows.last_payment(&session.id, now)?, rows.cancellation(&session.id)?.is_some()))
    })?;
    Ok(match payment {
        Some(payment) if !cancelled || payment.status != Status::Fail => {
            state(app, session, Some(&payment))
        }
        None if !cancelled => PaymentState::default(),
        Some(_) | None => payments::cancelled_state(),
    })
}

/// Tells how the session's payment stands, also after the session has expired.
pub(super) fn inquire(app: &App, session: &Session) -> Result<Value, Reply> {
    let now = app.clock.now();
    Ok(json!(PaymentAnswer {
        success: true,
        server_time: Some(now.to_string()),
        state: standing(app, session, now)?,
    }))
}

/// Pays, once for each attempt.
pub(super) fn submit(app: &App, session: &Session, request: &Request) -> Result<Value, Reply> {
    let illegal = |message: &str| Ok(refusal("PARAM_ILLEGAL", message));
    let extras = request.ext_params.clone().unwrap_or_default();
    let Some(attempt_id) = extras.attempt_id.map(String::from).filter(|id| !id.is_empty()) else {
        return illegal("extParams.attemptId is missing; give text of 1 to 64 characters");
    };
    if attempt_id.chars().count() > 64 {
        return illegal("extParams.attemptId is too long; give text of 1 to 64 characters");
    }
    let chosen = request.payment_method.clone().unwrap_or_default().payment_method_type;
    if chosen.as_ref().and_then(|text| Method::parse(text.as_str())) != Some(session.method) {
        return Ok(refusal(
            "PARAM_ILLEGAL",
            &format!(
                "paymentMethod.paymentMethodType is {}; this session takes {}",
                chosen.map_or("missing".to_owned(), |text| crate::money::quote(text.as_str())),
                session.method.as_str()
            ),
        ));
    }
    let token = request.payment_factors.clone().unwrap_or_default().card_token;
    let token = token.map(String::from).unwrap_or_default();
    let now = app.clock.now();
    let outcome = app.store.run(|rows| pay(rows, session, &attempt_id, &token, now))?;
    Ok(match outcome {
        Outcome::Stands(payment) => json!(PaymentAnswer {
            success: true,
            server_time: None,
            state: state(app, session, Some(&payment)),
        }),
        Outcome::Expired => expired_or_unknown(),
        Outcome::Cancelled => json!(PaymentAnswer {
            success: true,
            server_time: None,
            state: payments::cancelled_state(),
        }),
        Outcome::NoCard => refusal(
            "PARAM_ILLEGAL",
            "paymentFactors.cardToken is missing, used, too old or of another session; exchange \
             the card again",
        ),
    })
}

enum Outcome {
    Stands(Box<Payment>),
    Expired,
    Cancelled,
    NoCard,
}

/// One transaction: whoever comes second finds what the first one did.
fn pay(
    rows: &Rows<'_>,
    session: &Session,
    attempt_id: &str,
    token: &str,
    now: Millis,
) -> Result<Outcome, StoreError> {
    if let Some(payment) = rows.payment_of_attempt(&session.id, attempt_id, now)? {
        return Ok(Outcome::Stands(Box::new(payment)));
    }
    if let Some(payment) = rows.last_payment(&session.id, now)?
        && !payment.may_be_retried()
    {
        return Ok(Outcome::Stands(Box::new(payment)));
    }
    if rows.cancellation(&session.id)?.is_some() {
        return Ok(Outcome::Cancelled);
    }
    if now >= session.expires_at {
        return Ok(Outcome::Expired);
    }
    let card = match session.method {
        Method::Fpx => None,
        Method::Card => match rows.take_card(token, &session.id, now)? {
            Some(card) => Some(card),
            None => return Ok(Outcome::NoCard),
        },
    };
    let fresh = (ids::unguessable()?, ids::unguessable()?);
    let payment = Payment::start(session, attempt_id, card, fresh, now);
    rows.add_payment(&payment)?;
    Ok(Outcome::Stands(Box::new(payment)))
}

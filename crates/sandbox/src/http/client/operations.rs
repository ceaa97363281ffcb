//! The three operations.

use std::collections::BTreeMap;

use kassa_protocol::client::{
    MethodView, PaymentAnswer, PaymentState, QueryAnswer, Refusal, Request, SESSION_FAILED,
    SavedMethodDetail, SavedMethodView,
};
use serde_json::{Value, json};

use super::reply::{Reply, refusal};
use crate::app::App;
use crate::clock::{self, Millis};
use crate::domain::card::StoredCard;
use crate::domain::field::{Kept, Wrong};
use crate::domain::method::{self, Terminal};
use crate::domain::payment::{self, Attempt, Payment, Status};
use crate::domain::session::{Environment, Session};
use crate::store::{Rows, StoreError};
use crate::{http::frame, ids};

/// The answer for a session that is over or was never there.
pub(crate) fn expired_or_unknown() -> Value {
    refusal(SESSION_FAILED, "The session is unknown or has expired; create a new one")
}

/// Opens a session.
pub(super) fn query(
    app: &App,
    session: &Session,
    request: &Request,
    sandbox: bool,
) -> Result<Value, Reply> {
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
    let asks_cvc = request.needs_cvc();
    if session.stored_card.is_some() && session.asks_cvc != asks_cvc {
        app.store.run(|rows| rows.change_session(&Session { asks_cvc, ..session.clone() }))?;
    }
    let state = standing(app, session, None, now)?;
    Ok(json!(QueryAnswer {
        success: true,
        payment_session_config: session.method.config(),
        payment_amount_view: session.amount.view(),
        order_amount_view: session.order_amount.view(),
        payment_methods: vec![method_view(session)],
        saved_payment_methods: session.stored_card.as_deref().and_then(saved).into_iter().collect(),
        merchant_name: session.merchant_name.clone(),
        payment_redirect_url: session.redirect_url.clone(),
        payment_session_expiry_time: clock::iso(session.expires_at),
        server_time: now.to_string(),
        frame_url: session.method.is_card().then(|| frame::address(&session.client_id)),
        state,
    }))
}

fn method_view(session: &Session) -> MethodView {
    let method = session.method;
    // What the merchant asked already is not asked again.
    let asked = method::asked(method, session.knobs.ask_here)
        .filter(|(field, _)| session.bank.is_none() || !field.is_bank());
    MethodView {
        payment_method_type: method.as_str().to_owned(),
        payment_method_name: method.display_name().to_owned(),
        category: method.row().category.clone(),
        inter_action_type: method.interaction_type().to_owned(),
        payment_elements: asked.map(|(field, needed)| field.element(needed)).collect(),
    }
}

fn saved(id: &str) -> Option<SavedMethodView> {
    let card = StoredCard::find(id)?;
    Some(SavedMethodView {
        payment_method_type: "CARD".to_owned(),
        payment_method_id: card.id.to_owned(),
        payment_method_detail: SavedMethodDetail {
            brand: card.brand.to_owned(),
            last4: card.last_four().to_owned(),
        },
    })
}

fn state(app: &App, session: &Session, payment: Option<&Payment>) -> PaymentState {
    payment.map(|payment| payment.state(session, &app.config.gateway_origin)).unwrap_or_default()
}

/// How the session's last payment stands. A failed one no longer counts when the merchant took the
/// order back: nothing can be paid any more.
fn standing(
    app: &App,
    session: &Session,
    method_done: Option<&str>,
    now: Millis,
) -> Result<PaymentState, StoreError> {
    let (payment, cancelled) = app.store.run(|rows| {
        let mut payment = rows.last_payment(&session.id, now)?;
        if let (Some(payment), Some(told)) = (&mut payment, method_done)
            && payment.tell_method_done(told)
        {
            rows.change_payment(payment)?;
        }
        Ok((payment, rows.cancellation(&session.id)?.is_some()))
    })?;
    Ok(match payment {
        Some(payment) if !cancelled || payment.status != Status::Fail => {
            state(app, session, Some(&payment))
        }
        None if !cancelled => PaymentState::default(),
        Some(_) | None => payment::cancelled_state(),
    })
}

/// Tells how the session's payment stands, also after the session has expired.
/// That the card issuer's hidden page is done may be told with it.
pub(super) fn inquire(app: &App, session: &Session, request: &Request) -> Result<Value, Reply> {
    let now = app.clock.now();
    let told = request.ext_params.as_ref().and_then(|extras| extras.three_ds_comp_ind.as_ref());
    if let Some(odd) = told.filter(|told| !matches!(told.as_str(), "Y" | "N")) {
        let odd = crate::domain::money::quote(odd.as_str());
        let message = format!("extParams.threeDSCompInd is {odd}; accepted are Y and N");
        return Ok(refusal("PARAM_ILLEGAL", &message));
    }
    let told = told.map(kassa_protocol::Text::as_str);
    Ok(answer(standing(app, session, told, now)?, now))
}

fn answer(state: PaymentState, now: Millis) -> Value {
    json!(PaymentAnswer { success: true, server_time: Some(now.to_string()), state })
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
    let chosen = request.payment_method.as_ref();
    let chosen = chosen.and_then(|chosen| chosen.payment_method_type.as_ref());
    if chosen.is_none_or(|chosen| chosen.as_str() != session.method.as_str()) {
        return Ok(refusal(
            "PARAM_ILLEGAL",
            &format!(
                "paymentMethod.paymentMethodType is {}; this session takes {}",
                chosen.map_or("missing".to_owned(), |text| crate::domain::money::quote(
                    text.as_str()
                )),
                session.method.as_str()
            ),
        ));
    }
    let terminal = request.env_info.as_ref().and_then(|env| env.terminal_type.as_ref());
    let attempt = Attempt {
        id: attempt_id,
        terminal: terminal.map(|text| Terminal::parse(text.as_str())).unwrap_or_default(),
        ..Attempt::default()
    };
    let none = BTreeMap::new();
    let factors = request.payment_factors.as_ref().unwrap_or(&none);
    let now = app.clock.now();
    let outcome = app.store.run(|rows| pay(rows, session, attempt, factors, now))?;
    Ok(match outcome {
        Outcome::Stands(payment) => answer(state(app, session, Some(&payment)), now),
        Outcome::Expired => expired_or_unknown(),
        Outcome::Cancelled => answer(payment::cancelled_state(), now),
        Outcome::Wrong(Wrong(message)) => refusal("PARAM_ILLEGAL", &message),
    })
}

enum Outcome {
    Stands(Box<Payment>),
    Expired,
    Cancelled,
    Wrong(Wrong),
}

/// One transaction: whoever comes second finds what the first one did.
fn pay(
    rows: &Rows<'_>,
    session: &Session,
    mut attempt: Attempt,
    factors: &BTreeMap<String, Value>,
    now: Millis,
) -> Result<Outcome, StoreError> {
    if let Some(payment) = rows.payment_of_attempt(&session.id, &attempt.id, now)? {
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
    if session.method.is_card() {
        let token = factors.get("cardToken").and_then(Value::as_str).unwrap_or_default();
        attempt.card = rows.take_card(token, &session.id, now)?;
        if attempt.card.is_none() {
            return Ok(Outcome::Wrong(Wrong(
                "paymentFactors.cardToken is missing, used, too old or of another session; \
                 exchange the card again"
                    .to_owned(),
            )));
        }
    }
    match fields(session, factors, now) {
        Ok(kept) => attempt.bank = kept.bank,
        Err(wrong) => return Ok(Outcome::Wrong(wrong)),
    }
    let fresh = (ids::unguessable()?, ids::unguessable()?);
    let payment = Payment::start(session, attempt, fresh, now);
    rows.add_payment(&payment)?;
    Ok(Outcome::Stands(Box::new(payment)))
}

/// Looks at the buyer's values and keeps what is needed of them.
fn fields(
    session: &Session,
    factors: &BTreeMap<String, Value>,
    now: Millis,
) -> Result<Kept, Wrong> {
    let mut kept = Kept::default();
    for ask in &session.method.row().fields {
        // The merchant told the bank already.
        let known = session.bank.is_some() && ask.is_bank();
        if !known {
            ask.check(factors, now, &mut kept)?;
        }
    }
    Ok(kept)
}

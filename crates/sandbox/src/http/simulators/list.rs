//! The list of payments under way, for a developer on this machine.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::domain::client_view;
use crate::domain::payment::Payment;
use crate::domain::session::Session;
use crate::http::pages;
use crate::http::protection::Policy;
use crate::store::StoreError;
use crate::{clock, payments};

/// The most payments that the list shows.
const MOST_LISTED: u32 = 200;

#[derive(Deserialize)]
pub(super) struct ListQuery {
    format: Option<String>,
}

/// The list has the keys that decide payments, so its route is for this machine only.
pub(super) async fn show(State(app): State<Arc<App>>, Query(query): Query<ListQuery>) -> Response {
    let found = app.transaction(|rows, now| {
        let payments = payments::under_way(rows, MOST_LISTED, now)?;
        let with_session = |payment| Ok((payments::session_of(rows, &payment)?, payment));
        payments.into_iter().map(with_session).collect::<Result<Vec<_>, StoreError>>()
    });
    let Ok(found) = found.await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let payments: Vec<Value> = found.iter().map(|(session, it)| entry(session, it)).collect();
    let content = json!({ "payments": payments });
    if query.format.as_deref() == Some("json") {
        return ([(header::CACHE_CONTROL, "no-store")], axum::Json(content)).into_response();
    }
    Policy::new("style-src 'self'").apply(pages::render(&app, "sim/list.html", &content))
}

fn entry(session: &Session, payment: &Payment) -> Value {
    json!({
        "paymentId": payment.id,
        "paymentRequestId": session.request_id,
        "paymentStatus": client_view::payment_status(payment.status),
        "paymentMethodType": session.method.as_str(),
        "name": session.method.display_name(),
        "merchant": session.merchant_name,
        "description": session.order_description,
        "amount": session.amount.to_string(),
        "startedAt": clock::iso(payment.created_at),
        "closesAt": payment.closes_at.map(clock::iso),
        "codes": payment.codes.iter().map(|code| code.text.clone()).collect::<Vec<_>>(),
        "key": payment.simulator_key,
        // The page where the buyer would be; `/sim/<key>` decides every payment.
        "page": payment.simulator_path(session.method),
        "threeDSCompInd": payment.three_ds_comp_ind,
    })
}

//! The list of payments under way, for a developer on this machine.

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::domain::client_view;
use crate::domain::payment::Payment;
use crate::domain::session::Session;
use crate::http::connection::Peer;
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

/// The list has the keys that decide payments, so that only this machine gets it.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Query(query): Query<ListQuery>,
    request: Request,
) -> Response {
    let peer = request.extensions().get::<Peer>();
    if !peer.is_some_and(|Peer(address)| address.is_loopback()) || !is_local(request.headers()) {
        return (StatusCode::FORBIDDEN, "Only for this machine.\n").into_response();
    }
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

/// A page of another site may resolve its own name to this machine, and then sends that name.
fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]"
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

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_this_machine_by_its_own_names() {
        for (host, local) in [
            ("127.0.0.1:4311", true),
            ("localhost", true),
            ("[::1]:4311", true),
            ("localhost.evil.example:4311", false),
            ("evil.example:4311", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
            assert_eq!(is_local(&headers), local, "{host}");
        }
    }
}

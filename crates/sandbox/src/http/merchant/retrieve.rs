//! `retrievePaymentSession`.

use crate::api::{Merchant, Order, RetrievePaymentSessionRequest, RetrievePaymentSessionResponse};
use serde_json::{Value, json};

use super::input::{optional, parse};
use super::{ApiError, success};
use crate::app::App;

/// Gives the order of a session.
pub(super) fn retrieve(app: &App, client_id: &str, body: &[u8]) -> Result<Value, ApiError> {
    let request: RetrievePaymentSessionRequest = parse(body)?;
    let session_id = optional(request.payment_session_id.as_ref(), "paymentSessionId", 64)?;
    let request_id = optional(request.payment_request_id.as_ref(), "paymentRequestId", 64)?;
    let session = match (&session_id, &request_id) {
        (Some(id), _) => app.store.run(|rows| rows.session_of_public_id(client_id, id))?,
        (None, Some(id)) => app
            .store
            .run(|rows| rows.session_of_request(client_id, id))?
            .map(|(session, _)| session),
        (None, None) => {
            return Err(ApiError::illegal(
                "paymentRequestId and paymentSessionId are missing; one of them is needed",
            ));
        }
    };
    let session = session
        .ok_or_else(|| ApiError::new("ORDER_NOT_EXIST", "There is no session with this id"))?;
    Ok(json!(RetrievePaymentSessionResponse {
        result: success(),
        order: Some(Order {
            reference_order_id: session.reference_order_id.map(Into::into),
            order_description: Some(session.order_description.into()),
            order_amount: Some((&session.order_amount).into()),
            order_discount_amount: None,
            merchant: Some(Merchant {
                merchant_display_name: Some(session.merchant_name.into()),
                merchant_name: None,
            }),
        }),
    }))
}

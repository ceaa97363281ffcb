//! Creates payment sessions for the shop's orders.

use serde_json::Value;
use thiserror::Error;

use super::gateway::{self, Answer, GatewayError};
use crate::api::{
    Amount, CreatePaymentSessionRequest, Flag, Order as ApiOrder, PaymentFactor, PaymentMethod,
};
use crate::app::{App, DEMO_CLIENT, DEMO_PROD_CLIENT};
use crate::clock;
use crate::ids::NoRandomness;
use crate::store::StoreError;
use kassa_protocol::Text;

/// An order or a session could not be made.
#[derive(Debug, Error)]
pub(super) enum ShopError {
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    #[error("the gateway answered {0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the answer cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The session of an order that is to be created.
#[derive(Debug, Default)]
pub(super) struct NewSession<'a> {
    /// The shop's id of the order.
    pub(super) order: &'a str,
    pub(super) request_id: &'a str,
    pub(super) client_id: &'a str,
    pub(super) description: &'a str,
    pub(super) amount: Amount,
    pub(super) method: &'a str,
    pub(super) method_id: Option<Text>,
    pub(super) method_meta_data: Option<Value>,
    /// Without the page to which the buyer returns.
    pub(super) no_redirect: bool,
    pub(super) capture_mode: Option<Text>,
    /// Seconds until the session expires.
    pub(super) expires_in: Option<i64>,
    /// Seconds until the unpaid order closes.
    pub(super) closes_in: Option<i64>,
    pub(super) metadata: Option<Text>,
}

impl NewSession<'_> {
    /// Calls `createPaymentSession`. Blocks.
    pub(super) fn create(self, app: &App) -> Result<Answer, GatewayError> {
        let shop = app.config.shop_origin.as_ref();
        let order = self.order;
        let time = |seconds: i64| -> Text {
            clock::iso(app.clock.now().saturating_add(seconds.saturating_mul(1000))).into()
        };
        let request = CreatePaymentSessionRequest {
            product_code: Some("CASHIER_PAYMENT".into()),
            payment_request_id: Some(self.request_id.into()),
            order: Some(ApiOrder {
                reference_order_id: Some(order.into()),
                order_description: Some(self.description.into()),
                order_amount: Some(self.amount.clone()),
                ..ApiOrder::default()
            }),
            payment_amount: Some(self.amount),
            payment_method: Some(PaymentMethod {
                payment_method_type: Some(self.method.into()),
                payment_method_id: self.method_id,
                payment_method_meta_data: self.method_meta_data,
            }),
            payment_redirect_url: shop
                .filter(|_| !self.no_redirect)
                .map(|shop| format!("{shop}/result?order={order}").into()),
            // The signature of a notification covers the query, so nobody else can name the order.
            payment_notify_url: shop.map(|shop| format!("{shop}/notify?order={order}").into()),
            payment_session_expiry_time: self.expires_in.map(time),
            payment_expiry_time: self.closes_in.map(time),
            payment_factor: self.capture_mode.map(|mode| PaymentFactor {
                is_authorization: Some(Flag(true)),
                capture_mode: Some(mode),
            }),
            metadata: self.metadata,
        };
        gateway::call(app, self.client_id, "createPaymentSession", &request)
    }
}

/// Prefix of the `paymentRequestId`s of the production client.
const PROD_PREFIX: &str = "prod-";

/// A `paymentRequestId`: its prefix names the one of the shop's two clients that used it, and the
/// purpose.
pub(super) fn request_id(is_prod: bool, purpose: &str, order: &str) -> String {
    if is_prod { format!("{PROD_PREFIX}{order}") } else { format!("{purpose}-{order}") }
}

/// The client id that a `paymentRequestId` belongs to.
pub(super) fn client_of(request_id: &str) -> &'static str {
    if request_id.starts_with(PROD_PREFIX) { DEMO_PROD_CLIENT } else { DEMO_CLIENT }
}

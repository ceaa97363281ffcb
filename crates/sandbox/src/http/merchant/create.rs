//! `createPaymentSession`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kassa_protocol::Text;
use serde_json::{Value, json};

use super::input::{
    self, amount, digest, free_text, missing, notify_url, optional, parse, required, url,
};
use super::{ApiError, repeated_differently, success};
use crate::api::{
    CreatePaymentSessionRequest, CreatePaymentSessionResponse, Flag, Order, PaymentFactor,
    PaymentMethod,
};
use crate::app::App;
use crate::clock::{self, Millis};
use crate::domain::client_view;
use crate::domain::method::{Method, UnknownMethod};
use crate::domain::money::Money;
use crate::domain::notify_hosts::NotifyHosts;
use crate::domain::quote::Quoted;
use crate::domain::scenario::{Scenario, SessionShape};
use crate::domain::session::{Environment, SITE, Session};
use crate::domain::test_card::{STORED_CARDS, StoredCard};
use crate::domain::web_url::WebUrl;
use crate::ids;
use crate::store::StoreError;

/// The longest life of a session, and the usual one. Source: the public documentation.
const LONGEST_LIFE: Millis = 60 * 60 * 1000;

/// A request that passed every check.
struct CheckedRequest {
    request_id: String,
    method: Method,
    amount: Money,
    order_amount: Money,
    order_description: String,
    merchant_name: Option<String>,
    reference_order_id: String,
    redirect_url: Option<WebUrl>,
    notify_url: Option<WebUrl>,
    manual_capture: bool,
    closes_at: Option<Millis>,
    expires_at: Millis,
    stored_card: Option<String>,
    bank: Option<String>,
    three_ds: bool,
    metadata: Option<String>,
    scenario: Scenario,
}

/// Creates a session, or finds the one that the same request created before.
pub(super) fn create(
    app: &App,
    client_id: &str,
    environment: Environment,
    body: &[u8],
) -> Result<Value, ApiError> {
    let request: CreatePaymentSessionRequest = parse(body)?;
    let digest = digest(environment, body)?;
    let request_id = required(request.payment_request_id.as_ref(), "paymentRequestId", 64)?;
    let now = app.clock.now();
    // A repeated request is answered before the rest is checked: by now its expiry may be past.
    let known = app.store.run(|rows| rows.session_of_request(client_id, &request_id))?;
    if let Some((session, earlier)) = known {
        return repeated(&session, &earlier, &digest);
    }
    let wanted = check(request, request_id, &app.config.notify_hosts, now)?;
    let merchant = app.merchant(client_id)?.map(|(merchant, _)| merchant.name);
    let session = session(wanted, client_id, merchant.unwrap_or_default(), environment, now)?;
    let raced = app.store.run(|rows| {
        let raced = rows.session_of_request(client_id, &session.request_id)?;
        if raced.is_none() {
            rows.add_session(&session, &digest)?;
        }
        Ok(raced)
    })?;
    match raced {
        Some((session, earlier)) => repeated(&session, &earlier, &digest),
        None => Ok(answer(&session)),
    }
}

fn repeated(session: &Session, earlier: &str, digest: &str) -> Result<Value, ApiError> {
    if earlier == digest {
        return Ok(answer(session));
    }
    Err(repeated_differently("paymentRequestId", &session.request_id))
}

fn answer(session: &Session) -> Value {
    json!(CreatePaymentSessionResponse {
        result: success(),
        payment_session_data: Some(session.data.clone()),
        payment_session_expiry_time: Some(clock::iso(session.expires_at)),
        payment_session_id: Some(session.public_id.clone()),
    })
}

fn check(
    request: CreatePaymentSessionRequest,
    request_id: String,
    notify_hosts: &NotifyHosts,
    now: Millis,
) -> Result<CheckedRequest, ApiError> {
    let product = required(request.product_code.as_ref(), "productCode", 64)?;
    if product != "CASHIER_PAYMENT" {
        return Err(ApiError::illegal(format!(
            "productCode is {}; a checkout session takes CASHIER_PAYMENT",
            Quoted(&product)
        )));
    }
    let order = request.order.ok_or_else(|| missing("order", "an object"))?;
    let amount = amount(request.payment_amount.as_ref(), "paymentAmount")?;
    let (order_amount, order_description) = check_order(&order, &amount)?;
    let reference_order_id =
        required(order.reference_order_id.as_ref(), "order.referenceOrderId", 64)?;
    let method = request
        .payment_method
        .ok_or_else(|| missing("paymentMethod", "an object with paymentMethodType"))?;
    let kind = known_method(&method)?;
    kind.check(&amount)?;
    let metadata = free_text(optional(request.metadata.as_ref(), "metadata", 4096)?, "metadata")?;
    let merchant = order.merchant.unwrap_or_default();
    let name = merchant.merchant_display_name.or(merchant.merchant_name);
    let name_field = "order.merchant.merchantName";
    let (three_ds, bank) = match &method.payment_method_meta_data {
        None | Some(Value::Null) => (false, None),
        Some(Value::Object(members)) => (
            three_ds(members.get("is3DSAuthentication"))?,
            bank(kind, members.get("bankIdentifierCode"))?,
        ),
        Some(other @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_))) => {
            return Err(ApiError::illegal(format!(
                "paymentMethod.paymentMethodMetaData is {}; accepted is an object",
                Quoted(&other.to_string())
            )));
        }
    };
    Ok(CheckedRequest {
        request_id,
        method: kind,
        amount,
        order_amount,
        order_description,
        merchant_name: free_text(optional(name.as_ref(), name_field, 256)?, name_field)?,
        reference_order_id,
        redirect_url: url(request.payment_redirect_url.as_ref(), "paymentRedirectUrl")?,
        notify_url: notify_url(
            request.payment_notify_url.as_ref(),
            "paymentNotifyUrl",
            notify_hosts,
        )?,
        manual_capture: manual_capture(request.payment_factor.as_ref(), kind)?,
        closes_at: order_closes(request.payment_expiry_time.as_ref(), now)?,
        expires_at: expiry(request.payment_session_expiry_time.as_ref(), now)?,
        stored_card: stored_card(kind, &method)?,
        bank,
        three_ds,
        scenario: Scenario::read(metadata.as_deref())
            .map_err(|error| ApiError::illegal(error.to_string()))?,
        metadata,
    })
}

fn check_order(order: &Order, amount: &Money) -> Result<(Money, String), ApiError> {
    let field = "order.orderDescription";
    let description = required(order.order_description.as_ref(), field, 256)?;
    let description = free_text(Some(description), field)?.unwrap_or_default();
    let order_amount = input::amount(order.order_amount.as_ref(), "order.orderAmount")?;
    if order_amount != *amount && order.order_discount_amount.is_none() {
        return Err(ApiError::illegal(format!(
            "order.orderAmount.value makes it {}, paymentAmount {}; they are the same unless \
             order.orderDiscountAmount says why not",
            order_amount, amount
        )));
    }
    Ok((order_amount, description))
}

fn known_method(method: &PaymentMethod) -> Result<Method, ApiError> {
    let kind =
        required(method.payment_method_type.as_ref(), "paymentMethod.paymentMethodType", 64)?;
    kind.parse().map_err(|_: UnknownMethod| {
        ApiError::illegal(format!(
            "paymentMethod.paymentMethodType is {}; the sandbox has the methods of its \
             data/methods.csv",
            Quoted(&kind)
        ))
    })
}

/// A stored card. The ids of other methods belong to products that the sandbox does not have.
fn stored_card(method: Method, given: &PaymentMethod) -> Result<Option<String>, ApiError> {
    let Some(id) =
        optional(given.payment_method_id.as_ref(), "paymentMethod.paymentMethodId", 128)?
    else {
        return Ok(None);
    };
    if !method.is_card() || StoredCard::find(&id).is_none() {
        return Err(ApiError::illegal(format!(
            "paymentMethod.paymentMethodId is {}; accepted are, with CARD, {}",
            Quoted(&id),
            STORED_CARDS.each_ref().map(|card| card.id).join(", ")
        )));
    }
    Ok(Some(id))
}

/// The name of a bank that the buyer chose on the merchant's own page.
fn bank(method: Method, code: Option<&Value>) -> Result<Option<String>, ApiError> {
    let Some(code) = code.filter(|code| !code.is_null()) else {
        return Ok(None);
    };
    let text = code.as_str().unwrap_or_default();
    let name = method.row().fields.iter().find_map(|field| field.bank(text));
    name.map(|name| Some(name.to_owned())).ok_or_else(|| {
        ApiError::illegal(format!(
            "paymentMethod.paymentMethodMetaData.bankIdentifierCode is {}; {} has no such bank",
            Quoted(&code.to_string()),
            method.as_str()
        ))
    })
}

fn three_ds(flag: Option<&Value>) -> Result<bool, ApiError> {
    let Some(flag) = flag else {
        return Ok(false);
    };
    serde_json::from_value::<Flag>(flag.clone()).map(|flag| flag.0).map_err(|_| {
        ApiError::illegal(format!(
            "paymentMethod.paymentMethodMetaData.is3DSAuthentication is {}; accepted are true \
             and false",
            Quoted(&flag.to_string())
        ))
    })
}

/// Whether money is held until it is captured. Only cards can do that.
fn manual_capture(factor: Option<&PaymentFactor>, method: Method) -> Result<bool, ApiError> {
    let Some(mode) = factor.and_then(|factor| factor.capture_mode.as_ref()) else {
        return Ok(false);
    };
    match mode.as_str() {
        "AUTOMATIC" => Ok(false),
        "MANUAL" if !method.is_card() => Err(ApiError::illegal(format!(
            "paymentFactor.captureMode is MANUAL; {} is captured automatically, only CARD takes MANUAL",
            method.as_str()
        ))),
        "MANUAL" if factor.and_then(|factor| factor.is_authorization) == Some(Flag(false)) => {
            Err(ApiError::illegal(
                "paymentFactor.captureMode is MANUAL and paymentFactor.isAuthorization is false; \
                 only an authorisation is captured",
            ))
        }
        "MANUAL" => Ok(true),
        other => Err(ApiError::illegal(format!(
            "paymentFactor.captureMode is {}; accepted are AUTOMATIC and MANUAL",
            Quoted(other)
        ))),
    }
}

fn order_closes(given: Option<&Text>, now: Millis) -> Result<Option<Millis>, ApiError> {
    let Some(text) = given else {
        return Ok(None);
    };
    clock::parse_iso(text.as_str()).filter(|at| *at > now).map(Some).ok_or_else(|| {
        ApiError::illegal(format!(
            "paymentExpiryTime is {}; accepted is ISO 8601 with offset, later than now ({})",
            Quoted(text.as_str()),
            clock::iso(now)
        ))
    })
}

fn expiry(given: Option<&Text>, now: Millis) -> Result<Millis, ApiError> {
    let Some(text) = given else {
        return Ok(now + LONGEST_LIFE);
    };
    clock::parse_iso(text.as_str()).filter(|at| *at > now && *at <= now + LONGEST_LIFE).ok_or_else(
        || {
            ApiError::illegal(format!(
                "paymentSessionExpiryTime is {}; accepted is ISO 8601 with offset, within one \
                 hour from now ({})",
                Quoted(text.as_str()),
                clock::iso(now)
            ))
        },
    )
}

fn session(
    wanted: CheckedRequest,
    client_id: &str,
    registered_name: String,
    environment: Environment,
    now: Millis,
) -> Result<Session, StoreError> {
    let id = STANDARD.encode(ids::secret::<48>()?);
    let merchant_name = wanted.merchant_name.unwrap_or(registered_name);
    let mut data = format!("{id}&&{}&&{}", SITE.0, SITE.1);
    match wanted.scenario.session_shape {
        SessionShape::Three => {}
        SessionShape::Four => {
            let hints = json!({
                "merchantName": merchant_name,
                "paymentSessionConfig": client_view::session_config(wanted.method),
            });
            data = format!("{data}&&{}", STANDARD.encode(hints.to_string()));
        }
    }
    Ok(Session {
        id,
        data,
        public_id: ids::unguessable()?,
        client_id: client_id.to_owned(),
        request_id: wanted.request_id,
        environment,
        method: wanted.method,
        amount: wanted.amount,
        order_amount: wanted.order_amount,
        order_description: wanted.order_description,
        merchant_name,
        reference_order_id: Some(wanted.reference_order_id),
        redirect_url: wanted.redirect_url,
        notify_url: wanted.notify_url,
        manual_capture: wanted.manual_capture,
        closes_at: wanted.closes_at,
        created_at: now,
        expires_at: wanted.expires_at,
        stored_card: wanted.stored_card,
        needs_cvc: false,
        bank: wanted.bank,
        three_ds: wanted.three_ds,
        metadata: wanted.metadata,
        scenario: wanted.scenario,
    })
}

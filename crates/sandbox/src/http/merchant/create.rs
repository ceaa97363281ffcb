//! `createPaymentSession`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kassa_protocol::server::{
    CreatePaymentSessionRequest, CreatePaymentSessionResponse, Order, PaymentFactor, PaymentMethod,
};
use kassa_protocol::{Flag, Text};
use serde_json::{Value, json};

use super::{Refused, parse, repeated_otherwise, success};
use crate::app::App;
use crate::clock::{self, Millis};
use crate::domain::address;
use crate::domain::card::StoredCard;
use crate::domain::method::Method;
use crate::domain::money::{Money, quote};
use crate::domain::scenario::{Knobs, Shape};
use crate::domain::session::{Environment, SITE, Session};
use crate::ids;
use crate::store::StoreError;

/// How long a session lives at most, and by default. Source: the public documentation.
const LONGEST: Millis = 60 * 60 * 1000;

/// A request that passed every check.
struct Wanted {
    request_id: String,
    method: Method,
    amount: Money,
    order_amount: Money,
    order_description: String,
    merchant_name: Option<String>,
    reference_order_id: String,
    redirect_url: Option<String>,
    notify_url: Option<String>,
    manual_capture: bool,
    closes_at: Option<Millis>,
    expires_at: Millis,
    stored_card: Option<String>,
    bank: Option<String>,
    three_ds: bool,
    metadata: Option<String>,
    knobs: Knobs,
}

/// Creates a session, or finds the one that the same request created before.
pub(super) fn create(
    app: &App,
    client_id: &str,
    environment: Environment,
    body: &[u8],
) -> Result<Value, Refused> {
    let request: CreatePaymentSessionRequest = parse(body)?;
    let content = content(environment, body)?;
    let request_id = required(&request.payment_request_id, "paymentRequestId", 64)?;
    let now = app.clock.now();
    // A repeated request is answered before the rest is checked: by now its expiry may be past.
    let known = app.store.run(|rows| rows.session_of_request(client_id, &request_id))?;
    if let Some((session, earlier)) = known {
        return repeated(&session, &earlier, &content);
    }
    let wanted = check(request, request_id, now)?;
    let merchant = app.merchant(client_id)?.map(|(merchant, _)| merchant.name);
    let session = session(wanted, client_id, merchant.unwrap_or_default(), environment, now)?;
    let raced = app.store.run(|rows| {
        let raced = rows.session_of_request(client_id, &session.request_id)?;
        if raced.is_none() {
            rows.add_session(&session, &content)?;
        }
        Ok(raced)
    })?;
    match raced {
        Some((session, earlier)) => repeated(&session, &earlier, &content),
        None => Ok(answer(&session)),
    }
}

fn repeated(session: &Session, earlier: &str, content: &str) -> Result<Value, Refused> {
    if earlier == content {
        return Ok(answer(session));
    }
    Err(repeated_otherwise("paymentRequestId", &session.request_id))
}

fn answer(session: &Session) -> Value {
    json!(CreatePaymentSessionResponse {
        result: success(),
        payment_session_data: Some(session.data.clone()),
        payment_session_expiry_time: Some(clock::iso(session.expires_at)),
        payment_session_id: Some(session.public_id.clone()),
    })
}

/// Two bodies are the same request when they are the same JSON, however they are printed.
pub(super) fn content(environment: Environment, body: &[u8]) -> Result<String, Refused> {
    let value: Value = parse(body)?;
    Ok(ids::sha256(format!("{} {value}", environment.as_str()).as_bytes()))
}

fn check(
    request: CreatePaymentSessionRequest,
    request_id: String,
    now: Millis,
) -> Result<Wanted, Refused> {
    let product = required(&request.product_code, "productCode", 64)?;
    if product != "CASHIER_PAYMENT" {
        return Err(Refused::illegal(format!(
            "productCode is {}; a checkout session takes CASHIER_PAYMENT",
            quote(&product)
        )));
    }
    let order = request.order.ok_or_else(|| missing("order", "an object"))?;
    let amount = request.payment_amount.ok_or_else(|| missing("paymentAmount", AMOUNT))?;
    let amount = Money::parse(&amount, "paymentAmount")?;
    let (order_amount, order_description) = check_order(&order, &amount)?;
    let reference_order_id = required(&order.reference_order_id, "order.referenceOrderId", 64)?;
    let method = request
        .payment_method
        .ok_or_else(|| missing("paymentMethod", "an object with paymentMethodType"))?;
    let kind = known_method(&method)?;
    kind.check(&amount).map_err(|no| Refused::new(no.code, no.message))?;
    let metadata = optional(&request.metadata, "metadata", 4096)?;
    let merchant = order.merchant.unwrap_or_default();
    let name = merchant.merchant_display_name.or(merchant.merchant_name);
    let (three_ds, bank) = match &method.payment_method_meta_data {
        None | Some(Value::Null) => (false, None),
        Some(Value::Object(members)) => (
            three_ds(members.get("is3DSAuthentication"))?,
            bank(kind, members.get("bankIdentifierCode"))?,
        ),
        Some(other @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_))) => {
            return Err(Refused::illegal(format!(
                "paymentMethod.paymentMethodMetaData is {}; accepted is an object",
                quote(&other.to_string())
            )));
        }
    };
    Ok(Wanted {
        request_id,
        method: kind,
        amount,
        order_amount,
        order_description,
        merchant_name: optional(&name, "order.merchant.merchantName", 256)?,
        reference_order_id,
        redirect_url: address(&request.payment_redirect_url, "paymentRedirectUrl")?,
        notify_url: address(&request.payment_notify_url, "paymentNotifyUrl")?,
        manual_capture: manual_capture(request.payment_factor.as_ref(), kind)?,
        closes_at: order_closes(&request.payment_expiry_time, now)?,
        expires_at: expiry(&request.payment_session_expiry_time, now)?,
        stored_card: stored_card(kind, &method)?,
        bank,
        three_ds,
        knobs: Knobs::read(metadata.as_deref()).map_err(Refused::illegal)?,
        metadata,
    })
}

pub(super) const AMOUNT: &str = "an object with currency and value";

fn check_order(order: &Order, amount: &Money) -> Result<(Money, String), Refused> {
    let description = required(&order.order_description, "order.orderDescription", 256)?;
    let order_amount =
        order.order_amount.as_ref().ok_or_else(|| missing("order.orderAmount", AMOUNT))?;
    let order_amount = Money::parse(order_amount, "order.orderAmount")?;
    if order_amount != *amount && order.order_discount_amount.is_none() {
        return Err(Refused::illegal(format!(
            "order.orderAmount.value makes it {}, paymentAmount {}; they are the same unless \
             order.orderDiscountAmount says why not",
            order_amount.with_code(),
            amount.with_code()
        )));
    }
    Ok((order_amount, description))
}

fn known_method(method: &PaymentMethod) -> Result<Method, Refused> {
    let kind = required(&method.payment_method_type, "paymentMethod.paymentMethodType", 64)?;
    Method::parse(&kind).ok_or_else(|| {
        Refused::illegal(format!(
            "paymentMethod.paymentMethodType is {}; the methods that the sandbox plays are in its \
             data/methods.csv",
            quote(&kind)
        ))
    })
}

/// A card that the gateway keeps. Other methods' ids are of products that are not played here.
fn stored_card(method: Method, given: &PaymentMethod) -> Result<Option<String>, Refused> {
    let Some(id) = optional(&given.payment_method_id, "paymentMethod.paymentMethodId", 128)? else {
        return Ok(None);
    };
    if !method.is_card() || StoredCard::find(&id).is_none() {
        return Err(Refused::illegal(format!(
            "paymentMethod.paymentMethodId is {}; accepted are, with CARD, {}",
            quote(&id),
            crate::domain::card::STORED_CARDS.each_ref().map(|card| card.id).join(", ")
        )));
    }
    Ok(Some(id))
}

/// The name of a bank that the buyer chose on the merchant's own page.
fn bank(method: Method, code: Option<&Value>) -> Result<Option<String>, Refused> {
    let Some(code) = code.filter(|code| !code.is_null()) else {
        return Ok(None);
    };
    let text = code.as_str().unwrap_or_default();
    let name = method.row().fields.iter().find_map(|ask| ask.bank(text));
    name.map(|name| Some(name.to_owned())).ok_or_else(|| {
        Refused::illegal(format!(
            "paymentMethod.paymentMethodMetaData.bankIdentifierCode is {}; {} has no such bank",
            quote(&code.to_string()),
            method.as_str()
        ))
    })
}

fn three_ds(flag: Option<&Value>) -> Result<bool, Refused> {
    let Some(flag) = flag else {
        return Ok(false);
    };
    serde_json::from_value::<Flag>(flag.clone()).map(|flag| flag.0).map_err(|_| {
        Refused::illegal(format!(
            "paymentMethod.paymentMethodMetaData.is3DSAuthentication is {}; accepted are true \
             and false",
            quote(&flag.to_string())
        ))
    })
}

/// Whether money is held until it is captured. Only cards can do that.
fn manual_capture(factor: Option<&PaymentFactor>, method: Method) -> Result<bool, Refused> {
    let Some(mode) = factor.and_then(|factor| factor.capture_mode.as_ref()) else {
        return Ok(false);
    };
    match mode.as_str() {
        "AUTOMATIC" => Ok(false),
        "MANUAL" if !method.is_card() => Err(Refused::illegal(format!(
            "paymentFactor.captureMode is MANUAL; {} is captured by itself, only CARD takes MANUAL",
            method.as_str()
        ))),
        "MANUAL" if factor.and_then(|factor| factor.is_authorization) == Some(Flag(false)) => {
            Err(Refused::illegal(
                "paymentFactor.captureMode is MANUAL and paymentFactor.isAuthorization is false; \
                 only an authorisation is captured",
            ))
        }
        "MANUAL" => Ok(true),
        other => Err(Refused::illegal(format!(
            "paymentFactor.captureMode is {}; accepted are AUTOMATIC and MANUAL",
            quote(other)
        ))),
    }
}

fn order_closes(given: &Option<Text>, now: Millis) -> Result<Option<Millis>, Refused> {
    let Some(text) = given else {
        return Ok(None);
    };
    clock::parse_iso(text.as_str()).filter(|at| *at > now).map(Some).ok_or_else(|| {
        Refused::illegal(format!(
            "paymentExpiryTime is {}; accepted is ISO 8601 with offset, later than now ({})",
            quote(text.as_str()),
            clock::iso(now)
        ))
    })
}

/// An address that a buyer or a notification may be sent to.
pub(super) fn address(given: &Option<Text>, field: &str) -> Result<Option<String>, Refused> {
    let Some(url) = optional(given, field, 2048)? else {
        return Ok(None);
    };
    if address::origin_of_page(&url).is_none() {
        return Err(Refused::illegal(format!(
            "{field} is {}; accepted is an absolute https: URL, or http: on localhost, \
             127.0.0.1 or [::1]",
            quote(&url)
        )));
    }
    Ok(Some(url))
}

fn expiry(given: &Option<Text>, now: Millis) -> Result<Millis, Refused> {
    let Some(text) = given else {
        return Ok(now + LONGEST);
    };
    clock::parse_iso(text.as_str()).filter(|at| *at > now && *at <= now + LONGEST).ok_or_else(
        || {
            Refused::illegal(format!(
                "paymentSessionExpiryTime is {}; accepted is ISO 8601 with offset, within one \
                 hour from now ({})",
                quote(text.as_str()),
                clock::iso(now)
            ))
        },
    )
}

fn session(
    wanted: Wanted,
    client_id: &str,
    registered_name: String,
    environment: Environment,
    now: Millis,
) -> Result<Session, StoreError> {
    let id = STANDARD.encode(ids::secret::<48>()?);
    let merchant_name = wanted.merchant_name.unwrap_or(registered_name);
    let mut data = format!("{id}&&{}&&{}", SITE.0, SITE.1);
    match wanted.knobs.session_shape {
        Shape::Three => {}
        Shape::Four => {
            let hints = json!({
                "merchantName": merchant_name,
                "paymentSessionConfig": wanted.method.config(),
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
        asks_cvc: false,
        bank: wanted.bank,
        three_ds: wanted.three_ds,
        metadata: wanted.metadata,
        knobs: wanted.knobs,
    })
}

pub(super) fn missing(field: &str, accepted: &str) -> Refused {
    Refused::illegal(format!("{field} is missing; accepted is {accepted}"))
}

/// A text that has to be there; `longest` counts characters.
pub(super) fn required(
    text: &Option<Text>,
    field: &str,
    longest: usize,
) -> Result<String, Refused> {
    optional(text, field, longest)?
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| missing(field, &format!("text of 1 to {longest} characters")))
}

/// A text that may be missing; `longest` counts characters.
pub(super) fn optional(
    text: &Option<Text>,
    field: &str,
    longest: usize,
) -> Result<Option<String>, Refused> {
    let Some(text) = text else {
        return Ok(None);
    };
    let count = text.as_str().chars().count();
    if count > longest {
        return Err(Refused::illegal(format!(
            "{field} has {count} characters; accepted are at most {longest}"
        )));
    }
    Ok(Some(text.as_str().to_owned()))
}

//! Reading requests: bodies, texts, amounts and addresses.

use kassa_protocol::Text;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ApiError;
use crate::api::Amount;
use crate::domain::card_numbers;
use crate::domain::money::Money;
use crate::domain::notify_hosts::NotifyHosts;
use crate::domain::quote::Quoted;
use crate::domain::session::Environment;
use crate::domain::web_url::{NotAWebUrl, WebUrl};
use crate::ids;

/// The most characters of an address. Source: the published `paymentRedirectUrl`.
const LONGEST_URL: usize = 2048;

/// Reads a body; an error names the path of the wrong member.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let begins = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if begins != Some(&b'{') {
        return Err(ApiError::illegal("The body is not a JSON object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        match error.inner().classify() {
            serde_json::error::Category::Data => ApiError::illegal(format!(
                "{}: {}",
                if path == "." { "the body" } else { &path },
                error.inner()
            )),
            serde_json::error::Category::Io
            | serde_json::error::Category::Syntax
            | serde_json::error::Category::Eof => {
                ApiError::illegal(format!("The body is not JSON: {}", error.inner()))
            }
        }
    })?;
    reader
        .end()
        .map_err(|_| ApiError::illegal("The body is not JSON: something follows the object"))?;
    Ok(parsed)
}

/// Two bodies are the same request when they are the same JSON, in any formatting.
pub(super) fn digest(environment: Environment, body: &[u8]) -> Result<String, ApiError> {
    let value: Value = parse(body)?;
    Ok(ids::sha256(format!("{} {value}", environment.as_str()).as_bytes()))
}

/// An amount that has to be there.
pub(super) fn amount(amount: Option<&Amount>, field: &'static str) -> Result<Money, ApiError> {
    let amount = amount.ok_or_else(|| missing(field, "an object with currency and value"))?;
    let currency = amount.currency.as_ref().map(Text::as_str);
    let value = amount.value.as_ref().map(Text::as_str);
    Ok(Money::parse(currency, value, field)?)
}

/// An address that notifications may be sent to.
pub(super) fn notify_url(
    given: Option<&Text>,
    field: &str,
    hosts: &NotifyHosts,
) -> Result<Option<WebUrl>, ApiError> {
    let url = url(given, field)?;
    if let Some(url) = &url {
        hosts.check(url).map_err(|error| ApiError::illegal(format!("{field}: {error}")))?;
    }
    Ok(url)
}

/// An address that a buyer may be sent to.
pub(super) fn url(given: Option<&Text>, field: &str) -> Result<Option<WebUrl>, ApiError> {
    let Some(url) = optional(given, field, LONGEST_URL)? else {
        return Ok(None);
    };
    let parsed = url.parse().map(Some);
    parsed.map_err(|error: NotAWebUrl| {
        ApiError::illegal(format!("{field} is {}; {error}", Quoted(&url)))
    })
}

pub(super) fn missing(field: &str, accepted: &str) -> ApiError {
    ApiError::illegal(format!("{field} is missing; accepted is {accepted}"))
}

/// A text that has to be there; `longest` counts characters.
pub(super) fn required(
    text: Option<&Text>,
    field: &str,
    longest: usize,
) -> Result<String, ApiError> {
    optional(text, field, longest)?
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| missing(field, &format!("text of 1 to {longest} characters")))
}

/// A text that people wrote, and that the gateway stores.
pub(super) fn free_text(text: Option<String>, field: &str) -> Result<Option<String>, ApiError> {
    if text.as_deref().is_some_and(card_numbers::contains) {
        return Err(ApiError::illegal(format!(
            "{field} contains a card number, which the gateway does not store"
        )));
    }
    Ok(text)
}

/// A text that may be missing; `longest` counts characters.
pub(super) fn optional(
    text: Option<&Text>,
    field: &str,
    longest: usize,
) -> Result<Option<String>, ApiError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let count = text.as_str().chars().count();
    if count > longest {
        return Err(ApiError::illegal(format!(
            "{field} has {count} characters; accepted are at most {longest}"
        )));
    }
    Ok(Some(text.as_str().to_owned()))
}

//! The meaning of the gateway's answers, by the contract and `docs/protocol.md`.

use serde_json::Value;

use super::{Reply, Row};
use crate::gateway::Answer;

pub(super) fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}

/// The meaning of an answer, independent of the state.
pub(super) fn read(answer: Answer) -> Reply {
    let is_sound = (200..300).contains(&answer.http) && answer.status.is_none_or(|it| it == "1000");
    let Some(body) = answer.body.filter(|_| is_sound) else { return Reply::Unanswered };
    match body["success"].as_bool() {
        Some(true) => Reply::Yes(body),
        Some(false) => {
            let code = text(&body, "errorCode");
            let open = text(&body, "errorStatus") == "U"
                || ["PAYMENT_IN_PROCESS", "UNKNOWN_EXCEPTION"].contains(&code.as_str());
            Reply::No { code, open }
        }
        None => Reply::Unanswered,
    }
}

/// Whether an answer to a submit contains the state of a payment.
pub(super) fn stands(body: &Value) -> bool {
    !text(body, "paymentStatus").is_empty() || row(body, true) != Row::Complete
}

/// docs/protocol.md, "How a payment stands": the first row that fits.
pub(super) fn row(body: &Value, is_phone: bool) -> Row {
    let page = page(body).unwrap_or_default();
    let is_challenge = body["challenge"] == true;
    let has_apps = !text(body, "schemeUrl").is_empty() || !text(body, "applinkUrl").is_empty();
    let method = text(body, "threeDSMethodUrl");
    let frame = text(body, "challengeUrl");
    if !method.is_empty() {
        return Row::ThreeDsMethod(method);
    }
    if is_challenge && !frame.is_empty() {
        return Row::Challenge(frame);
    }
    if is_challenge && !page.is_empty() {
        return Row::Page { address: page, three_ds: true };
    }
    if body["codeFormViews"].as_array().is_some_and(|codes| !codes.is_empty()) {
        return Row::Codes;
    }
    if text(body, "waitsFor") == "APPROVAL" {
        return Row::Approval;
    }
    if has_apps && (is_phone || page.is_empty()) {
        return Row::App;
    }
    if !page.is_empty() {
        return Row::Page { address: page, three_ds: false };
    }
    Row::Complete
}

/// The page where the buyer can continue.
pub(super) fn page(body: &Value) -> Option<String> {
    match text(body, "normalUrl") {
        none if none.is_empty() => body["actionForm"]["redirectUrl"].as_str().map(Into::into),
        page => Some(page),
    }
}

/// Milliseconds by the server's clock.
pub(super) fn time_left(body: &Value) -> Option<u32> {
    let number = |text: &Value| text.as_str().and_then(|text| text.parse::<u64>().ok());
    let code = &body["codeFormViews"][0]["codeExpireTime"];
    let until = number(code).or_else(|| number(&body["expireTime"]))?;
    u32::try_from(until.saturating_sub(number(&body["serverTime"])?)).ok()
}

pub(super) fn may_open(address: &str) -> bool {
    address.starts_with("https://")
}

/// The seeds' list of failures, as far as the gateway here uses it: these leave the session usable.
pub(super) fn can_retry(code: &str) -> bool {
    ["CARD_EXPIRED", "DO_NOT_HONOR", "INVALID_CARD_NUMBER", "USER_CANCELED"].contains(&code)
}

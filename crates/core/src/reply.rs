//! The reply to a call to the gateway, and its outcome.

use kassa_protocol::client::{GatewayAnswer, RESULT_STATUS_OK};
use kassa_protocol::json::ReadError;

use crate::text_tools::{digits, fill};

/// The reply to a call, before it is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// `Result-Status` header; absent or `1000` means that the gateway could answer.
    pub result_status: Option<String>,
    /// `Mgw-TraceId` header, for questions to the gateway's support.
    pub trace_id: Option<String>,
    /// The body, or why it could not be read.
    pub answer: Result<Box<GatewayAnswer>, ReadError>,
}

/// The outcome of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyOutcome {
    /// The gateway did the operation.
    Accepted(Box<GatewayAnswer>),
    /// The gateway did not do it, and gave a reason.
    Refused(Box<GatewayAnswer>),
    /// Nothing can be concluded. The text gives the reason.
    Unusable(String),
}

impl From<HttpReply> for ReplyOutcome {
    fn from(reply: HttpReply) -> Self {
        let result_status = reply.result_status.as_deref().unwrap_or(RESULT_STATUS_OK);
        let reason = if result_status != RESULT_STATUS_OK {
            "the gateway reported a status".to_owned()
        } else if !(200..300).contains(&reply.status) {
            "the gateway reported a fault".to_owned()
        } else {
            match reply.answer {
                Ok(answer) if answer.success => return Self::Accepted(answer),
                Ok(answer) if answer.refusal.error_code.is_some() => return Self::Refused(answer),
                Ok(_) => "the answer is neither a success nor a refusal".to_owned(),
                Err(error) => describe(error),
            }
        };
        let http = digits(reply.status);
        let trace = reply.trace_id.as_deref().unwrap_or("none");
        Self::Unusable(fill(
            "{} (HTTP {}, status {}, trace {})",
            &[&reason, &http, result_status, trace],
        ))
    }
}

/// Why an answer was not read.
fn describe(error: ReadError) -> String {
    match error {
        ReadError::OtherKind => "the answer is not a JSON object".to_owned(),
        ReadError::TooDeep(member) => fill("{} of the answer is nested too deeply", &[&member]),
        ReadError::TooLong => "the answer is longer than 1048576 characters".to_owned(),
        ReadError::TooLongText(member) => fill("{} of the answer is too long", &[&member]),
        ReadError::TooMany(list) => fill("{} of the answer has too many items", &[&list]),
        ReadError::TooManyValues => "the answer has too many values".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_over_a_limit_is_unusable_and_the_reason_names_the_limit() {
        for (error, reason) in [
            (ReadError::OtherKind, "the answer is not a JSON object"),
            (ReadError::TooLong, "the answer is longer than 1048576 characters"),
            (ReadError::TooManyValues, "the answer has too many values"),
            (ReadError::TooLongText("title".into()), "title of the answer is too long"),
            (
                ReadError::TooMany("codeFormViews".into()),
                "codeFormViews of the answer has too many items",
            ),
            (
                ReadError::TooDeep("subPaymentElementView".into()),
                "subPaymentElementView of the answer is nested too deeply",
            ),
        ] {
            let reply = HttpReply {
                status: 200,
                result_status: None,
                trace_id: Some("t1".into()),
                answer: Err(error),
            };
            let expected = format!("{reason} (HTTP 200, status 1000, trace t1)");
            assert_eq!(ReplyOutcome::from(reply), ReplyOutcome::Unusable(expected));
        }
    }
}

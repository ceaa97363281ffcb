//! What came back from a call to the gateway, and what it amounts to.

use kassa_protocol::client::{GatewayAnswer, RESULT_STATUS_OK};

use crate::text_tools::{digits, fill};

/// What came back from a call, before it is known to be any good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpReply {
    /// HTTP status.
    pub status: u16,
    /// `Result-Status` header; absent or `1000` means that the gateway could answer.
    pub result_status: Option<String>,
    /// `Mgw-TraceId` header, for questions to the gateway's support.
    pub trace_id: Option<String>,
    /// The body, or `None` when it was not a JSON object.
    pub answer: Option<Box<GatewayAnswer>>,
}

/// What a reply amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyOutcome {
    /// The gateway did what was asked.
    Accepted(Box<GatewayAnswer>),
    /// The gateway did not, and gave a reason.
    Refused(Box<GatewayAnswer>),
    /// Nothing can be concluded. The text gives the reason.
    Unusable(String),
}

impl From<HttpReply> for ReplyOutcome {
    fn from(reply: HttpReply) -> Self {
        let result_status = reply.result_status.as_deref().unwrap_or(RESULT_STATUS_OK);
        let reason = if result_status != RESULT_STATUS_OK {
            "the gateway reported a status"
        } else if !(200..300).contains(&reply.status) {
            "the gateway reported a fault"
        } else {
            match reply.answer {
                None => "the answer is not a JSON object",
                Some(answer) if answer.success => return Self::Accepted(answer),
                Some(answer) if answer.refusal.error_code.is_some() => {
                    return Self::Refused(answer);
                }
                Some(_) => "the answer says neither yes nor no",
            }
        };
        let http = digits(reply.status);
        let trace = reply.trace_id.as_deref().unwrap_or("none");
        Self::Unusable(fill(
            "{} (HTTP {}, status {}, trace {})",
            &[reason, &http, result_status, trace],
        ))
    }
}

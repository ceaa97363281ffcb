//! Faults that a merchant or a test orders for one session, to see how a page copes.
//!
//! They are ordered in the text `metadata` of `createPaymentSession`, as JSON:
//! `{"sandbox": {"faults": {"query": "delay:2000", "submit": ["lost", "ok"]}}}`. A string holds for
//! every call, a list for one call after another and then no more.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Something that goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Fault {
    /// `ok`: nothing goes wrong.
    None,
    /// `delay:<ms>`: the call is performed after this time.
    Delay(Duration),
    /// `hang`: not performed; silence for a minute, then the connection closes.
    Hang,
    /// `drop`: not performed; the connection closes without an answer.
    Drop,
    /// `lost`: performed, but the connection closes without an answer.
    Lost,
    /// `500`: not performed; HTTP status 500.
    Http500,
    /// `html`: not performed; a web page with HTTP status 200, as a captive portal answers.
    Html,
    /// `truncated`: performed; the answer's JSON is cut.
    Truncated,
    /// `content-type`: performed; the right JSON as `text/plain`.
    ContentType,
    /// `unknown`: performed; members and enumeration values that nobody knows are added.
    Unknown,
    /// `status:<n>`: not performed; the header `Result-Status` is `n`.
    Status(u16),
    /// `empty`: performed; an answer without a body.
    Empty,
    /// `duplicate`: performed twice, as a request that was sent again would be; the second answer
    /// is sent.
    Duplicate,
}

const ACCEPTED: &str = "ok, delay:<milliseconds up to 60000>, hang, drop, lost, 500, html, \
                        truncated, content-type, unknown, status:<number>, empty, duplicate";

impl TryFrom<String> for Fault {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fault = match text.as_str() {
            "ok" => Some(Self::None),
            "hang" => Some(Self::Hang),
            "drop" => Some(Self::Drop),
            "lost" => Some(Self::Lost),
            "500" => Some(Self::Http500),
            "html" => Some(Self::Html),
            "truncated" => Some(Self::Truncated),
            "content-type" => Some(Self::ContentType),
            "unknown" => Some(Self::Unknown),
            "empty" => Some(Self::Empty),
            "duplicate" => Some(Self::Duplicate),
            other => match other.split_once(':') {
                Some(("delay", ms)) => ms
                    .parse()
                    .ok()
                    .filter(|ms| *ms <= 60_000)
                    .map(|ms| Self::Delay(Duration::from_millis(ms))),
                Some(("status", number)) => number.parse().ok().map(Self::Status),
                Some(_) | None => None,
            },
        };
        fault.ok_or_else(|| {
            format!(
                "there is no fault {}; accepted are {ACCEPTED}",
                crate::domain::money::quote(&text)
            )
        })
    }
}

impl From<Fault> for String {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::None => "ok".to_owned(),
            Fault::Delay(time) => format!("delay:{}", time.as_millis()),
            Fault::Hang => "hang".to_owned(),
            Fault::Drop => "drop".to_owned(),
            Fault::Lost => "lost".to_owned(),
            Fault::Http500 => "500".to_owned(),
            Fault::Html => "html".to_owned(),
            Fault::Truncated => "truncated".to_owned(),
            Fault::ContentType => "content-type".to_owned(),
            Fault::Unknown => "unknown".to_owned(),
            Fault::Status(number) => format!("status:{number}"),
            Fault::Empty => "empty".to_owned(),
            Fault::Duplicate => "duplicate".to_owned(),
        }
    }
}

/// The faults of one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Schedule {
    /// For every call.
    Always(Fault),
    /// For the first calls, in order.
    InOrder(Vec<Fault>),
}

impl Schedule {
    /// The fault of the call that comes after `earlier` others.
    #[must_use]
    pub fn at(&self, earlier: usize) -> Fault {
        match self {
            Self::Always(fault) => *fault,
            Self::InOrder(faults) => faults.get(earlier).copied().unwrap_or(Fault::None),
        }
    }
}

/// An operation that faults can be ordered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Opening a session.
    Query,
    /// Paying.
    Submit,
    /// Asking how it stands.
    Inquire,
    /// Exchanging a card for a token.
    Token,
}

impl Operation {
    /// Its name in `metadata`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Submit => "submit",
            Self::Inquire => "inquire",
            Self::Token => "token",
        }
    }
}

/// The faults of a session, by operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    query: Option<Schedule>,
    submit: Option<Schedule>,
    inquire: Option<Schedule>,
    token: Option<Schedule>,
}

impl Faults {
    /// The faults of one operation.
    #[must_use]
    pub fn of(&self, operation: Operation) -> Option<&Schedule> {
        match operation {
            Operation::Query => self.query.as_ref(),
            Operation::Submit => self.submit.as_ref(),
            Operation::Inquire => self.inquire.as_ref(),
            Operation::Token => self.token.as_ref(),
        }
    }
}

/// What a session's `metadata` may tell the sandbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Knobs {
    /// What goes wrong.
    pub faults: Faults,
    /// A payment succeeds only this many milliseconds after its approval.
    pub pending_for: Option<u32>,
    /// Submits fail with this code.
    pub result: Option<String>,
    /// Whether the session data has three or four parts.
    pub session_shape: Shape,
    /// How the card issuer checks, also when the merchant did not ask for it.
    #[serde(rename = "threeDS")]
    pub three_ds: Option<ThreeDs>,
    /// EMVCo's size of the frame for that.
    pub challenge_window: Window,
    /// Codes and approvals are good for this many seconds, and the order closes with them.
    pub code_expires_in: Option<u32>,
    /// The unpaid order closes this many seconds after the submit.
    pub closes_in: Option<u32>,
    /// A buyer who is waited for approves by itself after this many seconds.
    pub approves_in: Option<u32>,
    /// Fields that a method would ask on its own page are asked in the merchant's.
    pub ask_here: bool,
}

/// How a card issuer checks who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThreeDs {
    /// A hidden page looks at the browser, then a challenge in a frame.
    #[serde(rename = "method+frame")]
    MethodAndFrame,
    /// A challenge in a frame.
    #[serde(rename = "frame")]
    Frame,
    /// A challenge on a page of its own.
    #[serde(rename = "redirect")]
    Redirect,
    /// Nothing that the buyer would notice.
    #[serde(rename = "frictionless")]
    Frictionless,
}

/// Sizes of a challenge window. Source: EMVCo 3-D Secure, `challengeWindowSize`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Window {
    /// 250 × 400 CSS pixels.
    #[serde(rename = "01")]
    Narrow,
    /// 390 × 400.
    #[default]
    #[serde(rename = "02")]
    Phone,
    /// 500 × 600.
    #[serde(rename = "03")]
    Tall,
    /// 600 × 400.
    #[serde(rename = "04")]
    Wide,
    /// All there is.
    #[serde(rename = "05")]
    Full,
}

impl Window {
    /// As it travels.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Narrow => "01",
            Self::Phone => "02",
            Self::Tall => "03",
            Self::Wide => "04",
            Self::Full => "05",
        }
    }
}

/// How many parts `paymentSessionData` has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Without metadata, as in the documentation's sample.
    Three,
    /// With metadata.
    #[default]
    Four,
}

impl Knobs {
    /// Reads the member `sandbox` of a `metadata` text. A text that is not JSON, or has no such
    /// member, is the merchant's own business and orders nothing.
    ///
    /// # Errors
    /// When there is a member `sandbox` and it says something that is not understood: a test that
    /// ordered a fault which then does not happen would be worse than a refusal.
    pub fn read(metadata: Option<&str>) -> Result<Self, String> {
        let Some(json) = metadata.and_then(|text| serde_json::from_str(text).ok()) else {
            return Ok(Self::default());
        };
        let json: serde_json::Value = json;
        let Some(knobs) = json.get("sandbox") else {
            return Ok(Self::default());
        };
        Self::check(knobs)?;
        Self::deserialize(knobs).map_err(|error| format!("metadata.sandbox: {error}"))
    }

    /// An untagged enumeration forgets why its parts refused, so the faults are read once more,
    /// for the message.
    fn check(knobs: &serde_json::Value) -> Result<(), String> {
        let Some(faults) = knobs.get("faults").and_then(serde_json::Value::as_object) else {
            return Ok(());
        };
        for (operation, schedule) in faults {
            let one = std::slice::from_ref(schedule);
            for fault in schedule.as_array().map_or(one, Vec::as_slice) {
                Fault::deserialize(fault)
                    .map_err(|error| format!("metadata.sandbox.faults.{operation}: {error}"))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read() {
        let knobs = Knobs::read(Some(
            r#"{"sandbox":{"faults":{"query":"delay:250","submit":["lost","status:2000"]},
               "pendingFor":1500,"result":"RISK_REJECT","sessionShape":"three",
               "threeDS":"method+frame","challengeWindow":"05","codeExpiresIn":3,"closesIn":9,
               "approvesIn":1,"askHere":true},"mine":1}"#,
        ))
        .unwrap();
        assert_eq!(knobs.three_ds, Some(ThreeDs::MethodAndFrame));
        assert_eq!(knobs.challenge_window, Window::Full);
        let query = knobs.faults.of(Operation::Query).unwrap();
        assert_eq!(query.at(9), Fault::Delay(Duration::from_millis(250)));
        let submit = knobs.faults.of(Operation::Submit).unwrap();
        assert_eq!(
            [submit.at(0), submit.at(1), submit.at(2)],
            [Fault::Lost, Fault::Status(2000), Fault::None]
        );
        assert_eq!(knobs.session_shape, Shape::Three);
        let stored = serde_json::to_string(&knobs).unwrap();
        assert_eq!(serde_json::from_str::<Knobs>(&stored).unwrap(), knobs);
    }

    #[test]
    fn foreign_metadata_orders_nothing() {
        for text in [None, Some("order 7"), Some("{\"a\":1}"), Some("[1]"), Some("")] {
            assert_eq!(Knobs::read(text), Ok(Knobs::default()), "{text:?}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (json, words) in [
            (r#"{"sandbox":{"faults":{"query":"explode"}}}"#, "faults.query: there is no fault"),
            (r#"{"sandbox":{"faults":{"query":["ok","delay:99999999"]}}}"#, "faults.query"),
            (r#"{"sandbox":{"faults":{"pay":"ok"}}}"#, "unknown field"),
            (r#"{"sandbox":{"fault":{}}}"#, "unknown field"),
            (r#"{"sandbox":{"sessionShape":"five"}}"#, "five"),
            (r#"{"sandbox":{"threeDS":"psychic"}}"#, "psychic"),
            (r#"{"sandbox":{"challengeWindow":"06"}}"#, "06"),
            (r#"{"sandbox":{"closesIn":-1}}"#, "-1"),
        ] {
            let message = Knobs::read(Some(json)).unwrap_err();
            assert!(message.contains(words), "{message}");
        }
    }
}

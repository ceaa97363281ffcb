//! The scenario of a session: how its payment goes, and which calls fail.
//!
//! A merchant or a test gives it in the text `metadata` of `createPaymentSession`, as JSON:
//! `{"sandbox": {"threeDS": "frame", "faults": {"query": "delay:2000", "submit": ["lost", "ok"]}}}`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::fault::Faults;

/// The member `sandbox` of a session's `metadata`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Scenario {
    /// Which calls fail.
    pub faults: Faults,
    /// Milliseconds from the buyer's approval to the success.
    pub pending_for: Option<u32>,
    /// Submits fail with this result code.
    pub result: Option<String>,
    /// Number of parts of the session data.
    pub session_shape: SessionShape,
    /// The issuer's authentication, also when the merchant did not request it.
    #[serde(rename = "threeDS")]
    pub three_ds: Option<ThreeDs>,
    /// Size of the challenge frame.
    pub challenge_window: ChallengeWindow,
    /// Seconds that codes are valid and approvals awaited; the order closes with them.
    pub code_expires_in: Option<u32>,
    /// Seconds from the submit until the unpaid order closes.
    pub closes_in: Option<u32>,
    /// Seconds after which the buyer approves without any action.
    pub approves_in: Option<u32>,
    /// Optional fields that a method collects on its own page are collected in the merchant's page.
    pub ask_here: bool,
}

/// How a card issuer authenticates the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThreeDs {
    /// The 3DS method in a hidden frame, then a challenge in a frame.
    #[serde(rename = "method+frame")]
    MethodAndFrame,
    /// A challenge in a frame.
    #[serde(rename = "frame")]
    Frame,
    /// A challenge on a page of its own.
    #[serde(rename = "redirect")]
    Redirect,
    /// Without a challenge.
    #[serde(rename = "frictionless")]
    Frictionless,
}

/// Size of a challenge frame. Source: EMVCo 3-D Secure, `challengeWindowSize`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChallengeWindow {
    /// 250 × 400 CSS pixels.
    #[serde(rename = "01")]
    W250H400,
    /// 390 × 400.
    #[default]
    #[serde(rename = "02")]
    W390H400,
    /// 500 × 600.
    #[serde(rename = "03")]
    W500H600,
    /// 600 × 400.
    #[serde(rename = "04")]
    W600H400,
    /// The whole window.
    #[serde(rename = "05")]
    FullScreen,
}

impl ChallengeWindow {
    /// Every size.
    pub const ALL: [Self; 5] =
        [Self::W250H400, Self::W390H400, Self::W500H600, Self::W600H400, Self::FullScreen];
}

/// Number of parts of `paymentSessionData`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionShape {
    /// Without metadata, as in the documentation's sample.
    Three,
    /// With metadata.
    #[default]
    Four,
}

/// The member `sandbox` of `metadata` has something that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("metadata.sandbox{path}: {reason}")]
pub struct ScenarioError {
    /// Path of the wrong member below `sandbox`, with a point before it, or empty.
    path: String,
    reason: String,
}

impl Scenario {
    /// Reads the scenario of a `metadata` text. A text that is not JSON or has no member `sandbox`
    /// means none: it is the merchant's own.
    ///
    /// # Errors
    /// When there is a member `sandbox` with something that is not understood. If it were ignored, a
    /// test would wait for a fault that never happens.
    pub fn read(metadata: Option<&str>) -> Result<Self, ScenarioError> {
        let json: Option<Value> = metadata.and_then(|text| serde_json::from_str(text).ok());
        let Some(scenario) = json.as_ref().and_then(|json| json.get("sandbox")) else {
            return Ok(Self::default());
        };
        serde_path_to_error::deserialize(scenario).map_err(|error| {
            let path = error.path().to_string();
            ScenarioError {
                path: if path == "." { String::new() } else { format!(".{path}") },
                reason: error.inner().to_string(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::fault::{Fault, FaultTarget};

    #[test]
    fn scenarios_are_read() {
        let scenario = Scenario::read(Some(
            r#"{"sandbox":{"faults":{"query":"delay:250","submit":["lost","status:2000"]},
               "pendingFor":1500,"result":"RISK_REJECT","sessionShape":"three",
               "threeDS":"method+frame","challengeWindow":"05","codeExpiresIn":3,"closesIn":9,
               "approvesIn":1,"askHere":true},"mine":1}"#,
        ))
        .unwrap();
        assert_eq!(scenario.three_ds, Some(ThreeDs::MethodAndFrame));
        assert_eq!(scenario.challenge_window, ChallengeWindow::FullScreen);
        let query = scenario.faults.of(FaultTarget::Query).unwrap();
        assert_eq!(query.at(9), Fault::Delay(Duration::from_millis(250)));
        let submit = scenario.faults.of(FaultTarget::Submit).unwrap();
        assert_eq!(
            [submit.at(0), submit.at(1), submit.at(2)],
            [Fault::Lost, Fault::Status(2000), Fault::None]
        );
        assert_eq!(scenario.session_shape, SessionShape::Three);
        let stored = serde_json::to_string(&scenario).unwrap();
        assert_eq!(serde_json::from_str::<Scenario>(&stored).unwrap(), scenario);
    }

    #[test]
    fn foreign_metadata_has_no_scenario() {
        for text in [None, Some("order 7"), Some("{\"a\":1}"), Some("[1]"), Some("")] {
            assert_eq!(Scenario::read(text), Ok(Scenario::default()), "{text:?}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (json, words) in [
            (r#"{"sandbox":{"faults":{"query":"explode"}}}"#, "faults.query: there is no fault"),
            (r#"{"sandbox":{"faults":{"query":["ok","delay:99999999"]}}}"#, "faults.query"),
            (r#"{"sandbox":{"faults":{"query":7}}}"#, "faults.query"),
            (r#"{"sandbox":{"faults":{"pay":"ok"}}}"#, "unknown field"),
            (r#"{"sandbox":{"fault":{}}}"#, "unknown field"),
            (r#"{"sandbox":{"sessionShape":"five"}}"#, "five"),
            (r#"{"sandbox":{"threeDS":"psychic"}}"#, "psychic"),
            (r#"{"sandbox":{"challengeWindow":"06"}}"#, "06"),
            (r#"{"sandbox":{"closesIn":-1}}"#, "-1"),
            (r#"{"sandbox":7}"#, "metadata.sandbox: "),
        ] {
            let message = Scenario::read(Some(json)).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }
}

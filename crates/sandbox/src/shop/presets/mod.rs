//! Scenario presets: the form's field "What should happen". Each preset has a scenario for the
//! session, other settings of the order, and the events that the merchant receives.

mod events;
mod flow;
mod selection;
mod table;
mod view;

use serde_json::{Value, json};

pub(super) use events::EventContext;
pub(super) use flow::{Flow, has_form};
pub(super) use selection::Selection;
pub(super) use view::{details, list, reminder};

use super::notify_behaviour::NotifyBehaviour;
use events::ExpectedStep;

/// One row of the table.
pub(super) struct Preset {
    /// The value of the form's field.
    pub(super) id: &'static str,
    group: Group,
    title: &'static str,
    /// The course of the payment, and the reader's actions in it.
    description: &'static str,
    /// The flows in which it can happen.
    flows: &'static [Flow],
    /// Further choices.
    details: &'static [Detail],
    setup: fn(&Selection) -> Setup,
    steps: &'static [ExpectedStep],
}

impl Preset {
    pub(super) fn title(&self) -> &'static str {
        self.title
    }

    /// Whether it can happen in a flow.
    pub(super) fn fits(&self, flow: Flow) -> bool {
        self.flows.contains(&flow)
    }

    /// The names of the events in order, as long as the merchant's page is on the screen.
    fn events(&self, context: EventContext) -> Vec<&'static str> {
        events::expected(self.steps, context)
    }
}

/// A heading in the list of presets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Paid,
    NotPaid,
    ThreeDs,
    Network,
    Merchant,
}

impl Group {
    const ALL: [Self; 5] =
        [Self::Paid, Self::NotPaid, Self::ThreeDs, Self::Network, Self::Merchant];

    fn title(self) -> &'static str {
        match self {
            Self::Paid => "Paid",
            Self::NotPaid => "Not paid",
            Self::ThreeDs => "3DS",
            Self::Network => "Network and gateway",
            Self::Merchant => "The shop's own server",
        }
    }
}

/// A further choice of a preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    ResultCode,
    ChallengeWindow,
    Fault,
    Refusals,
}

impl Detail {
    /// The form's field.
    fn field(self) -> &'static str {
        match self {
            Self::ResultCode => "result_code",
            Self::ChallengeWindow => "window",
            Self::Fault => "fault",
            Self::Refusals => "times",
        }
    }
}

/// How a session and its order are made.
#[derive(Debug, Default)]
pub(super) struct Setup {
    /// `metadata.sandbox`; null for none.
    pub(super) scenario: Value,
    /// A stored card, and whether its security code is required.
    pub(super) stored: Option<(&'static str, bool)>,
    /// No `paymentRedirectUrl`.
    pub(super) no_redirect: bool,
    /// Seconds until the session expires.
    pub(super) expires_in: Option<i64>,
    /// A session of the production environment, opened as one of the sandbox.
    pub(super) wrong_environment: bool,
    /// How the shop answers notifications.
    pub(super) notify: NotifyBehaviour,
}

impl Setup {
    fn scenario(scenario: Value) -> Self {
        Self { scenario, ..Self::default() }
    }

    /// `metadata` of the session.
    pub(super) fn metadata(&self) -> Option<String> {
        (!self.scenario.is_null()).then(|| json!({ "sandbox": self.scenario }).to_string())
    }

    /// All settings, for people.
    fn settings(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.scenario.is_null() {
            lines.push(format!("metadata.sandbox: {}", self.scenario));
        }
        if let Some((id, needs_cvc)) = self.stored {
            lines.push(format!("paymentMethod.paymentMethodId: {id}"));
            lines.push(format!("merchantAppointParam.storedCard.needCVV: {needs_cvc}"));
        }
        if self.no_redirect {
            lines.push("no paymentRedirectUrl".to_owned());
        }
        if let Some(seconds) = self.expires_in {
            lines.push(format!("paymentSessionExpiryTime: in {seconds} s"));
        }
        if self.wrong_environment {
            lines.push("createPaymentSession of production, environment: \"sandbox\"".to_owned());
        }
        match self.notify {
            NotifyBehaviour::Acknowledge => {}
            NotifyBehaviour::RefuseFirst(times) => {
                lines.push(format!("notifications refused by the shop, each: {times}"));
            }
            NotifyBehaviour::Refuse => {
                lines.push("notifications refused by the shop: all".to_owned());
            }
        }
        lines
    }
}

//! The table of presets.

use kassa_core::events::EventCode;
use serde_json::json;

use super::events::ExpectedStep;
use super::flow::Flow;
use super::{Detail, Group, NotifyBehaviour, Preset, Setup};

const EVERYWHERE: &[Flow] = &Flow::ALL;
/// Flows in which the merchant's page stays on the screen until the payment ends.
const IN_PAGE: &[Flow] = &[Flow::Card, Flow::App, Flow::Code, Flow::Counter, Flow::Wait];
/// Flows in which the buyer acts outside of the page, and the page waits.
const WAITING: &[Flow] = &[Flow::Code, Flow::Counter, Flow::Wait];
const CARD: &[Flow] = &[Flow::Card];

const CHALLENGED: &[ExpectedStep] =
    &[ExpectedStep::Opened, ExpectedStep::Event(EventCode::PaymentChallenge), ExpectedStep::Paid];
const PAID_AFTER_RETRY: &[ExpectedStep] = &[
    ExpectedStep::Opened,
    ExpectedStep::Unanswered,
    ExpectedStep::BuyerLeaves,
    ExpectedStep::Paid,
];
const NOT_OPENED: &[ExpectedStep] =
    &[ExpectedStep::Opened, ExpectedStep::Event(EventCode::CreateComponentError)];
const FAILED: &[ExpectedStep] =
    &[ExpectedStep::Opened, ExpectedStep::Event(EventCode::PaymentFail)];

/// The members that most rows share.
const DEFAULT: Preset = Preset {
    id: "",
    group: Group::Paid,
    title: "",
    description: "",
    flows: EVERYWHERE,
    details: &[],
    setup: |_| Setup::default(),
    steps: &[ExpectedStep::Opened, ExpectedStep::BuyerLeaves, ExpectedStep::Paid],
};

/// Every preset, by group. The first is the default of the form.
pub(super) static TABLE: [Preset; 28] = [
    Preset {
        id: "paid",
        title: "As you decide",
        description: "The session has no scenario. Act as the buyer: type a card, or approve in a \
                      simulator.",
        ..DEFAULT
    },
    Preset {
        id: "by-itself",
        title: "Approved automatically",
        description: "The buyer approves after five seconds.",
        flows: WAITING,
        setup: |_| Setup::scenario(json!({ "approvesIn": 5 })),
        ..DEFAULT
    },
    Preset {
        id: "slow-approval",
        title: "Approved slowly",
        description: "The buyer approves after thirty seconds. Until then the page shows that it \
                      waits.",
        flows: WAITING,
        setup: |_| Setup::scenario(json!({ "approvesIn": 30 })),
        ..DEFAULT
    },
    Preset {
        id: "late",
        title: "Result known late",
        description: "The result is known eight seconds after the buyer's approval.",
        setup: |_| Setup::scenario(json!({ "pendingFor": 8000 })),
        ..DEFAULT
    },
    Preset {
        id: "undecided",
        title: "Result not known",
        description: "The result is known only after an hour. Pay, then close the component while it \
                      checks. Choose notRedirectAfterComplete, since otherwise the page is left.",
        flows: CARD,
        setup: |_| Setup::scenario(json!({ "pendingFor": 3_600_000 })),
        steps: &[
            ExpectedStep::Opened,
            ExpectedStep::Event(EventCode::PaymentAuthorizationSuccessful),
            ExpectedStep::Undecided,
        ],
        ..DEFAULT
    },
    Preset {
        id: "pending",
        title: "Paid another day",
        description: "The buyer notes the number and pays later. Close the component once it shows \
                      the number.",
        flows: &[Flow::Counter],
        steps: &[ExpectedStep::Opened, ExpectedStep::Event(EventCode::PaymentPending)],
        ..DEFAULT
    },
    Preset {
        id: "stored",
        title: "Stored card",
        description: "The gateway has stored the buyer's card, which pays without typing.",
        flows: CARD,
        setup: |_| Setup { stored: Some(("SANDBOX_CARD_VISA", false)), ..Setup::default() },
        ..DEFAULT
    },
    Preset {
        id: "stored-cvc",
        title: "Stored card with its security code",
        description: "The gateway has stored the buyer's card and requires its security code: any \
                      three digits.",
        flows: CARD,
        setup: |_| Setup { stored: Some(("SANDBOX_CARD_VISA", true)), ..Setup::default() },
        ..DEFAULT
    },
    Preset {
        id: "declined",
        group: Group::NotPaid,
        title: "Declined",
        description: "Every submit fails with this code. Where the session may be paid again, the form \
                      stays.",
        details: &[Detail::ResultCode],
        setup: |selection| Setup::scenario(json!({ "result": selection.result_code })),
        steps: FAILED,
        ..DEFAULT
    },
    Preset {
        id: "closed",
        group: Group::NotPaid,
        title: "Closed by the buyer",
        description: "Close the component before paying.",
        flows: &[Flow::Card, Flow::App],
        steps: &[ExpectedStep::Opened, ExpectedStep::Event(EventCode::PaymentCancel)],
        ..DEFAULT
    },
    Preset {
        id: "mistakes",
        group: Group::NotPaid,
        title: "Mistakes in the form",
        description: "Press the pay button while the form is empty.",
        flows: CARD,
        steps: &[ExpectedStep::Opened, ExpectedStep::Event(EventCode::FormVerificationFailed)],
        ..DEFAULT
    },
    Preset {
        id: "code-expires",
        group: Group::NotPaid,
        title: "Code expires soon",
        description: "The code, or the time for the approval, expires after twenty seconds, and the \
                      order closes.",
        flows: WAITING,
        setup: |_| Setup::scenario(json!({ "codeExpiresIn": 20 })),
        steps: FAILED,
        ..DEFAULT
    },
    Preset {
        id: "session-expires",
        group: Group::NotPaid,
        title: "Session expires soon",
        description: "The session expires thirty seconds from now. Open the component at once and pay \
                      later; after the expiry it cannot be opened.",
        flows: CARD,
        setup: |_| Setup { expires_in: Some(30), ..Setup::default() },
        steps: FAILED,
        ..DEFAULT
    },
    Preset {
        id: "3ds-method",
        group: Group::ThreeDs,
        title: "3DS method, then a challenge in a frame",
        description: "The issuer's 3DS method runs in a hidden frame, then the challenge in a visible one.",
        flows: CARD,
        details: &[Detail::ChallengeWindow],
        setup: |selection| {
            let window = selection.window;
            Setup::scenario(json!({ "threeDS": "method+frame", "challengeWindow": window }))
        },
        steps: CHALLENGED,
    },
    Preset {
        id: "3ds-frame",
        group: Group::ThreeDs,
        title: "Challenge in a frame",
        description: "The issuer challenges the buyer inside of the component.",
        flows: CARD,
        details: &[Detail::ChallengeWindow],
        setup: |selection| {
            let window = selection.window;
            Setup::scenario(json!({ "threeDS": "frame", "challengeWindow": window }))
        },
        steps: CHALLENGED,
    },
    Preset {
        id: "3ds-page",
        group: Group::ThreeDs,
        title: "Challenge on a page of its own",
        description: "The browser leaves for the issuer's page, which returns to the shop.",
        flows: CARD,
        setup: |_| Setup::scenario(json!({ "threeDS": "redirect" })),
        steps: &[
            ExpectedStep::Opened,
            ExpectedStep::Event(EventCode::PaymentChallenge),
            ExpectedStep::Event(EventCode::CallUrlSuccess),
        ],
        ..DEFAULT
    },
    Preset {
        id: "3ds-frictionless",
        group: Group::ThreeDs,
        title: "No challenge",
        description: "The issuer authenticates the buyer without a challenge.",
        flows: CARD,
        setup: |_| Setup::scenario(json!({ "threeDS": "frictionless" })),
        ..DEFAULT
    },
    Preset {
        id: "lost",
        group: Group::Network,
        title: "Answer to the submit lost",
        description: "The gateway starts the payment, and the connection closes without an answer. The \
                      SDK inquires the payment's state, and there is no second payment. A method \
                      without a form does not open: open it again, and the same payment continues.",
        setup: |_| Setup::scenario(json!({ "faults": { "submit": ["lost"] } })),
        steps: PAID_AFTER_RETRY,
        ..DEFAULT
    },
    Preset {
        id: "unheard",
        group: Group::Network,
        title: "Submit never arrives",
        description: "The connection closes before the gateway receives the submit. The form comes \
                      back: pay again.",
        flows: CARD,
        setup: |_| Setup::scenario(json!({ "faults": { "submit": ["drop"] } })),
        steps: PAID_AFTER_RETRY,
        ..DEFAULT
    },
    Preset {
        id: "query-fails",
        group: Group::Network,
        title: "Gateway fails when the session is opened",
        description: "No query gets a usable answer, so the component cannot be opened. With silence \
                      this takes fifteen seconds.",
        details: &[Detail::Fault],
        setup: |selection| Setup::scenario(json!({ "faults": { "query": selection.fault } })),
        steps: NOT_OPENED,
        ..DEFAULT
    },
    Preset {
        id: "submit-fails",
        group: Group::Network,
        title: "Gateway fails at the first submit",
        description: "The SDK inquires the payment's state. With half of an answer the payment was \
                      started; otherwise the form comes back: pay again.",
        flows: CARD,
        details: &[Detail::Fault],
        setup: |selection| Setup::scenario(json!({ "faults": { "submit": [selection.fault] } })),
        steps: PAID_AFTER_RETRY,
    },
    Preset {
        id: "inquire-fails",
        group: Group::Network,
        title: "Gateway fails at the first inquiry",
        description: "A failed inquiry is no result: the SDK inquires again.",
        flows: IN_PAGE,
        details: &[Detail::Fault],
        setup: |selection| Setup::scenario(json!({ "faults": { "inquire": [selection.fault] } })),
        ..DEFAULT
    },
    Preset {
        id: "newer",
        group: Group::Network,
        title: "A newer gateway",
        description: "All answers have unknown members and values. They change nothing.",
        setup: |_| {
            let faults = json!({ "query": "unknown", "submit": "unknown", "inquire": "unknown" });
            Setup::scenario(json!({ "faults": faults }))
        },
        ..DEFAULT
    },
    Preset {
        id: "twice",
        group: Group::Network,
        title: "Submit arrives twice",
        description: "The network repeats the request. There is one payment.",
        setup: |_| Setup::scenario(json!({ "faults": { "submit": ["duplicate"] } })),
        ..DEFAULT
    },
    Preset {
        id: "three-parts",
        group: Group::Merchant,
        title: "Session data in three parts",
        description: "Without metadata, as in the documentation's sample. The first skeleton of the \
                      component is then the general one.",
        setup: |_| Setup::scenario(json!({ "sessionShape": "three" })),
        ..DEFAULT
    },
    Preset {
        id: "nowhere",
        group: Group::Merchant,
        title: "No paymentRedirectUrl",
        description: "The session has no page to return to, so the result comes as an event.",
        flows: IN_PAGE,
        setup: |_| Setup { no_redirect: true, ..Setup::default() },
        steps: &[
            ExpectedStep::Opened,
            ExpectedStep::BuyerLeaves,
            ExpectedStep::PaidWithoutRedirect,
        ],
        ..DEFAULT
    },
    Preset {
        id: "notification",
        group: Group::Merchant,
        title: "Notification refused",
        description: "The shop refuses the first deliveries of each notification. The result page \
                      shows when it acknowledged: the second delivery comes after two minutes, the \
                      next ten minutes later.",
        details: &[Detail::Refusals],
        setup: |selection| Setup {
            notify: NotifyBehaviour::RefuseFirst(selection.refusals),
            ..Setup::default()
        },
        ..DEFAULT
    },
    Preset {
        id: "mixed-up",
        group: Group::Merchant,
        title: "Wrong environment",
        description: "The session is of the production environment, and the page opens it as one of \
                      the sandbox. The event's message names both.",
        setup: |_| Setup { wrong_environment: true, ..Setup::default() },
        steps: NOT_OPENED,
        ..DEFAULT
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scenario::Scenario;
    use crate::shop::form::Fields;
    use crate::shop::options::BeforeSubmit;
    use crate::shop::presets::{EventContext, Selection};

    #[test]
    fn every_preset_has_its_own_id_and_a_valid_scenario() {
        for (index, preset) in TABLE.iter().enumerate() {
            let is_other = |other: &Preset| other.id != preset.id;
            assert!(TABLE.iter().skip(index + 1).all(is_other), "{}", preset.id);
            assert!(!preset.flows.is_empty() && !preset.description.is_empty());
            assert!(!preset.title.is_empty());
            let setup = (preset.setup)(&Selection::default());
            if let Some(metadata) = setup.metadata() {
                let scenario = Scenario::read(Some(&metadata)).unwrap();
                assert_ne!(scenario, Scenario::default(), "{}: {metadata}", preset.id);
            }
        }
        for flow in Flow::ALL {
            assert!(TABLE[0].fits(flow));
        }
    }

    fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn details_reach_the_session() {
        let form = form(&[
            ("outcome", "3ds-frame"),
            ("window", "05"),
            ("result_code", "RISK_REJECT"),
            ("fault", "html"),
            ("times", "7"),
        ]);
        let selection = Selection::read(Fields(&form)).unwrap();
        let scenario = selection.setup().scenario;
        assert_eq!(scenario, json!({ "threeDS": "frame", "challengeWindow": "05" }));
        for (id, expected) in [
            ("declined", json!({ "result": "RISK_REJECT" })),
            ("query-fails", json!({ "faults": { "query": "html" } })),
            ("submit-fails", json!({ "faults": { "submit": ["html"] } })),
            ("inquire-fails", json!({ "faults": { "inquire": ["html"] } })),
        ] {
            let selection = Selection { id: id.to_owned(), ..selection.clone() };
            assert_eq!(selection.setup().scenario, expected);
        }
        let refusing = Selection { id: "notification".to_owned(), ..selection };
        assert_eq!(refusing.setup().notify, NotifyBehaviour::RefuseFirst(7));
    }

    #[test]
    fn bad_choices_are_refused() {
        for (name, value) in [
            ("outcome", "rich"),
            ("window", "06"),
            ("result_code", "SUCCESS"),
            ("result_code", "PAYMENT_IN_PROCESS"),
            ("fault", "lost"),
            ("fault", "explode"),
            ("times", "0"),
            ("times", "8"),
            ("times", "many"),
        ] {
            assert!(Selection::read(Fields(&form(&[(name, value)]))).is_err(), "{name}={value}");
            let empty = Selection::read(Fields(&form(&[(name, "")])));
            assert_eq!(empty, Ok(Selection::default()));
        }
    }

    fn events(id: &str, context: EventContext) -> String {
        let selection = Selection { id: id.to_owned(), ..Selection::default() };
        selection.preset().events(context).join(" ").replace("SDK_", "")
    }

    #[test]
    fn events_follow_the_flow_and_the_options() {
        let card = EventContext {
            flow: Flow::Card,
            form: true,
            stay: false,
            before_submit: BeforeSubmit::None,
        };
        for (id, context, expected) in [
            ("paid", card, "PAYMENT_AUTHORIZATION_SUCCESSFUL CALL_URL_SUCCESS"),
            (
                "paid",
                EventContext { stay: true, ..card },
                "PAYMENT_AUTHORIZATION_SUCCESSFUL PAYMENT_SUCCESSFUL",
            ),
            (
                "paid",
                EventContext { flow: Flow::Redirect, form: false, ..card },
                "CALL_URL_SUCCESS",
            ),
            (
                "lost",
                EventContext { flow: Flow::Code, form: false, ..card },
                "CREATECOMPONENT_ERROR",
            ),
            (
                "lost",
                EventContext { flow: Flow::App, stay: true, ..card },
                "SUBMIT_NETWORK_ERROR CALL_URL_SUCCESS PAYMENT_AUTHORIZATION_SUCCESSFUL \
                 PAYMENT_SUCCESSFUL",
            ),
            ("nowhere", card, "PAYMENT_AUTHORIZATION_SUCCESSFUL CALL_URL_ERROR PAYMENT_SUCCESSFUL"),
            (
                "paid",
                EventContext { before_submit: BeforeSubmit::Cancel, ..card },
                "FORM_VERIFICATION_FAILED",
            ),
            (
                "paid",
                EventContext { before_submit: BeforeSubmit::Cancel, form: false, ..card },
                "PAYMENT_CANCEL",
            ),
            (
                "mixed-up",
                EventContext { before_submit: BeforeSubmit::Error, ..card },
                "CREATECOMPONENT_ERROR",
            ),
        ] {
            let expected = format!("START_OF_LOADING END_OF_LOADING {expected}");
            assert_eq!(events(id, context), expected, "{id}");
        }
    }
}

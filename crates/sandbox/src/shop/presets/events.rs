//! The events that a merchant receives in a scenario: sections 4 and 5 of the contract.

use kassa_core::events::EventCode;

use super::flow::{Flow, has_form};
use crate::domain::method::{Method, Terminal};
use crate::shop::options::{BeforeSubmit, Options};

/// A part of the expected events.
#[derive(Debug, Clone, Copy)]
pub(super) enum ExpectedStep {
    /// The component opens.
    Opened,
    /// The page leaves for the bank, or the app opens; no event where the buyer stays.
    BuyerLeaves,
    /// The buyer approves and the payment succeeds, in this page or on the shop's.
    Paid,
    /// The same where the session has no `paymentRedirectUrl`.
    PaidWithoutRedirect,
    /// The component is closed before the result is known, or the page is left.
    Undecided,
    /// The submit gets no answer. Where there is no form the submit is a part of opening, which fails.
    Unanswered,
    /// This event.
    Event(EventCode),
}

/// The conditions, besides the scenario, on which the events depend.
#[derive(Debug, Clone, Copy)]
pub(in crate::shop) struct EventContext {
    pub(in crate::shop) flow: Flow,
    /// Whether the buyer fills in a form.
    pub(in crate::shop) form: bool,
    /// `notRedirectAfterComplete`.
    pub(in crate::shop) stay: bool,
    pub(in crate::shop) before_submit: BeforeSubmit,
}

impl EventContext {
    /// That of a method with these options.
    pub(in crate::shop) fn of(method: Method, terminal: Terminal, options: &Options) -> Self {
        Self {
            flow: Flow::of(method, terminal),
            form: has_form(method),
            stay: options.stay,
            before_submit: options.before_submit,
        }
    }

    /// The event with which `onBeforeSubmit` stops the payment, if it does.
    fn stopped_by_callback(self) -> Option<EventCode> {
        match (self.before_submit, self.form) {
            (BeforeSubmit::None | BeforeSubmit::Continue | BeforeSubmit::Slow, _) => None,
            (BeforeSubmit::Cancel | BeforeSubmit::Error, true) => {
                Some(EventCode::FormVerificationFailed)
            }
            (BeforeSubmit::Cancel, false) => Some(EventCode::PaymentCancel),
            (BeforeSubmit::Error, false) => Some(EventCode::CreateComponentError),
        }
    }
}

/// Events of payments that end before anything is submitted.
const NEVER_SUBMITTED: [EventCode; 3] =
    [EventCode::CreateComponentError, EventCode::PaymentCancel, EventCode::FormVerificationFailed];

/// The names of the events in order, as long as the merchant's page is on the screen.
pub(super) fn expected(steps: &[ExpectedStep], context: EventContext) -> Vec<&'static str> {
    let mut codes = Vec::new();
    for step in steps {
        match step {
            ExpectedStep::Opened => {
                codes.extend([EventCode::StartOfLoading, EventCode::EndOfLoading]);
            }
            ExpectedStep::BuyerLeaves => match context.flow {
                // From here on another page is on the screen.
                Flow::Redirect => {
                    codes.push(EventCode::CallUrlSuccess);
                    break;
                }
                Flow::App => codes.push(EventCode::CallUrlSuccess),
                Flow::Card | Flow::Code | Flow::Counter | Flow::Wait => {}
            },
            ExpectedStep::Paid => {
                codes.push(EventCode::PaymentAuthorizationSuccessful);
                codes.push(if context.stay {
                    EventCode::PaymentSuccessful
                } else {
                    EventCode::CallUrlSuccess
                });
            }
            ExpectedStep::PaidWithoutRedirect => {
                codes.push(EventCode::PaymentAuthorizationSuccessful);
                codes.extend((!context.stay).then_some(EventCode::CallUrlError));
                codes.push(EventCode::PaymentSuccessful);
            }
            ExpectedStep::Undecided => codes.push(if context.stay {
                EventCode::PaymentProcessing
            } else {
                EventCode::CallUrlSuccess
            }),
            ExpectedStep::Unanswered if context.form => codes.push(EventCode::SubmitNetworkError),
            ExpectedStep::Unanswered => {
                codes.push(EventCode::CreateComponentError);
                break;
            }
            ExpectedStep::Event(code) => codes.push(*code),
        }
    }
    let is_submitted = !codes.iter().any(|code| NEVER_SUBMITTED.contains(code));
    if let Some(stopped) = context.stopped_by_callback().filter(|_| is_submitted) {
        codes = vec![EventCode::StartOfLoading, EventCode::EndOfLoading, stopped];
    }
    codes.into_iter().map(EventCode::name).collect()
}

//! What the merchant hears: the event codes of the contract and the results that come with some.

use std::rc::Rc;

use crate::answer::{Body, Json};
use crate::outgoing::{Outgoing, Sink, maybe, object};
use crate::small::or;

/// An event for `onEventCallback` (and, for errors, `onError`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which event.
    pub code: Code,
    /// What happened, for the person who reads the log; empty where the code says all. Never card
    /// data, never a whole session, never a full address.
    pub message: String,
    /// Of payment events: the outcome.
    pub result: Option<Box<Outcome>>,
}

/// The event codes of the contract, §4. The names on the wire are the original SDK's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A redirect could not be made.
    CallUrlError,
    /// A navigation was handed to the browser.
    CallUrlSuccess,
    /// The component could not be opened.
    CreateComponentError,
    /// Bad arguments of `createComponent` or `mountComponent`, or a bad session.
    CreatePaymentParameterError,
    /// Submit while a submit runs.
    DuplicateSubmission,
    /// The first view can be used, the page is leaving, or opening failed.
    EndOfLoading,
    /// Submit with an invalid form.
    FormVerificationFailed,
    /// An app did not open in time and nothing else was left to try.
    LaunchPaymentAppError,
    /// The buyer's part is complete.
    PaymentAuthorizationSuccessful,
    /// The buyer left before submitting.
    PaymentCancel,
    /// The issuer wants 3DS.
    PaymentChallenge,
    /// The payment's state could not be learnt.
    PaymentError,
    /// The payment failed.
    PaymentFail,
    /// A code-type payment was started; money may take days.
    PaymentPending,
    /// The payment is not decided yet.
    PaymentProcessing,
    /// Paid, as confirmed by the gateway.
    PaymentSuccessful,
    /// `createComponent` accepted its arguments.
    StartOfLoading,
    /// Submit got no answer that says what became of it.
    SubmitNetworkError,
}

impl Code {
    /// Every code that the machine can emit. `SDK_INIT_PARAMETER_ERROR` and `SDK_INTERNAL_ERROR`
    /// are missing: they belong to the facade, because the first comes before the machine exists
    /// and the second after it has died.
    pub const ALL: [Self; 18] = [
        Self::CallUrlError,
        Self::CallUrlSuccess,
        Self::CreateComponentError,
        Self::CreatePaymentParameterError,
        Self::DuplicateSubmission,
        Self::EndOfLoading,
        Self::FormVerificationFailed,
        Self::LaunchPaymentAppError,
        Self::PaymentAuthorizationSuccessful,
        Self::PaymentCancel,
        Self::PaymentChallenge,
        Self::PaymentError,
        Self::PaymentFail,
        Self::PaymentPending,
        Self::PaymentProcessing,
        Self::PaymentSuccessful,
        Self::StartOfLoading,
        Self::SubmitNetworkError,
    ];

    /// The code as the merchant sees it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CallUrlError => "SDK_CALL_URL_ERROR",
            Self::CallUrlSuccess => "SDK_CALL_URL_SUCCESS",
            Self::CreateComponentError => "SDK_CREATECOMPONENT_ERROR",
            Self::CreatePaymentParameterError => "SDK_CREATEPAYMENT_PARAMETER_ERROR",
            Self::DuplicateSubmission => "SDK_DUPLICATE_SUBMISSION_BEHAVIOR",
            Self::EndOfLoading => "SDK_END_OF_LOADING",
            Self::FormVerificationFailed => "SDK_FORM_VERIFICATION_FAILED",
            Self::LaunchPaymentAppError => "SDK_LAUNCH_PAYMENT_APP_ERROR",
            Self::PaymentAuthorizationSuccessful => "SDK_PAYMENT_AUTHORIZATION_SUCCESSFUL",
            Self::PaymentCancel => "SDK_PAYMENT_CANCEL",
            Self::PaymentChallenge => "SDK_PAYMENT_CHALLENGE",
            Self::PaymentError => "SDK_PAYMENT_ERROR",
            Self::PaymentFail => "SDK_PAYMENT_FAIL",
            Self::PaymentPending => "SDK_PAYMENT_PENDING",
            Self::PaymentProcessing => "SDK_PAYMENT_PROCESSING",
            Self::PaymentSuccessful => "SDK_PAYMENT_SUCCESSFUL",
            Self::StartOfLoading => "SDK_START_OF_LOADING",
            Self::SubmitNetworkError => "SDK_SUBMIT_NETWORK_ERROR",
        }
    }

    /// Whether the event goes to `onError` as well.
    #[must_use]
    pub fn is_error(self) -> bool {
        match self {
            Self::CallUrlError
            | Self::CreateComponentError
            | Self::CreatePaymentParameterError
            | Self::LaunchPaymentAppError
            | Self::PaymentError
            | Self::SubmitNetworkError => true,
            Self::CallUrlSuccess
            | Self::DuplicateSubmission
            | Self::EndOfLoading
            | Self::FormVerificationFailed
            | Self::PaymentAuthorizationSuccessful
            | Self::PaymentCancel
            | Self::PaymentChallenge
            | Self::PaymentFail
            | Self::PaymentPending
            | Self::PaymentProcessing
            | Self::PaymentSuccessful
            | Self::StartOfLoading => false,
        }
    }
}

/// The `result` of a payment event, beside the event's message, which is its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How the call went that brought the news.
    pub news: News,
    /// Why, as a code of the result table or one that the table does not know.
    pub payment_result_code: String,
    /// Ours: whether the same session may be paid again.
    pub retryable: bool,
    /// Ours: what the merchant can do.
    pub suggestion: &'static str,
    /// Ours: what in the page led here, where the gateway's words do not tell; or empty.
    pub reason: &'static str,
    /// What the gateway said: the payment's state, and what it tells of the card and the risk.
    pub body: Rc<Body>,
}

/// What kind of news a call brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Paid.
    Good,
    /// Failed.
    Bad,
    /// Not decided, and the money may take days.
    Later,
    /// Not decided, as far as anybody knows.
    None,
}

/// Text facts by name, passed on as they came: absent ones stay absent, raw values stay raw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts(pub Vec<(&'static str, String)>);

impl Facts {
    /// The members of an object that are text and have one of these names.
    pub fn read(json: &impl Json, names: &[&'static str]) -> Self {
        let mut facts = Self::default();
        facts.add(json, names);
        facts
    }

    #[inline(never)]
    pub(crate) fn add(&mut self, json: &impl Json, names: &[&'static str]) {
        for name in names {
            if let Some(value) = json.text(name) {
                self.0.push((name, value));
            }
        }
    }

    #[inline(never)]
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|fact| fact.0 == name).map_or("", |fact| &fact.1)
    }
}

impl Outgoing for Event {
    fn write(&self, sink: &mut dyn Sink) {
        sink.text("code", self.code.name());
        maybe(sink, "message", &self.message);
        if let Some(outcome) = &self.result {
            sink.open("result");
            outcome.write(&self.message, sink);
            sink.close();
        }
    }
}

impl Outcome {
    fn write(&self, message: &str, sink: &mut dyn Sink) {
        let code = self.payment_result_code.as_str();
        let (result_status, payment_status, result_code, words) = match self.news {
            News::Good => ("S", "SUCCESS", "SUCCESS", "Success"),
            News::Bad => ("F", "FAIL", code, message),
            News::Later => ("U", "PENDING", code, message),
            News::None => ("U", "PROCESSING", code, message),
        };
        sink.open("result");
        sink.text("resultCode", result_code);
        sink.text("resultStatus", result_status);
        sink.text("resultMessage", words);
        sink.close();
        sink.text("paymentStatus", or(self.body.payment_status(), payment_status));
        sink.text("paymentResultCode", code);
        sink.text("paymentResultMessage", message);
        sink.flag("retryable", self.retryable);
        sink.text("suggestion", self.suggestion);
        maybe(sink, "reason", self.reason);
        object(sink, "cardPaymentResultInfo", &self.body.card_facts);
        object(sink, "popRiskDecisionResultInfo", &self.body.risk_facts);
    }
}

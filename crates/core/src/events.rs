//! What the merchant hears: the event codes of the contract and the results that come with some.

use crate::outgoing::{Outgoing, Sink, maybe};

/// An event for `onEventCallback` (and, for errors, `onError`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which event.
    pub code: Code,
    /// What happened, for the person who reads the log. Never card data, never a whole session,
    /// never a full address.
    pub message: Option<String>,
    /// Of payment events: the outcome.
    pub result: Option<Box<Outcome>>,
}

impl Event {
    /// An event that says all by its code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, message: None, result: None }
    }

    /// An event with an explanation.
    #[must_use]
    pub fn with_message(code: Code, message: String) -> Self {
        Self { code, message: Some(message), result: None }
    }
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
    pub const ALL: [Self; 16] = [
        Self::CallUrlError,
        Self::CallUrlSuccess,
        Self::CreateComponentError,
        Self::CreatePaymentParameterError,
        Self::DuplicateSubmission,
        Self::EndOfLoading,
        Self::FormVerificationFailed,
        Self::PaymentAuthorizationSuccessful,
        Self::PaymentCancel,
        Self::PaymentChallenge,
        Self::PaymentError,
        Self::PaymentFail,
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
            Self::PaymentAuthorizationSuccessful => "SDK_PAYMENT_AUTHORIZATION_SUCCESSFUL",
            Self::PaymentCancel => "SDK_PAYMENT_CANCEL",
            Self::PaymentChallenge => "SDK_PAYMENT_CHALLENGE",
            Self::PaymentError => "SDK_PAYMENT_ERROR",
            Self::PaymentFail => "SDK_PAYMENT_FAIL",
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
            | Self::PaymentProcessing
            | Self::PaymentSuccessful
            | Self::StartOfLoading => false,
        }
    }
}

/// The `result` of a payment event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The result of the call that brought the news.
    pub result: CallResult,
    /// `SUCCESS`, `FAIL`, `PROCESSING`, … as the gateway said it; empty when it said none.
    pub payment_status: String,
    /// Why, as a code of the result table or one that the table does not know.
    pub payment_result_code: String,
    /// Why, in words.
    pub payment_result_message: String,
    /// Ours: whether the same session may be paid again.
    pub retryable: bool,
    /// Ours: what the merchant can do.
    pub suggestion: &'static str,
    /// Ours: what in the page led here, where the gateway's words do not tell.
    pub reason: Option<&'static str>,
    /// Facts of the card.
    pub card_payment_result_info: Option<Facts>,
    /// The risk service's decisions.
    pub pop_risk_decision_result_info: Option<Facts>,
}

/// `result.result`: how the call itself went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallResult {
    /// The code, `SUCCESS` when the call went well.
    pub result_code: String,
    /// `S`, `F` or `U`.
    pub result_status: &'static str,
    /// The code in words.
    pub result_message: String,
}

/// Text facts by name, passed on as they came: absent ones stay absent, raw values stay raw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts(pub Vec<(&'static str, String)>);

impl Outgoing for Facts {
    fn write(&self, sink: &mut dyn Sink) {
        for (name, value) in &self.0 {
            sink.text(name, value);
        }
    }
}

impl Outgoing for Event {
    fn write(&self, sink: &mut dyn Sink) {
        sink.text("code", self.code.name());
        maybe(sink, "message", self.message.as_deref());
        if let Some(result) = &self.result {
            sink.open("result");
            result.write(sink);
            sink.close();
        }
    }
}

impl Outgoing for Outcome {
    fn write(&self, sink: &mut dyn Sink) {
        sink.open("result");
        sink.text("resultCode", &self.result.result_code);
        sink.text("resultStatus", self.result.result_status);
        sink.text("resultMessage", &self.result.result_message);
        sink.close();
        sink.text("paymentStatus", &self.payment_status);
        sink.text("paymentResultCode", &self.payment_result_code);
        sink.text("paymentResultMessage", &self.payment_result_message);
        sink.flag("retryable", self.retryable);
        sink.text("suggestion", self.suggestion);
        maybe(sink, "reason", self.reason);
        for (name, facts) in [
            ("cardPaymentResultInfo", &self.card_payment_result_info),
            ("popRiskDecisionResultInfo", &self.pop_risk_decision_result_info),
        ] {
            if let Some(facts) = facts {
                sink.open(name);
                facts.write(sink);
                sink.close();
            }
        }
    }
}

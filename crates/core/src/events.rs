//! What the merchant hears: the event codes of the contract and the results that come with some.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// An event for `onEventCallback` (and, for errors, `onError`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Which event.
    pub code: Code,
    /// What happened, for the person who reads the log. Never card data, never a whole session,
    /// never a full address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Of payment events: the outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Code {
    /// A redirect could not be made.
    #[serde(rename = "SDK_CALL_URL_ERROR")]
    CallUrlError,
    /// A navigation was handed to the browser.
    #[serde(rename = "SDK_CALL_URL_SUCCESS")]
    CallUrlSuccess,
    /// The component could not be opened.
    #[serde(rename = "SDK_CREATECOMPONENT_ERROR")]
    CreateComponentError,
    /// Bad arguments of `createComponent` or `mountComponent`, or a bad session.
    #[serde(rename = "SDK_CREATEPAYMENT_PARAMETER_ERROR")]
    CreatePaymentParameterError,
    /// Submit while a submit runs.
    #[serde(rename = "SDK_DUPLICATE_SUBMISSION_BEHAVIOR")]
    DuplicateSubmission,
    /// The first view can be used, the page is leaving, or opening failed.
    #[serde(rename = "SDK_END_OF_LOADING")]
    EndOfLoading,
    /// Submit with an invalid form.
    #[serde(rename = "SDK_FORM_VERIFICATION_FAILED")]
    FormVerificationFailed,
    /// The buyer's part is complete.
    #[serde(rename = "SDK_PAYMENT_AUTHORIZATION_SUCCESSFUL")]
    PaymentAuthorizationSuccessful,
    /// The buyer left before submitting.
    #[serde(rename = "SDK_PAYMENT_CANCEL")]
    PaymentCancel,
    /// The issuer wants 3DS.
    #[serde(rename = "SDK_PAYMENT_CHALLENGE")]
    PaymentChallenge,
    /// The payment's state could not be learnt.
    #[serde(rename = "SDK_PAYMENT_ERROR")]
    PaymentError,
    /// The payment failed.
    #[serde(rename = "SDK_PAYMENT_FAIL")]
    PaymentFail,
    /// The payment is not decided yet.
    #[serde(rename = "SDK_PAYMENT_PROCESSING")]
    PaymentProcessing,
    /// Paid, as confirmed by the gateway.
    #[serde(rename = "SDK_PAYMENT_SUCCESSFUL")]
    PaymentSuccessful,
    /// `createComponent` accepted its arguments.
    #[serde(rename = "SDK_START_OF_LOADING")]
    StartOfLoading,
    /// Submit got no answer that says what became of it.
    #[serde(rename = "SDK_SUBMIT_NETWORK_ERROR")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Facts of the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_payment_result_info: Option<Facts>,
    /// The risk service's decisions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pop_risk_decision_result_info: Option<Facts>,
}

/// `result.result`: how the call itself went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
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

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

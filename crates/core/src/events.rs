//! What the merchant receives: the event codes of the contract and the results that come with some.

use kassa_protocol::client::{CardPaymentResultInfo, RiskDecision};
use kassa_protocol::json::{Json, ToJson};
use kassa_protocol::serialize_as_json;
use kassa_protocol::{PaymentStatus, ResultStatus};

/// An event for `onEventCallback` (and, for errors, `onError`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which event.
    pub code: EventCode,
    /// What happened, for the log; empty where the code is enough. Never card
    /// data, never a whole session, never a full address.
    pub message: String,
    /// Of payment events: the outcome.
    pub result: Option<Box<PaymentOutcome>>,
}

/// The event codes of the contract, §4. The names on the wire are the original SDK's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventCode {
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
    /// The issuer requires 3DS.
    PaymentChallenge,
    /// The payment's state is not known: the gateway did not answer in time.
    PaymentError,
    /// The payment failed.
    PaymentFail,
    /// The buyer's part is complete, and the money may take days.
    PaymentPending,
    /// The payment is not decided yet.
    PaymentProcessing,
    /// Paid, as confirmed by the gateway.
    PaymentSuccessful,
    /// `createComponent` accepted its arguments.
    StartOfLoading,
    /// A submit got no usable answer.
    SubmitNetworkError,
}

impl EventCode {
    /// Every code that the machine can emit. `SDK_INIT_PARAMETER_ERROR` and `SDK_INTERNAL_ERROR`
    /// are missing: the JavaScript class emits them, the first before the machine exists and the
    /// second after the module has broken.
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

/// The `result` of a payment event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOutcome {
    /// The result of the call that brought this outcome.
    pub result: CallResult,
    /// State of the payment, as the gateway spelled it where it named one.
    pub payment_status: PaymentStatus,
    /// The reason, as a code of the result table or one that the table does not have.
    pub payment_result_code: String,
    /// The same for people.
    pub payment_result_message: String,
    /// Ours: whether the same session may be paid again.
    pub retryable: bool,
    /// Ours: what the merchant can do.
    pub suggestion: &'static str,
    /// Ours: what in the page led here, where no code of the gateway's stands for it.
    pub reason: Option<Reason>,
    /// Facts about the card.
    pub card_payment_result_info: Option<CardPaymentResultInfo>,
    /// Decisions of the risk service.
    pub pop_risk_decision_result_info: Option<RiskDecision>,
}

/// The result of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallResult {
    /// Result code.
    pub result_code: String,
    /// Success, failure, or not known.
    pub result_status: ResultStatus,
    /// The result for people.
    pub result_message: String,
}

/// `result.reason`: what in the page led to an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The buyer closed the 3DS challenge.
    ChallengeClosed,
    /// The 3DS challenge took longer than [`crate::machine::CHALLENGE_LIMIT`].
    ChallengeTimeout,
    /// The buyer closed the component while the payment was undecided.
    ClosedBeforeResult,
    /// The result did not come in time.
    NoResultInTime,
}

/// A line for `onLog`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Short and stable, for filters.
    pub code: LogCode,
    /// For support engineers. Never card data, never a whole session.
    pub message: String,
}

/// Codes of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogCode {
    /// The amount is in doubt and is not shown.
    AmountHidden,
    /// An app did not open.
    AppNotOpened,
    /// `onBeforeSubmit` stopped a payment method that has no form.
    BeforeSubmit,
    /// A callback of the merchant's threw.
    CallbackThrew,
    /// Codes changed and could not be drawn again as before.
    CodesChanged,
    /// An inquiry was not answered.
    InquireFailed,
    /// The gateway refused an inquiry.
    InquireRefused,
    /// The component could not be opened.
    OpenFailed,
    /// An option was given that has no effect.
    OptionIgnored,
    /// A submit got no usable answer.
    SubmitSilent,
}

impl LogCode {
    /// The code as the merchant sees it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AmountHidden => "AMOUNT_HIDDEN",
            Self::AppNotOpened => "APP_NOT_OPENED",
            Self::BeforeSubmit => "BEFORE_SUBMIT",
            Self::CallbackThrew => "CALLBACK_THREW",
            Self::CodesChanged => "CODES_CHANGED",
            Self::InquireFailed => "INQUIRE_FAILED",
            Self::InquireRefused => "INQUIRE_REFUSED",
            Self::OpenFailed => "OPEN_FAILED",
            Self::OptionIgnored => "OPTION_IGNORED",
            Self::SubmitSilent => "SUBMIT_SILENT",
        }
    }
}

impl Reason {
    /// The reason as the merchant sees it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ChallengeClosed => "CHALLENGE_CLOSED",
            Self::ChallengeTimeout => "CHALLENGE_TIMEOUT",
            Self::ClosedBeforeResult => "CLOSED_BEFORE_RESULT",
            Self::NoResultInTime => "NO_RESULT_IN_TIME",
        }
    }
}

impl ToJson for Event {
    fn to_json(&self) -> Option<Json> {
        let message = (!self.message.is_empty()).then_some(self.message.as_str());
        let event = Json::object().with("code", &self.code.name()).with("message", &message);
        Some(event.with("result", &self.result))
    }
}

impl ToJson for PaymentOutcome {
    fn to_json(&self) -> Option<Json> {
        let outcome = Json::object()
            .with("result", &self.result)
            .with("paymentStatus", &self.payment_status)
            .with("paymentResultCode", &self.payment_result_code)
            .with("paymentResultMessage", &self.payment_result_message)
            .with("retryable", &self.retryable)
            .with("suggestion", &self.suggestion)
            .with("reason", &self.reason.map(Reason::name))
            .with("cardPaymentResultInfo", &Facts(&self.card_payment_result_info))
            .with("popRiskDecisionResultInfo", &Facts(&self.pop_risk_decision_result_info));
        Some(outcome)
    }
}

/// Facts that the gateway sent. An object without any that are known is left out.
struct Facts<'a, T>(&'a Option<T>);

impl<T: ToJson> ToJson for Facts<'_, T> {
    fn to_json(&self) -> Option<Json> {
        self.0.to_json().filter(|facts| !facts.is_empty())
    }
}

impl ToJson for CallResult {
    fn to_json(&self) -> Option<Json> {
        let result = Json::object()
            .with("resultCode", &self.result_code)
            .with("resultStatus", &self.result_status)
            .with("resultMessage", &self.result_message);
        Some(result)
    }
}

impl ToJson for LogLine {
    fn to_json(&self) -> Option<Json> {
        Some(Json::object().with("code", &self.code.name()).with("message", &self.message))
    }
}

serialize_as_json!(Event, LogLine);

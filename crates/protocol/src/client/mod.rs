//! The client protocol: the SDK in the buyer's browser calls the gateway (`POST /mgw.htm`).
//!
//! A request is a JSON array with one object, its operation is named in the header
//! `Operation-Type`; an answer is one flat JSON object. Names are the published ones; members that
//! Kassa adds are marked "Ours".

mod answer;
mod element;
mod request;
mod token;

pub use answer::{
    ActionForm, AmountView, CardPaymentResultInfo, CodeView, ErrorActions, GatewayAnswer,
    MethodView, MinorAmount, Offer, PaymentExtendInfo, PaymentState, PublishedAnswer, Refusal,
    RiskDecision, SavedMethodDetail, SavedMethodView, SessionConfig,
};
pub use element::{Choice, Element};
pub use request::{
    BillingAddress, BrowserInfo, ChosenMethod, EnvInfo, ExtParams, ExtendInfo, FormValues,
    PaymentFactors, Request,
};
pub use token::{TokenAnswer, TokenRequest};

/// Path of the client protocol on a gateway.
pub const PATH: &str = "/mgw.htm";

/// `errorCode` for a session that is unknown, expired or of the other environment.
pub const SESSION_FAILED: &str = "INQUIRY_PAYMENT_SESSION_FAILED";

/// `Result-Status` header of an answer that the gateway could give. An absent header means the
/// same.
pub const RESULT_STATUS_OK: &str = "1000";

/// The operations of the client protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Returns the state of the payment. Ours.
    Inquire,
    /// Opens a session: returns the amount and the payment methods.
    Query,
    /// Pays.
    Submit,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 3] = [Self::Inquire, Self::Query, Self::Submit];

    /// Value of the `Operation-Type` header.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inquire => "kassa.payment.inquire",
            Self::Query => "com.ipay.iexpcashier.sdkAction.query",
            Self::Submit => "com.ipay.iexpcashier.cashier.submitPayByPaymentSession",
        }
    }

    /// The operation that an `Operation-Type` header names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }
}

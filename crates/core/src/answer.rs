//! What the gateway answers, and how its words become ours.
//!
//! This is the only file that knows the gateway's names for what comes in. Members that it does not
//! name are ignored, and a value that it does not know is kept as text or read as the harmless case:
//! a gateway may grow without breaking pages that are already live.

use crate::events::Facts;
use crate::money::Money;

/// A JSON object that someone else has parsed: the browser's `JSON`, or a library in tests.
pub trait Json: Sized {
    /// A member that is text. Numbers count as text: gateways differ in how they send them.
    fn text(&self, name: &str) -> Option<String>;
    /// A member that is true or false.
    fn flag(&self, name: &str) -> Option<bool>;
    /// A member that is an object.
    fn object(&self, name: &str) -> Option<Self>;
    /// The objects in a member that is an array.
    fn objects(&self, name: &str) -> Vec<Self>;
}

/// What came back from a call, before it is known to be any good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub http: u16,
    /// `Result-Status` header; absent or `1000` is good.
    pub result_status: Option<String>,
    /// `Mgw-TraceId` header, to quote to the gateway's support.
    pub trace: Option<String>,
    /// The body, or `None` when it was not a JSON object.
    pub body: Option<Box<Body>>,
}

/// A body that is a JSON object, in our words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// Whether the gateway did what was asked.
    pub success: bool,
    /// Why not.
    pub error_code: String,
    /// Why not, in words.
    pub error_message: String,
    /// `U` when the gateway does not know what became of the call.
    pub error_status: String,
    /// State of the payment, when there is one.
    pub status: Option<Status>,
    /// The state as it was spelled.
    pub payment_status: String,
    /// The payment's result code.
    pub payment_result_code: String,
    /// The payment's result in words.
    pub payment_result_message: String,
    /// Where the buyer goes on, when somewhere else than here.
    pub next_url: Option<String>,
    /// Whether going there is a 3DS challenge.
    pub challenge: bool,
    /// Path of the card form on the gateway.
    pub frame_url: Option<String>,
    /// The merchant's page for afterwards.
    pub return_url: Option<String>,
    /// Name to show.
    pub merchant_name: Option<String>,
    /// What the buyer pays.
    pub amount: Option<Money>,
    /// The first payment method on offer.
    pub method: Option<Method>,
    /// The environment that the session was made in, from gateways that tell.
    pub environment: Option<String>,
    /// Facts of the card.
    pub card_facts: Option<Facts>,
    /// The risk service's decisions.
    pub risk_facts: Option<Facts>,
}

/// State of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Cancelled by the merchant.
    Cancelled,
    /// Failed.
    Failed,
    /// Not decided, or a state that is newer than this code: neither ends anything.
    Open,
    /// Paid.
    Paid,
}

/// A payment method on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// Its name on the wire, such as `CARD`. An open set.
    pub kind: String,
    /// Its name for people.
    pub name: String,
}

impl Method {
    /// Whether it takes a card form.
    #[must_use]
    pub fn is_card(&self) -> bool {
        self.kind == "CARD"
    }
}

/// `cardPaymentResultInfo`, as the seeds list it.
const CARD_FACTS: [&str; 13] = [
    "cardNo",
    "cardBrand",
    "cardBin",
    "lastFour",
    "issuerName",
    "issuingCountry",
    "funding",
    "avsResultRaw",
    "cvvResultRaw",
    "holdName",
    "fingerprint",
    "expiryMonth",
    "expiryYear",
];

/// `popRiskDecisionResultInfo`, as the seeds list it.
const RISK_FACTS: [&str; 2] = ["riskDecision", "riskAuthDecision"];

impl Body {
    /// Reads a body.
    pub fn read(json: &impl Json) -> Self {
        let text = |name| json.text(name).unwrap_or_default();
        let some = |name| json.text(name).filter(|value| !value.is_empty());
        let payment_status = text("paymentStatus");
        let amount = json.object("paymentAmountView").or_else(|| json.object("orderAmountView"));
        let action = json.object("actionForm");
        Self {
            success: json.flag("success").unwrap_or(false),
            error_code: text("errorCode"),
            error_message: text("errorMessage"),
            error_status: text("errorStatus"),
            status: read_status(&payment_status),
            payment_status,
            payment_result_code: text("paymentResultCode"),
            payment_result_message: text("paymentResultMessage"),
            next_url: some("normalUrl")
                .or_else(|| action.and_then(|a| a.text("redirectUrl")))
                .filter(|url| !url.is_empty()),
            challenge: json.flag("challenge").unwrap_or(false),
            frame_url: some("frameUrl"),
            return_url: some("paymentRedirectUrl"),
            merchant_name: some("merchantName"),
            amount: amount.and_then(|a| Money::parse(&a.text("currency")?, &a.text("value")?)),
            method: json.objects("paymentMethods").first().and_then(read_method),
            environment: some("environment"),
            card_facts: read_facts(json, "cardPaymentResultInfo", &CARD_FACTS),
            risk_facts: read_facts(json, "popRiskDecisionResultInfo", &RISK_FACTS),
        }
    }
}

fn read_status(text: &str) -> Option<Status> {
    match text {
        "" => None,
        "CANCELLED" => Some(Status::Cancelled),
        "FAIL" => Some(Status::Failed),
        "SUCCESS" => Some(Status::Paid),
        _ => Some(Status::Open),
    }
}

fn read_method(json: &impl Json) -> Option<Method> {
    let kind = json.text("paymentMethodType").filter(|kind| !kind.is_empty())?;
    let name = json.text("paymentMethodName").filter(|name| !name.is_empty());
    Some(Method { name: name.unwrap_or_else(|| kind.clone()), kind })
}

fn read_facts(json: &impl Json, member: &str, names: &[&'static str]) -> Option<Facts> {
    let object = json.object(member)?;
    Some(Facts(names.iter().filter_map(|name| Some((*name, object.text(name)?))).collect()))
}

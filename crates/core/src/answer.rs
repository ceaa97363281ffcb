//! What the gateway answers, and how its words become ours.
//!
//! This is the only file that knows the gateway's names for what comes in. Members that it does not
//! name are ignored, and a value that it does not know is kept as text or read as the harmless case:
//! a gateway may grow without breaking pages that are already live.

use std::rc::Rc;

use crate::events::Facts;
use crate::frame::stored_label;
use crate::small::{number, or};

/// A JSON object that someone else has parsed: the browser's `JSON`, or a library in tests.
pub trait Json: Sized {
    /// A member that is text. Numbers count as text: gateways differ in how they send them.
    fn text(&self, name: &str) -> Option<String>;
    /// A member that is true or false.
    fn flag(&self, name: &str) -> Option<bool>;
    /// A member that is an object.
    fn object(&self, name: &str) -> Option<Self>;
    /// The first object in a member that is an array.
    fn first(&self, name: &str) -> Option<Self>;
    /// The JSON of a member that is an array with something in it.
    fn list(&self, name: &str) -> Option<String>;
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
    pub body: Option<Rc<Body>>,
}

/// A body that is a JSON object, read by our words. A text that is absent is empty: for everything
/// here that means the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// Whether the gateway did what was asked.
    pub success: bool,
    /// Whether the issuer wants a 3DS challenge.
    pub challenge: bool,
    /// Facts of the card.
    pub card_facts: Facts,
    /// The risk service's decisions.
    pub risk_facts: Facts,
    texts: Facts,
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

/// Members of an answer that are text.
const TEXTS: [&str; 20] = [
    "applinkUrl",
    "attemptId",
    "challengeUrl",
    "challengeWindowSize",
    "environment",
    "errorCode",
    "errorMessage",
    "errorStatus",
    "expireTime",
    "frameUrl",
    "merchantName",
    "normalUrl",
    "paymentRedirectUrl",
    "paymentResultCode",
    "paymentResultMessage",
    "paymentStatus",
    "schemeUrl",
    "serverTime",
    "threeDSMethodUrl",
    "waitsFor",
];

/// Members that are passed on as the JSON that they are, to those who draw them.
const CODES: &str = "codeFormViews";
const ELEMENTS: &str = "paymentElements";

/// What a payment that is under way asks of the page, by `docs/protocol.md`. The first row there
/// that fits is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next<'a> {
    /// The buyer opens an app.
    App,
    /// The buyer approves somewhere else.
    Approval,
    /// A 3DS challenge in a frame: a path on the gateway.
    Challenge(&'a str),
    /// The buyer uses codes.
    Codes,
    /// Nothing: the buyer's part is complete.
    Nothing,
    /// The whole page goes to this address.
    Page(&'a str),
    /// The 3DS method in a hidden frame: a path on the gateway.
    Prepare(&'a str),
}

impl Body {
    /// Reads a body.
    pub fn read(json: &impl Json) -> Self {
        let amount = json.object("paymentAmountView").or_else(|| json.object("orderAmountView"));
        let mut texts = Facts::read(json, &TEXTS);
        let method = json.first("paymentMethods");
        let stored = json.first("savedPaymentMethods");
        for (name, list) in [
            (CODES, json.list(CODES)),
            (ELEMENTS, method.as_ref().and_then(|method| method.list(ELEMENTS))),
        ] {
            if let Some(list) = list {
                texts.0.push((name, list));
            }
        }
        let detail = stored.as_ref().and_then(|stored| stored.object("paymentMethodDetail"));
        for (object, names) in [
            (amount, ["currency", "value"].as_slice()),
            (json.object("actionForm"), &["redirectUrl"]),
            (json.first(CODES), &["codeExpireTime"]),
            (method, &["paymentMethodType"]),
            (stored, &["paymentMethodId"]),
            (detail, &["brand", "last4"]),
        ] {
            if let Some(object) = object {
                texts.add(&object, names);
            }
        }
        let facts = |name, names| match json.object(name) {
            Some(object) => Facts::read(&object, names),
            None => Facts::default(),
        };
        Self {
            success: json.flag("success") == Some(true),
            challenge: json.flag("challenge") == Some(true),
            card_facts: facts("cardPaymentResultInfo", &CARD_FACTS),
            risk_facts: facts("popRiskDecisionResultInfo", &RISK_FACTS),
            texts,
        }
    }

    /// What a gateway would have said that refuses with this code and these words.
    pub(crate) fn refusal(code: String, message: String) -> Self {
        let texts = Facts(vec![("errorCode", code), ("errorMessage", message)]);
        Self { texts, ..Self::default() }
    }

    /// State of the payment, when there is one.
    #[must_use]
    #[inline(never)]
    pub fn status(&self) -> Option<Status> {
        match self.payment_status() {
            "" => None,
            "CANCELLED" => Some(Status::Cancelled),
            "FAIL" => Some(Status::Failed),
            "SUCCESS" => Some(Status::Paid),
            _ => Some(Status::Open),
        }
    }

    /// The state as it was spelled.
    #[must_use]
    pub fn payment_status(&self) -> &str {
        self.texts.text("paymentStatus")
    }

    /// Whether a refusal leaves open what became of the payment.
    #[must_use]
    pub fn leaves_it_open(&self) -> bool {
        self.error_status() == "U"
            || matches!(
                self.error_code(),
                "UNKNOWN_EXCEPTION" | "PAYMENT_IN_PROCESS" | "REQUEST_TRAFFIC_EXCEED_LIMIT"
            )
    }

    /// Why the gateway did not do what was asked.
    #[must_use]
    pub fn error_code(&self) -> &str {
        self.texts.text("errorCode")
    }

    /// `U` when the gateway does not know what became of the call.
    #[must_use]
    pub fn error_status(&self) -> &str {
        self.texts.text("errorStatus")
    }

    /// Why not, in words.
    #[must_use]
    pub fn error_message(&self) -> &str {
        self.texts.text("errorMessage")
    }

    /// The payment's result code.
    #[must_use]
    pub fn payment_result_code(&self) -> &str {
        self.texts.text("paymentResultCode")
    }

    /// The payment's result in words.
    #[must_use]
    pub fn payment_result_message(&self) -> &str {
        self.texts.text("paymentResultMessage")
    }

    /// Where the buyer goes on, when somewhere else than here.
    #[must_use]
    #[inline(never)]
    pub fn next_url(&self) -> &str {
        match self.texts.text("normalUrl") {
            "" => self.texts.text("redirectUrl"),
            url => url,
        }
    }

    /// What a payment that is under way asks of the page.
    #[must_use]
    pub fn next(&self, phone: bool) -> Next<'_> {
        let (method, frame) = (self.texts.text("threeDSMethodUrl"), self.challenge_url());
        let page = self.next_url();
        if !method.is_empty() {
            Next::Prepare(method)
        } else if self.challenge && !frame.is_empty() {
            Next::Challenge(frame)
        } else if self.challenge && !page.is_empty() {
            Next::Page(page)
        } else if !self.codes().is_empty() {
            Next::Codes
        } else if !self.texts.text("waitsFor").is_empty() {
            Next::Approval
        } else if (phone || page.is_empty()) && self.app_urls() != ["", ""] {
            Next::App
        } else if !page.is_empty() {
            Next::Page(page)
        } else {
            Next::Nothing
        }
    }

    /// Path of the challenge on the gateway, when it can be in a frame.
    #[must_use]
    pub fn challenge_url(&self) -> &str {
        self.texts.text("challengeUrl")
    }

    /// EMVCo's code of the challenge's size, such as `02`.
    #[must_use]
    pub fn challenge_size(&self) -> &str {
        self.texts.text("challengeWindowSize")
    }

    /// Links that open an app: the app's own page, and its scheme.
    #[must_use]
    pub fn app_urls(&self) -> [&str; 2] {
        ["applinkUrl", "schemeUrl"].map(|name| self.texts.text(name))
    }

    /// Codes to pay with, as JSON, or empty.
    #[must_use]
    pub fn codes(&self) -> &str {
        self.texts.text(CODES)
    }

    /// Fields to fill in, as JSON, or empty.
    #[must_use]
    pub fn elements(&self) -> &str {
        self.texts.text(ELEMENTS)
    }

    /// How long what the gateway waits for is good, in milliseconds by the gateway's own clock.
    /// `None` where it does not say.
    #[must_use]
    pub fn time_left(&self) -> Option<u32> {
        let until = or(self.texts.text("codeExpireTime"), self.texts.text("expireTime"));
        let left = number(until)?.saturating_sub(number(self.texts.text("serverTime"))?);
        Some(u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// Whether the money may take days.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.payment_status() == "PENDING"
    }

    /// Id of the stored card that the session is for, or empty.
    #[must_use]
    pub fn stored_card(&self) -> &str {
        self.texts.text("paymentMethodId")
    }

    /// The stored card in words, such as `VISA •••• 0768`.
    #[must_use]
    pub fn stored_label(&self) -> String {
        stored_label(self.texts.text("brand"), self.texts.text("last4"))
    }

    /// Path of the card form on the gateway.
    #[must_use]
    pub fn frame_url(&self) -> &str {
        self.texts.text("frameUrl")
    }

    /// The merchant's page for afterwards.
    #[must_use]
    pub fn return_url(&self) -> &str {
        self.texts.text("paymentRedirectUrl")
    }

    /// Name to show.
    #[must_use]
    pub fn merchant_name(&self) -> &str {
        self.texts.text("merchantName")
    }

    /// What the buyer pays in: an ISO 4217 code.
    #[must_use]
    pub fn currency(&self) -> &str {
        self.texts.text("currency")
    }

    /// What the buyer pays, in minor units.
    #[must_use]
    pub fn amount(&self) -> &str {
        self.texts.text("value")
    }

    /// The first payment method on offer, such as `CARD`. An open set.
    #[must_use]
    pub fn method(&self) -> &str {
        self.texts.text("paymentMethodType")
    }

    /// The attempt that the state is of, from gateways that tell.
    #[must_use]
    pub fn attempt_id(&self) -> &str {
        self.texts.text("attemptId")
    }

    /// The environment that the session was made in, from gateways that tell.
    #[must_use]
    pub fn environment(&self) -> &str {
        self.texts.text("environment")
    }
}

//! A gateway that keeps to `docs/protocol.md`: it tells one story per session, and never takes back
//! what it has said.

use serde_json::{Value, json};

use crate::support::Value as Wire;
use kassa_core::answer::{Body, Reply};
use kassa_core::call::Operation;

/// How sessions are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    App,
    Approval,
    Bank,
    Card,
    Codes,
    Fields,
}

pub(crate) const KINDS: [Kind; 6] =
    [Kind::App, Kind::Approval, Kind::Bank, Kind::Card, Kind::Codes, Kind::Fields];

/// How a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    App { scheme: bool, applink: bool, page: bool },
    Approval { seconds: Option<u32> },
    Bank { form: bool },
    BlockedBank,
    Cancelled,
    ChallengeAgain,
    ChallengeFrame,
    ChallengePage,
    Codes { seconds: Option<u32>, pending: bool },
    Failed { code: &'static str },
    New,
    Paid,
    Pending,
    Prepare,
    Processing,
}

/// What a gateway can do with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Answers with a fault. What was asked may have been done.
    Fault { done: Option<Stage>, http: u16, status: Option<&'static str>, words: bool },
    /// The connection breaks.
    Lost { done: Option<Stage> },
    /// No payment, and here is what can be done.
    Offer,
    /// Says no.
    Refuse { code: &'static str, undecided: bool },
    /// Tells how the payment stands, which may have changed.
    Stands(Stage),
    /// Says yes and no more: there is no payment.
    Unknown,
}

#[derive(Debug, Clone)]
pub(crate) struct Gateway {
    pub(crate) kind: Kind,
    /// Whether a query of a session that nobody has paid yet has the addresses with it.
    pub(crate) addresses: bool,
    /// Where the buyer goes afterwards.
    pub(crate) back: Option<&'static str>,
    /// Whether it tells of which attempt it speaks.
    pub(crate) tells_attempt: bool,
    /// How the payment stands, and of which attempt.
    pub(crate) payment: Option<(Stage, String)>,
    /// Of the submit that is under way.
    pub(crate) submitting: String,
    /// Since the codes or the approval were given out, milliseconds of the page's clock.
    pub(crate) since: u32,
}

/// Declines that leave the session usable, and those that do not.
const DECLINES: [&str; 5] =
    ["DO_NOT_HONOR", "CARD_EXPIRED", "USER_CANCELED", "FRAUD_REJECT", "ORDER_IS_CLOSED"];

impl Gateway {
    /// What it can do with this call, by the rules.
    pub(crate) fn deeds(&self, operation: Operation, attempt: &str) -> Vec<Deed> {
        let mut deeds = Vec::new();
        let fault = |http, status, words| Deed::Fault { done: None, http, status, words };
        match operation {
            Operation::Query => {
                let told = self.payment.as_ref().map_or(Deed::Offer, |(at, _)| Deed::Stands(*at));
                deeds.extend([told; 12]);
                deeds.push(Deed::Refuse {
                    code: "INQUIRY_PAYMENT_SESSION_FAILED",
                    undecided: false,
                });
            }
            Operation::Submit => {
                // The same attempt again is the same payment, and so is one that is under way.
                let known = self.payment.as_ref().filter(|(at, of)| of == attempt || at.is_open());
                if let Some((stage, _)) = known {
                    deeds.extend(stage.later(self.kind).into_iter().map(Deed::Stands));
                    deeds.extend([Deed::Stands(*stage); 4]);
                } else {
                    let starts = Stage::starts(self.kind);
                    for stage in &starts {
                        deeds.extend([Deed::Stands(*stage); 3]);
                        deeds.push(Deed::Lost { done: Some(*stage) });
                    }
                    let done = Some(starts[0]);
                    deeds.push(Deed::Fault { done, http: 502, status: None, words: false });
                    for (code, undecided) in [
                        ("CARD_EXPIRED", false),
                        ("FRAUD_REJECT", false),
                        ("PAYMENT_IN_PROCESS", false),
                        ("UNKNOWN_EXCEPTION", true),
                    ] {
                        deeds.push(Deed::Refuse { code, undecided });
                    }
                    deeds.push(Deed::Unknown);
                }
            }
            Operation::Inquire => {
                if let Some((stage, _)) = &self.payment {
                    deeds.extend(stage.later(self.kind).into_iter().map(Deed::Stands));
                    deeds.extend([Deed::Stands(*stage); 4]);
                } else {
                    deeds.extend([Deed::Unknown; 8]);
                }
                deeds.push(Deed::Refuse { code: "REQUEST_TRAFFIC_EXCEED_LIMIT", undecided: true });
            }
        }
        deeds.push(Deed::Lost { done: None });
        deeds.push(fault(500, None, true));
        deeds.push(fault(502, None, false));
        deeds.push(fault(200, Some("1002"), true));
        deeds
    }

    /// Does it, and gives the answer unless it was lost.
    pub(crate) fn answer(&mut self, deed: Deed, attempt: &str, now: u32) -> Option<Answer> {
        match deed {
            Deed::Lost { done } => {
                self.note(done, attempt, now);
                None
            }
            Deed::Fault { done, http, status, words } => {
                self.note(done, attempt, now);
                // What stands beside a fault is not to be believed.
                let body = words.then(|| json!({"success": true, "paymentStatus": "SUCCESS"}));
                Some(Answer { http, status, body })
            }
            Deed::Offer => Some(Answer::good(self.offer(now))),
            Deed::Refuse { code, undecided } => {
                let mut body = json!({"success": false, "errorCode": code});
                if undecided {
                    body["errorStatus"] = "U".into();
                }
                Some(Answer::good(body))
            }
            Deed::Stands(stage) => {
                self.note(Some(stage), attempt, now);
                let mut body = self.facts(now);
                // A query tells of the session as well.
                if attempt.is_empty() && self.submitting.is_empty() {
                    self.describe(&mut body);
                }
                Some(Answer::good(body))
            }
            Deed::Unknown => Some(Answer::good(json!({"success": true}))),
        }
    }

    fn note(&mut self, stage: Option<Stage>, attempt: &str, now: u32) {
        let Some(stage) = stage else { return };
        let changed = self.payment.as_ref().is_none_or(|(before, _)| *before != stage);
        if changed {
            self.since = now;
        }
        let open = self.payment.take().filter(|(before, _)| before.is_open() || attempt.is_empty());
        let of = open.map_or(attempt.to_owned(), |(_, of)| of);
        self.payment = Some((stage, of));
    }

    /// How the payment stands, on the wire.
    fn facts(&self, now: u32) -> Value {
        let (stage, of) = self.payment.clone().expect("there is a payment");
        let mut body = stage.body();
        body["success"] = true.into();
        let server = u64::from(now) + 1_700_000_000_000;
        body["serverTime"] = server.to_string().into();
        if self.tells_attempt && !of.is_empty() {
            body["attemptId"] = of.into();
        }
        let until = |seconds: u32| {
            let end = u64::from(self.since) + 1_700_000_000_000 + u64::from(seconds) * 1_000;
            Value::from(end.to_string())
        };
        match stage {
            Stage::Codes { seconds: Some(seconds), .. } => {
                body["codeFormViews"][0]["codeExpireTime"] = until(seconds);
            }
            Stage::Approval { seconds: Some(seconds) } => body["expireTime"] = until(seconds),
            _ => {}
        }
        body
    }

    fn offer(&self, now: u32) -> Value {
        let mut body = json!({"success": true, "serverTime": (u64::from(now) + 1_700_000_000_000).to_string()});
        self.describe(&mut body);
        if self.addresses {
            match self.kind {
                Kind::Bank => body["normalUrl"] = "https://bank.example/pay?key=hush1".into(),
                Kind::App => {
                    body["applinkUrl"] = "https://app.example/pay?key=hush2".into();
                    body["schemeUrl"] = "wallet://pay?key=hush3".into();
                    body["normalUrl"] = "https://pay.example/app?key=hush4".into();
                }
                Kind::Approval | Kind::Card | Kind::Codes | Kind::Fields => {}
            }
        }
        body
    }

    fn describe(&self, body: &mut Value) {
        let method = match self.kind {
            Kind::App => json!({"paymentMethodType": "GCASH"}),
            Kind::Approval => json!({"paymentMethodType": "MBWAY"}),
            Kind::Bank => json!({"paymentMethodType": "ONLINEBANKING_FPX"}),
            Kind::Card => json!({"paymentMethodType": "CARD"}),
            Kind::Codes => json!({"paymentMethodType": "PIX"}),
            Kind::Fields => json!({"paymentMethodType": "BLIK", "paymentElements": [
                {"paymentElementKey": "blikCode", "elementType": "BLIK"}]}),
        };
        body["paymentMethods"] = json!([method]);
        if self.kind == Kind::Card {
            body["frameUrl"] = "/frame/card?client=hush5".into();
        }
        if let Some(back) = self.back {
            body["paymentRedirectUrl"] = back.into();
        }
    }
}

impl Stage {
    /// Whether more will come of it.
    pub(crate) fn is_open(self) -> bool {
        !matches!(self, Self::Paid | Self::Failed { .. } | Self::Cancelled)
    }

    /// How a payment may begin.
    fn starts(kind: Kind) -> Vec<Self> {
        let mut all = match kind {
            Kind::Card => vec![
                Self::Processing,
                Self::Prepare,
                Self::ChallengeFrame,
                Self::ChallengePage,
                Self::Paid,
                Self::Paid,
            ],
            Kind::Bank => vec![
                Self::Bank { form: false },
                Self::Bank { form: true },
                Self::BlockedBank,
                Self::ChallengePage,
            ],
            Kind::App => Self::apps(),
            Kind::Codes => Self::codes(),
            Kind::Approval => {
                vec![Self::Approval { seconds: Some(120) }, Self::Approval { seconds: None }]
            }
            Kind::Fields => {
                let mut all = Self::codes();
                all.push(Self::Approval { seconds: Some(60) });
                all.push(Self::Bank { form: true });
                all.push(Self::Processing);
                all.push(Self::Paid);
                all
            }
        };
        all.extend(DECLINES.map(|code| Self::Failed { code }));
        all
    }

    /// How a payment may stand when a component opens.
    pub(crate) fn possible(kind: Kind) -> Vec<Self> {
        let mut all = Self::starts(kind);
        all.extend([Self::Processing, Self::Pending, Self::New, Self::Paid, Self::Cancelled]);
        all
    }

    fn apps() -> Vec<Self> {
        let mut all = Vec::new();
        for (scheme, applink) in [(true, false), (false, true), (true, true)] {
            for page in [true, false] {
                all.push(Self::App { scheme, applink, page });
            }
        }
        all
    }

    fn codes() -> Vec<Self> {
        let mut all = Vec::new();
        for seconds in [Some(120), Some(480), None] {
            for pending in [true, false] {
                all.push(Self::Codes { seconds, pending });
            }
        }
        all
    }

    /// What may become of it.
    fn later(self, kind: Kind) -> Vec<Self> {
        let mut all = match self {
            Self::Cancelled | Self::Failed { .. } | Self::Paid => return vec![],
            Self::Prepare => vec![Self::ChallengeFrame, Self::ChallengePage, Self::Processing],
            Self::ChallengeFrame => {
                vec![Self::ChallengeAgain, Self::ChallengePage, Self::Processing]
            }
            Self::Codes { pending: true, .. } => vec![Self::Pending],
            Self::New | Self::Pending => vec![],
            Self::Processing if kind == Kind::Bank => vec![Self::New, Self::Pending],
            Self::Processing => vec![Self::New],
            Self::App { .. }
            | Self::Approval { .. }
            | Self::Bank { .. }
            | Self::BlockedBank
            | Self::ChallengeAgain
            | Self::ChallengePage
            | Self::Codes { .. } => vec![Self::Processing],
        };
        all.extend([Self::Paid, Self::Paid, Self::Paid, Self::Cancelled]);
        all.extend(DECLINES.map(|code| Self::Failed { code }));
        all
    }

    fn body(self) -> Value {
        match self {
            Self::App { scheme, applink, page } => {
                let mut body = json!({"paymentStatus": "PROCESSING"});
                if scheme {
                    body["schemeUrl"] = "wallet://pay?key=hush6".into();
                }
                if applink {
                    body["applinkUrl"] = "https://app.example/pay?key=hush7".into();
                }
                if page {
                    body["normalUrl"] = "https://pay.example/app?key=hush8".into();
                }
                body
            }
            Self::Approval { .. } => {
                json!({"paymentStatus": "PROCESSING", "waitsFor": "APPROVAL"})
            }
            Self::Bank { form: false } => json!({"paymentStatus": "PROCESSING",
                "normalUrl": "https://bank.example/pay?key=hush9"}),
            Self::Bank { form: true } => json!({"paymentStatus": "PROCESSING",
                "actionForm": {"redirectUrl": "https://bank.example/form?key=hush10"}}),
            Self::BlockedBank => json!({"paymentStatus": "PROCESSING",
                "normalUrl": "javascript:alert('hush11')"}),
            Self::Cancelled => json!({"paymentStatus": "CANCELLED"}),
            Self::ChallengeAgain => json!({"paymentStatus": "PROCESSING", "challenge": true,
                "challengeUrl": "/3ds/challenge/2?key=hush15"}),
            Self::ChallengeFrame => json!({"paymentStatus": "PROCESSING", "challenge": true,
                "challengeUrl": "/3ds/challenge/1?key=hush12", "challengeWindowSize": "02"}),
            Self::ChallengePage => json!({"paymentStatus": "PROCESSING", "challenge": true,
                "actionForm": {"redirectUrl": "https://acs.example/3ds?creq=hush13"}}),
            Self::Codes { pending, .. } => json!({
                "paymentStatus": if pending { "PENDING" } else { "PROCESSING" },
                "codeFormViews": [{"code": "hush-code", "displayType": "QRCODE"}]}),
            Self::Failed { code } => json!({"paymentStatus": "FAIL", "paymentResultCode": code}),
            Self::New => json!({"paymentStatus": "BRAND_NEW_STATE"}),
            Self::Paid => json!({"paymentStatus": "SUCCESS"}),
            Self::Pending => json!({"paymentStatus": "PENDING"}),
            Self::Prepare => json!({"paymentStatus": "PROCESSING",
                "threeDSMethodUrl": "/3ds/method/1?key=hush14"}),
            Self::Processing => json!({"paymentStatus": "PROCESSING"}),
        }
    }
}

/// What came back over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) http: u16,
    pub(crate) status: Option<&'static str>,
    pub(crate) body: Option<Value>,
}

impl Answer {
    fn good(body: Value) -> Self {
        Self { http: 200, status: Some("1000"), body: Some(body) }
    }

    /// As the machine gets it.
    pub(crate) fn reply(&self) -> Reply {
        let read = |body: &Value| std::rc::Rc::new(Body::read(&Wire(body.clone())));
        Reply {
            http: self.http,
            result_status: self.status.map(Into::into),
            trace: None,
            body: self.body.as_ref().map(read),
        }
    }
}

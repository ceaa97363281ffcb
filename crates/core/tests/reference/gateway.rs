//! A gateway that keeps to `docs/protocol.md`: the payment of a session only goes forward, and no
//! answer contradicts an earlier one.

use kassa_core::reply::HttpReply;
use kassa_protocol::client::{GatewayAnswer, Operation};
use kassa_protocol::json::{ReadError, read};
use serde_json::{Value, json};

/// The payment method of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MethodKind {
    App,
    Approval,
    Bank,
    Card,
    Codes,
    Fields,
}

pub(crate) const KINDS: [MethodKind; 6] = [
    MethodKind::App,
    MethodKind::Approval,
    MethodKind::Bank,
    MethodKind::Card,
    MethodKind::Codes,
    MethodKind::Fields,
];

/// The state of a payment.
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
    Processing,
    ThreeDsMethod,
}

/// A possible reaction of the gateway to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GatewayAction {
    /// Answers with a fault. The operation may have been done all the same.
    Fault { done: Option<Stage>, http: u16, status: Option<&'static str>, has_body: bool },
    /// The connection breaks.
    Lost { done: Option<Stage> },
    /// Answers with the offer: the session has no payment.
    Offer,
    /// Refuses.
    Refuse { code: &'static str, undecided: bool },
    /// Answers with the payment's state, which may have changed.
    Stands(Stage),
    /// Answers success and nothing else: there is no payment.
    Unknown,
}

#[derive(Debug, Clone)]
pub(crate) struct Gateway {
    pub(crate) kind: MethodKind,
    /// Whether the answer to a query of an unpaid session has the addresses.
    pub(crate) addresses: bool,
    /// The merchant's page for the buyer after the payment.
    pub(crate) return_page: Option<&'static str>,
    /// Whether answers name the attempt that a payment is of.
    pub(crate) names_attempt: bool,
    /// The payment's state, and its attempt.
    pub(crate) payment: Option<(Stage, String)>,
    /// Of the submit that is under way.
    pub(crate) submitting: String,
    /// When the codes or the approval were issued, milliseconds of the page's clock.
    pub(crate) since: u32,
}

/// Declines that leave the session usable, and those that do not.
const DECLINES: [&str; 5] =
    ["DO_NOT_HONOR", "CARD_EXPIRED", "USER_CANCELED", "FRAUD_REJECT", "ORDER_IS_CLOSED"];

impl Gateway {
    /// The reactions to this call that the rules allow.
    pub(crate) fn actions(&self, operation: Operation, attempt: &str) -> Vec<GatewayAction> {
        let mut actions = Vec::new();
        let fault =
            |http, status, has_body| GatewayAction::Fault { done: None, http, status, has_body };
        match operation {
            Operation::Query => {
                let usual = self
                    .payment
                    .as_ref()
                    .map_or(GatewayAction::Offer, |(at, _)| GatewayAction::Stands(*at));
                actions.extend([usual; 12]);
                actions.push(GatewayAction::Refuse {
                    code: "INQUIRY_PAYMENT_SESSION_FAILED",
                    undecided: false,
                });
            }
            Operation::Submit => {
                // The same attempt again is the same payment, and so is one that is under way.
                let known = self.payment.as_ref().filter(|(at, of)| of == attempt || at.is_open());
                if let Some((stage, _)) = known {
                    actions.extend(stage.later(self.kind).into_iter().map(GatewayAction::Stands));
                    actions.extend([GatewayAction::Stands(*stage); 4]);
                } else {
                    let starts = Stage::starts(self.kind);
                    for stage in &starts {
                        actions.extend([GatewayAction::Stands(*stage); 3]);
                        actions.push(GatewayAction::Lost { done: Some(*stage) });
                    }
                    let done = Some(starts[0]);
                    actions.push(GatewayAction::Fault {
                        done,
                        http: 502,
                        status: None,
                        has_body: false,
                    });
                    for (code, undecided) in [
                        ("CARD_EXPIRED", false),
                        ("FRAUD_REJECT", false),
                        ("PAYMENT_IN_PROCESS", false),
                        ("UNKNOWN_EXCEPTION", true),
                    ] {
                        actions.push(GatewayAction::Refuse { code, undecided });
                    }
                    actions.push(GatewayAction::Unknown);
                }
            }
            Operation::Inquire => {
                if let Some((stage, _)) = &self.payment {
                    actions.extend(stage.later(self.kind).into_iter().map(GatewayAction::Stands));
                    actions.extend([GatewayAction::Stands(*stage); 4]);
                } else {
                    actions.extend([GatewayAction::Unknown; 8]);
                }
                actions.push(GatewayAction::Refuse {
                    code: "REQUEST_TRAFFIC_EXCEED_LIMIT",
                    undecided: true,
                });
            }
        }
        actions.push(GatewayAction::Lost { done: None });
        actions.push(fault(500, None, true));
        actions.push(fault(502, None, false));
        actions.push(fault(200, Some("1002"), true));
        actions
    }

    /// Does the action, and returns the answer unless it was lost.
    pub(crate) fn answer(
        &mut self,
        action: GatewayAction,
        attempt: &str,
        now: u32,
    ) -> Option<Answer> {
        match action {
            GatewayAction::Lost { done } => {
                self.note(done, attempt, now);
                None
            }
            GatewayAction::Fault { done, http, status, has_body } => {
                self.note(done, attempt, now);
                // The body of a fault has no meaning.
                let body = has_body.then(|| json!({"success": true, "paymentStatus": "SUCCESS"}));
                Some(Answer { http, status, body })
            }
            GatewayAction::Offer => Some(Answer::good(self.offer(now))),
            GatewayAction::Refuse { code, undecided } => {
                let mut body = json!({"success": false, "errorCode": code});
                if undecided {
                    body["errorStatus"] = "U".into();
                }
                Some(Answer::good(body))
            }
            GatewayAction::Stands(stage) => {
                self.note(Some(stage), attempt, now);
                let mut body = self.payment_members(now);
                // An answer to a query describes the session as well.
                if attempt.is_empty() && self.submitting.is_empty() {
                    self.describe(&mut body);
                }
                Some(Answer::good(body))
            }
            GatewayAction::Unknown => Some(Answer::good(json!({"success": true}))),
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

    /// The payment's state on the wire.
    fn payment_members(&self, now: u32) -> Value {
        let (stage, of) = self.payment.clone().expect("there is a payment");
        let mut body = stage.body();
        body["success"] = true.into();
        let server = u64::from(now) + 1_700_000_000_000;
        body["serverTime"] = server.to_string().into();
        if self.names_attempt && !of.is_empty() {
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
                MethodKind::Bank => {
                    body["normalUrl"] = "https://bank.example/pay?key=secret1".into()
                }
                MethodKind::App => {
                    body["applinkUrl"] = "https://app.example/pay?key=secret2".into();
                    body["schemeUrl"] = "wallet://pay?key=secret3".into();
                    body["normalUrl"] = "https://pay.example/app?key=secret4".into();
                }
                MethodKind::Approval
                | MethodKind::Card
                | MethodKind::Codes
                | MethodKind::Fields => {}
            }
        }
        body
    }

    fn describe(&self, body: &mut Value) {
        let method = match self.kind {
            MethodKind::App => json!({"paymentMethodType": "GCASH"}),
            MethodKind::Approval => json!({"paymentMethodType": "MBWAY"}),
            MethodKind::Bank => json!({"paymentMethodType": "ONLINEBANKING_FPX"}),
            MethodKind::Card => json!({"paymentMethodType": "CARD"}),
            MethodKind::Codes => json!({"paymentMethodType": "PIX"}),
            MethodKind::Fields => json!({"paymentMethodType": "BLIK", "paymentElements": [
                {"paymentElementKey": "blikCode", "elementType": "BLIK"}]}),
        };
        body["paymentMethods"] = json!([method]);
        if self.kind == MethodKind::Card {
            body["frameUrl"] = "/frame/card?client=secret5".into();
        }
        if let Some(page) = self.return_page {
            body["paymentRedirectUrl"] = page.into();
        }
    }
}

impl Stage {
    /// Whether the payment is undecided.
    pub(crate) fn is_open(self) -> bool {
        !matches!(self, Self::Paid | Self::Failed { .. } | Self::Cancelled)
    }

    /// The possible first states of a payment.
    fn starts(kind: MethodKind) -> Vec<Self> {
        let mut all = match kind {
            MethodKind::Card => vec![
                Self::Processing,
                Self::ThreeDsMethod,
                Self::ChallengeFrame,
                Self::ChallengePage,
                Self::Paid,
                Self::Paid,
            ],
            MethodKind::Bank => vec![
                Self::Bank { form: false },
                Self::Bank { form: true },
                Self::BlockedBank,
                Self::ChallengePage,
            ],
            MethodKind::App => Self::apps(),
            MethodKind::Codes => Self::codes(),
            MethodKind::Approval => {
                vec![Self::Approval { seconds: Some(120) }, Self::Approval { seconds: None }]
            }
            MethodKind::Fields => {
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

    /// The possible states of a payment when a component opens.
    pub(crate) fn possible(kind: MethodKind) -> Vec<Self> {
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

    /// The stages that can follow.
    fn later(self, kind: MethodKind) -> Vec<Self> {
        let mut all = match self {
            Self::Cancelled | Self::Failed { .. } | Self::Paid => return vec![],
            Self::ThreeDsMethod => {
                vec![Self::ChallengeFrame, Self::ChallengePage, Self::Processing]
            }
            Self::ChallengeFrame => {
                vec![Self::ChallengeAgain, Self::ChallengePage, Self::Processing]
            }
            Self::Codes { pending: true, .. } => vec![Self::Pending],
            Self::New | Self::Pending => vec![],
            Self::Processing if kind == MethodKind::Bank => vec![Self::New, Self::Pending],
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
                    body["schemeUrl"] = "wallet://pay?key=secret6".into();
                }
                if applink {
                    body["applinkUrl"] = "https://app.example/pay?key=secret7".into();
                }
                if page {
                    body["normalUrl"] = "https://pay.example/app?key=secret8".into();
                }
                body
            }
            Self::Approval { .. } => {
                json!({"paymentStatus": "PROCESSING", "waitsFor": "APPROVAL"})
            }
            Self::Bank { form: false } => json!({"paymentStatus": "PROCESSING",
                "normalUrl": "https://bank.example/pay?key=secret9"}),
            Self::Bank { form: true } => json!({"paymentStatus": "PROCESSING",
                "actionForm": {"redirectUrl": "https://bank.example/form?key=secret10"}}),
            Self::BlockedBank => json!({"paymentStatus": "PROCESSING",
                "normalUrl": "javascript:alert('secret11')"}),
            Self::Cancelled => json!({"paymentStatus": "CANCELLED"}),
            Self::ChallengeAgain => json!({"paymentStatus": "PROCESSING", "challenge": true,
                "challengeUrl": "/3ds/challenge/2?key=secret15"}),
            Self::ChallengeFrame => json!({"paymentStatus": "PROCESSING", "challenge": true,
                "challengeUrl": "/3ds/challenge/1?key=secret12", "challengeWindowSize": "02"}),
            Self::ChallengePage => json!({"paymentStatus": "PROCESSING", "challenge": true,
                "actionForm": {"redirectUrl": "https://acs.example/3ds?creq=secret13"}}),
            Self::Codes { pending, .. } => json!({
                "paymentStatus": if pending { "PENDING" } else { "PROCESSING" },
                "codeFormViews": [{"code": "secret-code", "displayType": "QRCODE"}]}),
            Self::Failed { code } => json!({"paymentStatus": "FAIL", "paymentResultCode": code}),
            Self::New => json!({"paymentStatus": "BRAND_NEW_STATE"}),
            Self::Paid => json!({"paymentStatus": "SUCCESS"}),
            Self::Pending => json!({"paymentStatus": "PENDING"}),
            Self::ThreeDsMethod => json!({"paymentStatus": "PROCESSING",
                "threeDSMethodUrl": "/3ds/method/1?key=secret14"}),
            Self::Processing => json!({"paymentStatus": "PROCESSING"}),
        }
    }
}

/// An answer of the gateway.
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

    /// As the machine receives it.
    pub(crate) fn reply(&self) -> HttpReply {
        let answer = self.body.as_ref().map_or(Err(ReadError::OtherKind), read::<GatewayAnswer>);
        HttpReply {
            status: self.http,
            result_status: self.status.map(Into::into),
            trace_id: None,
            answer: answer.map(Box::new),
        }
    }
}

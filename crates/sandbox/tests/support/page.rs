//! A page that pays: its requests are written, and the answers read, as the SDK does both.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Mutex;

use kassa_protocol::client::Operation::{Inquire, Query, Submit};
use kassa_protocol::client::{
    ChosenMethod, EnvInfo, ExtParams, GatewayAnswer, Operation, PaymentFactors, PublishedAnswer,
    Request, TokenAnswer, TokenRequest,
};
use kassa_protocol::json::{FromJson, read};
use kassa_protocol::{Secret, ThreeDsCompInd};
use kassa_sandbox::app::DEMO_CLIENT;
use kassa_sandbox::domain::payment::Decision;
use kassa_sandbox::domain::session;
use kassa_sandbox::payments;
use serde::Serialize;
use serde_json::{Value, json, to_value};

use super::methods::{elements, fill, leaves};
use super::{GOOD, Made, Sandbox, json_of};

/// The members of all answers that were read, by path, and the values of those that are
/// enumerations.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<BTreeSet<String>>);

/// Members whose values are enumerations.
const ENUMERATIONS: [&str; 12] = [
    "challengeWindowSize",
    "displayType",
    "elementType",
    "interActionType",
    "paymentMethodCategoryType",
    "paymentStatus",
    "productSceneVersion",
    "riskAuthDecision",
    "riskDecision",
    "showType",
    "success",
    "waitsFor",
];

impl Seen {
    /// Reads an answer with the SDK's reader, and checks that the SDK's writer gives the same text
    /// for the value.
    pub(crate) fn read<A: FromJson + Serialize + Debug>(&self, body: &Value) -> A {
        let answer: A = read(body).unwrap_or_else(|error| panic!("{error:?}: {body}"));
        assert_eq!(to_value(&answer).unwrap(), *body);
        self.note("", body);
        answer
    }

    /// Reads an answer that has unknown members besides.
    pub(crate) fn read_with_unknown<A: FromJson + Serialize>(&self, body: &Value) -> A {
        let answer: A = read(body).unwrap();
        let mut expected = body.clone();
        remove(&mut expected, "fromTheFuture");
        assert_ne!(expected, *body);
        assert_eq!(to_value(&answer).unwrap(), expected);
        answer
    }

    fn note(&self, path: &str, json: &Value) {
        match json {
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                let point = if path.is_empty() { "" } else { "." };
                self.note(&format!("{path}{point}{name}"), value);
            }),
            Value::Array(items) => items.iter().for_each(|item| self.note(path, item)),
            leaf @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                let name = path.rsplit('.').next().unwrap();
                let value = leaf.as_str().map_or_else(|| leaf.to_string(), str::to_owned);
                let is_enumeration = ENUMERATIONS.contains(&name);
                let kind = if is_enumeration { format!("{path} {value}") } else { path.to_owned() };
                self.0.lock().unwrap().insert(kind);
            }
        }
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().cloned().collect()
    }
}

/// Removes a member from every object.
fn remove(json: &mut Value, name: &str) {
    match json {
        Value::Object(members) => {
            members.remove(name);
            members.values_mut().for_each(|value| remove(value, name));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| remove(item, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A page with a session.
pub(crate) struct Page<'s> {
    pub(crate) sandbox: &'s Sandbox,
    pub(crate) seen: &'s Seen,
    pub(crate) made: Made,
    pub(crate) method: String,
    /// `terminalType`.
    pub(crate) terminal: &'s str,
}

impl<'s> Page<'s> {
    /// A page with a session for a method, with this scenario.
    pub(crate) fn open(
        sandbox: &'s Sandbox,
        seen: &'s Seen,
        (method, terminal): (&str, &'s str),
        scenario: Value,
    ) -> Self {
        let wanted = json!({ "method": method, "metadata": { "sandbox": scenario } });
        Self::with(sandbox, seen, (method, terminal), wanted)
    }

    /// A page with a session that the shop's tool makes from `wanted`.
    pub(crate) fn with(
        sandbox: &'s Sandbox,
        seen: &'s Seen,
        (method, terminal): (&str, &'s str),
        wanted: Value,
    ) -> Self {
        let made = sandbox.session(wanted);
        Self { sandbox, seen, made, method: method.to_owned(), terminal }
    }

    /// A card page.
    pub(crate) fn card(sandbox: &'s Sandbox, seen: &'s Seen, scenario: Value) -> Self {
        Self::open(sandbox, seen, ("CARD", "WEB"), scenario)
    }

    /// A request with the members of every request.
    pub(crate) fn request(&self) -> Request {
        Request {
            payment_session_data: Some(self.made.data.clone()),
            env_info: Some(EnvInfo {
                terminal_type: Some(self.terminal.to_owned()),
                ..EnvInfo::default()
            }),
            ..Request::default()
        }
    }

    pub(crate) fn call(&self, operation: Operation, request: &Request) -> GatewayAnswer {
        let answer = self.sandbox.call(operation, &to_value(request).unwrap());
        self.seen.read::<PublishedAnswer>(&answer).answer
    }

    pub(crate) fn query(&self) -> GatewayAnswer {
        self.call(Query, &self.request())
    }

    pub(crate) fn inquire(&self) -> GatewayAnswer {
        self.call(Inquire, &self.request())
    }

    /// Reports the end of the 3DS method.
    pub(crate) fn report(&self, indicator: ThreeDsCompInd) -> GatewayAnswer {
        let extras = ExtParams { three_ds_comp_ind: Some(indicator), ..ExtParams::default() };
        self.call(Inquire, &Request { ext_params: Some(extras), ..self.request() })
    }

    /// The request of a submit.
    pub(crate) fn submission(&self, attempt: &str, factors: PaymentFactors) -> Request {
        Request {
            payment_method: Some(ChosenMethod {
                payment_method_type: Some(self.method.as_str().into()),
                payment_method_id: None,
            }),
            payment_factors: Some(factors),
            ext_params: Some(ExtParams {
                attempt_id: Some(attempt.to_owned()),
                ..ExtParams::default()
            }),
            ..self.request()
        }
    }

    /// The `paymentFactors`: a card's token, or valid values of the fields that the query lists.
    pub(crate) fn factors(&self) -> PaymentFactors {
        if self.method == "CARD" {
            let token = self.exchange(&self.typed_card(GOOD)).card_token;
            return PaymentFactors { card_token: token, ..PaymentFactors::default() };
        }
        let fields = leaves(&elements(&to_value(self.query()).unwrap()));
        let values = serde_json::from_value(json!(fill(&fields))).unwrap();
        PaymentFactors { values, ..PaymentFactors::default() }
    }

    pub(crate) fn submit(&self, attempt: &str) -> GatewayAnswer {
        self.call(Submit, &self.submission(attempt, self.factors()))
    }

    /// A submit with the token of a card.
    pub(crate) fn pay_with(&self, attempt: &str, card: &TokenRequest) -> GatewayAnswer {
        let card_token = self.exchange(card).card_token;
        let factors = PaymentFactors { card_token, ..PaymentFactors::default() };
        self.call(Submit, &self.submission(attempt, factors))
    }

    /// The card form's request for a card that the buyer typed.
    pub(crate) fn typed_card(&self, number: &str) -> TokenRequest {
        TokenRequest {
            number: Some(Secret::from(number.to_owned())),
            expiry_month: Some("12".to_owned()),
            expiry_year: Some("39".to_owned()),
            cvc: Some(Secret::from("123".to_owned())),
            holder: Some("Ann Buyer".to_owned()),
            ..self.stored_card("", None)
        }
    }

    /// The card form's request for a stored card.
    pub(crate) fn stored_card(&self, id: &str, cvc: Option<&str>) -> TokenRequest {
        TokenRequest {
            session: Some(self.made.data.clone()),
            client: Some(DEMO_CLIENT.to_owned()),
            stored: Some(id.to_owned()).filter(|id| !id.is_empty()),
            cvc: cvc.map(|cvc| Secret::from(cvc.to_owned())),
            ..TokenRequest::default()
        }
    }

    pub(crate) fn exchange(&self, card: &TokenRequest) -> TokenAnswer {
        self.seen.read(&self.sandbox.exchange_card(&to_value(card).unwrap()))
    }

    /// The answer to a body that may be no card, from a page of this origin.
    pub(crate) fn exchange_body(&self, origin: &str, body: String) -> TokenAnswer {
        let url = format!("{}/frame/card/token", self.sandbox.gateway);
        let call = self.sandbox.agent.post(url).header("origin", origin);
        self.seen.read(&json_of(&mut call.send(body).unwrap()))
    }

    /// The buyer decides in a simulator.
    pub(crate) fn decide(&self, decision: &Decision) {
        let app = &self.sandbox.app;
        let (id, now) = (session::id_of(&self.made.data).unwrap(), app.clock.now());
        let changed = app.store.run(|rows| {
            let session = rows.session(id)?.unwrap();
            let mut payment = rows.last_payment(id)?.unwrap();
            payments::decide(rows, &mut payment, &session, decision, now)
        });
        assert!(changed.unwrap(), "{}", self.method);
    }
}

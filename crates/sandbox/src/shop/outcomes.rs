//! "What should happen": the outcomes that the first page offers, what each orders of the sandbox,
//! and what an engineer then hears. The events are the contract's, §4 and §5.

use kassa_core::events::Code;
use kassa_core::results;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::catalog::Fields;
use super::notify::Manners;
use super::options::{BeforeSubmit, Options};
use crate::domain::method::{self, Interaction, Method, Pends, Terminal};
use crate::domain::scenario::Window;

/// One row of the table.
pub(super) struct Outcome {
    /// The value of the form's field.
    pub(super) id: &'static str,
    group: Group,
    title: &'static str,
    /// What happens and what the engineer does for it.
    words: &'static str,
    /// Where it makes sense.
    kinds: &'static [Kind],
    /// What else can be chosen.
    details: &'static [Detail],
    orders: fn(&Choice) -> Orders,
    steps: &'static [Step],
}

/// A heading in the chooser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Paid,
    NotPaid,
    Issuer,
    Network,
    Shop,
}

impl Group {
    const ALL: [Self; 5] = [Self::Paid, Self::NotPaid, Self::Issuer, Self::Network, Self::Shop];

    fn title(self) -> &'static str {
        match self {
            Self::Paid => "Paid",
            Self::NotPaid => "Not paid",
            Self::Issuer => "3DS",
            Self::Network => "Network and gateway",
            Self::Shop => "The shop's own server",
        }
    }
}

/// How a payment goes in the merchant's page: what decides which events there can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Card,
    Redirect,
    App,
    /// A code that is paid on the spot.
    Code,
    /// A number that is paid another day.
    Counter,
    /// An approval on the buyer's phone.
    Wait,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Card, Self::Redirect, Self::App, Self::Code, Self::Counter, Self::Wait];

    /// What a method is on this kind of device.
    pub(super) fn of(method: Method, terminal: Terminal) -> Self {
        match method.interaction(terminal) {
            Interaction::Card => Self::Card,
            Interaction::Redirect => Self::Redirect,
            Interaction::App { .. } => Self::App,
            Interaction::Wait => Self::Wait,
            Interaction::Codes(_) if method.row().pends == Pends::FromStart => Self::Counter,
            Interaction::Codes(_) => Self::Code,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Redirect => "redirect",
            Self::App => "app",
            Self::Code => "code",
            Self::Counter => "counter",
            Self::Wait => "wait",
        }
    }

    /// For people.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Card => "Card form",
            Self::Redirect => "Another page",
            Self::App => "App on this phone",
            Self::Code => "Code to scan",
            Self::Counter => "Number to pay to",
            Self::Wait => "Approval on a phone",
        }
    }
}

/// What can be chosen of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    ResultCode,
    ChallengeWindow,
    Fault,
    Times,
}

impl Detail {
    /// The form's field.
    fn field(self) -> &'static str {
        match self {
            Self::ResultCode => "result_code",
            Self::ChallengeWindow => "window",
            Self::Fault => "fault",
            Self::Times => "times",
        }
    }
}

/// A stretch of what the engineer hears.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The component opens.
    Opened,
    /// The page leaves for the bank, or the app opens; nothing where the buyer stays.
    Through,
    /// The buyer's part is complete and the payment succeeds, here or on the shop's page.
    Paid,
    /// The same where the session names no page to go to.
    PaidNowhereToGo,
    /// The component is closed undecided, or the page left.
    Undecided,
    /// The submit got no answer. Where there is no form it was a part of opening, which then fails.
    Unanswered,
    Hears(Code),
}

/// The faults that are offered, in words.
const FAULTS: [(&str, &str); 5] = [
    ("hang", "silence"),
    ("500", "HTTP status 500"),
    ("html", "a web page, as of a captive portal"),
    ("truncated", "half of the JSON"),
    ("status:1002", "Result-Status 1002: too busy"),
];

const WINDOWS: [(Window, &str); 5] = [
    (Window::Narrow, "250 × 400"),
    (Window::Phone, "390 × 400"),
    (Window::Tall, "500 × 600"),
    (Window::Wide, "600 × 400"),
    (Window::Full, "all there is"),
];

/// The most refusals of a notification that can be chosen: the gateway gives up after eight tries.
const MOST_REFUSALS: u32 = 7;

/// A code that a failure cannot have.
const NOT_A_FAILURE: &str = "PAYMENT_IN_PROCESS";

/// What the form chose. A field that is missing or empty has its usual value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    id: String,
    result_code: String,
    window: Window,
    fault: String,
    times: u32,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            id: "paid".to_owned(),
            result_code: "USER_BALANCE_NOT_ENOUGH".to_owned(),
            window: Window::Phone,
            fault: "hang".to_owned(),
            times: 2,
        }
    }
}

impl Choice {
    /// Reads the form.
    ///
    /// # Errors
    /// With words for the engineer.
    pub(super) fn read(fields: Fields<'_>) -> Result<Self, String> {
        let usual = Self::default();
        let id = fields.filled("outcome").unwrap_or(&usual.id);
        if !TABLE.iter().any(|row| row.id == id) {
            return Err("Choose what should happen.".to_owned());
        }
        let result_code = fields.filled(Detail::ResultCode.field()).unwrap_or(&usual.result_code);
        if !failures().any(|(code, _)| code == result_code) {
            return Err("Choose a result code of the list.".to_owned());
        }
        let window = match fields.filled(Detail::ChallengeWindow.field()) {
            None => Some(usual.window),
            Some(text) => WINDOWS
                .iter()
                .find(|(window, _)| window.as_str() == text)
                .map(|(window, _)| *window),
        };
        let fault = fields.filled(Detail::Fault.field()).unwrap_or(&usual.fault);
        if !FAULTS.iter().any(|(known, _)| *known == fault) {
            return Err("Choose how the gateway fails.".to_owned());
        }
        let times = match fields.filled(Detail::Times.field()) {
            None => Some(usual.times),
            Some(text) => text.parse().ok().filter(|times| (1..=MOST_REFUSALS).contains(times)),
        };
        Ok(Self {
            id: id.to_owned(),
            result_code: result_code.to_owned(),
            window: window.ok_or("Choose a size of the challenge window.")?,
            fault: fault.to_owned(),
            times: times.ok_or_else(|| {
                format!("Notifications can be refused 1 to {MOST_REFUSALS} times.")
            })?,
        })
    }

    /// Its row; an order of an earlier version may name one that is gone.
    pub(super) fn outcome(&self) -> &'static Outcome {
        let [paid, ..] = &TABLE;
        TABLE.iter().find(|row| row.id == self.id).unwrap_or(paid)
    }

    /// What it makes of the session.
    pub(super) fn orders(&self) -> Orders {
        (self.outcome().orders)(self)
    }
}

/// What a session is made with.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// `metadata.sandbox`; null for none.
    pub(super) knobs: Value,
    /// A stored card, and whether its security code is asked for.
    pub(super) stored: Option<(&'static str, bool)>,
    /// No `paymentRedirectUrl`.
    pub(super) nowhere_to_go: bool,
    /// Seconds until the session expires.
    pub(super) expires_in: Option<i64>,
    /// A session of the production world, opened as one of the sandbox.
    pub(super) mixed_up: bool,
    /// How the shop takes notifications.
    pub(super) notify: Manners,
}

impl Orders {
    /// For people: everything that is not a knob.
    fn besides(&self) -> Vec<String> {
        let mut words = Vec::new();
        if let Some((id, needs_cvc)) = self.stored {
            words.push(format!("paymentMethod.paymentMethodId: {id}"));
            words.push(format!("merchantAppointParam.storedCard.needCVV: {needs_cvc}"));
        }
        if self.nowhere_to_go {
            words.push("no paymentRedirectUrl".to_owned());
        }
        if let Some(seconds) = self.expires_in {
            words.push(format!("paymentSessionExpiryTime: in {seconds} s"));
        }
        if self.mixed_up {
            words.push("createPaymentSession of production, environment: \"sandbox\"".to_owned());
        }
        match self.notify {
            Manners::Prompt => {}
            Manners::Late(times) => {
                words.push(format!("notifications refused by the shop, each: {times}"))
            }
            Manners::Never => words.push("notifications refused by the shop: all".to_owned()),
        }
        words
    }
}

fn knobs(knobs: Value) -> Orders {
    Orders { knobs, ..Orders::default() }
}

const EVERYWHERE: &[Kind] = &Kind::ALL;
/// Where the buyer sees the payment through in the merchant's page.
const IN_PAGE: &[Kind] = &[Kind::Card, Kind::App, Kind::Code, Kind::Counter, Kind::Wait];

/// What a row has that says nothing else.
const USUAL: Outcome = Outcome {
    id: "",
    group: Group::Paid,
    title: "",
    words: "",
    kinds: EVERYWHERE,
    details: &[],
    orders: |_| Orders::default(),
    steps: &[Step::Opened, Step::Through, Step::Paid],
};

/// Every outcome, by group. The first is the usual one.
pub(super) static TABLE: [Outcome; 28] = [
    Outcome {
        id: "paid",
        title: "As you decide",
        words: "Nothing is ordered. Be the buyer: type a card, approve at the bank, in the wallet or \
                on the phone.",
        ..USUAL
    },
    Outcome {
        id: "by-itself",
        title: "Paid without your doing",
        words: "After five seconds the buyer has approved.",
        kinds: &[Kind::Code, Kind::Counter, Kind::Wait],
        orders: |_| knobs(json!({ "approvesIn": 5 })),
        ..USUAL
    },
    Outcome {
        id: "slow-approval",
        title: "Approval slow",
        words: "The buyer approves after half a minute. See what the page says until then.",
        kinds: &[Kind::Code, Kind::Counter, Kind::Wait],
        orders: |_| knobs(json!({ "approvesIn": 30 })),
        ..USUAL
    },
    Outcome {
        id: "late",
        title: "Paid late",
        words: "The buyer does their part, and for eight seconds more nobody knows.",
        orders: |_| knobs(json!({ "pendingFor": 8000 })),
        ..USUAL
    },
    Outcome {
        id: "undecided",
        title: "Not known yet",
        words: "It stays undecided for an hour. Pay, then close the component while it checks; with \
                notRedirectAfterComplete only, since otherwise the page is left.",
        kinds: &[Kind::Card],
        orders: |_| knobs(json!({ "pendingFor": 3_600_000 })),
        steps: &[Step::Opened, Step::Hears(Code::PaymentAuthorizationSuccessful), Step::Undecided],
        ..USUAL
    },
    Outcome {
        id: "pending",
        title: "Paid another day",
        words: "The buyer notes the number and goes. Close the component once the number is there.",
        kinds: &[Kind::Counter],
        steps: &[Step::Opened, Step::Hears(Code::PaymentPending)],
        ..USUAL
    },
    Outcome {
        id: "stored",
        title: "Stored card",
        words: "The buyer's card is known: one press pays.",
        kinds: &[Kind::Card],
        orders: |_| Orders { stored: Some(("SANDBOX_CARD_VISA", false)), ..Orders::default() },
        ..USUAL
    },
    Outcome {
        id: "stored-cvc",
        title: "Stored card with its security code",
        words: "The card is known, and its code is asked for: any three digits.",
        kinds: &[Kind::Card],
        orders: |_| Orders { stored: Some(("SANDBOX_CARD_VISA", true)), ..Orders::default() },
        ..USUAL
    },
    Outcome {
        id: "declined",
        group: Group::NotPaid,
        title: "Declined",
        words: "Every submit fails with this code. Where the session may be paid again and there is a \
                form, it stays.",
        details: &[Detail::ResultCode],
        orders: |choice| knobs(json!({ "result": choice.result_code })),
        steps: &[Step::Opened, Step::Hears(Code::PaymentFail)],
        ..USUAL
    },
    Outcome {
        id: "closed",
        group: Group::NotPaid,
        title: "The buyer closes it",
        words: "Close the component before paying.",
        kinds: &[Kind::Card, Kind::App],
        steps: &[Step::Opened, Step::Hears(Code::PaymentCancel)],
        ..USUAL
    },
    Outcome {
        id: "mistakes",
        group: Group::NotPaid,
        title: "Mistakes in the form",
        words: "Press the pay button with the form empty.",
        kinds: &[Kind::Card],
        steps: &[Step::Opened, Step::Hears(Code::FormVerificationFailed)],
        ..USUAL
    },
    Outcome {
        id: "code-expires",
        group: Group::NotPaid,
        title: "Code expires soon",
        words: "The code, or the time to approve, is over after twenty seconds, and the order with it.",
        kinds: &[Kind::Code, Kind::Counter, Kind::Wait],
        orders: |_| knobs(json!({ "codeExpiresIn": 20 })),
        steps: &[Step::Opened, Step::Hears(Code::PaymentFail)],
        ..USUAL
    },
    Outcome {
        id: "session-expires",
        group: Group::NotPaid,
        title: "Session expires soon",
        words: "The session ends half a minute from now. Open the component at once and pay after \
                that; opened later, it cannot be opened at all.",
        kinds: &[Kind::Card],
        orders: |_| Orders { expires_in: Some(30), ..Orders::default() },
        steps: &[Step::Opened, Step::Hears(Code::PaymentFail)],
        ..USUAL
    },
    Outcome {
        id: "3ds-method",
        group: Group::Issuer,
        title: "Hidden page, then a challenge in a frame",
        words: "The card's bank looks at the browser first, then asks the buyer.",
        kinds: &[Kind::Card],
        details: &[Detail::ChallengeWindow],
        orders: |choice| {
            knobs(json!({ "threeDS": "method+frame", "challengeWindow": choice.window }))
        },
        steps: CHALLENGED,
    },
    Outcome {
        id: "3ds-frame",
        group: Group::Issuer,
        title: "Challenge in a frame",
        words: "The card's bank asks the buyer, inside of the component.",
        kinds: &[Kind::Card],
        details: &[Detail::ChallengeWindow],
        orders: |choice| knobs(json!({ "threeDS": "frame", "challengeWindow": choice.window })),
        steps: CHALLENGED,
    },
    Outcome {
        id: "3ds-page",
        group: Group::Issuer,
        title: "Challenge on a page of its own",
        words: "The whole page goes to the card's bank and comes back to the shop's.",
        kinds: &[Kind::Card],
        orders: |_| knobs(json!({ "threeDS": "redirect" })),
        steps: &[
            Step::Opened,
            Step::Hears(Code::PaymentChallenge),
            Step::Hears(Code::CallUrlSuccess),
        ],
        ..USUAL
    },
    Outcome {
        id: "3ds-frictionless",
        group: Group::Issuer,
        title: "No challenge",
        words: "The card's bank is satisfied with what it knows: the buyer notices nothing.",
        kinds: &[Kind::Card],
        orders: |_| knobs(json!({ "threeDS": "frictionless" })),
        ..USUAL
    },
    Outcome {
        id: "lost",
        group: Group::Network,
        title: "Answer to the submit lost",
        words: "The gateway took the payment, and the connection broke. The SDK asks how it stands; \
                nobody pays twice. A method that asks nothing does not open: open it again, and the \
                same payment goes on.",
        orders: |_| knobs(json!({ "faults": { "submit": ["lost"] } })),
        steps: SUBMITTED_IN_VAIN,
        ..USUAL
    },
    Outcome {
        id: "unheard",
        group: Group::Network,
        title: "Submit never arrives",
        words: "The connection broke before the gateway heard of the payment. The form comes back: \
                pay again.",
        kinds: &[Kind::Card],
        orders: |_| knobs(json!({ "faults": { "submit": ["drop"] } })),
        steps: SUBMITTED_IN_VAIN,
        ..USUAL
    },
    Outcome {
        id: "query-fails",
        group: Group::Network,
        title: "Gateway fails when the session is opened",
        words: "It never answers usefully, so the component cannot be opened. Silence takes fifteen \
                seconds.",
        details: &[Detail::Fault],
        orders: |choice| knobs(json!({ "faults": { "query": choice.fault } })),
        steps: NOT_OPENED,
        ..USUAL
    },
    Outcome {
        id: "submit-fails",
        group: Group::Network,
        title: "Gateway fails at the first submit",
        words: "The SDK asks how the payment stands. Half of an answer means that it was taken; \
                otherwise the form comes back: pay again.",
        kinds: &[Kind::Card],
        details: &[Detail::Fault],
        orders: |choice| knobs(json!({ "faults": { "submit": [choice.fault] } })),
        steps: SUBMITTED_IN_VAIN,
    },
    Outcome {
        id: "inquire-fails",
        group: Group::Network,
        title: "Gateway fails at the first inquiry",
        words: "A failed question is no result: the SDK asks again.",
        kinds: IN_PAGE,
        details: &[Detail::Fault],
        orders: |choice| knobs(json!({ "faults": { "inquire": [choice.fault] } })),
        ..USUAL
    },
    Outcome {
        id: "newer",
        group: Group::Network,
        title: "A newer gateway",
        words: "All answers have members and values that nobody knows yet. They change nothing.",
        orders: |_| {
            let faults = json!({ "query": "unknown", "submit": "unknown", "inquire": "unknown" });
            knobs(json!({ "faults": faults }))
        },
        ..USUAL
    },
    Outcome {
        id: "twice",
        group: Group::Network,
        title: "Submit arrives twice",
        words: "The network repeats the request. It is one payment.",
        orders: |_| knobs(json!({ "faults": { "submit": ["duplicate"] } })),
        ..USUAL
    },
    Outcome {
        id: "three-parts",
        group: Group::Shop,
        title: "Session data in three parts",
        words: "Without metadata, as in the documentation's sample: the SDK learns later what it will \
                show.",
        orders: |_| knobs(json!({ "sessionShape": "three" })),
        ..USUAL
    },
    Outcome {
        id: "nowhere",
        group: Group::Shop,
        title: "No paymentRedirectUrl",
        words: "The session names no page to go to after paying, so the result comes as an event.",
        kinds: IN_PAGE,
        orders: |_| Orders { nowhere_to_go: true, ..Orders::default() },
        steps: &[Step::Opened, Step::Through, Step::PaidNowhereToGo],
        ..USUAL
    },
    Outcome {
        id: "notification",
        group: Group::Shop,
        title: "Notification refused",
        words: "The shop refuses each notification so many times. The result page shows when it was \
                taken: the second try comes after two minutes, the next ten minutes later.",
        details: &[Detail::Times],
        orders: |choice| Orders { notify: Manners::Late(choice.times), ..Orders::default() },
        ..USUAL
    },
    Outcome {
        id: "mixed-up",
        group: Group::Shop,
        title: "Sandbox and production mixed up",
        words: "The session is of the production world, the page says sandbox. The event's message \
                says so.",
        orders: |_| Orders { mixed_up: true, ..Orders::default() },
        steps: NOT_OPENED,
        ..USUAL
    },
];

const CHALLENGED: &[Step] = &[Step::Opened, Step::Hears(Code::PaymentChallenge), Step::Paid];
const SUBMITTED_IN_VAIN: &[Step] = &[Step::Opened, Step::Unanswered, Step::Through, Step::Paid];
const NOT_OPENED: &[Step] = &[Step::Opened, Step::Hears(Code::CreateComponentError)];

/// What decides about events beside the outcome.
#[derive(Debug, Clone, Copy)]
pub(super) struct Situation {
    pub(super) kind: Kind,
    /// The buyer fills something in.
    pub(super) form: bool,
    pub(super) stay: bool,
    pub(super) before_submit: BeforeSubmit,
}

/// Whether the buyer fills something in.
pub(super) fn asks(method: Method) -> bool {
    method.is_card() || method::asked(method, false).next().is_some()
}

impl Situation {
    /// That of a method with these options.
    pub(super) fn of(method: Method, terminal: Terminal, options: &Options) -> Self {
        Self {
            kind: Kind::of(method, terminal),
            form: asks(method),
            stay: options.stay,
            before_submit: options.before_submit,
        }
    }
}

impl Outcome {
    pub(super) fn title(&self) -> &'static str {
        self.title
    }

    /// Whether it makes sense there.
    pub(super) fn fits(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// The events in order, as long as the page is the merchant's.
    pub(super) fn events(&self, at: Situation) -> Vec<&'static str> {
        let mut codes = Vec::new();
        for step in self.steps {
            match step {
                Step::Opened => codes.extend([Code::StartOfLoading, Code::EndOfLoading]),
                Step::Through => match at.kind {
                    // From here on another page is on the screen.
                    Kind::Redirect => {
                        codes.push(Code::CallUrlSuccess);
                        break;
                    }
                    Kind::App => codes.push(Code::CallUrlSuccess),
                    Kind::Card | Kind::Code | Kind::Counter | Kind::Wait => {}
                },
                Step::Paid => {
                    codes.push(Code::PaymentAuthorizationSuccessful);
                    codes.push(if at.stay {
                        Code::PaymentSuccessful
                    } else {
                        Code::CallUrlSuccess
                    });
                }
                Step::PaidNowhereToGo => {
                    codes.push(Code::PaymentAuthorizationSuccessful);
                    codes.extend((!at.stay).then_some(Code::CallUrlError));
                    codes.push(Code::PaymentSuccessful);
                }
                Step::Undecided => {
                    codes.push(if at.stay { Code::PaymentProcessing } else { Code::CallUrlSuccess })
                }
                Step::Unanswered if at.form => codes.push(Code::SubmitNetworkError),
                Step::Unanswered => {
                    codes.push(Code::CreateComponentError);
                    break;
                }
                Step::Hears(code) => codes.push(*code),
            }
        }
        if let Some(stopped) = at.stops_at() {
            let submits = !codes.iter().any(|code| NEVER_SUBMITTED.contains(code));
            if submits {
                codes = vec![Code::StartOfLoading, Code::EndOfLoading, stopped];
            }
        }
        codes.into_iter().map(Code::name).collect()
    }
}

/// Events of payments that end before there is anything to submit.
const NEVER_SUBMITTED: [Code; 3] =
    [Code::CreateComponentError, Code::PaymentCancel, Code::FormVerificationFailed];

impl Situation {
    /// What is heard when `onBeforeSubmit` stops the payment.
    fn stops_at(self) -> Option<Code> {
        match (self.before_submit, self.form) {
            (BeforeSubmit::None | BeforeSubmit::Continue | BeforeSubmit::Slow, _) => None,
            (BeforeSubmit::Cancel | BeforeSubmit::Error, true) => {
                Some(Code::FormVerificationFailed)
            }
            (BeforeSubmit::Cancel, false) => Some(Code::PaymentCancel),
            (BeforeSubmit::Error, false) => Some(Code::CreateComponentError),
        }
    }
}

fn failures() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = results::TABLE.iter().filter(|row| row.code != NOT_A_FAILURE);
    rows.map(|row| (row.code, row.meaning))
}

/// The table for pages and tools, with what each row sets for this choice of details.
pub(super) fn listed(choice: &Choice) -> Vec<Value> {
    let groups = Group::ALL.iter().map(|group| {
        let rows = TABLE.iter().filter(|row| row.group == *group);
        json!({
            "title": group.title(),
            "outcomes": rows.map(|row| shown(row, choice)).collect::<Vec<_>>(),
        })
    });
    groups.collect()
}

fn shown(row: &Outcome, choice: &Choice) -> Value {
    let orders = (row.orders)(choice);
    let plan = |kind: Kind, form: bool, stay: bool| {
        row.events(Situation { kind, form, stay, before_submit: BeforeSubmit::None })
    };
    let mut plans = Vec::new();
    for kind in row.kinds {
        let same = [false, true].map(|stay| plan(*kind, true, stay) == plan(*kind, false, stay));
        let forms: &[bool] = match kind {
            Kind::Card => &[true],
            Kind::Redirect | Kind::App | Kind::Code | Kind::Counter | Kind::Wait => {
                if same == [true, true] { &[true] } else { &[true, false] }
            }
        };
        for form in forms {
            let after = match (forms.len(), form) {
                (2, true) => ", with a form",
                (2, false) => ", without a form",
                (_, _) => "",
            };
            plans.push(json!({
                "kind": kind.name(),
                // Null where it makes no difference.
                "form": (forms.len() == 2).then_some(form),
                "title": format!("{}{after}", kind.title()),
                "leaving": plan(*kind, *form, false),
                "staying": plan(*kind, *form, true),
            }));
        }
    }
    json!({
        "id": row.id,
        "title": row.title,
        "words": row.words,
        "kinds": row.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "details": row.details.iter().map(|detail| detail.field()).collect::<Vec<_>>(),
        "knobs": orders.knobs,
        "sets": said(&orders),
        "plans": plans,
    })
}

/// For people: the knobs as the session's metadata has them, and everything else.
fn said(orders: &Orders) -> Vec<String> {
    let knobs = (!orders.knobs.is_null()).then(|| format!("metadata.sandbox: {}", orders.knobs));
    knobs.into_iter().chain(orders.besides()).collect()
}

/// What the form offers to choose of an outcome.
pub(super) fn details() -> Value {
    let pairs = |pairs: Vec<(&str, &str)>| {
        let pairs = pairs.into_iter().map(|(value, text)| json!({ "value": value, "text": text }));
        pairs.collect::<Vec<_>>()
    };
    json!({
        "result_code": pairs(failures().collect()),
        "window": pairs(WINDOWS.iter().map(|(size, text)| (size.as_str(), *text)).collect()),
        "fault": pairs(FAULTS.to_vec()),
        "most_refusals": MOST_REFUSALS,
        "usual": Choice::default(),
    })
}

/// The choice as the checkout page shows it.
pub(super) fn reminder(choice: &Choice, at: Situation) -> Value {
    let row = choice.outcome();
    json!({
        "title": row.title,
        "words": row.words,
        "sets": said(&choice.orders()),
        "events": row.events(at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scenario::Knobs;

    #[test]
    fn every_row_is_told_apart_and_can_be_ordered() {
        for (index, row) in TABLE.iter().enumerate() {
            assert!(TABLE.iter().skip(index + 1).all(|other| other.id != row.id), "{}", row.id);
            assert!(!row.kinds.is_empty() && !row.words.is_empty() && !row.title.is_empty());
            let orders = (row.orders)(&Choice::default());
            let metadata = json!({ "sandbox": orders.knobs }).to_string();
            if !orders.knobs.is_null() {
                let understood = Knobs::read(Some(&metadata)).unwrap();
                assert_ne!(understood, Knobs::default(), "{}: {metadata}", row.id);
            }
        }
        for kind in Kind::ALL {
            assert!(TABLE[0].fits(kind));
        }
    }

    #[test]
    fn what_is_chosen_reaches_the_session() {
        let form = [
            ("outcome", "3ds-frame"),
            ("window", "05"),
            ("result_code", "RISK_REJECT"),
            ("fault", "html"),
            ("times", "7"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let choice = Choice::read(Fields(&form)).unwrap();
        assert_eq!(choice.orders().knobs, json!({ "threeDS": "frame", "challengeWindow": "05" }));
        for (id, ordered) in [
            ("declined", json!({ "result": "RISK_REJECT" })),
            ("query-fails", json!({ "faults": { "query": "html" } })),
            ("submit-fails", json!({ "faults": { "submit": ["html"] } })),
            ("inquire-fails", json!({ "faults": { "inquire": ["html"] } })),
        ] {
            assert_eq!(Choice { id: id.to_owned(), ..choice.clone() }.orders().knobs, ordered);
        }
        let refusing = Choice { id: "notification".to_owned(), ..choice };
        assert_eq!(refusing.orders().notify, Manners::Late(7));
    }

    #[test]
    fn bad_choices_are_refused() {
        for (name, value) in [
            ("outcome", "rich"),
            ("window", "06"),
            ("result_code", "SUCCESS"),
            ("result_code", "PAYMENT_IN_PROCESS"),
            ("fault", "lost"),
            ("times", "0"),
            ("times", "8"),
            ("times", "many"),
        ] {
            let form = [(name.to_owned(), value.to_owned())];
            assert!(Choice::read(Fields(&form)).is_err(), "{name}={value}");
            let form = [(name.to_owned(), String::new())];
            assert_eq!(Choice::read(Fields(&form)), Ok(Choice::default()));
        }
    }

    fn heard(id: &str, at: Situation) -> String {
        let events = Choice { id: id.to_owned(), ..Choice::default() }.outcome().events(at);
        events.join(" ").replace("SDK_", "")
    }

    #[test]
    fn events_follow_the_interaction_and_the_options() {
        let usual = Situation {
            kind: Kind::Card,
            form: true,
            stay: false,
            before_submit: BeforeSubmit::None,
        };
        for (id, at, events) in [
            ("paid", usual, "PAYMENT_AUTHORIZATION_SUCCESSFUL CALL_URL_SUCCESS"),
            (
                "paid",
                Situation { stay: true, ..usual },
                "PAYMENT_AUTHORIZATION_SUCCESSFUL PAYMENT_SUCCESSFUL",
            ),
            ("paid", Situation { kind: Kind::Redirect, form: false, ..usual }, "CALL_URL_SUCCESS"),
            ("lost", Situation { kind: Kind::Code, form: false, ..usual }, "CREATECOMPONENT_ERROR"),
            (
                "lost",
                Situation { kind: Kind::App, stay: true, ..usual },
                "SUBMIT_NETWORK_ERROR CALL_URL_SUCCESS PAYMENT_AUTHORIZATION_SUCCESSFUL \
                 PAYMENT_SUCCESSFUL",
            ),
            (
                "nowhere",
                usual,
                "PAYMENT_AUTHORIZATION_SUCCESSFUL CALL_URL_ERROR PAYMENT_SUCCESSFUL",
            ),
            (
                "paid",
                Situation { before_submit: BeforeSubmit::Cancel, ..usual },
                "FORM_VERIFICATION_FAILED",
            ),
            (
                "paid",
                Situation { before_submit: BeforeSubmit::Cancel, form: false, ..usual },
                "PAYMENT_CANCEL",
            ),
            (
                "mixed-up",
                Situation { before_submit: BeforeSubmit::Error, ..usual },
                "CREATECOMPONENT_ERROR",
            ),
        ] {
            assert_eq!(heard(id, at), format!("START_OF_LOADING END_OF_LOADING {events}"), "{id}");
        }
    }
}

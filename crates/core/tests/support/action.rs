//! Things that can happen, without ids: a driver turns them into inputs that fit what it has
//! running. Random walks and the exploration choose from the same list.

use std::rc::Rc;

use kassa_core::answer::Reply;
use kassa_core::call::Operation;
use kassa_core::events::Facts;
use kassa_core::frame::FromFrame;
use kassa_core::machine::{CallId, Effect, FrameId, Input, NavigationId, TimerId};

use super::{Driver, reply};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    /// The gateway answers the running call with a row of [`ANSWERS`].
    Answer(usize),
    App,
    Break,
    Browser {
        goes: bool,
    },
    Check,
    Close,
    Continue,
    /// The frame of 3DS says that it is done.
    Done,
    Frame(Word),
    Guard(&'static str),
    Hide,
    Online,
    Open {
        stay: bool,
        good: bool,
        phone: bool,
    },
    Pay,
    Restore,
    Show,
    Submit,
    /// The next timer fires, so many seconds late: browsers slow down pages that nobody looks at.
    Time {
        late: u32,
    },
    Unmount,
    Validate,
}

/// What the card frame can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    Checked { valid: bool },
    Enter,
    Escape,
    Invalid,
    Missing,
    Ready,
    Refused { retryable: bool },
    Resized,
    Token,
    Unreachable,
    Values,
}

/// An answer of the gateway: its name, HTTP status, `Result-Status`, and body.
pub(crate) struct Answer {
    pub(crate) name: &'static str,
    http: u16,
    status: Option<&'static str>,
    body: Option<&'static str>,
    /// An offer of payment methods, which only a query gets.
    offer: bool,
}

const fn offer(name: &'static str, body: &'static str) -> Answer {
    Answer { name, http: 200, status: None, body: Some(body), offer: true }
}

const fn says(name: &'static str, body: &'static str) -> Answer {
    Answer { name, http: 200, status: Some("1000"), body: Some(body), offer: false }
}

const fn noise(
    name: &'static str,
    http: u16,
    status: Option<&'static str>,
    body: Option<&'static str>,
) -> Answer {
    Answer { name, http, status, body, offer: false }
}

const PAID: &str = r#"{"success":true,"paymentStatus":"SUCCESS"}"#;

/// The answers. Addresses carry a query that nobody else may see.
pub(crate) const ANSWERS: [Answer; 40] = [
    offer(
        "card",
        r#"{"success":true,"merchantName":"Tea House","paymentAmountView":{"currency":"MYR","value":"4200"},"paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"/frame/card?client=hush1","paymentRedirectUrl":"https://shop.example/result?order=hush2"}"#,
    ),
    offer(
        "card, no return page",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"/frame/card"}"#,
    ),
    offer(
        "card, script as return page",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"/frame/card","paymentRedirectUrl":"javascript:alert('hush3')"}"#,
    ),
    offer(
        "card, failed before",
        r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"DO_NOT_HONOR","paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"/frame/card","paymentRedirectUrl":"https://shop.example/result"}"#,
    ),
    offer(
        "card without frame",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"CARD"}]}"#,
    ),
    offer(
        "card, frame elsewhere",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"CARD"}],"frameUrl":"//evil.example/frame"}"#,
    ),
    offer(
        "bank",
        r#"{"success":true,"merchantName":"Tea House","paymentMethods":[{"paymentMethodType":"ONLINEBANKING_FPX"}],"paymentRedirectUrl":"https://shop.example/result?order=hush4"}"#,
    ),
    offer(
        "bank, no return page",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"ONLINEBANKING_FPX"}]}"#,
    ),
    offer(
        "bank with address",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"ONLINEBANKING_FPX"}],"normalUrl":"https://bank.example/pay?key=hush5"}"#,
    ),
    offer(
        "app",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"GCASH"}],"applinkUrl":"https://gcash.example/pay?key=hush9","normalUrl":"https://pay.example/gcash?key=hush10"}"#,
    ),
    offer(
        "fields",
        r#"{"success":true,"paymentMethods":[{"paymentMethodType":"BLIK","paymentElements":[{"paymentElementKey":"blikCode","elementType":"BLIK"}]}],"paymentRedirectUrl":"https://shop.example/result?order=hush11"}"#,
    ),
    says("paid", PAID),
    says(
        "app to open",
        r#"{"success":true,"paymentStatus":"PROCESSING","schemeUrl":"wallet://pay?key=hush12","applinkUrl":"https://wallet.example/pay?key=hush13","normalUrl":"https://pay.example/wallet?key=hush14"}"#,
    ),
    says(
        "app and nothing else",
        r#"{"success":true,"paymentStatus":"PROCESSING","schemeUrl":"wallet://pay?key=hush15"}"#,
    ),
    says(
        "app that is a script",
        r#"{"success":true,"paymentStatus":"PROCESSING","schemeUrl":"javascript:alert('hush16')"}"#,
    ),
    says(
        "codes",
        r#"{"success":true,"paymentStatus":"PROCESSING","serverTime":"1000000","codeFormViews":[{"code":"hush-code-1","displayType":"QRCODE","codeExpireTime":"1480000"}]}"#,
    ),
    says(
        "codes, money may take days",
        r#"{"success":true,"paymentStatus":"PENDING","serverTime":"1000000","codeFormViews":[{"code":"hush-code-2","displayType":"TEXT","codeExpireTime":"1480000"}]}"#,
    ),
    says(
        "approval",
        r#"{"success":true,"paymentStatus":"PROCESSING","serverTime":"1000000","expireTime":"1120000","waitsFor":"APPROVAL"}"#,
    ),
    says(
        "3DS method",
        r#"{"success":true,"paymentStatus":"PROCESSING","threeDSMethodUrl":"/3ds/method/1?key=hush17"}"#,
    ),
    says(
        "challenge in a frame",
        r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,"challengeUrl":"/3ds/challenge/1?key=hush18","challengeWindowSize":"02","actionForm":{"redirectUrl":"https://gw.example/3ds/challenge/1?key=hush19"}}"#,
    ),
    says(
        "challenge in a frame elsewhere",
        r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,"challengeUrl":"//evil.example/3ds?key=hush20"}"#,
    ),
    says("pending", r#"{"success":true,"paymentStatus":"PENDING"}"#),
    says(
        "failed, retryable",
        r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"DO_NOT_HONOR"}"#,
    ),
    says(
        "failed for good",
        r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"ORDER_IS_CLOSED"}"#,
    ),
    says(
        "failed, new code",
        r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"BRAND_NEW_CODE"}"#,
    ),
    says("cancelled", r#"{"success":true,"paymentStatus":"CANCELLED"}"#),
    says("processing", r#"{"success":true,"paymentStatus":"PROCESSING"}"#),
    says("new state", r#"{"success":true,"paymentStatus":"BRAND_NEW_STATE"}"#),
    says(
        "processing at the bank",
        r#"{"success":true,"paymentStatus":"PROCESSING","normalUrl":"https://bank.example/pay?key=hush6"}"#,
    ),
    says(
        "challenge",
        r#"{"success":true,"paymentStatus":"PROCESSING","challenge":true,"actionForm":{"redirectUrl":"https://acs.example/3ds?creq=hush7"}}"#,
    ),
    says(
        "processing at a script",
        r#"{"success":true,"paymentStatus":"PROCESSING","normalUrl":"javascript:alert('hush8')"}"#,
    ),
    says("nothing known", r#"{"success":true}"#),
    says(
        "refused, retryable",
        r#"{"success":false,"errorCode":"CARD_EXPIRED","errorMessage":"no"}"#,
    ),
    says("refused for good", r#"{"success":false,"errorCode":"INQUIRY_PAYMENT_SESSION_FAILED"}"#),
    says("undecided", r#"{"success":false,"errorCode":"UNKNOWN_EXCEPTION","errorStatus":"U"}"#),
    says("neither yes nor no", r#"{"success":false,"paymentStatus":"SUCCESS"}"#),
    noise("HTML", 200, None, None),
    noise("HTTP 500", 500, None, Some(PAID)),
    noise("HTTP 502 in HTML", 502, None, None),
    noise("Result-Status 1002", 200, Some("1002"), Some(PAID)),
];

impl Answer {
    fn reply(&self) -> Reply {
        let body = self.body.and_then(|json| reply(json).body);
        Reply { http: self.http, result_status: self.status.map(Into::into), trace: None, body }
    }
}

impl Action {
    /// Everything that can happen to this driver now.
    pub(crate) fn all(driver: &Driver) -> Vec<Self> {
        let mut all = vec![
            Self::Open { stay: true, good: true, phone: false },
            Self::Open { stay: false, good: true, phone: false },
            Self::Open { stay: true, good: true, phone: true },
            Self::Open { stay: true, good: false, phone: false },
            Self::App,
            Self::Check,
            Self::Pay,
            Self::Submit,
            Self::Validate,
            Self::Close,
            Self::Continue,
            Self::Hide,
            Self::Show,
            Self::Restore,
            Self::Online,
            Self::Unmount,
        ];
        if let Some((_, operation)) = driver.calls.last() {
            let fits = |answer: &Answer| *operation == Operation::Query || !answer.offer;
            all.extend((0..ANSWERS.len()).filter(|row| fits(&ANSWERS[*row])).map(Self::Answer));
            all.push(Self::Break);
        }
        if !driver.timers.is_empty() {
            all.extend([0, 60, 300].map(|late| Self::Time { late }));
        }
        if driver.navigation.is_some() {
            all.extend([true, false].map(|goes| Self::Browser { goes }));
        }
        if driver.frame.is_some() {
            all.extend(
                [Word::Enter, Word::Escape, Word::Missing, Word::Ready, Word::Resized]
                    .map(Self::Frame),
            );
        }
        if driver.talk.is_some() {
            let refused = [true, false].map(|retryable| Word::Refused { retryable });
            all.extend(
                [Word::Invalid, Word::Token, Word::Unreachable, Word::Values].map(Self::Frame),
            );
            all.extend(refused.map(Self::Frame));
        }
        if driver.window.is_some() {
            all.push(Self::Done);
        }
        if driver.question.is_some() {
            all.extend(["CONTINUE", "CANCEL", "ERROR"].map(Self::Guard));
        }
        if !driver.checks.is_empty() {
            all.extend([true, false].map(|valid| Self::Frame(Word::Checked { valid })));
        }
        all
    }

    /// Does it.
    pub(crate) fn take(self, driver: &mut Driver) -> Vec<Effect> {
        let input = match self {
            Self::Answer(row) => {
                Input::Answered { call: driver.last_call(), reply: ANSWERS[row].reply() }
            }
            Self::App => Input::AppPressed,
            Self::Check => Input::CheckPressed,
            Self::Done => Input::Frame { frame: driver.window.unwrap(), message: FromFrame::Done },
            Self::Guard(answer) => {
                Input::Guarded { question: driver.question.unwrap(), answer: answer.into() }
            }
            Self::Break => Input::CallFailed { call: driver.last_call() },
            Self::Browser { goes } => {
                Input::Navigated { navigation: driver.navigation.unwrap(), taken: goes }
            }
            Self::Close => Input::ClosePressed,
            Self::Continue => Input::ContinuePressed,
            Self::Frame(word) => {
                Input::Frame { frame: driver.frame.unwrap(), message: word.message(driver) }
            }
            Self::Hide => Input::PageHidden,
            Self::Online => Input::Online,
            Self::Open { stay, good, phone } => {
                return driver.open(|opening| {
                    opening.stay = stay;
                    if phone {
                        let agent = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130 Mobile";
                        let browser = Rc::make_mut(&mut opening.browser);
                        browser.user_agent = agent.into();
                    }
                    if !good {
                        opening.session = "c2Vzc2lvbg==&&SG".into();
                    }
                });
            }
            Self::Pay => Input::PayPressed,
            Self::Restore => Input::PageShown { restored: true },
            Self::Show => Input::PageShown { restored: false },
            Self::Submit => {
                Input::Submit { ticket: driver.ticket(), billing_address: Facts::default() }
            }
            Self::Time { late } => {
                driver.now += late * 1_000;
                return driver.fire_next().unwrap_or_default();
            }
            Self::Unmount => Input::Unmount,
            Self::Validate => Input::Validate { ticket: driver.ticket() },
        };
        driver.input(input)
    }
}

impl Word {
    fn message(self, driver: &Driver) -> FromFrame {
        match self {
            Self::Checked { .. } => self.say(driver.checks.first().map_or(0, |(id, _)| *id)),
            _ => self.say(driver.talk.unwrap_or_default()),
        }
    }

    fn say(self, id: u32) -> FromFrame {
        match self {
            Self::Checked { valid } => FromFrame::Checked { id, valid },
            Self::Enter => FromFrame::SubmitPressed,
            Self::Escape => FromFrame::ClosePressed,
            Self::Invalid => FromFrame::Invalid { id },
            Self::Missing => FromFrame::Missing,
            Self::Values => FromFrame::Values { id, values: r#"{"code":"hush-values"}"#.into() },
            Self::Ready => FromFrame::Ready,
            Self::Refused { retryable } => FromFrame::Refused {
                id,
                code: if retryable { "INVALID_CARD_NUMBER" } else { "ORDER_IS_CLOSED" }.into(),
                message: String::new(),
            },
            Self::Resized => FromFrame::Resized { height: 320 },
            Self::Token => FromFrame::Token {
                id,
                token: "hush-token".into(),
                brand: "VISA".into(),
                last_four: "0768".into(),
            },
            Self::Unreachable => FromFrame::Unreachable { id },
        }
    }

    const ALL: [Self; 13] = [
        Self::Checked { valid: true },
        Self::Checked { valid: false },
        Self::Enter,
        Self::Escape,
        Self::Invalid,
        Self::Missing,
        Self::Values,
        Self::Ready,
        Self::Refused { retryable: true },
        Self::Refused { retryable: false },
        Self::Resized,
        Self::Token,
        Self::Unreachable,
    ];
}

/// Inputs that come too late, twice, or from somewhere else. The driver asserts that they change
/// nothing.
pub(crate) fn stale(driver: &Driver) -> Vec<Input> {
    let mut inputs = Vec::new();
    // Ids are given to calls, timers and all the rest in turn, so that what is right for one of
    // them is wrong for the others.
    for id in [0, driver.last_id.saturating_sub(1), driver.last_id, driver.last_id + 1] {
        let paid = ANSWERS.iter().find(|answer| answer.name == "paid").unwrap();
        inputs.push(Input::Answered { call: CallId(id), reply: paid.reply() });
        inputs.push(Input::CallFailed { call: CallId(id) });
        inputs.push(Input::TimerFired(TimerId(id)));
        inputs.push(Input::Guarded { question: id, answer: "CONTINUE".into() });
        inputs.push(Input::Frame { frame: FrameId(id), message: FromFrame::Done });
        for taken in [true, false] {
            inputs.push(Input::Navigated { navigation: NavigationId(id), taken });
        }
        for word in Word::ALL {
            // From another frame with the right id, and from the right frame with another id.
            inputs.push(Input::Frame { frame: FrameId(id), message: word.message(driver) });
            if let Some(frame) = driver.frame {
                inputs.push(Input::Frame { frame, message: word.say(id) });
            }
        }
    }
    inputs.retain(|input| driver.is_stale(input));
    inputs
}

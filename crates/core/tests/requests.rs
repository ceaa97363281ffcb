//! The requests and headers that leave the page, member by member: the published names, and values
//! of the published kinds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, a panic with a message is the report"
)]

mod support;

use kassa_core::Machine;
use kassa_core::call::{Browser, Call};
use kassa_core::locale::choose;
use kassa_core::machine::{
    Appearance, BeforeSubmit, BeforeSubmitAnswer, Config, Effect, FormId, Input, Millis,
    OpenRequest, PromiseId,
};
use kassa_core::platform::Environment;
use kassa_core::session::Metadata;
use kassa_protocol::Json;
use kassa_protocol::client::{BillingAddress, FormValues, Operation, Request};
use kassa_protocol::frame::{CardFormInit, FromForm, StoredCard, Theme, ToForm};
use kassa_protocol::json::read;
use serde_json::{Value, json};
use support::{ANDROID, reply, token};

const CARD: &str = r#"{"success":true,"paymentMethods":[{"paymentMethodType":"CARD"}],"savedPaymentMethods":[{"paymentMethodType":"CARD","paymentMethodId":"stored-1","paymentMethodDetail":{"brand":"VISA","last4":"4220768"}}],"frameUrl":"/frame/card"}"#;
const FIELDS: &str = r#"{"success":true,"paymentMethods":[{"paymentMethodType":"BLIK","paymentElements":[{"paymentElementKey":"blikCode","elementType":"BLIK"}]}]}"#;

/// A machine, the effects of the last input, and the form.
struct Page {
    machine: Machine,
    effects: Vec<Effect>,
    form: Option<FormId>,
}

impl Page {
    fn open(config: Config, request: OpenRequest) -> Self {
        let mut page = Self { machine: Machine::new(config), effects: vec![], form: None };
        page.input(Input::Open(Box::new(request)));
        page
    }

    fn input(&mut self, input: Input) {
        self.effects = self.machine.handle(input, Millis(0));
    }

    fn find<T>(&self, find: impl Fn(&Effect) -> Option<T>) -> T {
        self.effects.iter().find_map(find).expect("the effect is there")
    }

    /// The call that was sent.
    fn call(&self) -> Call {
        self.find(|effect| match effect {
            Effect::Call { call, .. } => Some(Call::clone(call)),
            _ => None,
        })
    }

    fn answer(&mut self, json: &str) {
        let call = self.find(|effect| match effect {
            Effect::Call { id, .. } => Some(*id),
            _ => None,
        });
        self.input(Input::CallAnswered { call, reply: reply(json), activation: None });
    }

    fn answer_before_submit(&mut self, answer: BeforeSubmitAnswer) {
        let id = self.find(|effect| match effect {
            Effect::AskBeforeSubmit { id, .. } => Some(*id),
            _ => None,
        });
        self.input(Input::BeforeSubmitAnswered { id, answer });
    }

    /// The form is ready.
    fn show_form(&mut self) {
        self.form = Some(self.find(|effect| match effect {
            Effect::OpenCardForm { id, .. } | Effect::OpenFields { id, .. } => Some(*id),
            _ => None,
        }));
        self.form_message(FromForm::Ready);
    }

    fn form_message(&mut self, message: FromForm) {
        let form = self.form.expect("a form is open");
        self.input(Input::FormMessage { form, message });
    }

    /// The buyer or the merchant pays, and the form answers.
    fn pay(&mut self, press: Input, answer: impl Fn(u32) -> FromForm) {
        self.input(press);
        let id = self.find(|effect| match effect {
            Effect::SendToForm(ToForm::Submit { id }) => Some(*id),
            _ => None,
        });
        self.form_message(answer(id));
    }
}

fn config() -> Config {
    Config {
        environment: Environment::Sandbox,
        gateway: Some("https://gw.example/".into()),
        locale: choose(Some("pt-BR"), []),
        asks_before_submit: false,
    }
}

fn pass_through(json: &Value) -> Option<Json> {
    read(json).ok()
}

fn request(user_agent: &str) -> OpenRequest {
    OpenRequest {
        promise: PromiseId(1),
        session_data: "c2Vzc2lvbg==&&SG&&188&&e30=".into(),
        metadata: Some(Metadata::default()),
        stays_on_page: true,
        appearance: Appearance { theme: Some(Theme::Night), ..Appearance::default() },
        browser: Browser {
            is_isolated: false,
            user_agent: user_agent.into(),
            language: "ms-MY".into(),
            touch_points: 5,
            color_depth: 24,
            screen_width: 412,
            screen_height: 915,
            time_zone_offset: -480,
            page: "https://shop.example/checkout".into(),
        },
        attempt_seed: "seed1".into(),
        ..OpenRequest::default()
    }
}

/// A request as JSON.
fn body(call: &Call) -> Value {
    let body = serde_json::to_value(&call.request).unwrap();
    let read: Request = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(read.payment_session_data.as_deref(), Some("c2Vzc2lvbg==&&SG&&188"));
    assert_eq!(read.payment_factors, call.request.payment_factors);
    assert_eq!(read.payment_method, call.request.payment_method);
    assert_eq!(read.ext_params, call.request.ext_params);
    body
}

fn mini_program() -> Value {
    let mut info = phone();
    info["extendInfo"] = json!({"WAP_SUB_TYPE": "WECHAT_MINI_PROGRAM"});
    info
}

fn phone() -> Value {
    json!({
        "terminalType": "WAP",
        "osType": "ANDROID",
        "browserInfo": {
            "browserJavaScriptEnabled": true,
            "browserJavaEnabled": false,
            "browserLanguage": "ms-MY",
            "browserUserAgent": format!("{ANDROID} miniProgram"),
            "browserColorDepth": 24
        },
        "deviceLanguage": "ms-MY",
        "screenWidth": 412,
        "screenHeight": 915,
        "timeZoneOffset": -480,
        "locale": "pt-BR"
    })
}

#[test]
fn a_stored_card_is_paid_with_the_published_requests() {
    let session_config =
        pass_through(&json!({"paymentMethodCategoryType": "CARD", "productScene": "X"}));
    let mut page = Page::open(
        config(),
        OpenRequest {
            metadata: Some(Metadata { session_config }),
            needs_cvc: true,
            merchant_appoint_param: pass_through(
                &json!({"storedCard": {"needCVV": true}, "x": [1.5, null, "a"]}),
            ),
            ..request(&format!("{ANDROID} miniProgram"))
        },
    );
    let query = page.call();
    assert_eq!(query.url, "https://gw.example/mgw.htm");
    assert!(!query.credentials, "no cookies for a gateway that the merchant named");
    assert_eq!(
        body(&query),
        json!({
            "paymentSessionData": "c2Vzc2lvbg==&&SG&&188",
            "paymentSessionConfig": {"paymentMethodCategoryType": "CARD", "productScene": "X"},
            "notRedirectAfterComplete": true,
            "merchantAppointParam": {"storedCard": {"needCVV": true}, "x": [1.5, null, "a"]},
            "paymentMethodType": "CARD",
            "envInfo": mini_program(),
            "extParams": {"refUrl": "https://shop.example/checkout"}
        })
    );
    assert!(query.request.needs_cvc());

    // 2026-12-01T11:59:59Z: in the last time zone it is still November.
    page.answer(&CARD.replacen('{', r#"{"serverTime":"1796126399000","#, 1));
    let init = page.find(|effect| match effect {
        Effect::OpenCardForm { target, init, .. } => {
            assert_eq!(target.as_str(), "https://gw.example/frame/card");
            Some(CardFormInit::clone(init))
        }
        _ => None,
    });
    let stored = StoredCard {
        id: "stored-1".into(),
        brand: "VISA".into(),
        last_four: "0768".into(),
        needs_cvc: true,
    };
    let expected = CardFormInit {
        session: "c2Vzc2lvbg==&&SG&&188".into(),
        locale: "pt-BR".into(),
        theme: Some(Theme::Night),
        today: Some("2026-11-30".into()),
        stored: Some(stored),
    };
    assert_eq!(init, expected, "never more than four digits");

    page.show_form();
    let text = |text: &str| Some(text.to_owned());
    let billing_address = Some(BillingAddress {
        region: text("MY"),
        state: text("10"),
        city: text("Shah Alam"),
        address1: text("1 Jalan"),
        address2: text("2"),
        zip_code: text("40000"),
    });
    page.pay(Input::Submit { promise: PromiseId(2), billing_address }, |id| token(id, "tok"));
    assert_eq!(
        body(&page.call()),
        json!({
            "paymentSessionData": "c2Vzc2lvbg==&&SG&&188",
            "paymentSessionConfig": {"paymentMethodCategoryType": "CARD", "productScene": "X"},
            "paymentMethod": {"paymentMethodType": "CARD"},
            "paymentFactors": {
                "cardToken": "tok",
                "billingAddress": {
                    "region": "MY",
                    "state": "10",
                    "city": "Shah Alam",
                    "address1": "1 Jalan",
                    "address2": "2",
                    "zipCode": "40000"
                }
            },
            "envInfo": phone(),
            "extParams": {"refUrl": "https://shop.example/checkout", "attemptId": "seed1-1"}
        })
    );

    page.answer(r#"{"success":true,"paymentStatus":"PROCESSING","threeDSMethodUrl":"/3ds/1"}"#);
    let frame = page.find(|effect| match effect {
        Effect::OpenThreeDsFrame { id, .. } => Some(*id),
        _ => None,
    });
    page.input(Input::ThreeDsFrameDone { frame });
    assert_eq!(
        body(&page.call()),
        json!({
            "paymentSessionData": "c2Vzc2lvbg==&&SG&&188",
            "envInfo": phone(),
            "extParams": {"refUrl": "https://shop.example/checkout", "threeDSCompInd": "Y"}
        })
    );
}

#[test]
fn the_values_of_a_form_are_members_of_payment_factors() {
    let values = |id| FromForm::Values {
        id,
        values: FormValues(vec![("blikCode".into(), "777123".into())]),
    };
    let mut page = Page::open(config(), request("Mozilla/5.0 (Windows NT 10.0)"));
    // 2026-11-30T10:00:00Z: in the first time zone it is already December.
    page.answer(&FIELDS.replacen('{', r#"{"serverTime":"1796032800000","#, 1));
    let today = page.find(|effect| match effect {
        Effect::OpenFields { today, .. } => Some(today.clone()),
        _ => None,
    });
    assert_eq!(today, "2026-12-01");
    page.show_form();
    let billing_address =
        Some(BillingAddress { region: Some("PL".into()), ..BillingAddress::default() });
    page.pay(Input::Submit { promise: PromiseId(2), billing_address }, values);
    let submit = body(&page.call());
    assert_eq!(
        submit["paymentFactors"],
        json!({"blikCode": "777123", "billingAddress": {"region": "PL"}})
    );
    assert_eq!(submit["paymentMethod"], json!({"paymentMethodType": "BLIK"}));
    assert_eq!(submit["envInfo"]["terminalType"], "WEB");
    for absent in ["osType", "extendInfo"] {
        assert!(submit["envInfo"].get(absent).is_none(), "{absent}");
    }

    // The address belongs to one call of submit(), not to the next press of the pay button.
    page.answer(r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"DO_NOT_HONOR"}"#);
    page.pay(Input::PayPressed, values);
    assert_eq!(body(&page.call())["paymentFactors"], json!({"blikCode": "777123"}));
}

#[test]
fn additions_of_on_before_submit_belong_to_one_submit() {
    let config = Config { asks_before_submit: true, ..config() };
    let mut page = Page::open(config, request("Mozilla/5.0 (Windows NT 10.0)"));
    page.answer(FIELDS);
    page.show_form();
    let values = |id| {
        let values = FormValues(vec![("blikCode".into(), "777123".into())]);
        FromForm::Values { id, values }
    };
    let address = |region: &str| {
        Some(BillingAddress { region: Some(region.into()), ..BillingAddress::default() })
    };
    let press = Input::Submit { promise: PromiseId(2), billing_address: address("PL") };
    page.pay(press, values);
    let answer = BeforeSubmitAnswer {
        billing_address: address("DE"),
        process_type: Some("PAYMENT".into()),
        ..BeforeSubmit::Continue.into()
    };
    page.answer_before_submit(answer);
    let submit = body(&page.call());
    assert_eq!(
        submit["paymentFactors"],
        json!({"blikCode": "777123", "billingAddress": {"region": "DE"}})
    );
    assert_eq!(submit["extParams"]["processType"], "PAYMENT");

    page.answer(r#"{"success":true,"paymentStatus":"FAIL","paymentResultCode":"DO_NOT_HONOR"}"#);
    let press = Input::Submit { promise: PromiseId(3), billing_address: address("PL") };
    page.pay(press, values);
    page.answer_before_submit(BeforeSubmit::Continue.into());
    let submit = body(&page.call());
    assert_eq!(submit["paymentFactors"]["billingAddress"], json!({"region": "PL"}));
    assert!(submit["extParams"].get("processType").is_none());
}

#[test]
fn a_method_without_a_form_sends_empty_payment_factors() {
    let mut page = Page::open(config(), request("Mozilla/5.0 (Windows NT 10.0)"));
    page.answer(r#"{"success":true,"paymentMethods":[{"paymentMethodType":"PIX"}]}"#);
    assert_eq!(body(&page.call())["paymentFactors"], json!({}));
}

#[test]
fn headers_are_the_published_ones() {
    let headers = |environment| {
        let page = Page::open(
            Config { environment, gateway: None, ..config() },
            request("Mozilla/5.0 (Windows NT 10.0)"),
        );
        let call = page.call();
        assert_eq!(call.operation, Operation::Query);
        assert_eq!(call.url, "https://imgs-sea-global.alipay.com/mgw.htm");
        assert!(call.credentials, "a region's own gateway gets its cookies, as from the original");
        call.headers()
    };
    let mut expected = vec![
        ("Operation-Type", "com.ipay.iexpcashier.sdkAction.query"),
        ("appId", "ANTOM_PAYMENT_WEB"),
        ("workspaceId", "default"),
        ("version", "2.0"),
        ("tntInstId", "ALIPW3SG"),
        ("sdk-version", env!("CARGO_PKG_VERSION")),
        ("x-cors-antom_payment_web-default", "1"),
    ];
    assert_eq!(headers(Environment::Prod), expected);
    expected.extend([("load-test", "true"), ("sofaPenAttrs", "instMock=O&loadMode=2")]);
    assert_eq!(headers(Environment::Sandbox), expected);
}

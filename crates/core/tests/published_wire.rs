//! Answers and requests as the original's gateway has them, where they differ from those of Kassa's
//! own gateway.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, a panic with a message is the report"
)]

mod support;

use kassa_core::events::EventCode;
use kassa_core::machine::{Effect, Input};
use kassa_protocol::client::{Operation, Request};
use kassa_protocol::frame::FromForm;
use serde_json::{Value, json};
use support::{ANDROID, Driver, token};

/// The answer of a query for a method with a form.
fn offer(more: Value) -> String {
    let mut answer = json!({
        "success": true,
        "paymentMethods": [{ "paymentMethodType": "CARD" }],
        "frameUrl": "/frame/card",
    });
    answer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    answer.to_string()
}

/// The amount on the screen and the lines about it in the log, after a query with these members.
fn shown(members: Value) -> (Option<String>, Vec<String>) {
    let mut driver = Driver::new();
    driver.open(|_| {});
    let effects = driver.answer(&offer(members));
    let log = effects.iter().filter_map(|effect| match effect {
        Effect::Log(line) => Some(format!("{}: {}", line.code.name(), line.message)),
        _ => None,
    });
    let amount = driver.machine.view().amount;
    (amount.map(|amount| format!("{} {}", amount.currency, amount.decimal)), log.collect())
}

fn view(currency: &str, value: Value, formatted: &str) -> Value {
    let mut view = json!({
        "currency": currency, "currencyDivider": " ", "currencyLabel": "$",
        "currencySymbolPosition": "L", "value": value,
    });
    if !formatted.is_empty() {
        view["formattedValue"] = json!(formatted);
    }
    view
}

#[test]
fn amounts_of_both_shapes_are_read() {
    for (currency, value, formatted, amount) in [
        // The published shape: major units, and the same in the style of some language.
        ("USD", json!("289.86"), "289.86", "289.86"),
        ("EUR", json!("1.10"), "1,10", "1.10"),
        ("USD", json!("1234567.50"), "1,234,567.50", "1234567.50"),
        ("EUR", json!("1234.50"), "1.234,50", "1234.50"),
        ("EUR", json!("1234.50"), "1\u{202f}234,50", "1234.50"),
        ("CHF", json!("1234.50"), "1\u{2019}234.50", "1234.50"),
        ("INR", json!("123456.00"), "1,23,456.00", "123456.00"),
        ("JPY", json!("1000"), "1,000", "1000"),
        ("KRW", json!(50_000), "50,000", "50000"),
        ("KWD", json!("1.234"), "1.234", "1.234"),
        ("KWD", json!("1234.500"), "1,234.500", "1234.500"),
        ("IDR", json!("150000"), "150,000", "150000"),
        ("IDR", json!("150000.00"), "150.000,00", "150000"),
        ("USD", json!("42"), "42.00", "42.00"),
        ("USD", json!("42"), "42", "42.00"),
        ("USD", json!("1000"), "1,000", "1000.00"),
        ("USD", json!("0.05"), "0.05", "0.05"),
        ("USD", json!("42.5"), "", "42.50"),
        // The shape of earlier gateways of Kassa: minor units.
        ("USD", json!("28986"), "289.86", "289.86"),
        ("USD", json!("4200"), "42.00", "42.00"),
        ("USD", json!("4200"), "42", "42.00"),
        ("USD", json!("5"), "0.05", "0.05"),
        ("USD", json!("123450"), "1,234.50", "1234.50"),
        ("KWD", json!("1234"), "1.234", "1.234"),
        ("IDR", json!("15000000"), "150,000.00", "150000"),
        ("USD", json!("4200"), "", "42.00"),
        ("JPY", json!("1000"), "", "1000"),
    ] {
        let view = view(currency, value, formatted);
        let found = shown(json!({ "paymentAmountView": view }));
        assert_eq!(found, (Some(format!("{currency} {amount}")), vec![]), "{view}");
        let found = shown(json!({ "orderAmountView": view }));
        assert_eq!(found, (Some(format!("{currency} {amount}")), vec![]), "{view}");
    }
}

#[test]
fn minor_amounts_beside_mark_the_published_shape() {
    let minor = |value: &str| json!({ "currency": "USD", "currencyLabel": "$", "value": value });
    for (name, value, formatted, beside, amount) in [
        ("paymentAmount", "4200", "", "420000", "4200.00"),
        ("paymentAmount", "42", "", "4200", "42.00"),
        ("orderAmount", "42", "", "4200", "42.00"),
        ("paymentAmount", "42.00", "42.00", "4200", "42.00"),
        // What the buyer is shown elsewhere comes first.
        ("paymentAmount", "4200", "42.00", "4200", "42.00"),
    ] {
        let view = view("USD", json!(value), formatted);
        let found = shown(json!({ format!("{name}View"): view, name: minor(beside) }));
        assert_eq!(found, (Some(format!("USD {amount}")), vec![]), "{view}");
    }
    // A view that cannot be read has the minor units beside it.
    let found = shown(json!({ "paymentAmountView": view("USD", json!("?"), "42.00"),
                              "paymentAmount": minor("4200"), "orderAmountView": view("EUR", json!("1.00"), "") }));
    assert_eq!(found, (Some("USD 42.00".into()), vec![]));
    // And they are enough by themselves.
    let found = shown(json!({ "orderAmount": minor("4200") }));
    assert_eq!(found, (Some("USD 42.00".into()), vec![]));
}

#[test]
fn an_amount_in_doubt_is_hidden_and_named() {
    for (currency, value, formatted) in [
        ("USD", json!("43.00"), "42.00"),
        ("USD", json!("4300"), "42.00"),
        ("USD", json!("42.005"), "42.005"),
        ("USD", json!("42.00"), "42.0"),
        ("USD", json!("42.00"), "-42.00"),
        ("USD", json!("-42.00"), "42.00"),
        ("USD", json!("42,00"), "42,00"),
        ("USD", json!("4.2e1"), ""),
        ("USD", json!(""), ""),
        ("USD", json!("18446744073709551616"), ""),
        ("USD", json!("184467440737095517"), "184,467,440,737,095,517.00"),
        ("USD", json!("18446744073709551616.00"), "18,446,744,073,709,551,616.00"),
        ("USD", json!("42.-1"), "42.-1"),
        ("usd", json!("42.00"), "42.00"),
        ("DOLLAR", json!("42.00"), "42.00"),
        ("JPY", json!("1000"), "1,000.00"),
    ] {
        let view = view(currency, value, formatted);
        for name in ["paymentAmountView", "orderAmountView"] {
            let line = format!("AMOUNT_HIDDEN: {name} is in doubt and hidden.");
            assert_eq!(shown(json!({ name: view })), (None, vec![line]), "{view}");
        }
    }
    // The amount of the order is not shown in place of the amount to pay.
    let order = view("USD", json!("50.00"), "50.00");
    let pay = view("MYR", json!("1"), "2.00");
    let (amount, log) = shown(json!({ "paymentAmountView": pay, "orderAmountView": order }));
    assert_eq!((amount, log.len()), (None, 1));
    assert_eq!(shown(json!({})), (None, vec![]), "no amount is no doubt");
}

/// The page to which the buyer is sent after a payment by card.
fn return_page(query: Value, submit: Value, inquiry: Option<Value>) -> Option<String> {
    let mut driver = Driver::new();
    driver.open(|request| request.stays_on_page = false);
    driver.answer(&offer(query));
    driver.form_message(FromForm::Ready);
    driver.input(Input::PayPressed);
    driver.form_message(token(driver.form_submit.unwrap(), "token"));
    let mut effects = driver.answer(&submit.to_string());
    if let Some(inquiry) = inquiry {
        driver.fire_next();
        effects = driver.answer(&inquiry.to_string());
    }
    assert!(driver.codes().contains(&EventCode::PaymentAuthorizationSuccessful));
    effects.into_iter().find_map(|effect| match effect {
        Effect::Navigate { target, .. } => Some(target.as_str().to_owned()),
        _ => None,
    })
}

#[test]
fn the_return_address_is_read_wherever_it_is_published() {
    let paid = json!({ "success": true, "paymentStatus": "SUCCESS" });
    let with = |mut answer: Value, page: &str| {
        answer["extendInfo"] = json!({ "iconName": "Card", "paymentRedirectUrl": page });
        answer
    };
    let page = |name: &str| format!("https://shop.example/{name}");
    let (a, b, c) = (page("a"), page("b"), page("c"));
    let open = json!({ "success": true, "paymentStatus": "PROCESSING", "waitsFor": "APPROVAL" });
    for (query, submit, inquiry, expected) in [
        (json!({ "paymentRedirectUrl": a }), paid.clone(), None, Some(&a)),
        (json!({ "redirectUrl": a }), paid.clone(), None, Some(&a)),
        (json!({ "extendInfo": { "paymentRedirectUrl": a } }), paid.clone(), None, Some(&a)),
        (json!({}), with(paid.clone(), &b), None, Some(&b)),
        (json!({}), with(open.clone(), &b), Some(paid.clone()), Some(&b)),
        (json!({}), open, Some(with(paid.clone(), &c)), Some(&c)),
        (json!({ "redirectUrl": "" }), with(paid.clone(), &b), None, Some(&b)),
        // The session has one; the first that names it decides.
        (json!({ "paymentRedirectUrl": a, "redirectUrl": b }), paid.clone(), None, Some(&a)),
        (json!({ "redirectUrl": a }), with(paid.clone(), &b), None, Some(&a)),
        // Not an address of the merchant's: of a submit, it is the page of the payment method.
        (
            json!({}),
            json!({ "success": true, "paymentStatus": "SUCCESS", "redirectUrl": b }),
            None,
            None,
        ),
        (json!({ "extendInfo": "{}" }), paid.clone(), None, None),
        // A safe page only.
        (json!({ "redirectUrl": "javascript:alert(1)" }), paid.clone(), None, None),
        (json!({}), with(paid, "javascript:alert(1)"), None, None),
    ] {
        let found = return_page(query.clone(), submit.clone(), inquiry.clone());
        assert_eq!(found.as_ref(), expected, "{query} {submit} {inquiry:?}");
    }
}

/// The request of the query, and that of the submit.
fn requests(user_agent: &str, category: &str) -> (Request, Request) {
    let sent = |effects: Vec<Effect>, wanted: Operation| {
        effects
            .into_iter()
            .find_map(|effect| match effect {
                Effect::Call { call, .. } if call.operation == wanted => Some(call.request),
                _ => None,
            })
            .expect("the call is sent")
    };
    let mut driver = Driver::new();
    let config =
        json!({ "productScene": "CASHIER_PAYMENT", "paymentMethodCategoryType": category });
    let query = driver.open(|request| {
        request.metadata.as_mut().unwrap().session_config =
            kassa_protocol::json::read(&config).ok();
        request.browser.user_agent = user_agent.into();
    });
    let method = r#"{"success":true,"paymentMethods":[{"paymentMethodType":"ALIPAY_CN"}]}"#;
    let submit = driver.answer(method);
    (sent(query, Operation::Query), sent(submit, Operation::Submit))
}

#[test]
fn a_phone_of_another_kind_counts_as_android() {
    for (agent, terminal, system) in [
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 Mobile", "WAP", Some("ANDROID")),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1", "WAP", Some("ANDROID")),
        ("Mozilla/5.0 (Tablet; OpenHarmony 5.0) ArkWeb/4.1", "WAP", Some("ANDROID")),
        ("Mozilla/5.0 (PC; OpenHarmony 5.0) ArkWeb/4.1", "WEB", None),
        ("Mozilla/5.0 (2in1; OpenHarmony 5.0) ArkWeb/4.1", "WEB", None),
        ("Mozilla/5.0 (Mobile; rv:109.0) Gecko/109.0 Firefox/118.0", "WAP", Some("ANDROID")),
        (ANDROID, "WAP", Some("ANDROID")),
    ] {
        let (query, submit) = requests(agent, "APM");
        for request in [query, submit] {
            let info = request.env_info.unwrap();
            let found = (info.terminal_type.as_deref(), info.os_type.as_deref());
            assert_eq!(found, (Some(terminal), system), "{agent}");
        }
    }
}

#[test]
fn a_mini_program_is_named_in_the_query_of_a_card_only() {
    let agent = format!("{ANDROID} MicroMessenger/8.0 miniProgram");
    let sub_type =
        |request: Request| request.env_info.unwrap().extend_info.map(|info| info.wap_sub_type);
    let (query, submit) = requests(&agent, "CARD");
    assert_eq!(sub_type(query).as_deref(), Some("WECHAT_MINI_PROGRAM"));
    assert_eq!(sub_type(submit), None);
    for (agent, category) in [(&*agent, "APM"), (&agent, "BANK"), (ANDROID, "CARD")] {
        let (query, submit) = requests(agent, category);
        assert_eq!((sub_type(query), sub_type(submit)), (None, None), "{agent} {category}");
    }
}

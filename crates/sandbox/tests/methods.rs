//! Every method, from its session to its end, over real HTTP.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use kassa_protocol::client::SUBMIT;
use serde_json::{Map, Value, json};
use support::{Made, Sandbox, json_of};

const DECLINED: &str = "USER_PAYMENT_VERIFICATION_FAILED";

/// A session for a method, with these knobs.
fn session(sandbox: &Sandbox, method: &str, knobs: Value) -> Made {
    sandbox.session(json!({ "method": method, "metadata": { "sandbox": knobs } }))
}

fn submit(made: &Made, method: &str, terminal: &str, factors: Value) -> Value {
    json!({
        "paymentSessionData": made.data,
        "paymentMethod": { "paymentMethodType": method },
        "paymentFactors": factors,
        "envInfo": { "terminalType": terminal, "osType": if terminal == "WAP" { "IOS" } else { "" } },
        "extParams": { "attemptId": format!("{terminal}-1") },
    })
}

/// Every field that can be filled in: headings have parts.
fn leaves(elements: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for element in elements.as_array().unwrap() {
        match element.get("subPaymentElementView") {
            Some(parts) => found.extend(leaves(parts)),
            None => found.push(element.clone()),
        }
    }
    found
}

/// A good value of an element.
fn value(element: &Value) -> String {
    match element["elementType"].as_str().unwrap() {
        "BANK" | "SELECT" => element["options"][0]["value"].as_str().unwrap().to_owned(),
        "BLIK" => "123456".to_owned(),
        "CONSENT" => "true".to_owned(),
        "CPF" => "52998224725".to_owned(),
        "DATE" => "1990-02-28".to_owned(),
        "EMAIL" => "ann.buyer@mail.example".to_owned(),
        "NAME" | "TEXT" => "Wilhelmina".to_owned(),
        "NUMBER" => "7".repeat(element["minLength"].as_u64().unwrap().try_into().unwrap()),
        "PHONE" => "+34600112233".to_owned(),
        other => panic!("no value for {other}"),
    }
}

fn fill(elements: &[Value]) -> Map<String, Value> {
    let key = |element: &Value| element["paymentElementKey"].as_str().unwrap().to_owned();
    elements.iter().map(|element| (key(element), json!(value(element)))).collect()
}

fn methods(sandbox: &Sandbox) -> Vec<Value> {
    let url = format!("{}/api/methods", sandbox.shop);
    let list = json_of(&mut sandbox.agent.get(url).call().unwrap());
    list.as_array().unwrap().clone()
}

/// What the page is told must fit the row, member by member, and nothing else may be there.
fn check_state(sandbox: &Sandbox, kind: &str, interaction: &str, state: &Value, key: &str) {
    const STEPS: [&str; 10] = [
        "normalUrl",
        "actionForm",
        "schemeUrl",
        "applinkUrl",
        "codeFormViews",
        "waitsFor",
        "expireTime",
        "threeDSMethodUrl",
        "challenge",
        "challengeUrl",
    ];
    let present: BTreeSet<&str> =
        STEPS.into_iter().filter(|member| state.get(member).is_some()).collect();
    let gateway = &sandbox.gateway;
    let expected: &[&str] = match interaction {
        "redirect" => {
            assert_eq!(state["normalUrl"], state["actionForm"]["redirectUrl"], "{kind}");
            &["actionForm", "normalUrl"]
        }
        "app:scheme" => &["normalUrl", "schemeUrl"],
        "app:applink" => &["applinkUrl", "normalUrl"],
        "app:scheme+applink" => &["applinkUrl", "normalUrl", "schemeUrl"],
        "wait" => {
            assert_eq!(state["waitsFor"], "APPROVAL", "{kind}");
            assert!(later(state, &state["expireTime"]), "{kind}");
            &["expireTime", "waitsFor"]
        }
        _ => {
            let views = state["codeFormViews"].as_array().unwrap();
            let types: Vec<&str> =
                views.iter().map(|view| view["displayType"].as_str().unwrap()).collect();
            let wanted: Vec<&str> = interaction
                .split('+')
                .map(|code| match code {
                    "qr" => "QRCODE",
                    "barcode" => "BARCODE",
                    _ => "TEXT",
                })
                .collect();
            assert_eq!(types, wanted, "{kind}");
            for (view, code) in views.iter().zip(interaction.split('+')) {
                let text = view["code"].as_str().unwrap();
                match code {
                    "qr" | "text" => assert!(text.starts_with("000201") && text.is_ascii()),
                    _ => assert!(text.len() >= 16 && text.bytes().all(|b| b.is_ascii_digit())),
                }
                assert!(later(state, &view["codeExpireTime"]), "{kind}");
            }
            &["codeFormViews"]
        }
    };
    assert_eq!(present, expected.iter().copied().collect(), "{kind} {interaction}");
    if let Some(url) = state.get("schemeUrl") {
        assert_eq!(url, &format!("kassa-wallet://pay/{key}"));
    }
    if let Some(url) = state.get("applinkUrl") {
        assert_eq!(url, &format!("{gateway}/app/{key}"));
    }
    if let Some(url) = state.get("normalUrl").and_then(Value::as_str) {
        assert!(url.starts_with(gateway) && url.ends_with(key), "{url}");
        assert_eq!(sandbox.agent.get(url).call().unwrap().status(), 200);
    }
}

fn later(state: &Value, time: &Value) -> bool {
    let number = |value: &Value| value.as_str().unwrap().parse::<i64>().unwrap();
    number(time) > number(&state["serverTime"])
}

/// One way through: create, query, submit, decide, ask.
fn go(sandbox: &Sandbox, method: &Value, terminal: &str, approve: bool) {
    let kind = method["type"].as_str().unwrap();
    let interaction = method[terminal.to_lowercase()].as_str().unwrap();
    let made = session(sandbox, kind, json!({}));
    let query = sandbox.query(&made);
    assert_eq!(query["success"], true, "{kind}: {query}");
    assert_eq!(query["paymentMethods"][0]["paymentMethodType"], kind);
    assert_eq!(query["paymentMethods"][0]["category"], method["category"]);
    assert_eq!(query["paymentMethods"][0]["paymentElements"], method["elements"], "{kind}");
    let factors = fill(&leaves(&method["elements"]));
    let state = sandbox.call(SUBMIT, &submit(&made, kind, terminal, json!(factors)));
    assert_eq!(state["success"], true, "{kind}: {state}");
    let status = state["paymentStatus"].as_str().unwrap();
    let counter = interaction.contains("number") && !interaction.contains("qr");
    assert_eq!(status, if counter { "PENDING" } else { "PROCESSING" }, "{kind}");
    let key = sandbox.key(&made);
    check_state(sandbox, kind, interaction, &state, &key);
    // The state is the same to whoever asks.
    let mut asked = sandbox.inquire(&made);
    asked["serverTime"] = state["serverTime"].clone();
    assert_eq!(asked, state, "{kind}");
    // The page where the buyer is exists, and the scanner finds what it scans.
    let page = sandbox.under_way(&made).unwrap()["page"].as_str().unwrap().to_owned();
    assert_eq!(
        sandbox.agent.get(format!("{}{page}", sandbox.gateway)).call().unwrap().status(),
        200
    );
    if let Some(code) = state.pointer("/codeFormViews/0/code").and_then(Value::as_str) {
        let scan = sandbox.agent.get(format!("{}/scan", sandbox.gateway)).query("code", code);
        let found = scan.call().unwrap();
        assert_eq!(found.headers()["location"], format!("/scan/{key}").as_str(), "{kind}");
    }
    let form = [("decision", if approve { "approve" } else { "decline" })];
    assert_eq!(sandbox.decide(&made, &form), 200);
    let asked = sandbox.inquire(&made);
    let debit = method["category"] == "DIRECT_DEBIT";
    let (status, code) = match (approve, debit) {
        (true, true) => ("PENDING", "PAYMENT_IN_PROCESS"),
        (true, false) => ("SUCCESS", "SUCCESS"),
        (false, _) => ("FAIL", DECLINED),
    };
    assert_eq!(asked["paymentStatus"], status, "{kind}");
    assert_eq!(asked["paymentResultCode"], code, "{kind}");
    assert!(asked.get("codeFormViews").is_none() && asked.get("normalUrl").is_none(), "{kind}");
}

#[test]
fn every_method_is_approved_and_declined_on_every_terminal() {
    let sandbox = Sandbox::start();
    let methods = methods(&sandbox);
    assert_eq!(methods.len(), 121);
    let others: Vec<&Value> = methods.iter().filter(|method| method["web"] != "card").collect();
    assert_eq!(others.len(), 120, "cards have their own tests");
    // Two lanes: the store writes one at a time anyway.
    std::thread::scope(|scope| {
        for half in others.chunks(60) {
            let sandbox = &sandbox;
            scope.spawn(move || {
                for method in half {
                    for terminal in ["WEB", "WAP"] {
                        go(sandbox, method, terminal, true);
                        go(sandbox, method, terminal, false);
                    }
                }
            });
        }
    });
}

#[test]
fn every_kind_of_field_and_interaction_occurs() {
    let sandbox = Sandbox::start();
    let methods = methods(&sandbox);
    let mut types = BTreeSet::new();
    let mut ways = BTreeSet::new();
    for method in &methods {
        for element in method["elements"].as_array().unwrap() {
            types.insert(element["elementType"].as_str().unwrap().to_owned());
        }
        for terminal in ["web", "wap"] {
            let way = method[terminal].as_str().unwrap();
            ways.extend(way.split('+').map(str::to_owned));
        }
    }
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(types, words("BANK BLIK CONSENT CPF DATE EMAIL NAME NUMBER PHONE SELECT TEXT"));
    assert_eq!(
        ways,
        words("app:applink app:scheme applink barcode card number qr redirect text wait")
    );
}

#[test]
fn missing_and_malformed_values_are_named_and_start_nothing() {
    let sandbox = Sandbox::start();
    for method in methods(&sandbox) {
        let kind = method["type"].as_str().unwrap();
        let elements = leaves(&method["elements"]);
        if elements.is_empty() {
            continue;
        }
        let made = session(&sandbox, kind, json!({}));
        let good = fill(&elements);
        for element in &elements {
            let key = element["paymentElementKey"].as_str().unwrap();
            let needed = element["elementMandatory"] == true;
            for (wrong, refused) in [
                (Value::Null, needed),
                (json!(""), needed),
                (json!("\u{7}"), true),
                (json!({ "a": 1 }), true),
                (json!(5), true),
            ] {
                if !refused {
                    continue;
                }
                let mut factors = good.clone();
                factors.insert(key.to_owned(), wrong.clone());
                let answer = sandbox.call(SUBMIT, &submit(&made, kind, "WEB", json!(factors)));
                assert_eq!(answer["errorCode"], "PARAM_ILLEGAL", "{kind} {key} {wrong}");
                let message = answer["errorMessage"].as_str().unwrap();
                assert!(message.contains(&format!("paymentFactors.{key}")), "{message}");
            }
        }
        assert_eq!(sandbox.count(&made), 0, "{kind}");
        // Values that nobody asked for change nothing.
        let mut factors = good;
        factors.insert("shoeSize".to_owned(), json!(["44"]));
        let answer = sandbox.call(SUBMIT, &submit(&made, kind, "WEB", json!(factors)));
        assert_eq!(answer["success"], true, "{kind}: {answer}");
    }
}

#[test]
fn values_of_the_buyer_are_not_kept() {
    let sandbox = Sandbox::start();
    for kind in ["KONBINI", "BLIK", "PAGALEVE", "BIZUM", "ACH_DIRECT_DEBIT", "P24"] {
        let made = session(&sandbox, kind, json!({}));
        let elements = sandbox.query(&made)["paymentMethods"][0]["paymentElements"].clone();
        let factors = fill(&leaves(&elements));
        let answer = sandbox.call(SUBMIT, &submit(&made, kind, "WEB", json!(factors)));
        assert_eq!(answer["success"], true);
    }
    let mut kept = Vec::new();
    for name in ["kassa-sandbox.db", "kassa-sandbox.db-wal"] {
        kept.extend(std::fs::read(sandbox.folder().join("data").join(name)).unwrap_or_default());
    }
    let has = |text: &str| kept.windows(text.len()).any(|window| window == text.as_bytes());
    // The bank's name is kept, so this looks at the right bytes.
    assert!(has("Channel 20"));
    for value in
        ["ann.buyer@mail", "600112233", "52998224725", "Wilhelmina", "777777777", "\"123456\""]
    {
        assert!(!has(value), "{value}");
    }
}

#[test]
fn banks_are_asked_where_the_session_wants_it() {
    let sandbox = Sandbox::start();
    let elements = |made: &Made| {
        sandbox.query(made)["paymentMethods"][0]["paymentElements"].as_array().unwrap().clone()
    };
    let fpx = "ONLINEBANKING_FPX";
    assert!(elements(&session(&sandbox, fpx, json!({}))).is_empty());
    let here = session(&sandbox, fpx, json!({ "askHere": true }));
    let asked = elements(&here);
    assert_eq!((asked.len(), &asked[0]["elementType"]), (1, &json!("BANK")));
    assert_eq!(asked[0]["elementMandatory"], false);
    assert_eq!(asked[0]["options"].as_array().unwrap().len(), 19);
    let chosen = json!({ "bankIdentifierCode": "MYRHB" });
    let state = sandbox.call(SUBMIT, &submit(&here, fpx, "WEB", chosen));
    let url = state["normalUrl"].as_str().unwrap();
    let text = sandbox.agent.get(url).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(text.contains("RHB Bank"), "the bank's page is the chosen bank's");

    // The merchant asked on its own page.
    let told = |kind: &str, code: &str| json!({ "method": kind, "paymentMethodMetaData": { "bankIdentifierCode": code } });
    let made = sandbox.session(told("ONLINEBANKING_YAPILY", "IPAY-MONZO"));
    assert!(elements(&made).is_empty());
    let state = sandbox.call(SUBMIT, &submit(&made, "ONLINEBANKING_YAPILY", "WEB", json!({})));
    assert_eq!(state["paymentStatus"], "PROCESSING");
    for (kind, code) in [("ONLINEBANKING_YAPILY", "MYRHB"), ("GCASH", "MYRHB")] {
        assert_eq!(refusal(&sandbox, told(kind, code)), "PARAM_ILLEGAL");
    }
}

/// The result code with which no session is made.
fn refusal(sandbox: &Sandbox, asked: Value) -> String {
    let mut response = sandbox
        .agent
        .post(format!("{}/api/sessions", sandbox.shop))
        .header("content-type", "application/json")
        .send(asked.to_string())
        .unwrap();
    assert_eq!(response.status(), 422, "{asked}");
    json_of(&mut response)["result"]["resultCode"].as_str().unwrap().to_owned()
}

#[test]
fn amounts_outside_of_the_rules_make_no_session() {
    let sandbox = Sandbox::start();
    for (kind, currency, amount, code) in [
        ("TELEPATHY", "MYR", "4200", "PARAM_ILLEGAL"),
        ("GCASH", "MYR", "4200", "CURRENCY_NOT_SUPPORT"),
        ("GCASH", "PHP", "99", "PARAM_ILLEGAL"),
        ("GCASH", "PHP", "10000001", "PAYMENT_AMOUNT_EXCEED_LIMIT"),
        ("KONBINI", "JPY", "300001", "PAYMENT_AMOUNT_EXCEED_LIMIT"),
        ("JKOPAY", "TWD", "4250", "PARAM_ILLEGAL"),
        ("OCTOPUS", "HKD", "4205", "PARAM_ILLEGAL"),
        ("DANA", "IDR", "4000050", "PARAM_ILLEGAL"),
        ("TABBY", "SAR", "1000001", "PAYMENT_AMOUNT_EXCEED_LIMIT"),
    ] {
        let asked = json!({ "method": kind, "currency": currency, "amount": amount });
        assert_eq!(refusal(&sandbox, asked), code, "{kind} {amount}");
    }
    for (kind, currency, amount) in [
        ("GCASH", "PHP", "100"),
        ("GCASH", "PHP", "10000000"),
        ("JKOPAY", "TWD", "4300"),
        ("OCTOPUS", "HKD", "4210"),
        ("TABBY", "AED", "1000001"),
    ] {
        sandbox.session(json!({ "method": kind, "currency": currency, "amount": amount }));
    }
}

/// As is published of PromptPay: the bank has read the code and does not ask whether it is good.
#[test]
fn money_for_a_real_time_code_may_come_after_the_order_was_closed() {
    let sandbox = Sandbox::start();
    let begin = |kind: &str| {
        let made = session(&sandbox, kind, json!({ "closesIn": 60 }));
        sandbox.call(SUBMIT, &submit(&made, kind, "WEB", json!({})));
        (sandbox.key(&made), made)
    };
    let pay = |key: &str| {
        let url = format!("{}/sim/{key}", sandbox.gateway);
        sandbox.agent.post(url).send_form([("decision", "approve")]).unwrap();
    };
    let (key, made) = begin("PROMPTPAY");
    let (other_key, other) = begin("ALIPAY_CN");
    sandbox.app.clock.advance(Duration::from_secs(61));
    assert_eq!(sandbox.inquire(&made)["paymentResultCode"], "ORDER_IS_CLOSED");
    pay(&key);
    pay(&other_key);
    assert_eq!(sandbox.inquire(&made)["paymentStatus"], "SUCCESS");
    assert_eq!(sandbox.inquire(&other)["paymentResultCode"], "ORDER_IS_CLOSED", "a wallet knows");
}

#[test]
fn orders_close_when_their_time_is_over() {
    let sandbox = Sandbox::start();
    let start = |kind: &str, knobs: Value, factors: Value| {
        let made = session(&sandbox, kind, knobs);
        let state = sandbox.call(SUBMIT, &submit(&made, kind, "WEB", factors));
        assert_eq!(state["success"], true, "{state}");
        made
    };
    let ended = |made: &Made| {
        let state = sandbox.inquire(made);
        (state["paymentStatus"].clone(), state["paymentResultCode"].clone())
    };
    let closed = (json!("FAIL"), json!("ORDER_IS_CLOSED"));
    let open = (json!("PROCESSING"), json!("PAYMENT_IN_PROCESS"));
    let not_approved = (json!("FAIL"), json!(DECLINED));

    let gcash = start("GCASH", json!({}), json!({}));
    let knob = start("GCASH", json!({ "closesIn": 60 }), json!({}));
    let code = start("GCASH", json!({ "codeExpiresIn": 60 }), json!({}));
    let both = start("GCASH", json!({ "codeExpiresIn": 60, "closesIn": 600 }), json!({}));
    let blik = start("BLIK", json!({}), json!({ "blikCode": "123456" }));
    let early = sandbox.session(json!({ "method": "GCASH", "closesInSeconds": 60 }));
    sandbox.call(SUBMIT, &submit(&early, "GCASH", "WEB", json!({})));
    let approved = start("GCASH", json!({ "pendingFor": 3_600_000 }), json!({}));
    assert_eq!(sandbox.decide(&approved, &[("decision", "approve")]), 200);
    let konbini = json!({ "firstName": "A", "lastName": "B", "email": "a@b.example", "phone": "+819012345678" });
    let konbini = start("KONBINI", json!({}), konbini);
    let key = sandbox.key(&knob);

    sandbox.app.clock.advance(Duration::from_secs(61));
    assert_eq!(ended(&gcash), open);
    assert_eq!(
        (ended(&knob), ended(&code), ended(&early)),
        (closed.clone(), closed.clone(), closed.clone())
    );
    assert_eq!(ended(&both), open, "the code is over, the order is not");
    let state = sandbox.inquire(&both);
    assert!(!later(&state, &state["codeFormViews"][0]["codeExpireTime"]));
    // Too late for the wallet, too.
    let url = format!("{}/sim/{key}", sandbox.gateway);
    sandbox.agent.post(url).send_form([("decision", "approve")]).unwrap();
    assert_eq!(ended(&knob), closed);
    // A closed order is not paid again in the same session.
    let mut again = submit(&knob, "GCASH", "WEB", json!({}));
    again["extParams"]["attemptId"] = json!("second");
    assert_eq!(sandbox.call(SUBMIT, &again)["paymentResultCode"], "ORDER_IS_CLOSED");

    sandbox.app.clock.advance(Duration::from_secs(60));
    assert_eq!(ended(&blik), not_approved, "nobody approved within two minutes");
    let mut again = submit(&blik, "BLIK", "WEB", json!({ "blikCode": "654321" }));
    again["extParams"]["attemptId"] = json!("second");
    assert_eq!(
        sandbox.call(SUBMIT, &again)["paymentStatus"],
        "PROCESSING",
        "a new code, a new try"
    );

    sandbox.app.clock.advance(Duration::from_secs(720));
    assert_eq!(ended(&gcash), closed);
    assert_eq!(ended(&approved), open, "the buyer did their part");
    sandbox.app.clock.advance(Duration::from_secs(3600));
    assert_eq!(ended(&approved).0, "SUCCESS");

    // The shop's page stops an hour before the shops do.
    let state = sandbox.inquire(&konbini);
    let shown: i64 = state["codeFormViews"][0]["codeExpireTime"].as_str().unwrap().parse().unwrap();
    sandbox.app.clock.advance(Duration::from_millis(
        u64::try_from(shown - sandbox.app.clock.now()).unwrap() + 1000,
    ));
    assert_eq!(ended(&konbini).0, "PENDING");
    sandbox.app.clock.advance(Duration::from_secs(3600));
    assert_eq!(ended(&konbini), closed);
}

#[test]
fn direct_debits_take_days() {
    let sandbox = Sandbox::start();
    let kind = "ACH_DIRECT_DEBIT";
    let made = session(&sandbox, kind, json!({}));
    let elements = sandbox.query(&made)["paymentMethods"][0]["paymentElements"].clone();
    let factors = fill(&leaves(&elements));
    let state = sandbox.call(SUBMIT, &submit(&made, kind, "WEB", json!(factors)));
    assert_eq!(state["paymentStatus"], "PROCESSING");
    sandbox.decide(&made, &[("decision", "approve")]);
    let state = sandbox.inquire(&made);
    assert_eq!(state["paymentStatus"], "PENDING");
    assert!(state.get("normalUrl").is_none(), "the buyer's part is complete");
    sandbox.app.clock.advance(Duration::from_secs(2 * 86_400));
    assert_eq!(sandbox.inquire(&made)["paymentStatus"], "PENDING");
    sandbox.app.clock.advance(Duration::from_secs(86_400));
    assert_eq!(sandbox.inquire(&made)["paymentStatus"], "SUCCESS");
}

#[test]
fn buyers_can_be_slow_leave_and_vanish() {
    let sandbox = Sandbox::start();
    let start = |knobs: Value| {
        let made = session(&sandbox, "TNG", knobs);
        sandbox.call(SUBMIT, &submit(&made, "TNG", "WEB", json!({})));
        made
    };
    let status = |made: &Made| sandbox.inquire(made)["paymentStatus"].clone();
    let slow = start(json!({}));
    assert_eq!(sandbox.decide(&slow, &[("decision", "slow"), ("seconds", "30")]), 200);
    assert_eq!(status(&slow), "PROCESSING");
    assert!(sandbox.inquire(&slow).get("codeFormViews").is_none());
    assert!(sandbox.under_way(&slow).unwrap()["page"].is_null());
    sandbox.app.clock.advance(Duration::from_secs(30));
    assert_eq!(status(&slow), "SUCCESS");

    for decision in ["leave", "vanish"] {
        let made = start(json!({}));
        assert_eq!(sandbox.decide(&made, &[("decision", decision)]), 200);
        assert_eq!(status(&made), "PROCESSING");
        assert_eq!(sandbox.decide(&made, &[("decision", "approve")]), 200, "they may come back");
        assert_eq!(status(&made), "SUCCESS");
    }

    let alone = start(json!({ "approvesIn": 20 }));
    assert_eq!(status(&alone), "PROCESSING");
    sandbox.app.clock.advance(Duration::from_secs(20));
    assert_eq!(status(&alone), "SUCCESS", "nobody had to press anything");
    let never = start(json!({ "approvesIn": 20, "closesIn": 10 }));
    sandbox.app.clock.advance(Duration::from_secs(30));
    assert_eq!(sandbox.inquire(&never)["paymentResultCode"], "ORDER_IS_CLOSED");

    let made = start(json!({}));
    for form in [
        &[("decision", "rob")][..],
        &[("decision", "slow"), ("seconds", "soon")],
        &[("decision", "decline"), ("code", "SUCCESS")],
        &[("decision", "decline"), ("code", "<b>")],
        &[],
    ] {
        assert_eq!(sandbox.decide(&made, form), 400, "{form:?}");
    }
    assert_eq!(status(&made), "PROCESSING");
}

#[test]
fn a_buyer_can_fail_with_any_code() {
    let sandbox = Sandbox::start();
    let codes = kassa_core::results::TABLE.iter().map(|row| row.code);
    for code in codes.filter(|code| *code != "PAYMENT_IN_PROCESS").chain(["FROM_THE_FUTURE_9"]) {
        let made = session(&sandbox, "TNG", json!({}));
        sandbox.call(SUBMIT, &submit(&made, "TNG", "WEB", json!({})));
        assert_eq!(sandbox.decide(&made, &[("decision", "decline"), ("code", code)]), 200);
        let state = sandbox.inquire(&made);
        assert_eq!(
            (&state["paymentStatus"], &state["paymentResultCode"]),
            (&json!("FAIL"), &json!(code))
        );
    }
}

#[test]
fn the_list_is_for_this_machine_only() {
    let sandbox = Sandbox::start();
    let made = session(&sandbox, "BIZUM", json!({}));
    sandbox.call(SUBMIT, &submit(&made, "BIZUM", "WAP", json!({ "phone": "+34600112233" })));
    let url = format!("{}/simulators", sandbox.gateway);
    let ask = |host: &str| sandbox.agent.get(&url).header("host", host).call().unwrap();
    let mut page = ask("127.0.0.1:4311");
    assert_eq!(page.status(), 200);
    let text = page.body_mut().read_to_string().unwrap();
    assert!(text.contains("push&#x2f;") && text.contains("EUR 42.00 by Bizum"), "{text}");
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
    assert_eq!(ask("sandbox.evil.example").status(), 403);
    let (entry, key) = (sandbox.under_way(&made).unwrap(), sandbox.key(&made));
    assert_eq!(entry["page"], format!("/push/{key}"));
    assert_eq!(entry["paymentMethodType"], "BIZUM");
    // Every page has a policy without scripts but the issuer's, and none may be framed but that.
    for place in ["bank", "wallet", "app", "push", "scan", "sim"] {
        let page = sandbox.agent.get(format!("{}/{place}/{key}", sandbox.gateway)).call().unwrap();
        assert_eq!(page.status(), 200, "{place}");
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'none'"), "{policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        let missing = sandbox.agent.get(format!("{}/{place}/x", sandbox.gateway)).call().unwrap();
        assert_eq!(missing.status(), 404, "{place}");
    }
    let nothing = sandbox.agent.get(format!("{}/scan?code=123", sandbox.gateway)).call().unwrap();
    assert_eq!(nothing.status(), 404);
    let style =
        sandbox.agent.get(format!("{}/sim/assets/sim.css", sandbox.gateway)).call().unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    let html = sandbox.agent.get(format!("{}/sim/assets/list.html", sandbox.gateway)).call();
    assert_eq!(html.unwrap().status(), 404);
}

#[test]
fn wallets_bring_the_buyer_back() {
    let sandbox = Sandbox::start();
    for (terminal, place) in [("WEB", "wallet"), ("WAP", "app")] {
        let made = session(&sandbox, "DANA", json!({}));
        let state = sandbox.call(SUBMIT, &submit(&made, "DANA", terminal, json!({})));
        let key = sandbox.key(&made);
        assert_eq!(state["normalUrl"], format!("{}/wallet/{key}", sandbox.gateway));
        let url = format!("{}/{place}/{key}", sandbox.gateway);
        let vanished = sandbox.agent.post(&url).send_form([("decision", "vanish")]).unwrap();
        assert_eq!(vanished.status(), 200);
        let back = sandbox.agent.post(&url).send_form([("decision", "approve")]).unwrap();
        assert_eq!(back.status(), 303);
        let expected = format!("{}/result?order={}", sandbox.shop, made.order);
        assert_eq!(back.headers()["location"], expected.as_str());
        assert_eq!(sandbox.inquire(&made)["paymentStatus"], "SUCCESS");
    }
}

/// What was told about the session's payment, and with which result code.
fn told(sandbox: &Sandbox, made: &Made) -> Vec<(String, String)> {
    let url = format!("{}/api/notifications/{}", sandbox.shop, made.request_id);
    let answer = json_of(&mut sandbox.agent.get(url).call().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let sent = answer["sent"].as_array().unwrap().iter();
    sent.map(|one| (text(&one["notifyType"]), text(&one["body"]["result"]["resultCode"]))).collect()
}

#[test]
fn merchants_are_told_that_money_takes_days_and_what_came_of_it() {
    let sandbox = Sandbox::start();
    let pair = |kind: &str, code: &str| (kind.to_owned(), code.to_owned());
    let pending = pair("PAYMENT_PENDING", "SUCCESS");
    let made = session(&sandbox, "BANKTRANSFER_BNI", json!({}));
    sandbox.call(SUBMIT, &submit(&made, "BANKTRANSFER_BNI", "WEB", json!({})));
    assert_eq!(told(&sandbox, &made), std::slice::from_ref(&pending));
    sandbox.decide(&made, &[("decision", "approve")]);
    assert_eq!(told(&sandbox, &made), [pending.clone(), pair("PAYMENT_RESULT", "SUCCESS")]);

    let debit = session(&sandbox, "DIRECTDEBIT_YAPILY", json!({}));
    let elements = sandbox.query(&debit)["paymentMethods"][0]["paymentElements"].clone();
    let factors = json!(fill(&leaves(&elements)));
    sandbox.call(SUBMIT, &submit(&debit, "DIRECTDEBIT_YAPILY", "WEB", factors));
    assert!(told(&sandbox, &debit).is_empty());
    sandbox.decide(&debit, &[("decision", "approve")]);
    assert_eq!(told(&sandbox, &debit), [pending]);

    // Nobody asks, and still it is told: an order that closed, and a buyer who approved alone.
    let alone = session(&sandbox, "GCASH", json!({ "approvesIn": 30 }));
    let late = session(&sandbox, "GCASH", json!({ "closesIn": 30 }));
    for made in [&alone, &late] {
        sandbox.call(SUBMIT, &submit(made, "GCASH", "WEB", json!({})));
    }
    sandbox.app.clock.advance(Duration::from_secs(30));
    for (made, code) in [(&alone, "SUCCESS"), (&late, "ORDER_IS_CLOSED")] {
        support::until(code, || told(&sandbox, made) == [pair("PAYMENT_RESULT", code)]);
    }
}

//! Answers that are changed at random, and hostile addresses: the machine neither panics nor hangs, no
//! law of the driver breaks, and no hostile address is opened. The numbers are seeded, so that a run
//! repeats.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "in a test, a panic with a message is the report"
)]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use kassa_core::machine::{Input, Screen, TimerId};
use kassa_core::platform::Target;
use kassa_protocol::frame::FromForm;
use serde_json::{Map, Value, json};
use support::answers::ANSWERS;
use support::{ANDROID, Driver, reply, token};

/// A generator of numbers (xorshift64*): the same ones on every machine and in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).unwrap()
    }
}

/// Values of every kind, and members that the machine decides by with other contents.
fn values() -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!(" "),
        json!("0"),
        json!("18446744073709551615"),
        json!("SUCCESS"),
        json!("FAIL"),
        json!("CANCELLED"),
        json!("PROCESSING"),
        json!("PENDING"),
        json!("CARD"),
        json!("QRCODE"),
        json!("\u{202e}\u{0}\u{feff}🂡"),
        json!("x".repeat(40_000)),
        json!([]),
        json!({}),
        json!([[[]]]),
        json!([null, 1, "x", {}]),
        json!({"toString": 1, "__proto__": {"success": true}}),
        json!(vec![json!({"code": "1"}); 40]),
    ];
    values.extend(hostile_addresses().into_iter().step_by(97).map(Value::String));
    values
}

/// Changes one value at random, anywhere in the tree: replaces, removes, renames, repeats, moves or cuts
/// it.
fn mutate(value: &mut Value, numbers: &mut Numbers, values: &[Value]) {
    let descends = numbers.below(3) > 0;
    match value {
        Value::Object(members) if descends && !members.is_empty() => {
            let at = numbers.below(members.len());
            let name = members.keys().nth(at).unwrap().clone();
            match numbers.below(6) {
                0 => drop(members.remove(&name)),
                1 => {
                    let moved = members.remove(&name).unwrap();
                    members.insert(name + "x", moved);
                }
                2 => {
                    let other = members.values().nth(numbers.below(members.len())).unwrap().clone();
                    members.insert(name, other);
                }
                _ => mutate(&mut members[&name], numbers, values),
            }
        }
        Value::Array(items) if descends && !items.is_empty() => {
            let at = numbers.below(items.len());
            if numbers.below(4) == 0 {
                let item = items[at].clone();
                items.insert(at, item);
            } else {
                mutate(&mut items[at], numbers, values);
            }
        }
        Value::String(text) if descends && !text.is_empty() => {
            let end = numbers.below(text.chars().count());
            *text = text.chars().take(end).collect();
        }
        _ => *value = values[numbers.below(values.len())].clone(),
    }
}

/// The driver finds an address in an event by its text, so that no address may be a word of events.
fn mark_addresses(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name.contains("Url") && !text.contains('/') => {
                        text.insert_str(0, "/secret-");
                    }
                    _ => mark_addresses(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mark_addresses),
        _ => {}
    }
}

/// The bodies of the table of answers, of all operations in one, and of forms.
fn bodies() -> Vec<Value> {
    let mut bodies: Vec<Value> = ANSWERS
        .iter()
        .filter_map(|answer| answer.json())
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    let mut all = Map::new();
    for body in &bodies {
        all.extend(body.as_object().unwrap().clone());
    }
    bodies.push(Value::Object(all));
    let field = json!({"paymentElementKey": "k", "elementType": "SELECT", "elementMandatory": true,
        "title": "T", "minLength": 1, "maxLength": 4, "options": [{"value": "a", "text": "A"}]});
    let group = json!({"title": "G", "subPaymentElementView": [field, field]});
    bodies.push(json!({"success": true, "paymentMethods": [{"paymentMethodType": "KONBINI",
        "paymentElements": [group, field]}], "paymentRedirectUrl": "https://shop.example/result"}));
    bodies
}

/// Opens, answers every call with the body, and does what a buyer does, then lets time pass.
fn play(driver: &mut Driver, body: &str) {
    driver.open(|_| {});
    for _ in 0..3 {
        if !driver.calls.is_empty() {
            let call = driver.last_call();
            driver.input(Input::CallAnswered { call, reply: reply(body), activation: None });
        }
        if driver.form.is_some() {
            driver.form_message(FromForm::Ready);
            driver.input(Input::PayPressed);
        }
        if let Some(id) = driver.form_submit {
            driver.form_message(token(id, "secret-token"));
        }
        if let Some(frame) = driver.three_ds_frame {
            driver.input(Input::ThreeDsFrameDone { frame });
        }
        for press in [Input::AppPressed, Input::CheckPressed, Input::ContinuePressed] {
            driver.input(press);
        }
        if let Some(navigation) = driver.navigation {
            driver.input(Input::NavigationDone { navigation, accepted: false });
        }
    }
    let mut fired = 0;
    while fired < MOST_TIMERS && driver.fire_next().is_some() {
        fired += 1;
    }
    // An answer may give the buyer weeks for a code.
    let shows_codes = matches!(driver.machine.view().screen, Screen::Codes { .. });
    assert!(fired < MOST_TIMERS || shows_codes, "time alone does not end it");
    driver.input(Input::Unmount);
    driver.input(Input::TimerFired(TimerId(0)));
    assert!(driver.promises.is_empty() && !driver.is_on_screen);
}

/// More timers than an hour of inquiries has, after which a code without a time of its own ends.
const MOST_TIMERS: u32 = 450;

/// As many as were tried on the SDK before the rebuild.
const MUTATIONS: usize = 10_984;

#[test]
fn mutated_answers_cause_neither_a_panic_nor_a_hang() {
    let (bodies, values) = (bodies(), values());
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for at in 0..MUTATIONS {
        let mut body = bodies[at % bodies.len()].clone();
        for _ in 0..=numbers.below(4) {
            mutate(&mut body, &mut numbers, &values);
        }
        mark_addresses(&mut body);
        let text = body.to_string();
        let mut driver = Driver::with(false);
        let played = catch_unwind(AssertUnwindSafe(|| play(&mut driver, &text)));
        if let Err(panic) = played {
            eprintln!("mutation {at}: {}", text.chars().take(2_000).collect::<String>());
            resume_unwind(panic);
        }
    }
}

/// Addresses that no page may be sent to, each in every way in which browsers repair or hide one.
fn hostile_addresses() -> Vec<String> {
    let mut addresses = Vec::new();
    for scheme in [
        "javascript",
        "data",
        "vbscript",
        "blob",
        "file",
        "filesystem",
        "about",
        "jar",
        "resource",
        "view-source",
        "ms-msdt",
        "search-ms",
        "search",
        "mhtml",
        "chrome",
        "intent",
        "content",
        "ftp",
        "ws",
        "tel",
    ] {
        let upper = scheme.to_uppercase();
        let (first, rest) = scheme.split_at(1);
        for written in [
            scheme.to_owned(),
            upper,
            first.to_uppercase() + rest,
            format!(" {scheme}"),
            format!("\t{scheme}"),
            format!("\n{scheme}"),
            format!("\u{1}{scheme}"),
            format!("\u{a0}{scheme}"),
            format!("\u{feff}{scheme}"),
            format!("{first}\t{rest}"),
            format!("{first}\n{rest}"),
            format!("{first}\r\n{rest}"),
            format!("{first}\u{0}{rest}"),
            format!("{first}%09{rest}"),
            format!("{first}\u{ad}{rest}"),
            format!("{first}\u{200b}{rest}"),
            format!("&#9;{scheme}"),
            format!("\\{scheme}"),
        ] {
            for tail in [
                ":alert(1)",
                "://x.example/%0aalert(1)",
                ":\talert(1)",
                ":/x",
                ":\\\\x",
                "\u{ff1a}alert(1)",
            ] {
                addresses.push(format!("{written}{tail}"));
            }
        }
    }
    addresses
}

#[test]
fn no_hostile_address_is_accepted() {
    let addresses = hostile_addresses();
    assert_eq!(addresses.len(), 2_160, "as many as were tried before the rebuild");
    for address in &addresses {
        assert!(Target::parse(address).is_err(), "{address:?} as a page");
        assert!(Target::app(address).is_err(), "{address:?} as an app");
        // As a path, an address would have to leave the gateway.
        assert!(
            Target::on_gateway("https://gw.example", address).is_err(),
            "{address:?} as a path"
        );
    }
}

/// The same through the machine, whose law on navigations has a list of its own.
#[test]
fn no_hostile_address_is_opened() {
    for (at, address) in hostile_addresses().iter().enumerate() {
        let member = ["normalUrl", "schemeUrl", "applinkUrl", "paymentRedirectUrl"][at % 4];
        let mut driver = Driver::new();
        driver.open(|request| {
            request.stays_on_page = false;
            request.browser.user_agent = if at % 8 < 4 { ANDROID.into() } else { String::new() };
        });
        let status = if member == "paymentRedirectUrl" { "SUCCESS" } else { "PROCESSING" };
        let answer = json!({"success": true, "paymentStatus": status,
            "paymentMethods": [{"paymentMethodType": "GCASH"}], member: address});
        driver.answer(&answer.to_string());
        for press in [Input::AppPressed, Input::ContinuePressed] {
            driver.input(press);
        }
        assert!(driver.navigation.is_none(), "{member}: {address:?}");
    }
}

//! What is kept of cards, and for how long.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use kassa_protocol::client::Operation::Submit;
use kassa_sandbox::app::DEMO_CLIENT;
use kassa_sandbox::domain::test_card::{STORED_CARDS, TEST_CARDS};
use serde_json::{Value, json};
use support::merchant::{call, code, message, myr};
use support::program::{Started, command, ports, signed};
use support::{
    GOOD, Sandbox, agent, bank_submit, card, card_submit, json_of, made, prepare, raw, until,
};

/// The first six digits of [`GOOD`].
const BIN: &str = "405469";

/// Every file of a folder with its bytes: database, write-ahead log, its index, keys, logs.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push((path.display().to_string(), bytes));
        }
    }
    found
}

/// The files that contain a text.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let has = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let found = files(folder).into_iter().filter(|(_, bytes)| has(bytes));
    found.map(|(name, _)| name).collect()
}

#[test]
fn expired_cards_leave_no_trace() {
    let sandbox = Sandbox::start();
    let made = sandbox.card(json!({}));
    let mut typed = card(&made, GOOD);
    typed["holder"] = json!("Zebedee Quixote");
    let token = sandbox.exchange_card(&typed)["cardToken"].as_str().unwrap().to_owned();
    for kept in ["Zebedee", BIN, &token] {
        let places = files_with(sandbox.folder(), kept);
        assert!(!places.is_empty(), "{kept} is kept, so this test reads the right bytes");
    }
    sandbox.app.clock.advance(Duration::from_secs(9 * 60));
    assert!(!files_with(sandbox.folder(), "Zebedee").is_empty(), "the token is still valid");
    sandbox.app.clock.advance(Duration::from_secs(61));
    for kept in ["Zebedee", BIN, &token] {
        until(&format!("the removal of {kept}"), || files_with(sandbox.folder(), kept).is_empty());
    }
}

#[test]
fn a_card_number_is_refused_as_any_other_text() {
    let sandbox = Sandbox::start();
    for (member, name) in [
        ("/order/orderDescription", "order.orderDescription"),
        ("/order/merchant/merchantName", "order.merchant.merchantName"),
        ("/order/merchant/merchantDisplayName", "order.merchant.merchantName"),
        ("/metadata", "metadata"),
    ] {
        for text in [GOOD, "Card 4054 6957 2310 0768", "{\"card\": \"4054-6957-2310-0768\"}"] {
            let mut body = json!({
                "productCode": "CASHIER_PAYMENT",
                "paymentRequestId": "s",
                "order": {
                    "referenceOrderId": "o", "orderDescription": "x", "orderAmount": myr(4200),
                    "merchant": {},
                },
                "paymentAmount": myr(4200),
                "paymentMethod": { "paymentMethodType": "CARD" },
                "metadata": "",
            });
            let (parent, own) = member.rsplit_once('/').unwrap();
            body.pointer_mut(parent).unwrap()[own] = json!(text);
            let answer = call(&sandbox, "createPaymentSession", &body);
            assert_eq!(code(&answer), "PARAM_ILLEGAL", "{member} {text}");
            let expected =
                format!("{name} contains a card number, which the gateway does not store");
            assert_eq!(message(&answer), expected);
        }
    }
    let made = sandbox.session(json!({ "method": "ONLINEBANKING_FPX" }));
    let refused = sandbox.call(Submit, &bank_submit(&made, GOOD));
    assert_eq!(refused["errorCode"], "PARAM_ILLEGAL", "{refused}");
    sandbox.call(Submit, &bank_submit(&made, "a"));
    assert_eq!(sandbox.decide(&made, &[("decision", "decline"), ("code", GOOD)]), 400);
    assert!(files_with(sandbox.folder(), GOOD).is_empty());
}

/// A run of card payments against the program with its most verbose log, with numbers also where they
/// do not belong.
#[test]
fn no_card_number_is_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let port = ports();
    let (shop, gateway) =
        (format!("http://localhost:{port}"), format!("http://127.0.0.1:{}", port + 1));
    let mut command = command(folder.path(), port);
    command.args(["--log", "trace"]).stderr(File::create(folder.path().join("log")).unwrap());
    let program = Started::start(command);
    let agent = agent();
    let exchange = |card: &Value| {
        let url = format!("{gateway}/frame/card/token");
        json_of(&mut agent.post(url).send(card.to_string()).unwrap())
    };
    let submit = |request: &Value| json_of(&mut raw(&agent, &gateway, Submit, request).unwrap());
    let mut numbers: Vec<&str> = TEST_CARDS.iter().map(|card| card.number).collect();
    numbers.extend(["4111111111111111", "378282246310005", "6304000000000000"]);
    let mut paid = 0;
    for (n, number) in numbers.iter().enumerate() {
        let session = made(&agent, &shop, &json!({}));
        let good = card(&session, number);
        let grouped = number.as_bytes().chunks(4).map(|it| String::from_utf8_lossy(it));
        let grouped = grouped.collect::<Vec<_>>().join(" ");
        for (member, value) in [
            ("holder", json!(number)),
            ("holder", json!(format!("Ann {grouped}"))),
            ("holder", json!(format!("{}, Ann", number.replace("", ".")))),
            ("expiryMonth", json!(number)),
            ("expiryYear", json!(number)),
            ("cvc", json!(number)),
            ("stored", json!(number)),
            ("client", json!(number)),
            ("session", json!(format!("{number}&&SG&&188"))),
            ("number", json!(format!("{number}0000"))),
            ("number", json!({ "number": number })),
        ] {
            let mut spoilt = good.clone();
            spoilt[member] = value;
            assert_eq!(exchange(&spoilt)["success"], false, "{member}");
        }
        // The place of the token has no room for the number itself.
        submit(&card_submit(&session, "x", number));
        submit(&card_submit(&session, number, "x"));
        let token = exchange(&good)["cardToken"].as_str().map(str::to_owned);
        if let Some(token) = token {
            let state = submit(&card_submit(&session, &format!("a{n}"), &token));
            paid += usize::from(state["paymentStatus"] == "SUCCESS");
        }
    }
    assert!(paid >= 5, "{paid}");
    for stored in &STORED_CARDS {
        let wanted = json!({ "paymentMethodId": stored.id });
        let session = made(&agent, &shop, &wanted);
        let stored = json!({ "session": session.data, "client": DEMO_CLIENT, "stored": stored.id });
        let token = exchange(&stored)["cardToken"].as_str().unwrap().to_owned();
        submit(&card_submit(&session, "a", &token));
    }
    let url = format!("{shop}/api/methods/{GOOD}");
    assert_eq!(agent.get(url).call().unwrap().status(), 404);
    let with_number = json!({
        "productCode": "CASHIER_PAYMENT",
        "paymentRequestId": "with-a-number",
        "order": { "referenceOrderId": "o", "orderDescription": GOOD, "orderAmount": myr(4200) },
        "paymentAmount": myr(4200),
        "paymentMethod": { "paymentMethodType": "CARD" },
    });
    let answer = signed(&agent, &gateway, "createPaymentSession", &with_number).unwrap();
    assert_eq!(code(&answer), "PARAM_ILLEGAL");
    let log = || std::fs::read_to_string(folder.path().join("log")).unwrap();
    until("the notifications", || log().contains("notification sent"));
    drop(program);
    assert!(log().contains("payment started"));
    assert!(!files_with(folder.path(), "0768").is_empty(), "the last four are kept");
    for number in numbers {
        for text in [number.len(), number.len() - 1, 12].map(|length| number.get(..length).unwrap())
        {
            assert_eq!(files_with(folder.path(), text), [""; 0], "{number}");
        }
    }
}

//! The program itself: its start line, its errors, its log, and what survives a kill.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output};

use kassa_protocol::client::Operation::{self, Inquire, Query, Submit};
use kassa_sandbox::app::DEMO_CLIENT;
use kassa_sandbox::keys::{PrivateKey, PublicKey};
use serde_json::{Value, json};
use support::program::{Started, command, ports, signed};
use support::{
    GOOD, MerchantServer, Reply, agent, bank_submit, card, card_submit, json_of, made, prepare,
    raw, until, vector,
};

fn start(folder: &Path, port: u16) -> Child {
    ready(command(folder, port), port)
}

fn ready(command: Command, port: u16) -> Child {
    let program = Started::start(command);
    let (shop, gateway) = (port, port + 1);
    assert_eq!(
        program.lines.last().unwrap(),
        &format!("ready shop=http://localhost:{shop} gateway=http://127.0.0.1:{gateway}")
    );
    program.into_child()
}

fn refused(output: Output, words: &[&str]) {
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    for word in words {
        assert!(text.contains(word), "{word} is not in {text}");
    }
    assert!(output.stdout.is_empty());
}

#[test]
fn acknowledged_changes_survive_sigkill() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let port = ports();
    let (shop, gateway) =
        (format!("http://localhost:{port}"), format!("http://127.0.0.1:{}", port + 1));
    let agent = agent();
    let mut kept = Vec::new();
    for round in 0..3 {
        let mut child = start(folder.path(), port);
        for n in 0..5 {
            let session = made(&agent, &shop, &json!({ "method": "ONLINEBANKING_FPX" }));
            let request = bank_submit(&session, &format!("a{round}{n}"));
            let answer = json_of(&mut raw(&agent, &gateway, Submit, &request).unwrap());
            let bank = answer["normalUrl"].as_str().unwrap();
            if n % 2 == 0 {
                let pressed = agent.post(bank).send_form([("decision", "approve")]).unwrap();
                assert_eq!(pressed.status(), 303);
            }
            kept.push((session, request, n % 2 == 0));
        }
        // SIGKILL, at once after the last answer.
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut child = start(folder.path(), port);
    for (session, request, paid) in &kept {
        let data = json!({ "paymentSessionData": session.data });
        let ask = |operation: Operation, request: &Value| {
            json_of(&mut raw(&agent, &gateway, operation, request).unwrap())
        };
        assert_eq!(ask(Query, &data)["success"], true);
        let status = if *paid { "SUCCESS" } else { "PROCESSING" };
        assert_eq!(ask(Inquire, &data)["paymentStatus"], status);
        assert_eq!(ask(Submit, request)["paymentStatus"], status, "still one payment");
        let mut inquiry =
            agent.get(format!("{shop}/api/payments/{}", session.request_id)).call().unwrap();
        assert_eq!(json_of(&mut inquiry)["paymentStatus"], status);
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Session data of a bank payment whose notifications go to `server`.
fn create(agent: &ureq::Agent, gateway: &str, server: &MerchantServer, id: &str) -> String {
    let amount = json!({ "currency": "MYR", "value": "4200" });
    let body = json!({
        "productCode": "CASHIER_PAYMENT",
        "paymentRequestId": id,
        "order": { "referenceOrderId": id, "orderDescription": "x", "orderAmount": amount },
        "paymentAmount": amount,
        "paymentMethod": { "paymentMethodType": "ONLINEBANKING_FPX" },
        "paymentRedirectUrl": "https://shop.example/",
        "paymentNotifyUrl": format!("{}/n", server.origin),
    });
    let answer = signed(agent, gateway, "createPaymentSession", &body).unwrap();
    answer["paymentSessionData"].as_str().unwrap().to_owned()
}

#[test]
fn no_notification_is_lost_by_sigkill() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let port = ports();
    let (shop, gateway) =
        (format!("http://localhost:{port}"), format!("http://127.0.0.1:{}", port + 1));
    let agent = agent();
    let server = MerchantServer::open(Reply::Silence);
    let mut paid = Vec::new();
    for round in 0..3 {
        let mut child = start(folder.path(), port);
        for n in 0..4 {
            let id = format!("k{round}{n}");
            let data = create(&agent, &gateway, &server, &id);
            let request = json!({
                "paymentSessionData": data,
                "paymentMethod": { "paymentMethodType": "ONLINEBANKING_FPX" },
                "extParams": { "attemptId": "a" },
            });
            let answer = json_of(&mut raw(&agent, &gateway, Submit, &request).unwrap());
            let bank = answer["normalUrl"].as_str().unwrap();
            let pressed = agent.post(bank).send_form([("decision", "approve")]).unwrap();
            assert_eq!(pressed.status(), 303);
            paid.push(id);
        }
        // One is on its way; others may not have been sent yet.
        server.wait_for(1);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    server.set_reply(Reply::Acknowledge);
    let before = server.received().len();
    let mut child = start(folder.path(), port);
    let notifications = |id: &str| {
        let url = format!("{shop}/api/notifications/{id}");
        json_of(&mut agent.get(url).call().unwrap())["sent"].clone()
    };
    for id in &paid {
        until("the notification", || notifications(id)[0]["state"] == "DELIVERED");
        assert_eq!(notifications(id).as_array().unwrap().len(), 1);
    }
    let received = server.received();
    for id in &paid {
        let of_id = received[before..].iter().filter(|it| it.json()["paymentRequestId"] == **id);
        assert_eq!(of_id.count(), 1, "{id}");
    }
    // Without --test-clock the clock cannot be moved.
    let moved = agent
        .post(format!("{shop}/api/clock"))
        .header("content-type", "application/json")
        .send("{\"advance\":1}")
        .unwrap();
    assert_eq!(moved.status(), 404);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn an_https_address_needs_a_trusted_certificate() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let port = ports();
    let (shop, gateway) =
        (format!("http://localhost:{port}"), format!("http://127.0.0.1:{}", port + 1));
    let agent = agent();
    let server = MerchantServer::open_with_tls(Reply::Acknowledge);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    for (round, trusted) in [false, true].into_iter().enumerate() {
        let mut command = command(folder.path(), port);
        if trusted {
            command.env("SSL_CERT_FILE", data.join("tls-authority.pem"));
        } else {
            command.env_remove("SSL_CERT_FILE");
        }
        let mut child = ready(command, port);
        let id = format!("t{round}");
        let session = create(&agent, &gateway, &server, &id);
        let request = json!({
            "paymentSessionData": session,
            "paymentMethod": { "paymentMethodType": "ONLINEBANKING_FPX" },
            "extParams": { "attemptId": "a" },
        });
        let answer = json_of(&mut raw(&agent, &gateway, Submit, &request).unwrap());
        agent
            .post(answer["normalUrl"].as_str().unwrap())
            .send_form([("decision", "approve")])
            .unwrap();
        let sent = || {
            let url = format!("{shop}/api/notifications/{id}");
            json_of(&mut agent.get(url).call().unwrap())["sent"][0].clone()
        };
        until("a try", || !sent()["tries"][0].is_null());
        let sent = sent();
        assert_eq!(sent["state"], if trusted { "DELIVERED" } else { "WAITING" }, "{sent}");
        assert_eq!(sent["tries"][0]["status"], if trusted { json!(200) } else { Value::Null });
        assert_eq!(server.received().len(), usize::from(trusted));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn the_gateway_is_served_without_the_shop() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let port = ports();
    let _taken_by_another = TcpListener::bind(("127.0.0.1", port + 1)).unwrap();
    let mut command = command(folder.path(), port);
    command.arg("--no-shop");
    let program = Started::start(command);
    assert_eq!(program.lines.last().unwrap(), &format!("ready gateway=http://127.0.0.1:{port}"));
    let agent = agent();
    let status = |path: &str| {
        agent.get(format!("http://127.0.0.1:{port}{path}")).call().unwrap().status().as_u16()
    };
    assert_eq!(status("/healthz"), 200);
    for path in ["/", "/api/methods", "/lab"] {
        assert_eq!(status(path), 404, "{path} is the shop's");
    }
}

/// The printed keys are those of the files, and they sign and verify.
#[test]
fn keys_for_a_server_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let port = ports();
    let program = Started::start(command(folder.path(), port));
    let environment = program.environment();
    let value = |name: &str| environment.iter().find(|it| it.0 == name).expect(name).1.clone();
    assert_eq!(value("KASSA_GATEWAY"), format!("http://127.0.0.1:{}", port + 1));
    assert_eq!(value("KASSA_CLIENT_ID"), DEMO_CLIENT);
    let file = std::fs::read_to_string(value("KASSA_PRIVATE_KEY_FILE")).unwrap();
    // In tests gateway and merchant have the same key.
    let public = PublicKey::from_pem(&vector("publicKeyPem")).unwrap();
    for text in [value("KASSA_PRIVATE_KEY"), file] {
        let signature = PrivateKey::from_pem(&text).unwrap().sign(b"hello").unwrap();
        assert!(public.verifies(b"hello", &signature));
    }
    assert_eq!(PublicKey::from_pem(&value("KASSA_GATEWAY_PUBLIC_KEY")).unwrap(), public);
}

#[test]
fn a_failed_start_is_reported_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let port = ports();

    let blocker = TcpListener::bind(("127.0.0.1", port)).unwrap();
    refused(command(folder.path(), port).output().unwrap(), &["in use", "--port"]);
    drop(blocker);
    let blocker = TcpListener::bind(("127.0.0.1", port + 1)).unwrap();
    refused(command(folder.path(), port).output().unwrap(), &["in use", "--port"]);
    drop(blocker);

    let odd = tempfile::tempdir().unwrap();
    prepare(odd.path());
    std::fs::remove_dir_all(odd.path().join("web")).unwrap();
    refused(command(odd.path(), port).output().unwrap(), &["--web"]);
    prepare(odd.path());
    std::fs::remove_dir_all(odd.path().join("data")).unwrap();
    std::fs::write(odd.path().join("data"), "not a folder").unwrap();
    refused(command(odd.path(), port).output().unwrap(), &["--data"]);
    std::fs::remove_file(odd.path().join("data")).unwrap();
    prepare(odd.path());
    std::fs::write(odd.path().join("data/kassa-sandbox.db"), "not a database").unwrap();
    refused(command(odd.path(), port).output().unwrap(), &["--data"]);
}

/// With the most verbose log, which the program's dependencies also write to.
#[test]
fn the_log_has_no_card_data_and_no_secrets() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let port = ports();
    let (shop, gateway) =
        (format!("http://localhost:{port}"), format!("http://127.0.0.1:{}", port + 1));
    let agent = agent();
    let mut command = command(folder.path(), port);
    command.args(["--log", "trace"]);
    let mut child = ready(command, port);
    let session = made(&agent, &shop, &json!({}));
    let mut card = card(&session, "4111111111111111");
    card["cvc"] = json!("9876");
    let exchange = |card: &Value| {
        let url = format!("{gateway}/frame/card/token");
        json_of(&mut agent.post(url).send(card.to_string()).unwrap())
    };
    assert_eq!(exchange(&card)["errorCode"], "INVALID_CVV");
    assert_eq!(exchange(&json!([card]))["errorCode"], "PARAM_ILLEGAL");
    card["number"] = json!(GOOD);
    card["cvc"] = json!("987");
    card["holder"] = json!("Zebedee Buyer");
    let token = exchange(&card)["cardToken"].as_str().unwrap().to_owned();
    let submit = card_submit(&session, "a", &token);
    let state = json_of(&mut raw(&agent, &gateway, Submit, &submit).unwrap());
    assert_eq!(state["paymentStatus"], "SUCCESS");
    let url = format!("{shop}/api/notifications/{}", session.request_id);
    until("the notification", || {
        json_of(&mut agent.get(&url).call().unwrap())["sent"][0]["state"] == "DELIVERED"
    });
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("payment started") && log.contains("notification sent"), "{log}");
    let key = session.data.split("&&").next().unwrap();
    let private_key = vector("privateKeyPem");
    let private_key = private_key.lines().nth(1).unwrap();
    for secret in ["4111111111111111", GOOD, "9876", "\"987\"", "Zebedee", &token, key, private_key]
    {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn localhost_is_served_on_both_loopbacks() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let port = ports();
    let mut child = start(folder.path(), port);
    let agent = agent();
    let mut hosts = vec!["127.0.0.1"];
    if TcpListener::bind("[::1]:0").is_ok() {
        hosts.push("[::1]");
    }
    for host in hosts {
        let answer = agent.get(format!("http://{host}:{port}/healthz")).call().unwrap();
        assert_eq!(answer.status(), 200, "{host}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

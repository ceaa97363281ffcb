//! Requests of somebody who has recorded a merchant's signed request, or who is another merchant, but
//! does not have the merchant's key. They are written to the socket as they stand, because an HTTP
//! library would not send all of them.
// A test reports a wrong assumption by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use kassa_sandbox::app::{DEMO_CLIENT, DEMO_PROD_CLIENT};
use kassa_sandbox::clock::{Clock, iso};
use kassa_sandbox::domain::merchant::Merchant;
use kassa_sandbox::keys::PrivateKey;
use kassa_sandbox::signature::Envelope;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};
use support::{Sandbox, now};

const CREATE: &str = "/ams/sandbox/api/v1/payments/createPaymentSession";
/// The merchant that is imitated, with a key of its own.
const VICTIM: &str = "SANDBOX_VICTIM";
/// A merchant that has a key too.
const OTHER: &str = "SANDBOX_OTHER";
const ID: &str = "forged";

/// A request, before it is written.
#[derive(Debug, Clone)]
struct Request {
    method: &'static str,
    target: String,
    /// Names and values, in order.
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Request {
    /// As the victim sends it.
    fn signed_by(key: &PrivateKey, client_id: &str) -> Self {
        let time = now();
        let body = json!({
            "productCode": "CASHIER_PAYMENT",
            "paymentRequestId": ID,
            "order": {
                "referenceOrderId": "o", "orderDescription": "One thing",
                "orderAmount": { "currency": "MYR", "value": "4200" },
            },
            "paymentAmount": { "currency": "MYR", "value": "4200" },
            "paymentMethod": { "paymentMethodType": "CARD" },
        });
        let body = body.to_string().into_bytes();
        let envelope = Envelope { method: "POST", path: CREATE, client_id, time: &time };
        let signature = envelope.sign(&body, key).unwrap();
        Self {
            method: "POST",
            target: CREATE.to_owned(),
            headers: vec![
                ("Client-Id", client_id.to_owned()),
                ("Request-Time", time),
                ("Signature", signature),
            ],
            body,
        }
    }

    fn header(&self, name: &str) -> String {
        self.headers.iter().find(|(known, _)| *known == name).expect(name).1.clone()
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    /// A second header of this name, before the first.
    fn before(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.insert(0, (name, value.into()));
        self
    }

    fn at(mut self, target: impl Into<String>) -> Self {
        self.target = target.into();
        self
    }

    fn by(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The signature's bytes, changed, in the documented form.
    fn signature(self, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Self {
        let header = self.header("Signature");
        let encoded = header.rsplit('=').next().unwrap();
        let base64 = percent_decode_str(encoded).decode_utf8().unwrap();
        let bytes = change(STANDARD.decode(&*base64).unwrap());
        self.encoded(&STANDARD.encode(bytes))
    }

    /// Another text in place of the base64.
    fn encoded(self, text: &str) -> Self {
        let text = utf8_percent_encode(text, NON_ALPHANUMERIC);
        self.with("Signature", format!("algorithm=RSA256,keyVersion=1,signature={text}"))
    }

    /// The header with a part exchanged.
    fn part(self, from: &str, to: &str) -> Self {
        let header = self.header("Signature");
        assert!(header.contains(from), "{from}");
        let header = header.replace(from, to);
        self.with("Signature", header)
    }

    /// The answer's body, if it is JSON.
    fn send(&self, sandbox: &Sandbox) -> Option<Value> {
        let address = sandbox.gateway.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let mut head = format!("{} {} HTTP/1.1\r\nHost: {address}\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.body.len()
        ));
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&self.body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer");
        serde_json::from_str(body).ok()
    }
}

/// The victim's signature over what an envelope and a body say.
fn signature(key: &PrivateKey, method: &str, path: &str, time: &str, body: &[u8]) -> String {
    Envelope { method, path, client_id: VICTIM, time }.sign(body, key).unwrap()
}

/// Changes of the victim's request that leave its signature.
fn changed(good: &Request, other: &PrivateKey) -> Vec<(&'static str, Request)> {
    let good = || good.clone();
    let text = good().text();
    let other_request = || Request::signed_by(other, OTHER);
    vec![
        ("another amount", good().body(text.replace("4200", "1"))),
        ("other blanks", good().body(text.replace("\":", "\": "))),
        ("a line feed behind the body", good().body(format!("{text}\n"))),
        ("a byte order mark", good().body(format!("\u{feff}{text}"))),
        ("no body", good().body("")),
        ("a member twice", good().body(text.replacen('{', "{\"productCode\":\"x\",", 1))),
        ("another encoding of a letter", good().body(text.replace("One", "\\u004fne"))),
        ("another operation", good().at(CREATE.replace("createPaymentSession", "cancel"))),
        ("the other environment", good().at(CREATE.replace("/sandbox", ""))),
        ("a query", good().at(format!("{CREATE}?a=b"))),
        ("an empty query", good().at(format!("{CREATE}?"))),
        ("an encoded letter in the path", good().at(CREATE.replace("create", "%63reate"))),
        ("dot segments", good().at(CREATE.replace("/payments", "/payments/../payments"))),
        ("a doubled slash", good().at(CREATE.replace("/v1", "//v1"))),
        ("another method", good().by("PUT")),
        ("a method without body", good().by("GET")),
        ("another client", good().with("Client-Id", OTHER)),
        ("the client in lower case", good().with("Client-Id", VICTIM.to_lowercase())),
        ("an unknown client", good().with("Client-Id", "SANDBOX_NOBODY")),
        ("no client", good().without("Client-Id")),
        ("another client before it", good().before("Client-Id", OTHER)),
        (
            "a client with its own signature as the victim",
            other_request().with("Client-Id", VICTIM),
        ),
        ("a client before its own", other_request().before("Client-Id", VICTIM)),
        ("a later time", good().with("Request-Time", iso(Clock::system_now() + 1000))),
        ("the time as a number", good().with("Request-Time", Clock::system_now().to_string())),
        ("no time", good().without("Request-Time")),
        (
            "a part of the body in the time",
            good().with("Request-Time", format!("{}.{{", good().header("Request-Time"))),
        ),
        (
            "a part of the time in the client",
            good().with("Client-Id", format!("{VICTIM}.{}", good().header("Request-Time"))),
        ),
    ]
}

/// Signatures that are not the victim's over this request.
fn forged(
    sandbox: &Sandbox,
    good: &Request,
    victim: &PrivateKey,
    other: &PrivateKey,
) -> Vec<(&'static str, Request)> {
    let good = || good.clone();
    let (time, body) = (good().header("Request-Time"), good().body);
    let public = STANDARD.encode(victim.public().unwrap().to_pem());
    let of = |signature: String| good().with("Signature", signature);
    let raw = |message: &[u8]| good().encoded(&STANDARD.encode(victim.sign(message).unwrap()));
    let encoded = good().header("Signature").rsplit('=').next().unwrap().to_owned();
    let base64 = percent_decode_str(&encoded).decode_utf8().unwrap().into_owned();
    let bytes = STANDARD.decode(&base64).unwrap();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let old = iso(Clock::system_now() - 3_600_000);
    // An answer of the gateway, sent back to it as a request.
    let answer = |name: &str| {
        let mut answer = sandbox.agent.post(format!("{}{CREATE}", sandbox.gateway));
        for (name, value) in &good().headers {
            answer = answer.header(*name, value);
        }
        let answer = answer.send(b"{}").unwrap();
        answer.headers()[name].to_str().unwrap().to_owned()
    };
    vec![
        ("no signature", good().without("Signature")),
        ("an empty header", of(String::new())),
        ("an empty signature", good().encoded("")),
        ("zeros", good().signature(|bytes| vec![0; bytes.len()])),
        ("ones", good().signature(|bytes| vec![0xff; bytes.len()])),
        (
            "one, as a number",
            good().signature(|bytes| [vec![0; bytes.len() - 1], vec![1]].concat()),
        ),
        ("a byte less", good().signature(|mut bytes| bytes.split_off(1))),
        ("a byte more", good().signature(|bytes| [vec![0], bytes].concat())),
        (
            "a bit changed",
            good().signature(|mut bytes| {
                bytes[100] ^= 1;
                bytes
            }),
        ),
        ("reversed", good().signature(|bytes| bytes.into_iter().rev().collect())),
        ("hexadecimal", good().encoded(&hex)),
        // Padded, so that it is another text in any case.
        ("the other alphabet", good().encoded(&format!("-_{}", URL_SAFE.encode(&bytes[2..])))),
        ("encoded twice", good().encoded(&encoded)),
        (
            "another key",
            good().with("Signature", Request::signed_by(other, VICTIM).header("Signature")),
        ),
        ("the body alone", raw(&body)),
        ("the first line alone", raw(format!("POST {CREATE}\n").as_bytes())),
        ("without the body", raw(format!("POST {CREATE}\n{VICTIM}.{time}.").as_bytes())),
        ("in lower case", of(signature(victim, "post", CREATE, &time, &body))),
        ("another path", of(signature(victim, "POST", "/ams/x", &time, &body))),
        (
            "with the host",
            of(signature(victim, "POST", &format!("{}{CREATE}", sandbox.gateway), &time, &body)),
        ),
        (
            "an old request",
            of(signature(victim, "POST", CREATE, &old, &body)).with("Request-Time", &*old),
        ),
        ("another algorithm", good().part("RSA256", "RSA1")),
        ("no algorithm", good().part("algorithm=RSA256", "algorithm=none")),
        ("without the algorithm", good().part("algorithm=RSA256,", "")),
        ("an algorithm in lower case", good().part("RSA256", "rsa256")),
        (
            "the public key as a secret",
            of(format!("algorithm=HS256,keyVersion=1,signature={public}")),
        ),
        ("the second key", good().part("keyVersion=1", "keyVersion=2")),
        ("a key before the first", good().part("keyVersion=1", "keyVersion=0")),
        ("another spelling of the key", good().part("keyVersion=1", "keyVersion=01")),
        ("a path as the key", good().part("keyVersion=1", "keyVersion=../1")),
        (
            "a wrong part before the right one",
            good().part("signature=", "signature=AAAA,signature="),
        ),
        ("a wrong header before the right one", good().before("Signature", "algorithm=RSA256")),
        (
            "a key in place of a signature",
            good().without("Signature").with("Authorization", "Bearer isak_TEST_a_b"),
        ),
        (
            "an answer of the gateway",
            good()
                .with("Request-Time", answer("response-time"))
                .with("Signature", answer("signature")),
        ),
    ]
}

#[test]
fn nobody_acts_as_a_merchant_without_its_key() {
    let sandbox = Sandbox::start();
    let (victim, other) = (PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap());
    for (client_id, key) in [(VICTIM, &victim), (OTHER, &other)] {
        let merchant = Merchant {
            name: client_id.to_owned(),
            public_key: key.public().unwrap().to_pem(),
            origins: Vec::new(),
        };
        sandbox.app.register(client_id, &merchant).unwrap();
    }
    let good = Request::signed_by(&victim, VICTIM);
    let tricks = [changed(&good, &other), forged(&sandbox, &good, &victim, &other)].concat();
    assert_eq!(tricks.len(), 62);
    let codes = [
        "INVALID_SIGNATURE",
        "SIGN_VERIFY_FAILURE",
        "INVALID_REQUEST_TIME",
        "KEY_NOT_FOUND",
        "PARAM_ILLEGAL",
    ];
    for (name, request) in &tricks {
        // What is no JSON was refused before it reached the API.
        if let Some(answer) = request.send(&sandbox) {
            let code = answer["result"]["resultCode"].as_str().unwrap();
            assert!(codes.contains(&code), "{name}: {answer}");
            assert_eq!(answer["result"]["resultStatus"], "F", "{name}");
        }
        for client_id in [VICTIM, OTHER, DEMO_CLIENT, DEMO_PROD_CLIENT] {
            let made = sandbox.app.store.run(|rows| rows.session_of_request(client_id, ID));
            assert!(made.unwrap().is_none(), "{name} made a session for {client_id}");
        }
    }
    // The request itself is good.
    let answer = good.send(&sandbox).unwrap();
    assert_eq!(answer["result"]["resultCode"], "SUCCESS", "{answer}");
}

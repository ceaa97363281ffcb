//! A sandbox in this process, on free ports, and the calls that tests make to it.
// Not every test file uses everything here.
#![allow(dead_code)]

pub(crate) mod merchant;
pub(crate) mod methods;
pub(crate) mod page;
pub(crate) mod program;
pub(crate) mod random;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener as StdListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kassa_protocol::client::Operation::{self, Inquire, Query, Submit};
use kassa_sandbox::app::{App, Config, DEMO_CLIENT};
use kassa_sandbox::clock::{self, Clock};
use kassa_sandbox::domain::web_url::Origin;
use kassa_sandbox::keys::PrivateKey;
use kassa_sandbox::serve::{self, Limits};
use kassa_sandbox::signature::Envelope;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use ureq::http::Response;
use ureq::{Agent, Body};

pub(crate) const GOOD: &str = "4054695723100768";
pub(crate) const DECLINED: &str = "4054692760174822";
pub(crate) const EXEMPT: &str = "4035501000000008";

pub(crate) struct Sandbox {
    pub(crate) app: Arc<App>,
    pub(crate) shop: String,
    pub(crate) gateway: String,
    pub(crate) agent: Agent,
    pub(crate) key: PrivateKey,
    folder: TempDir,
}

/// A created session.
pub(crate) struct Made {
    /// Three parts.
    pub(crate) data: String,
    /// As the server API gave it.
    pub(crate) whole: String,
    pub(crate) request_id: String,
    pub(crate) order: String,
}

pub(crate) fn vector(member: &str) -> String {
    let file: Value = serde_json::from_str(include_str!("../data/signature-vectors.json")).unwrap();
    file["vectors"][0][member].as_str().unwrap().to_owned()
}

/// Lays out the folders that the program needs. Making RSA keys takes a while, so tests share one.
pub(crate) fn prepare(folder: &Path) {
    let keys = folder.join("data/keys");
    std::fs::create_dir_all(&keys).unwrap();
    for name in ["gateway", DEMO_CLIENT] {
        std::fs::write(keys.join(format!("{name}.private.pem")), vector("privateKeyPem")).unwrap();
    }
    for place in ["web/frame", "web/shop"] {
        std::fs::create_dir_all(folder.join(place)).unwrap();
    }
    std::fs::write(folder.join("web/frame/card.html"), "<!doctype html><title>card</title>")
        .unwrap();
    std::fs::write(folder.join("web/frame/card.wasm"), b"\0asm").unwrap();
    for file in ["card.css", "card.js"] {
        std::fs::write(folder.join("web/frame").join(file), "/* card */").unwrap();
    }
    std::fs::write(folder.join("web/shop/shop.js"), "// shop").unwrap();
}

/// The current time, as requests carry it.
pub(crate) fn now() -> String {
    clock::iso(Clock::system_now())
}

pub(crate) fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into()
}

impl Sandbox {
    pub(crate) fn start() -> Self {
        Self::with_limits(Limits::default())
    }

    pub(crate) fn with_limits(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let listener = || {
            let listener = StdListener::bind("127.0.0.1:0").unwrap();
            listener.set_nonblocking(true).unwrap();
            listener
        };
        let (shop_at, gateway_at) = (listener(), listener());
        let config = Config {
            shop_origin: Some(Origin::localhost(shop_at.local_addr().unwrap().port())),
            gateway_origin: Origin::loopback(gateway_at.local_addr().unwrap().port()),
            data: folder.path().join("data"),
            web: folder.path().join("web"),
            templates: Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www"),
            dist: None,
            origins: vec!["https://shop.example".parse().unwrap()],
            // The address of the request that was recorded from an official SDK.
            notify_hosts: vec!["www.yournotifyurl".parse().unwrap()].into(),
            test_clock: true,
        };
        let shop = config.shop_origin.as_ref().unwrap().to_string();
        let gateway = config.gateway_origin.to_string();
        let app = App::open(config, Clock::default()).unwrap();
        let served = app.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let shop = TcpListener::from_std(shop_at).unwrap();
                let gateway = TcpListener::from_std(gateway_at).unwrap();
                serve::run(served, vec![shop], vec![gateway], limits).await;
            });
        });
        let key = PrivateKey::from_pem(&vector("privateKeyPem")).unwrap();
        Self { app, shop, gateway, agent: agent(), key, folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A session by the shop's tool.
    pub(crate) fn session(&self, wanted: Value) -> Made {
        made(&self.agent, &self.shop, &wanted)
    }

    /// A card session with this scenario.
    pub(crate) fn card(&self, scenario: Value) -> Made {
        self.session(json!({ "metadata": { "sandbox": scenario } }))
    }

    pub(crate) fn raw(
        &self,
        operation: Operation,
        request: &Value,
    ) -> Result<Response<Body>, ureq::Error> {
        raw(&self.agent, &self.gateway, operation, request)
    }

    pub(crate) fn call(&self, operation: Operation, request: &Value) -> Value {
        let mut response = self.raw(operation, request).unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["result-status"], "1000");
        assert!(!response.headers()["mgw-traceid"].is_empty());
        json_of(&mut response)
    }

    pub(crate) fn query(&self, made: &Made) -> Value {
        self.call(Query, &json!({ "paymentSessionData": made.data }))
    }

    pub(crate) fn inquire(&self, made: &Made) -> Value {
        self.call(Inquire, &json!({ "paymentSessionData": made.data }))
    }

    pub(crate) fn exchange(&self, made: &Made, number: &str) -> Value {
        self.exchange_card(&card(made, number))
    }

    pub(crate) fn exchange_card(&self, card: &Value) -> Value {
        let url = format!("{}/frame/card/token", self.gateway);
        let mut response = self.agent.post(url).send(card.to_string()).unwrap();
        json_of(&mut response)
    }

    pub(crate) fn token(&self, made: &Made, number: &str) -> String {
        self.exchange(made, number)["cardToken"].as_str().unwrap().to_owned()
    }

    pub(crate) fn pay(&self, made: &Made, attempt: &str, number: &str) -> Value {
        let token = self.token(made, number);
        self.call(Submit, &card_submit(made, attempt, &token))
    }

    /// The session's payment in the list of simulators, while it is under way.
    pub(crate) fn under_way(&self, made: &Made) -> Option<Value> {
        let url = format!("{}/simulators?format=json", self.gateway);
        let list = json_of(&mut self.agent.get(url).call().unwrap());
        let payments = list["payments"].as_array().unwrap();
        payments.iter().find(|payment| payment["paymentRequestId"] == *made.request_id).cloned()
    }

    /// The key of the session's payment in the simulators.
    pub(crate) fn key(&self, made: &Made) -> String {
        self.under_way(made).unwrap()["key"].as_str().unwrap().to_owned()
    }

    /// Decides the session's payment by the form of the simulators; the answer's status.
    pub(crate) fn decide(&self, made: &Made, form: &[(&str, &str)]) -> u16 {
        let url = format!("{}/sim/{}", self.gateway, self.key(made));
        self.agent.post(url).send_form(form.to_vec()).unwrap().status().as_u16()
    }

    /// How many payments the session has.
    pub(crate) fn count(&self, made: &Made) -> u32 {
        let id = made.data.split("&&").next().unwrap();
        self.app.store.run(|rows| rows.count_payments(id)).unwrap()
    }

    /// A signed call; the answer's signature is checked.
    pub(crate) fn signed(&self, client: &str, path: &str, body: &str) -> Value {
        let time = now();
        let envelope = Envelope { method: "POST", path, client_id: client, time: &time };
        let signature = envelope.sign(body.as_bytes(), &self.key).unwrap();
        self.unchecked(
            path,
            body,
            &[("client-id", client), ("request-time", &*time), ("signature", &signature)],
        )
    }

    /// A call with these headers; the answer's signature is checked.
    pub(crate) fn unchecked(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Value {
        let mut request = self.agent.post(format!("{}{path}", self.gateway));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.send(body).unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        let (client, time, signature) =
            (header("client-id"), header("response-time"), header("signature"));
        let bytes = response.body_mut().read_to_vec().unwrap();
        let public = self.app.gateway_key.public().unwrap();
        Envelope { method: "POST", path, client_id: &client, time: &time }
            .verify(&bytes, &signature, &public)
            .unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }
}

pub(crate) fn made(agent: &Agent, shop: &str, wanted: &Value) -> Made {
    let mut response = agent
        .post(format!("{shop}/api/sessions"))
        .header("content-type", "application/json")
        .send(wanted.to_string())
        .unwrap();
    let answer = json_of(&mut response);
    assert_eq!(response.status(), 200, "{answer}");
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    let whole = text("paymentSessionData");
    Made {
        data: whole.split("&&").take(3).collect::<Vec<_>>().join("&&"),
        whole,
        request_id: text("paymentRequestId"),
        order: text("order"),
    }
}

pub(crate) fn raw(
    agent: &Agent,
    gateway: &str,
    operation: Operation,
    request: &Value,
) -> Result<Response<Body>, ureq::Error> {
    agent
        .post(format!("{gateway}/mgw.htm"))
        .header("operation-type", operation.name())
        .header("load-test", "true")
        .send(json!([request]).to_string())
}

pub(crate) fn json_of(response: &mut Response<Body>) -> Value {
    serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap()
}

pub(crate) fn card(made: &Made, number: &str) -> Value {
    json!({
        "session": made.data, "client": DEMO_CLIENT, "number": number, "expiryMonth": "12",
        "expiryYear": "39", "cvc": "123", "holder": "Ann Buyer",
    })
}

pub(crate) fn card_submit(made: &Made, attempt: &str, token: &str) -> Value {
    json!({
        "paymentSessionData": made.data,
        "paymentMethod": { "paymentMethodType": "CARD" },
        "paymentFactors": { "cardToken": token },
        "extParams": { "attemptId": attempt },
    })
}

pub(crate) fn bank_submit(made: &Made, attempt: &str) -> Value {
    json!({
        "paymentSessionData": made.data,
        "paymentMethod": { "paymentMethodType": "ONLINEBANKING_FPX" },
        "extParams": { "attemptId": attempt },
    })
}

/// A merchant's server that records notifications and answers them with a set reply.
pub(crate) struct MerchantServer {
    /// Its origin; a path and a query can follow.
    pub(crate) origin: String,
    received: Arc<Mutex<Vec<Received>>>,
    reply: Arc<Mutex<Reply>>,
}

/// How a merchant's server answers.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// As published.
    Acknowledge,
    /// With this status and body.
    With(u16, String),
    /// With this status and another address.
    Redirect(u16, String),
    /// Not at all, and the connection stays open.
    Silence,
}

/// A request, as its bytes came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    /// Names as they were written.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        &self.headers.iter().find(|(known, _)| known == name).expect(name).1
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl MerchantServer {
    pub(crate) fn open(reply: Reply) -> Self {
        Self::listening("http://127.0.0.1", reply, |stream, received, reply| {
            listen(stream, received, reply);
        })
    }

    /// The same behind TLS, with a certificate by `tests/data/tls-authority.pem`. Both were made for
    /// these tests and are valid for a hundred years.
    pub(crate) fn open_with_tls(reply: Reply) -> Self {
        let pem = include_bytes!("../data/tls-localhost.pem");
        let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_slice(pem).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let config = Arc::new(config);
        Self::listening("https://localhost", reply, move |stream, received, reply| {
            let connection = ServerConnection::new(config.clone()).unwrap();
            listen(StreamOwned::new(connection, stream), received, reply);
        })
    }

    fn listening(
        host: &str,
        reply: Reply,
        serve: impl Fn(TcpStream, &Mutex<Vec<Received>>, &Mutex<Reply>) + Send + Sync + 'static,
    ) -> Self {
        let listener = StdListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("{host}:{}", listener.local_addr().unwrap().port());
        let server = Self { origin, received: Arc::default(), reply: Arc::new(Mutex::new(reply)) };
        let (received, reply) = (server.received.clone(), server.reply.clone());
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (received, reply, serve) = (received.clone(), reply.clone(), serve.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &received, &reply));
            }
        });
        server
    }

    pub(crate) fn set_reply(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Waits until so many requests came.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Received> {
        until(&format!("{count} notifications"), || self.received().len() >= count);
        self.received()
    }
}

fn listen(stream: impl Read + Write, received: &Mutex<Vec<Received>>, reply: &Mutex<Reply>) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    // A caller that does not trust the certificate sends nothing.
    if reader.read_line(&mut line).is_err() {
        return;
    }
    let path = line.split(' ').nth(1).unwrap().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let mut request = Received { path, headers, body: Vec::new() };
    request.body = vec![0; request.header("content-length").parse().unwrap()];
    reader.read_exact(&mut request.body).unwrap();
    received.lock().unwrap().push(request);
    let reply = reply.lock().unwrap().clone();
    let (status, location, body) = match reply {
        Reply::Acknowledge => {
            let result =
                json!({ "resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success" });
            (200, String::new(), json!({ "result": result }).to_string())
        }
        Reply::With(status, body) => (status, "/elsewhere".to_owned(), body),
        Reply::Redirect(status, location) => (status, location, String::new()),
        Reply::Silence => return std::thread::sleep(Duration::from_secs(60)),
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nlocation: {location}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // The gateway may have closed the connection meanwhile.
    let _ = reader.get_mut().write_all(format!("{head}{body}").as_bytes());
}

/// Waits for a state.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(20), "{what} did not happen in time");
        std::thread::sleep(Duration::from_millis(5));
    }
}
